"""What leaves the house: protected reports and exports, what the ledger keeps of them, and what it prevents."""

import csv
import io
import json
import re
import shutil
import unittest
from concurrent.futures import ThreadPoolExecutor

from place import DONE, REFUSED, WRONG_USE, Place, PlaceTest, is_sanitized, months_of
from test_cases import count_year

FOUND = 1
THRESHOLD = 5

in_time = unittest.skipIf(is_sanitized(), "in this build the time that a release has would be up")


def sums_of(record):
    """What is told, by what it adds up; None for what is hidden."""
    keys = ("place", "period", "channel", "party", "session")
    rows = record["sums"] if "sums" in record else record["rows"]
    return {tuple(row.get(key, "all") for key in keys): row["count"] for row in rows}


class ReleaseTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.kept = Place.for_class(cls)
        cls.kept.init("--channels", "in-person,phone")
        count_year(cls.kept, 2017)

    def setUp(self):
        self.place = Place.for_test(self)
        for name in ("work", "state"):
            shutil.rmtree(self.place.folder / name)
            shutil.copytree(self.kept.folder / name, self.place.folder / name)

    def release(self, *words, status=DONE):
        result = self.place.tavs(*words, self.place.key)
        self.assertEqual(status, result.status, result)
        return result

    def told(self, *words):
        return sums_of(json.loads(self.release(*words, "-f", "json").out))


class Report(ReleaseTest):
    def test_the_annual_table_is_shown(self):
        text = self.release("report", "2017").out
        table = text.split("Courses begun, by channel\n")[1].split("\n\n\n")[0]
        self.assertEqual(["40", "33", "73"], re.findall(r" (\d+)\n", table)[1:4])
        self.assertNotIn("Internal", text)
        self.assertIn(" figures are hidden (..): those under 5", text)

    def test_small_figures_are_hidden_and_others_exact(self):
        exact = self.place.counts("2017")
        told = self.told("report", "2017")
        self.assertGreater(sum(count is not None for count in told.values()), 23)
        for (_place, period, channel, party, session), count in told.items():
            first, last = months_of(period)
            value = sum(number for (month, *contact), number in exact.items()
                        if first <= month <= last and all(
                            code == "all" or str(part) in code.split("+")
                            for part, code in zip(contact, (channel, party, session))))
            with self.subTest(period=period, channel=channel, party=party, session=session):
                if value < THRESHOLD:
                    self.assertIsNone(count)
                elif count is not None:
                    self.assertEqual(value, count)

    def test_the_same_again_is_the_same_file(self):
        for form in ("text", "html", "xlsx", "json"):
            with self.subTest(form):
                for name in ("one", "other"):
                    self.release("report", "2017", "-f", form, "-o", name, "-F")
                one, other = ((self.place.work / name).read_bytes() for name in ("one", "other"))
                self.assertEqual(one, other)
        said = self.release("report", "2017").err
        self.assertIn("Released before, and nothing has changed: the same again.", said)

    def assert_all_open(self, explained):
        small = re.findall(r"hidden because it is under 5; at least (\d+) to (\d+) stays possible", explained)
        self.assertTrue(small)
        for least, most in small:
            self.assertEqual(0, int(least))
            self.assertGreaterEqual(int(most), THRESHOLD - 1)

    def test_what_was_released_before_is_explained_too(self):
        self.release("report", "2017")
        result = self.release("report", "2017", "--explain")
        self.assertIn("Released before, and nothing has changed: the same again.", result.err)
        self.assert_all_open(result.err)

    def test_preview_records_nothing(self):
        before = self.place.store.read_bytes()
        result = self.release("report", "2017", "--preview", "--explain")
        self.assertEqual(before, self.place.store.read_bytes())
        self.assertIn("nothing is recorded, so it must not be published", result.err)
        self.assertRegex(result.err,
                         r"(?m)^March 2017, courses begun: hidden because it is under 5; at least \d+ to \d+")
        self.assert_all_open(result.err)
        self.assertNotIn("hidden because", result.out)
        self.assertIn("Preview: not released, not for publication", result.out)
        self.release("report", "2017")
        self.assertNotEqual(before, self.place.store.read_bytes())
        self.assert_nothing_left_in_the_store(self.place)

    def test_every_preview_says_that_it_is_one(self):
        """What stood on standard output can't be taken for what was released."""
        for form in ("text", "markdown", "html", "json"):
            with self.subTest(form):
                out = self.release("report", "2017", "-f", form, "--preview").out
                self.assertIn("Preview: not released, not for publication", out)
        rows = list(csv.DictReader(io.StringIO(self.release("export", "2017-Q1", "--preview").out)))
        self.assertEqual({"preview", "hidden"}, {row["status"] for row in rows})

    @in_time
    def test_threshold(self):
        few, many = (sum(count is None for count in self.told("export", "2017", "-T", number, "--preview").values())
                     for number in ("3", "8"))
        self.assertLess(few, many)

    def test_several_places_are_refused_unless_exact(self):
        """All places less one place would give the other's joined-away months as a difference."""
        other = self.place.work / "other.mdb"
        self.place.init("--store", other)
        stores = ("--store", self.place.store, "--store", other)
        before = [store.read_bytes() for store in (self.place.store, other)]
        for words in ("report", "2017"), ("export", "2017-Q1"), ("report", "2017", "--preview"):
            result = self.place.tavs(*words, *stores, self.place.key)
            self.assertEqual(WRONG_USE, result.status, result)
            self.assertIn("several places in one release are not protected from each other yet", result.err)
            self.assertEqual("", result.out)
        self.assertEqual(before, [store.read_bytes() for store in (self.place.store, other)])
        self.assertEqual(DONE, self.place.tavs("report", "2017", "--exact", *stores, self.place.key).status)


