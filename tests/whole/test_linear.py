"""Readers of what strangers send: twice the input is at most twice the work and the memory, whatever it holds.

Work is counted in instructions, by valgrind, and memory in bytes of the heap and how often it was asked for more; not in
seconds. What 2 N things cost, beyond what one does, may be up to 2.3 times what N cost. TAVS_VERBOSE=1 prints both.
"""

import json
import os
import re
import shutil
import subprocess
import unittest

from place import BUILD, WRONG_USE, Place, PlaceTest, is_sanitized
from shims import compile_shim
from test_scan_office import cells, docx, ods, odt, opendocument, paragraph, pptx, relations, run, xlsx
from test_scan_pdf import Pdf, lines

MOST = 2.3
LITTLE = {"instructions": 3_000_000, "calls": 1500, "bytes": 200_000}  # more by so much is no sign of anything


def each(count, text):
    """The text with the numbers from 0 on in it."""
    return "".join(text.format(number) for number in range(count))


# ---- a file of so many things, by what they are ----

CSV = {
    "rows": (2000, lambda n: "channel,count\n" + "phone,40\n" * n),
    "cells in a row": (75, lambda n: "a," * n + "\n" + "1," * n + "\n"),
    "a long line": (1300, lambda n: "text\n" + "a b " * n),
    "a long cell in quotes": (4000, lambda n: 'text\n"' + 'a""\n' * n + '"'),
    "empty lines": (15000, lambda n: "channel,count\nphone,40\n" + "\n" * n + "web,3\n"),
    "blanks": (60000, lambda n: "channel,count\nphone," + " " * n + "40\n"),
    "hits": (130, lambda n: "mail\n" + each(n, "a{}@b.dk\n")),
    "names": (94, lambda n: "who\n" + each(n, "Mette Hansen {}\n")),
}
TEXT = {
    "lines": (2000, lambda n: "a line of words, and more\n" * n),
    "a long line": (2800, lambda n: "word " * n),
    "digits": (8000, lambda n: "1" * n),
    "digits with dashes": (1700, lambda n: "12-" * n),
    "at signs": (4000, lambda n: "a@" * n),
    "dots": (4000, lambda n: "a." * n + "@" + "b." * n),
    "blanks": (20000, lambda n: "word" + " " * n + "word"),
    "tabs": (13000, lambda n: "a\t" * 3 + "\n" + "\t" * n),
    "short lines": (3000, lambda n: "ab\n" * n),
    "capitals": (1200, lambda n: "A B " * n),
    "relatives": (2000, lambda n: "mor til " * n),
    "hits": (130, lambda n: "a@b.dk\n" * n),
}
JSON = {
    "objects": (320, lambda n: "[" + ",".join(['{"channel": "phone", "count": 4}'] * n) + "]"),
    "different keys": (4000, lambda n: "{" + ",".join(f'"key {i}": 1' for i in range(n)) + "}"),
    "keys that end alike": (82, lambda n: "{" + ",".join(f'"{i}{"a" * 60}": 1' for i in range(n)) + "}"),
    "lists in each other": (400, lambda n: "[" * n + "]" * n),
    "empty lists": (2000, lambda n: "[" + ",".join(["[]"] * n) + "]"),
    "objects of other keys": (190, lambda n: "[" + ",".join(f'{{"k{i}": "v"}}' for i in range(n)) + "]"),
    "a long text": (4100, lambda n: '["' + r"\u00e5" * n + '"]'),
    "blanks": (30000, lambda n: "[1" + " " * n + ",2]"),
}
HTML = {
    "paragraphs": (390, lambda n: "<p>some words</p>" * n),
    "elements in each other": (2, lambda n: ("<b>a" * 200 + "</b>" * 200) * n),
    "elements that are not closed": (330, lambda n: "<p><li>a" * n),
    "ends without beginnings": (830, lambda n: "</i>a" * n),
    "rows of tables": (270, lambda n: "<table>" + "<tr><td>a<td>1" * n + "</table>"),
    "tables": (190, lambda n: "<table><tr><td>a</table>" * n),
    "cells over many columns": (300, lambda n: "<table>" + "<tr><td colspan=1000 rowspan=1000>a" * n + "</table>"),
    "attributes": (2, lambda n: ("<p " + each(500, "a{}=b ") + ">a</p>") * n),
    "the same attribute": (20, lambda n: ("<p " + "title=b " * 900 + ">a</p>") * n),
    "element names": (380, lambda n: each(n, "<x{0}>a</x{0}>")),
    "references": (4000, lambda n: "<p>" + "&amp;" * n),
    "signs that begin nothing": (3800, lambda n: "< " * n),
    "comments": (1500, lambda n: "<!-- a -->" * n),
    "a comment that does not end": (7400, lambda n: "<!-- " + "--a" * n),
    "line breaks": (430, lambda n: "<p>" + "ab<br>" * n),
    "blanks": (20000, lambda n: "<p>a" + " " * n + "b</p>"),
}
MARKDOWN = {
    "rows of tables": (1500, lambda n: "| a | b |\n|---|---|\n" + "| c | 4 |\n" * n),
    "bars": (60000, lambda n: "| " * n),
    "signs": (12000, lambda n: "*_`[>" * n),
    "brackets": (6000, lambda n: "[a](" * n),
    "headings": (2000, lambda n: "# a\n" * n),
}
XLSX = {
    "rows": (240, lambda n: xlsx(each(n, '<row><c t="inlineStr"><is><t>a{}</t></is></c><c><v>4</v></c></row>'))),
    "shared strings": (280, lambda n: xlsx(
        each(n, '<row><c t="s"><v>{}</v></c></row>'), extra={"xl/sharedStrings.xml": "<sst>" + each(n, "<si><t>a{}</t></si>") + "</sst>"})),
    "sheets": (12, lambda n: xlsx(
        book="<sheets>" + each(n, '<sheet name="A{0}" sheetId="{0}" r:id="t{0}"/>') + "</sheets>",
        extra={f"xl/worksheets/a{i}.xml": "<worksheet><sheetData><row><c><v>4</v></c></row></sheetData></worksheet>"
               for i in range(n)})),
    "sheets and relations": (800, lambda n: xlsx(
        book="<sheets>" + each(n, '<sheet name="A{0}" sheetId="{0}" r:id="t{0}"/>') + "</sheets>",
        extra={"xl/_rels/workbook.xml.rels": relations(("s1", "worksheet", "worksheets/sheet1.xml"), *(
            (f"t{i}", "worksheet", f"worksheets/b{i}.xml") for i in range(n)))})),
    "styles": (200, lambda n: xlsx(
        each(n, '<row><c s="{}"><v>43000</v></c></row>'),
        extra={"xl/styles.xml": "<styleSheet><numFmts>" + each(n, '<numFmt numFmtId="{}" formatCode="yyyy-mm-dd"/>')
               + "</numFmts><cellXfs>" + each(n, '<xf numFmtId="{}"/>') + "</cellXfs></styleSheet>"})),
    "merged cells": (430, lambda n: xlsx(after="<mergeCells>" + each(n, '<mergeCell ref="A{0}:B{0}"/>') + "</mergeCells>")),
    "escapes": (4000, lambda n: xlsx(f'<row><c t="inlineStr"><is><t>{"_x0061_" * n}</t></is></c></row>')),
    "blanks": (38000, lambda n: xlsx(f'<row><c t="inlineStr"><is><t>a{" " * n}b</t></is></c></row>')),
    "parts": (13, lambda n: xlsx(extra={f"x/{i}.xml": "<x>a</x>" for i in range(n)})),
    "names of elements": (800, lambda n: xlsx(extra={"x.xml": "<x>" + each(n, "<y{}/>") + "</x>"})),
}
ODS = {
    "rows": (81, lambda n: ods(cells("Kanal", "Antal") + cells("Telefon", "7") * n)),
    "cells that are repeated": (100, lambda n: ods(
        ('<table:table-row table:number-rows-repeated="900"><table:table-cell table:number-columns-repeated="900">'
         "<text:p>a</text:p></table:table-cell></table:table-row>") * n)),
    "tables": (46, lambda n: ods(after=f'<table:table table:name="B">{cells("a", "b")}</table:table>' * n)),
    "blanks by number": (94, lambda n: ods(cells('a<text:s text:c="1000"/>b') * n)),
}
DOCX = {
    "paragraphs": (160, lambda n: docx(paragraph(run("some words of text")) * n)),
    "runs": (300, lambda n: docx(paragraph(*[run("ab ")] * n))),
    "rows of a table": (200, lambda n: docx(
        "<w:tbl>" + "<w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>" * n + "</w:tbl>")),
    "fields": (400, lambda n: docx(paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * n))),
    "notes": (130, lambda n: docx(
        paragraph(each(n, '<w:r><w:footnoteReference w:id="{}"/></w:r>')),
        extra={"word/footnotes.xml": "<w:footnotes xmlns:w='w'>" + each(n, "<w:footnote><w:p><w:r><w:t>a{}</w:t></w:r></w:p></w:footnote>")
               + "</w:footnotes>"})),
    "changes": (110, lambda n: docx(paragraph("<w:ins>" + run("ab ") + "</w:ins><w:del><w:r><w:delText>c</w:delText></w:r></w:del>") * n)),
}
ODT = {
    "paragraphs": (260, lambda n: odt("<text:p>some words of text</text:p>" * n)),
    "styles": (81, lambda n: opendocument("text", each(n, '<text:p><text:span text:style-name="S{}">a b</text:span></text:p>'), before="<s>"
               + each(n, '<style:style style:name="S{}"><style:text-properties fo:text-transform="uppercase"/></style:style>') + "</s>")),
    "changes": (140, lambda n: odt(
        "<text:tracked-changes>" + each(n, '<text:changed-region text:id="c{0}"><text:deletion><text:p>ab{0}</text:p></text:deletion>'
                                        "</text:changed-region>") + "</text:tracked-changes><text:p>"
        + each(n, '<text:change text:change-id="c{}"/>') + "</text:p>")),
    "short lines": (300, lambda n: odt("<text:p>" + "ab<text:line-break/>" * n + "</text:p>")),
}
PPTX = {
    "paragraphs": (240, lambda n: pptx("<a:p><a:r><a:t>some words</a:t></a:r></a:p>" * n)),
    "slides": (12, lambda n: pptx(extra={
        f"ppt/slides/slide{i + 2}.xml": '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>a</a:t></a:r></a:p></p:sld>' for i in range(n)})),
}


