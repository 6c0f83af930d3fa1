"""What is not published, and what the store's threshold and its ledger prevent."""

import json
import re
import shutil
import unittest
from concurrent.futures import ThreadPoolExecutor

from office import OfficeTest, sums_of
from place import DONE, REFUSED, WRONG_USE, Place, PlaceTest, this_month
from terminal import Terminal

QUESTION = "Publish this? It can't be taken back, only corrected. "


class Refused(OfficeTest):
    """Before anything is recorded, with the command that helps."""

    def test_open_months(self):
        self.place.done("reopen", "2017-11", self.place.key)
        for period, months, way_out in (
                ("2017", "November to December 2017", "tavs close 2017-12, or tavs publish 2017-01..2017-10"),
                ("2017-Q4", "November to December 2017", "tavs close 2017-12, or tavs publish 2017-10"),
                ("2017-11", "November 2017", "tavs close 2017-11"),
                ("2017-03..2017-11", "November 2017", "tavs close 2017-11, or tavs publish 2017-03..2017-10")):
            self.assert_not_published(
                WRONG_USE, f"only closed months are published, and these are not: {months} \\({re.escape(way_out)}\\)$",
                period, hint="'tavs report' and 'tavs export' show what could be published, as a draft$")
        # What it names can be done.
        self.place.published("2017-01..2017-10")
        self.place.done("close", "2017-12", self.place.key)
        self.place.published("2017")

    def test_a_year_that_has_not_ended(self):
        year = this_month()[:4]
        self.assert_not_published(WRONG_USE, "only closed months are published, and these are not: January to December "
                                             f"{year}$", year)

    def test_a_count_below_zero(self):
        """Found by trying: what was taken back too often was published as a small figure."""
        place = Place.for_test(self)
        place.init()
        place.import_rows([("2017-03", "in-person", "user", 1, 40), ("2017-03", "phone", "relative", 1, 25),
                           ("2017-04", "phone", "user", 1, 12)])
        place.done("retract", "--month", "2017-05", "--count", "3", "phone", "relative")
        place.done("close", "2017-12", place.key)
        self.place = place
        message = r"more was taken back than counted: May 2017, phone, relative, 1 " \
                  r"\(tavs log --month 2017-05 phone relative 1\)$"
        for period in ("2017", "2017-Q4"):
            self.assert_not_published(WRONG_USE, message, period, hint="count again what was taken back by mistake")
        for words in (("report", "2017"), ("export", "2017-Q4")):
            self.assert_refused(place, WRONG_USE, message, *words, place.key)
        place.published("2017-Q1")  # up to there it is in order
        place.done("reopen", "2017-05", "--yes", place.key)
        for _ in range(3):
            place.done("log", "--month", "2017-05", "phone", "relative", "1")
        place.done("close", "2017-12", place.key)
        place.published("2017")

    def test_a_count_below_zero_of_what_is_not_offered(self):
        """What is named works: it is offered, and then it can be counted."""
        self.place = place = Place.for_test(self)
        place.init("--channels", "in-person", "--parties", "user")
        place.import_rows([("2017-03", "in-person", "user", 1, 40)])
        for month, contact, way, log in (
                ("2017-05", ("mail", "user", "1"), "offer --channels in-person,mail", "log --month 2017-05 mail user 1"),
                ("2017-06", ("mail", "relative", "2"), "offer --channels in-person,mail --parties user,relative",
                 "log --month 2017-06 mail relative 2"),
                ("2017-07", ("in-person", "relative", "1"), "offer --parties user,relative",
                 "log --month 2017-07 in-person relative 1")):
            with self.subTest(contact):
                place.done("retract", "--month", month, *contact)
                self.assert_refused(place, WRONG_USE, rf"more was taken back than counted: .* \(tavs {way}, then tavs {log}\)$",
                                    "report", "2017", place.key)
                place.done(*way.split(), place.key)
                place.done(*log.split())
                place.done("report", "2017", place.key)
                place.done("offer", "--channels", "in-person", "--parties", "user", place.key)
        place.done("retract", "--month", "2017-05", "mail", "user")
        result = place.tavs("--lang", "da", "report", "2017", place.key)
        self.assertRegex(result.err, "tavs offer --channels in-person,mail, og så tavs log --month 2017-05 mail user 1")

    def test_more_second_conversations_than_first(self):
        self.count_again("-m", "2017-09", "-n", "40", "phone", "user", "2")
        message = r"more conversations of a number than of the one before it: user, conversation 2 than 1, up to " \
                  r"December 2017 \(tavs retract --month \d{4}-\d\d CHANNEL user 2\)$"
        self.assert_not_published(WRONG_USE, message, "2017", hint="'tavs show PERIOD --by month,party,session'")
        self.assert_refused(self.place, WRONG_USE, message, "report", "2017", self.place.key)
        self.place.published("2017-Q1")
        self.count_again("-m", "2017-09", "-n", "40", "phone", "user", "2", command="retract")
        self.place.published("2017", folder="year")

    def test_two_at_once(self):
        """What was not protected together is not published at the same time."""
        quarters = ["2017-Q1", "2017-Q2"]
        with ThreadPoolExecutor(len(quarters)) as side_by_side:
            results = list(side_by_side.map(lambda quarter: self.place.publish(quarter, folder=quarter), quarters))
        self.assertIn(DONE, {result.status for result in results})
        for quarter, result in zip(quarters, results):
            if result.status != DONE:
                self.assert_complaint(result, REFUSED, ".* was changed by somebody else in the meantime",
                                      "nothing is published or recorded; run the command again")
                self.assertEqual({}, self.files(quarter))
                self.place.published(quarter, folder=quarter)
        self.assertIn("Releases: 2;", self.place.done("release", "list", self.place.key))

    def test_changed_while_the_question_stands(self):
        """The same, for certain: a release, a month opened, another threshold, an offer."""
        for words in (("publish", "2017-Q1", "-y", "-o", "."), ("reopen", "2017-12"), ("threshold", "6"),
                      ("offer", "-c", "phone")):
            with self.subTest(words):
                self.setUp()
                (self.place.work / "out").mkdir()
                with Terminal(self.place.command("publish", "2017", "-o", self.place.work / "out", self.place.key),
                              env=self.place.env, columns=200) as terminal:
                    terminal.expect(QUESTION)
                    self.place.done(*words, self.place.key)
                    changed = self.place.store.read_bytes()
                    terminal.type(b"y")
                    self.assertEqual(f"exited {REFUSED}", terminal.fate())
                    terminal.expect("was changed by somebody else in the meantime")
                self.assertEqual(changed, self.place.store.read_bytes())
                self.assertEqual({}, self.files())

    def test_counting_goes_on_meanwhile(self):
        """In months that are open: it waits for nobody, and is no reason to refuse."""
        (self.place.work / "out").mkdir()
        with Terminal(self.place.command("publish", "2017", "-o", self.place.work / "out", self.place.key),
                      env=self.place.env, columns=200) as terminal:
            terminal.expect(QUESTION)
            self.place.done("log", "phone", "user")
            terminal.type(b"y")
            self.assertEqual([], terminal.result())
        self.assertEqual(2, len(self.files()))


