"""Workbooks and csv for Excel: what they hold is what json says, and nothing else is in them or beside them."""

import io
import json
import re
import subprocess
import tempfile
import unittest
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl

from place import DONE, PASSPHRASE, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, in_words
from shims import compile_shim
from terminal import Terminal
from test_cases import read

YEARS = (2017, 2018)
MARK = "Internal: exact figures, not for publication"
SHEETS = {"courses-by-channel": "Courses by channel", "conversations-by-channel": "Conversations by channel",
          "courses-by-party": "Courses by party", "courses-by-session": "How far courses get", "months": "Months",
          "courses-by-month": "Courses by month"}
LAST = "Definitions"
PLACE = OTHER = None


def setUpModule():
    global PLACE, OTHER
    folder = tempfile.TemporaryDirectory(prefix="tavs-")
    unittest.addModuleCleanup(folder.cleanup)
    PLACE = Place(folder.name).with_cheap_passphrases()
    PLACE.init("--channels", "in-person,phone")
    for year in YEARS:
        for (month, channel, party, session), count in read(year).items():
            if year == 2018 and (session > 1 or month > "2018-06"):  # the rest would only take time
                continue
            PLACE.done("log", "--month", month, "--count", count, channel, party, session)
    OTHER = PLACE.work / "another place.mdb"
    PLACE.init("--channels", "phone,web", "--store", OTHER)
    PLACE.done("log", "--store", OTHER, "--month", "2018-12", "web", "relative")


class SheetTest(PlaceTest):
    """One store for all of them: they only read it."""

    known = {}  # what a command wrote, so that it need not run twice

    @classmethod
    def setUpClass(cls):
        cls.place = PLACE

    def bytes_of(self, *words, anew=False):
        """What a command writes to a file."""
        words = tuple(map(str, words))
        if anew or words not in self.known:
            file = self.place.work / "book"
            self.assertEqual("", self.place.done(*words, "--exact", "-F", "-o", file, self.place.key))
            self.known[words] = file.read_bytes()
        return self.known[words]

    def book(self, *words):
        return openpyxl.load_workbook(io.BytesIO(self.bytes_of(*words, "-f", "xlsx")))

    def json(self, *words):
        return json.loads(self.bytes_of(*words, "-f", "json"))


def rows_of(sheet):
    """The cells that hold anything, row by row."""
    rows = ([cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows())
    return [row for row in rows if row]


def numbers_of(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))]


