"""tavs import: old figures from a table. What it shows, what it refuses, and that it is all or nothing."""

import os
import unittest

from place import CANCELLED, DONE, WRONG_USE, Place, PlaceTest
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

    def test_the_same_file_again(self):
        file = self.table(CONTACTS)
        self.place.done("import", "-y", file)
        before = self.place.tree()
        result = self.place.tavs("import", "-y", "-q", file)
        self.assert_complaint(result, WRONG_USE, ".* has been counted before on this machine", ".*--again")
        self.assertEqual(before, self.place.tree())
        self.place.done("import", "-y", "--again", file)
        self.assertEqual({key: 2 * count for key, count in COUNTED.items()}, self.place.counts("2025"))

    def test_what_is_kept_of_a_file(self):
        """A file of one size, whatever was imported; no names, no text, nothing but digests that need this machine's
        key."""
        sizes = set()
        for number in range(3):
            self.place.done("import", "-y", self.table(CONTACTS.replace("3.11", f"{number + 1}.11")))
            [kept] = (path for path in (self.place.folder / "state/tavs").iterdir() if path.suffix == ".imported")
            sizes.add(kept.stat().st_size)
            self.assertEqual(0o600, kept.stat().st_mode & 0o777)
            self.assertNotIn(b"table", kept.read_bytes())
        self.assertEqual(1, len(sizes))

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
                ("", "the first row of .* does not name columns"), ("a,b\n1,2\n", "the first row of"),
                ("month,channel,party\n2025-11,phone,user\n", "there is no such column"),
                ("month,date,channel,party,session\n", "two columns are the same"),
                (head + "2025-13,phone,user,1,1\n", ".*: this is not a month"),
                (head + "3/11/2025,phone,user,1,1\n", ".*: this is not a month"),
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
