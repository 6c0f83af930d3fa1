"""A published month was wrong: what is said, what waits for the correction, and what the corrected editions tell."""

import json
import re
import unittest

from office import THRESHOLD, OfficeTest, sums_of, value_of
from place import CANCELLED, DONE, WRONG_USE
from terminal import Terminal

CORRECT = ("publish", "--correct", "--yes")
FIRST = "publish corrected editions first; 'tavs publish --correct' shows what changes, and asks$"


def changes_in(said):
    """What is listed: figure in words -> (old, new); None for what is hidden from now on."""
    lines = said.split("Published figures that change:\n")[1].split("\nWhoever has the old file")[0].splitlines()
    found = [re.fullmatch(r"  (.+): (\d+), (?:now (\d+)|hidden from now on)", line).groups() for line in lines]
    return {words: (int(old), None if new is None else int(new)) for words, old, new in found}


class CorrectTest(OfficeTest):
    @classmethod
    def prepare(cls, place):
        super().prepare(place)
        for period, folder in (("2017-Q1", "quarter"), ("2017", "year")):
            place.published(period, "-f", "json,text", folder=folder)

    def correct(self, *words):
        result = self.place.tavs(*CORRECT, *words, self.place.key)
        self.assertEqual((DONE, ""), (result.status, result.out), result)
        return result.err

    def edition(self, number, folder):
        return sums_of(json.loads(next(content for name, content in self.again(number, folder, "-f", "json").items())))

    def listed(self):
        text = self.place.done("release", "list", self.place.key)
        return re.sub(r"\n      +", " ", text).splitlines()


class Reopen(CorrectTest):
    def test_it_says_what_was_published_and_asks(self):
        for month, releases in (("2017-02", ["release 1: 1st quarter of 2017", "release 2: 2017"]),
                                ("2017-05", ["release 2: 2017"])):
            for keys, fate, state in ((b"n", f"exited {CANCELLED}", "December 2017"), (b"\n", f"exited {CANCELLED}", None),
                                      (b"\x03", f"exited {CANCELLED}", None), (b"y", "exited 0", None)):
                with self.subTest(month=month, keys=keys):
                    before = self.place.store.read_bytes()
                    with Terminal(self.place.command("reopen", month, self.place.key), env=self.place.env,
                                  columns=200) as terminal:
                        shown = terminal.expect("Open them all the same?").decode()
                        said = shown.split("Published already, with months that would be open again:")[1]
                        self.assertEqual(releases, re.findall(r"(?m)^  (release \d+: .*)\r$", said))
                        self.assertIn("'tavs publish --correct' publishes corrected editions.", said)
                        terminal.type(keys)
                        self.assertEqual(fate, terminal.fate())
                    self.assertEqual(keys != b"y", before == self.place.store.read_bytes())
            self.place.done("close", "2017-12", self.place.key)

    def test_nobody_to_ask(self):
        self.assert_refused(self.place, WRONG_USE, "there is no terminal to ask on", "reopen", "2017-05", self.place.key,
                            hint=".*--yes")
        result = self.place.tavs("reopen", "2017-05", "--yes", self.place.key)
        self.assertEqual(DONE, result.status)
        self.assertIn("  release 2: 2017\n", result.err)

    def test_months_of_which_nothing_was_published(self):
        self.place.done("close", "2018-12", self.place.key)
        result = self.place.tavs("reopen", "2018-01", self.place.key)
        self.assertEqual(DONE, result.status, result)
        self.assertNotIn("Published already", result.err)


