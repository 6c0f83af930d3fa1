"""The HTML report: what it holds, how it is built, and what a browser makes of it.

A validator and axe-core judge it; npm fetches them, by the versions and digests of tests/npm, into build/npm.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from xml.etree import ElementTree

from browser import Browser
from browser import PROGRAM as BROWSER
from place import ROOT, Place, PlaceTest, is_sanitized

MARK = "Internal: exact figures, not for publication"
COUNTED = (("2021-03", "in-person", "user", 1, 12), ("2021-03", "phone", "relative", 1, 900),
           ("2021-11", "phone", "relative", 2, 345), ("2022-01", "in-person", "professional", 1, 3),
           ("2024-07", "phone", "user", 1, 7), ("2024-08", "phone", "user", 5, 2))
YEARS = ("2021", "2022", "2023", "2024")
MANY = tuple(str(year) for year in range(2009, 2025))
REPORTS = {"one": ("2021",), "years": YEARS, "many": MANY}
A4 = ("594.96", "841.92")
CODES = re.compile(r"\b(in-person|phone|mail|web|user|relative|professional|courses-by-\w+|conversations-by-\w+|"
                   r"session|total)\b")
VIEWS = [(name, width, scheme) for name in ("one.da", "years.en", "many.da") for width in (1280, 360)
         for scheme in ("light", "dark")]
SCROLLS_ASIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SHRUNK = ("[...document.querySelectorAll('svg')].map(picture => [picture.getAttribute('width'), "
          "`${picture.getBoundingClientRect().width}`]).filter(([drawn, shown]) => drawn !== shown)")
MOVED = ("many.da", 360, "light")  # tables that are wider than the screen

NPM = ROOT / "tests/npm"
FETCHED = ROOT / "build/npm"
WITHOUT_CACHE = os.environ | {"NODE_DISABLE_COMPILE_CACHE": "1"}  # which newer ones leave in TMPDIR


@functools.cache
def why_no_tools():
    """Fetches what judges, unless it is there already; the reason if it can't."""
    have, want = FETCHED / "package-lock.json", NPM / "package-lock.json"
    if (FETCHED / "node_modules").is_dir() and have.exists() and have.read_bytes() == want.read_bytes():
        return None
    if not shutil.which("npm"):
        return "npm is not there"
    shutil.rmtree(FETCHED, ignore_errors=True)
    FETCHED.mkdir(parents=True)
    shutil.copy(NPM / "package.json", FETCHED)
    shutil.copy(want, FETCHED / "lock")
    (FETCHED / "lock").rename(have)
    result = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                             "--fetch-retries", "1", "--cache", FETCHED / "cache"],
                            cwd=FETCHED, env=WITHOUT_CACHE, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            check=False)
    shutil.rmtree(FETCHED / "cache", ignore_errors=True)
    if result.returncode:
        have.unlink()
        said = result.stderr.splitlines() or ["it says nothing"]
        return f"npm could not fetch the validator and axe-core: {said[0]}"
    return None


def contrast(*colours):
    """Of two colours as a browser names them: WCAG 2.2, contrast ratio."""
    luminances = []
    for colour in colours:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        luminances.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


class Page:
    """A report, read as XML: names are without their namespace."""

    def __init__(self, text):
        self.text = text
        self.root = ElementTree.fromstring(text)
        for element in self.root.iter():
            element.tag = element.tag.rpartition("}")[2]
        self.by_id = {element.get("id"): element for element in self.root.iter() if element.get("id")}

    def all(self, name):
        return list(self.root.iter(name))

    def tables(self):
        """caption -> label -> figures as they are printed"""
        return {text_of(table.find("caption")): {
            text_of(row.find("th")): [text_of(cell) for cell in row.findall("td")] for row in table.find("tbody")}
            for table in self.all("table")}


