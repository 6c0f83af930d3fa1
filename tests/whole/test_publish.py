"""Publishing is an act: what it asks, which files it writes, and what is left where it ends too early."""

import json
import re
import shutil
import signal
import subprocess
import unittest

from office import OfficeTest, sums_of
from place import CANCELLED, DONE, SYSTEM, WRONG_USE
from shims import compile_shim
from terminal import Terminal

QUESTION = "Publish this? It can't be taken back, only corrected. "
QUARTER = ("publish", "2017-Q2", "-o", "out")


def shown_and_hidden(said):
    return tuple(map(int, re.search(r"(?m)^Release \d+: (\d+) figures shown, (\d+) hidden\.$", said).groups()))


class Asking(OfficeTest):
    def setUp(self):
        super().setUp()
        (self.place.work / "out").mkdir()
        self.before = self.place.tree()

    def terminal(self, *words, **more):
        words = self.place.command(*(words or QUARTER), self.place.key)
        return Terminal(words, env=self.place.env | {"PWD": str(self.place.work)}, columns=200, **more)

    def at_work(self, *words):
        """A terminal, with the folder named by its path: the program runs where the test does."""
        words = [str(self.place.work / word) if word == "out" else word for word in words or QUARTER]
        return self.terminal(*words)

    def test_yes(self):
        with self.at_work() as terminal:
            shown = terminal.expect(QUESTION).decode()
            self.assertEqual(self.before, self.place.tree())
            terminal.type(b"y")
            self.assertEqual([], terminal.result())
            said = terminal.settle().decode()
        # Seen before anybody says yes: the first table, how much is shown and hidden, and the files.
        self.assertRegex(shown, r"(?s)Courses begun, by channel.*In person +\S+\r\n.*Courses in all +22\r\n")
        counted = re.search(r"Figures shown: (\d+), hidden: (\d+)\r\n", shown).groups()
        for ending in ("html", "csv"):
            self.assertIn(f"{self.place.work}/out/tavs-2017-Q2.{ending}\r\n", shown)
        self.assertIn(f"Release 1: {counted[0]} figures shown, {counted[1]} hidden.\r\n", said)
        self.assertEqual({"tavs-2017-Q2.html", "tavs-2017-Q2.csv"}, self.files().keys())
        self.assertIn("Releases: 1;", self.place.done("release", "list", self.place.key))

    def test_anything_else(self):
        """No, Enter, Esc, Ctrl-C: nothing is recorded, and no file is left, not even a part of one."""
        for keys in (b"n", b"\n", b"\x1b", b"\x03", b"q"):
            with self.subTest(keys), self.at_work() as terminal:
                terminal.expect(QUESTION)
                terminal.type(keys)
                self.assertEqual(f"exited {CANCELLED}", terminal.fate())
                terminal.expect("cancelled; nothing has changed")
                self.assertEqual(self.before, self.place.tree())

    def test_the_terminal_goes_away(self):
        with self.at_work() as terminal:
            terminal.expect(QUESTION)
            terminal.hang_up()
            self.assertNotEqual("exited 0", terminal.fate())
        self.assertEqual(self.before, self.place.tree())

    def test_in_danish(self):
        with self.at_work("--lang", "da", *QUARTER) as terminal:
            terminal.expect("Skal det offentliggøres? Det kan ikke tages tilbage, kun rettes. [j]a")
            terminal.type(b"j")
            self.assertEqual([], terminal.result())
        self.assertEqual(2, len(self.files()))

    def test_nobody_to_ask(self):
        self.assert_refused(self.place, WRONG_USE, "there is no terminal to ask on", *QUARTER, self.place.key,
                            hint=".*and --yes where there is a question")
        self.assertEqual("", self.place.done(*QUARTER, "--yes", self.place.key))

    def test_quiet(self):
        result = self.place.tavs(*QUARTER, "--yes", "--quiet", self.place.key)
        self.assertEqual((DONE, "", ""), result)
        self.assertEqual(2, len(self.files()))

    def test_files_that_cannot_be_named_after_the_yes(self):
        """It is recorded before it is told, so it says how to get the files."""
        for spoil in (lambda out: (out / "tavs-2017-Q2.csv").write_text("somebody else's"), shutil.rmtree):
            with self.subTest(spoil), self.at_work() as terminal:
                terminal.expect(QUESTION)
                spoil(self.place.work / "out")
                terminal.type(b"y")
                self.assertEqual(f"exited {SYSTEM}", terminal.fate())
                said = terminal.settle().decode()
                self.assertRegex(said, r"it was recorded as published, but its files could not be written \(.*; "
                                       r"tavs publish --again 1 -o FOLDER\)")
                self.assertIn("do not publish it once more; that command writes the files", said)
                left = {file.name: file.read_text() for file in (self.place.work / "out").glob("*")}
                self.assertIn(left.pop("tavs-2017-Q2.csv", None), (None, "somebody else's"))
                self.assertLessEqual(left.keys(), {"tavs-2017-Q2.html"})  # each whole or not at all
                for text in left.values():
                    self.assertTrue(text.endswith("</html>\n"))
            self.assertEqual({"tavs-2017-Q2.html", "tavs-2017-Q2.csv"}, self.again(1).keys())
            self.setUp()


