"""The help is true, and so are the documents: every example runs, every option is taken, nothing is promised."""

import re
import shlex
import shutil
import time
import unittest

import test_check_release
from place import (DONE, MONTHS, PASSPHRASE, ROOT, WRONG_USE, Place, PlaceTest, recovery_code_of, this_month,
                   without_sanitizer)
from shims import compile_shim
from terminal import Terminal
from test_cases import read

PUBLISHING = {"publish", "release", "report", "export"}
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
ANY_MONTH = "|".join(MONTHS["en"] + MONTHS["da"])
OPTION = re.compile(r"(?m)^  -(\w), --([\w-]+)(?: ([^\s]+))? ")


class Help:
    """What `tavs help` and `tavs help COMMAND` say."""

    def __init__(self, place):
        self.text = {None: place.done("help")}
        commands = self.text[None].split("\ncommands:\n")[1].split("\n\n")[0]
        self.commands = [line.split()[0] for line in commands.splitlines()]
        self.text |= {name: place.done("help", name) for name in self.commands}

    def options(self, command):
        """(letter, name, what stands for its value or None)"""
        return [(letter, name, value or None) for letter, name, value in OPTION.findall(self.text[command])]

    def names(self, command):
        return {f"--{name}" for _letter, name, _value in self.options(command)} | \
            {f"-{letter}" for letter, _name, _value in self.options(command)}

    def examples(self, command):
        """Each example's words."""
        text = self.text[command].split("\nexamples:\n")[1].split("\n\nusage: ")[0]
        lines = [re.split(r"  +", line.strip())[0] for line in text.splitlines() if line.startswith("  tavs ")]
        return [shlex.split(line)[1:] for line in lines]


class HelpTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.help = Help(cls.place)