def setUpModule():
    """Reports for all tests: of one year, of several, of more than fit side by side."""
    folder = tempfile.TemporaryDirectory(prefix="tavs-")
    unittest.addModuleCleanup(folder.cleanup)
    place = Place(folder.name).with_cheap_passphrases()
    place.init("--channels", "in-person,phone")
    for month, channel, party, session, count in COUNTED:
        place.done("log", "--month", month, "--count", count, channel, party, session)
    HtmlTest.place = place
    for name, years in REPORTS.items():
        for language in ("da", "en"):
            file = HtmlTest.files[f"{name}.{language}"] = place.work / f"{name}.{language}.html"
            place.done("report", *years, "-x", "-f", "html", "--lang", language, "-o", file, place.key)


class HtmlTest(PlaceTest):
    files = {}

    def page(self, name):
        return Page(self.files[name].read_text())

    def pages(self):
        return [self.page(name) for name in self.files]


class Holds(HtmlTest):
    def test_figures_are_those_of_the_json_report(self):
        for name, years in REPORTS.items():
            report = json.loads(self.place.done("report", *years, "-x", "-f", "json", self.place.key))
            expected = {table["caption"]: {row["text"][0]: [f"{figure['count']}" for figure in row["figures"]]
                                           for row in table["rows"]} for table in report["tables"]}
            self.assertEqual(expected, self.page(f"{name}.en").tables())

    def test_every_table_is_drawn_with_its_figures(self):
        """As long as they are few, the same figures stand in the pictures and in what is read out for them."""
        for page in self.pages():
            for section in [section for section in page.all("section") if section.find(".//table") is not None]:
                [table] = section.iter("table")
                cells = [text_of(cell) for row in table.find("tbody") if row.get("class") != "total"
                         for cell in row.findall("td")]
                pictures = list(section.iter("svg"))
                self.assertTrue(pictures)
                drawn, read = [], []
                for picture in pictures:
                    drawn += [text_of(text) for text in picture.iter("text") if "figure" in text.get("class")]
                    read += [part.rpartition(" ")[2] for part in text_of(picture.find("desc")).split(", ")]
                self.assertEqual(read, drawn)
                self.assertLessEqual(set(cells), set(drawn))

    def test_front(self):
        version = re.search(r"(?m)^VERSION +:= (.*)$", (ROOT / "Makefile").read_text())[1]
        for language, code in (("en", "en"), ("da", "da")):
            page = self.page(f"years.{language}")
            self.assertEqual(code, page.root.get("lang"))
            self.assertIn(", ".join(YEARS), text_of(page.all("h1")[0]))
            self.assertEqual(text_of(page.all("h1")[0]), text_of(page.all("title")[0]))
            facts = text_of(page.root.find(".//dl[@class='facts']"))
            self.assertIn(f"tavs {version}", facts)
            self.assertRegex(facts, r"\d{1,2}\.? \w+ \d{4}")
            self.assertRegex(facts, r"(?:[0-9a-f]{4} ){9}[0-9a-f]{4}")
        first = self.page("one.en").root.find(".//dl[@class='first']")
        self.assertEqual(["912", "1257"], [text_of(figure) for figure in first.iter("dd")])

    def test_every_part_says_that_it_is_internal(self):
        for name in REPORTS:
            page = self.page(f"{name}.en")
            for part in page.all("header") + page.all("section") + [page.root.find(".//*[@class='running']")]:
                self.assertIn(MARK, text_of(part))

    def test_codes_are_not_shown(self):
        for name in REPORTS:
            page = self.page(f"{name}.da")
            for part in page.all("th") + page.all("figcaption") + page.all("text") + page.all("desc"):
                self.assertEqual([], CODES.findall(text_of(part)))


