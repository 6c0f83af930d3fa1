"""What earlier versions wrote is read: the stores of tests/frozen, one for each format version."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import unittest

from place import DONE, ROOT, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, this_month, without_sanitizer

FROZEN = sorted((ROOT / "tests/frozen").glob("format-*"))
OPEN_MONTH = "2018-03"


def each_store(test):
    """Runs a test on every frozen store: on a copy in a place of its own."""
    def run(self):
        for folder in FROZEN:
            with self.subTest(folder.name):
                self.thaw(folder)
                test(self)
    return run


class Frozen(PlaceTest):
    real_passphrases = True

    def thaw(self, folder):
        self.folder, self.expected = folder, json.loads((folder / "expected.json").read_text())
        self.place = place = Place.for_test(self)
        keys = place.folder / "state/tavs"
        keys.mkdir()
        for file, copy in ((folder / "tavs.mdb", place.store),
                           *((file, keys / file.name) for file in folder.glob("*.device"))):
            shutil.copyfile(file, copy)
            copy.chmod(0o600)
        self.files = [place.secret(f"passphrase {number}", text)
                      for number, text in enumerate(self.expected["passphrases"])]
        place.key = f"--passphrase-file={self.files[0]}"
        self.counts = {(month, channel, party, int(session)): count
                       for month, channel, party, session, count in self.expected["counts"]}
        self.period = f"2017-01..{this_month()}"

    def test_there_is_one_of_this_format(self):
        own = re.search(r"store format (\d+)", Place.for_test(self).done("version", "--verbose"))[1]
        self.assertEqual([f"format-{number}" for number in range(1, int(own) + 1)], [folder.name for folder in FROZEN])

    @each_store
    def test_it_is_as_it_was_frozen(self):
        self.assertEqual(self.expected["sha256"], {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in self.folder.iterdir()
            if file.name != "expected.json"})

    @each_store
    def test_counts(self):
        for file in self.files:
            self.place.key = f"--passphrase-file={file}"
            self.assertEqual(self.counts, self.place.counts(self.period))
        result = self.place.tavs("show", "-p", self.place.secret("removed", self.expected["removed_passphrase"]))
        self.assertEqual(WRONG_PASSPHRASE, result.status)

    @without_sanitizer
    @each_store
    def test_show_and_report(self):
        shown = self.place.tavs("show", self.period, "--by", "session", self.place.key)
        self.assertEqual(DONE, shown.status)
        self.assertRegex(shown.out, rf"(?m)^In all +{sum(self.counts.values())}$")
        self.assertIn(f"fingerprint {self.expected['fingerprint']}\n", shown.err)
        for year in ("2017", "2018"):
            report = json.loads(self.place.done("report", year, "-x", "-f", "json", self.place.key))
            begun = sum(count for key, count in self.counts.items() if key[0].startswith(year) and key[3] == 1)
            self.assertEqual(begun, report["tables"][0]["rows"][-1]["figures"][0]["count"])
            self.assertEqual({name: self.expected[name] for name in ("channels", "parties")}, report["offered"])
            self.assertEqual(self.expected["closed_through"], report["closed_through"])

    @each_store
    def test_audit(self):
        record = json.loads(self.place.done("audit", "-f", "json"))
        self.assertEqual(("passed", 0, 0), tuple(record[name] for name in ("verdict", "unaccounted", "text_fields")))
        full = json.loads(self.place.tavs("audit", "--full", "-f", "json", self.place.key).out)["full"]
        self.assertEqual(full["cells"], full["cells_good"])
        self.assertEqual(sum(self.counts.values()), full["conversations"])
        self.assertEqual(self.expected["breaks_rules"], [finding["code"] for finding in full["findings"]])
        shows = record["public"]
        self.assertEqual({name: self.expected[name] for name in ("channels", "parties", "closed_through")},
                         {name: shows[name] for name in ("channels", "parties", "closed_through")})
        self.assertEqual((len(self.expected["slots"]), self.expected["devices"], len(self.expected["retired"])),
                         (shows["slots_used"], shows["devices"], shows["devices_retired"]))
        self.assertEqual(self.expected["fingerprint"], record["fingerprint"])

    @without_sanitizer
    @each_store
    def test_recovery_code(self):
        code, new = (self.place.secret(name, text) for name, text in
                     (("code", self.expected["recovery_code"]), ("new", "another passphrase for tests")))
        self.place.done("key", "add", "-k", "interactive", "--recovery", "-p", code, "-P", new)
        self.place.key = f"--passphrase-file={new}"
        self.assertEqual(self.counts, self.place.counts(self.period))

    @without_sanitizer
    @each_store
    def test_slots_and_devices(self):
        self.assertEqual([str(slot) for slot in self.expected["slots"]],
                         re.findall(r"(?m)^slot (\d):", self.place.done("key", "list")))
        listed = self.place.done("device", "list").splitlines()
        self.assertEqual(self.expected["devices"], len(listed))
        self.assertEqual(len(self.expected["retired"]), sum("retired" in line for line in listed))

    @each_store
    def test_the_machine_counts_on(self):
        """With its key from then, and in the store as it is: what is there stays."""
        closed = self.expected["closed_through"]
        result = self.place.tavs("log", "--month", closed, "phone", "user")
        self.assert_complaint(result, WRONG_USE, f"{closed} is closed")
        for month in (OPEN_MONTH, "2019-01"):
            self.place.done("log", "--month", month, "phone", "user")
            self.counts[month, "phone", "user", 1] = 1
        self.assertEqual(self.counts, self.place.counts(self.period))
        self.assert_nothing_left_in_the_store(self.place)

    def second_reader(self, secret, *words):
        result = subprocess.run([sys.executable, ROOT / "tests/second_reader.py", *words, self.place.store],
                                input=secret + "\n", capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual("", result.stderr)
        return result.stdout

    def assert_second_reader_counts(self, secret, *words):
        rows = csv.DictReader(io.StringIO(self.second_reader(secret, *words)))
        found = {(row["period"], row["channel"], row["party"], int(row["session"])): int(row["count"])
                 for row in rows if row["count"] != "0"}
        self.assertEqual(self.counts, found)

    def assert_second_reader_releases(self, releases):
        """What `tavs release list` says, told by the reader that was written from docs/format.md."""
        def month(number):
            return f"{number // 12}-{number % 12 + 1:02}"
        found = [{"month": month(one["month"]), "kind": {1: "report", 2: "export"}[one["kind"]],
                  "periods": [{"first": month(first), "last": month(last)} for first, last in one["periods"]],
                  "places": len(one["places"]), "threshold": one["threshold"], "digest": one["digest"][:16],
                  "shown": sum(figure["shown"] for figure in one["figures"]),
                  "hidden": sum(not figure["shown"] for figure in one["figures"])}
                 for one in json.loads(self.second_reader(self.expected["passphrases"][0], "--releases"))]
        self.assertEqual(releases, found)

    @without_sanitizer
    @each_store
    def test_a_second_reader(self):
        self.assert_second_reader_counts(self.expected["passphrases"][1])
        self.assert_second_reader_counts(self.expected["recovery_code"], "--recovery")
        self.assert_second_reader_releases(self.expected.get("releases", []))
        for release in json.loads(self.second_reader(self.expected["passphrases"][0], "--releases")):
            self.assertTrue(release["unchanged"])

    def listed(self):
        return json.loads(self.place.done("release", "list", "-f", "json", self.place.key))["releases"]

    @each_store
    def test_releases(self):
        """What is there is listed; a new one comes behind it and makes the store one of the last format."""
        releases = self.expected.get("releases", [])
        self.assertEqual(releases, self.listed())
        header = self.place.store.read_bytes().split(b"TAVS\0")[1][:990]
        self.place.done("export", "2018", self.place.key)
        now = self.listed()
        self.assertEqual(releases, now[:-1])
        self.assertEqual(("export", [{"first": "2018-01", "last": "2018-12"}]), (now[-1]["kind"], now[-1]["periods"]))
        self.assertEqual(self.counts, self.place.counts(self.period))
        self.assert_second_reader_counts(self.expected["passphrases"][0])
        self.assert_second_reader_releases(now)
        content = self.place.store.read_bytes()
        self.assertEqual(1, content.count(b"TAVS\0\2"))
        self.assertNotIn(header[-64:], content)  # the signature of the header before
        self.assert_nothing_left_in_the_store(self.place)
        public = json.loads(self.place.done("audit", "-f", "json"))["public"]
        self.assertEqual((2, len(now)), (public["format"], public["releases"]))


if __name__ == "__main__":
    unittest.main()