class OfCommands(HelpTest):
    def test_every_command_is_explained(self):
        self.assertGreaterEqual(set(self.help.commands), {
            "init", "log", "retract", "show", "export", "report", "close", "reopen", "key", "device", "offer",
            "backup", "release", "help", "version"})
        for name in self.help.commands:
            text = self.help.text[name]
            for words in ([name, "--help"], [name, "-h"], ["--help", name], ["-h", name]):
                self.assertEqual(text, self.place.done(*words))
            self.assertIn(f"\nusage: tavs {name} [options]", text)
            self.assertTrue(self.help.examples(name), name)
            for words in self.help.examples(name):
                self.assertEqual(name, words[0])
            summary = text.splitlines()[0]
            self.assertRegex(self.help.text[None], rf"(?m)^  {name} +{re.escape(summary)}$")
        self.assertEqual(self.help.text[None], self.place.done("--help"))
        self.assertEqual(self.help.text[None], self.place.done("-h"))

    def test_lines_fit_a_terminal(self):
        for name, text in self.help.text.items():
            for line in text.splitlines():
                self.assertLessEqual(len(line), 100, name)

    def test_explanation_of_what_is_not_there(self):
        self.assert_refused(self.place, WRONG_USE, "there is no command 'nothing'$", "help", "nothing")
        self.assert_refused(self.place, WRONG_USE, "there is no command 'nothing'$", "nothing", "--help")

    def test_help_needs_no_store_and_no_home(self):
        env = {"HOME": None, "XDG_STATE_HOME": None, "XDG_DATA_HOME": None}
        for words in (["help"], ["help", "log"], ["version"], ["--version"], ["log", "--help"]):
            result = self.place.tavs(env=env, command=[self.place.command()[0], *words])
            self.assertEqual((DONE, ""), (result.status, result.err))

    @without_sanitizer
    def test_every_option_is_taken(self):
        """In its long and short form, with and without =, before and after the words."""
        for name in self.help.commands:
            for letter, option, value in self.help.options(name):
                forms = [[f"--{option}"], [f"-{letter}"]]
                if value is not None:
                    value = "da" if option == "lang" else "value"
                    forms = [[f"--{option}", value], [f"--{option}={value}"], [f"-{letter}", value],
                             [f"-{letter}{value}"]]
                for form in forms:
                    result = self.place.tavs(name, *form, "--help")
                    expected = self.place.done("version") if option == "version" else self.place.done(
                        "help", name, "--lang", "da" if option == "lang" else "en")
                    self.assertEqual((DONE, expected), (result.status, result.out), (name, form, result.err))

    @without_sanitizer
    def test_options_of_other_commands_are_refused_by_name(self):
        """Also those that no help would mention: the names are from the source."""
        source = (ROOT / "src/cmd/options.c").read_text()
        everywhere = set(re.findall(r"\[CMD_\w+\] =\s+\{\"([\w-]+)\", '(\w)',", source))
        self.assertEqual({(option, letter) for name in self.help.commands
                          for letter, option, _value in self.help.options(name)}, everywhere)
        for name in self.help.commands:
            own = {(option, letter) for letter, option, _value in self.help.options(name)}
            for option, letter in everywhere - own:
                if any(own.startswith(option) for _letter, own, _value in self.help.options(name)):
                    continue  # is taken for the beginning of another
                result = self.place.tavs(name, f"--{option}")
                self.assert_complaint(result, WRONG_USE, f"there is no option '--{option}' here$",
                                      f"'tavs help COMMAND' lists a command's options$")
                if letter not in {own for own, _option, _value in self.help.options(name)}:
                    self.assert_complaint(self.place.tavs(name, f"-{letter}"), WRONG_USE,
                                          f"there is no option '-{letter}' here$")

    def test_letters_and_names_mean_one_thing(self):
        everywhere = {(letter, option) for name in self.help.commands
                      for letter, option, _value in self.help.options(name)}
        self.assertEqual(len(everywhere), len({letter for letter, _option in everywhere}))
        self.assertEqual(len(everywhere), len({option for _letter, option in everywhere}))

    def test_version(self):
        version = re.search(r"(?m)^VERSION +:= (.*)$", (ROOT / "Makefile").read_text())[1]
        for words in (["version"], ["--version"], ["-V"], ["log", "--version"]):
            self.assertEqual(f"tavs {version}\n", self.place.done(*words))
        self.assertIn("store format 3, draft 1", self.place.done("version", "--verbose"))
        self.assertIn("GPL-3.0-or-later", self.place.done("version", "--verbose"))


class Examples(HelpTest):
    """Every example of the help does what it says: it is run, with passphrases from files."""

    def setUp(self):
        self.place = Place.for_test(self)
        self.code = self.place.secret("code", recovery_code_of(self.place.init()))
        self.place.on("lost").done("device", "add", self.place.key)

    def prepared(self, words):
        """The example's words with what a person would type, and names of files that exist here."""
        options = self.help.names(words[0])
        words = [str(self.place.work / word.split("/")[-1]) if "/" in word else word for word in words]
        if "-p" in words:
            words[words.index("-p") + 1] = self.place.passphrase_file
        elif "--passphrase-file" in options:
            words += ["-p", self.code if "--recovery" in words else self.place.passphrase_file]
        if "--new-passphrase-file" in options:
            words += ["-P", self.place.secret("new", "quite another passphrase")]
        if "--kdf" in options:
            words += ["--kdf", "interactive"]
        if words[0] == "init":
            (self.place.work / "example.mdb").unlink(missing_ok=True)
            words += ["--store", "example.mdb"]
        for store in {"north.mdb", "south.mdb"} & set(words):
            if not (self.place.work / store).exists():
                self.place.init("--store", self.place.work / store)
        if words[0] == "import":
            [name] = (word for word in words if str(word).endswith(".csv"))
            year = next((year for year in ("2016", "2017") if year in name), "2015")
            (self.place.work / name).write_text(
                f"month,{'Contact' if '-C' in words else 'channel'},party,{'No' if '-C' in words else 'session'}\n"
                f"{year}-01,phone,user,1\n")
        if words[0] == "check-release":
            for before, word in zip(words, words[1:]):
                if word.endswith(".csv"):
                    (self.place.work / word).write_text(test_check_release.csv_file(*test_check_release.JOINED))
                elif word.endswith(".json") and before != "-o":
                    (self.place.work / word).write_text(
                        test_check_release.json_file(*test_check_release.JOINED))
        if words[0] == "scan":
            for before, word in zip(words, words[1:]):
                if word.endswith(".xlsx"):
                    shutil.copy(ROOT / "tests/scan/plain/report.xlsx", self.place.work / word)
                elif "." in word and before != "-o":
                    (self.place.work / word).write_text("month,count\n2026-01,3\n")
        return words

    def assert_unasked(self, result):
        self.assertEqual(WRONG_USE, result.status, result)
        self.assertIn("nothing was counted: there is nobody to say yes", result.err)

    def test_each(self):
        for name in sorted(set(self.help.commands) - PUBLISHING, key=self.help.commands.index):
            for words in self.help.examples(name):
                with self.subTest(words):
                    place = self.place.on("new") if words[:2] == ["device", "add"] else self.place
                    result = place.tavs(*self.prepared(words))
                    if words == ["log"]:  # asks, but there is nobody
                        self.assert_complaint(result, WRONG_USE, "something is missing")
                    elif words[0] == "import" and "--yes" not in words:  # asks, too
                        self.assert_unasked(result)
                    elif name in ("audit", "scan"):
                        self.assertIn(result.status, (0, 1))
                    else:
                        self.assertEqual(DONE, result.status, result)


