"""tavs scan: what is refused, what may leave the house, and that no value is ever told."""

import csv
import json
import re
import shutil
import time
import unittest

from place import BUILD, DONE, ROOT, SYSTEM, WRONG_USE, Place, PlaceTest

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
    """What the program itself writes passes, in both languages."""

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
                self.assertEqual((DONE, f"{name}: {VERDICT['clear']}\n", ""), self.scan(name))

    def test_export(self):
        for ending in ("csv", "json"):
            self.check(f"export.{ending}", "export", "2025", "--exact", "--format", ending)

    def test_report(self):
        for ending, words in (("txt", "text"), ("md", "markdown"), ("html", "html"), ("json", "json")):
            self.check(f"report.{ending}", "report", "2025", "--exact", "--format", words)


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
        self.assert_refused(self.place, WRONG_USE, ".*tavs.mdb is the store itself$", "scan", "-F", "-o", "tavs.mdb",
                            self.sample("plain/quarters.json"))

    def test_unknown_format(self):
        self.assert_refused(self.place, WRONG_USE, "'--format csv' is not possible$", "scan", "-f", "csv",
                            self.sample("plain/quarters.json"))

    def test_without_a_file(self):
        self.assert_refused(self.place, WRONG_USE, "something is missing", "scan")


class Failures(ScanTest):
    def fails(self, status, message, hint, *words, **more):
        self.assert_refused(self.place, status, message, "scan", *words, hint=hint, **more)
        self.assert_refused(self.place, status, message, "scan", "-f", "json", *words, hint=hint, **more)
        self.assert_refused(self.place, status, message, "scan", "-o", "new.txt", *words, hint=hint, **more)

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
        hint = "csv, txt, json, md, html and xlsx can; save it as one of these$"
        for name, content in (("letter.docx", "PK"), ("old.doc", "\xd0\xcf"), ("zeros.csv", b"a\0b")):
            self.fails(WRONG_USE, f"{name} is not a file that can be scanned$", hint, self.file(name, content))

    def test_too_large(self):
        hint = r"it has not been cleared; scan it in parts of at most 64 MiB \(json: 16 MiB\)$"
        self.file("large.json", "7" + " " * (16 << 20))
        self.file("large.csv", b"")
        with open(self.place.work / "large.csv", "r+b") as file:
            file.truncate((64 << 20) + 1)
        for name in ("large.json", "large.csv"):
            self.assert_refused(self.place, WRONG_USE, f"{name} is too large to be scanned$", "scan", name, hint=hint)
            (self.place.work / name).unlink()

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

    def test_readers_that_are_not_installed(self):
        """A program without tavs-scan.so beside it says so, and reads all else."""
        alone = self.place.work / "alone/deep/er"
        alone.mkdir(parents=True)
        program = shutil.copy2(BUILD / "tavs", alone)
        html, plain = self.sample("plain/report.html"), self.sample("plain/quarters.json")
        self.assertEqual(DONE, self.place.tavs(command=[program, "scan", plain]).status)
        result = self.place.tavs(command=[program, "scan", html])
        if result.status != DONE:  # tavs may be installed on this machine
            self.assert_complaint(result, SYSTEM, r"a part of the program can't be loaded \(",
                                  r"tavs-\*.so belong beside the program; install tavs anew$")


if __name__ == "__main__":
    unittest.main()
