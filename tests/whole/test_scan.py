"""tavs scan: what is refused, what may leave the house, and that no value is ever told."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

from place import BUILD, DONE, ROOT, SYSTEM, WRONG_USE, Place, PlaceTest, without_sanitizer

REFUSED_FILE = 1
SAMPLES = ROOT / "tests/scan"
VERDICT = {"clear": "nothing found", "look": "worth a look, but not refused",
           "refuse": "refused: personal data, must not leave the house as it is"}
DAMAGED = ("is damaged, protected, or not what its name says$", "it has not been cleared; open it, and save it anew$")


def values_of_table5():
    """What must not be shown: diagnoses and home towns, each longer than what the kinds' names say."""
    rows = list(csv.reader((SAMPLES / "personal/table5.csv").read_text().splitlines(), delimiter=";"))[1:]
    return {word for row in rows for cell in row[2:] for word in re.findall(r"\w{4,}", cell)}


class ScanTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)

    def scan(self, *words, **more):
        return self.place.tavs("scan", *words, **more)

    def sample(self, name):
        """A copy in the folder that the program runs in."""
        shutil.copy(SAMPLES / name, self.place.work)
        return name.split("/")[-1]

    def file(self, name, content):
        path = self.place.work / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    def fails(self, status, message, hint, *words, **more):
        self.assert_refused(self.place, status, message, "scan", *words, hint=hint, **more)
        self.assert_refused(self.place, status, message, "scan", "-f", "json", *words, hint=hint, **more)
        self.assert_refused(self.place, status, message, "scan", "-o", "new.txt", *words, hint=hint, **more)

    def record(self, status, *words, **more):
        result = self.scan("--format", "json", *words, **more)
        self.assertEqual((status, ""), (result.status, result.err))
        return json.loads(result.out)

    def assert_nothing_told(self, text):
        for value in values_of_table5():
            self.assertNotIn(value.lower(), text.lower())


class Verdicts(ScanTest):
    def test_table_of_the_annual_report_is_refused_in_every_format(self):
        self.assertGreater(len(values_of_table5()), 8)
        for ending in ("csv", "txt", "md", "json", "html", "xlsx"):
            with self.subTest(ending):
                name = self.sample(f"personal/table5.{ending}")
                result = self.scan(name)
                self.assertEqual((REFUSED_FILE, ""), (result.status, result.err))
                *hits, last = result.out.splitlines()
                self.assertEqual(f"{name}: {VERDICT['refuse']}", last)
                for hit in hits:
                    place = fr"(table \d+, )?row \d+, column \d+( \(\w+\))?"
                    self.assertRegex(hit, fr"^{name}: {place}: [\w -]+, (low|medium|high): ")
                self.assertIn("initials, ", result.out)
                self.assertIn("home town of a single person, medium: R******", result.out)
                self.assert_nothing_told(result.out)
                self.assert_nothing_told(self.scan("-f", "json", name).out)

    def test_first_hit_says_where(self):
        result = self.scan(self.sample("personal/table5.csv"))
        self.assertEqual("table5.csv: row 2, column 1 (initial): initials, high: *.", result.out.splitlines()[0])
        self.assertEqual(25, len(result.out.splitlines()))

    def test_plain_files_pass_in_every_format(self):
        for name in ("substances_by_municipality.csv", "statistics.txt", "definitions.md", "quarters.json",
                     "report.html", "report.xlsx"):
            with self.subTest(name):
                result = self.scan(self.sample(f"plain/{name}"))
                self.assertEqual((DONE, f"{name}: {VERDICT['clear']}\n", ""), result)

    def test_what_is_only_worth_a_look_passes(self):
        name = self.file("office.txt", "Skriv til info@example.dk for mere\n")
        self.assertEqual((DONE, "office.txt: row 1: e-mail address, low: i***@*******.**\n"
                                f"office.txt: {VERDICT['look']}\n", ""), self.scan(name))

    def test_several_files(self):
        clear, refused = self.sample("plain/report.html"), self.sample("personal/phones.txt")
        for words in ([clear, refused], [refused, clear]):
            result = self.scan(*words)
            self.assertEqual((REFUSED_FILE, ""), (result.status, result.err))
            verdicts = [line for line in result.out.splitlines() if line.split(": ", 1)[1] in VERDICT.values()]
            self.assertEqual([f"{name}: {VERDICT['clear' if name == clear else 'refuse']}" for name in words], verdicts)
        self.assertEqual(DONE, self.scan(clear, clear).status)

    def test_standard_input(self):
        text = (SAMPLES / "personal/table5.csv").read_text()
        result = self.scan("-", given=text)
        self.assertEqual(REFUSED_FILE, result.status)
        self.assertTrue(result.out.endswith(f"standard input: {VERDICT['refuse']}\n"))
        self.assert_nothing_told(result.out)
        self.assertEqual((DONE, f"standard input: {VERDICT['clear']}\n", ""),
                         self.scan("-", given="month,count\n2026-01,3\n"))
        self.assertEqual("-", self.record(REFUSED_FILE, "-", given=text)["files"][0]["file"])

    def test_needs_neither_store_nor_home(self):
        name = self.sample("plain/quarters.json")
        before = self.place.tree()
        result = self.scan(name, env={"HOME": None, "XDG_STATE_HOME": None, "XDG_DATA_HOME": None})
        self.assertEqual(DONE, result.status)
        self.assertEqual(before, self.place.tree())


