"""Many at once, and killed at any moment: every contact is counted once or not at all."""

import fcntl
import random
import re
import signal
import subprocess
import time
import unittest

from place import DONE, Place, PlaceTest

MONTH = "2010-01"
CELLS = [(channel, party, str(session)) for channel in ("in-person", "phone", "mail", "web")
         for party in ("user", "relative", "professional") for session in range(1, 6)]
AT_ONCE, READERS, KILLS = 50, 6, 120


class TogetherTest(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()

    def start(self, *words):
        return subprocess.Popen(self.place.command(*words), env=self.place.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def finish(self, process):
        out, err = process.communicate(timeout=120)
        self.assertEqual(DONE, process.returncode, err)
        return out

    def assert_nothing_beside_the_store(self):
        self.assertEqual(["tavs.mdb"], [entry.name for entry in self.place.work.iterdir()])
        self.assertEqual({self.place.device_file(), self.place.known_file()},
                         set((self.place.folder / "state/tavs").iterdir()))


class AtOnce(TogetherTest):
    def test_fifty_with_readers_among_them(self):
        writers, readers = [], []
        for number in range(AT_ONCE):
            writers.append(self.start("log", "--month", MONTH, *CELLS[number % 3]))
            if number % (AT_ONCE // READERS) == 0:
                readers.append(self.start("show", MONTH, "--by", "month", self.place.key))
        seen = [int(re.search(r"(?m)^In all .* (\d+)$", self.finish(reader))[1]) for reader in readers]
        for writer in writers:
            self.finish(writer)
        self.assertTrue(all(0 <= count <= AT_ONCE for count in seen), seen)
        expected = {(MONTH, channel, party, int(session)): len(range(number, AT_ONCE, 3))
                    for number, (channel, party, session) in enumerate(CELLS[:3])}
        self.assertEqual(expected, self.place.counts(MONTH))
        self.assert_nothing_beside_the_store()
        self.assert_nothing_left_in_the_store(self.place)

    def test_a_new_year_is_made_once(self):
        processes = [self.start("log", "--month", f"2009-{number % 12 + 1:02}", "phone", "user")
                     for number in range(24)]
        for process in processes:
            self.finish(process)
        self.assertEqual({(f"2009-{month:02}", "phone", "user", 1): 2 for month in range(1, 13)},
                         self.place.counts("2009"))

    def test_changes_of_the_header_among_counts(self):
        """Each changes its own part; none undoes what another did."""
        others = [self.place.secret(f"person {number}", f"the passphrase of person {number}") for number in range(3)]
        processes = [self.start("key", "add", "-k", "interactive", self.place.key, "-P", other) for other in others]
        processes += [self.start("log", "--month", MONTH, "phone", "user") for _ in range(10)]
        for process in processes:
            self.finish(process)
        for other in others:
            self.place.done("show", "-p", other)
        self.assertEqual(4, len(self.place.done("key", "list").splitlines()))
        self.assertEqual({(MONTH, "phone", "user", 1): 10}, self.place.counts(MONTH))

    def test_machines_that_are_enrolled_at_once(self):
        machines = [self.place.on(f"machine {number}") for number in range(4)]
        processes = [subprocess.Popen(machine.command("device", "add", machine.key), env=machine.env,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                     for machine in machines]
        for process in processes:
            self.finish(process)
        self.assertEqual(5, len(self.place.done("device", "list").splitlines()))
        for machine in machines:
            machine.done("log", "--month", MONTH, "phone", "user")
        self.assertEqual({(MONTH, "phone", "user", 1): 4}, self.place.counts(MONTH))


class Killed(TogetherTest):
    def test_kill_at_random_moments(self):
        """Each attempt has a cell of its own: it holds what was to be counted, or nothing; what was said to
        be counted is."""
        drawn = random.Random(9)
        self.place.done("log", "--month", "2010-12", "web", "user")
        longest = 0.02  # seconds until it is killed; follows how fast the machine is, so that half are
        expected, killed, survived = {}, 0, 0
        while killed < KILLS:
            attempt = killed + survived
            cell = (f"2010-{attempt // len(CELLS) + 1:02}", *CELLS[attempt % len(CELLS)])
            amount = attempt % 7 + 1
            process = self.start("log", "--month", cell[0], "--count", str(amount), *cell[1:])
            time.sleep(drawn.uniform(0, longest))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            self.assertIn(process.returncode, (DONE, -signal.SIGKILL))
            killed += process.returncode != DONE
            survived += process.returncode == DONE
            longest *= 0.95 if process.returncode == DONE else 1.05
            expected[cell] = (amount,) if process.returncode == DONE else (0, amount)
            self.assert_nothing_beside_the_store()
            self.assertLess(attempt, 11 * len(CELLS), "hardly any was killed")
        found = self.place.counts("2010-01..2010-11")
        for cell, may_be in expected.items():
            self.assertIn(found.pop((*cell[:3], int(cell[3])), 0), may_be)
        self.assertEqual({}, found)
        self.assertGreater(survived, KILLS // 4)
        self.place.done("log", "--month", "2010-12", "web", "user")
        self.assert_nothing_left_in_the_store(self.place)

    def test_killed_while_it_waits(self):
        """A process that holds no lock yet leaves none."""
        with open(self.place.store, "rb") as store:
            fcntl.flock(store, fcntl.LOCK_EX)
            process = self.start("log", "--month", MONTH, "phone", "user")
            time.sleep(0.2)
            self.assertIsNone(process.poll())
            process.kill()
            process.communicate()
        self.place.done("log", "--month", MONTH, "phone", "user")
        self.assertEqual({(MONTH, "phone", "user", 1): 1}, self.place.counts(MONTH))

    def test_writers_wait_for_each_other_and_for_readers(self):
        for mode, words in ((fcntl.LOCK_EX, ("log", "--month", MONTH, "phone", "user")),
                            (fcntl.LOCK_SH, ("log", "--month", MONTH, "phone", "user")),
                            (fcntl.LOCK_EX, ("key", "list"))):
            with open(self.place.store, "rb") as store:
                fcntl.flock(store, mode)
                process = self.start(*words)
                time.sleep(0.2)
                self.assertIsNone(process.poll())
            self.finish(process)
        with open(self.place.store, "rb") as store:
            fcntl.flock(store, fcntl.LOCK_SH)
            self.place.done("key", "list")


if __name__ == "__main__":
    unittest.main()
