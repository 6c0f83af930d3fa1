"""The cases in tools/cases are what they say they are."""

import unittest
from collections import Counter
from pathlib import Path

CASES = Path(__file__).resolve().parents[2] / "tools/cases"
PARTIES = ("user", "relative", "professional")


def read(year):
    """(month, channel, party, session) -> count"""
    contacts = Counter()
    for line in (CASES / f"{year}.tsv").read_text().splitlines():
        if not line.startswith("#"):
            month, channel, party, session, count = line.split("\t")
            contacts[month, channel, party, int(session)] += int(count)
    return contacts


def count_year(place, year):
    """Counts all contacts of a year at a place, from a table that is not left there."""
    place.import_rows((*contact, count) for contact, count in read(year).items())


class Cases(unittest.TestCase):
    def test_published_figures_of_2017(self):
        begun = Counter()
        for (_month, channel, _party, session), count in read(2017).items():
            if session == 1:
                begun[channel] += count
        self.assertEqual({"in-person": 40, "phone": 33}, begun)

    def test_spread_of_2017(self):
        contacts = read(2017)
        begun = {party: sum(count for (_m, _c, whose, session), count in contacts.items()
                            if whose == party and session == 1) for party in PARTIES}
        self.assertGreater(begun["relative"], 73 / 2)
        self.assertEqual({f"2017-{month:02}" for month in range(1, 13)},
                         {key[0] for key in contacts if key[3] == 1})

    def test_lines(self):
        for year in range(2015, 2019):
            for (month, channel, party, session), count in read(year).items():
                self.assertRegex(month, f"^{year}-(0[1-9]|1[0-2])$")
                self.assertIn(channel, ("in-person", "phone"))
                self.assertIn(party, PARTIES)
                self.assertIn(session, range(1, 6))
                self.assertGreater(count, 0)

    def test_no_more_later_conversations_than_earlier_ones(self):
        for year in range(2015, 2019):
            contacts = read(year)
            for party in PARTIES:
                so_far = Counter()
                for month in range(1, 13):
                    for (when, _channel, whose, session), count in contacts.items():
                        if whose == party and when == f"{year}-{month:02}":
                            so_far[session] += count
                    for session in range(1, 5):
                        self.assertLessEqual(so_far[session + 1], so_far[session], (year, month, party))

    def test_years_differ(self):
        totals = [sum(count for key, count in read(year).items() if key[3] == 1)
                  for year in range(2015, 2019)]
        self.assertTrue(all(abs(a - b) >= 10 for a, b in zip(totals, totals[1:])), totals)

    def test_invented_figures_are_said_to_be(self):
        for year in range(2015, 2019):
            header = [line for line in (CASES / f"{year}.tsv").read_text().splitlines()
                      if line.startswith("#")]
            self.assertIn("nvented", " ".join(header))
