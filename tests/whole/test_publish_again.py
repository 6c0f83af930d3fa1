"""A release can be printed again for ever: the same files, whatever was counted since."""

import json
import shutil
import time
import unittest

from office import OfficeTest, sums_of
from place import WRONG_USE, Place, PlaceTest, this_month
from shims import compile_shim


class Again(OfficeTest):
    """The same files, from the ledger alone, whatever was counted since."""

    FORMATS = "text,markdown,html,xlsx,json,csv"

    def setUp(self):
        super().setUp()
        self.place.published("2017-Q2", "-f", self.FORMATS, folder="quarter")
        self.place.published("2017", "-f", self.FORMATS, folder="year")

    def assert_the_same(self):
        for number, folder in ((1, "quarter"), (2, "year")):
            shutil.rmtree(self.place.work / "again", ignore_errors=True)
            self.assertEqual(self.files(folder), self.again(number, "again", "-f", self.FORMATS))

    def test_at_once_and_in_another_folder(self):
        before = self.place.store.read_bytes()
        self.assert_the_same()
        self.assertEqual(before, self.place.store.read_bytes())

    def test_after_counting_opening_and_correcting(self):
        for change in (lambda: self.place.done("log", "phone", "user"),
                       lambda: self.place.done("reopen", "2017-05", "--yes", self.place.key),
                       lambda: self.place.import_rows([("2017-05", "phone", "user", 1, 7),
                                                       ("2017-06", "in-person", "professional", 1, 9)]),
                       lambda: self.place.done("close", "2017-12", self.place.key),
                       lambda: self.place.done("publish", "--correct", "--yes", self.place.key),
                       lambda: self.place.done("threshold", "9", self.place.key),
                       lambda: self.place.done("offer", "--channels", "in-person,phone,web", self.place.key)):
            change()
            self.assert_the_same()

    def test_months_later(self):
        """The date in it is that of publishing."""
        clock = self.place.folder / "clock"
        year = int(this_month()[:4]) + 2
        clock.write_text(str(int(time.mktime((year, 3, 1, 12, 0, 0, 0, 0, -1)))))
        env = {"LD_PRELOAD": self.place.preloading(compile_shim("clock_shim")), "CLOCK_FILE": str(clock)}
        self.assertIn(f" March {year}\n", self.place.done("report", "2017", "-x", self.place.key, env=env))
        (self.place.work / "later").mkdir()
        self.place.done("publish", "--again", "2", "-o", "later", "-f", self.FORMATS, self.place.key, env=env)
        self.assertEqual(self.files("year"), self.files("later"))

    def test_in_another_language_and_format(self):
        """The same figures; in Danish twice is byte for byte the same, too."""
        danish = self.again(2, "da", "-f", "text,json", "--lang", "da")
        self.assertEqual(danish, self.again(2, "da again", "-f", "text,json", "--lang", "da"))
        self.assertIn("Personlig henvendelse", danish["tavs-2017.txt"].decode())
        self.assertEqual(sums_of(json.loads(danish["tavs-2017.json"])), self.read("year"))
        excel = self.again(2, "excel", "-f", "csv", "--excel")["tavs-2017.csv"]
        self.assertTrue(excel.startswith(b"\xef\xbb\xbf"))
        self.assertEqual({"tavs-2017.html", "tavs-2017.csv"}, self.again(2, "default").keys())

    def test_from_a_backup_on_another_machine(self):
        self.place.done("backup", "copy.mdb")
        other = self.place.on("elsewhere")
        (self.place.work / "elsewhere").mkdir()
        other.done("publish", "--again", "2", "-o", "elsewhere", "-f", self.FORMATS, "--store", "copy.mdb", other.key)
        self.assertEqual(self.files("year"), self.files("elsewhere"))

    def test_a_name_that_is_taken(self):
        before = self.place.tree()
        result = self.place.tavs("publish", "--again", "2", "-o", "year", "-f", "csv", self.place.key)
        self.assert_complaint(result, WRONG_USE, "year/tavs-2017.csv exists already")
        self.assertEqual(before, self.place.tree())
        self.place.done("publish", "--again", "2", "-o", "year", "-f", "csv", "--force", self.place.key)
        self.assert_the_same()


class Offered(PlaceTest):
    """The record has what was ever offered when it was released: what is offered later is no part of it."""

    FILES = ("tavs-2017.txt", "tavs-2017.json", "tavs-2017.html")

    def setUp(self):
        self.place = place = Place.for_test(self)
        place.init("--channels", "phone", "--parties", "user")
        place.import_rows([("2017-03", "phone", "user", 1, 30), ("2017-04", "phone", "user", 2, 20)])
        place.done("close", "2017-12", place.key)
        place.published("2017", "-f", "text,json,html")

    def offer_more(self):
        self.place.done("offer", "--channels", "mail", "--parties", "user,relative", self.place.key)

    def again(self, number, folder):
        (self.place.work / folder).mkdir()
        self.place.done("publish", "--again", number, "-o", folder, "-f", "text,json,html", self.place.key)

    def read(self, folder, name):
        return (self.place.work / folder / name).read_bytes()

    def test_after_more_was_offered(self):
        """Where only one was offered its figures are those of all, and nothing else says which it was."""
        self.offer_more()
        self.again(1, "again")
        for name in self.FILES:
            self.assertEqual(self.read("out", name), self.read("again", name))
        self.assertIn("By telephone", self.read("again", "tavs-2017.txt").decode())

    def test_of_several_places(self):
        """Each offers one channel, and later both offer both."""
        self.place.done("--store", "south.mdb", "init", "--kdf", "interactive", "--channels", "mail", "--parties", "relative",
                        self.place.key)
        self.place.import_rows([("2018-02", "mail", "relative", 1, 40)], store="south.mdb")
        self.place.import_rows([("2018-02", "phone", "user", 1, 50)])
        places = ("--store", "tavs.mdb", "--store", "south.mdb")
        for store in places[1::2]:
            self.place.done("--store", store, "close", "2018-12", self.place.key)
        self.place.published(*places, "2018", "-f", "text,json", folder="both")
        for store in places[1::2]:
            self.place.done("--store", store, "offer", "--channels", "phone,mail,web", "--parties", "user,relative",
                            self.place.key)
        (self.place.work / "again").mkdir()
        self.place.done(*places, "publish", "--again", "2", "-o", "again", "-f", "text,json", self.place.key)
        for name in ("tavs-2018.txt", "tavs-2018.json"):
            self.assertEqual(self.read("both", name), self.read("again", name))

    def test_a_corrected_edition_has_the_layout_of_the_release(self):
        self.offer_more()
        self.place.done("reopen", "2017-12", "--yes", self.place.key)
        self.place.done("offer", "--channels", "phone,mail", self.place.key)
        self.place.done("log", "-m", "2017-12", "-n", "7", "phone", "user")
        self.place.done("close", "2017-12", self.place.key)
        self.place.done("publish", "--correct", "--yes", self.place.key)
        self.again(2, "edition")
        before, after = (json.loads(self.read(*where)) for where in (("out", "tavs-2017.json"),
                                                                     ("edition", "tavs-2017-edition-2.json")))
        self.assertEqual(before["places"], after["places"])
        lines = [[(table["columns"], [row["key"] for row in table["rows"]]) for table in record["tables"]]
                 for record in (before, after)]
        self.assertEqual(*lines)
        self.assertRegex(self.read("edition", "tavs-2017-edition-2.txt").decode(), r"By telephone +37\n")


if __name__ == "__main__":
    unittest.main()
