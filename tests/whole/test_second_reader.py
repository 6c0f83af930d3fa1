"""A reader written from docs/format.md alone finds in a store what the program says is in it."""

import csv
import io
import json
import subprocess
import sys
import time
import unittest

from place import PASSPHRASE, ROOT, Place, recovery_code_of

PAGE, OVERFLOW = 4096, 4
YEAR = int(time.strftime("%Y"))


def second_reader(store, secret=PASSPHRASE, *words):
    return subprocess.run([sys.executable, ROOT / "tests/second_reader.py", *words, store],
                          input=secret + "\n", capture_output=True, text=True, timeout=120, check=False)


def counts_of(text):
    """(period, channel, party, session) to count, of CSV; a key that comes twice fails."""
    rows = list(csv.DictReader(io.StringIO(text)))
    counts = {(row["period"], row["channel"], row["party"], row["session"]): int(row["count"])
              for row in rows}
    assert len(counts) == len(rows)
    return counts


class SecondReaderTest(unittest.TestCase):
    real_passphrases = True

    maxDiff = None

    def assert_both_read(self, place, period):
        """The same cells in the same months; a month without rows is all zero. Gives what the second
        reader printed and what of it is not zero."""
        result = second_reader(place.store)
        self.assertEqual(("", 0), (result.stderr, result.returncode))
        self.assertTrue(result.stdout.startswith("period,channel,party,session,count\n"))
        found = counts_of(result.stdout)
        text = place.done("export", period, "--exact", "--format", "csv", place.key)
        self.assertEqual("period,channel,party,session,count,status", text.splitlines()[0])
        told = counts_of(text)
        months = {key[0] for key in found}
        self.assertEqual({key: count for key, count in told.items() if key[0] in months}, found)
        self.assertEqual({0}, {count for key, count in told.items() if key[0] not in months} | {0})
        return result.stdout, {key: count for key, count in found.items() if count != 0}

    def assert_refuses(self, store, message, secret=PASSPHRASE, *words):
        result = second_reader(store, secret, *words)
        self.assertEqual(("", f"second reader: {message}\n", 1),
                         (result.stdout, result.stderr, result.returncode))


