"""tavs check-release: what published files give away together, and what is no such file."""

import itertools
import json
import re
import unittest

from place import DONE, ROOT, SYSTEM, WRONG_USE, Place, PlaceTest, without_sanitizer
from shims import compile_shim

FOUND = 1
HEADINGS = "period,channel,party,session,count,status"
KEPT = "kept: no hidden figure is narrowed"
NARROWED = "refused: hidden figures can be computed, or nearly so"
CONTRADICTORY = "refused: the files contradict each other"
PUBLISHED = ROOT / "tests/published"

# The 2017 case with two contacts by mail: only what is joined keeps them.
EXPOSED = ("2017,in-person,all,1,40,shown", "2017,phone,all,1,33,shown", "2017,mail,all,1,..,hidden",
           "2017,all,all,1,75,shown")
JOINED = ("2017,in-person,all,1,40,shown", "2017,phone+mail+web,all,1,35,shown", "2017,all,all,1,75,shown")


def csv_file(*rows, headings=HEADINGS):
    return "\r\n".join([headings, *rows, ""])


def records(*rows, headings=HEADINGS):
    """The same as json has them."""
    names = headings.split(",")
    for row in rows:
        record = dict(zip(names, row.split(",")))
        yield record | {"count": None if record["count"] == ".." else int(record["count"])}


def json_file(*rows, kind="export", headings=HEADINGS, places=((None, "abcd"),), threshold=5, change=lambda top: None):
    offered = {"channels": ["in-person", "phone", "mail", "web"], "parties": ["user", "relative", "professional"]}
    top = {"format": "tavs", "version": 1, "kind": kind, "internal": False, "threshold": threshold, "what": ["ever"],
           "offered": offered, "places": [{"name": name, "fingerprint": print_, "offered": offered}
                                          for name, print_ in places],
           "sums" if kind == "report" else "rows": list(records(*rows, headings=headings))}
    change(top)
    return json.dumps(top)


class CheckRelease(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)

    def file(self, name, text):
        (self.place.work / name).write_text(text, encoding="utf-8", newline="")
        return name

    def check(self, *words, **more):
        return self.place.tavs("check-release", *words, **more)

    def record(self, status, *words):
        result = self.check("--format", "json", *words)
        self.assertEqual((status, ""), (result.status, result.err))
        return json.loads(result.out)

    def found(self, *words):
        """(least, most) -> how often, of what is narrowed."""
        return sorted((one["least"], one["most"]) for one in self.record(FOUND, *words)["narrowed"])