class Waiting(CorrectTest):
    def test_nothing_new_before_the_correction(self):
        """Of any year: what is published and the counts must agree. It says which releases do not."""
        self.place.import_rows([("2018-03", "phone", "user", 1, 50)])
        self.place.done("close", "2018-12", self.place.key)
        self.place.published("2018", "-f", "json")
        self.place.done("reopen", "2017-05", "--yes", self.place.key)
        self.place.done("log", "-m", "2017-05", "phone", "user")
        self.place.done("close", "2018-12", self.place.key)
        # Only the year is wrong: neither the quarter before it nor the other year is named.
        for period in ("2017", "2017-Q3", "2017-05", "2018-Q1"):
            self.assert_not_published(WRONG_USE, "counts have changed since this was published: release 2$", period,
                                      hint=FIRST, folder="none")
        said = self.correct()
        self.assertEqual({"2017"}, set(re.findall(r"\b20\d\d\b", said.split("that change:")[1].split("Whoever")[0])))
        self.assertEqual(["Release 4: corrected edition 2 of release 2"], re.findall("(?m)^Release .*$", said))
        for period in ("2017-Q3", "2018"):
            self.place.published(period, folder=period)

    def test_changes_that_show_in_nothing_published(self):
        """A contact that was counted and taken back again."""
        for command in ("log", "retract"):
            self.count_again("-m", "2017-05", "phone", "user", command=command)
        self.assertNotIn("NO LONGER AGREES", "".join(self.listed()))
        self.place.published("2017-Q3")
        self.assert_refused(self.place, WRONG_USE, "there is nothing to correct: all that was published agrees$",
                            *CORRECT, self.place.key)

    def test_a_draft_shows_what_the_correction_would_leave(self):
        self.count_again("-m", "2017-05", "phone", "user")
        before = self.place.store.read_bytes()
        result = self.place.tavs("report", "2017", self.place.key)
        self.assertEqual(DONE, result.status, result)
        self.assertIn(" 74\n", result.out)
        self.assertIn("Counts have changed since they were published: 'tavs release list' says which,\n"
                      "'tavs publish --correct' comes first.\n", result.err)
        self.assertEqual(before, self.place.store.read_bytes())

    def test_the_list_marks_which_no_longer_agree(self):
        self.count_again("-m", "2017-05", "phone", "user")
        quarter, year, _count = self.listed()
        self.assertNotIn("AGREES", quarter)
        self.assertTrue(year.endswith("; NO LONGER AGREES with the counts: tavs publish --correct"), year)
        self.count_again("-m", "2017-02", "phone", "user")
        self.assertEqual(2, sum("NO LONGER AGREES" in line for line in self.listed()))
        self.correct()
        lines = self.listed()
        self.assertEqual([True, True, False, False],
                         [line.endswith("a corrected edition has taken its place") for line in lines[:4]])
        self.assertEqual(["corrected edition 2 of release 1", "corrected edition 2 of release 2"],
                         [line.rpartition("; ")[2] for line in lines[2:4]])
        self.assertNotIn("AGREES", "".join(lines))

    def test_months_that_are_still_open(self):
        self.place.done("reopen", "2017-11", "--yes", self.place.key)
        self.place.done("log", "-m", "2017-11", "phone", "user")
        before = self.place.store.read_bytes()
        self.assert_refused(self.place, WRONG_USE, r"only closed months are published, and these are not: November to "
                            r"December 2017 \(tavs close 2017-12\)$", *CORRECT, self.place.key)
        self.place.done("close", "2017-12", self.place.key)
        self.assertNotEqual(before, self.place.store.read_bytes())
        self.correct()

    def test_counts_that_cannot_be(self):
        self.count_again("-m", "2017-07", "-n", "9", "phone", "professional", command="retract")
        self.assert_refused(self.place, WRONG_USE, r"more was taken back than counted: July 2017, phone, professional, 1 "
                            r"\(tavs log --month 2017-07 phone professional 1\)$", *CORRECT, self.place.key)