class OwnExports(ScanTest):
    """What the program itself publishes passes, in both languages; what is exact or a draft is refused for that alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place.init()
        for month, channel, party, count in (("2025-03", "phone", "relative", 17), ("2025-03", "in-person", "user", 44),
                                             ("2025-11", "mail", "professional", 9), ("2025-12", "web", "user", 1000)):
            for session in "12":
                cls.place.done("log", "--month", month, "--count", count, channel, party, session)

    def check(self, name, *words):
        for language in ("da", "en"):
            with self.subTest(name, language=language):
                self.place.done(*words, "--lang", language, "--force", "-o", name, self.place.key)
                self.assertGreater((self.place.work / name).stat().st_size, 500)
                result = self.scan(name)
                self.assertEqual((REFUSED_FILE, ""), (result.status, result.err))
                hit, last = result.out.splitlines()
                self.assertRegex(hit, f"^{name}: .*internal: exact figures, or a draft, high$")
                self.assertEqual(f"{name}: {VERDICT['refuse']}", last)

    def test_export(self):
        for ending in ("csv", "json"):
            self.check(f"export.{ending}", "export", "2025", "--exact", "--format", ending)

    def test_report(self):
        for ending, words in (("txt", "text"), ("md", "markdown"), ("html", "html"), ("json", "json")):
            self.check(f"report.{ending}", "report", "2025", "--exact", "--format", words)
            self.check(f"draft.{ending}", "report", "2025", "--format", words)
        self.check("report.xlsx", "report", "2025", "--exact", "--format", "xlsx")
        self.check("for-excel.csv", "export", "2025", "--exact", "--excel")

    def test_published(self):
        place = Place.for_test(self)
        place.init()
        for number, channel in enumerate(("phone", "in-person", "mail", "web")):
            place.done("log", "-m", f"2025-0{number + 1}", "-n", 20 + number, channel, "user")
        place.done("close", "2025-12", place.key)
        for language in ("da", "en"):
            for ending in ("html", "csv", "json", "xlsx", "markdown", "text"):
                folder = place.work / f"{language}-{ending}"
                folder.mkdir()
                again = ["--again", "1"] if (language, ending) != ("da", "html") else ["2025"]
                place.done("publish", *again, "--yes", "-l", language, "-f", ending, "-o", folder, place.key)
                for file in folder.iterdir():
                    with self.subTest(file.name, language=language):
                        self.assertEqual((DONE, f"{file}: {VERDICT['clear']}\n", ""), self.scan(file))


class Lists(ScanTest):
    """What an office has: which is refused, and its harmless twin, which is not."""

    def verdicts(self, *cases):
        for name, content, verdict in cases:
            with self.subTest(name, content=content):
                *hits, last = self.scan(self.file(name, content)).out.splitlines()
                self.assertEqual(f"{name}: {VERDICT[verdict]}", last, hits)

    def test_one_filled_column(self):
        rows = ["BO", "GH", "KJ", "UL"]
        padded = [f"{row};;" for row in ["Initialer", *rows]]
        self.verdicts(
            ("a.csv", "\n".join(padded), "refuse"),
            ("a.csv", "\n".join(["Liste fra vagten;;", *padded]), "refuse"),
            ("a.tsv", "\n".join(padded).replace(";", "\t"), "refuse"),
            ("a.csv", "Nr;Initialer;Note\n" + "\n".join(f";{row};" for row in rows), "refuse"),
            ("a.md", "| Initialer |\n|---|\n" + "\n".join(f"| {row} |" for row in rows), "refuse"),
            ("a.md", "| Initialer | |\n|---|---|\n" + "\n".join(f"| {row} | |" for row in rows), "refuse"),
            ("a.html", "<table><tr><th>Initialer<th></tr>" + "".join(f"<tr><td>{row}<td></tr>" for row in rows) + "</table>", "refuse"),
            ("a.html", "<table><tr><td>Initialer<td></tr>" + "".join(f"<tr><td>{row}<td></tr>" for row in rows) + "</table>", "refuse"),
            ("a.csv", "CPR;;\n0707614285;;\n808084281;;\n", "refuse"),  # 808084281 lost its first zero
            ("a.csv", "Antal;;\n1707614287;;\n808714287;;\n", "clear"),
            ("a.csv", "Fødselsdato;;\n010190;;\n070761;;\n080808;;\n", "refuse"),
            ("a.csv", "Dato;;\n010190;;\n070761;;\n080808;;\n", "clear"),
            ("a.csv", "Sagsnr.;;\n2017/44;;\n2017/45;;\n", "refuse"),
            ("a.csv", "Kode;;\n2017/44;;\n2017/45;;\n", "clear"),
            ("a.csv", "Kanal;;\ntelefon;;\nmail;;\nweb;;\n", "clear"),
            ("a.csv", "År;Antal\n2017;3\n2018;4\nKilde: egne tal;\nJA;\n", "clear"))

    def test_delimiters(self):
        self.verdicts(
            ("a.csv", "Initialer;Dato;Note\nBO;fredag, 3. januar;\nGH;mandag, 6. januar\nKJ;tirsdag, 7. januar\n", "refuse"),
            ("a.csv", "Henvendelser, 2017\nInitialer;Dato\nBO;fredag, 3. januar\nGH;mandag, 6. januar\n", "refuse"),
            ("a.csv", "Initialer\tPris\tNote\nBO\t1,5\nGH\t2,5\nKJ\t3,5\t\n", "refuse"),
            ("a.csv", "Initialer,Tid,Note\nBO,12;30\nGH,13;30\nKJ,14;30,\n", "refuse"),
            ("a.csv", "Kanal;Pris;Note\ntelefon;1,5\nmail;2,5\nweb;3,5;\n", "clear"))

    def test_names(self):
        self.verdicts(
            ("a.csv", "Navn;Antal\nOlsen Bent;1\nHansen Grete;1\n", "refuse"),
            ("a.csv", "Navn;Antal\nolsen bent;1\nhansen grete;1\n", "refuse"),
            ("a.csv", "Navn;Antal\nOlsen;1\nHansen;1\nJensen;2\n", "refuse"),
            ("a.csv", "Klient;Antal\nolsen;1\nhansen;1\njensen;2\n", "refuse"),
            ("a.csv", "Hvem;Antal\nB. Olsen;1\nG. Hansen;1\n", "refuse"),
            ("a.csv", "Hvem;Antal\nfru Olsen;1\nhr. Hansen;1\n", "refuse"),
            ("a.csv", "Hvem;Antal\nBents mor;1\nGretes mor;1\n", "refuse"),
            ("a.csv", "Tekst;Antal\nGrete's mother;1\nnobody;1\n", "refuse"),
            ("a.txt", "I dag ringede Gretes mor igen.\n", "refuse"),
            ("a.txt", "I dag ringede fru Jensen igen.\n", "look"),
            ("a.txt", "I dag ringede Lars' søster igen.\n", "refuse"),
            ("a.txt", "I dag ringede en mor til Grete igen.\n", "refuse"),
            ("a.txt", "Her ringede hans søster Grete.\n", "refuse"),
            ("a.csv", "Hvem;Antal\nmor til Grete;1\nfar til Bent;1\n", "refuse"),
            ("a.txt", "I dag ringede hans mor igen. Hans far kom.\n", "clear"),
            ("a.txt", "En mor til tre ringede, og en far til Aarhus' borgere.\n", "clear"),
            ("a.txt", "It's the partner of Denmark's 'August' fair; mor, Grete\n", "clear"),
            ("a.csv", "Klient;Antal\nbruger;1\npårørende;1\nfagperson;3\n", "clear"),
            ("a.csv", "Navn;Antal\nTelefonrådgivning;1\nAmbulatoriet;1\nPausen;2\n", "clear"),
            ("a.csv", "Navn;Antal\nA\u030age Sørensen;1\nKa\u030are Jensen;2\n", "refuse"),  # in parted letters
            ("a.txt", "Vi talte med A\u030age Sørensen i dag.\n", "refuse"),
            ("a.html", "<p>Rene\u0301 Larsen</p>", "refuse"),
            ("a.csv", "Sprog;Antal\nDA;1\nEN;1\nTR;3\nPL;2\n", "clear"))

    def test_remarks(self):
        said = "Hun ringede i dag om sin søn, der bruger meget hash"
        self.verdicts(
            ("a.md", f"| Dato | Notat |\n|---|---|\n| 1.1 | {said} |\n", "refuse"),
            ("a.txt", f"| Dato | Notat |\n| 1.1 | {said} |\n", "refuse"),
            ("a.csv", "Dato;Bemærkninger\n1.1;Hun ringede om sin søn\n2.1;Moren er bekymret\n", "refuse"),
            ("a.csv", "Dato;Bemærkninger\n1.1;ingen\n2.1;lukket i juli\n", "clear"),
            ("a.md", "| Kanal | Hvad |\n|---|---|\n| web | Et spørgsmål, der er stillet på vores side |\n", "clear"))

    def test_spellings(self):
        self.verdicts(("a.txt", "170761_4287\n", "refuse"), ("a.txt", "110761_4281_v2\n", "clear"))

    def test_pictures_in_pages(self):
        for content, said in (("<img src='data:image/png;base64,AAAA'>", "pictures were not looked at: 1"),
                              ("<svg><image href='data:image/png;base64,AAAA'/></svg>", "pictures were not looked at: 1"),
                              ("<object data='data:application/pdf;base64,AAAA'>", "embedded files were not looked at: 1")):
            with self.subTest(content):
                self.assertEqual(f"a.html: {said}\na.html: {VERDICT['look']}\n", self.scan(self.file("a.html", content)).out)
        self.verdicts(("a.html", "<iframe srcdoc='&lt;p&gt;170761-4287&lt;/p&gt;'></iframe>", "refuse"),
                      ("a.html", "<img src='https://example.dk/a.png'>", "clear"))

    def test_no_control_characters_are_shown(self):
        for content in ("<p>010190&#150;1234</p>", "<p>010190&#x97;1234</p>"):
            out = self.scan(self.file("a.html", content)).out
            self.assertEqual([], [letter for letter in out if not letter.isprintable() and letter != "\n"])
            self.assertIn("0101**", out)

    def test_html_and_links(self):
        self.verdicts(
            ("a.html", "<p>010190&#150;1234</p>", "refuse"),
            ("a.html", "<p>010190&#x97;1234</p>", "refuse"),
            ("a.html", "<p>010190&ndash;1234</p>", "refuse"),
            ("a.html", "<a href='mailto:anna%2Ejensen%40example.dk'>x</a>", "refuse"),
            ("a.html", "<a href='tel:%2B4522334455'>x</a>", "refuse"),
            ("a.html", "<a href='/find?q=010190%2D1234'>x</a>", "refuse"),
            ("a.html", "<a href='/find?q=010190%3D1234'>x</a>", "clear"),
            ("a.md", "[x](mailto:anna%2ejensen%40example.dk)\n", "refuse"),
            ("a.txt", "steg med 40%2017 og 50%40 ialt\n", "clear"))

    def test_exact_files(self):
        mark = "Internt: nøjagtige tal, ikke til offentliggørelse"
        self.verdicts(
            ("a.txt", f"Råd og vejledning, 2025\n=====\n{mark}\n", "refuse"),
            ("a.md", f"# Råd\n\n**{mark}**\n", "refuse"),
            ("a.txt", "Udkast, ikke offentliggjort\n", "refuse"),
            ("a.csv", "period,count,status\n2025-01,3,internal\n", "refuse"),
            ("a.csv", "period,count,status\n2025-01,3,shown\n", "clear"),
            ("a.txt", "Der står 'Internt' øverst i filer med nøjagtige tal.\n", "clear"))


class Records(ScanTest):
    def test_record(self):
        names = [self.sample("personal/table5.csv"), self.sample("plain/report.xlsx")]
        days = {time.strftime("%Y-%m-%d")}
        record = self.record(REFUSED_FILE, *names)
        days.add(time.strftime("%Y-%m-%d"))
        version = re.search(r"(?m)^VERSION +:= (.*)$", (ROOT / "Makefile").read_text())[1]
        self.assertIn(record.pop("date"), days)
        files = record.pop("files")
        self.assertEqual({"format": "tavs", "version": 2, "kind": "scan", "verdict": "refuse",
                          "program": {"name": "tavs", "version": version}}, record)
        self.assertEqual([("table5.csv", "csv", "refuse"), ("report.xlsx", "xlsx", "clear")],
                         [(file["file"], file["format"], file["verdict"]) for file in files])
        self.assertEqual({"initials": {"low": 0, "medium": 0, "high": 8},
                          "diagnosis": {"low": 0, "medium": 8, "high": 0},
                          "municipality": {"low": 0, "medium": 8, "high": 0}}, files[0]["counts"])
        self.assertEqual((24, 24, 36), (files[0]["hit_total"], len(files[0]["hits"]), files[0]["cells"]))
        self.assertEqual({"table": 1, "row": 2, "column": 1, "heading": "initial", "kind": "initials",
                          "confidence": "high", "masked": "*.", "length": 2}, files[0]["hits"][0])
        self.assertEqual(({}, 0, []), (files[1]["counts"], files[1]["hit_total"], files[1]["hits"]))

    def test_record_has_the_fields_of_the_document(self):
        tables = re.findall(r"(?ms)^\| field \| is \|\n\|---\|---\|\n(.*?)(?:\n\n|\Z)",
                            (ROOT / "docs/scan.md").read_text().split("## The record")[1].split("\n## ")[0])
        record = self.record(REFUSED_FILE, self.sample("personal/phones.txt"))
        described = [{name for line in table.splitlines() for name in re.findall(r"`([^`]+)`", line.split("|")[1])}
                     for table in tables]
        self.assertEqual([set(record), set(record["files"][0]), set(record["files"][0]["hits"][0])], described)

    def test_hits_are_listed_up_to_a_bound(self):
        name = self.file("many.txt", "Ring 22 33 44 55.\n\n" * 10020)
        [file] = self.record(REFUSED_FILE, name)["files"]
        self.assertEqual((10020, 10000), (file["hit_total"], len(file["hits"])))
        self.assertEqual(10020, sum(file["counts"]["phone"].values()))
        other = self.file("other.txt", "Ring 22 33 44 55.\n")
        files = self.record(REFUSED_FILE, name, other)["files"]
        self.assertEqual([(10020, 10000), (1, 0)], [(file["hit_total"], len(file["hits"])) for file in files])
        lines = self.place.tavs("scan", name, other).out.splitlines()
        self.assertEqual(10004, len(lines))
        self.assertEqual(["many.txt: hits that are not listed: 20", "other.txt: hits that are not listed: 1"],
                         [line for line in lines if "not listed" in line])

    def test_name_that_is_not_utf8(self):
        path = bytes(self.place.work) + b"/s\xf8ren.csv"
        with open(path, "wb") as file:
            file.write(b"month,count\n2026-01,3\n")
        command = [*self.place.command("scan", "-f", "json"), b"s\xf8ren.csv"]
        result = self.place.tavs(command=command)
        self.assertEqual((DONE, ""), (result.status, result.err))
        self.assertEqual("s?ren.csv", json.loads(result.out)["files"][0]["file"])


class Output(ScanTest):
    def test_to_a_file(self):
        name = self.sample("personal/table5.csv")
        expected = self.scan(name).out
        result = self.scan(name, "--output", "found.txt")
        self.assertEqual((REFUSED_FILE, "", f"{VERDICT['refuse']}\n"), result)
        self.assertEqual(expected, (self.place.work / "found.txt").read_text())
        self.assertEqual("", self.scan(name, "-q", "-F", "-o", "found.txt").err)
        self.scan(name, "-f", "json", "-o", "found.json")
        self.assertEqual("scan", json.loads((self.place.work / "found.json").read_text())["kind"])

    def test_existing_file_is_replaced_only_by_force(self):
        name = self.sample("plain/quarters.json")
        self.file("there.txt", "mine")
        self.assert_refused(self.place, WRONG_USE, "there.txt exists already$", "scan", name, "-o", "there.txt")
        self.assertEqual(DONE, self.scan(name, "-o", "there.txt", "--force").status)
        self.assertEqual(f"{name}: {VERDICT['clear']}\n", (self.place.work / "there.txt").read_text())

    def test_output_is_not_the_store(self):
        self.file("tavs.mdb", "a store")
        self.file("own.csv", "kanal,antal\ntelefon,40\n")
        for name in ("own.csv", "./own.csv"):
            self.assert_refused(self.place, WRONG_USE, ".*own.csv is a file that this command reads$", "scan", "-F", "-o",
                                name, "own.csv")
        self.assert_refused(self.place, WRONG_USE, ".*tavs.mdb is the store itself$", "scan", "-F", "-o", "tavs.mdb",
                            self.sample("plain/quarters.json"))

    def test_unknown_format(self):
        self.assert_refused(self.place, WRONG_USE, "'--format csv' is not possible$", "scan", "-f", "csv",
                            self.sample("plain/quarters.json"))

    def test_without_a_file(self):
        self.assert_refused(self.place, WRONG_USE, "something is missing", "scan")


class Failures(ScanTest):
    def test_missing_and_unreadable(self):
        self.fails(SYSTEM, "missing.csv could not be read or written: No such file", None, "missing.csv")
        (self.place.work / "folder.csv").mkdir()
        self.fails(SYSTEM, "folder.csv could not be read or written: Is a directory", None, "folder.csv")

    def test_damaged(self):
        for name, content in (("cut.json", '{"navn": "Mette Hansen", '), ("no.xlsx", "PK\3\4 no archive"),
                              ("text.xlsx", "month,count\n")):
            self.fails(WRONG_USE, f"{name} {DAMAGED[0]}", DAMAGED[1], self.file(name, content))
        self.fails(WRONG_USE, f"standard input {DAMAGED[0]}", DAMAGED[1], "-", given="[1,")

    def test_formats_that_are_not_read(self):
        hint = "csv, txt, json, md, html, xlsx, ods, docx, odt, pptx and pdf can; save it as one of these$"
        for name, content in (("letter.rtf", "PK"), ("old.doc", "\xd0\xcf"), ("zeros.csv", b"a\0b")):
            self.fails(WRONG_USE, f"{name} is not a file that can be scanned$", hint, self.file(name, content))

    def test_what_was_found_before_is_shown(self):
        """The error's exit status, also after a refused file."""
        refused, damaged = self.sample("personal/table5.csv"), self.file("cut.json", "[")
        shown = self.scan(refused).out
        result = self.scan(refused, damaged, refused)
        self.assertEqual((WRONG_USE, shown), (result.status, result.out))
        self.assertRegex(result.err, f"^tavs: cut.json {DAMAGED[0][:-1]}\nhint: ")
        self.fails(WRONG_USE, f"cut.json {DAMAGED[0]}", DAMAGED[1], damaged, refused)
        for words in (["-f", "json"], ["-o", "new.txt"]):
            self.assert_refused(self.place, WRONG_USE, f"cut.json {DAMAGED[0]}", "scan", refused, damaged, *words)

    def test_program_that_is_not_installed(self):
        """tavs without tavs-scan beside it says so."""
        alone = self.place.work / "alone/deep/er"
        alone.mkdir(parents=True)
        program = shutil.copy2(BUILD / "tavs", alone)
        result = self.place.tavs(command=[program, "scan", self.sample("plain/quarters.json")])
        if result.status != DONE:  # tavs may be installed on this machine
            self.assert_complaint(result, SYSTEM, r"a part of the program can't be loaded \(.*/tavs-scan: No such file",
                                  r"tavs-scan and tavs-\*.so belong beside the program; install tavs anew$")


