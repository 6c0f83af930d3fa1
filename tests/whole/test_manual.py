"""The manual pages: what they tell is what the program takes, and they are well-formed."""

import re
import shutil
import subprocess
import unittest

from place import PROGRAM, ROOT, Place, PlaceTest
from test_help import Help

PAGES = {"en": ROOT / "man/tavs.1.in", "da": ROOT / "man/da/tavs.1.in"}
OTHERS = (ROOT / "man/tavs-format.5", ROOT / "man/tavs-security.7")
STATUSES = {0, 1, 2, 3, 4, 5, 130}

# mandoc does not know where the pages are that refer to each other, nor headings in Danish.
EXPECTED = re.compile(r"referenced manual not found: Xr tavs|first section is not \"NAME\"|"
                      r"description line outside NAME section|possible typo in section name: Sh FILER|"
                      r"trailing delimiter: Sh SE OGS")


def need_mandoc(test):
    if shutil.which("mandoc") is None:
        test.skipTest("mandoc is not installed")


def mandoc(*words, text):
    return subprocess.run(["mandoc", *words], input=text, capture_output=True, text=True, check=False).stdout


def page(language):
    return subprocess.run([ROOT / "tools/make_manual", PROGRAM, language, PAGES[language]], check=True,
                          capture_output=True, text=True).stdout


class ManualTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.help = Help(cls.place)
        cls.pages = {language: page(language) for language in PAGES}

    def sections(self, text):
        """heading -> lines"""
        parts = re.split(r"(?m)^\.Sh (.*)$", text)
        return dict(zip(parts[1::2], parts[2::2]))

    def items(self, text):
        """The options of a list: (letter, name, has a value)."""
        return [(letter, name, bool(value))
                for letter, name, value in re.findall(r"(?m)^\.It Fl (\w) , Fl -([a-z-]+)( Ar .*)?$", text)]

    def commands(self, text):
        parts = re.split(r"(?m)^\.Ss (\S+)$", text)
        return dict(zip(parts[1::2], parts[2::2]))


class OfTheProgram(ManualTest):
    def test_commands_and_options_are_those_of_the_help(self):
        common = [(letter, name, value is not None) for letter, name, value in self.help.options(None)]
        for language, text in self.pages.items():
            names = list(self.sections(text))
            options, commands = (self.sections(text)[names[number]] for number in (3, 4))
            with self.subTest(language):
                self.assertEqual(common, self.items(options))
                self.assertEqual(self.help.commands, list(self.commands(commands)))
                for name, part in self.commands(commands).items():
                    own = [(letter, option, value is not None) for letter, option, value in self.help.options(name)]
                    self.assertEqual([option for option in own if option not in common], self.items(part), name)

    def test_the_name_is_written_out(self):
        """groff 1.23 knows it only from a section that is called NAME: in the Danish page ".Nm" printed nothing."""
        for path in (*PAGES.values(), *OTHERS):
            self.assertNotRegex(path.read_text(), r"(?m)^\.Nm( [.,;:)]|$)", path)

    def test_every_word_of_the_help_is_there(self):
        need_mandoc(self)
        for language, text in self.pages.items():
            shown = mandoc("-T", "utf8", "-O", "width=200", text=text)
            parts = re.split(r"(?m)^   ([a-z-]+)$", re.sub(".\b", "", shown))
            commands = dict(zip(parts[1::2], parts[2::2]))
            for name in self.help.commands:
                help_text = self.place.done("help", name, "--lang", language)
                details = help_text.split(f" tavs {name} [")[1].split("\n\n", 1)[1].rsplit("\n\n", 1)[0]
                with self.subTest(name, language=language):
                    for example in help_text.split("\n\n")[1].splitlines()[1:]:
                        self.assertIn(example.strip(), commands[name])
                    missing = [word for word in re.findall(r"[\w-]+", details) if word not in commands[name]]
                    self.assertEqual([], missing)

    def test_exit_statuses(self):
        source = (ROOT / "src/cmd/message.c").read_text()
        known = {0} | {int(number) for number in re.findall(r"(?m)^ +[A-Z_]+ = (\d+),", source)}
        self.assertEqual(STATUSES, known)
        for heading, language in (("EXIT STATUS", "en"), ("SLUTSTATUS", "da")):
            section = self.sections(self.pages[language])[heading]
            self.assertEqual(STATUSES, {int(number) for number in re.findall(r"(?m)^\.It (\d+)$", section)})

    def test_same_in_both_languages(self):
        """Section by section the same environment, files, statuses; as many paragraphs and examples."""
        english, danish = ([part for part in self.sections(self.pages[language]).values()] for language in ("en", "da"))
        self.assertEqual(len(english), len(danish))
        for number, (one, other) in enumerate(zip(english, danish)):
            if number != 4:  # the commands, which come from the help
                for macro in (r"\.Pp", r"\.It Ev .*", r"\.It Pa .*", r"\.It \d+", r"\.Bd .*", r"\.Xr .*", r"\.Fl .*"):
                    found = [[line.replace("FILE", "FIL") for line in re.findall(f"(?m)^{macro}$", part)]
                             for part in (one, other)]
                    self.assertEqual(*found)

    def test_environment_is_what_the_program_looks_at(self):
        section = self.sections(self.pages["en"])["ENVIRONMENT"]
        told = {name for line in re.findall(r"(?m)^\.It Ev (.*)$", section) for name in line.split(" , ")}
        source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.c"))
        for name in told:
            self.assertIn(f'"{name}"', source)

    def test_examples_are_commands_that_there_are(self):
        found = 0
        for text in self.pages.values():
            for line in re.findall(r"(?m)^(?:\$|0 6 1 \* \*) +tavs (.*)$", text):
                words = line.split(" && ")[0].split()
                command = next(word for word in words if not word.startswith("-"))
                options = self.help.names(command)
                found += 1
                for word in words:
                    if word.startswith("-"):
                        self.assertIn(word, options, line)
        self.assertEqual(26, found)


class Form(ManualTest):
    def lint(self, text):
        return [line for line in mandoc("-T", "lint", text=text).splitlines() if not EXPECTED.search(line)]

    def test_lint(self):
        need_mandoc(self)
        for text in (*self.pages.values(), *(path.read_text() for path in OTHERS)):
            self.assertEqual([], self.lint(text))
        self.assertNotEqual([], self.lint(OTHERS[0].read_text() + ".Xx\n"))

    def test_format_is_that_of_the_document(self):
        """The offsets, sizes and order of header, device, row and release record."""
        document = (ROOT / "docs/format.md").read_text()
        manual = OTHERS[0].read_text()
        for chapter, heading in (("4. Header", "Header"), ("5. Device", "Device"), ("6. Row", "Row"),
                                 ("10. Release record", "Release record")):
            table = document.split(f"## {chapter}\n\n")[1].split("\n\n")[0]
            described = re.findall(r"(?m)^\| (\d+) \| ([\d,]+) \|", table)
            part = manual.split(f".Ss {heading}\n")[1].split(".El")[0]
            self.assertTrue(described)
            self.assertEqual(described, re.findall(r"(?m)^\.It (\d+) Ta ([\d,]+) Ta ", part))


if __name__ == "__main__":
    unittest.main()