class Files(OfficeTest):
    def test_names(self):
        """A range that has no layout is published as the fewest that have one."""
        month = next(month for month in (f"2017-{number:02}" for number in range(1, 13))  # not emptied by lots
                     if self.place.tavs("export", month, self.place.key).status == DONE)
        for words, stem, periods in (
                (["2017"], "tavs-2017", ["2017"]), ([month], f"tavs-{month}", [month]),
                (["2017-Q3"], "tavs-2017-Q3", ["2017-Q3"]),
                (["2017-01..2017-06"], "tavs-2017-01--2017-06", ["2017-01..2017-06"]),
                (["2017-01..2017-10"], "tavs-2017-01--2017-10", ["2017-01..2017-06", "2017-Q3", "2017-10"]),
                (["2017-Q2", "2017-Q1"], "tavs-2017-01--2017-06", ["2017-Q1", "2017-Q2"]),
                (["2017-Q4", "2017-Q1", "2017-Q1"], "tavs-2017-Q1+2017-Q4", ["2017-Q1", "2017-Q4"])):
            with self.subTest(words):
                self.setUp()
                said = self.place.published(*words, "-f", "json,csv")
                self.assertEqual({f"{stem}.json", f"{stem}.csv"}, self.files().keys())
                self.assertRegex(said, f"(?m)^  out/{re.escape(stem)}.json\n  out/{re.escape(stem)}.csv\n")
                record = json.loads(self.files()[f"{stem}.json"])
                self.assertEqual(periods, [period["text"] for period in record["periods"]])
                told = sums_of(record)
                self.assertLessEqual(set(periods), {period for _place, period, *_rest in told})
                shown = sum(count is not None for count in told.values())
                self.assertEqual((shown, len(told) - shown), shown_and_hidden(said))

    def test_several_years(self):
        self.place.done("reopen", "2015-01", "--yes", self.place.key)
        self.place.import_rows([("2015-03", "phone", "user", 1, 30), ("2016-03", "phone", "user", 1, 35)])
        self.place.done("close", "2017-12", self.place.key)
        self.place.published("2017", "2016", "2015", "-f", "json")
        self.place.published("2015", "2017", "-f", "json")
        self.assertEqual({"tavs-2015--2017.json", "tavs-2015+2017.json"}, self.files().keys())
        record = json.loads(self.files()["tavs-2015+2017.json"])
        self.assertEqual(["2015", "2017"], [value["code"] for value in record["tables"][0]["columns"]["values"]])
        self.assertNotIn("2016", {period for _place, period, *_rest in sums_of(record)})

    def test_formats(self):
        endings = {"text": "txt", "markdown": "md", "html": "html", "xlsx": "xlsx", "json": "json", "csv": "csv"}
        self.place.published("2017-Q1", "-f", ",".join(endings))
        self.assertEqual({f"tavs-2017-Q1.{ending}" for ending in endings.values()}, self.files().keys())
        for file in (self.place.work / "out").iterdir():
            self.assertEqual(0o600, file.stat().st_mode & 0o777)
        self.place.published("2017-Q2")
        self.assertEqual({"tavs-2017-Q2.html", "tavs-2017-Q2.csv"}, self.files().keys() - {
            f"tavs-2017-Q1.{ending}" for ending in endings.values()})
        for wrong in ("pdf", "html,", "html,pdf", ""):
            self.assert_not_published(WRONG_USE, f"'--format {wrong.rpartition(',')[2]}' is not possible", "2017-Q3",
                                      "-f", wrong, folder="none")

    def test_one_name_that_is_taken(self):
        """All or none: nothing is recorded, and the other file is not there either."""
        (self.place.work / "out").mkdir()
        for taken in ("tavs-2017-Q2.csv", "tavs-2017-Q2.html"):
            (self.place.work / "out" / taken).write_text("somebody else's")
            self.assert_refused(self.place, WRONG_USE, f"out/{taken} exists already$", *QUARTER, "--yes",
                                self.place.key, hint=".*--force")
            (self.place.work / "out" / taken).unlink()
        (self.place.work / "out/tavs-2017-Q2.csv").write_text("somebody else's")
        self.place.published("2017-Q2", "--force")
        self.assertTrue(self.files()["tavs-2017-Q2.csv"].startswith(b"period,"))

    def test_a_folder_in_the_place_of_a_file(self):
        """Known before anything is recorded, also where files may be replaced."""
        (self.place.work / "out/tavs-2017-Q2.csv").mkdir(parents=True)
        result = self.place.publish("2017-Q2", "--force")
        self.assert_complaint(result, WRONG_USE, "out/tavs-2017-Q2.csv exists already")
        self.assertEqual(["tavs-2017-Q2.csv"], [path.name for path in (self.place.work / "out").iterdir()])
        self.assertIn("Releases: 0;", self.place.done("release", "list", self.place.key))

    def test_a_folder_that_is_none(self):
        (self.place.work / "file").write_text("")
        for folder, status in (("nowhere", SYSTEM), ("file", SYSTEM), ("file/deeper", SYSTEM)):
            self.assert_refused(self.place, status, f"{folder} could not be read or written", "publish", "2017", "--yes",
                                "-o", folder, self.place.key)
        self.assert_refused(self.place, WRONG_USE, "something is missing: tavs publish … -o FOLDER$", "publish", "2017",
                            "--yes", self.place.key)
        self.assert_refused(self.place, WRONG_USE, "something is missing: tavs publish PERIOD… -o FOLDER$", "publish",
                            "-o", ".", self.place.key)

    def test_a_full_disk(self):
        """As a limit on files' sizes stands in for it: the html would be larger. Nothing is recorded."""
        (self.place.work / "out").mkdir()
        before = self.place.tree()
        limited = ["sh", "-c", "ulimit -f 16; exec \"$@\"", "sh",
                   *self.place.command("publish", "2017", "-o", "out", "--yes", self.place.key)]
        result = self.place.tavs(command=limited)
        self.assert_complaint(result, SYSTEM, "(the disk is full: )?.*tavs-2017.html")
        self.assertEqual(before, self.place.tree())
        self.place.published("2017")

    def test_words_that_do_not_fit(self):
        for words, message in ((["2017-13"], "'2017-13' is not a period"), (["may"], "'may' is not a period"),
                               (["2017", "-x"], "there is no option '-x' here"),
                               (["2017", "-T", "5"], "there is no option '-T' here"),
                               (["2017", "--again", "1"], "'2017' is one word too many"),
                               (["2017", "--correct"], "'2017' is one word too many"),
                               (["--again", "1", "--correct"], "'--again --correct' is not possible"),
                               (["--again", "0"], "there is no release 0"), (["--again", "x"], "there is no release x"),
                               (["--again", "1"], "there is no release 1")):
            with self.subTest(words):
                self.assert_not_published(WRONG_USE, message, *words)


