"""The power fails while a command writes: whatever the disk then holds opens with the old counts or the new.

tests/drivers/record_shim.c is preloaded and writes down each write and sync. From that record the disks are made
that a cut can leave: all that was synced is there; of the rest, any of it, page by page, sector by sector, in any
order. TAVS_CUTS is how many disks are tried for each command (`make powercuts` tries many).
"""

import os
import random
import shutil
import unittest
from pathlib import Path

from place import DONE, Place, PlaceTest
from shims import compile_shim

TRIES = int(os.environ.get("TAVS_CUTS", "15"))
SECTOR, PAGE = 512, 4096
MONTH = "2010-01"


class Event:
    def __init__(self, kind, inode=0, offset=0, data=b"", durable=False, rest=""):
        self.kind, self.inode, self.offset, self.data, self.durable, self.rest = \
            kind, inode, offset, data, durable, rest


def read_record(file):
    content, events = file.read_bytes(), []
    while content:
        line, content = content.split(b"\n", 1)
        kind, *fields = line.decode().split(" ", 2)
        if kind == "write":
            offset, size, durable = map(int, fields[1].split())
            events.append(Event(kind, int(fields[0]), offset, content[:size], bool(durable)))
            content = content[size:]
        elif kind == "said":
            events.append(Event(kind))
        else:
            events.append(Event(kind, int(fields[0]), rest=fields[1] if len(fields) > 1 else ""))
    return events