# What refers to one long text, so that more is read than is there: refused where it is much more.
ONE_TEXT = {
    "shared string": ("xlsx", 200, lambda n: xlsx(
        each(n, '<row><c t="s"><v>0</v></c></row>'), extra={"xl/sharedStrings.xml": f"<sst><si><t>{'some words ' * n}</t></si></sst>"})),
    "shared string in one row": ("xlsx", 200, lambda n: xlsx(
        "<row>" + '<c t="s"><v>0</v></c>' * n + "</row>", extra={"xl/sharedStrings.xml": f"<sst><si><t>{'some words ' * n}</t></si></sst>"})),
    "deleted text": ("odt", 200, lambda n: odt(
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>' + "some words " * n
        + "</text:p></text:deletion></text:changed-region></text:tracked-changes>" + '<text:p><text:change text:change-id="c"/></text:p>' * n)),
    "cell that is repeated": ("ods", 600, lambda n: ods(
        f'<table:table-row><table:table-cell table:number-columns-repeated="{n}"><text:p>{"some words " * n}</text:p>'
        "</table:table-cell></table:table-row>")),
    "row that is repeated": ("ods", 600, lambda n: ods(
        f'<table:table-row table:number-rows-repeated="{n}"><table:table-cell><text:p>{"some words " * n}</text:p>'
        "</table:table-cell></table:table-row>")),
}


