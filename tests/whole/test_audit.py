"""tavs audit without a key: what it says of clean and of guilty stores, as text and as JSON, and to where."""

import array
import fcntl
import hashlib
import json
import re
import subprocess
import termios
import time
import unittest
from pathlib import Path

from cheater import write_plainly
from place import (DONE, REFUSED, SYSTEM, WRONG_USE, Place, PlaceTest, fingerprint_of, in_words, is_sanitized)

FOUND = 1
MONTH = "2014-05"
PAGE = 4096


def number(text):
    return int(text.replace(",", "").replace(".", ""))


def account_of(text):
    """Label -> bytes, of the account's lines."""
    lines = text.split("\n\n")[1].splitlines()[1:]
    matches = [re.match(r"  (\S.*?)  +([\d,.]+)(?:  .*)?$", line) for line in lines]
    return {match[1]: number(match[2]) for match in matches}


def section(text, title):
    """The lines under a title."""
    [found] = [part for part in text.split("\n\n") if part.startswith(title)]
    return found.splitlines()[1:]


class AuditTest(PlaceTest):
    def audit(self, place, *words, **more):
        return place.tavs("audit", *words, **more)

    def record(self, place, *words):
        result = self.audit(place, "--format", "json", *words)
        self.assertIn(result.status, (DONE, FOUND), result)
        return json.loads(result.out)

    def assert_passes(self, place, *words):
        result = self.audit(place, *words)
        self.assertEqual(DONE, result.status, result.out + result.err)
        self.assertIn("0 bytes unaccounted for; 0 fields that can hold text.", result.out.splitlines())
        self.assertRegex(result.out.splitlines()[-1], "^Passed: ")
        return result.out

    def assert_found(self, place, *words):
        result = self.audit(place, *words)
        self.assertEqual(FOUND, result.status, result.out + result.err)
        self.assertRegex(result.out.splitlines()[-1], "^Failed")
        self.assertNotIn("tavs: ", result.err)  # an audit that finds something has not failed itself
        return result.out


class EveryCommand(AuditTest):
    """One store, audited after each command that writes."""

    def test_passes_after_every_kind_of_command(self):
        place = Place.for_test(self)
        other = place.on("other")
        second = place.secret("second", "a second passphrase for tests")
        third = place.secret("third", "a third passphrase for tests")
        backup = place.work / "backup.mdb"
        place.init()
        self.assert_passes(place)
        for words in (["log", "phone", "user"],
                      ["log", "--month", MONTH, "--count", "12", "in-person", "relative"],
                      ["retract", "phone", "user"],
                      ["key", "add", "--kdf", "interactive", "-P", second, place.key],
                      ["key", "change", "--kdf", "interactive", "-P", third, "-p", second],
                      ["key", "remove", "2", place.key],
                      ["offer", "--channels", "phone,mail", place.key],
                      ["close", "2009-12", place.key],
                      ["reopen", "2009-11", place.key],
                      ["backup", backup]):
            with self.subTest(words[:2]):
                place.done(*words)
                self.assert_passes(place)
        for machine, words in ((other, ["device", "add", place.key]),
                               (other, ["log", "--month", MONTH, "mail", "user"]),
                               (place, ["device", "retire", "2", place.key])):
            with self.subTest(words[:2]):
                machine.done(*words)
                self.assert_passes(machine)
        self.assert_passes(place, "--store", backup)
        self.assertRegex(self.audit(place).out, r"machines +2, of which retired: 1\n")

    def test_a_read_changes_nothing(self):
        place = Place.for_test(self)
        place.init()
        before = place.tree()
        self.assert_passes(place)
        self.assert_passes(place, "--full", place.key)
        self.assertEqual(before, place.tree())


