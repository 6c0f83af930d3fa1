"""Months are closed and opened again: who may do it, what it refuses, what is said, and what is left in the file."""

import json
import re
import subprocess
import time
import unittest

from cheater import Cheater
from place import DONE, REFUSED, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, in_words, this_month
from terminal import Terminal

MONTH, NEXT = "2014-05", "2014-06"
LOG = ("log", "--month", MONTH, "phone", "user")
CLOSED = "2014-05 is closed: its counts have been declared complete$"
WAY_OUT = "the leader opens it again with 'tavs reopen YYYY-MM'$"
REFUSAL = (WRONG_USE, CLOSED)


def month_after(back):
    """The month so many months after this one."""
    year, number = time.localtime()[:2]
    at = year * 12 + number - 1 + back
    return f"{at // 12}-{at % 12 + 1:02}"


def months_in_words(text):
    return re.sub(r"\d{4}-\d\d", lambda month: in_words(month[0]), text)


class CloseTest(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()

    def assert_says(self, expected, *words):
        """On standard error, after the store's fingerprint."""
        expected = months_in_words(expected)
        result = self.place.tavs(*words, self.place.key)
        self.assertEqual((DONE, "", expected), (result.status, result.out, result.err.splitlines()[-1]), result)
        self.assertEqual(2, len(result.err.splitlines()))

    def assert_state(self, expected):
        """Anybody who can read the file is told, without a passphrase."""
        expected = months_in_words(expected)
        self.assertEqual((DONE, expected + "\n", ""), self.place.tavs("close"))
        self.assertEqual(expected + "\n", self.place.on("elsewhere").done("close"))


class Months(CloseTest):
    def test_counting_is_refused_until_it_is_opened(self):
        self.place.done(*LOG)
        self.assert_says("Closed through 2014-05. Nothing can be counted up to there any more.", "close", MONTH)
        for words in (LOG, ("retract", *LOG[1:]), ("log", "-m", "2014-01", "phone", "user")):
            month = words[2]
            self.assert_refused(self.place, WRONG_USE, CLOSED.replace(MONTH, month), *words, hint=WAY_OUT)
        self.place.done("log", "--month", NEXT, "phone", "user")
        self.assert_says("2014-05 and all later months are open again. Closed through 2014-04.", "reopen", MONTH)
        self.place.done(*LOG)
        self.assertEqual({(MONTH, "phone", "user", 1): 2, (NEXT, "phone", "user", 1): 1},
                         self.place.counts("2014"))

    def test_what_is_said(self):
        self.assert_state("No month is closed.")
        self.assert_says("2014-05 is open already. No month is closed.", "reopen", MONTH)
        self.place.done("close", NEXT, self.place.key)
        self.assert_state("Closed through 2014-06.")
        for month in (NEXT, MONTH, "2000-01"):
            self.assert_says(f"{month} is closed already. Closed through 2014-06.", "close", month)
        self.assert_says("2014-07 is open already. Closed through 2014-06.", "reopen", "2014-07")
        self.assert_says("2000-01 and all later months are open again. No month is closed.", "reopen", "2000-01")
        self.assert_state("No month is closed.")
        result = self.place.tavs("close", MONTH, "--quiet", self.place.key)
        self.assertEqual((DONE, "", ""), result)
        self.assert_state("Closed through 2014-05.")

    def test_which_months_can_be_closed(self):
        for month in (this_month(), month_after(1), "2199-12"):
            self.assert_refused(self.place, WRONG_USE, f"{month} is not over, so its counts can't be complete$",
                                "close", month, self.place.key, hint="close it when it has ended")
        for word in ("2014", "2014-13", "2014-Q1", "may", "1999-12", "2200-01", ""):
            for command in ("close", "reopen"):
                self.assert_refused(self.place, WRONG_USE, f"'{word}' is not a month$", command, word, self.place.key)
        self.assert_refused(self.place, WRONG_USE, "something is missing: tavs reopen YYYY-MM$", "reopen")
        self.place.done("close", month_after(-1), self.place.key)
        self.place.done("log", "phone", "user")  # this month is open

    def test_only_the_reader_closes(self):
        wrong = self.place.secret("wrong", "not the passphrase at all")
        for command in ("close", "reopen"):
            self.assert_refused(self.place, WRONG_PASSPHRASE, "the passphrase opens no key of this store$", command,
                                MONTH, "-p", wrong)
        self.place.on("the leader's").done("close", MONTH, self.place.key)  # needs no machine's key
        self.assert_refused(self.place, *REFUSAL, *LOG)

    def test_refused_before_a_passphrase_or_a_question(self):
        self.place.done("close", MONTH, self.place.key)
        for words, message in ((("close", this_month()), "is not over"), (("close", "x"), "is not a month"),
                               (("log", "--month", MONTH), "2014-05 is closed"),
                               (("retract", "--month", MONTH), "2014-05 is closed")):
            with Terminal(self.place.command(*words), env=self.place.env, columns=200) as terminal:
                self.assertEqual(f"exited {WRONG_USE}", terminal.fate())
                shown = terminal.settle(0.05).decode()
            self.assertIn(message, shown)
            for question in ("Passphrase", "Channel"):
                self.assertNotIn(question, shown)

    def test_other_changes_of_the_header_leave_it(self):
        self.place.done("close", MONTH, self.place.key)
        second = self.place.secret("second", "a second passphrase")
        for words in (("offer", "--channels", "phone", self.place.key),
                      ("key", "add", "-k", "interactive", self.place.key, "-P", second),
                      ("key", "remove", "2", self.place.key)):
            self.place.done(*words)
            self.assert_state("Closed through 2014-05.")
        self.assert_refused(self.place, *REFUSAL, *LOG)
        self.place.done("reopen", MONTH, self.place.key)
        self.assertEqual("channels: phone\n", self.place.done("offer").splitlines(keepends=True)[0])

    def test_washing_and_a_backup(self):
        self.place.done(*LOG)
        self.place.done("close", "2014-12", self.place.key)
        before = self.place.counts("2014")
        self.place.done("audit", "--wash")
        self.assertEqual(before, self.place.counts("2014"))
        self.place.done("backup", "copy.mdb")
        self.assertEqual("Closed through December 2014.\n",
                         self.place.done("close", "--store", self.place.work / "copy.mdb"))


class File(CloseTest):
    def header(self):
        databases = Cheater(self.place).databases()
        return databases[b"store"][b"header\0\0"]

    def test_no_older_header_is_in_the_file(self):
        for words in (("close", MONTH), ("close", "2015-12"), ("reopen", "2013-01"), ("reopen", "2000-01")):
            signature = self.header()[1056:]
            self.assertIn(signature, self.place.store.read_bytes())
            self.place.done(*words, self.place.key)
            content = self.place.store.read_bytes()
            for part in (signature[i:i + 8] for i in range(0, 64, 8)):
                self.assertNotIn(part, content)
            self.assert_nothing_left_in_the_store(self.place)

    def test_a_second_reader_and_the_audit_see_it(self):
        for words, month, name in ((("close", MONTH), 2014 * 12 + 4, MONTH), (("reopen", "2000-01"), 0, None)):
            self.place.done(*words, self.place.key)
            self.assertEqual(month, Cheater(self.place).header().closed_through)
            self.assertRegex(self.place.done("audit"),
                             f"\n  closed through +{in_words(name) if name else 'no month'}\n")
            record = json.loads(self.place.done("audit", "--format", "json"))
            self.assertEqual(name, record["public"]["closed_through"])
            self.assertIn({"class": "header-closed-through", "kind": "number", "bytes": 2,
                           "text": "header: closed through"}, record["account"])
            self.assertEqual(0, record["text_fields"])

    def test_a_header_changed_without_the_key_is_refused(self):
        self.place.done("close", MONTH, self.place.key)
        content = bytearray(self.place.store.read_bytes())
        at = content.index(b"TAVS\0\3\1") + 96
        content[at:at + 2] = bytes(2)
        self.place.store.write_bytes(content)
        self.assert_refused(self.place, REFUSED, "the reader's signature does not hold: the header$", *LOG)


class Reports(CloseTest):
    """Which months of the period are open is said wherever figures are."""

    def setUp(self):
        super().setUp()
        self.place.done(*LOG)

    def json(self, *words):
        return json.loads(self.place.done(*words, "-x", "-f", "json", self.place.key))

    def assert_told(self, closed, note):
        for words in (("report", "2014"), ("export", "2014")):
            said = self.json(*words)
            self.assertEqual([closed, closed], [said["closed_through"], said["places"][0]["closed_through"]])
            self.assertEqual([note] if note else [], [each["text"] for each in said["notes"]])
            self.assertLessEqual({each["code"] for each in said["notes"]}, {"months-open"})
        for words in (("show", "2014"), ("report", "2014", "-x"), ("report", "2014", "-x", "-f", "markdown")):
            said = self.place.done(*words, self.place.key)
            self.assertRegex(said, f"Closed through:? +{in_words(closed) if closed else 'no month'}\n")
            self.assertEqual(bool(note), "Not closed" in said or "No month of the period" in said)
            self.assertIn(note, " ".join(said.split()))

    def test_closed_and_open(self):
        self.assert_told(None, "No month of the period has been closed: the figures may still change.")
        self.place.done("close", "2014-09", self.place.key)
        self.assert_told("2014-09", "Not closed yet: October to December 2014. The figures may still change.")
        self.place.done("close", "2014-12", self.place.key)
        self.assert_told("2014-12", "")
        self.place.done("reopen", "2014-12", self.place.key)
        self.assert_told("2014-11", "Not closed yet: December 2014. The figures may still change.")

    def test_the_current_year(self):
        """What has not ended is said once; what has ended and is open apart from it."""
        year = this_month()[:4]
        self.place.done("close", month_after(-1), self.place.key)
        self.assertEqual(["period-not-over"], [note["code"] for note in self.json("report", year)["notes"]])
        self.assertEqual([], self.json("export", year)["notes"])

    def test_csv_stays_data(self):
        before = self.place.done("export", MONTH, "-x", self.place.key)
        self.place.done("close", MONTH, self.place.key)
        self.assertEqual(before, self.place.done("export", MONTH, "-x", self.place.key))


class Together(CloseTest):
    LOGS = 24

    def test_closed_while_others_count(self):
        """A contact is counted before the month is closed, or refused: what is refused is not counted."""
        words = [LOG] * self.LOGS
        words[self.LOGS // 3:self.LOGS // 3] = [("close", MONTH, self.place.key)]
        processes = [subprocess.Popen(self.place.command(*each), env=self.place.env, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for each in words]
        counted = 0
        for each, process in zip(words, processes):
            _out, err = process.communicate(timeout=120)
            if each == LOG and process.returncode != DONE:
                self.assertEqual(WRONG_USE, process.returncode, err)
                self.assertRegex(err.splitlines()[0], CLOSED)
            else:
                self.assertEqual(DONE, process.returncode, err)
                counted += each == LOG
        self.assertEqual(counted, self.place.counts("2014")[MONTH, "phone", "user", 1])
        self.assert_refused(self.place, *REFUSAL, *LOG)
        self.assert_nothing_left_in_the_store(self.place)


if __name__ == "__main__":
    unittest.main()