def pages(n):
    pdf = Pdf()
    for number in range(n):
        pdf.page(lines(f"some words {number}"))
    return pdf.bytes()


def objects(n):
    pdf = Pdf(lines("some words"))
    for number in range(n):
        pdf.add(f"<</Title (a{number})>>")
    return pdf.bytes()


PDF = {
    "pages": (4, pages),
    "objects": (500, objects),
    "letters on a page": (42, lambda n: Pdf(lines(*["some words of text"] * n, step=2)).bytes()),
    "properties": (840, lambda n: Pdf(lines("a"), info=f"/Title ({'a b ' * n})").bytes()),
    "brackets": (3000, lambda n: Pdf(lines("a"), info=f"/Title ({'(' * 10}{'a' * n}{')' * 10})").bytes()),
}


# Lists to be imported and published files, whose last row is wrong, so that they are only read.
LIST = {
    "rows": (1500, lambda n: "month,channel,party,session,count\n" + "2017-01,phone,user,1,4\n" * n + "x\n"),
    "empty rows": (8000, lambda n: "month,channel,party,session,count\n" + "\n" * n + "x\n"),
    "empty cells": (1500, lambda n: "month,channel,party,session,count" + "," * 30 + "\n" + ("," * 34 + "\n") * n + "x\n"),
    "a long cell": (20000, lambda n: "month,channel\n2017-01," + "a" * n + "\n"),
    "headings": (420, lambda n: "month," + each(n, "a{},") + "\n"),
    "quotes": (20000, lambda n: 'month,channel\n"' + '""' * n + '"\n'),
}
FIGURES = "period,channel,party,session,count,status\n"
PUBLISHED_CSV = {
    "rows": (500, lambda n: FIGURES + each(n, "2017,phone,all,1,{},shown\n") + "x\n"),
    "places": (4, lambda n: "place," + FIGURES + each(n, "p{},2017,phone,all,1,9,shown\n") * 100 + "x\n"),
    "a long cell": (20000, lambda n: FIGURES + "2017,phone," + "a" * n + "\n"),
    "empty rows": (8000, lambda n: FIGURES + "\n" * n + "x\n"),
    "names that are joined": (1500, lambda n: FIGURES + "2017," + "phone+" * n + "phone,all,1,9,shown\n"),
}
RECORD = {"period": "2017", "channel": "phone", "party": "all", "session": "1", "count": 9, "status": "shown"}