class IsBuilt(HtmlTest):
    def test_headings(self):
        for page in self.pages():
            levels = [element.tag for element in page.root.iter() if re.fullmatch("h[1-6]", element.tag)]
            self.assertEqual(["h1"] + ["h2"] * (len(levels) - 1), levels)
            for section in page.all("section"):
                self.assertEqual("h2", section[0].tag)

    def test_tables_and_pictures(self):
        for page in self.pages():
            for table in page.all("table"):
                self.assertEqual(["caption", "thead", "tbody"], [part.tag for part in table])
                self.assertEqual({"col"}, {cell.get("scope") for cell in table.find("thead").iter("th")})
                self.assertEqual([], list(table.find("thead").iter("td")))
                for row in table.find("tbody"):
                    self.assertEqual("row", row[0].get("scope"))
            titles = []
            for picture in page.all("svg"):
                self.assertEqual("img", picture.get("role"))
                self.assertIs(picture.find("title"), page.by_id[picture.get("aria-labelledby")])
                self.assertIs(picture.find("desc"), page.by_id[picture.get("aria-describedby")])
                titles.append(text_of(picture.find("title")))
            self.assertEqual(len(titles), len(set(titles)))
            identities = [element.get("id") for element in page.root.iter() if element.get("id")]
            self.assertEqual(len(identities), len(set(identities)))

    def test_needs_nothing_else_and_runs_nothing(self):
        for page in self.pages():
            names = {element.tag for element in page.root.iter()}
            self.assertFalse(names & {"script", "link", "img", "iframe", "object", "embed", "image", "use", "base"})
            attributes = [(name.rpartition("}")[2], value) for element in page.root.iter()
                          for name, value in element.attrib.items()]
            self.assertEqual([], [(name, value) for name, value in attributes
                                  if name.startswith("on") or name in ("src", "srcset", "style") or
                                  name == "href" and not value.startswith("#")])
            self.assertNotRegex(page.text, r"url\(|@import|@font-face")
            [policy] = [meta.get("content") for meta in page.all("meta") if meta.get("http-equiv")]
            self.assertEqual("default-src 'none'; style-src 'unsafe-inline'", policy)

    def test_valid(self):
        why = why_no_tools()
        if why:
            self.skipTest(why)
        result = subprocess.run(
            ["node", FETCHED / "node_modules/html-validate/bin/html-validate.mjs", "--config",
             NPM / "htmlvalidate.json",
             "--formatter", "text", *map(str, self.files.values())],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=FETCHED, env=WITHOUT_CACHE)
        self.assertEqual((0, "", ""), (result.returncode, result.stdout, result.stderr))


