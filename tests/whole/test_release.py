"""What leaves the house: drafts record nothing and say that they are drafts; what is published shows what it may."""

import csv
import io
import json
import re
import shutil
import unittest
import zipfile

import openpyxl

from office import DRAFT, EXPORT_FORMATS, FOUND, REPORT_FORMATS, THRESHOLD, OfficeTest, sums_of, value_of
from place import DONE, WRONG_USE, Place, PlaceTest
from test_cases import count_year

NOT_RECORDED = "A draft: nothing is recorded, and it must not be published."


class Draft(OfficeTest):
    def draft(self, *words, status=DONE):
        result = self.place.tavs(*words, self.place.key)
        self.assertEqual(status, result.status, result)
        return result

    def test_nothing_is_recorded(self):
        """Whatever the format: not a byte of the store changes, and the ledger stays empty."""
        before = self.place.tree()
        for words in (*(["report", "2017", "-f", form] for form in REPORT_FORMATS),
                      *(["export", "2017", "-f", form] for form in EXPORT_FORMATS),
                      ["export", "2017-Q1", "--excel"], ["report", "2017", "--explain"], ["report", "2017", "-T", "8"],
                      ["report", "2017", "-x"], ["export", "2017", "-x"]):
            with self.subTest(words):
                self.draft(*words, "-o", "file", "-F")
                self.assertNotEqual(b"", (self.place.work / "file").read_bytes())
                (self.place.work / "file").unlink()
                self.assertEqual(before, self.place.tree() | {"work": before["work"]})
        self.assertIn("Releases: 0;", self.place.done("release", "list", self.place.key))

    def test_every_format_says_that_it_is_a_draft(self):
        """At every table, so that no part of it can be taken for what was published."""
        for language, mark in (("en", DRAFT), ("da", "Udkast, ikke offentliggjort")):
            for command, forms in (("report", REPORT_FORMATS), ("export", EXPORT_FORMATS)):
                for form in forms:
                    with self.subTest(command=command, form=form, language=language):
                        self.draft(command, "2017", "-f", form, "-o", "file", "-F", "--lang", language)
                        self.assert_marked((self.place.work / "file").read_bytes(), form, mark)

    def assert_marked(self, content, form, mark):
        text, tables = content.decode(errors="replace"), 8
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(text)))
            self.assertEqual(67, len(rows))
            self.assertEqual({True: {"draft"}, False: {"hidden"}},
                             {shown: {row["status"] for row in rows if (row["count"] != "..") == shown}
                              for shown in (True, False)})
        elif form == "xlsx":
            for sheet in openpyxl.load_workbook(io.BytesIO(content)):
                self.assertIn(mark, [cell.value for row in sheet.iter_rows() for cell in row], sheet.title)
                self.assertEqual(mark, sheet.oddHeader.center.text)
        elif form == "json":
            record = json.loads(text)
            self.assertEqual((mark, True, None), tuple(record[name] for name in ("mark", "draft", "release")))
            self.assertEqual({True}, {table["draft"] for table in record.get("tables", [{"draft": True}])})
            self.assertEqual({"draft", "hidden"}, {row["status"] for row in record.get("rows", record.get("sums"))})
        else:  # the title, the notes; html also has it on each page, and with the words
            self.assertEqual(tables + (4 if form == "html" else 2), text.count(mark))

    def test_what_is_published_says_nothing_of_the_kind(self):
        self.place.published("2017", "-f", ",".join(("csv", *REPORT_FORMATS)))
        self.assertEqual({f"tavs-2017.{ending}" for ending in ("txt", "md", "html", "xlsx", "json", "csv")},
                         self.files().keys())
        for name, content in self.files().items():
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    content = b"".join(map(book.read, book.namelist()))
            self.assertNotIn(DRAFT.encode(), content, name)
            self.assertNotIn(b"Internal", content, name)
        record = json.loads(self.files()["tavs-2017.json"])
        self.assertEqual((1, False, None), (record["release"], record["draft"], record["mark"]))
        self.assertEqual({"shown", "hidden"},
                         {row["status"] for row in csv.DictReader(io.StringIO(self.files()["tavs-2017.csv"].decode()))})

    def test_the_annual_table_is_shown(self):
        result = self.draft("report", "2017")
        table = result.out.split("Courses begun, by channel\n")[1].split("\n\n\n")[0]
        self.assertEqual(["40", "33", "73"], re.findall(r" (\d+)\n", table)[1:4])
        self.assertRegex(result.out, r"- \d+ of 67 figures are hidden \(\.\.\)\. Hidden are figures under 5, zeros too;")
        self.assertEqual(NOT_RECORDED, result.err.splitlines()[-1])

    def test_the_same_draft_is_the_same_file(self):
        for words in (["report", "2017", "-f", "html"], ["report", "2017", "-f", "xlsx"], ["export", "2017-Q2"]):
            for name in ("one", "other"):
                self.draft(*words, "-o", name, "-F")
            self.assertEqual(*((self.place.work / name).read_bytes() for name in ("one", "other")))

    def test_a_draft_is_what_would_be_published(self):
        """The same figures, shown and hidden; it is told only afterwards that it has been published."""
        for period in ("2017-Q2", "2017"):
            draft = json.loads(self.draft("export", period, "-f", "json").out)
            told = self.told(period, folder=period)
            self.assertEqual(told, {(row.get("place", "all"), row["period"], row["channel"], row["party"],
                                     row["session"]): row["count"] for row in draft["rows"]})

    def test_open_months(self):
        """They can be looked at; nobody has said yet that they are complete."""
        self.place.done("reopen", "2017-05", self.place.key)
        text = self.draft("report", "2017").out
        self.assertIn("Closed through  April 2017\n", text)
        self.assertIn(" 73\n", text)
        self.assert_not_published(WRONG_USE, "only closed months are published", "2017")

    def test_another_threshold(self):
        """The store's is 5: a draft may try another, and the store keeps its own."""
        hidden = {number: self.draft("export", "2017", "-T", number).out.count(",hidden\r\n") for number in (3, 5, 20)}
        self.assertLess(hidden[3], hidden[5])
        self.assertLess(hidden[5], hidden[20])
        self.assertIn(" under 8, or hidden", self.draft("report", "2017", "-T", "8").out)
        self.assertEqual("Counts under 5 are hidden in what is published.\n", self.place.done("threshold"))

    def test_why_is_told_to_the_leader_only(self):
        plain, explained = self.draft("report", "2017"), self.draft("report", "2017", "--explain")
        self.assertEqual(plain.out, explained.out)
        self.assertRegex(explained.err, "(?m)^March 2017, courses begun: hidden under the threshold$")
        self.assertRegex(explained.err, "(?m)^2017, [^:]*: hidden to protect others$")
        said = re.search(r"Shown: (\d+), hidden: (\d+) \(under 5: (\d+), to protect others: (\d+), by lot: (\d+)\)\.",
                         explained.err)
        shown, hidden, small, protecting, lots = map(int, said.groups())
        self.assertEqual((67, hidden), (shown + hidden, small + protecting + lots))
        self.assertEqual(hidden, len(re.findall("(?m): hidden (under|to|by)", explained.err)))
        self.assertRegex(explained.err, r"Possible tallies that prove it: \d+; requirements of protection: \d+, impossible ones")

    def test_before_the_store_began(self):
        """Nothing was counted there, which is no zero that may be told."""
        for words in (["export", "2009-05"], ["export", "2009"], ["report", "2009", "2017"]):
            self.assert_complaint(self.draft(*words, status=FOUND), FOUND, "there is nothing to publish", "ask for")
        self.assert_not_published(FOUND, "there is nothing to publish", "2009", "2017")

    def test_a_month_with_nothing_to_show(self):
        for words in (["export", "2017-03"], ["export", "2017-05"]):
            self.draft(*words)  # conversations are enough
        self.place.done("reopen", "2016-05", self.place.key)
        self.place.done("log", "-m", "2016-05", "-n", "3", "phone", "user")
        self.place.done("close", "2017-12", self.place.key)
        message = "there is nothing to publish: every figure is under 5, gives such a one away, or waits for the year's end"
        advice = "ask for a longer period, such as a quarter or a year that has ended; --exact is for internal use"
        self.assert_complaint(self.draft("export", "2016-05", status=FOUND), FOUND, message, advice)
        self.assert_not_published(FOUND, message, "2016-05", hint=advice)

    def test_options_that_do_not_fit(self):
        for words, message in ((["--threshold", "2"], "'--threshold 2' is not possible"),
                               (["--threshold", "21"], "'--threshold 21' is not possible"),
                               (["--exact", "--threshold", "8"], "'--exact --threshold' is not possible"),
                               (["--exact", "--explain"], "'--exact --explain' is not possible"),
                               (["--preview"], "there is no option '--preview' here")):
            self.assert_refused(self.place, WRONG_USE, message, "export", "2017", *words, self.place.key)

    def test_without_the_part(self):
        """tavs-protect.so is not there: nothing is shown, and nothing published."""
        alone = self.place.work / "alone/deep/er"
        alone.mkdir(parents=True)
        program = shutil.copy2(self.place.command()[0], alone)
        before = self.place.store.read_bytes()
        for words in (["export", "2017"], ["publish", "2017", "-o", str(self.place.work), "-y", "-f", "csv"]):
            result = self.place.tavs(command=[program, "--store", str(self.place.store), *words, self.place.key])
            if result.status != DONE:  # tavs may be installed on this machine
                self.assert_complaint(result, 5, r"a part of the program can't be loaded")
                self.assertEqual(before, self.place.store.read_bytes())