class ExamplesOfPublishing(Examples):
    """The same in a place that can publish a year: it is over and closed, and there are releases."""

    def setUp(self):
        self.place = Place.for_test(self)
        clock = self.place.folder / "clock"
        clock.write_text(f"{time.mktime(time.strptime('2027-01-15 12:00:00', '%Y-%m-%d %H:%M:%S')):.0f}\n")
        self.place.env |= {"LD_PRELOAD": self.place.preloading(compile_shim("clock_shim")), "CLOCK_FILE": str(clock)}
        self.place.init("--channels", "in-person,phone")
        for (month, channel, party, session), count in read(2018).items():
            self.place.done("log", "--month", f"2026-{month[-2:]}", "--count", count, channel, party, session)
        self.place.done("close", "2026-12", self.place.key)
        (self.place.work / "reports").mkdir()

    def prepared(self, words):
        if "3" in words and not self.has_three:
            self.place.done("publish", "2026-Q1", "--yes", "-f", "text", "-o", self.place.work, self.place.key)
            self.has_three = True
        if "--correct" in words:
            self.place.done("reopen", "2026-12", "--yes", self.place.key)
            self.place.done("log", "--month", "2026-12", "--count", 2, "in-person", "user")
            self.place.done("close", "2026-12", self.place.key)
        words = super().prepared(words)
        return [*words, "--yes"] if words[0] == "publish" else words

    def test_each(self):
        self.has_three = False
        for name in ("publish", "release", "report", "export"):
            for words in self.help.examples(name):
                with self.subTest(words):
                    result = self.place.tavs(*self.prepared(words))
                    self.assertEqual(DONE, result.status, result)
        self.assertTrue(list((self.place.work / "reports").glob("*-edition-2.html")))