class Attack(CheckRelease):
    def test_a_hidden_cell_that_its_margin_gives_away(self):
        for name, text in (("a.csv", csv_file(*EXPOSED)), ("a.json", json_file(*EXPOSED)),
                           ("r.json", json_file(*EXPOSED, kind="report"))):
            with self.subTest(name):
                result = self.check(self.file(name, text))
                exact = "0 to 2" if name.endswith("json") else "exactly 2"  # json says that there is a web page
                web = ["  2017, web, all parties, 1st conversation: 0 to 2", "    not printed in any file"]
                self.assertEqual((FOUND, ""), (result.status, result.err))
                self.assertEqual([
                    "Files: 1, figures shown: 3, hidden: 1, threshold: 5",
                    "Hidden figures that are narrowed; 0 to 4 should be possible:",
                    f"  2017, mail, all parties, 1st conversation: {exact}", f"    {name}",
                    *(web if name.endswith("json") else []), NARROWED], result.out.splitlines())

    def test_a_library_that_ends_the_process_has_found_nothing(self):
        """Its exit status would be 1."""
        result = self.check(self.file("a.csv", csv_file(*EXPOSED)),
                            env={"LD_PRELOAD": self.place.preloading(compile_shim("exit_shim"))})
        self.assertEqual((SYSTEM, "", "tavs: a library gave up, mostly for want of memory\n"),
                         (result.status, result.out, result.err))

    @without_sanitizer  # where memory is not limited
    def test_memory_has_a_limit(self):
        """Two thousand sums, each of all but three of sixty places."""
        names = [f"{number:02}" for number in range(60)]
        rows = ("+".join(name for name in names if name not in without) + ",2017,all,all,all,40000,shown"
                for without in itertools.islice(itertools.combinations(names, 3), 2000))
        result = self.check(self.file("large.csv", csv_file(*rows, headings=f"place,{HEADINGS}")))
        self.assertEqual((SYSTEM, ""), (result.status, result.out))
        self.assertIn("within ten minutes of work and 256 MiB of memory what the files give away together", result.err)

    def test_a_release_that_keeps_its_figures(self):
        for name, text in (("b.csv", csv_file(*JOINED)), ("b.json", json_file(*JOINED))):
            result = self.check(self.file(name, text))
            self.assertEqual((DONE, f"Files: 1, figures shown: 3, hidden: 0, threshold: 5\n{KEPT}\n", ""), result)

    def test_two_hidden_figures_that_keep_each_other(self):
        name = self.file("two.csv", csv_file("2017,phone,all,1,33,shown", "2017,mail,all,1,..,hidden",
                                             "2017,web,all,1,..,hidden", "2017,all,all,1,50,shown"))
        self.assertEqual(("kept", 2), (self.record(DONE, name)["verdict"], self.record(DONE, name)["hidden"]))

    def test_files_that_are_safe_each_but_not_together(self):
        """Two quarters hide who called; the half-year shows how many relatives: 0 to 1 in each."""
        one, two = (self.file(f"q{number}.csv", csv_file(*(
            f"2017-Q{number},all,user,1,20,shown", f"2017-Q{number},all,relative,1,..,hidden",
            f"2017-Q{number},all,professional,1,..,hidden", f"2017-Q{number},all,all,1,29,shown")))
            for number in (1, 2))
        half = self.file("half.csv", csv_file("2017-01..2017-06,all,relative,1,1,shown",
                                              "2017-01..2017-06,all,professional,1,17,shown"))
        for name in (one, two, half):
            self.assertEqual(DONE, self.check(name).status, name)
        self.assertEqual(DONE, self.check(one, two).status)
        record = self.record(FOUND, one, half, two)
        self.assertEqual([("2017-Q1", ["relative"], 0, 1, [one]), ("2017-Q2", ["relative"], 0, 1, [two])], sorted(
            (found["period"], found["parties"], found["least"], found["most"], found["files"])
            for found in record["narrowed"]))

    def test_a_figure_hidden_in_one_file_and_shown_in_another(self):
        hidden = self.file("hidden.csv", csv_file("2017,mail,all,1,..,hidden", "2017,web,all,1,..,hidden"))
        shown = self.file("shown.csv", csv_file("2017,mail,all,1,3,shown"))
        [found] = self.record(FOUND, hidden, shown)["narrowed"]
        self.assertEqual((3, 3, [hidden, shown]), (found["least"], found["most"], found["files"]))

    def test_a_large_figure_that_is_hidden_is_not_narrowed(self):
        """It was hidden for another's sake. Shown or not, it is not small."""
        name = self.file("large.csv", csv_file("2017,phone,all,1,..,hidden", "2017,mail,all,1,33,shown",
                                               "2017,all,all,1,50,shown"))
        self.assertEqual((DONE, KEPT), (self.check(name).status, self.check(name).out.splitlines()[-1]))

    def test_figures_that_may_be_small_are_counted(self):
        name = self.file("doubt.csv", csv_file("2017,phone,all,1,..,hidden", "2017,mail,all,1,..,hidden",
                                               "2017,all,all,1,50,shown", "2017-Q1,phone,all,1,3,shown"))
        result = self.check(name)
        self.assertEqual(DONE, result.status)
        self.assertIn("Hidden, and perhaps not small: 1.", result.out)

    def test_contradictory_files(self):
        other = csv_file(*(row.replace("35", "36") for row in JOINED))
        names = (self.file("b.csv", csv_file(*JOINED[:2])),
                 self.file("c.csv", csv_file(JOINED[2].replace("75", "76"), *JOINED[:2])))
        result = self.check(*names)
        self.assertEqual((FOUND, CONTRADICTORY), (result.status, result.out.splitlines()[-1]))
        self.assertIn("No counts agree with all that is shown", result.out)
        self.assertEqual("contradictory", self.record(FOUND, self.file("d.csv", other))["verdict"])