class SmallStore(SecondReaderTest):
    """One store with what a store may have; each test reads it or a changed copy."""

    @classmethod
    def setUpClass(cls):
        cls.place = place = Place.for_class(cls)
        told = place.tavs("init", "--kdf", "interactive", "--channels", "in-person,phone,web", place.key)
        cls.code = recovery_code_of(told.out + told.err)
        place.done("log", "phone", "relative", "2")
        place.done("log", "in-person", "user", "1", "--month", f"{YEAR - 1}-03", "--count", "1000")
        place.done("log", "in-person", "user", "1", "--month", f"{YEAR - 1}-03", "--count", "37")
        place.done("log", "web", "professional", "5", "--month", f"{YEAR - 1}-12")
        place.done("retract", "web", "relative", "3", "--month", f"{YEAR - 1}-12")
        other = place.on("other")
        other.done("device", "add", place.key)
        other.done("log", "in-person", "user", "1", "--month", f"{YEAR - 1}-03", "--count", "3")
        other.done("log", "phone", "user", "4", "--month", f"{YEAR - 1}-01")
        place.done("device", "retire", "2", place.key)
        place.done("offer", "--channels", "in-person,phone", place.key)
        place.done("close", f"{YEAR - 1}-12", place.key)

    def copy(self, change):
        """A copy of the store's file with some bytes changed."""
        data = bytearray(self.place.store.read_bytes())
        change(data)
        file = self.place.folder / "changed.mdb"
        file.write_bytes(data)
        self.addCleanup(file.unlink, missing_ok=True)
        return file

    def test_same_counts_and_recovery_code(self):
        text, counts = self.assert_both_read(self.place, f"{YEAR - 1}-01..{YEAR}-12")
        self.assertEqual({
            (time.strftime("%Y-%m"), "phone", "relative", "2"): 1,
            (f"{YEAR - 1}-03", "in-person", "user", "1"): 1040,  # two devices, one of them retired
            (f"{YEAR - 1}-12", "web", "professional", "5"): 1,  # not offered any more
            (f"{YEAR - 1}-12", "web", "relative", "3"): -1,
            (f"{YEAR - 1}-01", "phone", "user", "4"): 1,
        }, counts)
        for code in (self.code, self.code.lower().replace("-", " "), self.code.replace("0", "o")):
            result = second_reader(self.place.store, code, "--recovery")
            self.assertEqual(("", text), (result.stderr, result.stdout))

    def test_wrong_secrets(self):
        self.assert_refuses(self.place.store, "wrong passphrase", PASSPHRASE + " ")
        vectors = json.loads((ROOT / "tests/vectors/format.json").read_text())
        foreign = vectors["reader"]["recovery"]
        self.assert_refuses(self.place.store, "the code of another store", foreign, "--recovery")
        wrong = ("1" if self.code[0] == "0" else "0") + self.code[1:]
        self.assert_refuses(self.place.store, "no recovery code", wrong, "--recovery")

    def test_header_signature(self):
        for offset in (7, 9, 12, 16, 70, 1060):
            def change(data, offset=offset):
                data[data.index(b"TAVS\0\3\1") + offset] ^= 8 if offset == 12 else 1
            self.assert_refuses(self.copy(change), "header: the signature does not hold")

    def test_another_format(self):
        for offset, value, told in ((5, 2, "format 2, draft 1"), (5, 4, "format 4, draft 1"), (6, 2, "format 3, draft 2")):
            def change(data, offset=offset, value=value):
                data[data.index(b"TAVS\0\3\1") + offset] = value
            self.assert_refuses(self.copy(change), f"header: {told}")

    def test_device_signature(self):
        for number in (1, 2):
            def change(data, number=number):
                data[data.index(b"device" + number.to_bytes(2, "big")) + 8 + 100] ^= 1
            self.assert_refuses(self.copy(change), f"device {number}: the signature does not hold")

    def test_every_row_signature(self):
        data = self.place.store.read_bytes()
        rows = [at for at in range(0, len(data), PAGE)
                if data[at + 10] == OVERFLOW and any(data[at + 16:at + 80])]
        self.assertEqual(4 * 12, len(rows))
        for at in rows[::5]:
            def change(data, at=at):
                data[at + 16 + 3903] ^= 1
            result = second_reader(self.copy(change))
            self.assertEqual(1, result.returncode)
            self.assertRegex(result.stderr, "row of month .*: the signature does not hold")

    def test_what_no_signature_covers(self):
        def change(data):
            for at in range(0, 2 * PAGE, PAGE):
                data[at + 16] ^= 1
        self.assert_refuses(self.copy(change), "not LMDB's")


class Ledger(SecondReaderTest):
    """Ledgers whose every record is signed, and which are no chain: stores kept for the audit's tests."""

    def test_refused(self):
        last = "the last release record is not the one that the header tells of"
        for name, message in (("other-copy", last), ("older-ledger", last),
                              ("other-copy-inside", "release record 3 does not follow the one before it"),
                              ("release-missing", "release record 2: missing, or its size"),
                              ("one-year", "no recovery code")):  # whose ledger is whole
            with self.subTest(name):
                self.assert_refuses(ROOT / f"tests/audit/{name}.tavs", message, "0", "--recovery")


class LargeStore(SecondReaderTest):
    """So many rows that the tree has branch pages, two passphrases, and everything offered."""

    def test_years_of_rows(self):
        place = Place.for_test(self)
        place.done("init", "--kdf", "interactive", place.key)
        second = "another passphrase, æøå"
        place.done("key", "add", "--kdf", "interactive", place.key,
                   f"--new-passphrase-file={place.secret('second', second)}")
        expected = {}
        for back in range(16):
            channel = ("in-person", "phone", "mail", "web")[back % 4]
            party = ("user", "relative", "professional")[back % 3]
            key = f"{YEAR - 1 - back}-{back % 12 + 1:02}", channel, party, str(back % 5 + 1)
            expected[key] = back * back + 1
            place.done("log", *key[1:], "--month", key[0], "--count", str(expected[key]))
        self.assertIn(b"\1\0", {place.store.read_bytes()[at + 10:at + 12]  # a branch page
                                for at in range(0, place.store.stat().st_size, PAGE)})
        period = f"{YEAR - 16}-01..{YEAR}-12"
        text, counts = self.assert_both_read(place, period)
        self.assertEqual(expected, counts)
        result = second_reader(place.store, second)
        self.assertEqual(("", text), (result.stderr, result.stdout))


if __name__ == "__main__":
    unittest.main()