class Documents(HelpTest):
    def code(self, text):
        """What stands in code blocks and between backticks; lines of a terminal without what is printed."""
        for block in re.findall(r"(?ms)^```\w*\n(.*?)^```$", text):
            mark = "$ " if re.search(r"(?m)^\$ ", block) else "tavs "
            yield from (line.removeprefix("$ ") for line in block.splitlines() if line.startswith(mark))
        text = re.sub(r"(?ms)^```.*?^```$", "", text)
        yield from re.findall(r"`([^`\n]+)`", text)

    def test_commands_and_options_that_are_mentioned_are_there(self):
        everywhere = set().union(*(self.help.names(name) for name in self.help.commands))
        mentioned = 0
        for document in DOCUMENTS:
            for code in self.code(document.read_text()):
                words = code.split()
                if words[0] == "tavs" and len(words) > 1:
                    mentioned += 1
                    command = next((word for word in words[1:] if word in self.help.commands), None)
                    options = [word.split("=")[0] for word in words if word.startswith("-") and word != "-"]
                    with self.subTest(document=document.name, code=code):
                        if not all(word.startswith("-") for word in words[1:]):
                            self.assertIsNotNone(command, "no such command")
                        for option in options:
                            self.assertIn(option, self.help.names(command) if command else everywhere)
                elif words[0].startswith("--"):
                    mentioned += 1
                    with self.subTest(document=document.name, code=code):
                        self.assertIn(words[0].split("=")[0], everywhere)
        self.assertGreater(mentioned, 10)

    def test_links_between_documents(self):
        for document in DOCUMENTS:
            for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
                self.assertTrue((document.parent / target).exists(), f"{document.name}: {target}")

    def test_map_of_the_code_is_the_tree(self):
        rooms = re.findall(r"(?m)^\| `(\w+)` \|", (ROOT / "README.md").read_text().split("## Map of the code")[1]
                           .split("## Dependencies")[0])
        self.assertEqual({path.name for path in (ROOT / "src").iterdir() if path.is_dir()}, set(rooms))
        self.assertEqual(len(rooms), len(set(rooms)))


class Readme(PlaceTest):
    """The minute's tour: typed at a terminal, it shows what the README shows."""

    def tour(self):
        """(command, what is shown after it) up to the report."""
        text = (ROOT / "README.md").read_text().split("## In a minute")[1].split("\n## ")[0]
        for block in re.findall(r"(?ms)^```console\n(.*?)^```$", text):
            for part in re.split(r"(?m)^\$ ", block)[1:]:
                command, _, shown = part.partition("\n")
                if "report" not in command and command != "tavs":  # the desk: test_desk.py
                    yield command, shown

    def alike(self, text):
        """Without what differs from one store and day to another."""
        for pattern, instead in ((r"(?m)^store: +\S+$", "store"), (r"(?:[0-9a-f]{4} ){9}[0-9a-f]{4}", "fingerprint"),
                                 (r"(?:[0-9A-Z]{4}-){13}[0-9A-Z*~$=]", "code"), (f"(?:{ANY_MONTH}) \\d{{4}}", "month"),
                                 (r" +", " ")):
            text = re.sub(pattern, instead, text.replace("\r", ""))
        return [line.rstrip() for line in text.splitlines()]

    def test_tour(self):
        place = Place.for_test(self)
        done = []
        for command, shown in self.tour():
            words = shlex.split(command)
            self.assertEqual("tavs", words[0])
            keys = {"init": f"{PASSPHRASE}\n{PASSPHRASE}\n", "log": "pr2" if words[-1] == "log" else ""}
            name = next(word for word in words[1:] if word in ("init", "log", "retract"))
            extra = ["--kdf", "interactive"] if name == "init" else []
            with Terminal(place.command(*words[1:], *extra), env=place.env, output="terminal",
                          columns=200) as terminal:
                for key in re.findall(r".*\n|.", keys.get(name, "")):
                    terminal.expect(": " if name == "init" else "> ")
                    terminal.type(key.encode())
                self.assertEqual("exited 0", terminal.fate())
                whole = terminal.settle(0.05).decode()
            expected = self.alike(shown)
            if keys.get(name):  # the prompts have been taken off by waiting for them
                expected = [line for line in expected
                            if not re.match("New passphrase|The same|Channel|Party|Conversation", line)]
            self.assertEqual(expected, self.alike(whole)[-len(expected):], command)
            done.append(name)
        self.assertEqual({"init", "log", "retract"}, set(done))
        self.assertEqual({(this_month(), "phone", "relative", 1): 1, (this_month(), "phone", "relative", 2): 1},
                         dict(place.counts(this_month())))


if __name__ == "__main__":
    unittest.main()
