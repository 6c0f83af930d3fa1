"""docs/guide.da.md: what it shows of the program is what the program shows, on the day that it tells of."""

import re
import shlex
import time
import unittest

from place import PASSPHRASE, PATIENCE, ROOT, Place, PlaceTest
from screen import Screen
from shims import compile_shim
from terminal import Terminal
from test_cases import read

GUIDE = ROOT / "docs/guide.da.md"
NOW = "2026-11-25 12:00:00"
PATH = "/home/leder/.local/share/tavs/tavs.mdb"
FINGERPRINT, CODE = r"(?:[0-9a-f]{4} ){9}[0-9a-f]{4}", r"(?:[0-9A-Z]{4}-){13}[0-9A-Z*~$=]"
LINES = ("t p 2", "p b")  # typed at the desk before the screen that is shown
ASKS = ("close", "reopen", "show", "report", "publish", "export")
CONFIRMS = ("reopen", "publish")


def examples():
    """(words, what is shown after them) of each command."""
    for block in re.findall(r"(?ms)^```console\n(.*?)^```$", GUIDE.read_text()):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            command, _, shown = part.partition("\n")
            yield shlex.split(command)[1:], shown


class Guide(PlaceTest):
    @classmethod
    def setUpClass(cls):
        """A place with a year and a half behind it."""
        cls.place = Place.for_class(cls)
        clock = cls.place.folder / "clock"
        clock.write_text(f"{time.mktime(time.strptime(NOW, '%Y-%m-%d %H:%M:%S')):.0f}\n")
        cls.place.env |= {"LC_ALL": "da_DK.UTF-8", "LD_PRELOAD": cls.place.preloading(compile_shim("clock_shim")),
                          "CLOCK_FILE": str(clock)}
        cls.place.init("--channels", "personlig,telefon")
        (cls.place.work / "rapporter").mkdir()
        for year, instead, last in ((2017, 2025, "12"), (2018, 2026, "10")):
            for (month, channel, party, session), count in read(year).items():
                number = month.split("-")[1]
                if number <= last:
                    cls.place.done("log", "--month", f"{instead}-{number}", "--count", count, channel, party, session)

    def open(self, words, columns):
        terminal = Terminal(["env", "-C", str(self.place.work), *self.place.command(*words)],
                            env=self.place.env | {"TERM": "xterm"},
                            output="terminal", columns=columns)
        self.addCleanup(terminal.__exit__)
        return terminal

    def run_as_told(self, words, shown):
        """All that the command shows when a person answers what it asks."""
        answers = [("Adgangssætning: ", PASSPHRASE + "\n")] if "Adgangssætning:" in shown or words[0] in ASKS else []
        if words[0] in CONFIRMS:
            answers.append(("(Enter)  > ", "j"))
        if words[0] == "init":
            words = [*words, "--kdf", "interactive", "--store", "new.mdb"]
            answers = [(prompt, PASSPHRASE + "\n") for prompt in ("er gode): ", "igen: ")]
        if words == ["log"]:
            answers = [("Henvendelse: ", "t"), ("Hvem: ", "p"), ("Samtale: ", "1")]
        terminal = self.open(words, 200)
        said = b""
        for prompt, answer in answers:
            said += terminal.expect(prompt)
            terminal.type(answer.encode())
        self.assertRegex(terminal.fate(), "exited [02]")
        return (said + terminal.settle(0.05)).decode()

    def alike(self, text):
        """Without what differs from one store to another, and without blanks at the end of a line."""
        text = text.replace(str(self.place.store), PATH).replace("new.mdb", PATH).replace("\r", "")
        for pattern in (FINGERPRINT, CODE):
            text = re.sub(pattern, "0000", text)
        return re.sub(r"(?m) +$", "", text)

    def test_screens(self):
        commands = set()
        for words, shown in examples():
            if not words:
                continue  # the desk
            with self.subTest(" ".join(words)):
                said, shown = self.alike(self.run_as_told(words, shown)), self.alike(shown)
                at = 0
                for part in shown.split("...\n"):
                    self.assertIn(part, said[at:])
                    at = said.index(part, at) + len(part)
                if "...\n" not in shown:
                    self.assertEqual(shown, said)
            commands.add(words[0])
        self.assertLessEqual({"log", "retract", "init", "close", "show", "report", "publish", "reopen", "export", "scan",
                              "backup", "audit"},
                             commands)

    def test_desk(self):
        [shown] = [shown.splitlines() for words, shown in examples() if not words]
        terminal, screen = self.open([], 80), Screen(columns=80)

        def wait_for(wanted):
            end = time.monotonic() + PATIENCE
            while not (screen.lines() and wanted(screen.lines())) and time.monotonic() < end:
                screen.feed(terminal.settle(0.02))
                terminal.seen = b""

        for number, line in enumerate(LINES):
            wait_for(lambda lines: f"omgang: {number}" in lines[0] and lines[-1] == "> ")
            terminal.type(line.encode() + b"\r")
        wait_for(lambda lines: lines[-1] == "> " and len(lines) == len(shown))
        terminal.type(shown[-1].removeprefix("> ").encode())
        wait_for(lambda lines: lines == shown)
        self.assertEqual(shown, screen.lines())

    def test_a_page_for_each(self):
        """Not more than a sheet of paper holds."""
        pages = GUIDE.read_text().split("\n## ")[1:]
        self.assertEqual(["For rådgiveren", "For lederen", "Når noget offentliggøres"], [page.splitlines()[0] for page in pages])
        for page in pages:
            self.assertLessEqual(len(page.splitlines()), 85)


if __name__ == "__main__":
    unittest.main()