class NextToNothing(PlaceTest):
    """A year of a few contacts: there is nothing to publish, and that is known, not given up on."""

    YEARS = (
        [("2017-03", "phone", "user", 1, 1)],
        [("2017-03", "phone", "user", 1, 2)],
        [("2017-03", "phone", "user", 1, 1), ("2017-07", "in-person", "relative", 1, 1)],
        [("2017-03", "phone", "user", 1, 1), ("2017-04", "phone", "user", 2, 1), ("2017-09", "in-person", "user", 1, 1)],
        [("2016-12", "phone", "user", 1, 1), ("2017-01", "phone", "user", 2, 1)],  # a course begun the year before
    )

    def test_of_one_place(self):
        for rows in self.YEARS:
            place = Place.for_test(self)
            place.init("--channels", "in-person,phone")
            place.import_rows(rows)
            place.done("close", "2017-12", place.key)
            before = place.store.read_bytes()
            for result in (place.tavs("report", "2017", place.key), place.tavs("export", "2017-Q1", place.key),
                           place.publish("2017", "-f", "csv"), place.publish("2017-03", "-f", "csv")):
                with self.subTest(rows=rows):
                    self.assert_complaint(result, FOUND, "there is nothing to publish: ", "ask for a longer period")
            self.assertEqual(before, place.store.read_bytes())

    def test_beside_another_place(self):
        """It is published with the other one, all of it hidden."""
        place = Place.for_test(self)
        place.init("--channels", "in-person,phone")
        count_year(place, 2017)
        place.done("--store", "small.mdb", "init", "--kdf", "interactive", "--channels", "in-person,phone", place.key)
        place.import_rows(self.YEARS[0], store="small.mdb")
        for store in ("tavs.mdb", "small.mdb"):
            place.done("--store", store, "close", "2017-12", place.key)
        place.published("--store", "tavs.mdb", "--store", "small.mdb", "2017", "-f", "json")
        told = sums_of(json.loads((place.work / "out/tavs-2017.json").read_text()))
        self.assertEqual({None}, {count for key, count in told.items() if key[0] == "small"})
        self.assertLess(20, sum(count is not None for count in told.values()))


