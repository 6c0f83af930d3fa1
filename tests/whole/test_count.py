"""Counting by words: both languages, abbreviations, months, stacks; and every bad input, refused."""

import subprocess
import tempfile
import time
import unicodedata
import unittest
from collections import Counter

from locales import danish_latin1_in
from place import WRONG_USE, Place, PlaceTest, in_words, this_month

DANISH, ENGLISH = {"LC_ALL": "da_DK.UTF-8"}, {"LC_ALL": "en_GB.UTF-8"}

# The codes and the words for people.
WORDS = {
    "en": {"in-person": "in-person", "phone": "phone", "mail": "mail", "web": "web", "user": "user",
           "relative": "relative", "professional": "professional", 1: "1st conversation",
           2: "2nd conversation", 3: "3rd conversation", 4: "4th conversation", 5: "5th conversation"},
    "da": {"in-person": "personlig", "phone": "telefon", "mail": "mail", "web": "hjemmeside",
           "user": "bruger", "relative": "pårørende", "professional": "fagperson", 1: "1. samtale",
           2: "2. samtale", 3: "3. samtale", 4: "4. samtale", 5: "5. samtale"},
}


def next_month():
    year, month = map(int, this_month().split("-"))
    return f"{year + month // 12}-{month % 12 + 1:02}"