@unittest.skipUnless(BROWSER, "chromium is not there")
class InABrowser(HtmlTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def open(self, name, width, scheme):
        self.browser.show(width, scheme)
        self.browser.open(self.files[name])

    def test_axe_finds_nothing(self):
        why = why_no_tools()
        if why:
            self.skipTest(why)
        for view in VIEWS:
            if view[0] != "many.da":
                with self.subTest(view):
                    self.assertEqual([], self.judge(view, "axe.run({exclude: ['svg *']})"))
        # What is scrolled out of sight has no colours for it; they are those of the other reports.
        without_colours = "axe.run({rules: {'color-contrast': {enabled: false}}})"
        self.assertEqual([], self.judge(MOVED, without_colours))
        self.browser.run("const picture = document.querySelector('svg');"
                         "['aria-labelledby', 'aria-describedby'].forEach(name => picture.removeAttribute(name));"
                         "picture.textContent = ''; 0")
        self.assertEqual(["svg-img-alt"], [rule for rule, _help, _nodes in self.judge(None, without_colours)])

    def judge(self, view, judgement):
        """What axe-core has against a view, or against what is open; what it can't tell counts as well."""
        if view:
            self.open(*view)
            self.browser.run((FETCHED / "node_modules/axe-core/axe.min.js").read_text() + "; 0")
        found = self.browser.run(judgement)
        return [(rule["id"], rule["help"], [node["html"] for node in rule["nodes"]])
                for rule in found["violations"] + found["incomplete"]]

    def test_contrast_of_pictures(self):
        """Of which axe-core can't tell. WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what a picture is drawn with
        (1.4.11)."""
        for scheme in ("light", "dark"):
            self.open("one.en", 1280, scheme)
            [paper] = self.colours("html", "backgroundColor")
            for what, attribute, least in (("svg text", "fill", 4.5), ("rect", "fill", 3), ("line", "stroke", 3)):
                for colour in self.colours(what, attribute):
                    with self.subTest(scheme, what=what, colour=colour):
                        self.assertGreaterEqual(contrast(colour, paper), least)

    def colours(self, what, attribute):
        return set(self.browser.run(f"[...document.querySelectorAll('{what}')]"
                                    f".map(element => getComputedStyle(element).{attribute})"))

    def test_nothing_is_cut_off(self):
        """The page does not scroll aside; a table that is too wide does, and takes the keyboard's focus for it."""
        for view in VIEWS:
            with self.subTest(view):
                self.open(*view)
                self.assertFalse(self.browser.run(SCROLLS_ASIDE))
                wide = self.browser.run("[...document.querySelectorAll('.scroll')].filter(part => part.scrollWidth > "
                                        "part.clientWidth).map(part => part.tabIndex)")
                self.assertEqual({0} if view[0] == "many.da" else set(), set(wide))
                if view[0] != "many.da":
                    self.assertEqual([], self.browser.run(SHRUNK))

    def test_nothing_is_fetched(self):
        self.browser.open(self.files["years.da"])
        self.assertEqual(0, self.browser.run("performance.getEntriesByType('resource').length"))

    def test_colours_follow_the_scheme(self):
        papers = []
        for scheme in ("light", "dark"):
            self.open("one.en", 1280, scheme)
            papers += self.colours("html", "backgroundColor")
        self.assertGreater(contrast(*papers), 10)


@unittest.skipUnless(BROWSER, "chromium is not there")
@unittest.skipUnless(shutil.which("pdftotext"), "pdftotext is not there")
class OnPaper(HtmlTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with Browser() as browser:
            browser.show(360, "dark")  # paper has its own width and is white
            cls.papers = {}
            for name in ("one.en", "years.en"):
                browser.open(cls.files[name])
                cls.papers[name] = cls.place.work / f"{name}.pdf"
                cls.papers[name].write_bytes(browser.print())

    def tool(self, name, *words):
        return subprocess.run([name, *map(str, words)], capture_output=True, check=True).stdout

    def test_every_page_is_marked(self):
        for name, paper in self.papers.items():
            with self.subTest(name):
                pages = self.tool("pdftotext", "-layout", paper, "-").decode().split("\f")[:-1]
                self.assertGreater(len(pages), 1)
                for number, page in enumerate(pages, 1):
                    first = next(line for line in page.splitlines() if line.strip())
                    self.assertIn(MARK, first)
                    self.assertRegex(page, rf"{number} ?/ ?{len(pages)}\s*$")

    def test_tables_are_not_torn_apart(self):
        for name, paper in self.papers.items():
            pages = [[line.split() for line in page.splitlines()]
                     for page in self.tool("pdftotext", "-layout", paper, "-").decode().split("\f")]
            for caption, rows in self.page(name).tables().items():
                wanted = [label.split() + figures for label, figures in rows.items()]
                with self.subTest(name, caption=caption):
                    self.assertTrue([page for page in pages if all(
                        any(line[:len(row)] == row for line in page) for row in wanted)])

    def test_dark_ink_on_white_a4(self):
        for name, paper in self.papers.items():
            with self.subTest(name):
                size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", self.tool("pdfinfo", paper).decode())
                self.assertEqual(A4, size.groups())
                image = self.tool("pdftoppm", "-r", "20", "-gray", "-f", "1", "-l", "1", paper)
                pixels = image.split(None, 4)[4]
                self.assertGreater(pixels.count(255) / len(pixels), 0.6)
                self.assertLess(min(pixels), 120)


def load_tests(loader, _tests, _pattern):
    """What the browser makes of a report is the same whatever the program was built with."""
    classes = (Holds, IsBuilt) + (() if is_sanitized() else (InABrowser, OnPaper))
    return unittest.TestSuite(loader.loadTestsFromTestCase(test) for test in classes)


if __name__ == "__main__":
    unittest.main()
