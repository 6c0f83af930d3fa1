"""tavs release list: what the ledger has of what was released, and what it has not."""

import json
import re
import shutil
import subprocess
import sys
import time
import unittest

from office import sums_of
from place import DONE, ROOT, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, recovery_code_of, this_month

RECORD_BYTES = 4080


class ReleaseList(PlaceTest):
    @classmethod
    def setUpClass(cls):
        """Counts that are large enough to be shown, but for one, so that nothing has to be found out."""
        cls.kept = place = Place.for_class(cls)
        cls.code = place.secret("code", recovery_code_of(place.init("--channels", "phone", "--parties", "user")))
        place.import_rows((f"2017-{month:02}", "phone", "user", session, 90 - 20 * session)
                          for month in range(1, 13) for session in range(1, 4))
        place.done("close", "2017-12", place.key)
        cls.published = [place.published("2017-02", "-f", "json"), place.published("2017", "-f", "json")]

    def setUp(self):
        self.place = Place.for_test(self)
        for name in ("work", "state"):
            shutil.rmtree(self.place.folder / name)
            shutil.copytree(self.kept.folder / name, self.place.folder / name)

    def listed(self, *words):
        return json.loads(self.place.done("release", "list", "-f", "json", self.place.key, *words))

    def told(self, name):
        return sums_of(json.loads((self.place.work / "out" / name).read_text()))

    def test_text(self):
        month = time.strftime("%B %Y")
        text = self.place.done("release", "list", self.place.key)
        lines = re.sub(r"\n      +", " ", text).splitlines()
        self.assertEqual(3, len(lines), text)
        for number, (line, period, said) in enumerate(zip(lines, ("February 2017", "2017"), self.published), 1):
            shown, hidden = re.search(f"Release {number}: (\\d+) figures? shown, (\\d+) hidden", said).groups()
            self.assertEqual(f"   {number}  {period}; published in {month}, places: 1, threshold: 5, "
                             f"figures shown: {shown}, hidden: {hidden}", line)
        self.assertEqual("Releases: 2; records in use: 2 of 4,096.", lines[2])
        self.assertLess(max(map(len, text.splitlines())), 80)

    def test_danish(self):
        text = re.sub(r"\s+", " ", self.place.done("--lang", "da", "release", "list", self.place.key))
        self.assertRegex(text, "1 februar 2017; ")
        self.assertIn("poster i brug: 2 af 4.096.", text)
        self.assertNotRegex(text, "published|figures|Releases")

    def test_show(self):
        """The figures as they were published: what the file says, line by line."""
        told = self.told("tavs-2017-02.json")
        lines = self.place.done("release", "show", "1", self.place.key).splitlines()
        self.assertEqual([f"  February 2017, {words}: {'..' if told[key] is None else told[key]}" for words, key in (
            ("courses begun", ("all", "2017-02", "all", "all", "1")),
            ("conversations", ("all", "2017-02", "all", "all", "all")))], lines[2:])
        text = self.place.done("release", "show", "2", self.place.key)
        figures = re.findall(r"(?m)^  (\w.*): (\S+)$", text)
        self.assertEqual(["..." if count is None else str(count) for count in self.told("tavs-2017.json").values()],
                         ["..." if figure == ".." else figure.replace(",", "") for _words, figure in figures])
        self.assertEqual(len(figures), len({words for words, _figure in figures}))
        self.assertRegex(text, "(?m)^  2017, 2nd conversation: (600|\\.\\.)$")
        # Whatever is counted since.
        self.place.done("reopen", "2017-02", "--yes", self.place.key)
        self.place.done("log", "-m", "2017-02", "phone", "user")
        self.assertEqual(lines[2:], self.place.done("release", "show", "1", self.place.key).splitlines()[-2:])

    def test_show_what_is_not_there(self):
        for number in ("0", "3", "-1", "x", "99999"):
            self.assert_refused(self.place, WRONG_USE, f"there is no release {number}" if number != "-1" else "",
                                "release", "show", number, self.place.key)
        self.assert_refused(self.place, WRONG_USE, "something is missing", "release", "show", self.place.key)

    def test_record(self):
        record = self.listed()
        self.assertEqual({"format": "tavs", "version": 1, "kind": "releases", "records": 2, "records_most": 4096},
                         {name: record[name] for name in ("format", "version", "kind", "records", "records_most")})
        first, second = record["releases"]
        self.assertEqual((1, this_month(), [{"first": "2017-02", "last": "2017-02"}], 1, 5, 1, None),
                         tuple(first[name] for name in ("number", "month", "periods", "places", "threshold", "edition",
                                                        "corrects")))
        self.assertEqual((2, [{"first": "2017-01", "last": "2017-12"}]), (second["number"], second["periods"]))
        self.assertEqual(len(self.told("tavs-2017.json")), second["shown"] + second["hidden"])
        self.assertGreater(first["shown"], 0)
        # All of it is documented, and nothing else is.
        document = (ROOT / "docs/schema.md").read_text().split("## The list of releases")[1].split("\n## ")[0]
        for name in record.keys() | first.keys() | first["periods"][0].keys() | record["program"].keys():
            self.assertIn(f"`{name}`", document)
        self.assertEqual(set(re.findall(r"`([a-z_]+)`", document.split("|---|---|---|")[1])),
                         record.keys() | first.keys() | first["periods"][0].keys() | record["program"].keys())

    def test_to_a_file(self):
        self.place.done("release", "list", "-f", "json", "-o", "releases.json", self.place.key)
        self.assertEqual(self.listed(), json.loads((self.place.work / "releases.json").read_text()))
        result = self.place.tavs("release", "list", "-o", "releases.json", self.place.key)
        self.assert_complaint(result, WRONG_USE, "releases.json exists already")
        self.place.done("release", "list", "-F", "-o", "releases.json", self.place.key)
        self.assertIn("Releases: 2;", (self.place.work / "releases.json").read_text())

    def test_an_empty_ledger(self):
        self.place.init("--store", self.place.work / "new.mdb")
        self.assertEqual("Releases: 0; records in use: 0 of 4,096.\n",
                         self.place.done("release", "list", self.place.key, "--store", self.place.work / "new.mdb"))

    def test_what_is_refused(self):
        wrong = self.place.secret("wrong", "not the passphrase at all")
        self.assertEqual(WRONG_PASSPHRASE, self.place.tavs("release", "list", "-p", wrong).status)
        for words in (["release"], ["release", "remove", self.place.key], ["release", "list", "1", self.place.key],
                      ["release", "list", "-f", "csv", self.place.key]):
            with self.subTest(words):
                self.assertEqual(WRONG_USE, self.place.tavs(*words).status)

    def test_what_is_not_recorded(self):
        """A draft, exact figures, and what was published printed again."""
        before = self.place.store.read_bytes()
        for words in (["export", "2017", "-x"], ["report", "2017", "-x"], ["export", "2017-Q1"], ["report", "2017"],
                      ["report", "2017", "-T", "8"], ["publish", "--again", "2", "-o", "."], ["release", "show", "2"]):
            self.place.done(*words, self.place.key)
        self.place.done("release", "list", self.place.key)
        self.assertEqual(before, self.place.store.read_bytes())

    def test_no_machine_is_needed(self):
        """The leader reads and releases with a passphrase alone; the machine that counts has none."""
        leader = self.place.on("leader")
        leader.published("2017")
        self.assertEqual(3, len(self.listed()["releases"]))
        self.place.done("log", "phone", "user")
        self.assertEqual(3, len(self.listed()["releases"]))
        self.place.done("audit")

    def test_a_backup_has_it(self):
        self.place.done("backup", "copy.mdb")
        copied = self.listed("--store", self.place.work / "copy.mdb")
        self.assertEqual(self.listed(), copied)

    def test_no_day_no_name_nothing_hidden(self):
        """What is sealed, told by another reader: months, codes and sets, what was shown, and of the rest nothing."""
        with self.code.open() as code:
            result = subprocess.run([sys.executable, ROOT / "tests/second_reader.py", "--releases", "--recovery",
                                     self.place.store], stdin=code, capture_output=True, text=True, check=True)
        for release in json.loads(result.stdout):
            self.assertEqual({"number", "month", "corrects", "edition", "threshold", "places", "offers", "periods", "figures",
                              "unchanged"}, release.keys())
            self.assertTrue(release["unchanged"])
            self.assertEqual([[0b0010, 0b001]], release["offers"])  # phone, user
            self.assertEqual([{"places", "first", "last", "channels", "parties", "sessions", "shown", "value"}],
                             [key for key in {frozenset(figure) for figure in release["figures"]}])
            self.assertEqual({False}, {figure["shown"] for figure in release["figures"] if figure["value"] is None})
        self.assertEqual(list(self.told("tavs-2017.json").values()), [figure["value"] for figure in release["figures"]])

    def test_what_is_sealed_does_not_show(self):
        """Whatever is released, who has the file and no passphrase sees one record more, and else the same."""
        seen = []
        for words in (["2017-05", "2017"], ["2017-01..2017-06", "2017-12", "2017"], ["2017"]):
            self.setUp()
            self.place.published(*words, folder="else")
            self.assertEqual(3, len(self.listed()["releases"]))
            record = json.loads(self.place.done("audit", "-f", "json"))
            content = self.place.store.read_bytes()
            heads = [content[page:page + 16] for page in range(0, len(content), 4096)]
            seen.append((record["public"], record["account"], heads))
        self.assertEqual(seen[:1] * 3, seen)

    def test_the_audit_tells_of_it(self):
        text = self.place.done("audit")
        self.assertRegex(text, r"\n  release records     2 of 4,096, sealed\n")
        self.assertEqual("Passed: the file holds encrypted counts, sealed records of releases, keys and signatures, "
                         "and nothing else.", text.splitlines()[-1])
        text = self.place.done("audit", "--full", self.place.key)
        self.assertIn("\n  2 releases in the ledger: opened, every byte of them in order, the figures that\n"
                      "  they showed in them and of those that they hid nothing.\n", text)
        self.assertIn("counts within bounds, records of releases, keys", text.splitlines()[-1])
        record = json.loads(self.place.done("audit", "--full", "--wash", "-f", "json", self.place.key))
        self.assertEqual((2, 2), (record["public"]["releases"], record["full"]["releases"]))
        sizes = {part["class"]: part["bytes"] for part in record["account"]}
        self.assertEqual((48, 2 * 3960, 128),
                         tuple(sizes[f"release-{name}"] for name in ("nonce", "sealed", "signature")))

    def test_one_bit_of_a_record(self):
        """Whoever looks finds it: a reader, a backup, the audit."""
        sound = self.place.store.read_bytes()
        at = next(page + 16 for page in range(0, len(sound), 4096)
                  if sound[page + 10] == 4 and any(sound[page + 16 + RECORD_BYTES - 64:page + 4096]))
        for offset in (0, 24, 4000, 4016, RECORD_BYTES - 1):
            with self.subTest(offset):
                changed = bytearray(sound)
                changed[at + offset] ^= 1
                self.place.store.write_bytes(changed)
                for words in (["release", "list"], ["export", "2017-05"], ["publish", "2017-05", "-y", "-o", "."]):
                    result = self.place.tavs(*words, self.place.key)
                    self.assert_complaint(result, 3, "the reader's signature of release record [12] does not hold")
                self.assertEqual(3, self.place.tavs("backup", "copy.mdb").status)
                audit = self.place.tavs("audit")
                self.assertEqual(1, audit.status)
                self.assertIn("release record", audit.out)


if __name__ == "__main__":
    unittest.main()
