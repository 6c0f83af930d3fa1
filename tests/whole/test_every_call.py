"""The N-th call that can fail does fail, once or from then on, or a signal comes before it: in every command.

tests/drivers/call_shim.c is preloaded. Here N takes a few values of each command's; `make faults` takes all.
"""

import os
import re
import shutil
import unittest

from place import CANCELLED, DONE, REFUSED, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, is_built_with
from shims import compile_shim

AT_MOST = int(os.environ.get("TAVS_FAULTS", "3"))  # for each command and kind; 0: all
SIGNALS = (1, 2, 15, 13, 20)  # HUP, INT, TERM, PIPE, TSTP (which a process without a terminal ignores)
# gcc's counters are written at a process's end, which must not fail for good; and where it fails once, it dies.
MEASURED = is_built_with("--coverage")
KINDS = ("once", "signal") if MEASURED else ("once", "on", "signal")
MONTH = "2010-01"
FOUND = 1
ERRORS = (WRONG_USE, REFUSED, WRONG_PASSPHRASE, SYSTEM, CANCELLED)


def verdict(text):
    """The last line's first word, or what the record says."""
    return "Failed" if '"verdict": "failed"' in text else text.splitlines()[-1].split(":")[0]


def without_digest(text):
    return re.sub(r"[0-9a-f]{64}", "", text)