class Thresholds(CheckRelease):
    TABLE = ("2017,phone,all,1,33,shown", "2017,mail,all,1,..,hidden", "2017,web,all,1,..,hidden",
             "2017,all,all,1,38,shown")

    def test_option(self):
        name = self.file("t.csv", csv_file(*self.TABLE))
        self.assertEqual(DONE, self.check(name).status)  # 0 to 5 each
        self.assertEqual(FOUND, self.check(name, "--threshold", "7").status)
        for value in ("2", "21", "x", ""):
            self.assert_refused(self.place, WRONG_USE, f"'--threshold {value}' is not possible", "check-release", name,
                                "--threshold", value)

    def test_the_largest_of_the_files_holds(self):
        three, seven = (self.file(f"{number}.json", json_file(*self.TABLE, threshold=number)) for number in (3, 7))
        self.assertEqual((DONE, 3), (self.check(three).status, self.record(DONE, three)["threshold"]))
        result = self.check(three, seven)
        self.assertEqual(FOUND, result.status)
        self.assertIn("threshold: 7\nThe files have different thresholds: the largest holds.\n", result.out)
        self.assertNotIn("different", self.check(seven).out)


class Places(CheckRelease):
    SEVERAL = f"place,{HEADINGS}"

    def test_places_of_csv_are_known_by_their_names(self):
        rows = ("north,2017,phone,all,1,..,hidden", "south,2017,phone,all,1,20,shown", "all,2017,phone,all,1,22,shown")
        name = self.file("p.csv", csv_file(*rows, headings=self.SEVERAL))
        result = self.check(name)
        self.assertEqual(FOUND, result.status)
        self.assertIn("  north: 2017, phone, all parties, 1st conversation: exactly 2\n", result.out)
        one = self.file("p1.csv", csv_file(rows[0], headings=self.SEVERAL))
        two = self.file("p2.csv", csv_file(rows[1], "north+south,2017,phone,all,1,22,shown", headings=self.SEVERAL))
        self.assertEqual([(2, 2)], self.found(one, two))

    def test_places_of_json_are_known_by_their_fingerprints(self):
        def name(label, places, *rows):
            return self.file(label,
                             json_file(*rows, places=places, headings=self.SEVERAL if len(places) > 1 else HEADINGS))
        both = name("both.json", (("a+b", "1111"), ("all", "2222")), "a+b,2017,phone,all,1,..,hidden",
                    "all,2017,phone,all,1,20,shown")
        total = name("total.json", (("x", "2222"), ("y", "1111")), "x+y,2017,phone,all,1,21,shown")
        self.assertEqual([(1, 1)], self.found(both, total))
        other = name("other.json", (("all", "3333"), ("a+b", "1111")), "all,2017,phone,all,1,20,shown",
                     "all+a+b,2017,phone,all,1,21,shown")
        self.assertEqual(WRONG_USE, self.check(both, other).status)  # "all+a+b" is nobody's name
        alone = name("alone.json", ((None, "4444"),), "2017,phone,all,1,3,shown")
        self.assertEqual(DONE, self.check(both, alone).status)

    def test_a_csv_file_of_the_only_place(self):
        hidden = self.file("hidden.csv", csv_file("2017,mail,all,1,..,hidden"))
        shown = self.file("shown.json", json_file("2017,mail,all,1,3,shown"))
        self.assertEqual([(3, 3)], self.found(hidden, shown))
        two = self.file("two.json", json_file("n,2017,mail,all,1,3,shown", headings=self.SEVERAL,
                                              places=(("n", "1"), ("s", "2"))))
        self.assertEqual(DONE, self.check(hidden, two).status)

    def test_too_many(self):
        rows = [f"place {number},2017,phone,all,1,20,shown" for number in range(129)]
        self.assertEqual(DONE, self.check(self.file("128.csv", csv_file(*rows[1:], headings=self.SEVERAL))).status)
        self.assertEqual(WRONG_USE, self.check(self.file("129.csv", csv_file(*rows, headings=self.SEVERAL))).status)
        self.assert_refused(self.place, WRONG_USE, "one.csv is too large to be checked with the others",
                            "check-release", "128.csv", self.file("one.csv", csv_file(rows[0], headings=self.SEVERAL)))