def pieces(event, size):
    """A write in parts that end where sectors, or pages, do."""
    at = event.offset
    while at < event.offset + len(event.data):
        end = min((at // size + 1) * size, event.offset + len(event.data))
        yield at, event.data[at - event.offset:end - event.offset]
        at = end


class Disk:
    """A file as a cut leaves it: what was synced, then any of the rest."""

    def __init__(self, before):
        self.bytes = bytearray(before)

    def put(self, at, data):
        if len(self.bytes) < at + len(data):
            self.bytes.extend(bytes(at + len(data) - len(self.bytes)))
        self.bytes[at:at + len(data)] = data


def disk_after(before, events, inode, cut, choose, size):
    """What the file of `inode` may be if the power fails before event number `cut`. `choose` says of each
    part that was not synced whether it is there, None being all in order."""
    disk = Disk(before)
    waiting = []
    for event in events[:cut]:
        if event.inode != inode:
            continue
        if event.kind == "write" and event.durable:
            disk.put(event.offset, event.data)
        elif event.kind == "write":
            waiting.append(event)
        elif event.kind == "sync":
            for written in waiting:
                disk.put(written.offset, written.data)
            waiting = []
    parts = [part for event in waiting for part in pieces(event, size)]
    for at, data in parts:
        if choose is None or choose():
            disk.put(at, data)
    return bytes(disk.bytes)


class PowerCuts(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("record_shim")
        cls.place = place = Place.for_class(cls)
        place.env["LD_PRELOAD"] = compile_shim("cheap_pwhash_shim", "cheap_group_shim")
        cls.record = place.folder / "record"
        cls.other = place.secret("other", "another passphrase for tests")
        for words in (["init", "--kdf", "interactive", place.key], ["log", "-m", MONTH, "phone", "user"],
                      ["key", "add", "-k", "interactive", place.key, "-P", place.secret("new", "a second passphrase")]):
            cls.run_recorded(cls, *words)
        cls.kept = place.folder / "kept"
        for name in ("work", "state"):
            shutil.copytree(place.folder / name, cls.kept / name)
        cls.tried = 0
        cls.random = random.Random(20261103)

    @classmethod
    def tearDownClass(cls):
        print(f"note: {cls.tried} disks tried")

    def look(self, *words):
        return self.place.tavs(*words, env={"LD_PRELOAD": self.place.preloading(self.shim),
                                            "RECORD_FILE": str(self.record)})

    def run_recorded(self, *words):
        result = PowerCuts.look(self, *words)
        if result.status != DONE:
            raise AssertionError(f"{words}: {result}")
        return result.out

    def restore(self):
        for name in ("work", "state"):
            shutil.rmtree(self.place.folder / name, ignore_errors=True)
            shutil.copytree(self.kept / name, self.place.folder / name)

    def snapshot(self):
        """What the store says. A command that reads must find it in order whatever is left un-erased."""
        counts = self.run_recorded("export", "2009-01..2010-12", "-x", self.place.key)
        audit = self.look("audit").out  # which may find what was left
        return counts, audit.split("What the file shows")[1].split("\n\n")[0]

    def choices(self):
        """Ways of choosing what of the rest is there: all, nothing, and by chance, few or many."""
        yield None
        yield lambda: False
        while True:
            share = self.random.choice((0.1, 0.5, 0.9))
            yield lambda share=share: self.random.random() < share

    def assert_survives(self, *words):
        self.restore()
        before, inode = self.place.store.read_bytes(), self.place.store.stat().st_ino
        old = self.snapshot()
        self.run_recorded(*words)
        events = read_record(self.record)
        after, new = self.place.store.read_bytes(), self.snapshot()
        self.assertNotEqual(before, after)
        self.assertEqual(after, disk_after(before, events, inode, len(events), None, PAGE))  # the record is whole
        # The last that was said; which store it is is told before.
        said = max((at for at, event in enumerate(events) if event.kind == "said"), default=len(events))
        # It says that it is done only when it is.
        self.assertEqual(new, self.look_at(disk_after(before, events, inode, said, lambda: False, PAGE)))
        cuts = [at for at, event in enumerate(events) if event.inode == inode] + [len(events)]
        seen = set()
        for number, choose in zip(range(TRIES), self.choices()):
            cut = cuts[number * (len(cuts) - 1) // max(1, TRIES - 1)]
            for size in (PAGE, SECTOR):
                disk = disk_after(before, events, inode, cut, choose, size)
                if disk in seen:
                    continue
                seen.add(disk)
                state = self.look_at(disk)
                with self.subTest(words=words, cut=cut, of=len(events), size=size):
                    self.assertIn(state, (old, new))
                    if cut > said:
                        self.assertEqual(new, state)
                    # The next change erases what was left.
                    self.run_recorded("offer", "--channels", "phone,mail", self.place.key)
                    self.assert_nothing_left_in_the_store(self.place)
        type(self).tried += len(seen)

    def look_at(self, disk):
        self.place.store.write_bytes(disk)
        return self.snapshot()

    def test_log(self):
        self.assert_survives("log", "-m", MONTH, "mail", "user")

    def test_log_in_a_new_year(self):
        self.assert_survives("log", "-m", "2009-12", "mail", "user")

    def test_retract(self):
        self.assert_survives("retract", "-m", MONTH, "phone", "user")

    def test_keys(self):
        self.assert_survives("key", "remove", "2", self.place.key)
        self.assert_survives("key", "add", "-k", "interactive", self.place.key, "-P", self.other)

    def test_offer(self):
        self.assert_survives("offer", "--channels", "phone,web", self.place.key)

    def test_close(self):
        self.assert_survives("close", MONTH, self.place.key)

    def test_device(self):
        self.assert_survives("device", "retire", "1", self.place.key)

    def test_release(self):
        """The ledger has all of the release, or nothing; the counts are what they were."""
        self.restore()
        for month in ("2009-10", "2009-11"):
            self.run_recorded("log", "-m", month, "-n", "40", "phone", "user")
        self.run_recorded("close", "2009-12", self.place.key)
        (self.place.work / "out").mkdir()
        for name in ("work", "state"):
            self.addCleanup(shutil.copytree, self.place.folder / "kept before" / name, self.kept / name)
            self.addCleanup(shutil.rmtree, self.kept / name)
            shutil.copytree(self.kept / name, self.place.folder / "kept before" / name)
            shutil.rmtree(self.kept / name)
            shutil.copytree(self.place.folder / name, self.kept / name)
        self.assert_survives("publish", "2009", "--yes", "--quiet", "-o", "out", "-f", "csv", self.place.key)

    def test_import(self):
        table = self.place.folder / "table.csv"
        table.write_text("month,channel,party,session,count\n2010-01,mail,user,1,3\n2009-02,web,user,2,4\n")
        self.assert_survives("import", "--yes", "--quiet", table)  # what it would count is said before

    def test_wash(self):
        self.restore()
        before, inode = self.place.store.read_bytes(), self.place.store.stat().st_ino
        state = self.snapshot()
        self.run_recorded("audit", "--wash")
        events = read_record(self.record)
        for number, choose in zip(range(TRIES), self.choices()):
            cut = number * len(events) // max(1, TRIES - 1)
            self.assertEqual(state, self.look_at(disk_after(before, events, inode, cut, choose, SECTOR)))
            type(self).tried += 1

    def assert_named_when_whole(self, words, names):
        """A new file has no name before all of it is on the disk, and is not spoken of before its name is."""
        self.run_recorded(*words)
        events = read_record(self.record)
        said = next((at for at, event in enumerate(events) if event.kind == "said" and at > 0), len(events))
        found = []
        for at, event in enumerate(events):
            if event.kind != "name":
                continue
            found.append(event.rest)
            writes = [i for i, other in enumerate(events) if other.kind == "write" and other.inode == event.inode]
            syncs = [i for i, other in enumerate(events) if other.kind == "sync" and other.inode == event.inode]
            self.assertLess(max(writes), at)
            self.assertTrue(any(max(writes) < sync < at for sync in syncs), words)
            folders = [i for i, other in enumerate(events) if other.kind == "sync" and i > at]
            self.assertTrue(folders and folders[0] > at, words)  # the folder, with the name in it
        self.assertEqual(names, len(found), found)
        return said

    def test_new_files(self):
        self.restore()
        self.assert_named_when_whole(["backup", "copy.mdb"], 1)
        self.assert_named_when_whole(["export", MONTH, "-x", self.place.key, "-o", "file.csv"], 1)
        for month in ("2009-10", "2009-11"):
            self.run_recorded("log", "-m", month, "-n", "40", "phone", "user")
        self.run_recorded("close", "2009-12", self.place.key)
        # Its two files, and the note of what was published, which takes an older one's place.
        self.assert_named_when_whole(["publish", "2009", "-y", "-q", "-o", ".", "-f", "text,json", self.place.key], 4)
        self.place.store = Path(self.place.work / "new.mdb")
        self.addCleanup(setattr, self.place, "store", self.place.work / "tavs.mdb")
        self.assert_named_when_whole(["init", "-k", "interactive", self.place.key], 5)  # the key and the note, replacing; the store


if __name__ == "__main__":
    unittest.main()
