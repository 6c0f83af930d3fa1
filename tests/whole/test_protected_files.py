"""Protected files as the program writes them: what they say, what they don't, and what they give away together."""

import csv
import io
import json
import re
import unittest

import jsonschema

from office import DRAFT, FOUND, THRESHOLD, value_of
from place import DONE, Place, PlaceTest
from test_cases import count_year
from test_schema import SCHEMA, closed

REPORT = {"text": "txt", "markdown": "md", "html": "html", "xlsx": "xlsx", "json": "json", "csv": "csv"}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


class ProtectedFiles(PlaceTest):
    """The year and a quarter of it as they were published, called year.* and quarter.*"""

    @classmethod
    def setUpClass(cls):
        cls.place = place = Place.for_class(cls)
        place.init("--channels", "in-person,phone")
        count_year(place, 2017)
        place.done("close", "2017-12", place.key)
        cls.exact = place.counts("2017")
        for period, name in (("2017-Q1", "quarter"), ("2017", "year")):
            place.published(period, "-f", ",".join(REPORT))
            for ending in REPORT.values():
                (place.work / f"out/tavs-{period}.{ending}").rename(place.work / f"{name}.{ending}")
        place.done("export", "2017", "-f", "json", "-o", "draft.json", place.key)
        for name, words in (("excel.csv", ["--excel"]), ("tal.csv", ["--excel", "--lang", "da"])):
            place.done("publish", "--again", "2", "-o", "out", "-f", "csv", *words, place.key)
            (place.work / "out/tavs-2017.csv").rename(place.work / name)

    def read(self, name):
        return (self.place.work / name).read_text(encoding="utf-8-sig")

    def value(self, row):
        """What was counted of what a row adds up."""
        return value_of(self.exact, row["period"], row["channel"], row["party"], row["session"])

    def check(self, *names, status=DONE):
        result = self.place.tavs("check-release", "--format", "json", *names)
        self.assertEqual((status, ""), (result.status, result.err))
        return json.loads(result.out)

    def edited(self, name, rows):
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, ["period", "channel", "party", "session", "count", "status"])
        writer.writeheader()
        writer.writerows(rows)
        (self.place.work / name).write_text(text.getvalue(), newline="")
        return name

    # ---- what they give away ----

    def test_nothing_is_narrowed(self):
        for names in (["quarter.csv"], ["quarter.json"], ["year.json"], ["year.csv", "quarter.json"],
                      ["quarter.csv", "year.json", "quarter.json"]):
            with self.subTest(names):
                self.assertEqual("kept", self.check(*names)["verdict"])

    def test_the_rest_of_a_hidden_figure(self):
        """Somebody publishes both parts of what was hidden: it is their sum."""
        hidden = next(row for row in rows_of(self.read("year.csv"))
                      if row["status"] == "hidden" and (row["channel"], row["session"]) == ("all", "1") and
                      self.value(row) < THRESHOLD)
        parts = [hidden | {"channel": channel, "status": "shown"} for channel in ("in-person", "phone")]
        for part in parts:
            part["count"] = self.value(part)
        doctored = self.edited("rest.csv", parts)
        narrowed = self.check("year.json", "quarter.csv", doctored, status=FOUND)["narrowed"]
        self.assertIn((hidden["period"], self.value(hidden), self.value(hidden)),
                      [(found["period"], found["least"], found["most"]) for found in narrowed])

    def test_what_protects_is_needed(self):
        """All that are hidden without being small are shown, with what was counted: others are narrowed."""
        rows = rows_of(self.read("year.csv"))
        shown = [row | {"count": self.value(row), "status": "shown"}
                 if row["status"] == "hidden" and self.value(row) >= THRESHOLD else row for row in rows]
        self.assertNotEqual(rows, shown)
        self.assertTrue(self.check(self.edited("shown.csv", shown), status=FOUND)["narrowed"])

    # ---- what they say ----

    def test_json_is_as_described(self):
        for schema in (SCHEMA, closed(SCHEMA)):
            validator = jsonschema.Draft202012Validator(schema)
            for name, mark in (("year.json", None), ("quarter.json", None), ("draft.json", DRAFT)):
                record = json.loads(self.read(name))
                self.assertEqual([], [fault.message[:300] for fault in validator.iter_errors(record)], name)
                self.assertEqual((False, THRESHOLD, mark), (record["internal"], record["threshold"], record["mark"]))

    def test_json_that_is_wrong(self):
        validator = jsonschema.Draft202012Validator(SCHEMA)
        report, export = (json.loads(self.read(name)) for name in ("year.json", "draft.json"))
        hidden = next(number for number, row in enumerate(export["rows"]) if row["status"] == "hidden")
        for right, *where, value in (
                (report, "threshold", None), (report, "mark", "Internal"), (report, "date", "2018-02-01"),
                (report, "sums", []), (report, "sums", 0, "period", "2017-Q5"),
                (report, "sums", 0, "channel", "mail+phone+in-person"),
                (export, "rows", hidden, "count", 3), (export, "rows", hidden, "status", "primary"),
                (export, "rows", hidden, "symbol", "x"), (export, "sums", []), (export, "threshold", 2)):
            with self.subTest(where=where, value=value):
                wrong = json.loads(json.dumps(right))
                part = wrong
                for step in where[:-1]:
                    part = part[step]
                part[where[-1]] = value
                self.assertNotEqual([], list(validator.iter_errors(wrong)))
        self.assertNotEqual([], list(validator.iter_errors({key: report[key] for key in report if key != "sums"})))

    def test_a_hidden_figure_is_not_there(self):
        for name in ("year.json", "draft.json", "quarter.json"):
            record = json.loads(self.read(name))
            sums = record["rows"] if record["kind"] == "export" else record["sums"]
            shown = "draft" if name == "draft.json" else "shown"
            self.assertEqual({shown, "hidden"} - ({"hidden"} if name.startswith("quarter") else set()),
                             {row["status"] for row in sums} - ({"hidden"} if name.startswith("quarter") else set()))
            for row in sums:
                self.assertEqual(row["status"] == "hidden", row["count"] is None)
                self.assertIn(row["count"], (None, self.value(row)))
            if name != "draft.json":
                self.assertEqual(sums, [row | {"count": None if row["count"] == ".." else int(row["count"])} |
                                        ({"symbol": ".."} if row["count"] == ".." else {})
                                        for row in rows_of(self.read(name.replace("json", "csv")))])

    def test_nobody_is_told_why(self):
        for name in ("year.txt", "year.md", "year.html", "year.json", "quarter.csv", "quarter.json", "draft.json",
                     "excel.csv"):
            self.assertIsNone(re.search("primary|secondary|give.up", self.read(name)), name)

    def test_csv_for_excel(self):
        for name, status, word in (("excel.csv", "Status", "hidden"), ("tal.csv", "Status", "skjult")):
            self.assertTrue((self.place.work / name).read_bytes().startswith(b"\xef\xbb\xbf"))
            rows = list(csv.DictReader(io.StringIO(self.read(name)), delimiter=";"))
            count = list(rows[0])[-2]
            self.assertIn({"excel.csv": "all", "tal.csv": "alle"}[name], {list(row.values())[1] for row in rows})
            self.assertNotIn("in-person" if name == "tal.csv" else "personlig", {list(row.values())[1] for row in rows})
            self.assertEqual({".."}, {row[count] for row in rows if row[status] == word})
            self.assertEqual([row["count"] for row in rows_of(self.read("year.csv"))], [row[count] for row in rows])

    def test_the_legend(self):
        for name in ("year.txt", "year.md", "year.html"):
            self.assertIn(".. under 5, or hidden to protect such figures", self.read(name), name)
            self.assertRegex(self.read(name), "beyond the totals and the\\s+channels of a year one in 16 by lot")

    def test_scan_has_nothing_against_them(self):
        names = [*(f"{name}.{ending}" for name in ("year", "quarter") for ending in REPORT.values()), "excel.csv",
                 "tal.csv"]
        result = self.place.tavs("scan", *names)
        self.assertEqual(DONE, result.status, result.out)


if __name__ == "__main__":
    unittest.main()
