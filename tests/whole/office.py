"""A place with counts to publish: made once for a class of tests, copied for each of them."""

import json
import shutil

from place import Place, PlaceTest, months_of
from test_cases import count_year

THRESHOLD = 5
FOUND = 1  # exit status of a check that failed, and of nothing to publish
DRAFT = "Draft, not published"
REPORT_FORMATS = ("text", "markdown", "html", "xlsx", "json")
EXPORT_FORMATS = ("csv", "json", "xlsx")


def sums_of(record):
    """What a release tells: (place, period, channel, party, session) -> count, None for what is hidden."""
    keys = ("place", "period", "channel", "party", "session")
    rows = record["sums"] if "sums" in record else record["rows"]
    return {tuple(row.get(key, "all") for key in keys): row["count"] for row in rows}


def value_of(exact, period, *wanted):
    """What the exact counts (Place.counts) of a figure add up to; "all", or what stands in a row of data."""
    first, last = months_of(period)
    return sum(count for (month, *contact), count in exact.items()
               if first <= month <= last and all(code == "all" or str(part) in code.split("+")
                                                 for part, code in zip(contact, wanted)))


class OfficeTest(PlaceTest):
    """Table 2's year 2017, all of it closed, and nothing published. A class may prepare another place."""

    @classmethod
    def prepare(cls, place):
        place.init("--channels", "in-person,phone")
        count_year(place, 2017)
        place.done("close", "2017-12", place.key)

    @classmethod
    def setUpClass(cls):
        cls.kept = Place.for_class(cls)
        cls.prepare(cls.kept)

    def setUp(self):
        self.place = Place.for_test(self)
        for name in ("work", "state"):
            shutil.rmtree(self.place.folder / name)
            shutil.copytree(self.kept.folder / name, self.place.folder / name)

    def told(self, period, *words, folder="told"):
        """Publishes it and gives what the file tells."""
        self.place.published(period, "-f", "json", *words, folder=folder)
        return self.read(folder)

    def read(self, folder):
        [file] = (self.place.work / folder).glob("*.json")
        return sums_of(json.loads(file.read_text()))

    def files(self, folder="out"):
        """Name -> content of what is in a folder beside the store."""
        return {file.name: file.read_bytes() for file in (self.place.work / folder).iterdir()}

    def again(self, number, folder="again", *words):
        (self.place.work / folder).mkdir(exist_ok=True)
        self.assertEqual("", self.place.done("publish", "--again", number, "-o", folder, *words, self.place.key))
        return self.files(folder)

    def count_again(self, *words, command="log"):
        """Opens what is closed, counts, and closes it again."""
        month = words[words.index("-m") + 1]
        self.place.done("reopen", month, "--yes", self.place.key)
        self.place.done(command, *words)
        self.place.done("close", "2017-12", self.place.key)

    def assert_not_published(self, status, message, *words, hint=None, **more):
        """Nothing is recorded, and there is no file."""
        before = self.place.store.read_bytes()
        result = self.place.publish(*words, **more)
        self.assert_complaint(result, status, message, hint)
        self.assertEqual(before, self.place.store.read_bytes())
        self.assertEqual({}, self.files(more.get("folder", "out")))
        return result
