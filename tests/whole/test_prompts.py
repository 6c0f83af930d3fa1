"""What a person sees and types at a terminal: one-key questions and passphrases."""

import signal
import tempfile
import unicodedata
import unittest

from locales import danish_latin1_in
from place import (DONE, PASSPHRASE, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, in_words, recovery_code_of,
                   this_month)
from terminal import Terminal

MONTH = "2014-05"
OTHER = "quite another passphrase"
ESCAPE, CONTROL_C, CONTROL_D = b"\x1b", b"\x03", b"\x04"
ASKS = "Passphrase: "
ASKS_NEW, ASKS_AGAIN = "New passphrase (five or six words drawn by lot are good): ", "The same again: "


class PromptTest(PlaceTest):
    def at_terminal(self, place, *words, env=None, **more):
        terminal = Terminal(place.command(*words), env=place.env | (env or {}), **more)
        self.addCleanup(terminal.__exit__)
        return terminal

    def assert_fate(self, terminal, fate, *shown):
        """What becomes of the program; the terminal is as it was before."""
        self.assertEqual(fate, terminal.fate())
        text = terminal.settle(0.05).decode()
        for part in shown:
            self.assertIn(part, text)
        self.assertEqual(terminal.before, terminal.mode())
        return text

    def answer(self, terminal, prompt, line):
        """Types a secret: nothing of it is to be seen."""
        terminal.expect(prompt)
        self.assertFalse(terminal.echoes())
        terminal.type(line.encode() + b"\n")
        self.assertEqual(b"\r\n", terminal.expect("\r\n"))


