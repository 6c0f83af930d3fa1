"""The N-th call that can fail does fail, once or from then on, or a signal comes before it: in every command.

tests/drivers/call_shim.c is preloaded, and behind it cheap libraries for what would take the time of a run of every N.
Here N takes a few values of each command's. `make faults` takes all, but of the thousands of calls that work with the
cells' elements of the group every 29th; of a protected release, whose solver asks for memory tens of thousands of
times, some.
"""

import os
import re
import shutil
import unittest

from place import (BUILD, CANCELLED, DONE, REFUSED, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, is_measured,
                   this_month)
from shims import compile_shim

AT_MOST = int(os.environ.get("TAVS_FAULTS", "3"))  # for each command and kind; 0: all
EVERY_ELEMENT = 29
SOME_OF_A_RELEASE = 60
SIGNALS = (1, 2, 15, 13, 20)  # HUP, INT, TERM, PIPE, TSTP (which a process without a terminal ignores)
MEASURED = is_measured()  # writing the counters must not fail for good; and where it fails once, it dies
KINDS = ("once", "signal") if MEASURED else ("once", "on", "signal")
YEAR, LAST_YEAR = int(this_month()[:4]), int(this_month()[:4]) - 1
MONTH = f"{YEAR}-01"
ALL = f"{LAST_YEAR}-01..{this_month()}"
FOUND, ENDED_BY_LOADER = 1, 127  # the latter where it has no memory for the variables of a part's threads
ERRORS = (WRONG_USE, REFUSED, WRONG_PASSPHRASE, SYSTEM, CANCELLED)


def verdict(text):
    """The last line's first word, or what the record says."""
    return "Failed" if '"verdict": "failed"' in text else text.splitlines()[-1].split(":")[0]


def comparable(text, failed):
    """Without an audit's digest of the store; a signature that does not hold is not this machine's."""
    return re.sub(r"[0-9a-f]{64}", "", text.replace(" (this machine)", "") if "verify" in failed else text)


