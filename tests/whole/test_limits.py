"""Too few descriptors, too little memory, files that may not grow, a disk that is full: the limit rises from nothing
until a command gets through. Below it nothing has changed, and it says why.

Here a limit takes a few values for a few commands; `make faults` takes many, for all.
"""

import os
import shutil
import subprocess
import time
import unittest

from place import DONE, SYSTEM, Place, PlaceTest, is_measured
from shims import compile_shim

THOROUGH = os.environ.get("TAVS_FAULTS") == "0"
MONTH = "2010-01"
NOT_STARTED = 127  # the system could not load the program
PAGE = 4096
KIB, MIB = 1 << 10, 1 << 20


class Limits(PlaceTest):
    @classmethod
    def setUpClass(cls):
        if shutil.which("prlimit") is None:
            raise unittest.SkipTest("no prlimit")
        cls.shim = compile_shim("cheap_pwhash_shim")
        cls.place = place = Place.for_class(cls)
        cls.new = f"--new-passphrase-file={place.secret('new', 'another passphrase for tests')}"
        cls.third = f"--new-passphrase-file={place.secret('third', 'a third passphrase for tests')}"
        cls.table = place.folder / "table.csv"
        cls.table.write_text("month,channel,party,session,count\n2010-01,phone,user,1,3\n2009-02,mail,user,1,2\n")
        for words in (["init", "-k", "interactive", place.key], ["log", "-m", MONTH, "phone", "user"],
                      ["key", "add", "-k", "interactive", place.key, cls.new]):
            result = cls.limited(cls, None, 0, *words)
            assert result.status == DONE, result
        cls.kept = place.folder / "kept"
        for name in ("work", "state"):
            shutil.copytree(place.folder / name, cls.kept / name)
        cls.tried = 0

    @classmethod
    def tearDownClass(cls):
        print(f"note: {cls.tried} limits tried")

    def limited(self, what, limit, *words):
        """`env` starts under the limit and loads the library: prlimit itself could not."""
        prefix = [] if what is None else ["prlimit", f"--{what}={limit}:{limit}"]
        return self.place.tavs(command=[*prefix, "env", f"LD_PRELOAD={self.shim}", *self.place.command(*words)])

    def restore(self):
        for name in ("work", "state"):
            folder = self.place.folder / name
            for entry in folder.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            shutil.copytree(self.kept / name, folder, dirs_exist_ok=True)

    def whole(self, *words):
        result = self.limited(None, 0, *words)
        self.assertEqual(DONE, result.status, result)
        return result.out

    def said(self):
        """What the store says; of its counts those that are not zero."""
        key = self.place.key
        counts = self.whole("export", "2009-01..2010-12", "-x", key).splitlines()
        return [line for line in counts if ",0,internal" not in line] + \
            [self.whole(*words, key) for words in (["key", "list"], ["device", "list"], ["offer"], ["close"])]

    def state(self):
        """The same, after it has been seen that nothing outdated lies in it, and which files there are."""
        self.whole("audit")
        return self.said(), self.names()

    def names(self):
        """A list of imported files may be there, with none in it."""
        return sorted(str(path.relative_to(self.place.folder)) for name in ("work", "state")
                      for path in (self.place.folder / name).rglob("*")
                      if path.name != "filler" and path.suffix != ".imported")

    def measure(self, words):
        """The state before and after, where nothing is short."""
        self.restore()
        self.old = self.state()
        self.before = self.place.store.read_bytes()
        self.whole(*words)
        self.after = self.state()

    def gets_through(self, what, limit, words, run=None):
        """Runs it under the limit and looks at what it leaves; true if it could do all its work."""
        self.restore()
        result = run(limit, words) if run else self.limited(what, limit, *words)
        type(self).tried += 1
        with self.subTest(what=what, limit=limit, words=words):
            if result.status == DONE:
                self.assertEqual(self.after, self.state(), result)
                return True
            if result.status == NOT_STARTED:
                self.assertNotIn("tavs: ", result.err)
            else:
                self.assert_complaint(result._replace(out=""), SYSTEM, "")
            if "tavs: it was written, but" in result.err:
                self.assertEqual(self.after[0], self.said(), result)
                self.whole("offer", "--channels", "in-person,phone,mail,web", self.place.key)  # erases
                self.whole("audit")
            elif self.place.store.read_bytes() == self.before:
                self.assertEqual(self.old[1], self.names(), result)
            else:
                self.assertEqual(self.old, self.state(), result)
        return False

    def rise(self, what, words, limits):
        """Each limit in turn, up to the second that is enough."""
        self.measure(words)
        enough = 0
        for limit in limits:
            enough += self.gets_through(what, limit, words)
            if enough == 2:
                return
        self.assertGreater(enough, 0, words)

    def close_in(self, what, words, low, high, step):
        """Halves the distance between a limit that is too low and one that is enough."""
        self.measure(words)
        self.assertTrue(self.gets_through(what, high, words))
        while high - low > step:
            middle = (low + high) // 2
            if self.gets_through(what, middle, words):
                high = middle
            else:
                low = middle
        return high

    def enough_to_start(self, what):
        """The least limit, within 128 KiB, under which the program says which version it is."""
        low, high = 0, 64 * MIB
        while high - low > 128 * KIB:
            middle = (low + high) // 2
            result = self.limited(what, middle, "version")
            if result.status == DONE and not result.err:
                high = middle
            else:
                low = middle
        return high

    def writing(self):
        key, kdf = self.place.key, "--kdf=interactive"
        some = [["log", "-m", "2009-05", "web", "user"], ["backup", "copy.mdb"]]
        others = [["log", "-m", MONTH, "web", "user"], ["retract", "-m", MONTH, "phone", "user"],
                  ["import", "--yes", self.table], ["offer", "--channels", "phone,web", key], ["close", MONTH, key],
                  ["key", "remove", "2", key], ["key", "change", kdf, "-p", self.new.partition("=")[2], self.third],
                  ["device", "retire", "1", key], ["audit", "--wash"], ["export", MONTH, "-x", key, "-o", "file.csv"],
                  ["report", "2010", "-x", key, "-f", "xlsx", "-o", "file.xlsx"]]
        return some + (others if THOROUGH else [])

    def reading(self):
        key = self.place.key
        some = [["export", MONTH, "-x", key]]
        others = [["show", MONTH, key], ["report", "2010", "-x", key, "-f", "html"], ["audit", "-f", "json"],
                  ["audit", "--full", key], ["scan", self.table], ["key", "list"], ["device", "list"], ["close"]]
        return some + (others if THOROUGH else [])

    def test_descriptors(self):
        for words in self.writing() + self.reading():
            self.rise("nofile", words, range(3, 64))

    def test_less_address_space_than_a_store_may_take(self):
        """A store may become 1 GiB; what is mapped is what there is, and room for what is written."""
        new = self.place.folder / "work/new.mdb"
        for words in (*self.writing(), *self.reading(), ["init", "-k", "interactive", self.place.key, "--store", new]):
            self.restore()
            result = self.limited("as", 300 * MIB, *words)
            self.assertEqual(DONE, result.status, result)
        self.assertEqual(DONE, self.limited(None, 0, "audit", "--store", new).status)

    def test_memory(self):
        """Of all that is mapped (of the store, too), then of what the program asks for itself."""
        for what in ("as", "data") if THOROUGH else ("data",):
            low = self.enough_to_start(what)
            for words in self.writing() + self.reading():
                enough = self.close_in(what, words, low, (4096 if what == "as" else 256) * MIB,
                                       (16 if THOROUGH else 128) * KIB)
                if THOROUGH:
                    for limit in range(max(low, enough - 16 * MIB), enough, 128 * KIB):
                        self.gets_through(what, limit, words)

    @unittest.skipIf(is_measured(), "the files of counters could not grow either, which is said last")
    def test_size_of_a_file(self):
        for words in self.writing():
            self.rise("fsize", words, range(0, 1 * MIB, PAGE if THOROUGH else 16 * PAGE))

    def test_every_size_of_disk(self):
        """A file system of its own, of which all is taken but so many pages."""
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", self.place.work],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"no small disk can be mounted: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", self.place.work], check=True)
        filler = self.place.work / "filler"

        def run(free, words):
            # The kernel gives back the store that was replaced once it has let go of what confined the process.
            for _ in range(100):
                space = os.statvfs(self.place.work)
                if (space.f_blocks - space.f_bavail) * space.f_frsize <= self.place.store.stat().st_blocks * 512:
                    break
                time.sleep(0.05)
            os.posix_fallocate(taken := os.open(filler, os.O_RDWR | os.O_CREAT), 0,
                               (space.f_bavail - free) * space.f_frsize)
            os.close(taken)
            result = self.limited(None, 0, *words)
            filler.unlink()
            return result

        for words in self.writing():
            self.measure(words)
            for free in range(0, 128, 1 if THOROUGH else 6):
                if self.gets_through("disk", free, words, run):
                    break
            else:
                self.fail(f"{words}: a disk with room is not enough")


if __name__ == "__main__":
    unittest.main()