class Killed(OfficeTest):
    def test_a_key_press_while_files_are_written(self):
        """From the recording to the last file it waits: all of them are there."""
        formats = "text,markdown,html,json,csv"
        for folder, period in (("one", "2017-Q1"), ("two", "2017-Q2"), ("three", "2017")):
            (self.place.work / folder).mkdir()
            with subprocess.Popen(self.place.command("publish", period, "-o", folder, "-f", formats, "--yes", self.place.key),
                                  env=self.place.env, cwd=self.place.work, stdin=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL) as program:
                while program.poll() is None and not list((self.place.work / folder).glob("tavs-*")):
                    pass
                program.send_signal(signal.SIGINT)
            self.assertEqual(5, len(self.files(folder)))

    def test_between_recording_and_writing(self):
        """From the last call on backwards: at some it is recorded and not written, and --again writes it."""
        shim = compile_shim("call_shim", "cheap_pwhash_shim")
        result_file = self.place.folder / "result"
        (self.place.work / "out").mkdir()
        env = {"LD_PRELOAD": shim, "CALL_KIND": "signal", "CALL_SIGNAL": str(int(signal.SIGKILL)),
               "CALL_RESULT": str(result_file)}

        def run(at):
            return self.place.tavs(*QUARTER, "--yes", self.place.key, env=env | {"CALL_AT": str(at)})

        kept = self.place.store.read_bytes()
        self.assertEqual(DONE, run(0).status)
        calls, whole = int(result_file.read_text().split()[1]), self.files()
        states = set()
        for back in (*range(10), *(10 + step ** 2 for step in range(1, 40))):
            shutil.rmtree(self.place.work / "out")
            shutil.rmtree(self.place.folder / "state")
            shutil.copytree(self.kept.folder / "state", self.place.folder / "state")
            (self.place.work / "out").mkdir()
            self.place.store.write_bytes(kept)
            result = run(calls - back)
            self.assertEqual(-signal.SIGKILL, result.status, result)
            recorded = "Releases: 1;" in self.place.done("release", "list", self.place.key)
            found = {name: content for name, content in self.files().items() if name in whole}
            known = (recorded, len(found)) in states
            states.add((recorded, len(found)))
            for name, content in found.items():  # none is there in part
                self.assertEqual(len(whole[name]), len(content))
            if recorded and not known:
                shutil.rmtree(self.place.work / "again", ignore_errors=True)
                again = self.again(1)
                self.assertEqual(whole.keys(), again.keys())
                for name, content in found.items():
                    self.assertEqual(again[name], content)
            if not recorded:
                self.assertEqual({}, found)
                break
        self.assertLessEqual({(False, 0), (True, 0), (True, 1), (True, 2)}, states)


if __name__ == "__main__":
    unittest.main()
