"""The main job on the cases: contacts logged through the program, the years' reports read back."""

import csv
import io
import json
import re
import shutil
import unittest
from collections import Counter

from place import DONE, MONTHS, PROGRAM, ROOT, Place, PlaceTest, fingerprint_of, without_sanitizer
from test_cases import PARTIES, count_year, read

YEARS = (2015, 2016, 2017, 2018)
CHANNELS = ("in-person", "phone")
HEADINGS = ("Channel", "Party", "Conversation", "Month")
NAMES = ("month", "channel", "party", "session")
MARK = "Internal: exact figures, not for publication"
DANISH_MARK = "Internt: nøjagtige tal, ikke til offentliggørelse"


def total(*years, **wanted):
    """What the cases say: one number a year, over the contacts that agree with `wanted`."""
    return [sum(count for key, count in read(year).items()
                if all(key[NAMES.index(name)] == value for name, value in wanted.items()))
            for year in years]


def text_tables(text):
    """caption -> label -> figures, of the text format: an underlined caption, then columns two spaces apart."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines[1:]) if line and set(line) == {"-"}]
    tables = {}
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        rows = tables[lines[start]] = {}
        for line in lines[start + 2:end]:
            label, *figures = [word.strip() for word in line.split("  ") if word] or [""]
            if label not in ("", *HEADINGS) and figures and all(figure.isdigit() for figure in figures):
                rows[label] = [int(figure) for figure in figures]
    return tables


def markdown_tables(text):
    """The same of the Markdown format."""
    tables = {}
    for line in text.splitlines():
        if line.startswith("## "):
            rows = tables[line[3:]] = {}
        elif line.startswith("| ") and not line.startswith("| ---"):
            label, *figures = [word.strip(" *") for word in line.strip("|").split("|")]
            if all(figure.isdigit() for figure in figures) and label not in HEADINGS:
                rows[label] = [int(figure) for figure in figures]
    return tables


@without_sanitizer
class Cases(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.init = cls.place.init("--channels", "in-person,phone")
        for (month, channel, party, session), count in read(2017).items():
            for _ in range(count):
                cls.place.done("log", "--month", month, channel, party, session)
        for year in set(YEARS) - {2017}:
            count_year(cls.place, year)
        cls.place.done("close", "2018-12", cls.place.key)

    def report(self, *words):
        return self.place.done("report", *words, "--exact", self.place.key)

    def json_tables(self, *words):
        """table code -> key -> figures"""
        report = json.loads(self.report(*words, "--format", "json"))
        self.assertEqual(("tavs", 1, "report", True), tuple(report[name] for name in
                                                            ("format", "version", "kind", "internal")))
        self.assertEqual([], report["notes"])
        return {table["code"]: {list(row["key"].values())[-1]: [figure["count"] for figure in row["figures"]]
                                for row in table["rows"]} for table in report["tables"]}

    def expected_of_2017(self):
        begun, all_in = total(2017, session=1)[0], total(2017)[0]
        self.assertEqual(73, begun)
        months = {name: total(2017, month=f"2017-{number:02}", session=1) +
                  total(2017, month=f"2017-{number:02}") for number, name in enumerate(MONTHS["en"], 1)}
        sessions = ("1st", "2nd", "3rd", "4th", "5th")
        return [{"In person": [40], "By telephone": [33], "Courses in all": [73]},
                {f"Conversations {how}": total(2017, channel=channel)
                 for channel, how in zip(CHANNELS, ("in person", "by telephone"))} |
                {"Conversations in all": [all_in]},
                {f"{party.capitalize()}s": total(2017, party=party, session=1) for party in PARTIES} |
                {"Courses in all": [73]},
                {f"{name} conversation": total(2017, session=number)
                 for number, name in enumerate(sessions, 1)},
                months | {"In all": [73, all_in]}]

    def test_report_of_2017_as_text(self):
        text = self.report("2017")
        self.assertEqual(self.expected_of_2017(), list(text_tables(text).values())[:5])
        self.assertIn(f"\n{MARK}\n", text)
        self.assertNotIn("mail", text.split())

    def test_report_of_2017_as_markdown(self):
        text = self.report("2017", "--format", "markdown")
        self.assertEqual(self.expected_of_2017(), list(markdown_tables(text).values())[:5])
        self.assertIn(f"**{MARK}**", text)

    def test_report_of_2017_as_json(self):
        tables = self.json_tables("2017")
        self.assertEqual({"in-person": [40], "phone": [33], "total": [73]}, tables["courses-by-channel"])
        self.assertEqual([list(table.values()) for table in self.expected_of_2017()],
                         [list(table.values()) for table in tables.values()])

    def test_report_in_danish(self):
        """Its first table is table 2 of the municipality's own report."""
        text = self.report("2017", "--lang", "da")
        self.assertRegex(text, "(?m)^Personlig henvendelse +40\nHenvendelser pr. telefon +33\n[ -]*\n"
                               "Henvendelser i alt +73$")
        self.assertIn(f"\n{DANISH_MARK}\n", text)
        english, danish = (json.loads(self.report("2017", "-f", "json", "--lang", language))
                           for language in ("en", "da"))
        self.assertEqual("da", danish["language"])
        self.assertEqual("Pårørende", danish["tables"][2]["rows"][1]["text"][0])
        for report in (english, danish):
            for table in report["tables"]:
                for row in table["rows"]:
                    del row["text"]
        self.assertEqual([table["rows"] for table in english["tables"]],
                         [table["rows"] for table in danish["tables"]])

    def test_four_years_side_by_side(self):
        tables = self.json_tables(*YEARS)
        self.assertEqual(
            {"courses-by-channel": {name: total(*YEARS, channel=name, session=1) for name in CHANNELS} |
             {"total": total(*YEARS, session=1)},
             "conversations-by-channel": {name: total(*YEARS, channel=name) for name in CHANNELS} |
             {"total": total(*YEARS)},
             "courses-by-party": {name: total(*YEARS, party=name, session=1) for name in PARTIES} |
             {"total": total(*YEARS, session=1)},
             "courses-by-session": {str(number): total(*YEARS, session=number) for number in range(1, 6)},
             "courses-by-month": {f"{number:02}": [total(year, month=f"{year}-{number:02}", session=1)[0]
                                                   for year in YEARS] for number in range(1, 13)} |
             {"total": total(*YEARS, session=1)}}, tables)
        text = text_tables(self.report(*YEARS))
        self.assertEqual(total(*YEARS, session=1), list(text.values())[0]["Courses in all"])
        self.assertEqual([list(table.values()) for table in tables.values()],
                         [list(table.values()) for table in list(text.values())[:5]])

    def test_report_is_as_the_readme_shows_it(self):
        examples = re.findall(r"(?m)^\$ tavs (report .*)\n((?:(?!```).*\n)*)", (ROOT / "README.md").read_text())
        self.assertTrue(examples)
        for copy in ("readme.mdb", "north.mdb"):  # what is released is remembered
            shutil.copy2(self.place.store, self.place.work / copy)
        south = self.place.on("south")
        south.store = self.place.work / "south.mdb"
        south.init("--channels", "phone,web")
        for channel, count in (("phone", 7), ("web", 1)):
            south.done("log", "--month", "2017-03", "--count", count, channel, "user")
        for command, shown in examples:
            words = [PROGRAM] if "--store" in command else [PROGRAM, "--store", "readme.mdb"]
            said = self.place.done(command=[*words, *command.split(), self.place.key])
            for part in shown.removesuffix("...\n").split("...\n"):
                self.assertIn(re.sub(r"(?m)^Passphrase of .*\n", "", part), said)

    def test_audit_has_nothing_to_say(self):
        self.assert_nothing_left_in_the_store(self.place)
        self.place.done("audit", "--full", self.place.key)

    def test_years_in_any_order_and_once(self):
        self.assertEqual(self.json_tables(2015, 2018), self.json_tables(2018, 2015, 2018))

    def test_years_apart_leave_out_those_between(self):
        self.assertEqual(total(2015, 2017, session=1), self.json_tables(2017, 2015)["courses-by-channel"]["total"])

    def test_export_as_csv_is_the_case_cell_by_cell(self):
        for year in YEARS:
            text = self.place.tavs("export", year, "--exact", self.place.key).out
            self.assertTrue(text.startswith("period,channel,party,session,count,status\r\n"))
            table = list(csv.DictReader(io.StringIO(text, newline="")))
            self.assertEqual(12 * len(CHANNELS) * len(PARTIES) * 5, len(table))
            self.assertEqual({"internal"}, {row["status"] for row in table})
            self.assertEqual(read(year), +Counter({
                (row["period"], row["channel"], row["party"], int(row["session"])): int(row["count"])
                for row in table}))

    def test_export_as_json_is_the_case_cell_by_cell(self):
        export = json.loads(self.place.done("export", "2015-01..2018-12", "--exact", "--format", "json",
                                            self.place.key))
        self.assertEqual(48 * len(CHANNELS) * len(PARTIES) * 5, len(export["rows"]))
        self.assertEqual(sum((read(year) for year in YEARS), Counter()), +Counter({
            (row["period"], row["channel"], row["party"], int(row["session"])): row["count"]
            for row in export["rows"]}))
        self.assertEqual({"channels": list(CHANNELS), "parties": list(PARTIES)}, export["offered"])
        self.assertEqual(fingerprint_of(self.init), export["places"][0]["fingerprint"])

    def test_periods(self):
        for period, months in (("2017-03", ["2017-03"]), ("2017-Q4", ["2017-10", "2017-11", "2017-12"]),
                               ("2016-12..2017-02", ["2016-12", "2017-01", "2017-02"])):
            self.assertEqual(sum((Counter({key: count for key, count in read(year).items() if key[0] in months})
                                  for year in YEARS), Counter()), self.place.counts(period))

    def test_show(self):
        text = self.place.done("show", "2017-03", "--by", "party", self.place.key)
        for party in (*PARTIES, "In all"):
            wanted = {} if party == "In all" else {"party": party}
            self.assertRegex(text, f"(?m)^{party} .* {total(2017, month='2017-03', **wanted)[0]}$")
        text = self.place.done("show", "2017", "--by", "channel,session", "--lang", "da", self.place.key)
        for number in range(1, 6):
            figure = total(2017, channel="phone", session=number)[0]
            self.assertRegex(text, f"(?m)^telefon +{number}. samtale +{figure}$")
        self.assertIn(DANISH_MARK, text)

    def test_a_year_without_contacts_has_zeros(self):
        self.assertEqual({"in-person": [0], "phone": [0], "total": [0]},
                         self.json_tables(2009)["courses-by-channel"])

    def test_output_to_a_file_is_what_goes_to_standard_output(self):
        for name, words in (("report.txt", ["report", "2017"]), ("report.md", ["report", "2017", "-f", "markdown"]),
                            ("report.html", ["report", "2017", "-f", "html"]),
                            ("export.csv", ["export", "2017"])):
            file = self.place.work / name
            result = self.place.tavs(*words, "--exact", "--output", name, self.place.key)
            self.assertEqual((DONE, ""), (result.status, result.out))
            self.assertEqual(self.place.done(*words, "-x", "-o", "-", self.place.key).encode(), file.read_bytes())
            self.assertEqual(0o600, file.stat().st_mode & 0o777)
            file.unlink()


if __name__ == "__main__":
    unittest.main()
