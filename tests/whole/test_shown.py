"""Nothing from outside reaches a terminal but as printable text: names, words, values of the environment, headings."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import DONE, PROGRAM, REFUSED, ROOT, WRONG_USE, Place, PlaceTest, without_sanitizer

# What a terminal obeys or nobody sees, with how it is shown.
HIDDEN = {b"\x1b[2J\x1b]0;t\x07": r"\x1b[2J\x1b]0;t\x07", b"\r": r"\x0d", b"\n": r"\x0a", b"\x7f": r"\x7f",
          b"\x9b1m": r"\x9b1m", "\u009b1m".encode(): r"\u009b1m", "\u202e".encode(): r"\u202e",
          "\u2066".encode(): r"\u2066", "\u200b".encode(): r"\u200b", "\ufeff".encode(): r"\ufeff",
          "\u2028".encode(): r"\u2028", "\U000e0041".encode(): r"\U000e0041", b"\xe2\x80": r"\xe2\x80"}
NAME = b"x" + b"+".join(HIDDEN) + "æø".encode()
SHOWN = "x" + "+".join(HIDDEN.values()) + "æø"


class Shown(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.folder = os.fsencode(cls.place.work)

    def run_bytes(self, *words, env=None, text=b""):
        full = {os.fsencode(name): os.fsencode(value) for name, value in self.place.env.items()}
        full.update(env or {})
        result = subprocess.run([os.fsencode(PROGRAM), *words], env=full, cwd=self.place.work, input=text,
                                capture_output=True, check=False, start_new_session=True)
        return result.returncode, result.stdout, result.stderr

    def check(self, *words, status, shown=SHOWN, **more):
        """All of what is said is printable, and the name stands there as it is shown."""
        got, *said = self.run_bytes(*words, **more)
        said = [text.decode() for text in said]
        self.assertEqual(status, got, said)
        for text in said:
            self.assertEqual([], [letter for letter in text if not letter.isprintable() and letter != "\n"])
        self.assertIn(shown, "".join(said))
        return "".join(said)

    def test_store(self):
        key, path = os.fsencode(self.place.key), self.folder + b"/" + NAME
        store = b"--store=" + path
        self.check(b"show", key, store, status=REFUSED)
        self.check(b"init", b"-k", b"interactive", key, store, status=DONE)
        self.check(b"init", b"-k", b"interactive", key, store, status=REFUSED)
        self.check(b"audit", store, status=DONE)
        self.check(b"backup", store, path + b".copy", status=DONE, shown=SHOWN + ".copy")
        self.check(b"show", key, env={b"TAVS_STORE": path + b"?"}, status=REFUSED)
        self.check(b"show", key, store, env={b"XDG_STATE_HOME": self.folder}, status=DONE)

    def test_file_that_says_that_nothing_was_found(self):
        text = b"cpr\n170761-4287\n"
        name = b"a.csv: nothing found\n" + NAME + b".csv"
        Path(os.fsdecode(self.folder + b"/" + name)).write_bytes(text)
        said = self.check(b"scan", name, status=1, shown=r"a.csv: nothing found\x0ax")
        self.assertNotIn("nothing found\n", said)
        self.check(b"scan", b"-o", b"seen.txt", name, status=1, shown="refused")
        self.assertNotIn("nothing found\n", (self.place.work / "seen.txt").read_text())
        status, out, _ = self.run_bytes(b"scan", b"-f", b"json", name)
        self.assertEqual(1, status)
        self.assertEqual([], [letter for letter in out.decode() if not letter.isprintable() and letter != "\n"])

    def test_json_keeps_the_name(self):
        name = NAME.replace(b"\x9b1m", b"", 1).replace(b"+\xe2\x80" + "æø".encode(), b"")  # UTF-8, as JSON has to be
        name = name.decode().replace("/", "")
        (self.place.work / name).write_text("month,count\n2026-01,3\n")
        status, out, _ = self.run_bytes(b"scan", b"-f", b"json", name.encode())
        self.assertEqual(DONE, status)
        self.assertEqual(name, json.loads(out)["files"][0]["file"])
        self.assertIn(rb"\u202e", out)
        self.assertIn(rb"\udb40\udc41", out)
        self.assertEqual([], [letter for letter in out.decode() if not letter.isprintable() and letter != "\n"])

    def test_words_and_options(self):
        for words in ([NAME], [b"log", NAME, b"relative"], [b"log", b"phone", NAME], [b"--" + NAME], [b"show", NAME],
                      [b"--lang", NAME, b"help"], [b"help", NAME], [b"report", b"-f", NAME, b"2017"],
                      [b"init", b"-k", NAME], [b"scan", b"-f", NAME, b"a"], [b"key", NAME], [b"threshold", NAME]):
            with self.subTest(words):
                self.check(*words, status=WRONG_USE, env={b"TAVS_STORE": self.folder + b"/none.mdb"})

    def test_files(self):
        for words in ([b"scan", NAME], [b"import", NAME], [b"check-release", NAME],
                      [b"scan", b"-o", NAME + b"/none", b"/dev/null"]):
            with self.subTest(words):
                got, *said = self.run_bytes(*words, env={b"TAVS_STORE": self.folder + b"/none.mdb"})
                self.assertNotEqual(DONE, got)
                for text in said:
                    self.assertEqual([], [letter for letter in text.decode()
                                          if not letter.isprintable() and letter != "\n"])

    def test_environment(self):
        for name in (b"TERM", b"LANG", b"LC_ALL", b"LANGUAGE", b"XDG_STATE_HOME", b"XDG_DATA_HOME", b"HOME", b"TZ"):
            for words in ([b"version", b"-v"], [b"show"], [b"init", os.fsencode(self.place.key)]):
                with self.subTest(name, words=words):
                    _, *said = self.run_bytes(*words, env={name: b"/nowhere/" + NAME, b"TAVS_STORE": b""})
                    for text in said:
                        self.assertEqual([], [letter for letter in text.decode()
                                              if not letter.isprintable() and letter != "\n"])


@without_sanitizer
class CheckTerminal(unittest.TestCase):
    """tools/check-terminal finds what would write past term_write."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for part in ("src", "include"):
            shutil.copytree(ROOT / part, self.root / part)

    def check(self):
        return subprocess.run([ROOT / "tools/check-terminal", self.root], capture_output=True, text=True, check=False)

    def test_the_tree(self):
        result = self.check()
        self.assertEqual((0, ""), (result.returncode, result.stderr))

    def test_each_way_is_found(self):
        for line in ('printf("%s", name);', 'fputs(name, stdout);', 'fprintf(stderr, "%s", name);', 'puts(name);',
                     'perror(name);', 'dprintf(2, "%s", name);', 'write(2, name, 1);', 'vdprintf(2, name, list);',
                     'base_write_all(STDOUT_FILENO, name, 1, "", error);', 'int to = STDERR_FILENO;',
                     'putchar(*name);', 'warnx("%s", name);', 'open(term_guard_path, O_RDWR);'):
            with self.subTest(line):
                file = self.root / "src/cmd/show.c"
                before = file.read_text()
                file.write_text(before + f"/* printf( */ {line}\n")
                result = self.check()
                file.write_text(before)
                number = before.count("\n") + 1
                self.assertEqual(1, result.returncode)
                self.assertRegex(result.stderr, rf"\Asrc/cmd/show.c:{number}: \w+ writes past term_write\n\Z")


if __name__ == "__main__":
    unittest.main()