class Guilty(AuditTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()
        self.place.done("log", "--month", MONTH, "phone", "user")

    def change(self, offset, data):
        content = bytearray(self.place.store.read_bytes())
        content[offset:offset + len(data)] = data
        self.place.store.write_bytes(content)

    def test_plain_lmdb_habits(self):
        write_plainly(self.place, 30)
        out = self.assert_found(self.place)
        self.assertIn("something older or hidden lies here", " ".join(out.split()))
        record = self.record(self.place)
        self.assertEqual("failed", record["verdict"])
        erased = [finding for finding in record["findings"]
                  if (finding["code"], finding["class"]) == ("not-zero", "erased")]
        self.assertNotEqual([], erased)

    def test_text_past_the_end(self):
        content = self.place.store.read_bytes()
        self.place.store.write_bytes(content + b"Anders, Skolegade".ljust(PAGE, b"\0"))
        record = self.record(self.place)
        self.assertEqual(("failed", 1, 17), (record["verdict"], record["text_fields"], record["unaccounted"]))
        [finding] = record["findings"]
        self.assertEqual(("not-zero", "past-end", len(content) // PAGE, 0, 17),
                         tuple(finding[name] for name in ("code", "class", "page", "offset", "bytes")))
        out = self.assert_found(self.place)
        self.assertIn(f"page {len(content) // PAGE}, bytes 0 to 16", out)
        self.assertIn("17 bytes unaccounted for; 1 field that can hold text.", out.splitlines())
        self.assertNotIn("Anders", out)

    def test_a_bit_of_a_count_is_turned(self):
        place = self.row_pages()[0] + 2000
        self.change(place, bytes([self.place.store.read_bytes()[place] ^ 1]))
        codes = {finding["code"] for finding in self.record(self.place)["findings"]}
        self.assertIn("row-forged", codes)
        text = " ".join(self.assert_found(self.place).split())
        self.assertRegex(text, r"page \d+, bytes 16 to 3919, row \d{4}-\d\d of device 1")

    def test_a_foreign_file(self):
        self.place.store.write_bytes(b"Anders and the third of May\n" * 1000)
        self.assert_found(self.place)
        self.assertEqual("failed", self.record(self.place)["verdict"])
        self.place.store.write_bytes(b"")
        self.assert_found(self.place)

    def row_pages(self):
        """Where the pages begin that hold a row each."""
        content = self.place.store.read_bytes()
        return [at for at in range(2 * PAGE, len(content), PAGE)
                if content[at:at + 8] != bytes(8) and content[at + 10:at + 12] == b"\4\0"]

    def test_many_findings_are_counted_and_not_all_listed(self):
        for page in self.row_pages():
            self.change(page + 16 + 64, b"\xff" * 3840)
        record = self.record(self.place)
        self.assertGreater(record["finding_total"], len(record["findings"]))
        out = self.assert_found(self.place)
        more = record["finding_total"] - len(record["findings"])
        self.assertIn(f"  … and {more} more", section(out, "What was found"))


class Text(AuditTest):
    """Text and JSON say the same, and what the file is."""

    @classmethod
    def setUpClass(cls):
        cls.place = place = Place.for_class(cls)
        cls.fingerprint = fingerprint_of(place.init("--channels", "phone,mail", "--parties", "user,relative"))
        place.on("other").done("device", "add", place.key)
        place.on("other").done("log", "--month", MONTH, "phone", "user")
        place.done("log", "--month", "2012-12", "--count", "9", "mail", "relative")

    def test_account_adds_up_to_the_size(self):
        text, record = self.assert_passes(self.place), self.record(self.place)
        size = self.place.store.stat().st_size
        account = account_of(text)
        self.assertEqual((size, size), (account.pop("in all"), account.pop("size of the file")))
        self.assertEqual(size, sum(account.values()))
        told = {part["text"]: part["bytes"] for part in record["account"]}
        self.assertEqual({name: count for name, count in told.items() if count or name == "unaccounted for"},
                         account)
        self.assertEqual(size, record["bytes"])
        self.assertEqual(size, sum(told.values()))
        self.assertEqual(0, told["unaccounted for"])

    def test_digest_is_b2sums(self):
        digest = hashlib.blake2b(self.place.store.read_bytes(), digest_size=32).hexdigest()
        self.assertEqual(digest, self.record(self.place)["digest"])
        self.assertIn(digest, self.assert_passes(self.place))

    def test_front(self):
        text, record = self.assert_passes(self.place), self.record(self.place)
        version = self.place.done("version").split()[1]
        self.assertEqual(("tavs", 1, "audit", {"name": "tavs", "version": version}, time.strftime("%Y-%m-%d"), "en"),
                         tuple(record[name] for name in
                               ("format", "version", "kind", "program", "date", "language")))
        self.assertEqual(self.fingerprint, record["fingerprint"])
        self.assertIn(f"fingerprint  {self.fingerprint}", text)
        today = f"{time.strftime('%d').lstrip('0')} {in_words(time.strftime('%Y-%m'))}"
        self.assertIn(f"date         {today}, tavs {version}", text)
        self.assertEqual(("passed", 0, [], None, None), tuple(
            record[name] for name in ("verdict", "finding_total", "findings", "wash", "full")))

    def test_what_the_file_shows(self):
        this_year = int(time.strftime("%Y"))
        years = [{"year": 2012, "devices": 1}, {"year": 2014, "devices": 1}, {"year": this_year, "devices": 2}]
        public = self.record(self.place)["public"]
        self.assertEqual({"format": 3, "draft": 1, "edition": 1, "threshold": 5, "releases": 0,
                          "channels": ["phone", "mail"], "parties": ["user", "relative"],
                          "ever_channels": ["phone", "mail"], "ever_parties": ["user", "relative"],
                          "closed_through": None, "slots_used": 1, "devices": 2, "devices_retired": 0,
                          "years": years, "rows": 48, "cells": 2880},
                         {name: value for name, value in public.items() if not name.startswith("pages_")})
        self.assertEqual(self.place.store.stat().st_size // PAGE, public["pages_used"] + public["pages_free"])
        shown = section(self.assert_passes(self.place), "What the file shows")
        self.assertEqual(["channels offered    phone, mail", "parties counselled  user, relative",
                          "closed through      no month", "threshold           5", "key slots in use    1 of 8",
                          "store format        3, draft 1",
                          "edition             1: so often has what is above been set or changed", "release records     0 of 4,096, sealed",
                          "machines            2, of which retired: 0",
                          f"machines by year    2012: 1, 2014: 1, {this_year}: 2",
                          "rows                48, encrypted counts in them: 2,880"],
                         [line.strip() for line in shown])

    def test_lines_fit_a_terminal(self):
        for line in self.assert_passes(self.place).splitlines()[1:]:
            self.assertLessEqual(len(line), 85, line)

    def test_danish_numbers(self):
        text = self.place.done("audit", "--lang", "da")
        self.assertIn("2.880", text)
        self.assertEqual(self.place.store.stat().st_size, account_of(text)["i alt"])

    def test_no_count_shows_without_the_key(self):
        record = json.dumps(self.record(self.place))
        for name in ("conversations", "courses", "bits"):
            self.assertNotIn(name, record)


class Output(AuditTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()
        self.file = self.place.work / "audit.json"

    def test_to_a_file(self):
        result = self.audit(self.place, "-f", "json", "-o", self.file)
        self.assertEqual((DONE, ""), (result.status, result.out))
        self.assertRegex(result.err, "^Passed: ")
        self.assertEqual("passed", json.loads(self.file.read_text())["verdict"])
        self.assertEqual(0o600, self.file.stat().st_mode & 0o777)
        quiet = self.audit(self.place, "-q", "-o", self.place.work / "audit.txt")
        self.assertEqual((DONE, "", ""), quiet)
        self.assertEqual(self.assert_passes(self.place), (self.place.work / "audit.txt").read_text())

    def test_what_was_found_is_written_too(self):
        self.place.store.write_bytes(self.place.store.read_bytes() + b"x")
        result = self.audit(self.place, "-f", "json", "-o", self.file)
        self.assertEqual((FOUND, ""), (result.status, result.out))
        self.assertRegex(result.err, "^Failed")
        self.assertEqual("failed", json.loads(self.file.read_text())["verdict"])

    def test_an_existing_file_stays_without_force(self):
        self.file.write_text("mine")
        self.assert_refused(self.place, WRONG_USE, f"{self.file} exists already", "audit", "-o", self.file)
        self.assertEqual(DONE, self.audit(self.place, "-o", self.file, "--force").status)
        self.assertIn("Passed", self.file.read_text())

    def test_the_store_is_no_output(self):
        link = self.place.work / "link"
        link.symlink_to(self.place.store)
        for path in (self.place.store, link):
            self.assert_refused(self.place, WRONG_USE, ".* is the store itself", "audit", "--force", "-o", path)
        self.assert_refused(self.place, WRONG_USE, ".* is the file that holds the passphrase", "audit", "--full",
                            "--force", self.place.key, "-o", self.place.passphrase_file)

    def test_whole_or_not_at_all(self):
        nowhere = self.place.work / "missing/audit.json"
        self.assert_refused(self.place, SYSTEM, ".*missing/audit.json", "audit", "-o", nowhere, hint="")
        full = self.audit(self.place, "-o", "-", command=[
            "sh", "-c", 'exec "$@" > /dev/full', "sh", *self.place.command("audit")])
        self.assertEqual(SYSTEM, full.status)

    def test_formats(self):
        for format_ in ("xml", "csv", ""):
            self.assert_refused(self.place, WRONG_USE, f"'--format {format_}' is not possible", "audit", "--format",
                                format_)
        self.assert_refused(self.place, WRONG_USE, "'x' is one word too many", "audit", "x")
        self.assertEqual(self.assert_passes(self.place), self.assert_passes(self.place, "--format", "text"))

    def test_no_store(self):
        self.place.store.unlink()
        self.assert_refused(self.place, REFUSED, "there is no store at", "audit")
        self.place.store.mkdir()
        self.assert_refused(self.place, REFUSED, ".* is not a plain file", "audit")


class Size(AuditTest):
    """Ten years of five machines."""

    MEMORY = 32 << 10  # KiB

    def measure(self, words, env):
        """Runs a command that prints more than a page: its output, seconds, and KiB resident at most. What wait4 tells
        of that begins with what this test's own process takes, so the kernel is asked while the command waits for
        somebody to read its output."""
        began = time.monotonic()
        with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, pipesize=PAGE) as process:
            waiting = array.array("i", [0])
            while waiting[0] < PAGE and process.poll() is None:
                fcntl.ioctl(process.stdout, termios.FIONREAD, waiting)
                time.sleep(0.001)
            took = time.monotonic() - began
            status = Path(f"/proc/{process.pid}/status").read_text()
            return process.stdout.read(), took, int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])

    def test_600_rows(self):
        place = Place.for_test(self)
        place.init()
        last = int(time.strftime("%Y"))
        for machine in range(5):
            here = place if machine == 0 else place.on(machine)
            if machine > 0:
                here.done("device", "add", place.key)
            for year in range(last - 9, last + 1):
                here.done("log", "--month", f"{year}-01", "phone", "user")
        out, took, memory = self.measure(place.command("audit", "--format", "json"), place.env)
        record = json.loads(out)
        print(f"600 rows, {record['bytes']} bytes: {took:.2f} s, {memory} KiB resident")
        self.assertEqual(("passed", 600, 36000),
                         (record["verdict"], record["public"]["rows"], record["public"]["cells"]))
        if not is_sanitized():
            self.assertLess(memory, self.MEMORY)


if __name__ == "__main__":
    unittest.main()