class Log(PromptTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init()

    def test_one_key_each(self):
        terminal = self.at_terminal(self.place, "log", "--month", MONTH)
        for question, key in (("Channel: [i]n-person  [p]hone  [m]ail  [w]eb  > ", b"p"),
                              ("Party: [u]ser  [r]elative  [p]rofessional  > ", b"R"),
                              ("Conversation: [1]st conversation  [2]nd conversation  [3]rd conversation  "
                               "[4]th conversation  [5]th conversation  > ", b"2")):
            terminal.expect(question)
            terminal.type(key)
        self.assert_fate(terminal, "exited 0", f" phone, relative, 2nd conversation, {in_words(MONTH)}\r\n")
        self.assertEqual({(MONTH, "phone", "relative", 2): 1}, self.place.counts(MONTH))

    def test_in_danish_typed_ahead(self):
        terminal = self.at_terminal(self.place, "--lang", "da", "log", "--month", "2014-06", "--count", "3")
        terminal.expect("[p]ersonlig  [t]elefon  [m]ail  [h]jemmeside  > ")
        terminal.type(b"tp5")
        terminal.expect("[b]ruger  [p]årørende  [f]agperson  > ")
        terminal.expect("[5]. samtale  > ")
        self.assert_fate(terminal, "exited 0", " 3 × telefon, pårørende, 5. samtale, juni 2014\r\n")
        self.assertEqual({("2014-06", "phone", "relative", 5): 3}, self.place.counts("2014-06"))

    def test_retract_asks_the_same(self):
        self.place.done("log", "--month", "2014-07", "--count", "2", "web", "user", "4")
        terminal = self.at_terminal(self.place, "retract", "--month", "2014-07", typed_ahead=b"wu4")
        self.assert_fate(terminal, "exited 0", " web, user, 4th conversation, July 2014\r\n")
        self.assertEqual({("2014-07", "web", "user", 4): 1}, self.place.counts("2014-07"))

    def test_cancelled_at_each_question(self):
        before = self.place.tree()
        for key in (ESCAPE, CONTROL_C, CONTROL_D, b"q"):
            for answered in (b"", b"p", b"pr"):
                with self.subTest(key=key, answered=answered):
                    terminal = self.at_terminal(self.place, "log")
                    for letter, question in zip(answered, ("Channel:", "Party:")):
                        terminal.expect(question)
                        terminal.type(bytes([letter]))
                    terminal.expect(("Channel:", "Party:", "Conversation:")[len(answered)])
                    terminal.expect("> ")
                    terminal.type(key)
                    self.assert_fate(terminal, "exited 130", "tavs: cancelled; nothing has changed\r\n")
        self.assertEqual(before, self.place.tree())

    def test_other_keys_choose_nothing(self):
        before = self.place.tree()
        terminal = self.at_terminal(self.place, "log", typed_ahead=b"pu")
        terminal.expect("Conversation:")
        terminal.expect("> ")
        for key in (b"6", b"0", b"x", b"\n", b"\x1b[A"):
            terminal.type(key)
        terminal.expect("Press one of the keys in brackets, or Esc to cancel.")
        terminal.settle()
        self.assertEqual(before, self.place.tree())
        terminal.type(ESCAPE)
        self.assert_fate(terminal, "exited 130")

    def test_signals(self):
        before = self.place.tree()
        for number, fate in ((signal.SIGINT, "killed SIGINT"), (signal.SIGTERM, "killed SIGTERM"),
                             (signal.SIGHUP, "killed SIGHUP")):
            terminal = self.at_terminal(self.place, "log")
            terminal.expect("> ")
            self.assertNotEqual(terminal.before, terminal.mode())
            terminal.send(number)
            self.assert_fate(terminal, fate)
        self.assertEqual(before, self.place.tree())

    def test_the_store_is_not_locked_while_a_person_thinks(self):
        terminal = self.at_terminal(self.place, "log", "--month", "2014-08")
        terminal.expect("> ")
        self.place.done("log", "--month", "2014-08", "mail", "user")
        terminal.type(b"mu1")
        self.assert_fate(terminal, "exited 0")
        self.assertEqual({("2014-08", "mail", "user", 1): 2}, self.place.counts("2014-08"))

    def test_no_store_no_questions(self):
        terminal = self.at_terminal(self.place, "--store", str(self.place.work / "nowhere"), "log")
        text = self.assert_fate(terminal, "exited 3", "tavs: there is no store at ")
        self.assertNotIn("Channel", text)

    def test_not_asked_where_standard_input_is_no_terminal(self):
        terminal = self.at_terminal(self.place, "log", stdin=b"pu1")
        text = self.assert_fate(terminal, "exited 2", "something is missing: tavs log [CHANNEL PARTY [SESSION]]")
        self.assertNotIn("Channel", text)


class Offered(PromptTest):
    """Only what the place offers is asked for; what leaves no choice is not asked for at all."""

    def test_some(self):
        place = Place.for_test(self)
        place.init("--channels", "in-person,web", "--parties", "relative")
        terminal = self.at_terminal(place, "log", "--month", MONTH)
        terminal.expect("Channel: [i]n-person  [w]eb  > ")
        terminal.type(b"p")  # would be the telephone
        terminal.expect("Press one of the keys in brackets")
        terminal.expect("> ")
        terminal.type(b"i")
        self.assertNotIn(b"Party", terminal.expect("Conversation: "))
        terminal.type(b"1")
        self.assert_fate(terminal, "exited 0")
        self.assertEqual({(MONTH, "in-person", "relative", 1): 1}, place.counts(MONTH))


class Passphrases(PromptTest):
    """With a store: what opens it."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.code = recovery_code_of(cls.place.init())
        cls.place.done("log", "--month", MONTH, "phone", "user")

    def test_read_from_the_terminal_without_echo(self):
        terminal = self.at_terminal(self.place, "show", MONTH)
        self.answer(terminal, ASKS, PASSPHRASE)
        self.assertRegex("\n".join(terminal.result()), "(?m)^In all .*  1$")
        self.assertEqual(terminal.before, terminal.mode())

    def test_also_where_standard_input_and_output_are_pipes(self):
        terminal = self.at_terminal(self.place, "show", MONTH, stdin=b"not this one, ever\n")
        self.answer(terminal, ASKS, PASSPHRASE)
        self.assertIn("Tally, May 2014", terminal.result())

    def test_wrong(self):
        terminal = self.at_terminal(self.place, "show")
        self.answer(terminal, ASKS, "not the passphrase at all")
        self.assert_fate(terminal, f"exited {WRONG_PASSPHRASE}",
                         "tavs: the passphrase opens no key of this store\r\nhint: check Caps Lock")

    def test_interrupted(self):
        """The terminal is sane again, and whoever waits learns what it was."""
        for key, fate in ((CONTROL_C, "killed SIGINT"), (b"\x1c", "killed SIGQUIT"), (CONTROL_D, "exited 130")):
            for words in (["show"], ["key", "add"], ["offer", "--channels", "phone"], ["close", MONTH]):
                terminal = self.at_terminal(self.place, *words)
                terminal.expect(ASKS)
                self.assertNotEqual(terminal.before, terminal.mode())
                terminal.type(b"half a pass" if key != CONTROL_D else b"")
                terminal.type(key)
                self.assert_fate(terminal, fate)

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            terminal = self.at_terminal(self.place, "show")
            terminal.expect(ASKS)
            terminal.send(number)
            self.assert_fate(terminal, f"killed {number.name}")

    def test_the_store_is_not_locked_while_a_person_types(self):
        terminal = self.at_terminal(self.place, "show", "2014-09")
        terminal.expect(ASKS)
        self.place.done("log", "--month", "2014-09", "mail", "user")
        terminal.type(PASSPHRASE.encode() + b"\n")
        self.assertRegex("\n".join(terminal.result()), "(?m)^In all .*  1$")

    def test_added_and_changed_at_the_terminal(self):
        terminal = self.at_terminal(self.place, "key", "add", "--kdf", "interactive")
        for prompt, line in ((ASKS, PASSPHRASE), (ASKS_NEW, OTHER), (ASKS_AGAIN, OTHER)):
            self.answer(terminal, prompt, line)
        self.assert_fate(terminal, "exited 0", "The new passphrase is in slot 2.")
        terminal = self.at_terminal(self.place, "key", "change", "--kdf", "interactive")
        for prompt, line in ((ASKS, OTHER), (ASKS_NEW, "and yet another one"), (ASKS_AGAIN, "and yet another one")):
            self.answer(terminal, prompt, line)
        self.assert_fate(terminal, "exited 0", "The passphrase in slot 2 is the new one")
        for line, status in ((OTHER, WRONG_PASSPHRASE), ("and yet another one", DONE)):
            self.assertEqual(status, self.place.tavs("show", "-p", "-", given=line + "\n").status)
        self.place.done("key", "remove", "2", self.place.key)

    def test_change_of_a_key_that_has_been_removed_in_the_meantime(self):
        """Who was shut out while they typed does not come in again."""
        file = self.place.secret("other", OTHER)
        self.place.done("key", "add", "-k", "interactive", self.place.key, "-P", file)
        terminal = self.at_terminal(self.place, "key", "change", "--kdf", "interactive")
        self.answer(terminal, ASKS, OTHER)
        terminal.expect(ASKS_NEW)
        self.place.done("key", "remove", "2", self.place.key)
        before = self.place.store.read_bytes()
        terminal.type(b"and yet another one\n")
        self.answer(terminal, ASKS_AGAIN, "and yet another one")
        self.assert_fate(terminal, f"exited {WRONG_PASSPHRASE}", "tavs: the passphrase opens no key of this store")
        self.assertEqual(before, self.place.store.read_bytes())

    def test_recovery_code(self):
        terminal = self.at_terminal(self.place, "key", "add", "--recovery", "--kdf", "interactive")
        typed = self.code.lower().replace("-", " ")
        for prompt, line in (("Recovery code: ", typed), (ASKS_NEW, OTHER), (ASKS_AGAIN, OTHER)):
            self.answer(terminal, prompt, line)
        self.assert_fate(terminal, "exited 0", "in slot 2.")
        self.place.done("key", "remove", "2", self.place.key)

    def test_without_a_terminal(self):
        self.assert_refused(self.place, WRONG_USE, "there is no terminal to ask on$", "show",
                            hint=".*--passphrase-file FILE")

    def test_passphrase_files(self):
        for number, content in enumerate((PASSPHRASE.encode(), PASSPHRASE.encode() + b"\r\n",
                                          PASSPHRASE.encode() + b"\nand a second line\n")):
            file = self.place.secret(f"file {number}", "")
            file.write_bytes(content)
            result = self.place.tavs("show", MONTH, "--passphrase-file", file)
            self.assertEqual(DONE, result.status, result)
            self.assertNotIn("warning", result.err)
        for number, (content, message) in enumerate((
                (b"", "there is no passphrase in "), (b"\n" + PASSPHRASE.encode(), "there is no passphrase in "),
                (b"a pass\0phrase\n", "there is a zero byte in "),
                (b"x" * 1025 + b"\n", "the passphrase in .*/bad 3 is too long$"))):
            file = self.place.secret(f"bad {number}", "")
            file.write_bytes(content)
            self.assert_refused(self.place, WRONG_USE, message, "show", "-p", file)
        self.assert_refused(self.place, WRONG_PASSPHRASE, "the passphrase opens no key", "show", "-p",
                            self.place.secret("space", " " + PASSPHRASE))
        self.assert_refused(self.place, SYSTEM, "nowhere could not be read or written: No such file or directory$",
                            "show", "-p", "nowhere")

    def test_what_an_editor_adds_is_no_part_of_it(self):
        for number, content in enumerate(("\ufeff" + PASSPHRASE, PASSPHRASE + " \t\r\n", PASSPHRASE + "\u00a0\n",
                                          PASSPHRASE.replace(" ", "\u00a0") + "\u3000", "\ufeff" + PASSPHRASE + " \r\n")):
            with self.subTest(content):
                self.place.done("show", MONTH, "-p", self.place.secret(f"edited {number}", content))
        self.place.done("show", MONTH, "-p", "-", given="\ufeff" + PASSPHRASE + " \r\n")

    def test_standard_input(self):
        self.place.done("show", MONTH, "--passphrase-file", "-", given=PASSPHRASE + "\n")
        self.place.done("show", MONTH, "--passphrase-file=-", given=PASSPHRASE)
        self.assert_refused(self.place, WRONG_USE, "there is no passphrase in standard input", "show", "-p", "-")
        self.place.done("key", "add", "-k", "interactive", "-p", "-", "-P", "-", given=f"{PASSPHRASE}\n{OTHER}\n")
        self.place.done("show", MONTH, "-p", "-", given=OTHER)
        self.place.done("key", "remove", "2", "-p", "-", given=OTHER)

    def test_warns_of_a_passphrase_that_others_may_read(self):
        file = self.place.secret("readable", PASSPHRASE)
        for mode in (0o640, 0o604, 0o620):
            file.chmod(mode)
            result = self.place.tavs("show", MONTH, "-p", file)
            self.assertEqual(DONE, result.status)
            self.assertIn(f"warning: others may read {file}; make it yours alone: chmod 600", result.err)
            self.assertNotIn("warning", result.out)

    def test_neither_argument_nor_environment(self):
        for env in ({"TAVS_PASSPHRASE": PASSPHRASE}, {"PASSPHRASE": PASSPHRASE}):
            self.assert_refused(self.place, WRONG_USE, "there is no terminal to ask on$", "show", env=env)
        self.assert_refused(self.place, WRONG_USE, f"'{PASSPHRASE}' is not a period", "show", PASSPHRASE)


class Init(PromptTest):
    def setUp(self):
        self.place = Place.for_test(self)
        (self.place.folder / "state/tavs").mkdir(mode=0o700)  # of keys: made before it is asked
        self.empty = self.place.tree()

    def test_the_folder_of_keys_is_all_that_a_refused_one_leaves(self):
        place = Place.for_test(self)
        before = place.names()
        result = place.tavs("init", "-p", place.secret("short", "elevenchars"))
        self.assertEqual(WRONG_USE, result.status, result)
        self.assertEqual({"state/tavs", "secrets/short"}, place.names() - before)

    def init(self):
        return self.at_terminal(self.place, "init", "--kdf", "interactive")

    def test_asks_twice(self):
        terminal = self.init()
        self.answer(terminal, ASKS_NEW, PASSPHRASE)
        self.answer(terminal, ASKS_AGAIN, PASSPHRASE)
        printed = "\n".join(terminal.result())
        recovery_code_of(printed)
        self.assertNotIn(PASSPHRASE, printed + terminal.seen.decode())
        self.assertEqual(terminal.before, terminal.mode())
        self.place.done("show", self.place.key)

    def test_a_mistake_can_be_mended(self):
        terminal = self.init()
        for prompt, line in ((ASKS_NEW, "short"), (ASKS_NEW, ""), (ASKS_NEW, PASSPHRASE),
                             (ASKS_AGAIN, PASSPHRASE + "x"), (ASKS_NEW, PASSPHRASE), (ASKS_AGAIN, PASSPHRASE)):
            self.answer(terminal, prompt, line)
            if line == "short":
                terminal.expect("That is too short: take at least 12 characters.")
            elif line.endswith("x"):
                terminal.expect("The two differ.")
        self.assert_fate(terminal, "exited 0")
        self.place.done("show", self.place.key)

    def test_two_that_differ(self):
        terminal = self.init()
        for _ in range(4):
            self.answer(terminal, ASKS_NEW, PASSPHRASE)
            self.answer(terminal, ASKS_AGAIN, OTHER)
        self.assert_fate(terminal, "exited 2", "tavs: the two passphrases differ\r\n",
                         "hint: type the same one twice")
        self.assertEqual(self.empty, self.place.tree())

    def test_a_short_one(self):
        terminal = self.init()
        for _ in range(4):
            self.answer(terminal, ASKS_NEW, "elevenchars")
        self.assert_fate(terminal, "exited 2", "tavs: the new passphrase is too short\r\n", "hint: take at least 12",
                         "words")
        self.assertEqual(self.empty, self.place.tree())

    def test_a_short_one_from_a_file(self):
        file = self.place.secret("short", "elevenchars")
        self.assert_refused(self.place, WRONG_USE, "the new passphrase is too short$", "init", "-p", file,
                            hint="take at least 12 characters; five or six words")

    def test_given_up(self):
        for typed, fate in ((CONTROL_C, "killed SIGINT"), (CONTROL_D, "exited 130")):
            for first in (True, False):
                terminal = self.init()
                if not first:
                    self.answer(terminal, ASKS_NEW, PASSPHRASE)
                terminal.expect(ASKS_NEW if first else ASKS_AGAIN)
                terminal.type(typed)
                self.assert_fate(terminal, fate)
                self.assertEqual(self.empty, self.place.tree())

    def test_however_letters_are_written(self):
        """A letter, or a letter and its mark; the mark of an editor; with a terminal of another charset."""
        ways = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")
                for text in ("blåbær og grød på fad", "\ufeffblåbær og grød på fad \r\n", "blåbær\u00a0og grød på fad")]
        files = [self.place.secret(f"way {number}", text) for number, text in enumerate(ways)]
        with tempfile.TemporaryDirectory(prefix="tavs-locale-") as folder:
            latin1 = danish_latin1_in(folder)
            for file in files:
                self.place.done("init", "-k", "interactive", "-p", file)
                for other in files:
                    self.place.done("show", "-p", other)
                terminal = self.at_terminal(self.place, "show", env=latin1 | {"LANGUAGE": "en"})
                terminal.expect(ASKS)
                terminal.type("blåbær og grød på fad\n".encode("latin-1"))
                self.assertEqual("exited 0", terminal.fate())
                self.place.store.unlink()

    def test_a_file_that_is_no_utf8(self):
        """Not taken for a new one: nobody could type it elsewhere."""
        for number, content in enumerate(("rødgrød med fløde".encode("latin-1"), "rødgrød med fløde".encode("cp1252"),
                                          b"rodgrod med \xc3")):
            file = self.place.secret(f"bad {number}", "")
            file.write_bytes(content)
            self.assert_refused(self.place, WRONG_USE, "the passphrase in .*/bad .* is not written in UTF-8$", "init", "-p",
                                file, hint="nothing has changed; save the file as UTF-8")
        wide = self.place.secret("wide", "")
        wide.write_bytes("rødgrød med fløde".encode("utf-16"))
        self.assert_refused(self.place, WRONG_USE, "there is a zero byte in .*/wide$", "init", "-p", wide,
                            hint="a passphrase is a line of text; save it as UTF-8")
        self.assertFalse(self.place.store.exists())

    def test_a_typed_one_that_is_no_utf8(self):
        terminal = self.init()
        terminal.expect(ASKS_NEW)
        terminal.type("rødgrød med fløde\n".encode("latin-1"))
        self.assert_fate(terminal, "exited 2", "tavs: the passphrase in what was typed is not written in UTF-8")
        self.assertEqual(self.empty, self.place.tree())

    def test_blanks_at_the_end_do_not_count(self):
        terminal = self.init()
        self.answer(terminal, ASKS_NEW, "short        ")
        terminal.expect("That is too short: take at least 12 characters.")
        self.answer(terminal, ASKS_NEW, PASSPHRASE + " ")
        self.answer(terminal, ASKS_AGAIN, PASSPHRASE)
        self.assert_fate(terminal, "exited 0")
        self.place.done("show", self.place.key)

    def test_letters_beyond_ascii(self):
        line = "rødgrød med fløde på"
        terminal = self.init()
        self.answer(terminal, ASKS_NEW, line)
        self.answer(terminal, ASKS_AGAIN, line)
        self.assert_fate(terminal, "exited 0")
        self.place.done("show", this_month(), "-p", self.place.secret("danish", line))


if __name__ == "__main__":
    unittest.main()
