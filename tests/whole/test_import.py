"""tavs import: old figures from a table. What it shows, what it refuses, and that it is all or nothing."""

import datetime
import os
import shutil
import subprocess
import unittest
import zipfile

import openpyxl

from place import BUILD, CANCELLED, DONE, REFUSED, SYSTEM, WRONG_USE, Place, PlaceTest
from terminal import Terminal

CONTACTS = """Dato;Kanal;Målgruppe;Samtale
3.11.2025;telefon;pårørende;1
2025-11-04;Personlig;bruger;2
"5. november 2025";mail;fagperson;1
04-12-2025;Hjemmeside;Bruger;5
"""
COUNTED = {("2025-11", "phone", "relative", 1): 1, ("2025-11", "in-person", "user", 2): 1,
           ("2025-11", "mail", "professional", 1): 1, ("2025-12", "web", "user", 5): 1}


class Import(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()

    def table(self, text, name="table.csv", encoding="utf-8"):
        file = self.place.work / name
        file.write_bytes(text.encode(encoding))
        return file

    def refused(self, text, message, hint=None, *words):
        self.assert_refused(self.place, WRONG_USE, message, "import", "--yes", self.table(text), *words, hint=hint)

    # ---- what is counted ----

    def test_a_row_for_each_contact(self):
        result = self.place.tavs("import", "--yes", self.table(CONTACTS))
        self.assertEqual(DONE, result.status, result)
        self.assertEqual(COUNTED, self.place.counts("2025"))
        self.assertIn("the file still has a row for each contact; delete it, or lock it away", result.err)
        self.assert_nothing_left_in_the_store(self.place)

    def test_encodings_and_delimiters(self):
        for number, (text, encoding) in enumerate((
                (CONTACTS, "latin-1"), ("\ufeff" + CONTACTS, "utf-8"), (CONTACTS.replace(";", ","), "utf-8"),
                (CONTACTS.replace(";", "\t").replace("\n", "\r\n"), "utf-8"))):
            with self.subTest(number):
                place = Place.for_test(self)
                place.init()
                (place.work / "t.csv").write_bytes(text.encode(encoding))
                place.done("import", "--yes", "t.csv")
                self.assertEqual(COUNTED, place.counts("2025"))

    def test_what_export_wrote_comes_back(self):
        self.place.done("import", "-y", self.table(CONTACTS))
        for words in ([], ["--excel"], ["--excel", "--lang", "da"]):
            with self.subTest(words):
                whole = self.place.done("export", "2025", "-x", self.place.key)
                self.place.done("export", "2025", "-x", *words, "-F", "-o", "out.csv", self.place.key)
                other = Place.for_test(self)
                other.init()
                other.done("import", "-y", self.place.work / "out.csv")
                self.assertEqual(whole, other.done("export", "2025", "-x", other.key))

    def test_what_spreadsheets_write(self):
        """A note of the delimiter, empty rows and columns, spaces that don't break, UTF-16, letters in two parts."""
        padded = "sep=;\r\n;;;;\r\n" + CONTACTS.replace("\n", ";\r\n").replace("telefon", "\u00a0telefon\u202f") + ";;;;\r\n"
        for number, raw in enumerate((padded.encode(), ("\ufeff" + padded).encode("utf-16-le"),
                                      ("\ufeff" + padded).encode("utf-16-be"),
                                      padded.replace("å", "a\u030a").encode())):
            with self.subTest(number):
                place = Place.for_test(self)
                place.init()
                (place.work / "t.csv").write_bytes(raw)
                place.done("import", "--yes", "t.csv")
                self.assertEqual(COUNTED, place.counts("2025"))

    # ---- workbooks ----

    def book(self, rows, name="book.xlsx", more=(), epoch=None, start=1):
        """A workbook whose first sheet has the rows, from row `start` on."""
        book = openpyxl.Workbook()
        if epoch:
            book.epoch = epoch
        for number, (title, cells) in enumerate([("Liste", rows), *more]):
            sheet = book.active if number == 0 else book.create_sheet()
            sheet.title = title
            for line, row in enumerate(cells, start):
                for column, value in enumerate(row, 1):
                    sheet.cell(line, column, value)
        file = self.place.work / name
        book.save(file)
        return file

    HEAD = ["Dato", "Kanal", "Målgruppe", "Samtale"]
    SHEET = [HEAD, [datetime.date(2025, 11, 3), "telefon", "pårørende", 1],
             [datetime.datetime(2025, 11, 30, 23, 59), "Personlig\u00a0", "bruger", 2], [], [None, " ", "", None, None, " "],
             ["5. november 2025", "mail", "fagperson", "1"], ["2025-12-04", "Hjemmeside", "Bruger", 5]]

    def test_a_workbook(self):
        result = self.place.tavs("import", "--yes", self.book(self.SHEET))
        self.assertEqual(DONE, result.status, result)
        self.assertIn("Sheet: Liste\n", result.out)
        self.assertIn("delete it, or lock it away", result.err)
        self.assertEqual(COUNTED, self.place.counts("2025"))

    def test_workbooks_of_other_kinds(self):
        """Empty rows above, whatever the name is, counted days from 1904; not through a pipe."""
        for number, file in enumerate((self.book(self.SHEET, start=4), self.book(self.SHEET, name="list.csv"),
                                       self.book(self.SHEET, name="mac.xlsx", epoch=openpyxl.utils.datetime.CALENDAR_MAC_1904))):
            with self.subTest(number):
                place = Place.for_test(self)
                place.init()
                place.done("import", "-y", file)
                self.assertEqual(COUNTED, place.counts("2025"))
        with open(file, "rb") as stream:
            result = subprocess.run(self.place.command("import", "-y", "-"), env=self.place.env, cwd=self.place.work, stdin=stream,
                                    capture_output=True, text=True)
        self.assertEqual(WRONG_USE, result.returncode)
        self.assertRegex(result.stderr, "(?s)standard input is a document, or a workbook.*a workbook has to be named, it can't come through a pipe")

    def test_other_process_reads_the_workbook(self):
        """It says nothing where something else is wrong, and what ends it is told."""
        (self.place.work / "bad.xlsx").write_bytes(b"PK\3\4 no archive")
        other = Place.for_test(self)
        result = self.assert_refused(other, REFUSED, "there is no store", "import", "-y", self.place.work / "bad.xlsx")
        self.assertNotIn("workbook", result.err)
        file = self.book(self.SHEET)
        folder = self.place.work / "bin"
        folder.mkdir()
        program = shutil.copy2(BUILD / "tavs", folder)
        for part in BUILD.glob("tavs-*.so"):
            shutil.copy2(part, folder)
        for text, message in (("#!/bin/sh\nkill -9 $$\n", r"a part of the program failed: tavs-scan$"),
                              ("#!/bin/sh\nprintf 'Ark\\nDato;Kanal;Part;Samtale\\n2025-01;telefon;bruger;1\\n'; exit 5\n",
                               r"a part of the program failed: tavs-scan$")):
            with self.subTest(text):
                (folder / "tavs-scan").write_text(text)
                (folder / "tavs-scan").chmod(0o755)
                result = self.place.tavs(command=[program, "--store", self.place.store, "import", "-y", file])
                self.assert_complaint(result, SYSTEM, message, ".*nothing has changed")
                self.assertEqual({}, self.place.counts("2025"))

    def test_ods(self):
        """What LibreOffice writes: dates by their value, and a million empty rows in one."""
        def cell(value):
            kind = (f'office:value-type="date" office:date-value="{value.isoformat()}"' if isinstance(value, datetime.date) else
                    f'office:value-type="float" office:value="{value}"' if isinstance(value, int) else 'office:value-type="string"')
            return f"<table:table-cell {kind}><text:p>{'4. nov' if isinstance(value, datetime.date) else value}</text:p></table:table-cell>"

        names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
        rows = [self.HEAD, [datetime.date(2025, 11, 3), "telefon", "pårørende", 1], [datetime.date(2025, 11, 4), "Personlig", "bruger", 2],
                ["5. november 2025", "mail", "fagperson", "1"], ["2025-12-04", "Hjemmeside", "Bruger", 5]]
        filled = "".join("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows)
        empty = ('<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1024"/>'
                 "</table:table-row>")
        content = (f"<office:document-content {names}><office:body><office:spreadsheet>"
                   f'<table:table table:name="Andet"><table:table-row>{cell("x")}</table:table-row></table:table>'
                   f'<table:table table:name="Liste">{filled}{empty}</table:table>'
                   "</office:spreadsheet></office:body></office:document-content>")
        with zipfile.ZipFile(self.place.work / "list.ods", "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", content)
        self.assertIn("Sheet: Liste\n", self.place.done("import", "-y", "--sheet", "Liste", "list.ods"))
        self.assertEqual(COUNTED, self.place.counts("2025"))

    def test_ods_that_repeats_too_much(self):
        """A row that stands for a million contacts is no typing error that would be counted in part."""
        names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))

        def row(cells, times):
            return (f'<table:table-row table:number-rows-repeated="{times}">' +
                    "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells) + "</table:table-row>")

        for times, counted in ((3, 3), (20000, 20000), (1000000, None)):
            with self.subTest(times):
                content = (f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="A">'
                           f'{row(self.HEAD, 1)}{row(["2025-11", "telefon", "bruger", "1"], times)}</table:table>'
                           "</office:spreadsheet></office:body></office:document-content>")
                with zipfile.ZipFile(self.place.work / "many.ods", "w") as archive:
                    archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
                    archive.writestr("content.xml", content)
                place = Place.for_test(self)
                place.init()
                if counted is None:
                    self.assert_refused(place, WRONG_USE, ".*many.ods is a document, or a workbook that can't be read", "import", "-y",
                                        self.place.work / "many.ods")
                    self.assertEqual({}, place.counts("2025"))
                else:
                    place.done("import", "-y", self.place.work / "many.ods")
                    self.assertEqual({("2025-11", "phone", "user", 1): counted}, place.counts("2025"))

    def test_which_sheet(self):
        one = [self.HEAD, ["2025-10", "telefon", "bruger", 1]]
        file = self.book([["Andet"]], more=[("Tal", one), ("1", [["x"]])])
        self.assert_refused(self.place, WRONG_USE, "the first row of .*book.xlsx does not name", "import", "-y", file)
        for sheet in ("Tal", "2"):
            self.place.done("import", "-y", "--again", "--sheet", sheet, file)
        self.assertEqual({("2025-10", "phone", "user", 1): 2}, self.place.counts("2025"))
        for sheet in ("1", "4", "0", "tal", "Andet"):  # "1" is a name
            self.assertEqual(WRONG_USE, self.place.tavs("import", "-y", "-q", "-A", "--sheet", sheet, file).status)
        self.assert_refused(self.place, WRONG_USE, "4: there is no such sheet", "import", "-y", "-S", "4", file, hint=".*--sheet")
        self.assert_refused(self.place, WRONG_USE, "1: there is no such sheet", "import", "-y", "-S", "1", self.table(CONTACTS))

    def test_what_a_workbook_is_refused_for(self):
        row = [datetime.date(2025, 11, 3), "telefon", "bruger", 1]
        for rows, message in (
                ([self.HEAD + ["Navn"], row + ["Jens"]], "columns that nothing can be counted from, .*'Navn'"),
                ([self.HEAD, [], row, [None, None, None, None, "x"]], ".*, row 4: not as many cells"),
                ([self.HEAD, row, ["x"]], ".*, row 3, column 'Dato': this is not a month"),
                ([self.HEAD + [None, "Antal"], row + ["Jens", 2]], ".*, row 2, column 5: something stands in a column"),
                ([self.HEAD, row[:3]], ".*, row 2, column 'Samtale'"),
                ([self.HEAD, [2025, *row[1:]]], ".*, row 2, column 'Dato': this is not a month"),
                ([["Henvendelser 2025"], self.HEAD, row], "the first row of .* does not name columns"),
                ([], ".*book.xlsx is empty")):
            with self.subTest(rows):
                result = self.assert_refused(self.place, WRONG_USE, message, "import", "-y", self.book(rows))
                self.assertNotIn("Jens", result.err)

    def test_what_is_no_workbook_of_this_kind(self):
        for name, entries in (("list.odt", {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
                              ("list.docx", {"word/document.xml": "<x/>"})):
            with zipfile.ZipFile(self.place.work / name, "w") as archive:
                for entry, text in entries.items():
                    archive.writestr(entry, text)
            self.assert_refused(self.place, WRONG_USE, f"{name} is a document, or a workbook that can't be read", "import", "-y",
                                name, hint=".*save the sheet as csv")
        whole = self.book(self.SHEET).read_bytes()
        (self.place.work / "half.xlsx").write_bytes(whole[:len(whole) // 2])
        self.assert_refused(self.place, WRONG_USE, "half.xlsx is a document, or a workbook that can't", "import", "-y", "half.xlsx")
        (self.place.work / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
        self.assert_refused(self.place, WRONG_USE, "old.xls is a workbook of an old kind", "import", "-y", "old.xls")

    def test_a_time_of_another_zone(self):
        text = "date,channel,party,session\n2025-10-31T23:30:00Z,phone,user,1\n2025-11-30T22:30:00Z,phone,user,1\n"
        self.place.env["TZ"] = "Europe/Copenhagen"
        self.place.done("import", "-y", self.table(text))
        self.assertEqual({("2025-11", "phone", "user", 1): 2}, self.place.counts("2025"))

    def test_columns_that_are_named(self):
        text = "Month,How,Who,No\n2025-11,phone,user,1\n"
        self.refused(text, "columns that nothing can be counted from")
        self.place.done("import", "-y", "-C", "channel=How", "-C", "party=Who", "-C", "session=No",
                        self.table(text))
        self.assertEqual({("2025-11", "phone", "user", 1): 1}, self.place.counts("2025"))

    def test_from_standard_input(self):
        self.place.done("import", "-y", "-", given=CONTACTS)
        self.assertEqual(COUNTED, self.place.counts("2025"))

    # ---- asking ----

    def test_preview_without_anybody_to_ask(self):
        before = self.place.store.read_bytes()
        result = self.place.tavs("import", self.table(CONTACTS))
        self.assertEqual(WRONG_USE, result.status)
        self.assertIn("To be counted, ", result.out)
        self.assertRegex(result.out, r"November 2025 +1 +1 +1 +0 +3\n")
        self.assertRegex(result.err, "nothing was counted: there is nobody to say yes\nhint: .*--yes\n$")
        self.assertEqual(before, self.place.store.read_bytes())

    def test_yes_and_no_at_the_terminal(self):
        for key, status, counted in (("n", CANCELLED, {}), ("y", DONE, COUNTED)):
            with Terminal(self.place.command("import", self.table(CONTACTS)), env=self.place.env) as terminal:
                terminal.expect("Count all of it?")
                terminal.type(key.encode())
                self.assertEqual(f"exited {status}", terminal.fate())
            self.assertEqual(counted, self.place.counts("2025"))

    # ---- what was counted before ----

    def kept(self):
        """The store and what this machine keeps beside its key."""
        return {path: found for path, found in self.place.tree().items() if path.startswith("state/") or path.endswith(".mdb")}

    def again(self, text, months):
        """The list is refused for these months, and nothing is changed."""
        before = self.kept()
        result = self.place.tavs("import", "-y", "-q", self.table(text))
        self.assert_complaint(result, WRONG_USE, "months of this list have been counted before on this machine: "
                              f"{', '.join(months)}", ".*--again")
        self.assertEqual(before, self.kept())

    def test_the_same_contacts_saved_anew(self):
        """In other bytes, in another order, as a tally: the months are known."""
        self.place.done("import", "-y", self.table(CONTACTS))
        head, *rows = CONTACTS.splitlines()
        tally = "month,channel,party,session,count\n" + "".join(
            f"{month},{channel},{party},{session},{count}\n" for (month, channel, party, session), count in COUNTED.items())
        for text in (CONTACTS, CONTACTS.replace("\n", "\r\n"), "\ufeff" + CONTACTS, CONTACTS.replace(";", "\t"),
                     "\n".join([head, *reversed(rows)]), tally):
            with self.subTest(text):
                self.again(text, ["2025-11", "2025-12"])
        self.place.done("import", "-y", "--again", self.table(CONTACTS))
        self.assertEqual({key: 2 * count for key, count in COUNTED.items()}, self.place.counts("2025"))

    def test_a_list_that_has_grown(self):
        self.place.done("import", "-y", self.table(CONTACTS))
        grown = CONTACTS + "6.10.2025;telefon;bruger;1\n7.1.2026;telefon;bruger;1\n7.1.2026;telefon;bruger;2\n"
        self.again(grown, ["2025-11", "2025-12"])
        result = self.place.tavs("import", "-y", self.table(grown))
        self.assertEqual(WRONG_USE, result.status)
        self.assertIn("This machine has counted a list of these months before:\n  November 2025 (here: 3 contacts)\n"
                      "  December 2025 (here: 1 contact)\n", result.err)
        for key, status, counted in (("n", CANCELLED, 4), ("y", DONE, 11)):
            with Terminal(self.place.command("import", self.table(grown)), env=self.place.env) as terminal:
                terminal.expect("November 2025 (here: 3 contacts)")
                terminal.expect("Count all of it once more?")
                terminal.type(key.encode())
                self.assertEqual(f"exited {status}", terminal.fate())
            self.assertEqual(counted, sum(self.place.counts("2025-01..2026-12").values()))

    def test_other_months_are_not_asked_about(self):
        self.place.done("import", "-y", self.table(CONTACTS))
        for month in ("2024-11", "2025-10", "2026-01"):
            self.place.done("import", "-y", self.table(f"month,channel,party,session\n{month},phone,user,1\n"))
        # A month between the first and the last of a list was in it, with nobody.
        self.place.done("import", "-y", self.table("month,channel,party,session\n2022-03,web,user,1\n2022-06,web,user,1\n"))
        self.again("month,channel,party,session\n2022-04,phone,user,1\n", ["2022-04"])

    def test_what_is_kept_of_a_list(self):
        """A file of one size, whatever was imported, and other bytes each time: no names, no text, no digest that can
        be compared."""
        kept = []
        for number in range(3):
            self.place.done("import", "-y", "--again", self.table(CONTACTS))
            [file] = (path for path in (self.place.folder / "state/tavs").iterdir() if path.suffix == ".imported")
            self.assertEqual(0o600, file.stat().st_mode & 0o777)
            kept.append(file.read_bytes())
            self.assertNotIn(b"table", kept[-1])
        self.assertEqual(1, len(set(map(len, kept))))
        for one, other in zip(kept, kept[1:]):
            same = sum(a == b for a, b in zip(one[48:], other[48:]))
            self.assertLess(same, len(one) // 100)

    # ---- taking back ----

    def undo(self, text, *words):
        return self.place.tavs("import", "--undo", "--yes", self.table(text), self.place.key, *words)

    def test_undo(self):
        self.place.done("log", "--month", "2025-11", "phone", "relative")
        before = self.place.counts("2025")
        self.place.done("import", "-y", self.table(CONTACTS))
        # Saved anew, it is the same list.
        result = self.undo(CONTACTS.replace("\n", "\r\n"))
        self.assertEqual((DONE, ""), (result.status, result.out), result)
        self.assertIn("Taken back: 4 contacts, November to December 2025\n", result.err)
        self.assertEqual(before, self.place.counts("2025"))
        self.assert_nothing_left_in_the_store(self.place)
        self.assert_complaint(self.undo(CONTACTS), WRONG_USE, ".*table.csv has not been counted on this machine")
        self.place.done("import", "-y", self.table(CONTACTS))  # nobody is asked
        self.assertEqual(5, sum(self.place.counts("2025").values()))

    def test_undo_takes_back_one_of_two(self):
        self.place.done("import", "-y", self.table(CONTACTS))
        self.place.done("import", "-y", "--again", self.table(CONTACTS))
        for left in (COUNTED, {}):
            self.assertEqual(DONE, self.undo(CONTACTS).status)
            self.assertEqual(left, self.place.counts("2025"))
        self.assertEqual(WRONG_USE, self.undo(CONTACTS).status)

    def test_undo_is_refused(self):
        self.assert_complaint(self.undo(CONTACTS), WRONG_USE, ".*has not been counted on this machine")
        self.place.done("import", "-y", self.table(CONTACTS))
        before = self.kept()
        for other in (CONTACTS + "6.11.2025;telefon;bruger;1\n", CONTACTS.replace("bruger;2", "bruger;3")):
            self.assert_complaint(self.undo(other), WRONG_USE, ".*has not been counted on this machine")
        self.place.done("import", "--undo", "--help")
        self.assertEqual(before, self.kept())
        self.place.done("retract", "--month", "2025-12", "web", "user", "5")
        store = self.place.store.read_bytes()
        self.assert_complaint(self.undo(CONTACTS), WRONG_USE, "less is left than the list has counted: 2025-12, web, user, 5")
        self.assertEqual(store, self.place.store.read_bytes())
        self.place.done("log", "--month", "2025-12", "web", "user", "5")
        self.place.done("close", "2025-11", self.place.key)
        self.assert_complaint(self.undo(CONTACTS), WRONG_USE, ".*closed")
        self.place.done("reopen", "2025-11", self.place.key)
        self.assertEqual(DONE, self.undo(CONTACTS).status)
        self.assertEqual({}, self.place.counts("2025"))

    def test_undo_asks(self):
        self.place.done("import", "-y", self.table(CONTACTS))
        for key, status, counted in (("n", CANCELLED, COUNTED), ("y", DONE, {})):
            with Terminal(self.place.command("import", "--undo", self.table(CONTACTS), self.place.key),
                          env=self.place.env) as terminal:
                terminal.expect("To be taken back: 4 contacts, November to December 2025")
                terminal.expect("Take back all of it?")
                terminal.type(key.encode())
                self.assertEqual(f"exited {status}", terminal.fate())
            self.assertEqual(counted, self.place.counts("2025"))

    # ---- refusals ----

    def test_a_column_of_names_is_not_read_past(self):
        """Nothing below the headings has been asked for when the heading is refused."""
        fifo = self.place.work / "pipe"
        os.mkfifo(fifo)
        writer = os.open(fifo, os.O_RDWR)  # never at its end: whoever reads on waits for ever
        self.addCleanup(os.close, writer)
        os.write(writer, "Dato;Kanal;Målgruppe;Samtale;Navn\n".encode())
        result = self.place.tavs("import", "-y", fifo)
        self.assert_complaint(result, WRONG_USE, "columns that nothing can be counted from, .*'Navn'",
                              "remove them from the file")

    def test_cells_that_are_not_echoed(self):
        text = CONTACTS + "6.12.2025;Jens Hansen;bruger;1\n"
        self.refused(text, ".*table.csv, row 6, .*Kanal.*: this is not a channel")
        self.assertNotIn("Jens", self.place.tavs("import", "-y", self.table(text)).err)

    def test_bad_tables(self):
        head = "month,channel,party,session,count\n"
        for text, message in (
                ("", ".*table.csv is empty"), ("<html>", ".*table.csv is a web page"), ("a,b\n1,2\n", "the first row of"),
                ("month,channel,party\n2025-11,phone,user\n", "there is no such column"),
                ("month,date,channel,party,session\n", "two columns are the same"),
                (head + "2025-13,phone,user,1,1\n", ".*: this is not a month"),
                (head + "3/11/2025,phone,user,1,1\n", ".*, row 2, .*: this date can be read as one month or"),
                (head + "May 17,phone,user,1,1\n", ".*, row 2, .*: this date can be read as one month or"),
                (head[:-1] + ",\n2025-11,phone,user,1,1,x\n", ".*, row 2, column 6: something stands in a column without"),
                (head + "2025-11,phone,user,6,1\n", ".*: this is a conversation after the fifth"),
                (head + "2025-11,phone,user,x,1\n", ".*: this is not the number"),
                (head + "2025-11,phone,user,1,1.234\n", ".*: this is not a number"),
                (head + "2025-11,phone,user,1,..\n", ".*: this figure has been hidden"),
                (head + "2025-11,phone,user,1\n", ".*: not as many cells"),
                (head + "2025-11,phone,user,1,100001\n", ".*(too many|not a number)"),
                (head + '2025-11,"phone,user,1,1\n', ".*: this can't be read|.*: not as many cells")):
            with self.subTest(text):
                self.refused(text, message)

    def test_what_the_store_refuses(self):
        self.place.done("offer", "--channels", "phone", self.place.key)
        self.refused(CONTACTS, "this place does not offer the channel")
        self.place.done("offer", "--channels", "in-person,phone,mail,web", self.place.key)
        self.place.done("close", "2025-11", self.place.key)
        self.refused(CONTACTS, ".*2025.*closed|.*November 2025.*", None)
        self.refused("month,channel,party,session\n2199-01,phone,user,1\n", ".*")

    def test_in_danish(self):
        self.table(CONTACTS)
        result = self.place.tavs("--lang", "da", "import", "table.csv")
        self.assertIn("november 2025", result.out)


if __name__ == "__main__":
    unittest.main()
