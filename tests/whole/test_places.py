"""Several stores in one report or export: each place and the sum."""

import csv
import io
import json
import os
import re
import shutil
import unittest

from office import THRESHOLD, sums_of, value_of
from place import (DONE, PASSPHRASE, REFUSED, SYSTEM, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, fingerprint_of)
from shims import compile_shim
from terminal import Terminal

NORTH, SOUTH = "the passphrase of north", "the passphrase of south"
MOST = 32


def stores(*paths):
    return [word for path in paths for word in ("--store", str(path))]


def figures(table):
    """(row's code, column's code) -> the figure's symbol or count."""
    codes = [column["code"] for column in table["columns"]["values"]]
    [key] = [key["code"] for key in table["keys"]]
    return {(row["key"][key], code): figure.get("symbol", figure["count"])
            for row in table["rows"] for code, figure in zip(codes, row["figures"])}


class Places(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = place = Place.for_class(cls)
        cls.north, cls.south = place.work / "north.mdb", place.work / "south.mdb"
        cls.keys = {cls.north: f"--passphrase-file={place.secret('north', NORTH)}",
                    cls.south: f"--passphrase-file={place.secret('south', SOUTH)}"}
        cls.fingerprints = {}
        for store, offers in ((cls.north, "in-person,phone"), (cls.south, "phone,web")):
            out = place.done("init", "--kdf", "interactive", "--channels", offers, cls.keys[store], *stores(store))
            cls.fingerprints[store.stem] = fingerprint_of(out)
        for store, *words in ((cls.north, "-m", "2016-02", "-n", "40", "in-person", "user"),
                              (cls.north, "-m", "2017-03", "-n", "33", "phone", "relative"),
                              (cls.north, "-m", "2017-12", "-n", "5", "phone", "relative", "2"),
                              (cls.south, "-m", "2017-03", "-n", "7", "phone", "user"),
                              (cls.south, "-m", "2017-04", "-n", "2", "web", "professional")):
            place.done("log", *words, *stores(store))
        place.done("retract", "-m", "2017-05", "web", "relative", *stores(cls.south))

    def words(self, *words, order=None):
        both = order or (self.north, self.south)
        return [*words, "--exact", *stores(*both), *(self.keys[store] for store in both)]

    def report(self, *years, **more):
        return json.loads(self.place.done(*self.words("report", *years, "-f", "json", **more)))

    def alone(self, store, *years):
        return json.loads(self.place.done("report", *years, "-f", "json", "--exact", *stores(store),
                                          self.keys[store]))

    def test_one_year_side_by_side(self):
        """Each column is what the place's own report says, and the last is the sum of them."""
        report = self.report(2017)
        self.assertEqual([{"name": name, "fingerprint": self.fingerprints[name]} for name in ("north", "south")],
                         [{name: place[name] for name in ("name", "fingerprint")} for place in report["places"]])
        alone = {store.stem: self.alone(store, 2017) for store in (self.north, self.south)}
        self.assertEqual(5, len(report["tables"]))
        for number, table in enumerate(report["tables"]):
            self.assertEqual("place", table["columns"]["code"])
            self.assertIsNone(table["place"])
            together = figures(table)
            self.assertEqual({"north", "south", "total"}, {column for _, column in together})
            for name, own in alone.items():
                rows = figures(own["tables"][number])
                column = "courses" if own["tables"][number]["code"] == "months" else "2017"
                for (row, year), figure in rows.items():
                    if year == column:
                        self.assertEqual(figure, together[row.removeprefix("2017-"), name], (table["code"], row))
            for row in {row for row, _ in together}:
                parts = [together[row, name] for name in alone if together[row, name] != "."]
                self.assertEqual(sum(parts), together[row, "total"], (table["code"], row))

    def test_what_one_of_them_does_not_offer(self):
        self.assertEqual({("in-person", "north"): 0, ("in-person", "south"): ".", ("in-person", "total"): 0,
                          ("phone", "north"): 33, ("phone", "south"): 7, ("phone", "total"): 40,
                          ("web", "north"): ".", ("web", "south"): 1, ("web", "total"): 1,
                          ("total", "north"): 33, ("total", "south"): 8, ("total", "total"): 41},
                         figures(self.report(2017)["tables"][0]))
        text = self.place.done(*self.words("report", 2017))
        self.assertIn("\n. not offered by the place\n", text)

    def test_several_years_one_place_after_another(self):
        report = self.report(2016, 2017)
        self.assertEqual([None] * 6 + ["north"] * 5 + ["south"] * 5, [table["place"] for table in report["tables"]])
        first, *tables = report["tables"]
        self.assertEqual("courses-by-place", first["code"])
        self.assertEqual({("north", "2016"): 40, ("south", "2016"): 0, ("total", "2016"): 40,
                          ("north", "2017"): 33, ("south", "2017"): 8, ("total", "2017"): 41}, figures(first))
        for number, store in ((5, self.north), (10, self.south)):
            for table, own in zip(tables[number:], self.alone(store, 2016, 2017)["tables"]):
                self.assertEqual(figures(own), figures(table))
                self.assertEqual(f"{own['caption']}: {store.stem}", table["caption"])
        for together, north, south in zip(tables, tables[5:], tables[10:]):
            parts = [figures(north), figures(south)]
            for where, figure in figures(together).items():
                self.assertEqual(sum(part.get(where, 0) for part in parts), figure, (together["code"], where))

    def test_notes_name_the_place(self):
        notes = {note["code"]: note for note in self.report(2017)["notes"]}
        self.assertEqual("south", notes["cell-below-zero"]["place"])
        self.assertTrue(notes["cell-below-zero"]["text"].startswith("south: May 2017, web, relative, "))

    def test_the_order_is_that_of_the_words(self):
        out = self.place.done(*self.words("report", 2017, order=(self.south, self.north)))
        self.assertRegex(out, r"Channel +south +north +In all\n")

    def test_export(self):
        rows = list(csv.DictReader(io.StringIO(self.place.done(*self.words("export", "2017")))))
        self.assertEqual(["place", "period", "channel", "party", "session", "count", "status"], list(rows[0]))
        for store in (self.north, self.south):
            own = csv.DictReader(io.StringIO(self.place.done("export", "2017", "-x", *stores(store), self.keys[store])))
            self.assertEqual([{"place": store.stem} | row for row in own],
                             [row for row in rows if row["place"] == store.stem])
        records = json.loads(self.place.done(*self.words("export", "2017", "-f", "json")))["rows"]
        self.assertEqual([[row["place"], row["period"], row["count"]] for row in rows],
                         [[row["place"], row["period"], str(row["count"])] for row in records])

    # ---- passphrases ----

    def test_each_is_asked_for_by_name(self):
        terminal = Terminal(self.place.command("report", "2017", "-x", *stores(self.north, self.south)),
                            env=self.place.env)
        with terminal:
            for name, passphrase in (("north", NORTH), ("south", SOUTH)):
                before = terminal.expect(f"Passphrase of {name}: ").decode()
                self.assertIn(f"{name}.mdb, fingerprint {self.fingerprints[name]}\r\n", before)
                self.assertFalse(terminal.echoes())
                terminal.type(passphrase.encode() + b"\n")
            self.assertIn("Anonymous counselling, 2017", "\n".join(terminal.result()))

    def test_lines_of_standard_input(self):
        words = ["report", "2017", "-x", *stores(self.north, self.south)]
        out = self.place.done(*words, "-p", "-", "-p", "-", given=f"{NORTH}\n{SOUTH}\n")
        self.assertEqual(self.place.done(*self.words("report", "2017")), out)
        out = self.place.done(*words, "-p", "-", self.keys[self.south], given=f"{NORTH}\n")
        self.assertEqual(self.place.done(*self.words("report", "2017")), out)

    def test_one_for_all(self):
        east, west = self.place.work / "east.mdb", self.place.work / "west.mdb"
        for store in (east, west):
            self.place.init(*stores(store))
        words = ["report", "2017", "-x", *stores(east, west)]
        out = self.place.done(*words, self.place.key)
        self.assertEqual(out, self.place.done(*words, "-p", "-", given=f"{PASSPHRASE}\n"))
        self.assertEqual(out, self.place.done(*words, self.place.key, self.place.key))
        words += ["--store", str(self.north)]
        self.assert_refused(self.place, WRONG_PASSPHRASE, "north: the passphrase opens no key of this store$",
                            *words, self.place.key)

    def test_the_place_of_a_wrong_passphrase_is_named(self):
        words = ["report", "2017", "-x", *stores(self.north, self.south)]
        self.assert_refused(self.place, WRONG_PASSPHRASE, "south: the passphrase opens no key of this store$",
                            *words, self.keys[self.north], self.keys[self.north])
        self.assert_refused(self.place, WRONG_USE, "south: there is no passphrase in standard input$",
                            *words, "-p", "-", "-p", "-", given=f"{NORTH}\n")

    def test_neither_one_nor_one_each(self):
        key = self.place.key
        for files, count in ([key] * 3, 3), ([key] * 2, 2):
            extra = [] if count == 3 else stores(self.place.store)
            self.assert_refused(self.place, WRONG_USE, "there is not one passphrase file for each store: ",
                                "report", "2017", "-x", *stores(self.north, self.south), *extra, *files)
        self.assert_refused(self.place, WRONG_USE, "the option '--passphrase-file' is given too often$",
                            "report", "2017", "-x", *stores(self.north), key, key)

    # ---- names ----

    def test_names_are_what_tells_the_paths_apart(self):
        folder = self.place.work
        for paths, names in (
                (["a/tavs.mdb", "b/tavs.mdb"], ["a", "b"]),
                (["a/tavs.mdb", "b/tavs"], ["a", "b"]),
                (["a/x.mdb", "a/y.mdb"], ["x", "y"]),
                (["a/x.mdb", "b/x.mdb", "b/y.mdb"], ["a/x", "b/x", "b/y"]),
                (["b/c/x.mdb", "a/c/x.mdb"], ["b", "a"]),
                (["b/c/x.mdb", "a/c/x.mdb", "a/d/x.mdb"], ["b/c", "a/c", "a/d"]),
                (["sår.mdb", "b/ø\x01\x1b[1m.mdb"], ["sår", r"ø\x01\x1b[1m"]),
                ([b"Hj\xf8rring.mdb", "b/x.mdb"], [r"Hj\xf8rring", "x"])):
            with self.subTest(paths):
                paths = [os.path.join(os.fsencode(folder), os.fsencode(path)) for path in paths]
                for path in paths:
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                for number, path in enumerate(paths):
                    if number < 2:
                        shutil.copyfile((self.north, self.south)[number], path)
                    else:
                        self.place.tavs(command=[*self.place.command("init", "-k", "interactive", self.place.key,
                                                                     "--store"), path])
                    os.chmod(path, 0o600)
                words = self.place.command("report", "2017", "-q", "-x", "-f", "json",
                                           self.keys[self.north], self.keys[self.south],
                                           *[self.place.key] * (len(paths) - 2))
                command = words + [word for path in paths for word in (b"--store", path)]
                command = [word for word in command if word != str(self.place.store)]
                command.remove("--store")
                result = self.place.tavs(command=command)
                self.assertEqual(names, [place["name"] for place in json.loads(result.out)["places"]], result)
                for path in paths:
                    os.unlink(path)

    # ---- refusals ----

    def refuse(self, status, message, *paths, words=("report", "2017"), key=None):
        """Nobody is asked for a passphrase before: there is no such file."""
        return self.assert_refused(self.place, status, message, *words, "-x", *stores(*paths),
                                   "-p", key or self.place.work / "none")

    def test_the_same_store_twice(self):
        link, copy = self.place.work / "link.mdb", self.place.work / "copy.mdb"
        os.link(self.north, link)
        self.addCleanup(link.unlink)
        self.place.done("backup", copy, *stores(self.north))
        self.addCleanup(copy.unlink)
        for twin in (self.north, self.place.work / "../work/north.mdb", link, copy):
            with self.subTest(twin):
                self.refuse(WRONG_USE, f"(\\w+: )?{twin} is a store that was named before, or a copy of it$",
                            self.north, self.south, twin)

    def test_a_store_that_is_not_there(self):
        self.refuse(REFUSED, "nowhere: there is no store at nowhere.mdb$", self.north, "nowhere.mdb")
        (self.place.work / "empty.mdb").write_text("")
        (self.place.work / "empty.mdb").chmod(0o600)
        self.refuse(REFUSED, "empty: the store is an empty file$", self.north, "empty.mdb")

    def test_two_that_no_name_tells_apart(self):
        for name in ("x", "x.mdb"):
            (self.place.work / name).write_text("")
            self.addCleanup((self.place.work / name).unlink)
        self.refuse(WRONG_USE, f"'--store {self.place.work}/x.mdb' is not possible$", "x", "x.mdb")

    def test_a_name_that_a_spreadsheet_would_compute(self):
        for name in ('=HYPERLINK("x")', "+1", "-1", "@a", " =1", "a;=1", "a, -1", "＝1", '"=1'):
            with self.subTest(name):
                self.refuse(WRONG_USE, re.escape(f"{name} can't be the name of a place: a spreadsheet would take it for a "
                                                 "formula") + "$", self.north, f"{name}.mdb")
        self.refuse(REFUSED, "a-b=c: there is no store at a-b=c.mdb$", self.north, "a-b=c.mdb")

    def test_too_many(self):
        self.refuse(WRONG_USE, "the option '--store' is given too often$",
                    *(f"{number}.mdb" for number in range(MOST + 1)))
        self.refuse(REFUSED, "0: there is no store at 0.mdb$", *(f"{number}.mdb" for number in range(MOST)))

    def test_output_over_any_of_them(self):
        for target, message in ((self.north, "is the store itself"), (self.south, "is the store itself"),
                                (self.place.folder / "secrets/north", "is the file that holds the passphrase"),
                                (self.place.folder / "secrets/south", "is the file that holds the passphrase")):
            self.assert_refused(self.place, WRONG_USE, f"{target} {message}$",
                                *self.words("report", "2017"), "-o", target, "--force")

    def test_all_other_commands_take_one(self):
        self.place.init("--store", self.place.work / "one.mdb")
        listed = self.place.done("help").split("commands:\n")[1].split("\n\n")[0]
        names = [line.split()[0] for line in listed.splitlines()]
        self.assertIn("log", names)
        for name in set(names) - {"report", "export", "publish", "help", "version"}:
            with self.subTest(name):
                self.assert_refused(self.place, WRONG_USE, "the option '--store' is given too often$", name,
                                    *stores(self.north, self.south))

    def test_before_and_after_the_command(self):
        out = self.place.done("--store", self.north, "report", "2017", "-x", "--store", self.south,
                              self.keys[self.north], self.keys[self.south])
        self.assertRegex(out, r"Channel +north +south +In all\n")

    def test_passphrase_file_that_is_not_there(self):
        self.assert_refused(self.place, SYSTEM, "none could not be read or written", "report", "2017", "-x",
                            *stores(self.north, self.south), "-p", "none")


class Published(PlaceTest):
    """Each place and all together: what one hides, the other and the sum don't tell."""

    @classmethod
    def setUpClass(cls):
        cls.kept = place = Place.for_class(cls)
        months = [f"2018-{month:02}" for month in range(1, 13)]
        for name, rows in (
                ("north", [(month, "in-person", party, 1, count) for month in months
                           for party, count in (("user", 6), ("relative", 3))]),
                ("south", [(month, "in-person", "user", 1, count) for month, count in zip(months, (3, 2, 1, 0) * 3)
                           if count])):
            store = place.work / f"{name}.mdb"
            place.init("--store", store, "--channels", "in-person,phone")
            place.import_rows(rows, store)
            place.done("--store", store, "close", "2018-12", place.key)

    def setUp(self):
        self.place = place = Place.for_test(self)
        for name in ("work", "state"):
            shutil.rmtree(place.folder / name)
            shutil.copytree(self.kept.folder / name, place.folder / name)
        self.north, self.south = place.work / "north.mdb", place.work / "south.mdb"
        self.both = stores(self.north, self.south)
        self.exact = {}
        for store in (self.north, self.south):
            place.store = store
            self.exact[store.stem] = place.counts("2018")
        self.exact["all"] = self.exact["north"] + self.exact["south"]

    def read(self, folder):
        [file] = (self.place.work / folder).glob("*.json")
        return sums_of(json.loads(file.read_text()))

    def listed(self, store):
        return self.place.done("release", "list", self.place.key, *stores(store))

    def assert_nothing_recorded(self, *words, status, message, folder="none"):
        before = self.north.read_bytes(), self.south.read_bytes()
        result = self.place.publish(*words, folder=folder)
        self.assert_complaint(result, status, message)
        self.assertEqual(before, (self.north.read_bytes(), self.south.read_bytes()))
        self.assertEqual([], list((self.place.work / folder).iterdir()))
        return result

    def test_no_month_of_south_follows(self):
        """Found by trying: all places together less north gave the months of south, 3, 2 and 1."""
        for folder, periods in (("year", ["2018"]), ("months", [f"2018-{month:02}" for month in range(1, 13)]),
                                ("quarters", ["2018-Q1", "2018-Q2", "2018-Q3", "2018-Q4"])):
            self.place.published(*periods, "-f", "json", *self.both, folder=folder)
        told = {}
        for folder in ("year", "months", "quarters"):
            told |= {key: count for key, count in self.read(folder).items() if count is not None or key not in told}
        for (place, period, *contact), count in told.items():
            value = value_of(self.exact[place], period, *contact)
            with self.subTest(place=place, period=period, contact=contact):
                if count is not None:
                    self.assertEqual(value, count)
                if value < THRESHOLD:
                    self.assertIsNone(count)
                    if place == "south":
                        rest = [told.get((other, period, *contact)) for other in ("all", "north")]
                        self.assertIn(None, rest)
        self.assertEqual(126, told["all", "2018", "all", "all", "1"])
        self.place.done("check-release", *(file for folder in ("year", "months", "quarters")
                                           for file in (self.place.work / folder).iterdir()))
        for store in (self.north, self.south):
            self.assertIn("Releases: 3;", self.listed(store))
            self.place.store = store
            self.assert_nothing_left_in_the_store(self.place)

    def test_a_place_that_was_published_with_another_needs_it(self):
        """In that year, whatever the period; another year is its own."""
        self.place.published("2018-Q1", "-f", "json", *self.both)
        for store in (self.north, self.south):
            for period in ("2018", "2018-Q2", "2018-Q1"):
                self.assert_nothing_recorded(period, *stores(store), status=WRONG_USE,
                                             message="2018 was published together with another place$")
            self.assert_refused(self.place, WRONG_USE, "2018 was published together with another place$", "report", "2018",
                                self.place.key, *stores(store), hint="name that place's store too: --store FILE")
        self.place.import_rows([("2019-02", "phone", "user", 1, 40)], self.north)
        self.place.done("close", "2019-12", self.place.key, *stores(self.north))
        self.place.published("2019", *stores(self.north), folder="alone")
        self.place.published("2018", *self.both, folder="together")

    def test_a_wrong_passphrase_for_the_second(self):
        other = self.place.secret("other", "not the passphrase of south")
        before = self.north.read_bytes(), self.south.read_bytes()
        self.assert_refused(self.place, WRONG_PASSPHRASE, "south: the passphrase opens no key of this store$",
                            "publish", "2018", "-y", "-o", ".", *self.both, self.place.key, "-p", str(other))
        self.assertEqual(before, (self.north.read_bytes(), self.south.read_bytes()))

    def test_a_store_that_cannot_record(self):
        """The second one, after the yes: it is not there, others may write it, it was changed. The first is as it was."""
        for spoil, status, message in (
                (lambda: self.south.rename(self.place.work / "away"), REFUSED, "there is no store at "),
                (lambda: self.south.chmod(0o666), REFUSED, "others may read or write "),
                (lambda: self.place.done("reopen", "2018-12", self.place.key, *stores(self.south)), REFUSED,
                 "was changed by somebody else in the meantime")):
            with self.subTest(message):
                (self.place.work / "out").mkdir(exist_ok=True)
                before = self.north.read_bytes()
                with Terminal(self.place.command("publish", "2018", "-o", self.place.work / "out", *self.both,
                                                 self.place.key), env=self.place.env, columns=200) as terminal:
                    terminal.expect("Publish this?")
                    spoil()
                    terminal.type(b"y")
                    self.assertEqual(f"exited {status}", terminal.fate())
                    terminal.expect("tavs: south: ")
                    terminal.expect(message)
                self.assertEqual(before, self.north.read_bytes())
                self.assertEqual([], list((self.place.work / "out").iterdir()))
                if (self.place.work / "away").exists():
                    (self.place.work / "away").rename(self.south)
                self.south.chmod(0o600)
                self.assertIn("Releases: 0;", self.listed(self.south))

    def test_the_disk_fails_between_the_two(self):
        """Only then has the first recorded what is not published. It is said, and the same command again publishes it."""
        shim, result_file = compile_shim("call_shim", "cheap_pwhash_shim"), self.place.folder / "result"
        words = ("2018-Q1", "-f", "csv", *self.both)

        def run(at, kind):
            for name in ("work", "state"):
                shutil.rmtree(self.place.folder / name)
                shutil.copytree(self.kept.folder / name, self.place.folder / name)
            result = self.place.publish(*words, env={
                "LD_PRELOAD": shim, "CALL_KIND": kind, "CALL_AT": str(at), "CALL_RESULT": str(result_file)})
            return result, tuple("Releases: 1;" in self.listed(store) for store in (self.north, self.south))

        self.assertEqual((True, True), run(0, "once")[1])
        calls = int(result_file.read_text().split()[1])
        good, bad = calls, next(at for at in range(calls, 0, -50) if not run(at, "on")[1][1])
        while good - bad > 1:  # all calls from there on fail
            middle = (good + bad) // 2
            good, bad = (middle, bad) if run(middle, "on")[1][1] else (good, middle)
        result, recorded = run(bad, "once")
        self.assertEqual((True, False), recorded)
        self.assert_complaint(result, SYSTEM, "south: it could be recorded in some of the stores only: writing the store$",
                              "nothing is published; run the command again, which records it in all of them")
        self.assertEqual([], list((self.place.work / "out").iterdir()))
        self.place.published(*words)
        self.assertIn("Releases: 2;", self.listed(self.north))
        self.assertIn("Releases: 1;", self.listed(self.south))
        for store in (self.north, self.south):
            self.assertNotIn("NO LONGER AGREES", self.listed(store))
        self.place.done("check-release", *(self.place.work / "out").iterdir())
        # Just before it is what follows the first store's commit: a failure there is that store's.
        while recorded != (True, True):
            bad -= 1
            result, recorded = run(bad, "once")
        self.assert_complaint(result, SYSTEM, r"north: it was recorded as published, .*\.pin; tavs publish --again 1 ")

    def test_open_months_of_one_of_them(self):
        self.place.done("reopen", "2018-11", self.place.key, *stores(self.south))
        self.assert_nothing_recorded(
            "2018", *self.both, status=WRONG_USE,
            message=r"only closed months are published, and these are not: south: November to December 2018 "
                    r"\(tavs close 2018-12, or tavs publish 2018-01..2018-10\)$")

    def test_a_count_below_zero_of_one_of_them(self):
        self.place.done("reopen", "2018-11", self.place.key, *stores(self.south))
        self.place.done("retract", "-m", "2018-12", "phone", "user", *stores(self.south))
        self.place.done("close", "2018-12", self.place.key, *stores(self.south))
        self.assert_nothing_recorded(
            "2018", *self.both, status=WRONG_USE,
            message=r"more was taken back than counted: south: December 2018, phone, user, 1 "
                    r"\(tavs log --month 2018-12 phone user 1\)$")

    def test_the_highest_threshold_counts(self):
        self.place.done("threshold", "8", self.place.key, *stores(self.south))
        self.place.published("2018", "-f", "json", *self.both)
        told = self.read("out")
        self.assertFalse({count for count in told.values() if count is not None and count < 8})
        for store in (self.north, self.south):
            self.assertIn("threshold: 8", self.listed(store))

    def test_again(self):
        """From either ledger; the same stores in the same order give the same bytes."""
        said = self.place.published("2018", "-f", "json,text", *self.both)
        self.assertRegex(said, r"(?m)^Release 1: \d+ figures shown, \d+ hidden\.$")
        self.place.done("log", "phone", "user", *stores(self.south))
        (self.place.work / "again").mkdir()
        self.place.done("publish", "--again", "1", "-f", "json,text", "-o", "again", *self.both, self.place.key)
        for file in (self.place.work / "out").iterdir():
            self.assertEqual(file.read_bytes(), (self.place.work / "again" / file.name).read_bytes())
        result = self.place.tavs("publish", "--again", "1", "-o", ".", *stores(self.north), self.place.key)
        self.assert_complaint(result, WRONG_USE, ".* was published together with another place")

    def test_a_correction(self):
        """All that were published together are corrected together, in each ledger."""
        self.place.published("2018", "-f", "json", *self.both)
        self.place.done("reopen", "2018-05", "--yes", self.place.key, *stores(self.south))
        self.place.done("log", "-m", "2018-05", "in-person", "user", *stores(self.south))
        self.place.done("close", "2018-12", self.place.key, *stores(self.south))
        for store in (self.north, self.south):
            result = self.place.tavs("publish", "--correct", "--yes", *stores(store), self.place.key)
            self.assertEqual(WRONG_USE, result.status, result)
        self.assert_nothing_recorded("2018-Q3", *self.both, status=WRONG_USE,
                                     message="counts have changed since this was published: release north: 1, south: 1$")
        result = self.place.tavs("publish", "--correct", "--yes", "-o", ".", "-f", "json", *self.both, self.place.key)
        self.assertEqual(DONE, result.status, result)
        self.assertRegex(result.err, "(?m)^  all places, 2018, courses begun: 126, now 127$")
        self.assertEqual(["Release 2: corrected edition 2 of release 1"],
                         re.findall("(?m)^Release .*$", result.err))
        for store in (self.north, self.south):
            self.assertIn("corrected edition 2 of release 1", " ".join(self.listed(store).split()))
        self.place.published("2018-Q3", *self.both, folder="after")


if __name__ == "__main__":
    unittest.main()