class Reports(SheetTest):
    def check_tables(self, report, book):
        for table, sheet in zip(report["tables"], book):
            expected = [[*row["text"], *(figure.get("symbol", figure["count"]) for figure in row["figures"])]
                        for row in table["rows"]]
            headings = [key["text"] for key in table["keys"]] + [value["text"] for value in table["columns"]["values"]]
            with self.subTest(table["code"]):
                rows = rows_of(sheet)
                self.assertEqual([[table["caption"]], [report["title"]], [MARK]], rows[:3])
                self.assertEqual(headings, rows[-len(expected) - 1])
                self.assertEqual(expected, rows[-len(expected):])
                self.assertEqual(sum(isinstance(value, int) for row in expected for value in row),
                                 len(numbers_of(sheet)))

    def test_every_number_is_that_of_the_json(self):
        for years in (["2017"], [*map(str, YEARS)]):
            book = self.book("report", *years)
            report = self.json("report", *years)
            self.assertEqual([*(SHEETS[table["code"]] for table in report["tables"]), LAST], book.sheetnames)
            self.check_tables(report, book)

    def test_places_and_their_sum(self):
        """Side by side in one year; else the sum first, then each place on sheets of its own."""
        stores = ["--store", self.place.store, "--store", OTHER]
        book = self.book("report", "2018", *stores)
        report = self.json("report", "2018", *stores)
        self.check_tables(report, book)
        symbols = [figure.get("symbol") for table in report["tables"] for row in table["rows"]
                   for figure in row["figures"]]
        self.assertIn(".", symbols)
        self.assertIn([". not offered by the place"], rows_of(book["Courses by channel"]))
        self.assertNotIn([". not offered by the place"], rows_of(book["Months" if "Months" in book else LAST]))
        rows = rows_of(book[LAST])
        for place in report["places"]:
            self.assertIn([f"Place: {place['name']}, fingerprint {place['fingerprint']}"], rows)

        book = self.book("report", *YEARS, *stores)
        self.check_tables(self.json("report", *YEARS, *stores), book)
        names = [SHEETS[code] for code in ("courses-by-channel", "conversations-by-channel", "courses-by-party",
                                           "courses-by-session", "courses-by-month")]
        cut = [f"{name}, {place}"[:31] for place in ("tavs", "another place") for name in names]
        self.assertEqual(["Courses by place", *names, *cut, LAST], book.sheetnames)

    def test_export_of_places(self):
        stores = ["--store", self.place.store, "--store", OTHER]
        rows = self.json("export", "2018-12", *stores)["rows"]
        sheet = rows_of(self.book("export", "2018-12", *stores)["Conversations"])
        self.assertEqual(["Place", "Period", "Channel", "Party", "Conversation", "Count", "Status"], sheet[3])
        self.assertEqual([[row["place"], row["period"], row["count"]] for row in rows],
                         [[*row[:2], row[5]] for row in sheet[4:]])

    def test_figures_are_numbers_to_reckon_with(self):
        for sheet in self.book("report", *YEARS):
            for cell in numbers_of(sheet):
                self.assertEqual(("n", "#,##0"), (cell.data_type, cell.number_format))
            self.assertEqual([], [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"])

    def test_explained(self):
        report = self.json("report", "2017")
        rows = rows_of(self.book("report", "2017")[LAST])
        for definition in report["definitions"]:
            at = rows.index([definition["term"]])
            self.assertEqual([definition["text"]], rows[at + 1])
        self.assertIn(["Period: 2017"], rows)
        year, month, day = report["date"].split("-")
        self.assertIn([f"Date: {int(day)} {in_words(f'{year}-{month}')}"], rows)
        self.assertIn([f"Program: tavs {report['program']['version']}"], rows)
        self.assertIn([MARK], rows)
        self.assertEqual("months-open", report["notes"][0]["code"])
        self.assertIn(["Closed through: no month"], rows)

    def test_notes(self):
        year = datetime.now().year
        notes = self.json("report", str(year))["notes"]
        self.assertTrue(notes)
        rows = rows_of(self.book("report", str(year))[LAST])
        at = rows.index(["Notes"])
        self.assertEqual([[note["text"]] for note in notes], rows[at + 1:at + 1 + len(notes)])

    def test_charts_show_what_the_tables_show(self):
        for years in (["2017"], [*map(str, YEARS)]):
            report = self.json("report", *years)
            book = self.book("report", *years)
            for table in report["tables"]:
                [chart] = book[SHEETS[table["code"]]]._charts
                rows = [row for row in table["rows"] if not row["total"]]
                columns = table["columns"]["values"]
                self.assertEqual(table["caption"], "".join(run.t for run in chart.title.tx.rich.p[0].r))
                self.assertEqual(len(columns), len(chart.series))
                for number, series in enumerate(chart.series):
                    self.assertEqual([row["figures"][number]["count"] for row in rows],
                                     self.values(book, series.val.numRef))
                    self.assertEqual([row["text"][0] for row in rows], self.values(book, series.cat.strRef))
                    self.assertEqual([columns[number]["text"]], self.values(book, series.tx.strRef))
            self.assertEqual([], book[LAST]._charts)

    def values(self, book, reference):
        """Of the cells that a chart is drawn from; its own copy of them is the same."""
        name, cells = re.fullmatch(r"'?([^'!]+)'?!(.+)", reference.f).groups()
        found = book[name][cells.replace("$", "")]
        found = [cell for row in found for cell in row] if isinstance(found, tuple) else [found]
        cache = reference.numCache if hasattr(reference, "numCache") else reference.strCache
        self.assertEqual([str(cell.value) for cell in found], [str(point.v).removesuffix(".0") for point in cache.pt])
        return [cell.value for cell in found]

    def test_on_paper_and_on_the_screen(self):
        for sheet in self.book("report", *YEARS):
            self.assertEqual(9, sheet.page_setup.paperSize)  # A4
            self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
            self.assertEqual(MARK, sheet.oddHeader.center.text)
            self.assertEqual(f"Anonymous counselling, {', '.join(map(str, YEARS))}", sheet.oddFooter.left.text)
            self.assertRegex(sheet.oddFooter.right.text, r"^\d{1,2} \w+ \d{4}    &P / &N$")
            if sheet.title != LAST:
                head = next(cell for cell in sheet["A"] if cell.value in ("Channel", "Party", "Conversation", "Month"))
                self.assertEqual(f"B{head.row + 1}", sheet.freeze_panes)
                self.assertLess(8, sheet.column_dimensions["B"].width)

    def test_danish(self):
        """Its words are those of the other formats."""
        report = self.json("report", "2017", "--lang", "da")
        book = self.book("report", "2017", "--lang", "da")
        self.assertEqual(len(report["tables"]) + 1, len(book.sheetnames))
        for table, sheet in zip(report["tables"], book):
            rows = rows_of(sheet)
            self.assertEqual([table["caption"]], rows[0])
            self.assertEqual([[*row["text"], *(figure["count"] for figure in row["figures"])] for row in table["rows"]],
                             rows[-len(table["rows"]):])
        self.assertIn("Henvendelser pr. telefon", [row[0] for row in rows_of(book.worksheets[0])])


class Parts(SheetTest):
    """What lies in the file beside the cells."""

    def test_nobody_made_it(self):
        properties = self.book("report", "2017").properties
        date = datetime.strptime(self.json("report", "2017")["date"], "%Y-%m-%d")
        self.assertEqual(("Anonymous counselling, 2017", MARK, date, date),
                         (properties.title, properties.contentStatus, properties.created, properties.modified))
        for name in ("creator", "lastModifiedBy", "lastPrinted", "keywords", "subject", "description", "category"):
            self.assertFalse(getattr(properties, name), name)
        archive = zipfile.ZipFile(io.BytesIO(self.bytes_of("report", "2017", "-f", "xlsx")))
        self.assertIn(b"<Company></Company>", archive.read("docProps/app.xml"))
        self.assertEqual({(1980, 1, 1, 0, 0, 0)}, {entry.date_time for entry in archive.infolist()})
        self.assertEqual({b""}, {entry.comment + entry.extra for entry in archive.infolist()} | {archive.comment})

    def test_same_bytes_each_time(self):
        for words in (["report", "2017"], ["report", *YEARS], ["export", "2017-Q1"]):
            self.assertEqual(self.bytes_of(*words, "-f", "xlsx"), self.bytes_of(*words, "-f", "xlsx", anew=True))

    def test_standard_output_gets_the_same(self):
        file = self.place.work / "piped.xlsx"
        with open(file, "wb") as out:
            subprocess.run(self.place.command("report", "2017", "-x", "-f", "xlsx", self.place.key),
                           env=self.place.env, stdout=out, stderr=subprocess.DEVNULL, check=True)
        self.assertEqual(self.bytes_of("report", "2017", "-f", "xlsx"), file.read_bytes())

    def test_scan_finds_only_that_it_is_exact(self):
        for name, words in (("report.xlsx", ["report", *YEARS, "-f", "xlsx"]),
                            ("rapport.xlsx", ["report", *YEARS, "-f", "xlsx", "--lang", "da"]),
                            ("export.xlsx", ["export", "2017", "-f", "xlsx"]),
                            ("data.xlsx", ["export", "2017", "-f", "xlsx", "--lang", "da"]),
                            ("export.csv", ["export", "2017"]), ("excel.csv", ["export", "2017", "--excel"]),
                            ("dansk.csv", ["export", "2017", "--excel", "--lang", "da"])):
            (self.place.work / name).write_bytes(self.bytes_of(*words))
            with self.subTest(name):
                result = self.place.tavs("scan", name)
                self.assertEqual(1, result.status)
                self.assertRegex(result.out, rf"^{name}: row \d[^\n]*: internal: exact figures, or a draft, high\n{name}: refused[^\n]*\n$")


class Exports(SheetTest):
    def test_workbook(self):
        rows = self.json("export", "2017")["rows"]
        book = self.book("export", "2017", "--lang", "en")
        self.assertEqual(["Conversations", LAST], book.sheetnames)
        sheet = book["Conversations"]
        cells = rows_of(sheet)
        self.assertEqual([["Conversations"], ["Counts, 2017"], [MARK]], cells[:3])
        self.assertEqual(["Period", "Channel", "Party", "Conversation", "Count", "Status"], cells[3])
        ordinal = ("", "1st", "2nd", "3rd", "4th", "5th")
        self.assertEqual([[row["period"], row["channel"], row["party"], f"{ordinal[int(row['session'])]} conversation",
                           row["count"], "internal"] for row in rows], cells[4:])
        self.assertEqual(f"A5:F{5 + len(rows)}", sheet.auto_filter.ref)
        self.assertEqual([], sheet._charts)

    def excel(self, *words):
        """The lines, split at semicolons."""
        text = self.bytes_of("export", "2017", "--excel", *words)
        self.assertEqual(b"\xef\xbb\xbf", text[:3])
        lines = text[3:].decode("utf-8").split("\r\n")
        self.assertEqual("", lines.pop())
        self.assertNotRegex("".join(lines), '[\r\n"]')
        return [line.split(";") for line in lines]

    def test_excel_csv(self):
        rows = self.json("export", "2017")["rows"]
        for language in ("en", "da"):
            lines = self.excel("--lang", language)
            record = self.json("export", "2017", "--lang", language)
            self.assertEqual([row["count"] for row in record["rows"]], [int(line[4]) for line in lines[1:]])
            self.assertEqual([row["period"] for row in rows], [line[0] for line in lines[1:]])
            self.assertEqual({6}, set(map(len, lines)))
        self.assertEqual(["Period", "Channel", "Party", "Conversation", "Count", "Status"], self.excel()[0])
        self.assertEqual(["2017-01", "in-person", "user", "1st conversation", "4", "internal"], self.excel()[1])
        self.assertEqual(["personlig", "bruger", "1. samtale", "4"], self.excel("--lang", "da")[1][1:5])

    def test_excel_is_a_kind_of_csv(self):
        self.assertEqual(self.bytes_of("export", "2017", "--excel"),
                         self.bytes_of("export", "2017", "--excel", "--format", "csv"))
        for name in ("json", "xlsx"):
            self.assert_refused(self.place, WRONG_USE, f"'--excel --format {name}' is not possible$", "export", "2017",
                                "-x", "--excel", "-f", name, self.place.key)
        self.assert_refused(self.place, WRONG_USE, "there is no option '--excel' here$", "report", "2017", "--excel")

    def test_codes_whatever_the_language(self):
        for words in (["export", "2017"], ["export", "2017", "-f", "csv"]):
            danish = self.bytes_of(*words, "--lang", "da")
            self.assertEqual(self.bytes_of(*words), danish)
            self.assertEqual(b"period,channel,party,session,count,status\r\n", danish.splitlines(True)[0])


class Output(SheetTest):
    NEW = (["-f", "xlsx"], ["--excel"], ["-f", "csv"], ["-f", "json"])

    def test_existing_file_is_replaced_only_by_force(self):
        there = self.place.work / "there"
        there.write_text("mine")
        for words in self.NEW:
            self.assert_refused(self.place, WRONG_USE, ".*there exists already$", "export", "2017", "-x", *words,
                                "-o", there, self.place.key)
        self.place.done("export", "2017", "-x", *self.NEW[0], "--force", "-o", there, self.place.key)
        self.assertNotEqual("mine", there.read_bytes())
        there.unlink()

    def test_never_over_the_store(self):
        alias = self.place.work / "alias"
        alias.symlink_to(self.place.store)
        for words in self.NEW:
            for target in (self.place.store, alias):
                self.assert_refused(self.place, WRONG_USE, f"{target} is the store itself$", "export", "2017", "-x",
                                    *words, "-F", "-o", target, self.place.key)
        alias.unlink()

    def test_never_over_the_keys_of_this_machine(self):
        keys = Path(self.place.env["XDG_STATE_HOME"]) / "tavs"
        key = min(keys.glob("*.device"))
        alias = self.place.work / "keys"
        alias.symlink_to(keys)
        for target in (key, keys / "new.csv", alias / key.name):
            self.assert_refused(self.place, WRONG_USE, f"{target} lies among this machine's keys$", "export", "2017", "-x",
                                "-F", "-o", target, self.place.key)
        alias.unlink()

    def test_nothing_is_left_of_a_failure(self):
        wrong = self.place.secret("wrong", "quite another passphrase")
        for words in self.NEW[:2]:
            self.assert_refused(self.place, WRONG_PASSPHRASE, "the passphrase opens no key", "export", "2017", "-x",
                                *words, "-o", "new", "-p", wrong)
            self.assert_refused(self.place, 5, "missing/new could not be read or written: No such file", "export",
                                "2017", "-x", *words, "-o", "missing/new", self.place.key)

    def test_few_descriptors(self):
        """Each part of a workbook needs one: without it there is an error, and no file."""
        statuses = set()
        for number in range(4, 12):
            result = self.place.tavs(command=["prlimit", f"--nofile={number}", *self.place.command(
                "report", "2017", "-x", "-f", "xlsx", "-F", "-o", "few.xlsx", self.place.key)],
                env={"ASAN_OPTIONS": self.place.env["ASAN_OPTIONS"] + ":detect_leaks=0"})  # that needs one, too
            statuses.add(result.status)
            self.assertEqual(result.status == DONE, (self.place.work / "few.xlsx").exists(), result)
            if result.status != DONE:
                self.assert_complaint(result, SYSTEM, "")
        self.assertEqual({DONE, SYSTEM}, statuses)
        (self.place.work / "few.xlsx").unlink()

    def test_terminal_gets_no_workbook(self):
        for command in ("report", "export"):
            words = [command, "2017", "--exact", "--format", "xlsx"]
            for more in ([], ["-o", "-"]):
                with Terminal(self.place.command(*words, *more), env=self.place.env, output="terminal") as terminal:
                    self.assertEqual("exited 2", terminal.fate())
                    shown = terminal.settle(0.05).decode().replace("\r", "")
                self.assertEqual("tavs: xlsx is nothing that a terminal can show\n"
                                 "hint: name a file for it with --output FILE\n", shown)

    def test_show_has_no_format(self):
        self.assert_refused(self.place, WRONG_USE, "there is no option '--format' here$", "show", "--format", "xlsx")


class Cron(SheetTest):
    """Run by a clock: nothing is said as long as all is well, and the exit status tells why if not."""

    ENV = {"LC_ALL": None, "HOME": None, "XDG_DATA_HOME": None, "XDG_RUNTIME_DIR": None}

    def run_by_clock(self, *words):
        return self.place.tavs("-q", *words, env=self.ENV)

    def test_quiet(self):
        for words in (["export", "2017"], ["export", "2017", "--excel"], ["export", "2017", "-f", "json"],
                      ["export", "2017", "-f", "xlsx"], ["report", "2017", "-f", "xlsx"]):
            result = self.run_by_clock(*words, "-x", "-F", "-o", "nightly", self.place.key)
            self.assertEqual((DONE, "", ""), result)
            self.assertEqual(0o600, (self.place.work / "nightly").stat().st_mode & 0o777)
        (self.place.work / "nightly").unlink()

    def test_status(self):
        elsewhere = ["--store", self.place.work / "elsewhere.mdb"]
        for status, words in ((2, ["export", "2017", "-x", "--preview", self.place.key]),
                              (2, ["export", "17", "-x", self.place.key]),
                              (3, [*elsewhere, "export", "2017", "-x", self.place.key]),
                              (4, ["export", "2017", "-x", "-p", self.place.secret("wrong", "a wrong passphrase")]),
                              (5, ["export", "2017", "-x", "-o", "/proc/new.csv", self.place.key])):
            result = self.run_by_clock(*words)
            self.assertEqual((status, ""), (result.status, result.out), words)
            self.assertRegex(result.err, "^tavs: .*\nhint: .*\n$")

    def test_passphrase_through_a_pipe(self):
        result = self.place.tavs("-q", "export", "2017", "-x", "-f", "xlsx", "-o", "piped", "-p", "-",
                                 given=f"{PASSPHRASE}\n", env=self.ENV)
        self.assertEqual((DONE, "", ""), result)
        (self.place.work / "piped").unlink()


class NothingBeside(SheetTest):
    """libxlsxwriter would write each part of a workbook to a temporary file."""

    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("open_shim")
        super().setUpClass()
        cls.log = cls.place.folder / "opened"

    def opened(self, *words):
        result = self.place.tavs(*words, "-x", self.place.key,
                                 env={"LD_PRELOAD": self.place.preloading(self.shim), "OPEN_LOG": str(self.log)})
        self.assertEqual(DONE, result.status, result)
        lines = [line for line in self.log.read_text().splitlines() if not line.endswith(".gcda")]
        self.log.unlink()
        return lines

    def test_files_that_are_made(self):
        before = self.place.names()
        for words in (["report", "2017"], ["report", *YEARS], ["export", "2017"]):
            lines = self.opened(*words, "-f", "xlsx", "-o", "made.xlsx")
            files = [line for line in lines if not line.startswith("memory ")]
            memory = [line for line in lines if line.startswith("memory ")]
            self.assertEqual(["nameless ."], [line for line in files if not line.startswith("open /proc/self/fd/")])
            self.assertEqual(1, len(files) - 1)  # the archive, in memory too
            self.assertLess(8, len(memory))
            (self.place.work / "made.xlsx").unlink()
        self.assertEqual(before, self.place.names())

    def test_what_a_library_opens_is_seen(self):
        """The other test can fail: a plain output is noticed, and so is each part in memory."""
        self.assertEqual(["nameless ."], self.opened("export", "2017", "-o", "made.csv"))
        (self.place.work / "made.csv").unlink()
        parts = len(zipfile.ZipFile(io.BytesIO(self.bytes_of("export", "2017", "-f", "xlsx"))).namelist())
        seen = self.opened("export", "2017", "-f", "xlsx", "-o", "made.xlsx")
        (self.place.work / "made.xlsx").unlink()
        self.assertLess(parts, sum(line.startswith("memory ") for line in seen))


if __name__ == "__main__":
    unittest.main()
