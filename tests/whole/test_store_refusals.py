"""Stores that are missing, damaged or not to be trusted, and files that must not be written over."""

import contextlib
import os
import random
import re
import shutil
import subprocess
import unittest

from place import DONE, REFUSED, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, is_sanitized

MONTH = "2014-05"
LOG = ("log", "--month", MONTH, "phone", "user")


def needing_a_store(place):
    """A line of every command that needs one."""
    return [LOG, ("retract", *LOG[1:]), ("show", MONTH, place.key), ("export", MONTH, "-x", place.key),
            ("report", "2014", "-x", place.key), ("key", "list"), ("key", "add", place.key), ("device", "list"),
            ("device", "add", place.key), ("offer",), ("offer", "--channels", "phone", place.key),
            ("close",), ("close", MONTH, place.key), ("reopen", MONTH, place.key),
            ("backup", place.work / "copy.mdb")]


@contextlib.contextmanager
def read_only_folder(place):
    """A folder that nobody may write to: root is kept out by a file system that is mounted read-only."""
    folder = place.work / "readonly"
    folder.mkdir()
    shutil.copy2(place.store, folder / "tavs.mdb") if place.store.exists() else None
    if os.geteuid() == 0:
        subprocess.run(["mount", "--bind", folder, folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    else:
        folder.chmod(0o500)
    try:
        yield folder
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", folder], check=True)
        folder.chmod(0o700)


def can_mount():
    return os.geteuid() != 0 or subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
                                               capture_output=True, check=False).returncode == 0


class Store(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init()
        for session in range(1, 6):
            cls.place.done("log", "--month", MONTH, "--count", session * 11, "phone", "user", session)
        cls.sound = cls.place.store.read_bytes()
        cls.counts = {(MONTH, "phone", "user", session): session * 11 for session in range(1, 6)}

    def setUp(self):
        self.put(self.sound)

    def put(self, content):
        with contextlib.suppress(FileNotFoundError):
            self.place.store.unlink()
        self.place.store.write_bytes(content)
        self.place.store.chmod(0o600)

    def assert_each_refused(self, message, hint=None, lines=None):
        for words in lines or needing_a_store(self.place):
            self.assert_refused(self.place, REFUSED, message, *words, hint=hint)

    def test_sound(self):
        self.assertEqual(self.counts, self.place.counts(MONTH))

    def test_missing(self):
        self.place.store.unlink()
        path = re.escape(str(self.place.store))
        self.assert_each_refused(f"there is no store at {path}$", "'tavs init' creates one; --store FILE")

    def test_missing_folder(self):
        for path in ("no/such/folder/tavs.mdb", "tavs.mdb/tavs.mdb"):
            self.assert_refused(self.place, REFUSED, f"there is no store at {path}$", "--store", path, *LOG)

    def test_empty(self):
        self.put(b"")
        self.assert_each_refused("the store is an empty file", "take your last backup")

    def test_foreign(self):
        for content in (b"not a store\n", b"SQLite format 3\0" + bytes(8176), bytes(69632), b"\xff" * 69632,
                        random.Random(1).randbytes(69632), self.sound[:16] + b"\0\0\0\0" + self.sound[20:]):
            self.put(content)
            self.assert_each_refused("(this is not a store of tavs|the store (is damaged|has been cut short))",
                                     lines=[LOG, ("show", self.place.key), ("backup", "copy.mdb")])

    def test_what_is_wrong_is_told_apart(self):
        """A wrong key, a damaged key slot, a damaged store, something else, a later format, an earlier one: each says another
        thing, gives another advice, and only the first is about the passphrase."""
        header = self.sound.index(b"TAVS\0\3\1")
        wrong = self.place.secret("wrong", "not the passphrase of this store")
        lines = {"wrong key": (self.sound, f"--passphrase-file={wrong}")}
        row = next(at for at in range(8192, len(self.sound), 4096)
                   if self.sound[at + 10] == 4 and any(self.sound[at + 16:at + 3920]))
        for name, at in (("key slot", header + 256 + 60), ("store", row + 10), ("newer", header + 5)):
            content = bytearray(self.sound)
            content[at] ^= 0x05
            lines[name] = (bytes(content), self.place.key)
        older = bytearray(self.sound)
        older[header + 5] = 2
        lines["older"] = (bytes(older), self.place.key)
        lines["foreign"] = (b"SQLite format 3\0" + bytes(8176), self.place.key)
        said = {}
        for name, (content, key) in lines.items():
            self.put(content)
            result = self.place.tavs("show", MONTH, key)
            complaint, hint = result.err.splitlines()[-2:]
            said[name] = (result.status, complaint, hint)
            self.assertRegex(complaint, "^tavs: .")
            self.assertRegex(hint, "^hint: .")
        self.assertEqual(dict.fromkeys(lines, REFUSED) | {"wrong key": WRONG_PASSPHRASE},
                         {name: status for name, (status, _complaint, _hint) in said.items()}, said)
        for column in (1, 2):
            self.assertEqual(6, len({one[column] for one in said.values()}), said)

    def test_damaged_key_slot(self):
        """Whichever byte of a slot it is: never taken for a wrong passphrase, whether the right one is given or not."""
        slot = self.sound.index(b"TAVS\0\3\1") + 256
        wrong = self.place.secret("wrong", "not the passphrase of this store")
        for at in (0, 1, 4, 8, 12, 27, 28, 51, 52, 83, 84, 99, 100, 200):  # state, cost, salt, nonce, seed, tag; unused
            damaged = bytearray(self.sound)
            damaged[slot + at] ^= 0x40
            self.put(bytes(damaged))
            for key in (self.place.key, f"--passphrase-file={wrong}"):
                with self.subTest(at=at, key=key):
                    self.assert_refused(self.place, REFUSED, "(the reader's signature does not hold: the header$|"
                                        "the store is damaged: the header's key slots|key slot 1 asks for more)",
                                        "show", MONTH, key, hint=".*take your last backup")

    def test_truncated(self):
        size = len(self.sound)
        for length in (1, 100, 4095, 4096, 8191, 8192, 12288, size // 2, size - 8192, size - 4096, size - 1):
            self.put(self.sound[:length])
            for words in (LOG, ("backup", "copy.mdb")):
                result = self.place.tavs(*words)
                if result.status != DONE:
                    self.assert_refused(self.place, REFUSED, "", *words)
                    continue
                # What was cut off was not in use.
                self.assertGreater(length, 8192)
                self.assertEqual(bytes(size - length), self.sound[length:])
                (self.place.work / "copy.mdb").unlink(missing_ok=True)

    def test_truncated_is_said(self):
        self.put(self.sound[:len(self.sound) // 2])
        self.assert_each_refused("the store has been cut short", "take your last backup", lines=[LOG])

    def flips(self):
        """Places all over the file, and one in each field of meta pages and header."""
        drawn = random.Random(2017)
        header = self.sound.index(b"TAVS\0\3\1")
        places = [page + offset for page in (0, 4096) for offset in
                  (0, 8, 10, 16, 20, 24, 32, 40, 46, 64, 88, 96, 104, 112, 128, 136, 144)]
        places += [header + offset for offset in
                   (0, 5, 6, 7, 8, 11, 12, 14, 16, 32, 64, 96, 99, 100, 140, 256, 257, 263, 267, 268, 284, 308, 356, 1058)]
        places += [page + offset for page in range(8192, len(self.sound), 4096) for offset in (10, 14)]
        places += drawn.sample(range(len(self.sound)), 30)
        flips = [(at, drawn.randrange(8)) for at in places]
        return flips[::4] if is_sanitized() else flips  # test_audit_mutation.c has many more

    def test_one_bit_flipped(self):
        """Refused with a message, or everything is as if nothing had been."""
        refused, flips = 0, self.flips()
        copy = self.place.work / "copy.mdb"
        for number, (at, bit) in enumerate(flips):
            flipped = bytearray(self.sound)
            flipped[at] ^= 1 << bit
            with self.subTest(at=at, bit=bit):
                self.put(bytes(flipped))
                result = self.place.tavs("backup", copy)
                if result.status == DONE:
                    copy.unlink()
                    self.assertEqual(self.counts, self.place.counts(MONTH))
                else:
                    refused += 1
                    self.assert_complaint(result, REFUSED, "")
                    self.assertFalse(copy.exists())
                result = self.place.tavs(*LOG)
                if result.status != DONE:
                    self.assert_complaint(result, REFUSED, "")
                    self.assertEqual(bytes(flipped), self.place.store.read_bytes())
                elif number % 4 == 0:  # a passphrase takes its time
                    after = self.place.tavs("export", MONTH, "-x", self.place.key)
                    self.assertIn(after.status, (DONE, REFUSED))
                    if after.status == DONE:
                        self.assertEqual(self.counts | {(MONTH, "phone", "user", 1): 12}, self.place.counts(MONTH))
        self.assertGreater(refused, len(flips) // 2)
        self.assertEqual({"tavs.mdb"}, {entry.name for entry in self.place.work.iterdir()})

    def test_rows_in_each_other_s_place(self):
        """Each row lies on a page of its own (LMDB: flag 4 at byte 10, contents from byte 16 on)."""
        pages = [at for at in range(8192, len(self.sound), 4096)
                 if self.sound[at + 10] == 4 and any(self.sound[at + 16:at + 3920])]
        self.assertEqual(24, len(pages))  # two years
        moved = bytearray(self.sound)
        for to, row in zip(pages, pages[1:] + pages[:1]):
            moved[to + 16:to + 3920] = self.sound[row + 16:row + 3920]
        self.put(bytes(moved))
        self.assert_each_refused("the device's signature does not hold: ", "somebody or something changed the file",
                                 lines=[LOG, ("show", MONTH, self.place.key), ("backup", "copy.mdb")])

    def test_symbolic_link(self):
        kept = self.place.work / "kept.mdb"
        self.place.store.rename(kept)
        self.place.store.symlink_to(kept)
        self.addCleanup(kept.unlink)
        path = re.escape(str(self.place.store))
        self.assert_each_refused(f"{path} is a symbolic link$", "name the store itself")

    def test_no_plain_file(self):
        path = re.escape(str(self.place.store))
        self.place.store.unlink()
        self.place.store.mkdir()
        self.assert_each_refused(f"{path} is not a plain file$", "name the store's file")
        self.place.store.rmdir()
        os.mkfifo(self.place.store)
        self.assert_each_refused(f"{path} is not a plain file$")
        self.assert_refused(self.place, REFUSED, "/dev/null is not a plain file$", "--store", "/dev/null", *LOG)

    def test_mode(self):
        for mode in (0o640, 0o620, 0o604, 0o602, 0o666, 0o610, 0o601):
            self.place.store.chmod(mode)
            self.assert_each_refused(f"others may read or write {re.escape(str(self.place.store))}$",
                                     "make it yours alone: chmod 600", lines=None if mode == 0o640 else [LOG])

    @unittest.skipUnless(can_mount(), "root without the right to mount")
    def test_read_only(self):
        with read_only_folder(self.place) as folder:
            store = folder / "tavs.mdb"
            store.chmod(0o400) if os.geteuid() != 0 else None
            for words in (LOG, ("key", "add", self.place.key, "-P", self.place.passphrase_file),
                          ("offer", "--channels", "phone", self.place.key), ("close", MONTH, self.place.key)):
                self.assert_refused(self.place, SYSTEM, f"{store} may not be read or written", "--store", store,
                                    *words, hint="check the permissions")
            self.assert_refused(self.place, SYSTEM, f"{folder}/copy may not be", "backup", folder / "copy")
            self.assert_refused(self.place, SYSTEM, f"{folder}/copy may not be", "report", "2014", "-x", "-o",
                                folder / "copy", self.place.key)
            for words in (("show", self.place.key), ("key", "list"), ("backup", self.place.work / "copy")):
                self.place.done("--store", store, *words)
        (self.place.work / "copy").unlink()
        shutil.rmtree(folder)

    def test_store_is_found(self):
        """--store, else $TAVS_STORE, else the user's data folder."""
        program = self.place.command()[0]
        for words, env, path in (
                (["--store", "a.mdb"], {"TAVS_STORE": "b.mdb"}, "a.mdb"), ([], {"TAVS_STORE": "b.mdb"}, "b.mdb"),
                ([], {}, f"{self.place.folder}/data/tavs/tavs.mdb"), ([], {"TAVS_STORE": ""}, None),
                ([], {"XDG_DATA_HOME": None}, f"{self.place.folder}/home/.local/share/tavs/tavs.mdb"),
                ([], {"XDG_DATA_HOME": "relative"}, f"{self.place.folder}/home/.local/share/tavs/tavs.mdb")):
            result = self.place.tavs(env=env, command=[program, *words, *LOG])
            path = path or f"{self.place.folder}/data/tavs/tavs.mdb"
            self.assert_complaint(result, REFUSED, f"there is no store at {re.escape(path)}$")
        result = self.place.tavs(env={"XDG_DATA_HOME": None, "HOME": None}, command=[program, *LOG])
        self.assert_complaint(result, SYSTEM, "there is no home folder")


class Init(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)

    def assert_refused_with(self, status, message, *words):
        self.assert_refused(self.place, status, message, *words, "init", "-k", "interactive", self.place.key)

    def test_what_is_made(self):
        self.place.init()
        self.assertEqual(0o100600, self.place.store.stat().st_mode)
        made = {name for name in self.place.names() if name not in Place.for_test(self).names()}
        beside = {f"state/tavs/{file.name}" for file in (self.place.device_file(), self.place.known_file())}
        self.assertEqual({"work/tavs.mdb", "state/tavs"} | beside, made)

    def test_never_over_a_file(self):
        path = re.escape(str(self.place.store))
        message = f"there is a file at {path} already, and it stays as it is$"
        for make in (lambda: self.place.store.write_bytes(b"precious"), self.place.store.mkdir,
                     lambda: self.place.store.symlink_to("nowhere"), lambda: self.place.store.write_bytes(b"")):
            make()
            self.assert_refused_with(REFUSED, message)
            self.place.store.rmdir() if self.place.store.is_dir() else self.place.store.unlink()
        self.place.init()
        self.assert_refused_with(REFUSED, message)

    def test_missing_folder(self):
        self.assert_refused_with(SYSTEM, "no/such/tavs.mdb could not be read or written: No such file or directory$",
                                 "--store", "no/such/tavs.mdb")

    @unittest.skipUnless(can_mount(), "root without the right to mount")
    def test_read_only_folder(self):
        with read_only_folder(self.place) as folder:
            self.assert_refused_with(SYSTEM, f"{folder}/tavs.mdb may not be read or written", "--store",
                                     folder / "tavs.mdb")

    def test_no_place_for_the_machine_s_key(self):
        (self.place.folder / "state").rmdir()
        (self.place.folder / "state").write_bytes(b"a file where a folder should be")
        self.assert_refused_with(SYSTEM, ".*state.*")

    def test_default_place_is_made(self):
        result = self.place.tavs(command=[self.place.command()[0], "init", "-k", "interactive", self.place.key])
        self.assertEqual(DONE, result.status, result)
        store = self.place.folder / "data/tavs/tavs.mdb"
        self.assertEqual((0o100600, 0o40700), (store.stat().st_mode, store.parent.stat().st_mode))


class Output(PlaceTest):
    """What is written goes to a new file, whole or not at all, and never over the store."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init()
        cls.place.done(*LOG)

    def commands(self):
        return (("export", "2014", "-x", self.place.key), ("report", "2014", "-x", self.place.key))

    def test_over_the_store(self):
        hard, soft = self.place.work / "hard", self.place.work / "soft"
        os.link(self.place.store, hard)
        soft.symlink_to(self.place.store)
        for words in self.commands():
            for path in (self.place.store, "tavs.mdb", "../work/tavs.mdb", hard, soft):
                for force in ([], ["--force"]):
                    self.assert_refused(self.place, WRONG_USE, f"{path} is the store itself$", *words, "-o", path,
                                        *force)
        hard.unlink()
        soft.unlink()

    def test_over_the_passphrase(self):
        for words in self.commands():
            self.assert_refused(self.place, WRONG_USE, ".*passphrase is the file that holds the passphrase$", *words,
                                "--force", "-o", self.place.passphrase_file)

    def test_over_a_file(self):
        file = self.place.work / "report"
        for words in self.commands():
            file.write_bytes(b"an earlier one")
            file.chmod(0o644)
            for given in (words, words[:-1]):  # before anybody is asked for a passphrase
                self.assert_refused(self.place, WRONG_USE, "report exists already$", *given, "-o", "report",
                                    hint="choose another name, or replace it with --force")
            self.place.done(*words, "-o", "report", "--force")
            self.assertEqual(self.place.done(*words).encode(), file.read_bytes())
            self.assertEqual(0o100600, file.stat().st_mode)
            file.unlink()

    def test_over_what_is_no_plain_file(self):
        link, folder, pipe = (self.place.work / name for name in ("link", "folder", "pipe"))
        link.symlink_to("/dev/null")
        folder.mkdir()
        os.mkfifo(pipe)
        for words in self.commands():
            for path in (link, folder, pipe):
                for force in ([], ["--force"]):
                    self.assert_refused(self.place, WRONG_USE, f"{path} exists already$", *words, "-o", path, *force)
        link.unlink()
        folder.rmdir()
        pipe.unlink()

    def test_a_store_that_may_not_grow(self):
        """The limit of file sizes that a shell sets: it is said what could not be done, and why, in both languages."""
        before = self.place.store.read_bytes()
        for language, said, hint in (
                ("en", "tavs: the store could not be written: File too large\n", "hint: nothing has changed; check the disk"),
                ("da", "tavs: tællefilen kunne ikke skrives: filen er for stor\n", "råd: intet er ændret; se efter, om disken")):
            for words in (("log", "phone", "user"), ("retract", "phone", "user"), ("close", "2009-01", self.place.key),
                          ("offer", "--channels", "web", self.place.key)):
                with self.subTest(words=words, language=language):
                    result = self.place.tavs(command=["sh", "-c", 'ulimit -f 8; exec "$@"', "sh",
                                                      *self.place.command("--lang", language, *words)])
                    self.assertEqual(SYSTEM, result.status, result)
                    self.assertIn(said, result.err)
                    self.assertIn(hint, result.err)
        self.assertEqual(before, self.place.store.read_bytes())

    def test_where_there_is_no_folder(self):
        for words in self.commands():
            self.assert_refused(self.place, SYSTEM, "no/such could not be read or written: No such file", *words,
                                "-o", "no/such")
            self.assert_refused(self.place, SYSTEM, ".*No such file or directory", *words, "-o", "")

    def test_standard_output_that_is_full_or_closed(self):
        for words in (*self.commands(), ("show", MONTH, self.place.key), ("key", "list"), ("offer",), ("close",),
                      ("help",), ("version",), ("device", "list")):
            with open("/dev/full", "wb") as full:
                result = subprocess.run(self.place.command(*words), env=self.place.env, stdout=full, check=False,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            self.assertEqual(SYSTEM, result.returncode, words)
            self.assertIn("tavs: the disk is full: standard output: No space left on device\nhint: ", result.stderr)
            result = subprocess.run(["/bin/sh", "-c", '"$@" >&-', "sh", *self.place.command(*words)], text=True,
                                    env=self.place.env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            self.assertEqual(SYSTEM, result.returncode, words)
            self.assertIn("tavs: standard output ", result.stderr)

    def test_backup(self):
        copy = self.place.work / "copy.mdb"
        for path in (self.place.store, self.place.passphrase_file, "/dev/null", "."):
            self.assert_refused(self.place, WRONG_USE, f"{path} exists already$", "backup", path)
        self.assert_refused(self.place, SYSTEM, "no/such could not be", "backup", "no/such")
        self.assertIn("every signature in the copy checked", self.place.tavs("backup", copy).err)
        self.assertEqual(0o100600, copy.stat().st_mode)
        self.assertEqual(self.place.done("export", "2014", "-x", self.place.key),
                         self.place.done("--store", copy, "export", "2014", "-x", self.place.key))
        self.assert_refused(self.place, WRONG_USE, f"{copy} exists already$", "backup", copy)
        # A copy is a store: it counts on from where it was made.
        self.place.done("--store", copy, *LOG)
        self.assertEqual({(MONTH, "phone", "user", 1): 1}, self.place.counts(MONTH))


if __name__ == "__main__":
    unittest.main()