class EveryCall(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim(cls, "call_shim")
        cls.place = place = Place.for_class(cls)
        cls.result_file = place.folder / "result"
        cls.new = f"--new-passphrase-file={place.secret('new', 'another passphrase for tests')}"
        cls.run_at(cls, 0, "once", "init", "--kdf", "interactive", place.key)
        for words in (["log", "-m", MONTH, "phone", "user"], ["log", "-m", MONTH, "mail", "user", "2"],
                      ["key", "add", "-k", "interactive", place.key, cls.new]):
            result = cls.run_at(cls, 0, "once", *words)[0]
            assert result.status == DONE, result
        cls.kept = place.folder / "kept"
        for name in ("work", "state"):
            shutil.copytree(place.folder / name, cls.kept / name)
        cls.injected = 0

    @classmethod
    def tearDownClass(cls):
        print(f"note: {cls.injected} faults and signals injected")

    def run_at(self, at, kind, *words):
        """Gives the result, how many calls there were, and the first that failed."""
        result = self.place.tavs(*words, env={
            "LD_PRELOAD": str(self.shim), "CALL_AT": str(at), "CALL_KIND": kind,
            "CALL_SIGNAL": str(SIGNALS[at % len(SIGNALS)]), "CALL_RESULT": str(self.result_file)})
        said = self.result_file.read_text().split()
        return result, int(said[1]) if said else 0, said[2] if said else "unknown"

    def restore(self):
        for name in ("work", "state"):
            shutil.rmtree(self.place.folder / name, ignore_errors=True)
            shutil.copytree(self.kept / name, self.place.folder / name)

    def whole(self, *words):
        result, _calls, _name = self.run_at(0, "once", *words)
        self.assertEqual(DONE, result.status, result)
        return result.out

    def snapshot(self):
        """What the store says, and which files there are."""
        key = self.place.key
        said = [self.whole(*words, key) for words in (["export", "2009-01..2010-12", "-x"], ["key", "list"],
                                                      ["device", "list"])]
        audit = self.run_at(0, "once", "audit")[0]
        self.clean = audit.status == DONE
        header = audit.out.split("What the file shows")[1].split("\n\n")[0]
        return said, header, sorted(path.name for path in self.place.work.iterdir())

    def points(self, calls):
        if AT_MOST == 0 or calls <= AT_MOST:
            return range(1, calls + 1)
        # Spread evenly, the first and the last among them.
        return sorted({1 + i * (calls - 1) // (AT_MOST - 1) for i in range(AT_MOST)})

    def check(self, words, kind, at, old, new, good):
        self.restore()
        result, _calls, name = self.run_at(at, kind, *words)
        type(self).injected += 1
        if MEASURED and result.status < 0 and name == "unknown":
            return
        state = self.snapshot()
        with self.subTest(words=words, kind=kind, at=at, call=name):
            if result.status == DONE:
                self.assertEqual((new, without_digest(good.out)), (state, without_digest(result.out)))
            elif result.status < 0:
                self.assertEqual("signal", kind, result)
                self.assertIn(state, (old, new))
            elif result.status == FOUND:
                self.assertEqual(("audit", "Failed"), (words[0], verdict(result.out)))
                self.assertIn(state, (old, new))
            else:
                self.assertIn(result.status, ERRORS, result)
                self.assertRegex(result.err, r"(?m)^tavs: .+\n(hint: .+\n)?\Z")
                written = "tavs: it was written, but" in result.err
                self.assertEqual(new if written else old, state, result)
            # Outdated bytes are there only where the program was stopped, or nothing could be written any more.
            self.assertTrue(self.clean or result.status < 0 or result.status == SYSTEM and
                            (kind == "on" or "could not be erased" in result.err), result)
            # The next change erases whatever was left, and the audit finds nothing.
            self.whole("offer", "--channels", "in-person,phone,mail,web", self.place.key)
            self.whole("audit")

    def assert_holds(self, *words):
        self.restore()
        old = self.snapshot()
        good, calls, _name = self.run_at(0, "once", *words)
        self.assertEqual(DONE, good.status, good)
        new = self.snapshot()
        for kind in KINDS:
            for at in self.points(calls):
                self.check(words, kind, at, old, new, good)

    def test_log(self):
        self.assert_holds("log", "-m", MONTH, "web", "user")

    def test_log_in_a_new_year(self):
        self.assert_holds("log", "-m", "2009-05", "web", "user")

    def test_retract(self):
        self.assert_holds("retract", "-m", MONTH, "phone", "user")

    def test_show(self):
        self.assert_holds("show", MONTH, self.place.key)

    def test_export(self):
        self.assert_holds("export", MONTH, "-x", self.place.key, "-f", "json")

    def test_export_to_a_file(self):
        self.assert_holds("export", MONTH, "-x", self.place.key, "-o", "file.csv")

    def test_report(self):
        self.assert_holds("report", "2010", "-x", self.place.key)

    def test_keys(self):
        self.assert_holds("key", "list", self.place.key)
        third = f"--new-passphrase-file={self.place.secret('third', 'a third passphrase for tests')}"
        self.assert_holds("key", "change", "-k", "interactive", "-p", self.place.folder / "secrets/new", third)
        self.assert_holds("key", "remove", "2", self.place.key)

    def test_init(self):
        """All or nothing: the store, this machine's key, and the recovery code on the terminal."""
        words = ("init", "-k", "interactive", self.place.key)
        shutil.rmtree(self.place.folder / "work")
        shutil.rmtree(self.place.folder / "state")
        for name in ("work", "state"):
            (self.place.folder / name).mkdir()
        _result, calls, _name = self.run_at(0, "once", *words)
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

    def test_offer(self):
        self.assert_holds("offer", "--channels", "phone,web", self.place.key)

    def test_backup(self):
        self.assert_holds("backup", "copy.mdb")

    def test_audit(self):
        self.assert_holds("audit", "-f", "json")
        self.assert_holds("audit", "--full", self.place.key)

    def test_import(self):
        table = self.place.folder / "table.csv"
        table.write_text("month,channel,party,session,count\n2010-01,phone,user,1,3\n2009-02,mail,user,1,2\n")
        self.assert_holds("import", "--yes", table)

    def test_release_list(self):
        self.assert_holds("release", "list", self.place.key)

    def test_check_release(self):
        published = self.place.folder / "published.csv"
        published.write_text("period,channel,party,session,count,status\n2017,all,all,1,73,shown\n")
        self.assert_holds("check-release", published)

    def test_wash(self):
        self.assert_holds("audit", "--wash")

    def test_scan(self):
        self.assert_holds("scan", self.place.passphrase_file)


if __name__ == "__main__":
    unittest.main()