class Joined(PlaceTest):
    @in_time
    def test_joined_rows_are_written_as_the_others_are(self):
        place = Place.for_test(self)
        place.init("--channels", "in-person,phone,mail", "--parties", "user")
        for channel, count in (("in-person", "40"), ("phone", "4"), ("mail", "4")):
            place.done("log", "-m", "2017-03", "-n", count, channel, "user")
        self.assertRegex(place.done("report", "2017", place.key), r"(?m)^In person +\S+\nPhone and mail +\S+\n-")
        self.assertRegex(place.done("--lang", "da", "report", "2017", place.key),
                         r"(?m)^Personlig henvendelse +\S+\nTelefon og mail +\S+\n-")


class Ledger(ReleaseTest):
    @in_time
    def test_one_release_after_the_other(self):
        """What was not protected together is not released at the same time."""
        quarters = ["2017-Q1", "2017-Q2"]
        with ThreadPoolExecutor(len(quarters)) as side_by_side:
            results = list(side_by_side.map(lambda quarter: self.place.tavs("export", quarter, self.place.key),
                                            quarters))
        self.assertIn(DONE, {result.status for result in results})
        for quarter, result in zip(quarters, results):
            if result.status != DONE:
                self.assert_complaint(result, REFUSED, "something else was released from .* in the meantime",
                                      "nothing is released or recorded; run the command again")
                self.assertEqual("", result.out)
                self.release("export", quarter)

    @in_time
    def test_months_do_not_use_up_the_year(self):
        for month in (1, 3):
            self.place.tavs("export", f"2017-{month:02}", self.place.key)
        told = self.told("report", "2017")
        self.assertEqual([40, 33, 73],
                         [told["all", "2017", channel, "all", "1"] for channel in ("in-person", "phone", "all")])

    @in_time
    def test_a_correction_is_no_difference_that_tells(self):
        self.release("report", "2017")
        self.place.done("log", "-m", "2017-07", "phone", "relative")
        result = self.place.tavs("report", "2017", "-f", "json", self.place.key)
        self.assert_complaint(result, FOUND, "there is nothing to publish: counts of 2017 have changed since",
                              "what was released before stands, 'tavs release list' shows it")
        self.assertEqual("", result.out)

    @in_time
    def test_what_one_release_hid_no_other_gives_away(self):
        """A figure under the threshold is told by none of them."""
        told = [self.told("report", "2017"), self.told("export", "2017-Q3")]
        hidden = set().union(*({key for key, count in one.items() if count is None} for one in told))
        shown = set().union(*({key for key, count in one.items() if count is not None} for one in told))
        exact = self.place.counts("2017")
        small = {month for month in {key[0] for key in exact}
                 if sum(count for key, count in exact.items() if key[0] == month and key[3] == 1) < THRESHOLD}
        for month in small:
            self.assertNotIn(("all", month, "all", "all", "1"), shown)
        self.assertTrue(hidden)

    def test_the_ledger_tells_nothing_to_others(self):
        """The file shows that there was a release, but not what was hidden."""
        self.release("report", "2017")
        self.assertNotIn(b"2017", self.place.store.read_bytes())
        self.assert_nothing_left_in_the_store(self.place)