class NotPrinted(CheckRelease):
    """Figures that somebody could name, and that no file printed."""

    def narrowed(self, *words):
        return {(tuple(one["places"]), one["period"], tuple(one["channels"]), tuple(one["sessions"])):
                (one["least"], one["most"]) for one in self.record(FOUND, *words)["narrowed"] if not one["printed"]}

    def test_months_that_an_earlier_version_joined(self):
        """South told half-years, north and both together told months: so south's months follow, and so do its
        quarters."""
        every = ("in-person", "phone", "mail", "web")
        narrowed = self.narrowed(PUBLISHED / "joined-two-places-2018.json")
        for month, count in (("01", 3), ("02", 2), ("03", 1), ("04", 0), ("05", 3), ("06", 2), ("07", 1), ("09", 3),
                             ("10", 2), ("11", 1), ("12", 0)):
            sessions = ("1",) if count > 0 else ("1", "2", "3", "4", "5")  # of no conversations none is a first one
            self.assertEqual((count, count), narrowed[("south",), f"2018-{month}", every, sessions], month)
        self.assertEqual((3, 3), narrowed[("south",), "2018-Q4", every, ("1",)])
        self.assertEqual(FOUND, self.check(PUBLISHED / "joined-two-places-2018.csv").status)

    def test_a_difference_that_has_a_name(self):
        name = self.file("q.csv", csv_file("2017-Q1,all,all,1,20,shown", "2017-01,all,all,1,9,shown",
                                           "2017-02,all,all,1,8,shown"))
        self.assertEqual({((None,), "2017-03", ("in-person", "phone", "mail", "web"), ("1",)): (3, 3)},
                         self.narrowed(name))
        result = self.check(name)
        self.assertIn("  March 2017, all channels, all parties, 1st conversation: exactly 3\n    not printed in any file\n",
                      result.out)

    def test_elementary_cells_that_are_known(self):
        """Conversations are as many as courses: nobody had a second one. What is 0 is told once."""
        name = self.file("m.csv", csv_file(*(f"2017-0{month},all,all,{session},12,shown"
                                             for month in (1, 2) for session in ("1", "all"))))
        self.assertEqual({((None,), "2017-01..2017-02", ("in-person", "phone", "mail", "web"), ("2", "3", "4", "5")):
                          (0, 0)}, self.narrowed(name))


class Editions(CheckRelease):
    OLD = ("2017,phone,all,1,33,shown", "2017,mail,all,1,..,hidden", "2017,all,all,1,50,shown")
    NEW = ("2017,phone,all,1,34,corrected", "2017,mail,all,1,..,hidden", "2017,all,all,1,51,corrected")

    def edition(self, name, rows, release, edition, corrects=None, draft=False):
        def change(top):
            top.update({"draft": draft, "release": release, "edition": edition, "corrects": corrects})
        return self.file(name, json_file(*rows, kind="report", change=change))

    def test_the_newest_edition_counts(self):
        old, new = self.edition("old.json", self.OLD, 3, 1), self.edition("new.json", self.NEW, 7, 2, 3)
        result = self.check(old, new)
        self.assertEqual((DONE, ""), (result.status, result.err))
        self.assertIn("Files that a newer edition corrects: 1. Each was attacked by itself, the others together.\n",
                      result.out)
        self.assertEqual([True, False], [file["superseded"] for file in self.record(DONE, old, new)["files"]])

    def test_what_tells_no_edition_contradicts(self):
        old, new = self.file("old.csv", csv_file(*self.OLD)), self.file("new.csv", csv_file(*self.NEW))
        self.assertEqual("contradictory", self.record(FOUND, old, new)["verdict"])
        other = self.edition("other.json", self.NEW, 4, 2, 2)  # of another release
        self.assertEqual("contradictory", self.record(FOUND, self.edition("old.json", self.OLD, 3, 1), other)["verdict"])

    def test_an_old_edition_that_tells_too_much(self):
        old = self.edition("bad.json", EXPOSED, 3, 1)
        new = self.edition("good.json", ("2017,all,all,1,76,corrected",), 5, 2, 3)
        result = self.check(old, new)
        self.assertEqual(FOUND, result.status)
        self.assertIn("    bad.json, by itself\n", result.out)
        self.assertEqual({True}, {one["alone"] for one in self.record(FOUND, old, new)["narrowed"]})

    def test_a_draft_says_so(self):
        rows = tuple(row.replace("shown", "draft") for row in self.OLD)
        for name in (self.edition("draft.json", rows, None, None, draft=True), self.file("draft.csv", csv_file(*rows))):
            result = self.check(name)
            self.assertEqual(DONE, result.status)
            self.assertIn(f"A draft, which no release knows of: {name}\n", result.out)


