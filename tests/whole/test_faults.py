"""Every call that changes a file fails once, or is the program's last: the old counts or the new, never neither.

tests/drivers/fault_shim.c is preloaded and makes the N-th call go wrong, N rising until the program gets through.
"""

import contextlib
import os
import shutil
import subprocess
import unittest

from place import DONE, SYSTEM, WRONG_PASSPHRASE, Place, PlaceTest
from shims import compile_shim

KINDS = ("killed", "torn", "failed", "full")
BRIEFLY = ("torn", "failed", "full")  # where each attempt takes a passphrase's time
KILLED = -9
CELLS = [(channel, party, session) for channel in ("in-person", "phone", "mail", "web")
         for party in ("user", "relative", "professional") for session in range(1, 6)]


def is_counted(result):
    """True, False, or None where the program did not live to tell."""
    if result.status == KILLED:
        return None
    if result.status == DONE:
        return True
    complaint, hint = ["", *result.err.splitlines()][-2:]
    if result.status != SYSTEM or not complaint.startswith("tavs: ") or not hint.startswith("hint: "):
        raise AssertionError(result)
    return complaint.startswith("tavs: it was written, but the outdated bytes could not be erased")


class FaultTest(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("fault_shim")

    def setUp(self):
        self.place = Place.for_test(self)

    def strike(self, number, kind, *words):
        """Runs a command with a fault; gives its result and what the shim says."""
        mark = self.place.folder / "mark"
        result = self.place.tavs(*words, env={"LD_PRELOAD": self.place.preloading(self.shim), "FAULT_AT": str(number),
                                              "FAULT_KIND": kind, "FAULT_MARK": str(mark)})
        said = mark.read_text()
        mark.unlink()
        return result, said

    def each_fault(self, kind, words, step=1):
        """Rising numbers with what became of the program, until nothing goes wrong any more. `words` is
        called for the command."""
        number = 0
        while True:
            number += step if number else 1
            result, said = self.strike(number, kind, *words())
            struck = "struck" in said
            yield number, result, struck
            if not struck:
                self.assertEqual(DONE, result.status, result)
                return

    def assert_only(self, *names):
        self.assertEqual(set(names), {entry.name for entry in self.place.work.iterdir()})


class Log(FaultTest):
    def assert_each_fault(self, first_words, month_of):
        """Each attempt counts in a cell of its own, so that one look in the end tells of each."""
        for kind in KINDS:
            self.place = Place.for_test(self)
            self.place.init()
            if first_words:
                self.place.done(*first_words)
            expected = {}
            for _number, result, _struck in self.each_fault(
                    kind, lambda: ("log", "--month", month_of(len(expected)), *CELLS[len(expected)])):
                expected[month_of(len(expected)), *CELLS[len(expected)]] = is_counted(result)
                if is_counted(result) is None:
                    self.assertEqual("", result.err)  # said only when all is done
                self.assert_only("tavs.mdb")
            self.assertGreater(len(expected), 0 if kind == "full" else 4)
            months = sorted(key[0] for key in expected)
            found = self.place.counts(f"{months[0]}..{months[-1]}")
            for key, counted in expected.items():
                with self.subTest(kind=kind, key=key):
                    self.assertIn(found.pop(key, 0), (0, 1) if counted is None else (int(counted),))
            self.assertEqual({}, found)
            self.assert_nothing_left_in_the_store(self.place)  # the last attempt got through, and erased

    def test_a_month_that_is_there(self):
        # Where the file need not grow, a full disk is no hindrance: then there is one attempt.
        self.assert_each_fault(("log", "--month", "2010-12", "web", "user"), lambda attempt: "2010-01")

    def test_a_year_that_is_new(self):
        """The file must grow for it."""
        self.assert_each_fault(None, lambda attempt: f"{2001 + attempt}-01")

    def test_durable_before_it_is_said(self):
        """Pages written and synced, then the page that makes them the store's, durably; then the erasing."""
        self.place.init()
        for month in ("2010-01", "2010-01", "2010-02", "2011-01"):
            result, said = self.strike(0, "killed", "log", "--month", month, "phone", "user")
            self.assertEqual(DONE, result.status)
            self.assertRegex(said, r"^w+sd(w+sw?)?\n$")

    def test_retract(self):
        self.place.init()
        self.place.done("log", "--month", "2010-01", "--count", "1000", "phone", "user")
        expected, unknown = 1000, 0
        for kind in KINDS:
            for _number, result, _struck in self.each_fault(
                    kind, lambda: ("retract", "--month", "2010-01", "phone", "user")):
                counted = is_counted(result)
                unknown += counted is None
                expected -= counted is True
        found = self.place.counts("2010")["2010-01", "phone", "user", 1]
        self.assertTrue(expected - unknown <= found <= expected, (expected, unknown, found))


class Import(FaultTest):
    def test_all_or_nothing(self):
        """Two months of a table: both or neither. Each attempt has a cell of its own."""
        table = self.place.folder / "table.csv"
        rows = (("2010-01", 3), ("2010-07", 4))
        for kind in ("torn", "full"):
            self.place = Place.for_test(self)
            self.place.init()
            self.place.done("log", "--month", "2010-02", "web", "user")
            expected, kept = [], set((self.place.folder / "state/tavs").iterdir())

            def words():
                table.write_text("month,channel,party,session,count\n" + "".join(
                    f"{month},{','.join(map(str, CELLS[len(expected)]))},{count}\n" for month, count in rows))
                return "import", "--yes", "--again", table

            for _number, result, _struck in self.each_fault(kind, words):
                expected.append(is_counted(result))
                self.assert_only("tavs.mdb")
                for leftover in set((self.place.folder / "state/tavs").iterdir()) - kept:
                    if not leftover.name.endswith(".imported"):
                        self.assertEqual(KILLED, result.status)  # only from between two names
                        leftover.unlink()
            found = self.place.counts("2010")
            self.assertEqual(1, found.pop(("2010-02", "web", "user", 1)))
            for cell, counted in zip(CELLS, expected):
                with self.subTest(kind=kind, cell=cell):
                    both = tuple(found.pop((month, *cell), 0) for month, _count in rows)
                    self.assertIn(both, ((0, 0), (3, 4)) if counted is None else ((3, 4) if counted else (0, 0),))
            self.assertEqual({}, found)
            self.assert_nothing_left_in_the_store(self.place)


class Init(FaultTest):
    def test_all_or_nothing(self):
        state = self.place.folder / "state/tavs"
        for kind in BRIEFLY:
            for number, result, _struck in self.each_fault(
                    kind, lambda: ("init", "-k", "interactive", self.place.key)):
                with self.subTest(kind=kind, number=number):
                    keys = [entry.name for entry in state.iterdir()] if state.exists() else []
                    if self.place.store.exists():
                        self.assertIn(result.status, (DONE, KILLED))
                        self.assert_only("tavs.mdb")
                        self.place.done("log", "--month", "2010-01", "phone", "user")
                        self.place.store.unlink()
                    else:
                        self.assertIn(result.status, (SYSTEM, KILLED))
                        self.assert_only()
                        if result.status == SYSTEM:
                            self.assert_complaint(result, SYSTEM, "")
                            self.assertEqual([], keys)
                    for key in keys:
                        (state / key).unlink()


class Files(FaultTest):
    """Files that are written beside the store: complete or not there at all."""

    def setUp(self):
        super().setUp()
        self.place.init()
        self.place.done("log", "--month", "2010-01", "phone", "user")
        self.file = self.place.work / "file"

    def assert_each_fault(self, words, complete, step=1):
        for kind in BRIEFLY:
            for number, result, struck in self.each_fault(kind, lambda: words, step):
                with self.subTest(kind=kind, number=number):
                    if self.file.exists():
                        if result.status not in (DONE, KILLED):
                            self.assert_complaint(result, SYSTEM, "file was written, but may not outlast a power cut")
                        complete()
                        self.file.unlink()
                    else:
                        self.assertIn(result.status, (SYSTEM, KILLED))
                    self.assert_only("tavs.mdb")

    def test_export(self):
        words = ("export", "2010", "-x", self.place.key)
        whole = self.place.done(*words)
        self.assert_each_fault((*words, "-o", "file"),
                               lambda: self.assertEqual(whole.encode(), self.file.read_bytes()))

    def test_export_in_place_of_another(self):
        words = ("export", "2010", "-x", self.place.key)
        whole = self.place.done(*words).encode()
        for kind in BRIEFLY:
            self.file.write_bytes(b"the old one")
            for number, result, struck in self.each_fault(kind, lambda: (*words, "-o", "file", "--force")):
                with self.subTest(kind=kind, number=number):
                    self.assertIn(self.file.read_bytes(), (whole, b"the old one"))
                    if result.status == DONE:
                        self.assertEqual(whole, self.file.read_bytes())
                    leftovers = [entry for entry in self.place.work.iterdir()
                                 if entry.name not in ("tavs.mdb", "file")]
                    for leftover in leftovers:  # only from between two names, and whole
                        self.assertEqual((KILLED, whole), (result.status, leftover.read_bytes()))
                        leftover.unlink()
                    self.file.write_bytes(b"the old one")

    def test_backup(self):
        def complete():
            self.assertEqual({("2010-01", "phone", "user", 1): 1}, self.place_of(self.file).counts("2010"))

        self.assert_each_fault(("backup", "file"), complete, step=3)

    def place_of(self, store):
        other = self.place.on("unknowing")
        other.store = store
        return other


class Keys(FaultTest):
    def test_one_of_the_two_passphrases_opens(self):
        self.place.init()
        files = [self.place.secret(name, f"the passphrase called {name}") for name in ("one", "other")]
        self.place.done("key", "change", "-k", "interactive", self.place.key, "-P", files[0])
        for kind in ("torn", "failed"):
            for number, result, struck in self.each_fault(
                    kind, lambda: ("key", "change", "-k", "interactive", "-p", files[0], "-P", files[1])):
                with self.subTest(kind=kind, number=number):
                    opens = [self.place.tavs("key", "remove", "1", "-p", file).status != WRONG_PASSPHRASE
                             for file in files]
                    changed = is_counted(result)
                    if changed is None:
                        self.assertEqual(1, sum(opens))
                    else:
                        self.assertEqual([not changed, changed], opens)
                    if opens[1]:
                        files.reverse()


class Months(FaultTest):
    def test_closed_or_not(self):
        """The file says the old state or the new, and after success the new."""
        self.place.init()
        self.place.done("close", "2010-05", self.place.key)
        month, closed = "2010-06", "Closed through June 2010.\n"
        states = [self.place.done("close"), closed]  # as it is, as it is to be
        for kind in BRIEFLY:
            for number, result, _struck in self.each_fault(
                    kind, lambda: ("close" if states[1] == closed else "reopen", month, self.place.key)):
                with self.subTest(kind=kind, number=number):
                    state = self.place.done("close")
                    self.assertIn(state, states)
                    changed = is_counted(result)
                    if changed is not None:
                        self.assertEqual(states[changed], state)
                    if state == states[1]:
                        states.reverse()
            self.assert_nothing_left_in_the_store(self.place)  # the last attempt got through, and erased


class Publish(FaultTest):
    def test_recorded_before_it_is_told(self):
        """A file is there only if the ledger has the release; where it has, the files can be made for ever."""
        self.place.init("--channels", "phone")
        self.place.import_rows([("2010-03", "phone", "user", 1, 40)])
        self.place.done("close", "2010-12", self.place.key)
        kept = self.place.store.read_bytes()
        out, again = self.place.work / "out", self.place.work / "again"
        out.mkdir()
        words = ("publish", "2010-Q1", "--yes", "-o", "out", "-f", "csv,text", self.place.key)
        for kind in BRIEFLY:
            for number, result, _struck in self.each_fault(kind, lambda: words):
                with self.subTest(kind=kind, number=number):
                    recorded = "Releases: 1;" in self.place.done("release", "list", self.place.key)
                    files = {file.name: file.read_bytes() for file in out.glob("tavs-*")}
                    if result.status == DONE:
                        self.assertEqual((True, 2), (recorded, len(files)))
                    elif result.status != KILLED:
                        self.assert_complaint(result._replace(out=""), SYSTEM, "")
                        self.assertEqual(recorded, "it was recorded as published" in result.err, result)
                    if recorded:
                        again.mkdir()
                        self.place.done("publish", "--again", "1", "-o", "again", "-f", "csv,text", self.place.key)
                        for name, content in files.items():
                            self.assertEqual((again / name).read_bytes(), content)
                        shutil.rmtree(again)
                    else:
                        self.assertEqual({}, files)
                for file in [*out.iterdir(), *(self.place.folder / "state/tavs").glob("*")]:
                    if file.suffix != ".device":
                        file.unlink()
                self.place.store.write_bytes(kept)


class FullDisk(PlaceTest):
    """The real thing: a file system of a few pages."""

    SIZE = 512 << 10

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root can mount a small disk")

    def setUp(self):
        self.place = Place.for_test(self)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.SIZE},mode=700", "tmpfs",
                                  self.place.work], capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"no small disk can be mounted: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", self.place.work], check=True)

    def fill(self):
        with contextlib.suppress(OSError), open(self.place.work / "filler", "wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def assert_full(self, *words):
        before = self.place.names() | {"state/tavs"}
        result = self.place.tavs(*words)
        self.assert_complaint(result, SYSTEM, "the disk is full: .*No space left on device$",
                              "nothing has changed; make room and try again")
        self.assertEqual(before, self.place.names() | {"state/tavs"})

    def test_init(self):
        self.fill()
        self.assert_full("init", "-k", "interactive", self.place.key)
        (self.place.work / "filler").unlink()
        self.place.init()

    def test_log_export_backup(self):
        self.place.init()
        self.place.done("log", "--month", "2010-01", "phone", "user")
        self.place.import_rows([("2008-03", "phone", "user", 1, 40)])
        self.place.done("close", "2008-12", self.place.key)
        before = self.place.counts("2010")
        self.fill()
        self.assert_full("log", "--month", "2009-01", "phone", "user")  # twelve new rows
        self.assert_full("backup", "copy.mdb")
        self.assert_full("export", "2010", "-x", "-o", "file", self.place.key)
        self.assert_full("publish", "2008", "-y", "-q", "-o", ".", self.place.key)
        self.assertEqual(before, self.place.counts("2009-01..2010-12"))
        # Where nothing has to grow it counts on.
        results = [self.place.tavs("log", "--month", "2010-01", "phone", "user") for _ in range(3)]
        counted = sum(result.status == DONE for result in results)
        self.assertEqual({("2010-01", "phone", "user", 1): 1 + counted}, self.place.counts("2010"))
        (self.place.work / "filler").unlink()
        for words in (("log", "--month", "2009-01", "phone", "user"), ("backup", "copy.mdb")):
            self.place.done(*words)


if __name__ == "__main__":
    unittest.main()