class Offer(PlaceTest):
    """A place that offers less than it did."""

    def report(self, *early):
        """Telephone calls of 2017, and what was counted while mail was offered as well."""
        place = Place.for_test(self)
        place.init("--channels", "phone,mail", "--parties", "user")
        for words in early:
            place.done("log", *words)
        place.done("offer", "--channels", "phone", place.key)
        for month in ("2017-10", "2017-11"):
            place.done("log", "-m", month, "-n", "40", "phone", "user")
        place.done("report", "2017", "-f", "json", "-o", "report.json", place.key)
        place.done("check-release", "report.json")
        record = json.loads((place.work / "report.json").read_text())
        return record["offered"]["channels"], sums_of(record)

    @in_time
    def test_what_was_counted_is_not_the_difference_of_total_and_rows(self):
        offered, told = self.report(["-m", "2017-01", "-n", "3", "mail", "user"])
        self.assertEqual(["phone", "mail"], offered)
        self.assertEqual({80, None}, {told["all", "2017", channel, "all", "1"] for channel in ("phone", "all")})

    @in_time
    def test_nor_is_a_row_that_is_alone_the_total_that_is_hidden(self):
        offered, told = self.report(["-m", "2018-01", "phone", "user"], ["-m", "2018-02", "mail", "user", "2"])
        self.assertEqual(["phone", "mail"], offered)
        self.assertIn(None, [told["all", "2017", channel, "all", "1"] for channel in ("phone", "all")])

    @in_time
    def test_what_was_never_counted_has_no_row(self):
        offered, told = self.report()
        self.assertEqual(["phone"], offered)
        self.assertEqual(80, told["all", "2017", "all", "all", "1"])


class Export(ReleaseTest):
    def test_before_the_store_began(self):
        """Nothing was counted there, which is no zero that may be told."""
        before = self.place.store.read_bytes()
        for words in (["export", "2009-05"], ["export", "2009"], ["report", "2009", "2017"]):
            self.assert_complaint(self.release(*words, status=FOUND), FOUND, "there is nothing to publish", "ask for")
        self.assertEqual(before, self.place.store.read_bytes())

    @in_time
    def test_what_a_lower_threshold_showed_a_higher_one_hides(self):
        self.assertEqual(5, self.told("report", "2017", "-T", "3")["all", "2017-11", "all", "all", "1"])
        told = self.told("export", "2017", "-T", "8")
        self.assertFalse({count for count in told.values() if count is not None and count < 8})

    def test_csv(self):
        rows = list(csv.DictReader(io.StringIO(self.release("export", "2017-Q1").out)))
        self.assertEqual({"shown", "hidden"}, {row["status"] for row in rows})
        self.assertEqual({".."}, {row["count"] for row in rows if row["status"] == "hidden"})
        self.assertIn({"period": "2017-Q1", "channel": "in-person", "party": "all", "session": "1", "count": "15",
                       "status": "shown"}, rows)

    def test_a_month_with_nothing_to_show(self):
        self.place.done("log", "-m", "2016-05", "phone", "user")
        result = self.place.tavs("export", "2016-05", self.place.key)
        self.assert_complaint(result, FOUND,
                              "there is nothing to publish: every figure is under 5, or gives such a one away",
                              "ask for a longer period, such as a quarter or a year; --exact is for internal use")

    def test_options_that_do_not_fit(self):
        for words, message in ((["--threshold", "2"], "'--threshold 2' is not possible"),
                               (["--threshold", "21"], "'--threshold 21' is not possible"),
                               (["--threshold", "x"], "'--threshold x' is not possible"),
                               (["--exact", "--preview"], "'--exact --preview' is not possible"),
                               (["--exact", "--explain"], "'--exact --explain' is not possible"),
                               (["--preview", "-o", "file"], "'--preview --output' is not possible")):
            self.assert_refused(self.place, WRONG_USE, message, "export", "2017", *words, self.place.key)

    def test_without_the_part(self):
        """tavs-protect.so is not there: nothing is released, and nothing shown."""
        alone = self.place.work / "alone/deep/er"
        alone.mkdir(parents=True)
        program = shutil.copy2(self.place.command()[0], alone)
        result = self.place.tavs(command=[program, "--store", str(self.place.store), "export", "2017", self.place.key])
        if result.status != DONE:  # tavs may be installed on this machine
            self.assert_complaint(result, 5, r"a part of the program can't be loaded")


if __name__ == "__main__":
    unittest.main()
