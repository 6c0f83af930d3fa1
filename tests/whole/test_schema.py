"""docs/report.schema.json describes the JSON that is written: all of it, and not what is wrong."""

import copy
import json
import unittest

import jsonschema

from place import ROOT, Place, PlaceTest
from test_places import stores

SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text())


def closed(schema):
    """The schema that allows no members but those it describes."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    own = {name: part if name in ("const", "enum", "required") else closed(part) for name, part in schema.items()}
    if schema.get("type") == "object":
        own["unevaluatedProperties"] = False
    return own


class Schema(PlaceTest):
    @classmethod
    def setUpClass(cls):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        cls.validator = jsonschema.Draft202012Validator(SCHEMA)
        cls.strict = jsonschema.Draft202012Validator(closed(SCHEMA))

    def assert_described(self, record):
        for validator in (self.validator, self.strict):
            for fault in validator.iter_errors(record):
                self.fail(f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}")

    def test_golden_records(self):
        files = list((ROOT / "tests/golden").glob("*.json"))
        self.assertGreater(len(files), 6)
        for file in files:
            with self.subTest(file.name):
                self.assert_described(json.loads(file.read_text()))

    def test_what_the_program_writes(self):
        place = Place.for_class(type(self))
        place.init("--channels", "phone,web")
        other = place.work / "other.mdb"
        place.init(*stores(other))
        for store in (place.store, other):
            for month in ("2016-11", "2017-03"):
                place.done("log", "-m", month, "-n", "33", "phone", "relative", *stores(store))
            place.done("retract", "-m", "2017-03", "mail", "user", "2", *stores(store))
        for language, several in ("da", []), ("en", stores(place.store, other)):
            for words in (["report", "2017"], ["report", "2016", "2017"], ["export", "2017-Q1"]):
                with self.subTest(words=words, several=several):
                    self.assert_described(json.loads(place.done(
                        "--lang", language, *words, "-x", "-f", "json", place.key, *several)))

    def assert_only(self, record, status):
        """The status of a figure, as in the csv; with another one the record is not described."""
        figures = [*record.get("rows", ()), *record.get("sums", ()),
                   *(figure for table in record.get("tables", ()) for row in table["rows"] for figure in row["figures"])]
        self.assertEqual({status}, {figure["status"] for figure in figures} - {"hidden", "not-offered"})
        for figure in (next(figure for figure in figures[start:] if figure["count"] is not None)
                       for start in {0, len(record.get("sums", ()))}):
            for other in {"shown", "corrected", "draft", "internal"} - {status}:
                figure["status"] = other
                self.assertNotEqual([], list(self.validator.iter_errors(record)), other)
            figure["status"] = status

    def publish(self, place, *words):
        """The one file that a release writes."""
        place.done("publish", *words, "-f", "json", "-o", place.work, "--yes", place.key)
        [file] = place.work.glob("*.json")
        text = file.read_text()
        file.unlink()
        return json.loads(text)

    def test_drafts_releases_and_corrected_editions(self):
        place = Place.for_test(self)
        place.init("--channels", "phone,web")
        for month, channel, party, count in (("2016-11", "phone", "relative", 33), ("2016-11", "web", "user", 20),
                                             ("2017-03", "phone", "relative", 40), ("2017-04", "web", "user", 30)):
            place.done("log", "-m", month, "-n", count, channel, party)
        place.done("close", "2017-12", place.key)
        for number, words in enumerate((["2017"], ["2016", "2017"], ["2017-Q1"], ["2017-03"], ["2017-03..2017-11"]), 1):
            with self.subTest(words=words):
                record = self.publish(place, *words)
                self.assert_described(record)
                self.assertEqual((number, 1, None, False),
                                 tuple(record[name] for name in ("release", "edition", "corrects", "draft")))
                self.assert_only(record, "shown")
        for words in (["report", "2017"], ["report", "2016", "2017"], ["export", "2017-Q1"], ["export", "2017-03..2017-05"]):
            with self.subTest(words=words):
                record = json.loads(place.done(*words, "-f", "json", place.key))
                self.assert_described(record)
                self.assertEqual((True, None), (record["draft"], record["release"]))
                self.assert_only(record, "draft")
        place.done("reopen", "2017-03", "--yes", place.key)
        place.done("log", "-m", "2017-03", "-n", 3, "phone", "relative")
        place.done("close", "2017-12", place.key)
        place.done("publish", "--correct", "-f", "json", "-o", place.work, "--yes", place.key)
        files = [json.loads(file.read_text()) for file in place.work.glob("*.json")]
        self.assertGreater(len(files), 1)
        for record in files:
            self.assert_described(record)
            self.assertEqual(2, record["edition"])
            self.assertIn(record["corrects"], range(1, 6))
            self.assert_only(record, "corrected")

    def test_what_is_wrong(self):
        report, export, places = (json.loads((ROOT / "tests/golden" / name).read_text()) for name in (
            "report-2017.en.json", "export.en.json", "places-2017.en.json"))
        figure = ("tables", 0, "rows", 0, "figures", 0)
        for right, *where, value in (
                (report, "kind", "export"), (report, "version", 2), (report, "mark", None),
                (report, "internal", False), (report, "threshold", 5), (report, "draft", False), (report, "release", 3),
                (report, "program", None), (report, "date", "2018-02-01T12:00"),
                (report, "definitions", []),
                (report, "periods", 0, "last", "2017-13"), (report, "places", 0, "name", "somewhere"),
                (report, *figure, "count", None), (report, *figure, "status", "hidden"),
                (report, *figure, "status", "shown"), (report, *figure, "status", "draft"),
                (export, "rows", 0, "status", "shown"), (report, *figure, "symbol", ".."), (report, *figure, "count", 4.5),
                (report, "tables", 0, "rows", 0, "key", "channel", "fax"),
                (places, "places", 1, "name", None), (places, "notes", 0, "session", 3),
                (export, "rows", 0, "period", "2017"), (export, "rows", 0, "session", "6"),
                (export, "rows", 0, "count", "3"), (export, "places", 0, "offered", "parties", ["client"])):
            with self.subTest(where=where, value=value):
                wrong = copy.deepcopy(right)
                self.assertEqual([], list(self.validator.iter_errors(wrong)))
                part = wrong
                for step in where[:-1]:
                    part = part[step]
                part[where[-1]] = value
                self.assertNotEqual([], list(self.validator.iter_errors(wrong)))

    def test_nothing_is_missing(self):
        for name in ("report-2017.en.json", "export.en.json"):
            right = json.loads((ROOT / "tests/golden" / name).read_text())
            for member in right:
                wrong = {key: value for key, value in right.items() if key != member}
                self.assertNotEqual([], list(self.validator.iter_errors(wrong)), member)
            wrong = right | {"something": "else"}
            self.assertEqual([], list(self.validator.iter_errors(wrong)))
            self.assertNotEqual([], list(self.strict.iter_errors(wrong)))


if __name__ == "__main__":
    unittest.main()
