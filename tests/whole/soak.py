"""Long use: random operations, some of them killed, against a plain model of what a store holds.

    tests/whole/soak.py OPERATIONS [SEED]     (make soak N=100000)

After a command that was killed the store is as before it or as after it; after any other, as after it. After every
hundredth operation, and in the end, everything that the store says is compared with the model, it is audited, its
size is looked at, and so is what lies beside it. The last line says what was done, as does one after every
thousandth operation; the same seed does the same again, but for the moments of the kills.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from place import DONE, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place
from drivers import compile_to

CHANNELS, PARTIES = ("in-person", "phone", "mail", "web"), ("user", "relative", "professional")
MONTHS = [f"2010-{month:02}" for month in range(1, 13)]
MACHINES, MOST_DEVICES, MOST_SLOTS = 4, 8, 6
STORE_BYTES, MEMORY_KIB = 4 << 20, 64 << 10
EVERY = 100  # operations from one look at everything to the next
TOLD_EVERY = 1000
CHANGING = ("key", "device", "offer", "close", "reopen", "publish")
FOUND = 1
KILLED = -signal.SIGKILL


class Broken(Exception):
    """What the store says and what the model says differ."""


class Soak:
    def __init__(self, folder, shim, seed):
        self.random = random.Random(seed)
        self.place = Place(folder)
        self.place.env["LD_PRELOAD"] = str(shim)
        self.machines = [self.place.on(f"machine-{number}") for number in range(MACHINES)]
        self.counts = Counter()
        self.own = [Counter() for _ in range(MACHINES)]  # what each machine may take back
        self.offered = list(CHANNELS)
        self.closed = 0  # so many of MONTHS
        self.slots = {1: self.place.passphrase_file}
        self.devices = {}  # machine -> number
        self.releases = 0
        self.numbers_used = 0
        self.passphrases = 0
        self.done = Counter()
        self.kills = self.memory = 0
        self.unclean = False  # a killed command may have left outdated bytes, which the next write erases
        self.machines[0].init()
        self.note_device(0)

    # ---- running ----

    def start(self, machine, *words):
        return subprocess.Popen(machine.command(*words), env=machine.env, cwd=machine.work,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, process, kill_after=None):
        """Gives the status and what was said; a kill comes after so many seconds."""
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(process.pid, signal.SIGKILL)
        with process.stdout, process.stderr:
            out, err = process.stdout.read().decode(), process.stderr.read().decode()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.memory = max(self.memory, usage.ru_maxrss)
        self.kills += process.returncode == KILLED
        return process.returncode, out if process.returncode == DONE else out + err

    def run(self, machine, *words, may=(DONE,)):
        """Runs a command, killed in one case of ten; gives its status, KILLED if it was."""
        kill_after = self.random.uniform(0, 0.02) if self.random.random() < 0.1 else None
        status, out = self.finish(self.start(machine, *words), kill_after)
        if status not in may and status != KILLED:
            raise Broken(f"{words}: status {status}: {out}")
        if status == KILLED:
            self.unclean = True
        elif status == DONE and (words[0] in CHANGING or "--wash" in words):
            self.unclean = False
        return status

    def ask(self, *words):
        status, out = self.finish(self.start(self.place, *words))
        if status != DONE:
            raise Broken(f"{words}: status {status}: {out}")
        return out

    def key(self):
        return ["-p", self.random.choice(list(self.slots.values()))]

    # ---- what the store says ----

    def counted(self):
        lines = self.ask("export", "2010", "-x", *self.key()).splitlines()
        names = lines[0].split(",")
        rows = (dict(zip(names, line.split(","))) for line in lines[1:])
        return Counter({(row["period"], row["channel"], row["party"], int(row["session"])): int(row["count"])
                        for row in rows if int(row["count"]) != 0})

    def same(self, **known_and_said):
        for name, (said, known) in known_and_said.items():
            if said != known:
                raise Broken(f"{name}: the store says {said}, the model {known}")

    def state_of_devices(self):
        return {int(number): state
                for number, state in re.findall(r"(?m)^device (\d+): (\w+)", self.ask("device", "list"))}

    def slots_in_use(self):
        return {int(number) for number in re.findall(r"(?m)^slot (\d+)", self.ask("key", "list"))}

    def releases_said(self):
        return len(json.loads(self.ask("release", "list", "-f", "json", *self.key()))["releases"])

    def opens(self, file):
        status, out = self.finish(self.start(self.place, "export", "2010-01", "-x", "-p", file))
        if status not in (DONE, WRONG_PASSPHRASE):
            raise Broken(f"export: status {status}: {out}")
        return status == DONE

    def offer_said(self):
        return re.search(r"(?m)^channels: (.*)$", self.ask("offer"))[1].split(", ")

    def closed_said(self):
        said = self.ask("--lang", "en", "close")
        if "No month" in said:
            return 0
        month, year = re.search(r"through (\w+) (\d{4})", said).groups()
        last = time.strptime(f"{month} {year}", "%B %Y")
        return (last.tm_year - 2010) * 12 + last.tm_mon  # 0, too, once the first month was opened again

    # ---- operations ----

    def cell(self):
        """Mostly first conversations, so that the rule for conversations is kept as a rule."""
        [session] = self.random.choices(range(1, 6), (80, 10, 5, 3, 2))
        return (self.random.choice(CHANNELS), self.random.choice(PARTIES), session)

    def count(self):
        """One to three commands at the same time, each on a machine and about a cell; one may be killed."""
        jobs = []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            machine = self.random.choice(list(self.devices))
            month, cell, number = self.random.choice(MONTHS), self.cell(), self.random.randint(1, 3)
            word = "log"
            if self.random.random() < 0.3 and +self.own[machine]:
                # Not what another of these takes back as well.
                key = self.random.choice(sorted(+self.own[machine]))
                if not any(job[2:4] == (machine, key) for job in jobs):
                    word, (month, *cell), number = "retract", key, 1
            jobs.append((word, self.start(self.machines[machine], word, "-m", month, "-n", str(number),
                                          *map(str, cell)),
                         machine, (month, *cell), number))
        victim = self.random.randrange(len(jobs)) if self.random.random() < 0.1 else None
        unsure = []
        if victim is not None:
            time.sleep(self.random.uniform(0, 0.02))
            os.kill(jobs[victim][1].pid, signal.SIGKILL)
        for word, process, machine, key, number in jobs:
            status, out = self.finish(process)
            # What is not offered any more can still be taken back; in a closed month nothing can.
            open_now = MONTHS.index(key[0]) >= self.closed and (word == "retract" or key[1] in self.offered)
            change = number if word == "log" else -number
            if status == KILLED:
                unsure.append((machine, key, change))
            elif status == WRONG_USE and not open_now:
                continue
            elif status == DONE and open_now:
                self.counts[key] += change
                self.own[machine][key] += change
                self.unclean = False
            else:
                raise Broken(f"{word} {key}: status {status}, open {open_now}: {out}")
        self.unclean = self.unclean or bool(unsure)
        for machine, key, change in unsure:
            if +self.counts != (said := self.counted()):
                self.counts[key] += change
                self.own[machine][key] += change
                self.same(counts=(said, +self.counts))

    def key_add(self):
        if len(self.slots) >= MOST_SLOTS:
            return self.key_remove()
        new = self.new_passphrase()
        status = self.run(self.place, "key", "add", "-k", "interactive", *self.key(), "-P", new)
        added = self.slots_in_use() - set(self.slots)
        if status == KILLED and not added:
            return None
        [slot] = added
        self.slots[slot] = new
        return None

    def new_passphrase(self):
        self.passphrases += 1
        return self.place.secret(f"passphrase-{self.passphrases}", f"passphrase number {self.passphrases}")

    def key_remove(self):
        if len(self.slots) < 2:
            return
        slot = self.random.choice(sorted(self.slots))
        status = self.run(self.place, "key", "remove", str(slot), *self.key())
        if status == DONE or slot not in self.slots_in_use():
            gone = self.slots.pop(slot)
            if self.opens(gone):
                raise Broken(f"slot {slot} is empty, and its passphrase opens the store")

    def key_change(self):
        slot = self.random.choice(sorted(self.slots))
        old, new = self.slots[slot], self.new_passphrase()
        status = self.run(self.place, "key", "change", "-k", "interactive", "-p", old, "-P", new)
        if status == DONE or self.opens(new):
            self.slots[slot] = new
        if status == DONE and self.opens(old):
            raise Broken("the passphrase that was changed still opens the store")

    def note_device(self, machine):
        self.numbers_used = max(self.state_of_devices())
        self.devices[machine] = self.numbers_used

    def device_add(self):
        new = [machine for machine in range(MACHINES) if machine not in self.devices]
        if not new or self.numbers_used >= MOST_DEVICES:
            return
        machine = self.random.choice(new)
        status = self.run(self.machines[machine], "device", "add", *self.key())
        if status == KILLED:  # what it had begun is completed
            status, out = self.finish(self.start(self.machines[machine], "device", "add", *self.key()))
            if status not in (DONE, WRONG_USE):
                raise Broken(f"device add after a kill: status {status}: {out}")
        self.note_device(machine)
        self.own[machine] = Counter()

    def device_retire(self):
        if len(self.devices) < 2 or self.numbers_used >= MOST_DEVICES:
            return
        machine = self.random.choice(list(self.devices))
        number = self.devices[machine]
        status = self.run(self.place, "device", "retire", str(number), *self.key())
        if status == DONE or self.state_of_devices()[number] == "retired":
            del self.devices[machine]

    def offer(self):
        offered = [channel for channel in CHANNELS if self.random.random() < 0.8] or ["phone"]
        status = self.run(self.place, "offer", "-c", ",".join(offered), *self.key())
        if status == DONE or self.offer_said() == offered:
            self.offered = offered

    def close(self):
        number = self.random.randint(1, 6)
        status = self.run(self.place, "close", MONTHS[number - 1], *self.key())
        if status == DONE or self.closed_said() != self.closed:
            self.closed = max(self.closed, number)

    def reopen(self):
        number = self.random.randint(1, 6)
        status = self.run(self.place, "reopen", MONTHS[number - 1], "--yes", *self.key())
        if status == DONE or self.closed_said() != self.closed:
            self.closed = min(self.closed, number - 1)

    def wash(self):
        """It does not wash away what it finds."""
        self.run(self.machines[self.random.choice(list(self.devices))], "audit", "--wash",
                 may=(DONE, FOUND) if self.unclean else (DONE,))

    def backup(self):
        copy = self.place.work / "copy.mdb"
        if self.run(self.place, "backup", str(copy)) == DONE:
            self.ask("audit", "--store", str(copy))
        copy.unlink(missing_ok=True)

    def read(self):
        words = self.random.choice((("show", "2010"), ("report", "2010", "-x"), ("audit", "--full")))
        # Random counts break the rules for counts, which --full tells with status 1.
        self.run(self.place, *words, *self.key(), may=(DONE, FOUND) if "--full" in words else (DONE,))

    def draft(self):
        words = self.random.choice((("report", "2010"), ("export", self.random.choice(MONTHS))))
        self.run(self.place, *words, *self.key(), may=(DONE, FOUND, WRONG_USE, SYSTEM))

    def release(self):
        """What is refused is not recorded; what is recorded can be printed."""
        last = self.random.randint(1, max(1, self.closed))
        self.record(1, self.random.choice((MONTHS[last - 1], f"2010-01..{MONTHS[last - 1]}")), "-f", "csv,json")

    def correct(self):
        self.record(self.releases, "--correct")

    def record(self, most, *words):
        """Publishes, which adds so many releases at most."""
        with tempfile.TemporaryDirectory(dir=self.place.folder) as out:
            status = self.run(self.place, "publish", *words, "--yes", "-o", out, *self.key(),
                              may=(DONE, FOUND, WRONG_USE, SYSTEM))
            files = len(os.listdir(out))
        said = self.releases_said()
        added = said - self.releases
        if not (0 <= added <= most and (added > 0 or status != DONE) and (added == 0 or status in (DONE, KILLED)) and
                (files > 0) <= (added > 0 or status == KILLED)):
            raise Broken(f"publish {words}: status {status}, {self.releases} releases before it, {said} after it, "
                         f"{files} files")
        self.releases = said
        if said:
            with tempfile.TemporaryDirectory(dir=self.place.folder) as out:
                self.ask("publish", "--again", str(said), "-o", out, *self.key())

    # ---- a look at everything ----

    def look(self):
        self.same(counts=(self.counted(), +self.counts), offered=(self.offer_said(), self.offered),
                  closed=(self.closed_said(), self.closed), slots=(self.slots_in_use(), set(self.slots)),
                  releases=(self.releases_said(), self.releases),
                  devices=({number for number, state in self.state_of_devices().items() if state == "active"},
                           set(self.devices.values())),
                  beside=(sorted(entry.name for entry in self.place.work.iterdir()), ["tavs.mdb"]))
        if self.unclean:
            self.ask("offer", "-c", ",".join(self.offered), *self.key())
            self.unclean = False
        self.ask("audit")
        if not all(map(self.opens, self.slots.values())):
            raise Broken("a passphrase that should open the store does not")
        if (size := self.place.store.stat().st_size) > STORE_BYTES:
            raise Broken(f"the store has {size} bytes")
        if self.memory > MEMORY_KIB:
            raise Broken(f"a command took {self.memory} KiB")

    def go(self, operations):
        weights = {self.count: 72, self.read: 2, self.draft: 0.5, self.release: 1.5,
                   self.correct: 0.5, self.wash: 4, self.backup: 3, self.offer: 3,
                   self.close: 3, self.reopen: 3, self.key_add: 3, self.key_change: 3, self.key_remove: 2,
                   self.device_add: 3, self.device_retire: 1}
        for number in range(1, operations + 1):
            [operation] = self.random.choices(list(weights), list(weights.values()))
            try:
                operation()
                if number % EVERY == 0 or number == operations:
                    self.look()
            except Broken as broken:
                raise Broken(f"operation {number}, {operation.__name__}: {broken}") from None
            self.done[operation.__name__] += 1
            if number % TOLD_EVERY == 0 and number < operations:
                print(self.so_far(number), flush=True)
        return self.so_far(operations)

    def so_far(self, operations):
        return (f"{operations} operations, {self.kills} commands killed; {self.place.store.stat().st_size} bytes of "
                f"store, {sum(self.counts.values())} contacts, at most {self.memory} KiB for a command")


def main(words):
    operations, seed = int(words[0]), int(words[1]) if words[1:] else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tavs-soak-") as folder:
        shim = Path(folder) / "shim.so"
        compile_to(shim, "cheap_pwhash_shim")
        place = Path(folder) / "place"
        place.mkdir()
        print(Soak(place, shim, seed).go(operations))


if __name__ == "__main__":
    main(sys.argv[1:])
