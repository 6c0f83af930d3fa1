"""The main job on the cases: contacts logged through the program, the year's report read back."""

import csv
import io
import json
import os
import subprocess
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from test_cases import PARTIES, read

YEARS = (2015, 2016, 2017, 2018)
CHANNELS = ("in-person", "phone")


class Case2017(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.home = Path(folder.name)
        cls.passphrase = cls.home / "passphrase"
        cls.passphrase.write_text("a passphrase only for tests\n")
        cls.passphrase.chmod(0o600)
        cls.tavs("init", "--channels", "in-person,phone", "--kdf", "interactive", cls.key())
        for (month, channel, party, session), count in read(2017).items():
            for _ in range(count):
                cls.tavs("log", "--month", month, channel, party, str(session))
        for year in set(YEARS) - {2017}:
            for (month, channel, party, session), count in read(year).items():
                cls.tavs("log", "--month", month, "--count", str(count), channel, party, str(session))

    @classmethod
    def key(cls):
        return f"--passphrase-file={cls.passphrase}"

    @classmethod
    def tavs(cls, *words):
        env = os.environ | {"HOME": str(cls.home), "XDG_STATE_HOME": str(cls.home / "state")}
        result = subprocess.run([os.environ["TAVS_PROGRAM"], "--store", str(cls.home / "tavs.mdb"), *words],
                                env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode:
            raise AssertionError(f"tavs {' '.join(words)}: {result.returncode}\n{result.stderr}")
        return result.stdout

    def rows(self, table):
        """The last word of a row's key -> its figures."""
        return {list(row["key"].values())[-1]: [figure["count"] for figure in row["figures"]]
                for row in table["rows"]}

    def total(self, **wanted):
        """What the cases say: one number a year, over the contacts that agree with `wanted`."""
        names = ("month", "channel", "party", "session")
        return [sum(count for key, count in read(year).items()
                    if all(key[names.index(name)] == value for name, value in wanted.items()))
                for year in YEARS]

    def test_annual_report_of_2017(self):
        text = self.tavs("report", "2017", "--exact", self.key())
        rows = [tuple(line.split()) for line in text.splitlines()]
        first = rows.index(("Channel", "2017"))
        self.assertEqual([("in-person", "40"), ("phone", "33")], rows[first + 2:first + 4])
        self.assertEqual(("In", "all", "73"), rows[first + 5])
        self.assertNotIn("mail", text.split())
        self.assertIn("Internal", text)

    def test_four_years_side_by_side(self):
        report = json.loads(self.tavs("report", *map(str, YEARS), "--exact", "--format", "json", self.key()))
        tables = {table["code"]: self.rows(table) for table in report["tables"]}
        self.assertEqual({"in-person": self.total(channel="in-person", session=1),
                          "phone": self.total(channel="phone", session=1),
                          "total": self.total(session=1)}, tables["courses-by-channel"])
        self.assertEqual({"in-person": self.total(channel="in-person"),
                          "phone": self.total(channel="phone"),
                          "total": self.total()}, tables["conversations-by-channel"])
        self.assertEqual({party: self.total(party=party, session=1) for party in PARTIES} |
                         {"total": self.total(session=1)}, tables["courses-by-party"])
        self.assertEqual([self.total(session=session) for session in range(1, 6)],
                         list(tables["courses-by-session"].values()))
        self.assertEqual([], report["notes"])

    def test_export_is_the_case(self):
        table = csv.DictReader(io.StringIO(self.tavs("export", "2017", "--exact", self.key())))
        counts = Counter()
        for row in table:
            key = row["period"], row["channel"], row["party"], int(row["session"])
            counts[key] += int(row["count"])
        self.assertEqual(12 * len(CHANNELS) * len(PARTIES) * 5, len(counts))
        self.assertEqual(read(2017), +counts)