class Words(PlaceTest):
    """What was typed is what was counted, in both languages."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init()

    def assert_counted(self, month, language, typed):
        """`typed`: words -> channel, party and session they must mean."""
        expected = Counter()
        for words, (channel, party, session) in typed.items():
            said = WORDS[language]
            result = self.place.tavs("log", "--lang", language, "--month", month, *words.split(" "))
            self.assertEqual(0, result.status, result)
            self.assertEqual("", result.out)
            contact = f" {said[channel]}, {said[party]}, {said[session]}, {in_words(month, language)}\n"
            self.assertTrue(result.err.endswith(contact), (words, result.err))
            self.assertEqual(1, result.err.count("\n"))
            expected[month, channel, party, session] += 1
        self.assertEqual(expected, self.place.counts(month))

    def test_english(self):
        self.assert_counted("2011-01", "en", {
            "phone relative 2": ("phone", "relative", 2), "telefon pårørende 2": ("phone", "relative", 2),
            "p r 2": ("phone", "relative", 2), "tele rel 2": ("phone", "relative", 2),
            "i u": ("in-person", "user", 1), "in-p us 1": ("in-person", "user", 1),
            "m p 5": ("mail", "professional", 5), "w profess 3": ("web", "professional", 3),
            "WEBSITE Client 4th": ("web", "user", 4), "Face-to-Face PARENT second": ("in-person", "relative", 2),
            "e-mail colleague 3.": ("mail", "professional", 3), "call kin fifth": ("phone", "relative", 5)})

    def test_danish(self):
        self.assert_counted("2011-02", "da", {
            "telefon pårørende 2": ("phone", "relative", 2), "phone relative 2": ("phone", "relative", 2),
            "t p 2": ("phone", "relative", 2), "TELEFON PÅRØRENDE 2": ("phone", "relative", 2),
            "tlf paaroerende 2": ("phone", "relative", 2), "tel parorende 2": ("phone", "relative", 2),
            "p b": ("in-person", "user", 1), "person brug 1": ("in-person", "user", 1),
            "fremmøde borger": ("in-person", "user", 1), "fremmoede klient": ("in-person", "user", 1),
            "e-mail f 5": ("mail", "professional", 5), "h fagp 3": ("web", "professional", 3),
            "hjemmesiden fagperson fjerde": ("web", "professional", 4), "moede familie anden":
            ("in-person", "relative", 2), "post slaegtning 3.": ("mail", "relative", 3)})

    def test_letters_in_parts(self):
        """A letter and its mark, as some keyboards, file systems and programs write it; in any case and as a beginning."""
        typed = ["pårørende", "PÅRØRENDE", "pår"]
        for word in typed:
            self.place.done("log", "--month", "2011-07", "--lang", "da", "telefon", unicodedata.normalize("NFD", word))
        self.place.done("retract", "--month", "2011-07", "telefon", unicodedata.normalize("NFD", "pårørende"))
        self.assertEqual({("2011-07", "phone", "relative", 1): len(typed) - 1}, self.place.counts("2011-07"))
        self.assert_refused(self.place, WRONG_USE, "'café' is not a channel", "log", unicodedata.normalize("NFD", "café"),
                            "user")

    def test_words_in_another_charset(self):
        """In a locale of Latin-1 the shell hands over words in Latin-1."""
        with tempfile.TemporaryDirectory(prefix="tavs-locale-") as folder:
            env = self.place.env | danish_latin1_in(folder)
            for words, status in ((("log", "telefon", "pårørende"), 0), (("log", "fremmøde", "PÅRØ"), 0),
                                  (("retract", "fremmøde", "pårørende"), 0), (("log", "møg", "bruger"), WRONG_USE)):
                command = [word.encode("latin-1") if isinstance(word, str) else word
                           for word in self.place.command(*words, "--month", "2011-08")]
                run = subprocess.run(command, env=env, capture_output=True, check=False)
                self.assertEqual(status, run.returncode, run.stderr)
                if status:
                    self.assertIn("'møg' er ikke en kanal".encode("latin-1"), run.stderr)
        self.assertEqual({("2011-08", "phone", "relative", 1): 1}, self.place.counts("2011-08"))

    def test_words_of_one_cell_in_both_languages_are_one_count(self):
        typed = (("da", "t p 2"), ("da", "telefon pårørende 2"), ("da", "phone relative 2"),
                 ("en", "telefon pårørende 2"), ("en", "phone relative 2"))
        for language, words in typed:
            self.place.done("log", "--month", "2011-03", "--lang", language, *words.split())
        self.assertEqual({("2011-03", "phone", "relative", 2): len(typed)}, self.place.counts("2011-03"))

    def test_abbreviations_hold_in_the_interface_language_only(self):
        for language, words, what in (("en", "hjem user", "'hjem' is not a channel"),
                                      ("en", "phone pår", "'pår' is not a party"),
                                      ("da", "vis bruger", "'vis' er ikke en kanal"),
                                      ("da", "telefon rel", "'rel' er ikke en målgruppe")):
            with self.subTest(words):
                self.assert_refused(self.place, WRONG_USE, what, "--lang", language, "log", *words.split(),
                                    language=language)

    def test_one_letter_means_what_it_means_in_the_language(self):
        self.place.done("log", "--month", "2011-04", "--lang", "da", "p", "p")
        self.place.done("log", "--month", "2011-04", "--lang", "en", "p", "p")
        self.assertEqual({("2011-04", "in-person", "relative", 1): 1, ("2011-04", "phone", "professional", 1): 1},
                         self.place.counts("2011-04"))

    def test_language_is_chosen_by_option_then_locale(self):
        """The locale need not be installed. In the order of setlocale(3): LC_ALL, LC_MESSAGES, LANG."""
        unset = {"LC_ALL": None}
        for env, options, danish in (
                (DANISH, [], True), (ENGLISH, [], False),
                (unset | {"LANG": "da_DK.UTF-8"}, [], True), (unset | {"LANG": "da"}, [], True),
                (unset | {"LANG": "da_DK@euro"}, [], True), (unset | {"LANG": "en_DK.UTF-8"}, [], False),
                (unset | {"LANG": "dav_KE.UTF-8"}, [], False),  # Taita is not Danish
                (unset, [], False), ({"LC_ALL": "C"}, [], False), ({"LC_ALL": ""}, [], False),
                (unset | {"LC_MESSAGES": "da_DK.UTF-8", "LANG": "en_GB.UTF-8"}, [], True),
                (unset | {"LC_MESSAGES": "C", "LANG": "da_DK.UTF-8"}, [], False),
                ({"LC_ALL": "C.UTF-8", "LANG": "da_DK.UTF-8"}, [], False),
                ({"LC_ALL": "", "LANG": "da_DK.UTF-8"}, [], True),
                (DANISH, ["--lang", "en"], False), (ENGLISH, ["--lang=da"], True), (ENGLISH, ["-lda"], True)):
            with self.subTest(env=env, options=options):
                result = self.place.tavs(*options, "log", "--month", "2011-05", "p", "user", env=env)
                self.assertEqual(0, result.status, result)
                word = "personlig, bruger" if danish else "phone, user"
                self.assertIn(f" {word}, ", result.err)

    def test_danish_words_are_said_in_danish_without_its_locale(self):
        result = self.place.tavs("log", "--month", "2011-05", "t", "paa",
                                 env={"LC_ALL": None, "LANG": "da_DK.UTF-8"})
        self.assertIn(" telefon, pårørende, 1. samtale, maj 2011\n", result.err)


class Amounts(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init()

    def test_without_month_it_is_the_current_one(self):
        while True:
            month = this_month()
            result = self.place.tavs("log", "phone", "user", "--count", "2")
            counted = self.place.counts(month)
            if month == this_month():
                break
        self.assertIn(in_words(month), result.err)
        self.assertEqual(2, counted[month, "phone", "user", 1])

    def test_the_month_is_that_of_the_local_time(self):
        now = time.time()
        for zone, hours in (("XXX-14", 14), ("XXX+12", -12)):
            month = time.strftime("%Y-%m", time.gmtime(now + hours * 3600))
            result = self.place.tavs("log", "web", "user", env={"TZ": zone})
            self.assertIn(f", {in_words(month)}\n", result.err)

    def test_session_is_the_first_unless_said(self):
        self.place.done("log", "--month", "2012-01", "phone", "user")
        self.assertEqual({("2012-01", "phone", "user", 1): 1}, self.place.counts("2012-01"))

    def test_each_session(self):
        for session in range(1, 6):
            self.place.done("log", "--month", "2012-02", "--count", session, "web", "relative", session)
        self.assertEqual({("2012-02", "web", "relative", session): session for session in range(1, 6)},
                         self.place.counts("2012-02"))

    def test_a_stack_of_strokes(self):
        result = self.place.tavs("log", "-m", "2012-03", "-n", "1000", "phone", "user")
        self.assertIn(" 1000 × phone, user, 1st conversation, March 2012\n", result.err)
        self.place.done("log", "phone", "user", "--count=7", "--month=2012-03")
        self.assertEqual({("2012-03", "phone", "user", 1): 1007}, self.place.counts("2012-03"))

    def test_retract(self):
        for words in (["log", "--count", "5"], ["retract"], ["retract", "--count", "2"]):
            result = self.place.tavs(*words, "--month", "2012-04", "mail", "user", "2")
            self.assertEqual(0, result.status)
            self.assertIn(" mail, user, 2nd conversation, April 2012\n", result.err)
        self.assertEqual({("2012-04", "mail", "user", 2): 2}, self.place.counts("2012-04"))

    def test_more_retracted_than_counted_is_noted_and_not_repaired(self):
        place = Place.for_test(self)
        place.init()
        place.done("retract", "--month", "2013-05", "--count", "3", "phone", "user")
        self.assertEqual({("2013-05", "phone", "user", 1): -3}, place.counts("2013"))
        report = place.done("report", "2013", "--exact", place.key)
        self.assertIn("more retracted than counted", report)

    def test_first_and_last_month_of_all(self):
        self.place.done("log", "--month", "2000-01", "phone", "user")
        self.assertEqual({("2000-01", "phone", "user", 1): 1}, self.place.counts("2000"))

    def test_quiet(self):
        for words in (["-q", "log"], ["log", "--quiet"], ["retract", "-q"]):
            result = self.place.tavs(*words, "--month", "2012-06", "phone", "user")
            self.assertEqual((0, "", ""), result)


class BadInput(PlaceTest):
    """Each with its own message and advice, exit status 2, and nothing written."""

    CASES = (
        # a sixth conversation is not anonymous any more
        ("log phone relative 6", "conversation 6 is not anonymous counselling any more; nothing was counted",
         ".*at most five.*enrolled course"),
        ("log phone relative 7", "conversation 7 is not anonymous counselling", None),
        ("log phone relative 1000000000000", "conversation 1000000000000 is not anonymous", None),
        ("retract phone relative 6", "conversation 6 is not anonymous counselling", None),
        # sessions
        ("log phone relative 0", "'0' is not the number of a conversation", "a course has conversations 1 to 5"),
        ("log phone relative x", "'x' is not the number of a conversation", None),
        ("log phone relative 1.5", "'1.5' is not the number of a conversation", None),
        ("log phone relative +1", "'\\+1' is not the number", None),
        ("log phone relative ''", "'' is not the number", None),
        ("log phone relative -- -1", "'-1' is not the number", None),
        # words
        ("log fax user", "'fax' is not a channel", "a channel is in-person, phone, mail or web"),
        ("log phone dog", "'dog' is not a party", "a party is user, relative or professional"),
        ("log phonee user", "'phonee' is not a channel", None),
        ("log '' user", "'' is not a channel", None),
        ("log phone ''", "'' is not a party", None),
        ("log user phone", "'user' is not a channel", None),
        ("log c user", "'c' \\(phone, web\\): which of them\\?", "write one letter more"),
        ("log phone c", "'c' \\(user, professional\\): which", None),
        ("log --lang da o bruger", "'o' \\(telefon, hjemmeside\\): hvilken", None),
        ("log --lang da t fa", "'fa' \\(pårørende, fagperson\\): hvilken", None),
        # months
        ("log --month 2026-13 phone user", "'2026-13' is not a month", "write year and month as 2026-03"),
        ("log --month 2026-00 phone user", "'2026-00' is not a month", None),
        ("log --month 2026-1 phone user", "'2026-1' is not a month", None),
        ("log --month 2026 phone user", "'2026' is not a month", None),
        ("log --month 1999-12 phone user", "'1999-12' is not a month", None),
        ("log --month 2200-01 phone user", "'2200-01' is not a month", None),
        ("log --month 2026-011 phone user", "'2026-011' is not a month", None),
        ("log --month marts phone user", "'marts' is not a month", None),
        ("log --month '' phone user", "'' is not a month", None),
        ("log --month 2199-12 phone user", "2199-12 has not begun yet", "count contacts in the current month"),
        ("log --month NEXT phone user", "NEXT has not begun yet", None),
        ("retract --month NEXT phone user", "NEXT has not begun yet", None),
        # counts
        ("log --count 0 phone user", "'0' is not a number of contacts", "write a whole number from 1 to 1000"),
        ("log --count -3 phone user", "'-3' is not a number of contacts", ".*'tavs retract' takes back"),
        ("retract --count -3 phone user", "'-3' is not a number of contacts", None),
        ("log --count 1000000000000 phone user", "1000000000000 contacts are too many", "count at most 1000"),
        ("log --count 1001 phone user", "1001 contacts are too many for one go", None),
        ("log --count 18446744073709551617 phone user", "'?18446744073709551617'? ", None),
        ("log --count 1e3 phone user", "'1e3' is not a number of contacts", None),
        ("log --count +3 phone user", "'\\+3' is not a number of contacts", None),
        ("log --count 2,5 phone user", "'2,5' is not a number of contacts", None),
        ("log --count '' phone user", "'' is not a number of contacts", None),
        # too few, too many
        ("log", "something is missing: tavs log \\[CHANNEL PARTY \\[SESSION\\]\\]", None),
        ("log phone", "something is missing: tavs log", None),
        ("log phone user 1 1", "'1' is one word too many", None),
        ("show 2026 2027", "'2027' is one word too many", None),
        ("backup", "something is missing: tavs backup FILE", None),
        ("key", "something is missing: tavs key ", None),
        ("key remove", "something is missing: tavs key remove N", None),
        ("key list 1", "'1' is one word too many", None),
        ("key list list", "'list' is one word too many", None),
        ("device retire", "something is missing: tavs device retire N", None),
        ("", "something is missing: tavs COMMAND", None),
        # commands and options
        ("logg phone user", "there is no command 'logg'", "'tavs help' lists the commands"),
        ("key lists", "there is no command 'key lists'", None),
        ("log --colour phone user", "there is no option '--colour' here", "'tavs help COMMAND' lists"),
        ("log -Z phone user", "there is no option '-Z' here", None),
        ("log -qZ phone user", "there is no option '-Z' here", None),
        ("--exact log phone user", "there is no option '--exact' here", None),
        ("log phone user --exact", "there is no option '--exact' here", None),
        ("log phone user --month", "the option '--month' needs a value", None),
        ("log phone user -m", "the option '-m' needs a value", None),
        ("--lang fr log phone user", "'--lang fr' is not possible", None),
        # periods and formats
        ("show 2026-13", "'2026-13' is not a period", "write 2026, 2026-11, 2026-Q4 or 2026-01..2026-06"),
        ("export 2026-Q5 --exact", "'2026-Q5' is not a period", None),
        ("export 2026-06..2026-01 --exact", "'2026-06..2026-01' is not a period", None),
        ("report 26 --exact", "'26' is not a period", None),
        ("report 2026-11 --exact", "'2026-11' is not a period", None),
        ("export 2026 --exact --format xml", "'--format xml' is not possible", None),
        ("report 2026 --exact --format csv", "'--format csv' is not possible", None),
        ("show --by year", "'--by year' is not possible", None),
        ("show --by channel,channel", "'--by channel,channel' is not possible", None),
        # exact figures only where they are asked for
    )

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init()

    def test_each(self):
        for line, message, hint in self.CASES:
            words = ["" if word == "''" else word for word in line.replace("NEXT", next_month()).split()]
            with self.subTest(line):
                self.assert_refused(self.place, WRONG_USE, message.replace("NEXT", next_month()), *words, hint=hint,
                                    language="da" if "--lang da" in line else "en")

    def test_nothing_of_all_that_was_counted(self):
        self.assertEqual(Counter(), self.place.counts(this_month()[:4]))

    def test_each_kind_has_a_message_of_its_own(self):
        said = {self.place.tavs(*line.split()).err for line in (
            "log phone user 6", "log phone user x", "log fax user", "log phone dog", "log c user",
            "log --month 2026-13 phone user", "log --month 2199-01 phone user", "log --count 0 phone user",
            "log --count 1000000000000 phone user", "logg phone user", "log phone", "log phone user 1 1")}
        self.assertEqual(12, len(said))


if __name__ == "__main__":
    unittest.main()
