"""tavs audit --full and --wash: what the cells hold, and that nothing can be hidden in what is random about them."""

import json
import re
import secrets
import unittest
from pathlib import Path

from cheater import Cheater, reader, write_plainly
from place import DONE, REFUSED, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest
from terminal import Terminal

FOUND = 1
MONTH, NEXT = "2014-05", "2014-06"
PERSON = 256  # bits: docs/audit.md


def joined(text):
    return " ".join(text.split())


class KeyTest(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()

    def audit(self, *words, status=DONE, place=None):
        result = (place or self.place).tavs("audit", *words)
        self.assertEqual(status, result.status, result.out + result.err)
        return result.out

    def full(self, status=DONE):
        """As text and as JSON."""
        return (self.audit("--full", self.place.key, status=status),
                json.loads(self.audit("--full", self.place.key, "-f", "json", status=status)))

    def log(self, month, channel, party, session, count):
        self.place.done("log", "--month", month, "--count", count, channel, party, session)


class Full(KeyTest):
    def test_totals_by_year(self):
        self.log(MONTH, "phone", "user", 1, 1000)
        self.log(MONTH, "phone", "user", 2, 200)
        self.log("2015-01", "in-person", "relative", 1, 34)
        text, record = self.full()
        self.assertEqual("passed", record["verdict"])
        full = record["full"]
        years = {entry["year"]: (entry["courses"], entry["conversations"]) for entry in full["years"]}
        self.assertEqual((1000, 1200), years.pop(2014))
        self.assertEqual((34, 34), years.pop(2015))
        self.assertEqual([(0, 0)], list(years.values()))  # this year, in which the store was made
        self.assertEqual((1034, 1234, 36, 2160, 2160, 0, []), tuple(
            full[name] for name in ("courses", "conversations", "rows", "cells", "cells_good", "finding_total",
                                    "findings")))
        self.assertRegex(text, r"\n  2014 +1,000 +1,200\n")
        self.assertRegex(text, r"\n  2015 +34 +34\n")
        self.assertRegex(text, r"\n  in all +1,034 +1,234\n")
        self.assertIn("2,160 of 2,160 encrypted counts are whole numbers within bounds.", text)
        self.assertIn("The rules for counts are kept.", text)

    def test_figures_are_internal(self):
        text, record = self.full()
        self.assertIn("internal: exact figures, not for publication", text)
        self.assertTrue(record["full"]["internal"])
        self.assertEqual("Internal: exact figures, not for publication", record["full"]["mark"])

    def test_information(self):
        """Against whole numbers of any size: the number of ways, and its logarithm rounded up."""
        ways, bits, cells = 1, [], 0
        for count, cells in ((0, 720), (7, 1440), (900, 1440)):
            if count:
                self.log(MONTH, "mail", "user", 1, count)
            total = sum(number for number in (0, 7, 900) if number <= count)
            ways = 1
            for i in range(1, total + 1):
                ways = ways * (cells + i) // i
            bits.append((ways - 1).bit_length())
            text, record = self.full()
            self.assertEqual((bits[-1], cells, PERSON), (record["full"]["bits"], record["full"]["cells"],
                                                         record["full"]["person_bits"]))
            self.assertIn(f"at most {bits[-1]:,} bits of information", joined(text))
            self.assertIn("one letter of a name takes 8 bits, and one person's name with CPR number about 256.",
                          joined(text))
            if total:
                each = -(-10 * bits[-1] // total)
                self.assertIn(f"which is {each // 10}.{each % 10} for each conversation", joined(text))
        self.assertEqual(0, bits[0])

    def test_key_slot_is_named(self):
        second = self.place.secret("second", "a second passphrase for tests")
        self.place.done("key", "add", "--kdf", "interactive", "-P", second, self.place.key)
        for file, slot in ((self.place.passphrase_file, 1), (second, 2)):
            self.assertIn(f"The seed in key slot {slot} gives the public keys in the header.",
                          self.audit("--full", "-p", file))
            self.assertEqual(slot, json.loads(self.audit("--full", "-f", "json", "-p", file))["full"]["slot"])

    def test_broken_rules_are_found(self):
        self.log(MONTH, "phone", "user", 1, 2)
        self.log(MONTH, "phone", "user", 2, 3)
        self.place.done("retract", "--month", NEXT, "mail", "user")
        self.assertEqual("passed", json.loads(self.audit("-f", "json"))["verdict"])
        text, record = self.full(FOUND)
        self.assertEqual("failed", record["verdict"])
        self.assertEqual([], record["findings"])  # the file itself is in order
        found = [tuple(finding[name] for name in ("code", "month", "device", "channel", "party", "session"))
                 for finding in record["full"]["findings"]]
        self.assertEqual([("cell-below-zero", NEXT, None, "mail", "user", "1"),
                          ("session-exceeds", None, None, None, "user", "2")], found)
        for finding in record["full"]["findings"]:
            self.assertIn(joined(finding["text"]), joined(text))
        self.assertNotIn("The rules for counts are kept.", text)
        self.assertRegex(text.splitlines()[-1], "^Failed")

    def test_a_huge_number_is_found(self):
        """A valid element, well signed, that is no count: only the key tells."""
        cheater = Cheater(self.place)
        self.log(MONTH, "phone", "user", 1, 1)
        for cell, size in ((0, 2**20), (37, 9999999999)):
            cells = cheater.cells(MONTH)
            a, b = cells[cell]
            cells[cell] = a, reader.add(b, cheater.times_generator(size))
            cheater.put(MONTH, cells)
        self.audit()
        text, record = self.full(FOUND)
        found = [tuple(finding[name] for name in ("code", "month", "device", "channel", "party", "session"))
                 for finding in record["full"]["findings"]]
        self.assertEqual([("cell-range", MONTH, 1, "in-person", "user", "1"),
                          ("cell-range", MONTH, 1, "mail", "relative", "3")], found)
        self.assertEqual((1440, 1438), (record["full"]["cells"], record["full"]["cells_good"]))
        self.assertIn("row 2014-05 of device 1, mail, relative, 3rd conversation: does not hold a count", joined(text))

    def test_wrong_passphrase(self):
        wrong = self.place.secret("wrong", "not the passphrase at all")
        self.assert_refused(self.place, WRONG_PASSPHRASE, "the passphrase opens no key of this store", "audit",
                            "--full",
                            "-p", wrong, "-o", self.place.work / "audit.txt")

    def test_needs_a_passphrase(self):
        self.assert_refused(self.place, WRONG_USE, "there is no terminal to ask on", "audit", "--full",
                            command=["setsid", "--wait", *self.place.command("audit", "--full")])

    def test_a_damaged_file_is_not_opened(self):
        """Nobody is asked for a passphrase: there is no terminal, and yet it ends well."""
        write_plainly(self.place, 30)
        words = ("audit", "--full", "-f", "json")
        result = self.place.tavs(command=["setsid", "--wait", *self.place.command(*words)])
        self.assertEqual(FOUND, result.status)
        self.assertEqual({"done": False}, json.loads(result.out)["full"])
        self.assertIn("the file itself has to be sound first", joined(self.audit("--full", status=FOUND)))

    def test_on_a_terminal(self):
        words = self.place.command("audit", "--full")
        with Terminal(words, env=self.place.env, output="apart") as terminal:
            terminal.expect("Passphrase: ")
            terminal.type(b"a passphrase only for tests\n")
            terminal.expect("reading ")
            lines = terminal.result()
        self.assertRegex(lines[-1], "^Passed")

    def test_no_progress_where_nobody_looks(self):
        result = self.place.tavs("audit", "--full", "--wash", self.place.key)
        self.assertRegex(result.err, "^Store .*, fingerprint [0-9a-f ]+\n$")


class Wash(KeyTest):
    def setUp(self):
        super().setUp()
        self.log(MONTH, "phone", "user", 1, 3)
        self.cheater = Cheater(self.place)
        self.other = self.place.on("other")
        self.other.done("device", "add", self.place.key)
        self.other.done("log", "--month", MONTH, "mail", "user")

    def test_all_rows_of_this_machine_and_no_others(self):
        before, counts = self.cheater.databases(), self.place.counts("2014")
        text = self.audit("--wash")
        after = self.cheater.databases()
        self.assertEqual(counts, self.place.counts("2014"))
        self.assertEqual(before[b"store"], after[b"store"])
        self.assertEqual(before[b"tally"].keys(), after[b"tally"].keys())
        content = self.place.store.read_bytes()
        own = 0
        for key, row in before[b"tally"].items():
            if key[2:] != b"\0\1":
                self.assertEqual(row, after[b"tally"][key])
                continue
            own += 1
            for at in range(0, len(row), 32):
                self.assertNotIn(row[at:at + 32], content)
        self.assertEqual(24, own)
        self.assertIn("All 24 rows of this machine (device 1) have new random parts: whatever a program could have "
                      "hidden in the old ones is destroyed", joined(text))
        self.assertIn("Rows of other machines that only those can wash: 24.", joined(text))
        self.assertRegex(text.splitlines()[-1], "^Passed")

    def test_record(self):
        before = json.loads(self.audit("-f", "json"))
        record = json.loads(self.audit("--wash", "-f", "json"))
        self.assertEqual({"done": True, "device": 1, "rows": 24, "other_rows": 24, "digest_before": before["digest"]},
                         record["wash"])
        self.assertNotEqual(before["digest"], record["digest"])
        self.assertEqual(record["digest"], json.loads(self.audit("-f", "json"))["digest"])

    def test_what_was_hidden_is_gone(self):
        """The second byte of each A is chosen: a letter under a pad. Nobody can tell, until it is washed away."""
        message, pad = b"Anders, heroin, 3 May", secrets.token_bytes(60)

        def hidden():
            return bytes(a[1] ^ pad[i] for i, (a, _) in enumerate(self.cheater.cells(NEXT)[:len(message)]))

        cells = self.cheater.cells(NEXT)
        for i, letter in enumerate(message):
            while cells[i][0][1] ^ pad[i] != letter:
                cells[i] = self.cheater.encrypt(secrets.randbelow(2**250))
        self.cheater.put(NEXT, cells)
        self.assertEqual(message, hidden())
        self.audit("--full", self.place.key)
        self.audit("--wash", "--full", self.place.key)
        self.assertLess(sum(left == right for left, right in zip(message, hidden())), 6)

    def test_wash_and_full(self):
        text = self.audit("--wash", "--full", self.place.key)
        self.assertLess(text.index("\nWashed"), text.index("\nWith the key"))
        self.assertRegex(text, r"\n  2014 +4 +4\n")

    def test_not_enrolled(self):
        self.assert_refused(self.place.on("third"), REFUSED, "this machine is not enrolled", "audit", "--wash")
        self.place.done("device", "retire", "2", self.place.key)
        self.assert_refused(self.other, REFUSED, "this machine, device 2, has been retired", "audit", "--wash")

    def test_what_was_found_is_not_washed_away(self):
        write_plainly(self.place, 30)
        before = self.place.tree()
        text = self.audit("--wash", status=FOUND)
        self.assertIn("washing would overwrite what was found", joined(text))
        self.assertEqual({"done": False}, json.loads(self.audit("--wash", "-f", "json", status=FOUND))["wash"])
        self.assertEqual(before, self.place.tree())

    def test_progress_on_a_terminal(self):
        with Terminal(self.place.command("audit", "--wash"), env=self.place.env) as terminal:
            terminal.expect("washing ")
            self.assertRegex(terminal.result()[-1], "^Passed")
            shown = terminal.seen.decode()
        self.assertRegex(shown, re.compile(r"\r +\r$"))  # the line is gone in the end

    def test_a_row_replayed_in_its_place_is_not_seen(self):
        """Listed in docs/audit.md: it is a valid row of this store, and the counts since then are lost."""
        old = self.cheater.row(MONTH)
        self.log(MONTH, "phone", "user", 1, 5)
        content = self.place.store.read_bytes()
        self.place.store.write_bytes(content.replace(self.cheater.row(MONTH), old))
        self.audit("--full", self.place.key)
        self.assertEqual(3, self.place.counts("2014")[MONTH, "phone", "user", 1])
        text = joined((Path(__file__).parents[2] / "docs/audit.md").read_text())
        self.assertIn("A row put back.", text)


if __name__ == "__main__":
    unittest.main()