class Refused(CheckRelease):
    def refused(self, message, text, name="f.csv"):
        self.assert_refused(self.place, WRONG_USE, message, "check-release", self.file(name, text))

    def test_exact_figures(self):
        self.refused("f.csv has exact figures: it is not a protected release",
                     csv_file("2017-01,phone,user,1,2,internal"))
        self.refused("f.json has exact figures", json_file(*JOINED, change=lambda top: top.update(internal=True)),
                     "f.json")

    def test_what_the_program_wrote_with_exact_is_refused(self):
        place = Place.for_test(self)
        place.init()
        for words, message in ((["export", "2017", "-f", "csv"], "has exact figures"),
                               (["export", "2017", "-f", "json"], "has exact figures"),
                               (["report", "2017", "-f", "json"], "has exact figures"),
                               (["export", "2017", "--excel"], "is csv for Excel, which can't be checked"),
                               (["report", "2017", "-f", "html"], "is not a file of figures that tavs publishes")):
            place.done(*words, "--exact", "-F", "-o", "out", place.key)
            self.assert_refused(place, WRONG_USE, f"out {message}", "check-release", "out")

    def test_csv(self):
        good = "2017,phone,all,1,40,shown"
        for text, message in (
                ("", "f.csv is not a file of figures that tavs publishes"), ("name;age\r\nx;3\r\n", "csv for Excel"),
                (csv_file(), "is not a file of figures"),
                (csv_file(good, headings=HEADINGS + ",x"), "is not a file of figures"),
                (csv_file(good, "2017,phone,all,1,40"), "f.csv, row 3: more or fewer cells than headings"),
                (csv_file(good.replace("2017", "17")), "f.csv, row 2: period"),
                (csv_file(good.replace("phone", "fax")), "f.csv, row 2: channel"),
                (csv_file(good.replace("phone", "phone+phone")), "f.csv, row 2: channel"),
                (csv_file(good.replace("phone", "phone+")), "f.csv, row 2: channel"),
                (csv_file(good.replace("all", "")), "f.csv, row 2: party"),
                (csv_file(good.replace(",1,", ",6,")), "f.csv, row 2: session"),
                (csv_file(good.replace("40", "-1")), "f.csv, row 2: count"),
                (csv_file(good.replace("40", "..")), "f.csv, row 2: count"),
                (csv_file(good.replace("40", "1000000001")), "f.csv, row 2: count"),
                (csv_file(good.replace("shown", "hidden")), "f.csv, row 2: count"),
                (csv_file(good.replace("shown", "seen")), "f.csv, row 2: status"),
                (csv_file(good.replace("phone", '"phone')), "f.csv, row 2: quotes that don't match"),
                (csv_file(",".join(["", good]), headings=f"place,{HEADINGS}"), "f.csv, row 2: place"),
                (csv_file(",".join(["x" * 300, good]), headings=f"place,{HEADINGS}"),
                 "f.csv, row 2: more or fewer cells"),
                (csv_file(f"all,{good}", headings=f"place,{HEADINGS}"), "f.csv: place"),
                (csv_file(*[good] * 25001), "f.csv is too large to be checked")):
            with self.subTest(message, text=text[:90]):
                self.refused_anyhow(message, text)

    def refused_anyhow(self, message, text, name="f.csv"):
        result = self.check(self.file(name, text))
        self.assertEqual((WRONG_USE, ""), (result.status, result.out), result)
        self.assertIn(message, result.err)
        self.assertRegex(result.err, r"(?m)^hint: ")

    def test_json(self):
        def without(*path):
            def change(top):
                for step in path[:-1]:
                    top = top[step]
                del top[path[-1]]
            return change

        def put(value, *path):
            def change(top):
                for step in path[:-1]:
                    top = top[step]
                top[path[-1]] = value
            return change
        for change, message in (
                (without("format"), "f.json is not a file of figures"),
                (put("audit", "kind"), "is not a file of figures"),
                (without("internal"), "f.json: internal"), (without("threshold"), "f.json: threshold"),
                (put(2, "threshold"), "f.json: threshold"), (without("places"), "f.json: places"),
                (put([], "places"), "f.json: places"), (without("places", 0, "name"), "f.json: places[0].name"),
                (put("x" * 300, "places", 0, "name"), "f.json: places[0].name"),
                (without("places", 0, "fingerprint"), "f.json: places[0].fingerprint"),
                (without("places", 0, "offered"), "f.json: places[0].offered.channels"),
                (put(["user", "boss"], "places", 0, "offered", "parties"), "f.json: places[0].offered.parties"),
                (without("rows"), "f.json: rows"), (put([], "rows"), "f.json: rows"),
                (put([7], "rows"), "f.json, row 1: period"), (without("rows", 1, "channel"), "f.json, row 2: channel"),
                (without("rows", 2, "count"), "f.json, row 3: count"),
                (put(4.5, "rows", 0, "count"), "f.json, row 1: count"),
                (put(True, "rows", 0, "status"), "f.json, row 1: status"),
                (put("elsewhere", "rows", 0, "place"), "f.json, row 1: place")):
            with self.subTest(message):
                self.refused_anyhow(message, json_file(*JOINED, change=change), "f.json")
        self.refused_anyhow("f.json, line 2", '{"format":\n', "f.json")
        self.refused_anyhow("f.json, line 1", '{"format": "tavs", "format": "tavs"}', "f.json")

    def test_size_and_number(self):
        self.refused_anyhow("is too large to be checked", csv_file(*JOINED) + "\r\n" * (1 << 23))
        good = self.file("good.csv", csv_file(*JOINED))
        self.assertEqual(DONE, self.check(*[good] * 256).status)
        self.assertEqual(WRONG_USE, self.check(*[good] * 257).status)

    def test_a_name_that_would_write_to_the_terminal(self):
        rows = ("no\x1b[31mrth,2017,phone,all,1,..,hidden", "south,2017,phone,all,1,20,shown",
                "all,2017,phone,all,1,22,shown")
        result = self.check(self.file("p.csv", csv_file(*rows, headings=f"place,{HEADINGS}")))
        self.assertIn(r"  no\x1b[31mrth: 2017", result.out)

    def test_missing(self):
        result = self.check("nothing.csv")
        self.assertEqual(5, result.status)
        self.assertEqual(WRONG_USE, self.check().status)