class Figures(OfficeTest):
    """Which are shown, in one release and in several."""

    def assert_kept(self, told, exact):
        shown = 0
        for (_place, period, *contact), count in told.items():
            value = value_of(exact, period, *contact)
            with self.subTest(period=period, contact=contact):
                if value < THRESHOLD:
                    self.assertIsNone(count)
                elif count is not None:
                    self.assertEqual(value, count)
                    shown += 1
        return shown

    def test_small_figures_are_hidden_and_others_exact(self):
        told = self.told("2017")
        self.assertEqual(67, len(told))
        self.assertGreater(self.assert_kept(told, self.place.counts("2017")), 30)
        for key, count in ((("all", "1"), 73), (("in-person", "1"), 40), (("phone", "1"), 33), (("all", "all"), 138)):
            self.assertEqual(count, told["all", "2017", key[0], "all", key[1]])

    def test_the_year_after_its_months_and_quarters(self):
        """Table 2 stays complete, whatever was published of the year before it."""
        published = []
        for month in range(1, 13):
            result = self.place.publish(f"2017-{month:02}", "-f", "json", folder=f"month {month}")
            self.assertIn(result.status, (DONE, FOUND))
            published += [f"month {month}"] if result.status == DONE else []
            if month % 3 == 0:
                self.told(f"2017-Q{month // 3}", folder=f"quarter {month}")
                published.append(f"quarter {month}")
        self.assertGreater(len(published), 8)
        told, exact = self.told("2017"), self.place.counts("2017")
        self.assertEqual([40, 33, 73, 138],
                         [told["all", "2017", channel, "all", session] for channel, session in
                          (("in-person", "1"), ("phone", "1"), ("all", "1"), ("all", "all"))])
        every = {}
        for folder in published:
            part = self.read(folder)
            self.assert_kept(part, exact)
            for key, count in part.items():
                if count is not None:  # what was told once is told again
                    self.assertEqual(count, told.get(key, count), key)
                every[key] = count
        self.assertIn(None, every.values())
        self.assertEqual("kept", json.loads(self.place.done(
            "check-release", "-f", "json", *(self.place.work / folder / file for folder in ("told", *published)
                                             for file in self.files(folder))))["verdict"])

    def test_nothing_is_joined(self):
        """A row is a channel, a party, a month; what the hidden ones come to is said below the table."""
        self.place.published("2017", "-f", "json,text")
        record = json.loads(self.files()["tavs-2017.json"])
        for row in record["sums"]:
            self.assertNotIn("+", row["channel"] + row["party"])
        months = next(table for table in record["tables"] if table["code"] == "months")
        self.assertEqual(13, len(months["rows"]))
        hidden = [row["key"]["month"] for row in months["rows"] if row["figures"][0]["count"] is None]
        exact = self.place.counts("2017")
        rest = sum(value_of(exact, f"2017-{month[-2:]}", "all", "all", "1") for month in hidden)
        self.assertRegex(months["together"][0], f"^Courses: .* together {rest}$")
        self.assertIn(months["together"][0], " ".join(self.files()["tavs-2017.txt"].decode().split()))

    def test_what_was_shown_is_shown_again_and_what_was_hidden_stays(self):
        one = self.told("2017-Q2", folder="one")
        other = self.told("2017-Q2", folder="other")
        self.assertEqual(one, other)
        self.assertIn("Releases: 2;", self.place.done("release", "list", self.place.key))

    def test_the_ledger_tells_nothing_to_others(self):
        """Who has the file sees that there was a release, not of which months."""
        self.told("2017")
        self.assertNotIn(b"2017", self.place.store.read_bytes())
        self.assert_nothing_left_in_the_store(self.place)