class Threshold(PlaceTest):
    def setUp(self):
        self.place = place = Place.for_test(self)
        place.init("--threshold", "10")
        place.import_rows([("2017-03", "in-person", "user", 1, 40), ("2017-03", "phone", "user", 1, 8),
                           ("2017-03", "phone", "relative", 1, 25), ("2017-03", "mail", "professional", 1, 7)])
        place.done("close", "2017-12", place.key)

    def state(self):
        return self.place.done("threshold")

    def told(self, folder, *words):
        self.place.published("2017", "-f", "json", *words, folder=folder)
        [file] = (self.place.work / folder).iterdir()
        return json.loads(file.read_text())

    def test_it_is_the_store_s(self):
        self.assertEqual("Counts under 10 are hidden in what is published.\n", self.state())
        record = self.told("one")
        self.assertEqual(10, record["threshold"])
        self.assertFalse({count for count in sums_of(record).values() if count is not None and count < 10})

    def test_it_may_be_lowered_while_nothing_was_published(self):
        self.place.done("threshold", "5", self.place.key)
        self.assertIn("under 5 ", self.state())
        self.assertIn(8, sums_of(self.told("one")).values())

    def test_it_is_not_lowered_after_a_release(self):
        """Found by trying: what a release hid as small, a later one with a lower threshold showed."""
        first = sums_of(self.told("one"))
        for lower in ("5", "9"):
            self.assert_refused(self.place, WRONG_USE,
                                "the threshold is 10 and can't be lowered: something has been published$", "threshold",
                                lower, self.place.key, hint="it can be raised; what was hidden as small would show")
            self.assert_refused(self.place, WRONG_USE,
                                "the threshold is 10 and can't be lowered: something has been published$", "report",
                                "2017", "-T", lower, self.place.key)
        self.assertIn("under 10 ", self.state())
        self.assertEqual(first, sums_of(self.told("other")))
        # A draft may try a higher one; it leaves the threshold, and what is published next, as they are.
        before = self.place.store.read_bytes()
        self.assertRegex(self.place.done("report", "2017", "-T", "12", self.place.key), "under 12, or hidden")
        self.assertEqual(before, self.place.store.read_bytes())

    def test_it_is_raised(self):
        self.place.done("threshold", "12", self.place.key)
        first = sums_of(self.told("one"))
        self.place.done("threshold", "20", self.place.key)
        self.assertIn("under 20 ", self.state())
        second = sums_of(self.told("other"))
        for key, count in second.items():
            if first[key] is None:  # what was hidden stays so
                self.assertIsNone(count, key)

    def test_numbers_that_are_none(self):
        for word in ("2", "21", "five", "-5", "5.5", ""):
            self.assert_refused(self.place, WRONG_USE, f"'{word}' is not possible$" if word != "-5" else "", "threshold",
                                word, self.place.key)
        for word in ("2", "21", "x"):
            self.assert_refused(self.place, WRONG_USE, f"'--threshold {word}' is not possible$", "init", "--store",
                                "new.mdb", "--threshold", word, self.place.key)

    def test_a_wrong_passphrase(self):
        wrong = self.place.secret("wrong", "not the passphrase at all")
        self.assert_refused(self.place, 4, "the passphrase opens no key", "threshold", "12", "-p", wrong)