class Large(ScanTest):
    # A small process of its own: what is measured of a child begins with what its parent has.
    MEASURE = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True);"
               "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    LINE = "2025-11;telefon;bruger;1;17;ingen\n"

    def large(self, name, text):
        """58 MiB of it."""
        return self.file(name, text * ((58 << 20) // len(text.encode())))

    @without_sanitizer
    def test_memory(self):
        """A large file is not held in memory, whatever is in it."""
        prose = "Der er mange, som ringer til os om rusmidler og pårørende.\n\n"
        records = '{"month": "2025-11", "channel": "telefon", "count": 17}\n'
        latin = self.file("latin.txt", (prose * ((28 << 20) // len(prose))).encode("latin-1"))
        for name in (self.large("a.csv", self.LINE), self.large("a.txt", prose), self.large("a.jsonl", records), latin):
            with self.subTest(name):
                out = subprocess.run([sys.executable, "-S", "-c", self.MEASURE, *self.place.command("scan", name)],
                                     cwd=self.place.work, env=self.place.env, capture_output=True, text=True, check=True).stdout
                verdict, kibibytes = out.splitlines()
                self.assertEqual(f"{name}: {VERDICT['clear']}", verdict)
                self.assertLess(int(kibibytes), 64 << 10)

    def test_too_large(self):
        too_large = "is too large to be scanned$"
        hint = "it has not been cleared; scan it in parts: docs/scan.md says how large they may be$"
        self.file("large.csv", "a" * ((64 << 20) + 1))
        self.fails(WRONG_USE, f"large.csv {too_large}", hint, "large.csv")
        self.file("latin.txt", b"\xe5\n" * (11 << 20))  # å becomes two bytes
        self.fails(WRONG_USE, f"latin.txt {too_large}", hint, "latin.txt")
        self.file("a.json", "[" + "{}," * 200000 + "1]")
        self.fails(WRONG_USE, f"a.json {too_large}", hint, "a.json")

    def test_file_that_shrinks(self):
        name = self.large("shrinks.csv", self.LINE)
        process = subprocess.Popen(self.place.command("scan", name), cwd=self.place.work, env=self.place.env,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while name not in Path(f"/proc/{process.pid}/maps").read_text():
            self.assertIsNone(process.poll())
        os.truncate(self.place.work / name, 10)
        out, err = process.communicate()
        self.assertEqual((SYSTEM, "", "tavs: the file became shorter while it was read; it has not been cleared\n"),
                         (process.returncode, out, err))


class Apart(PlaceTest):
    """Parsers of other programs' files share no process with a key."""

    def needed(self, program):
        out = subprocess.run(["readelf", "--dynamic", "--wide", BUILD / program], capture_output=True, text=True, check=True).stdout
        return set(re.findall(r"NEEDED.*\[(lib\w+)", out))

    @without_sanitizer
    def test_what_the_programs_are_linked_with(self):
        self.assertLessEqual({"liblmdb", "libsodium"}, self.needed("tavs"))
        self.assertEqual(set(), self.needed("tavs") & {"libxml2", "libzip", "libpoppler"})
        self.assertLessEqual({"libxml2", "libzip"}, self.needed("tavs-scan"))
        self.assertNotIn("liblmdb", self.needed("tavs-scan"))

    @without_sanitizer
    def test_no_code_of_store_and_keys(self):
        names = subprocess.run(["nm", BUILD / "tavs-scan"], capture_output=True, text=True, check=True).stdout
        self.assertIn(" T cmd_run_scan\n", names)
        self.assertEqual([], re.findall(r" T (?:store|tally|record|elgamal)_\w+\n| T keys_(?!device_folder)\w+\n", names))

    def test_names_of_commands(self):
        """What tavs-scan can do beside scan is no command of tavs."""
        place = Place.for_test(self)
        self.assertEqual(WRONG_USE, place.tavs("cells", "x.xlsx").status)
        self.assertEqual(WRONG_USE, place.tavs(command=[BUILD / "tavs-scan", "log", "phone", "user"]).status)


if __name__ == "__main__":
    unittest.main()