class Offer(PlaceTest):
    """A place that offers less than it did."""

    def report(self, *early):
        """Telephone calls of 2017, and what was counted while mail was offered as well."""
        place = Place.for_test(self)
        place.init("--channels", "phone,mail", "--parties", "user")
        for words in early:
            place.done("log", *words)
        place.done("offer", "--channels", "phone", place.key)
        for month in ("2017-10", "2017-11"):
            place.done("log", "-m", month, "-n", "40", "phone", "user")
        place.done("close", "2018-12", place.key)
        place.published("2017", "-f", "json")
        place.done("check-release", "out/tavs-2017.json")
        record = json.loads((place.work / "out/tavs-2017.json").read_text())
        return {(row["channel"], row["session"]): row["count"] for row in record["sums"]
                if row["period"] == "2017" and row["party"] == "all"}

    def test_what_was_counted_is_not_the_difference_of_total_and_rows(self):
        told = self.report(["-m", "2017-01", "-n", "3", "mail", "user"])
        self.assertIsNone(told["mail", "1"])
        self.assertIn([told[channel, "1"] for channel in ("phone", "all")], ([80, None], [None, 83]))

    def test_a_channel_that_was_ever_offered_has_a_row(self):
        """Else the total would say that nobody came in it."""
        told = self.report()
        self.assertIsNone(told["mail", "1"])
        self.assertEqual({80, None}, {told[channel, "1"] for channel in ("phone", "all")})


if __name__ == "__main__":
    unittest.main()