class EveryCall(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("call_shim", "cheap_pwhash_shim", "cheap_group_shim")
        cls.place = place = Place.for_class(cls)
        cls.result_file = place.folder / "result"
        cls.new = f"--new-passphrase-file={place.secret('new', 'another passphrase for tests')}"
        cls.run_at(cls, 0, "once", "init", "--kdf", "interactive", place.key)
        for words in (["log", "-m", MONTH, "phone", "user"], ["log", "-m", MONTH, "mail", "user", "2"],
                      ["key", "add", "-k", "interactive", place.key, cls.new]):
            result = cls.run_at(cls, 0, "once", *words)[0]
            assert result.status == DONE, result
        cls.plain = cls.keep(cls, "plain")
        cls.injected = 0

    @classmethod
    def tearDownClass(cls):
        print(f"note: {cls.injected} faults and signals injected")

    def run_at(self, at, kind, *words):
        """Gives the result, how many calls there were, and the first that failed."""
        # What tavs becomes is what is tried, from its start on.
        command = [BUILD / "tavs-scan", *words] if words[0] == "scan" else None
        result = self.place.tavs(*words, command=command, env={
            "LD_PRELOAD": self.shim, "CALL_AT": str(at), "CALL_KIND": kind,
            "CALL_SIGNAL": str(SIGNALS[at % len(SIGNALS)]), "CALL_RESULT": str(self.result_file)})
        said = self.result_file.read_text().split()
        return result, int(said[1]) if said else 0, said[2] if said else "unknown"

    def setUp(self):
        self.kept = self.plain

    def keep(self, name):
        """The store and this machine's state as they are now, to begin with again and again."""
        kept = self.place.folder / "kept" / name
        for part in ("work", "state"):
            shutil.copytree(self.place.folder / part, kept / part)
        return kept

    def empty(self):
        for part in ("work", "state"):
            shutil.rmtree(self.place.folder / part)
            (self.place.folder / part).mkdir()

    def restore(self):
        if self.contents(self.place.folder) != self.contents(self.kept):
            for part in ("work", "state"):
                shutil.rmtree(self.place.folder / part)
                shutil.copytree(self.kept / part, self.place.folder / part)

    def contents(self, folder):
        """Every file of the store's folder and of this machine's state: its mode and its bytes."""
        return {str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes())
                for part in ("work", "state") for path in (folder / part).rglob("*") if path.is_file()}

    def whole(self, *words):
        result, _calls, _name = self.run_at(0, "once", *words)
        self.assertEqual(DONE, result.status, result)
        return result.out

    def snapshot(self):
        """What the store says, and which files there are: all of them whole."""
        counts = self.whole("export", ALL, "-x", self.place.key)
        audit = self.run_at(0, "once", "audit")[0]
        self.clean = audit.status == DONE
        header = audit.out.split("What the file shows")[1].split("\n\n")[0]  # offer, slots, releases, machines, months
        return counts, header, {path.name: self.whole_file(path) for path in self.place.work.iterdir()}, \
            sorted(path.name for path in self.place.folder.glob("state/tavs/*") if path.suffix != ".imported")

    def whole_file(self, path):
        """Of a copy, that it holds what the store held; what else is written, is the same each time."""
        if path == self.place.store:
            return None
        if path.suffix != ".mdb":
            return path.read_bytes()
        self.whole("--store", path, "audit")
        return self.whole("--store", path, "export", ALL, "-x", self.place.key)

    def calls_of(self, *words):
        """Runs it without a fault; gives the result, and of each call a letter that says what it is for."""
        result, _calls, _name = self.run_at(0, "once", *words)
        return result, self.result_file.read_text().split("\n")[1]

    def points(self, calls, most=AT_MOST):
        """Which calls are to fail."""
        if most == 0:
            elements = [at for at, what in enumerate(calls, 1) if what == "g"][::EVERY_ELEMENT]
            return sorted([at for at, what in enumerate(calls, 1) if what != "g"] + elements)
        # Spread evenly, the first and the last among them.
        return sorted({1 + i * (len(calls) - 1) // (most - 1) for i in range(most)})

    def check(self, words, kind, at, old, new, good):
        self.restore()
        result, _calls, name = self.run_at(at, kind, *words)
        type(self).injected += 1
        if MEASURED and result.status < 0 and name == "unknown":
            return
        untouched = self.contents(self.place.folder) == self.contents(self.kept)
        state = old if untouched else self.snapshot()
        clean = untouched or self.clean
        with self.subTest(words=words, kind=kind, at=at, call=name):
            if result.status == DONE:
                self.assertEqual((new, comparable(good.out, name)), (state, comparable(result.out, name)))
            elif result.status < 0:
                self.assertEqual("signal", kind, result)
                if not untouched and state != new:
                    self.assertEqual(old[:-1], state[:-1])  # a key that no store knows may be left
                    # What is imported is noted first, so that it is never counted twice; what is taken back is noted
                    # as begun, so that it is never taken back twice.
                    if "--undo" not in words:
                        self.whole(*words, *(["--again"] if words[0] == "import" else []))
                if "--undo" in words:
                    again, _calls, _name = self.run_at(0, "once", *words)
                    self.assertIn(again.status, (DONE, WRONG_USE), again)
                    self.assertIn(self.snapshot()[0], (old[0], new[0]))
            elif result.status == ENDED_BY_LOADER:
                self.assertEqual((True, "cannot allocate memory for thread-local data: ABORT\n"),
                                 (untouched, result.err))
            elif result.status == FOUND:
                self.assertEqual(("audit", "Failed"), (words[0], verdict(result.out)))
                self.assertIn(state, (old, new))
            else:
                self.assertIn(result.status, ERRORS, result)
                self.assertRegex(result.err, r"(?m)^tavs: .+\n(hint: .+\n)?\Z")
                written = re.search("tavs: (it was written, but|.* was written, but may not)", result.err)
                self.assertEqual(new if written else old, state, result)
            # Outdated bytes are there only where the program was stopped, or nothing could be written any more.
            self.assertTrue(clean or result.status < 0 or result.status == SYSTEM and
                            (kind == "on" or "could not be erased" in result.err), result)
            # The next change erases whatever was left, and the audit finds nothing.
            if not clean:
                self.whole("offer", "--channels", "in-person,phone,mail,web", self.place.key)
                self.whole("audit")

    def assert_holds(self, *words):
        self.restore()
        old = self.snapshot()
        self.assertTrue(self.clean)
        good, calls = self.calls_of(*words)
        self.assertEqual(DONE, good.status, good)
        new = self.snapshot()
        for kind in KINDS:
            for at in self.points(calls):
                self.check(words, kind, at, old, new, good)

    def test_log(self):
        self.assert_holds("log", "-m", MONTH, "web", "user")

    def test_log_in_a_new_year(self):
        self.assert_holds("log", "-m", f"{LAST_YEAR}-05", "web", "user")

    def test_retract(self):
        self.assert_holds("retract", "-m", MONTH, "phone", "user")

    def test_show(self):
        self.assert_holds("show", MONTH, self.place.key)

    def test_export(self):
        self.assert_holds("export", MONTH, "-x", self.place.key, "-f", "json")

    def test_export_to_a_file(self):
        self.assert_holds("export", MONTH, "-x", self.place.key, "-o", "file.csv")

    def test_report(self):
        self.assert_holds("report", YEAR, "-x", self.place.key)

    def test_keys(self):
        third = f"--new-passphrase-file={self.place.secret('third', 'a third passphrase for tests')}"
        self.assert_holds("key", "list", self.place.key)
        self.assert_holds("key", "add", "-k", "interactive", self.place.key, third)
        self.assert_holds("key", "change", "-k", "interactive", "-p", self.place.folder / "secrets/new", third)
        self.assert_holds("key", "remove", "2", self.place.key)

    def test_init(self):
        """All or nothing: the store, this machine's key, and the recovery code on the terminal."""
        words = ("init", "-k", "interactive", self.place.key)
        self.empty()
        _result, calls = self.calls_of(*words)
        for kind in KINDS:
            for at in self.points(calls):
                for file in (self.place.store, *self.place.folder.glob("state/tavs/*")):
                    file.unlink(missing_ok=True)
                result, _calls, name = self.run_at(at, kind, *words)
                type(self).injected += 1
                keys = list(self.place.folder.glob("state/tavs/*"))
                with self.subTest(kind=kind, at=at, call=name):
                    if result.status == DONE:
                        self.assertIn("recovery code: ", result.out)
                        self.whole("log", "phone", "user")
                        self.whole("audit")
                    elif result.status > 0:
                        self.assertIn(result.status, ERRORS, result)
                        self.assertEqual((False, []), (self.place.store.exists(), keys), result)
                    self.assertIn(sorted(path.name for path in self.place.work.iterdir()), ([], ["tavs.mdb"]))

    def test_close(self):
        self.assert_holds("close", MONTH, self.place.key)

    def test_devices(self):
        self.assert_holds("device", "list", self.place.key)
        self.assert_holds("device", "retire", "1", self.place.key)

    def test_device_add(self):
        self.restore()
        shutil.rmtree(self.place.folder / "state/tavs")
        self.kept = self.keep("new machine")
        self.assert_holds("device", "add", self.place.key)

    def check_release(self, words, kind, at, old):
        """What is told is in the ledger first, and protected whatever the solver had to do without."""
        self.restore()
        result, _calls, name = self.run_at(at, kind, *words)
        type(self).injected += 1
        with self.subTest(words=words, kind=kind, at=at, call=name):
            untouched = self.contents(self.kept) == self.contents(self.place.folder)
            recorded = not untouched and "Releases: 1;" in self.whole("release", "list", self.place.key)
            told = {file.name: file.read_bytes() for file in (self.place.work / "out").glob("tavs-*")}
            if result.status == DONE:
                self.assertEqual((True, 2), (recorded, len(told)))
            elif result.status > 0 and result.status != ENDED_BY_LOADER:
                self.assertIn(result.status, (FOUND, *ERRORS), result)
                self.assertRegex(result.err, r"(?m)^tavs: .+\nhint: .+\n\Z")
                self.assertEqual(recorded, "tavs: it was recorded as published, but" in result.err, result)
                self.assertTrue(recorded or not told)  # each file that is there is whole
            elif result.status < 0:
                self.assertEqual("signal", kind, result)
                self.assertTrue(recorded or not told)
            if untouched:
                return
            if recorded:
                (self.place.work / "again").mkdir()
                self.whole("publish", "--again", "1", "-o", "again", "-f", "json,csv", self.place.key)
                for file, content in told.items():
                    self.assertEqual((self.place.work / "again" / file).read_bytes(), content)
                self.whole("check-release", *(self.place.work / "again").iterdir())
            self.assertEqual(old, self.whole("export", ALL, "-x", self.place.key))
            self.whole("log", "-m", MONTH, "phone", "user")  # erases
            self.whole("audit")

    def test_release(self):
        self.empty()
        self.whole("init", "-k", "interactive", "--channels", "phone", "--parties", "user", self.place.key)
        for month in (f"{LAST_YEAR}-10", f"{LAST_YEAR}-11"):
            self.whole("log", "-m", month, "-n", "40", "phone", "user")
        self.whole("close", f"{LAST_YEAR}-12", self.place.key)
        (self.place.work / "out").mkdir()
        self.kept = self.keep("counts")
        old = self.whole("export", ALL, "-x", self.place.key)
        for period in (LAST_YEAR, f"{LAST_YEAR}-Q4")[:2 if AT_MOST == 0 else 1]:
            words = ["publish", period, "-y", "-o", "out", "-f", "json,csv", self.place.key]
            self.restore()
            good, calls = self.calls_of(*words)
            self.assertEqual(DONE, good.status, good)
            for kind in KINDS:
                for at in self.release_points(calls):
                    self.check_release(words, kind, at, old)

    def release_points(self, calls):
        """What is read at first is tried by other commands, and most of the rest asks for memory for the solver."""
        last = list(range(len(calls) + 1))[-SOME_OF_A_RELEASE:]
        if AT_MOST != 0:
            return [last[at - 1] for at in self.points(last)]
        others = [at for at, what in enumerate(calls, 1) if what == "."][-SOME_OF_A_RELEASE:]
        return sorted({*others, *last, *self.points(calls, SOME_OF_A_RELEASE)})

    def test_offer(self):
        self.assert_holds("offer", "--channels", "phone,web", self.place.key)

    def test_backup(self):
        self.assert_holds("backup", "copy.mdb")

    def test_audit(self):
        self.assert_holds("audit", "-f", "json")
        self.assert_holds("audit", "--full", self.place.key)

    def test_import(self):
        table = self.place.folder / "table.csv"
        table.write_text(f"month,channel,party,session,count\n{MONTH},phone,user,1,3\n{LAST_YEAR}-02,mail,user,1,2\n")
        self.assert_holds("import", "--yes", table)
        self.restore()
        self.whole("import", "--yes", table)
        # As much again that the list has not counted.
        self.whole("log", "-m", MONTH, "-n", "3", "phone", "user")
        self.whole("log", "-m", f"{LAST_YEAR}-02", "-n", "2", "mail", "user")
        self.kept = self.keep("imported")
        self.assert_holds("import", "--undo", "--yes", table, self.place.key)

    def test_threshold(self):
        self.assert_holds("threshold")
        self.assert_holds("threshold", "7", self.place.key)

    def test_release_list(self):
        self.assert_holds("release", "list", self.place.key)

    def test_check_release(self):
        published = self.place.folder / "published.csv"
        published.write_text("period,channel,party,session,count,status\n2017,all,all,1,73,shown\n")
        self.assert_holds("check-release", published)
        # So few that all can be tried each time: what makes the solver ready, and what is printed at the end.
        old = self.snapshot()
        good, calls = self.calls_of("check-release", published)
        for at in range(1, len(calls) + 1):
            self.check(("check-release", published), "once", at, old, old, good)

    def test_wash(self):
        self.assert_holds("audit", "--wash")

    def test_scan(self):
        self.assert_holds("scan", self.place.passphrase_file)


if __name__ == "__main__":
    unittest.main()