class Copies(OfficeTest):
    """A copy of a store does not know what was published from another one; the machine does."""

    BEHIND = "this copy of the store lacks release records that were published from this machine"

    def copy(self, name):
        shutil.copy2(self.place.store, self.place.work / name)
        return self.place.work / name

    def test_an_older_copy(self):
        old = self.copy("old.mdb")
        self.place.published("2017-Q1")
        for words in (("publish", "2017-Q2", "-y", "-o", "."), ("report", "2017"), ("export", "2017"),
                      ("release", "list"), ("publish", "--again", "1", "-o", ".")):
            with self.subTest(words):
                before = old.read_bytes()
                result = self.place.tavs("--store", old, *words, self.place.key)
                self.assert_complaint(result, REFUSED, self.BEHIND, "use the newest copy")
                self.assertEqual(before, old.read_bytes())
        self.place.published("2017-Q2")

    def test_two_copies_that_went_apart(self):
        other = self.copy("other.mdb")
        elsewhere = self.place.on("elsewhere")
        elsewhere.done("--store", other, "publish", "2017-Q1", "-y", "-o", ".", "-f", "csv", self.place.key)
        self.place.published("2017-Q2")
        result = self.place.tavs("--store", other, "publish", "2017-Q3", "-y", "-o", ".", self.place.key)
        self.assert_complaint(result, REFUSED, self.BEHIND)
        # Each machine knows its own only.
        elsewhere.done("--store", other, "publish", "2017-Q3", "-y", "-o", ".", "-f", "csv", self.place.key)

    def test_the_newest_copy_will_do(self):
        self.place.published("2017-Q1")
        new = self.copy("new.mdb")
        self.place.done("--store", new, "publish", "2017-Q2", "-y", "-o", ".", self.place.key)
        result = self.place.publish("2017-Q3")
        self.assert_complaint(result, REFUSED, self.BEHIND)

    def test_exact_figures_and_counting_go_on(self):
        """Looking inside the house, and counting, need no ledger."""
        old = self.copy("old.mdb")
        self.place.published("2017-Q1")
        for words in (("report", "2017", "-x", self.place.key), ("show", "2017", self.place.key),
                      ("log", "phone", "user")):
            self.place.done("--store", old, *words)


if __name__ == "__main__":
    unittest.main()