class Editions(CorrectTest):
    def setUp(self):
        super().setUp()
        self.before = {"quarter": self.read("quarter"), "year": self.read("year")}

    def assert_sound(self, number, folder, of):
        """What a corrected edition shows the old one showed, with the counts as they are; what was hidden stays so."""
        exact, after = self.place.counts("2017"), self.edition(number, folder)
        self.assertEqual(self.before[of].keys(), after.keys())
        for (place, period, *contact), count in after.items():
            value, before = value_of(exact, period, *contact), self.before[of][place, period, *contact]
            with self.subTest(period=period, contact=contact):
                if before is None or value < THRESHOLD:
                    self.assertIsNone(count)
                elif count is not None:
                    self.assertEqual(value, count)
        return after

    def test_each_change_is_listed(self):
        self.count_again("-m", "2017-02", "phone", "user")
        said = self.correct("-o", ".", "-f", "json,text")
        changes = changes_in(said)
        self.assertEqual((73, 74), changes["2017, courses begun"])
        self.assertEqual((22, 23), changes["1st quarter of 2017, courses begun"])
        after = {key: count for number, folder, of in ((3, "a", "quarter"), (4, "b", "year"))
                 for key, count in self.assert_sound(number, folder, of).items()}
        before = self.before["quarter"] | self.before["year"]
        changed = [(before[key], count) for key, count in after.items() if before[key] != count]
        self.assertEqual(sorted(changed, key=str), sorted(changes.values(), key=str))
        self.assertIn("Whoever has the old file and the new one sees these differences.\n", said)
        for of, number, name in ((1, 3, "tavs-2017-Q1-edition-2"), (2, 4, "tavs-2017-edition-2")):
            self.assertIn(f"Release {number}: corrected edition 2 of release {of}\n", said)
            text = (self.place.work / f"{name}.txt").read_text()
            self.assertRegex(text, rf"(?i)corrected edition.*{of}")
            record = json.loads((self.place.work / f"{name}.json").read_text())
            self.assertEqual((number, 2, of), (record["release"], record["edition"], record["corrects"]))
        self.assert_nothing_left_in_the_store(self.place)

    def test_both_editions_stay_printable(self):
        """And when one is printed again nothing is recorded."""
        old = self.again(2, "old", "-f", "json,text")
        self.assertEqual(self.files("year"), old)
        self.count_again("-m", "2017-05", "phone", "user")
        self.correct("-o", ".", "-f", "json,text")
        self.count_again("-m", "2017-06", "in-person", "relative")
        self.correct()
        before = self.place.store.read_bytes()
        self.assertEqual(old, self.again(2, "old again", "-f", "json,text"))
        self.assertEqual({f"tavs-2017-edition-2.{ending}": (self.place.work / f"tavs-2017-edition-2.{ending}").read_bytes()
                          for ending in ("json", "txt")}, self.again(3, "second", "-f", "json,text"))
        self.assertEqual({"tavs-2017-edition-3.json"}, self.again(4, "third", "-f", "json").keys())
        self.assertEqual(before, self.place.store.read_bytes())
        for number, corrected in ((1, False), (2, True), (3, True), (4, False)):
            said = self.place.tavs("publish", "--again", number, "-o", ".", "-f", "json", "-F", self.place.key).err
            self.assertEqual(corrected, f"Release {number} has been corrected since" in said)
        self.assertIn("corrected edition 3 of release 2", "".join(self.listed()))

    def test_what_was_hidden_is_not_shown(self):
        """Though it has grown over the threshold: the old file and the new would tell it by their difference."""
        exact = self.place.counts("2017")
        hidden = [key for key, count in self.before["year"].items()
                  if count is None and key[1] != "2017" and key[4] == "1" and
                  value_of(exact, key[1], *key[2:]) < THRESHOLD]
        self.assertTrue(hidden)
        self.count_again("-m", "2017-07", "-n", "20", "phone", "user")
        self.correct()
        after = self.assert_sound(3, "after", "year")
        grown = [key for key in hidden if value_of(self.place.counts("2017"), key[1], *key[2:]) >= THRESHOLD]
        self.assertTrue(grown)
        self.assertEqual({None}, {after[key] for key in grown})
        later = self.told("2017", folder="later")
        self.assertEqual({None}, {later[key] for key in grown})
        for period in {key[1] for key in grown}:
            result = self.place.publish(period, "-f", "json", folder="later-part")
            if result.status == DONE:
                told = self.read("later-part")
                self.assertEqual({None}, {told[key] for key in grown if key in told})
            else:
                self.assertIn("there is nothing to publish", result.err)

    def test_what_became_small_is_hidden(self):
        """A shown month of 5 in which one is taken back."""
        exact = self.place.counts("2017")
        shown = next(key for key, count in self.before["year"].items()
                     if count is not None and key[1] != "2017" and count - 4 < THRESHOLD and key[2:] == ("all", "all", "1"))
        take = self.before["year"][shown] - THRESHOLD + 1
        cells = [cell for cell in exact if cell[0] == shown[1] and cell[3] == 1]
        self.place.done("reopen", shown[1], "--yes", self.place.key)
        for cell in cells:
            less = min(take, exact[cell])
            take -= less
            if less:
                self.place.done("retract", "-m", shown[1], "-n", less, *cell[1:])
        self.place.done("close", "2017-12", self.place.key)
        said = self.correct()
        self.assertIn("hidden from now on", said)
        number = re.search(r"(?m)^Release (\d+): corrected edition 2 of release 2$", said)[1]
        self.assertIsNone(self.assert_sound(number, "after", "year")[shown])
        self.assertIn((self.before["year"][shown], None), changes_in(said).values())

    def test_asked_for_first(self):
        self.count_again("-m", "2017-05", "phone", "user")
        before = self.place.store.read_bytes()
        self.assert_refused(self.place, WRONG_USE, "there is no terminal to ask on", "publish", "--correct",
                            self.place.key)
        for keys, status in ((b"n", CANCELLED), (b"\n", CANCELLED), (b"\x03", CANCELLED), (b"y", DONE)):
            with Terminal(self.place.command("publish", "--correct", "-o", self.place.work, self.place.key),
                          env=self.place.env, columns=200) as terminal:
                shown = terminal.expect("Publish the corrected editions?").decode()
                self.assertEqual((73, 74), changes_in(shown.replace("\r", ""))["2017, courses begun"])
                self.assertIn(f"{self.place.work}/tavs-2017-edition-2.html", shown)
                self.assertEqual(before, self.place.store.read_bytes())
                terminal.type(keys)
                self.assertEqual(f"exited {status}", terminal.fate())
            self.assertEqual(status == CANCELLED, before == self.place.store.read_bytes())
            self.assertEqual(status == DONE, (self.place.work / "tavs-2017-edition-2.html").exists())

    def test_without_files(self):
        self.count_again("-m", "2017-05", "phone", "user")
        before = self.place.names()
        self.assertIn("Recorded. 'tavs publish --again N -o FOLDER' writes the files.\n", self.correct())
        self.assertEqual(before, self.place.names())

    def test_a_name_that_is_taken(self):
        self.count_again("-m", "2017-02", "phone", "user")
        (self.place.work / "tavs-2017-edition-2.csv").write_text("somebody else's")
        self.assert_refused(self.place, WRONG_USE, "(./)?tavs-2017-edition-2.csv exists already$", *CORRECT, "-o", ".",
                            self.place.key)

    def test_two_releases_of_one_year(self):
        """Published twice, corrected twice: no file takes the other's name."""
        self.place.published("2017", "-f", "xlsx", folder="year as a workbook")
        self.count_again("-m", "2017-05", "phone", "user")
        (self.place.work / "corrected").mkdir()
        self.correct("-o", "corrected", "-f", "json")
        files = {name: json.loads(content)["corrects"] for name, content in self.files("corrected").items()}
        self.assertEqual({"tavs-2017-edition-2.json": 2, "tavs-2017-edition-2-release-5.json": 3}, files)

    def test_in_danish(self):
        self.count_again("-m", "2017-05", "phone", "user")
        said = self.correct("--lang", "da")
        self.assertRegex(said, r"(?m)^  2017, .*: 73, nu 74$")
        self.assertNotRegex(said, "corrected|Published|now")


if __name__ == "__main__":
    unittest.main()