class Output(CheckRelease):
    def test_record(self):
        record = self.record(FOUND, self.file("a.csv", csv_file(*EXPOSED)))
        self.assertRegex(record.pop("date"), r"^\d{4}-\d\d-\d\d$")
        self.assertEqual("tavs", record.pop("program")["name"])
        self.assertEqual({
            "format": "tavs", "version": 1, "kind": "check-release", "verdict": "narrowed", "threshold": 5, "shown": 3,
            "hidden": 1, "doubtful": 0, "files": [{"file": "a.csv", "threshold": None, "draft": False, "release": None, "edition": None,
                                   "superseded": False}],
            "narrowed": [{"places": [None], "period": "2017", "channels": ["mail"],
                          "parties": ["user", "relative", "professional"], "sessions": ["1"], "least": 2, "most": 2,
                          "printed": True, "alone": False, "files": ["a.csv"]}]}, record)

    def test_to_a_file(self):
        name = self.file("a.csv", csv_file(*EXPOSED))
        result = self.check(name, "-o", "check.txt")
        self.assertEqual((FOUND, "", f"{NARROWED}\n"), result)
        self.assertIn("exactly 2", (self.place.work / "check.txt").read_text())
        self.assert_refused(self.place, WRONG_USE, "check.txt exists already", "check-release", name, "-o", "check.txt")
        self.assertEqual(FOUND, self.check(name, "-F", "-o", "check.txt").status)

    def test_standard_input(self):
        result = self.check("-", given=csv_file(*EXPOSED))
        self.assertEqual(FOUND, result.status)
        self.assertIn("    standard input\n", result.out)

    def test_danish(self):
        result = self.check("--lang", "da", self.file("a.csv", csv_file(*EXPOSED)))
        self.assertIn("  2017, mail, alle målgrupper, 1. samtale: præcis 2\n", result.out)
        self.assertEqual("afvist: skjulte tal kan regnes ud, helt eller næsten", result.out.splitlines()[-1])
        self.assertIsNone(re.search(r"hidden|figure", result.out))


if __name__ == "__main__":
    unittest.main()