def published(rows, **more):
    offered = {"channels": ["phone"], "parties": ["user"]}
    return json.dumps({"format": "tavs", "version": 1, "kind": "export", "internal": False, "threshold": 5, "what": ["ever"], "offered": offered,
                       "places": [{"name": None, "fingerprint": "abcd", "offered": offered}], **more, "rows": rows})


PUBLISHED_JSON = {
    "rows": (300, lambda n: published([RECORD] * n + [{}])),
    "members": (1500, lambda n: published([{}], **{f"k{i}": i for i in range(n)})),
    "places": (300, lambda n: published([{}], places=[{"name": f"p{i}", "fingerprint": f"{i}"} for i in range(n)])),
    "lists in each other": (400, lambda n: "[" * n + "]" * n),
    "a long text": (20000, lambda n: published([{}], what=["a" * n])),
}


@unittest.skipIf(is_sanitized(), "instructions are those of the sanitizers there")
class LinearTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        if shutil.which("valgrind") is None:
            raise unittest.SkipTest("no valgrind")
        cls.place = Place.for_class(cls)
        cls.shim = compile_shim("allocation_shim")

    def instructions(self, command):
        made = subprocess.run(["valgrind", "--tool=cachegrind", "--cache-sim=no", "--vgdb=no",
                               "--cachegrind-out-file=/dev/null", *map(str, command)], env=self.place.env,
                              cwd=self.place.work, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
        self.assertIn(made.returncode, self.good, made.stderr)
        return int(re.search(r"I\s+refs:\s+([\d,]+)", made.stderr)[1].replace(",", ""))

    def heap(self, command):
        told = self.place.folder / "allocations"
        made = subprocess.run([str(word) for word in command], cwd=self.place.work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=self.place.env | {"LD_PRELOAD": self.place.preloading(self.shim), "ALLOCATIONS": str(told)},
                              timeout=120, check=False)
        self.assertIn(made.returncode, self.good, made.stderr)
        return dict(zip(("calls", "bytes"), map(int, told.read_text().split())))

    def measure(self, command):
        return {"instructions": self.instructions(command), **self.heap(command)}

    def measured(self, name, content, words):
        (self.place.work / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.measure([*words, name])

    def check_reader(self, name, kinds, *words):
        nothing = None
        for kind, (count, make) in kinds.items():
            with self.subTest(name, kind=kind):
                nothing = nothing or self.measured(name, make(1), words)
                once, twice = (self.measured(name, make(number), words) for number in (count, 2 * count))
                for what, little in LITTLE.items():
                    first, second = once[what] - nothing[what], twice[what] - nothing[what]
                    if os.environ.get("TAVS_VERBOSE"):
                        print(f"{name:8} {kind:32} {what:12} {first:12,} {second:12,} {second / max(first, 1):6.2f}")
                    self.assertLessEqual(second, MOST * max(first, 0) + little, what)


class Others(LinearTest):
    good = (WRONG_USE,)

    def test_import(self):
        self.place.init()
        self.check_reader("a.csv", LIST, *self.place.command("import", "--yes"))

    def test_check_release(self):
        self.check_reader("a.csv", PUBLISHED_CSV, BUILD / "tavs", "check-release")
        self.check_reader("a.json", PUBLISHED_JSON, BUILD / "tavs", "check-release")


class Scan(LinearTest):
    good = (0, 1)

    def check(self, name, kinds):
        self.check_reader(name, kinds, BUILD / "tavs-scan", "scan")

    def test_csv(self):
        self.check("a.csv", CSV)

    def test_txt(self):
        self.check("a.txt", TEXT)

    def test_json(self):
        self.check("a.json", JSON)

    def test_html(self):
        self.check("a.html", HTML)

    def test_markdown(self):
        self.check("a.md", MARKDOWN)

    def test_xlsx(self):
        self.check("a.xlsx", XLSX)

    def test_ods(self):
        self.check("a.ods", ODS)

    def test_docx(self):
        self.check("a.docx", DOCX)

    def test_odt(self):
        self.check("a.odt", ODT)

    def test_pptx(self):
        self.check("a.pptx", PPTX)

    def test_what_refers_to_one_text(self):
        """Up to a bound more is read than is there."""
        self.good = (0, 1, WRONG_USE)
        for kind, (ending, count, make) in ONE_TEXT.items():
            with self.subTest(kind):
                first, second = (self.measured(f"a.{ending}", make(number), [BUILD / "tavs-scan", "scan"])
                                 for number in (count, 2 * count))
                for what, little in LITTLE.items():
                    self.assertLessEqual(second[what], MOST * first[what] + little, what)

    @unittest.skipUnless((BUILD / "tavs-scan.so").exists(), "built without poppler")
    def test_pdf(self):
        self.check("a.pdf", PDF)
