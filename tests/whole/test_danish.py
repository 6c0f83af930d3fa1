"""Danish and English: the catalogue is whole, the language is one decision, the charset is the reader's."""

import gzip
import html
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import catalogue
import test_count
from place import BUILD, DONE, PROGRAM, ROOT, SYSTEM, WRONG_USE, Place, PlaceTest, without_sanitizer
from terminal import Terminal

PO = ROOT / "po/da.po"
GOLDEN = ROOT / "tests/golden"
SCREEN, HELP_PAGE = 79, 92  # columns


def commands_of(text):
    """The names in `tavs help`: what is described under the heading after the usage."""
    return [line.split()[0] for line in text.split("\n\n")[2].splitlines()[1:]]


def latin1():
    """An environment with a Danish ISO 8859-1 locale, made here: Debian installs none by default."""
    folder = Path(tempfile.mkdtemp(prefix="tavs-locale-"))
    unittest.addModuleCleanup(shutil.rmtree, folder)
    charmap = Path("/usr/share/i18n/charmaps/ISO-8859-1.gz")
    if shutil.which("localedef") is None or not charmap.exists():
        raise unittest.SkipTest("no localedef or its sources: Debian package locales")
    (folder / "charmap").write_bytes(gzip.decompress(charmap.read_bytes()))
    subprocess.run(["localedef", "-i", "da_DK", "-f", folder / "charmap", folder / "da_DK.ISO-8859-1"],
                   capture_output=True, check=False)
    return {"LC_ALL": "da_DK.ISO-8859-1", "LOCPATH": str(folder)}


@without_sanitizer
class Catalogue(unittest.TestCase):
    def test_nothing_is_untranslated_fuzzy_or_obsolete(self):
        untranslated = [message.text for message in catalogue.read(PO)
                        if message.text is not None and not all(message.translations)]
        self.assertEqual([], untranslated)
        self.assertNotRegex(PO.read_text(), r"(?m)^#,.*fuzzy|^#~")

    def test_the_tools_have_nothing_against_it(self):
        checked = subprocess.run(["msgfmt", "--check", "--verbose", "-o", "/dev/null", PO], capture_output=True,
                                 text=True, check=False)
        self.assertRegex(checked.stderr, r"^\d+ translated messages\.\n$")

    def test_it_is_up_to_date_with_the_sources(self):
        """Else: make po, and translate what is new."""
        with tempfile.TemporaryDirectory(prefix="tavs-") as folder:
            env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
            made = subprocess.run(["make", "-s", "-C", ROOT, f"BUILD={folder}", "check-po"], env=env,
                                  capture_output=True, text=True, check=False)
        self.assertEqual((0, ""), (made.returncode, made.stdout), made.stderr)

    def test_what_is_put_into_a_text_is_the_same(self):
        """In the same order, too: msgfmt lets %2$s pass, and looks only at what is marked as a format."""
        for message in catalogue.read(PO):
            for original in filter(None, (message.text, message.plural)):
                for translation in message.translations:
                    with self.subTest(original):
                        self.assertEqual(catalogue.CONVERSION.findall(original),
                                         catalogue.CONVERSION.findall(translation))

    def test_the_program_is_not_built_with_others(self):
        """Each text may be a format, and the compiler sees the original only."""
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        maker = BUILD / "gen/make_translations"
        for entry, fits in (('msgid "%s of %5d"\nmsgstr "%-9s af %d"', True), ('msgid "50 %%"\nmsgstr "50 %%"', True),
                            ('msgid "%s"\nmsgstr "%d"', False), ('msgid "a"\nmsgstr "%n"', False),
                            ('msgid "%s"\nmsgstr "a"', False), ('msgid "%s %u"\nmsgstr "%u %s"', False),
                            ('msgid "%s %u"\nmsgstr "%2$u %1$s"', False), ('msgid "%lld"\nmsgstr "%d"', False),
                            ('msgid "%*s"\nmsgstr "%s"', False), ('msgid "%s"\nmsgstr "%s %s"', False),
                            ('msgid "%d a"\nmsgid_plural "%d b"\nmsgstr[0] "%d"\nmsgstr[1] "%s"', False)):
            with self.subTest(entry), tempfile.TemporaryDirectory(prefix="tavs-") as folder:
                made = Path(folder) / "a.mo"
                subprocess.run(["msgfmt", "--endianness=little", "-o", made, "-"], input=f"{head}\n{entry}\n", text=True,
                               check=True)
                with open(made, "rb") as stream:
                    result = subprocess.run([maker], stdin=stream, capture_output=True, text=True, check=False)
                self.assertEqual(fits, result.returncode == 0, result.stderr)
                self.assertEqual(fits, "other conversions" not in result.stderr)

    def test_what_could_not_be_read_or_written_is_a_thing(self):
        """"writing the store could not be read or written" is no sentence in any language."""
        doing = re.compile(r'base_fail_(?:os|write)\([^;]*?_\("(\w+ing\b[^"]*)"', re.DOTALL)
        self.assertEqual([], [(file.name, text) for file in sorted((ROOT / "src").rglob("*.c"))
                              for text in doing.findall(file.read_text())])

    def test_numbers_have_words_that_fit_them(self):
        """Where one noun follows a number it has a form for one, or the number is never one."""
        never_one = re.compile(r"%u MiB, %u passes|%d rows or more|%llu bits|%llu of %llu bytes")
        counted = re.compile(r"%(?:l|ll|z)?[ud] (?:\w+ )?(?:rows|stores|files|figures|tallies|requirements|contacts|releases|"
                             r"records|months|places|cells|passes|devices|bytes|bits|sheets|columns|pages)\b")
        self.assertEqual([], [message.text for message in catalogue.read(PO) if message.text and not message.plural
                              and counted.search(never_one.sub("", message.text))])

    def test_options_and_commands_are_not_translated(self):
        for message in catalogue.read(PO):
            if not message.text:
                continue
            for translation in message.translations:
                with self.subTest(message.text):
                    self.assertEqual(set(re.findall(r"--[a-z-]+", message.text)),
                                     set(re.findall(r"--[a-z-]+", translation)))
                    self.assertEqual(set(re.findall(r"'tavs (\w+)", message.text)),
                                     set(re.findall(r"'tavs (\w+)", translation)))

    def test_lines_are_no_longer_than_those_of_the_sources(self):
        for message in catalogue.read(PO):
            if message.text and "\n" in message.text.strip():
                wide = any(len(line) > SCREEN for line in message.text.splitlines())
                for line in "".join(message.translations).splitlines():
                    self.assertLessEqual(len(line), HELP_PAGE if wide else SCREEN, line)


@without_sanitizer
class Help(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.commands = commands_of(cls.place.done("help"))

    def examples(self, text, heading):
        lines = text.split(f"\n{heading}:\n")[1].split("\n\n")[0].splitlines()
        found = [shlex.split(re.split(r"  +", line.strip())[0])[1:] for line in lines if line.startswith("  tavs ")]
        return found

    def test_the_same_commands_options_and_examples(self):
        """An example may have Danish words in place of English ones."""
        self.assertEqual(self.commands, commands_of(self.place.done("help", "--lang", "da")))
        option = re.compile(r"(?m)^  -(\w), --([\w-]+)")
        for name in self.commands:
            english, danish = (self.place.done("help", name, "--lang", language) for language in ("en", "da"))
            self.assertEqual(option.findall(english), option.findall(danish))
            pairs = list(zip(self.examples(english, "examples"), self.examples(danish, "eksempler"), strict=True))
            self.assertTrue(pairs)
            for one, other in pairs:
                for text in (one, other):
                    self.assertEqual(name, text[0])
                self.assertEqual([word for word in one if word.startswith("-")],
                                 [word for word in other if word.startswith("-")])
                self.assertEqual(len(one), len(other), other)

    def test_danish_examples_count_what_the_english_ones_count(self):
        place = Place.for_test(self)
        place.init()
        for name in ("log", "retract"):
            for language, heading in (("en", "examples"), ("da", "eksempler")):
                for words in self.examples(place.done("help", name, "--lang", language), heading):
                    if len(words) > 1:
                        result = place.tavs(*words, "--lang", language, "--month", "2026-01")
                        self.assertEqual(DONE, result.status, result)
        english = Place.for_test(self)
        english.init()
        for name in ("log", "retract"):
            for words in self.examples(english.done("help", name), "examples"):
                if len(words) > 1:
                    for _ in range(2):
                        english.done(*words, "--month", "2026-01")
        self.assertEqual(english.counts("2026-01"), place.counts("2026-01"))

    def test_how_to_count(self):
        text = self.place.done("help", "log", "--lang", "da")
        self.assertEqual((GOLDEN / "help-log.da.txt").read_text(), text)

    def test_columns_line_up(self):
        for line in self.place.done("help", "log", "--lang", "da").split("\nvalg:\n")[1].splitlines():
            self.assertRegex(line, r"^  -\w, .{26} \S")


class Language(PlaceTest):
    """The words that are taken and the texts that are given are of one language, which is chosen once."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init("--channels", "phone")

    def assert_speaks(self, language, *options, **more):
        """A letter that means something else in each, a month and what the program says of itself."""
        result = self.place.tavs(*options, "log", "phone", "pår" if language == "da" else "rel", "--month", "2011-05",
                                 **more)
        self.assertEqual(DONE, result.status, result)
        self.assertEqual({"da": "Optalt: telefon, pårørende, 1. samtale, maj 2011\n",
                          "en": "Counted: phone, relative, 1st conversation, May 2011\n"}[language], result.err)

    def test_of_the_locale(self):
        """Whether or not it is installed; LANGUAGE goes before it, but for the locale C, as with gettext."""
        unset = {"LC_ALL": None}
        for language, env in (
                ("da", unset | {"LANG": "da_DK.UTF-8"}), ("en", unset | {"LANG": "en_US.UTF-8"}),
                ("da", unset | {"LANG": "C.UTF-8", "LC_MESSAGES": "da_DK.UTF-8"}),
                ("en", unset | {"LANG": "da_DK.UTF-8", "LC_ALL": "C.UTF-8"}),
                ("en", unset), ("en", {"LC_ALL": "POSIX"}), ("en", {"LC_ALL": "C"}),
                ("da", unset | {"LANG": "en_US.UTF-8", "LANGUAGE": "da"}),
                ("da", unset | {"LANG": "en_US.UTF-8", "LANGUAGE": "fo:da_DK:en"}),
                ("en", unset | {"LANG": "da_DK.UTF-8", "LANGUAGE": "en_GB:da"}),
                ("en", unset | {"LANG": "da_DK.UTF-8", "LANGUAGE": "sv"}),
                ("da", unset | {"LANG": "da_DK.UTF-8", "LANGUAGE": ""}),
                ("en", {"LC_ALL": "C", "LANGUAGE": "da"}), ("en", {"LC_ALL": "C.UTF-8", "LANGUAGE": "da"})):
            with self.subTest(env):
                self.assert_speaks(language, env=env)

    def test_that_is_asked_for(self):
        for env in ({"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": None}, {"LC_ALL": "en_US.UTF-8"},
                    {"LC_ALL": "da_DK.UTF-8"}, {"LC_ALL": "C", "LANGUAGE": "en"},
                    {"LC_ALL": "da_DK.UTF-8", "LANGUAGE": "de"}):
            for language in ("da", "en"):
                with self.subTest(env=env, language=language):
                    self.assert_speaks(language, "--lang", language, env=env)

    def test_what_is_wrong_is_said_in_the_language_that_is_asked_for(self):
        for words, message in ((("--lang", "da", "--nothing"), "der er ikke noget valg '--nothing' her"),
                               (("--lang", "da", "nothing"), "der er ingen kommando 'nothing'"),
                               (("log", "--lang", "da", "--month"), "valget '--month' mangler en værdi"),
                               (("log", "--lang=da", "hund", "bruger"), "'hund' er ikke en kanal")):
            self.assert_refused(self.place, WRONG_USE, f"{message}$", *words, language="da")

    def test_the_systems_errors(self):
        result = self.place.tavs("backup", "missing/copy.mdb", "--lang", "da")
        self.assertEqual(SYSTEM, result.status)
        self.assertIn("filen eller mappen findes ikke\n", result.err)

    def test_where_there_is_nothing_but_the_program(self):
        """No locale, and no file of translations beside it or where it is installed."""
        alone = self.place.folder / "alone"
        (alone / "no-locales").mkdir(parents=True)
        shutil.copy(PROGRAM, alone / "tavs")
        for words, env in (([], {"LC_ALL": "da_DK.UTF-8"}), (["--lang", "da"], {"LC_ALL": "C.UTF-8"})):
            result = self.place.tavs(
                command=[alone / "tavs", "--store", self.place.store, *words, "log", "t", "pår", "-m", "2011-06"],
                env=env | {"LOCPATH": str(alone / "no-locales")})
            self.assertEqual((DONE, "Optalt: telefon, pårørende, 1. samtale, juni 2011\n"), (result.status, result.err))


class Charset(PlaceTest):
    """Danish letters are written in the charset of the reader's locale; data are in UTF-8."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.place.init("--channels", "phone", "--parties", "relative")
        cls.place.done("log", "phone", "relative", "--month", "2011-05")

    def bytes_of(self, *words, env):
        run = subprocess.run(self.place.command(*words), env=self.place.env | env, capture_output=True,
                             start_new_session=True, check=False, cwd=self.place.work)
        return run.stdout, run.stderr

    def test_messages_and_texts(self):
        for env, charset in (({"LC_ALL": "C.UTF-8"}, "utf-8"), ({"LC_ALL": "C"}, "utf-8"), (latin1(), "latin-1"),
                             ({"LC_ALL": "da_DK.UTF-8"}, "utf-8")):
            with self.subTest(env):
                self.assertIn("tæl en henvendelse".encode(charset), self.bytes_of("help", "--lang=da", env=env)[0])
                self.assertIn("råd: 'tavs help' viser".encode(charset), self.bytes_of("x", "--lang=da", env=env)[1])
                show = self.bytes_of("show", "2011", "--lang=da", self.place.key, env=env)
                self.assertIn("\ntelefon           pårørende".encode(charset), show[0])
                self.assertIn("fingeraftryk", show[1].decode(charset))

    def test_a_terminal_in_ascii_gets_what_can_be_read_there(self):
        for words in (["x", "--lang", "da"], ["help", "--lang", "da"]):
            with Terminal(self.place.command(*words), env=self.place.env | {"LC_ALL": "C"},
                          output="terminal") as terminal:
                terminal.fate()
                text = terminal.settle(0.05).decode("ascii")
            self.assertIn("raad: 'tavs help' viser" if words[0] == "x" else "tael en henvendelse", text)

    def test_data_and_files(self):
        for words in (["export", "2011-05", "--exact"], ["export", "2011-05", "--exact", "-f", "json"],
                      ["report", "2011", "--exact", "-f", "json"], ["report", "2011", "--exact", "-f", "markdown"]):
            plain, here = (self.bytes_of(*words, "--lang=da", self.place.key, env=env)[0]
                           for env in ({"LC_ALL": "C.UTF-8"}, latin1()))
            self.assertEqual(plain, here)
            self.assertTrue(plain)
        self.bytes_of("report", "2011", "--exact", "--lang=da", "-o", "report.txt", self.place.key, env=latin1())
        self.assertIn("Pårørende", (self.place.work / "report.txt").read_text(encoding="utf-8"))

    def test_codes_are_the_same_in_every_language(self):
        for words in (["export", "2011-05", "--exact"], ["audit", "-f", "json"]):
            texts = [self.place.done(*words, "--lang", language, self.place.key) for language in ("en", "da")]
            if words[0] == "export":
                self.assertEqual(*texts)
            else:
                english, danish = map(json.loads, texts)
                self.assertEqual([row["class"] for row in english["account"]],
                                 [row["class"] for row in danish["account"]])


@without_sanitizer
class Marked(PlaceTest):
    """A catalogue that puts marks around every text: what people see without marks could not be translated."""

    # Not texts: names of commands and formats, what stands for itself, and the codebook's words, which are in
    # both languages in the program.
    NAMES = re.compile(
        r"\[?(tavs|csv|json|da\|en|N|MiB|CPR|XDG_\w+|personlig|telefon|mail|hjemmeside|bruger|pårørende|fagperson|"
        r"samtale)\]?")

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        folder = cls.place.folder / "marked"
        folder.mkdir()
        for part in Path(PROGRAM).parent.glob("tavs-*.so"):
            shutil.copy(part, folder)
        cls.program = folder / "tavs"
        cls.build_marked(folder)
        cls.commands = commands_of(cls.place.done("help"))
        cls.place.init("--channels", "in-person,phone")
        cls.place.done("log", "--month", "2011-05", "--count", "7", "phone", "relative")
        cls.place.done("retract", "--month", "2011-06", "in-person", "user", "2")

    @staticmethod
    def build_marked(folder):
        """The program as it was built, but for the translations."""
        flags = (BUILD / "flags").read_text().split()
        shutil.copytree(BUILD / "src", folder / "src")
        shutil.copytree(BUILD / "gen", folder / "gen")
        shutil.copy2(BUILD / "libtavs.a", folder)
        shutil.copy2(BUILD / "flags", folder)

        def make(*goals):
            env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
            made = subprocess.run(
                ["make", "-s", "-C", ROOT, f"BUILD={folder}", f"CC={flags[0]}",
                 *(["WERROR=1"] if "-Werror" in flags else []), *(f"{folder}/{goal}" for goal in goals)],
                env=env, capture_output=True, text=True, check=False)
            if made.returncode:
                raise AssertionError(made.stderr)

        make("tavs.pot")
        catalogue.write_marked(folder / "tavs.pot", folder / "gen/danish.mo")
        (folder / "src/base/translations.o").unlink()
        make("tavs")

    def unmarked(self, text):
        """Words outside all marks that are no names, paths, numbers or options."""
        depth, rest = 0, []
        for part in re.split(f"([{catalogue.BEGIN}{catalogue.END}])", text):
            if part in (catalogue.BEGIN, catalogue.END):
                depth += 1 if part == catalogue.BEGIN else -1
            elif depth == 0:
                rest.append(part)
        self.assertEqual(0, depth, text)
        words = [word.strip(",:()'|\"–.…×") for word in " ".join(rest).split()]
        return [word for word in words if re.search(r"[^\W\d_]{2}", word) and not word.startswith("-")
                and "/" not in word and not re.search(r"\d", word) and not re.fullmatch(r"[0-9a-f]+", word)
                and word not in self.commands and not self.NAMES.fullmatch(word)]

    def tavs(self, *words, **more):
        return self.place.tavs(command=[self.program, "--store", self.place.store, "--lang", "da", *words], **more)

    def assert_marked(self, *words, **more):
        result = self.tavs(*words, **more)
        text = result.out + result.err
        self.assertIn(catalogue.BEGIN, text)
        self.assertEqual([], self.unmarked(text), f"{words}: {text}")
        return result

    def test_help(self):
        self.assert_marked("help")
        for name in self.commands:
            self.assert_marked("help", name)
        self.assert_marked("version", "--verbose")

    def test_messages(self):
        for line, _message, _hint in test_count.BadInput.CASES:
            words = ["" if word == "''" else word for word in line.replace("NEXT", "2199-12").split()]
            if "fr" in words:
                continue  # a language that there is not is not what is spoken
            self.assertEqual([], self.unmarked(self.tavs(*words).err), line)

    def test_counting(self):
        for words in (["log", "phone", "pår", "2"], ["retract", "--count", "2", "phone", "pår"]):
            self.assert_marked(*words, "--month", "2011-05")

    def test_tables(self):
        for words in (["show", "2011"], ["show", "2011-Q2", "--by", "month,party"], ["report", "2011", "--exact"],
                      ["report", "2011", "2012", "--exact"], ["report", "2011", "--exact", "-f", "markdown"]):
            self.assert_marked(*words, self.place.key)

    def test_html(self):
        text = self.tavs("report", "2011", "2012", "--exact", "-f", "html", self.place.key).out
        self.assertIn("</svg>", text)
        text = re.sub(r"(?s)<style>.*?</style>", "", text)
        labels = re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text)
        text = html.unescape(re.sub(r"<[^>]*>", "\n", text))
        text = re.sub(rf"(?m)^{catalogue.BEGIN}\w\w$", "", text)  # a month's first letters, under its bar
        self.assertEqual([], self.unmarked("\n".join([text, *labels])))

    def test_months(self):
        for words in (["close"], ["close", "2011-05", self.place.key], ["close", "2011-04", self.place.key],
                      ["reopen", "2000-01", self.place.key], ["reopen", "2000-01", self.place.key]):
            self.assert_marked(*words)

    def test_publishing(self):
        """In a store of its own: what is published can't be taken back."""
        place = Place.for_test(self)
        place.init("--channels", "in-person,phone")
        for channel, party, session, count in (("phone", "relative", 1, 40), ("in-person", "user", 1, 30),
                                               ("phone", "relative", 2, 9)):
            place.done("log", "--month", "2011-05", "--count", count, channel, party, session)
        folder = ["-o", place.work, "-f", "text,html"]

        def check(*words, status=DONE):
            result = place.tavs(command=[self.program, "--store", place.store, "--lang", "da", *words, place.key])
            self.assertEqual(status, result.status, result)
            self.assertEqual([], self.unmarked(result.out + result.err), words)

        check("publish", "2011", *folder, "--yes", status=WRONG_USE)  # it is open
        check("report", "2011", "--explain")
        check("close", "2011-12")
        check("publish", "2011", *folder, "--explain", "--yes")
        check("threshold")
        check("threshold", "4", status=WRONG_USE)
        check("release", "list")
        check("release", "show", "1")
        check("release", "show", "2", status=WRONG_USE)
        check("publish", "--correct", "--yes", status=WRONG_USE)  # nothing to correct
        check("reopen", "2011-05", "--yes")
        place.done("log", "--month", "2011-05", "phone", "relative")
        check("close", "2011-12")
        check("report", "2011")
        check("release", "list")
        check("publish", "2011-Q2", *folder, "--yes", status=WRONG_USE)
        check("publish", "--correct", *folder, "--yes")
        check("publish", "--again", "2", *folder, "--force")
        text = (place.work / "tavs-2011-edition-2.txt").read_text()
        self.assertEqual([], self.unmarked(text))

    def test_keys_and_machines(self):
        second = self.place.secret("second", "a second passphrase for tests")
        for words in (["key", "list"], ["key", "add", "-P", second, "-k", "interactive", self.place.key],
                      ["key", "remove", "2", self.place.key], ["device", "list"], ["device", "add", self.place.key],
                      ["offer"], ["backup", self.place.work / "copy.mdb"]):
            self.assert_marked(*words)
        (self.place.work / "copy.mdb").unlink()

    def test_creating(self):
        result = self.tavs("init", "-k", "interactive", self.place.key, "--store", self.place.work / "new.mdb")
        code = re.compile(r"(?:[0-9A-Z]{4}-){13}[0-9A-Z*~$=]")
        self.assertEqual([], self.unmarked(code.sub("", result.out) + result.err))

    def test_audit(self):
        self.assert_marked("audit", "--full", "--wash", self.place.key)
        history = self.place.folder / "home/.bash_history"
        history.write_text("tavs log phone user\n")
        self.assert_marked("audit", "--traces")
        history.unlink()
        damaged = self.place.work / "damaged.mdb"
        damaged.write_bytes(self.place.store.read_bytes() + b"x" * 100)
        damaged.chmod(0o600)
        self.assert_marked("audit", "--store", damaged)

    def test_import(self):
        file = self.place.work / "old.csv"
        for text, words in (("month,channel,party,session,count\n2010-03,phone,user,1,4\n", ["--yes"]),
                            ("month,channel,party,session,count\n2010-03,phone,user,1,4\n", ["--yes"]),
                            ("month,channel,party,session,count\n2010-03,phone,user,1,5\n", []),
                            ("month,channel,party,session,count\n2010-03,phone,user,1,0\n", ["--yes"]),
                            ("month,name,channel,party,session\n", ["--yes"]), ("month,channel\n", ["--yes"]),
                            ("month,channel,party,session\n2010,fax,aunt,6\n\n", ["--yes"])):
            file.write_text(text)
            self.assertEqual([], self.unmarked(self.tavs("import", *words, file).err), text)

    def test_scan(self):
        file = self.place.work / "sheet.csv"
        file.write_text("month,cpr,count\n2026-01,010180-1234,3\n")
        result = self.tavs("scan", file)
        self.assertEqual([], [word for word in self.unmarked(result.out) if word != "cpr"])

    def test_desk(self):
        with Terminal([self.program, "--store", self.place.store, "--lang", "da"], env=self.place.env | {
                "TERM": "dumb"}, output="terminal", columns=200) as terminal:
            for line in ("?", "t p 2", "f", "f", "t p 7", "t 9"):
                terminal.expect("> ")
                terminal.type(line.encode() + b"\r")
            terminal.expect("> ")
            terminal.type(b"\x15q\r")  # in place of what is put back to be mended
            terminal.fate()
            shown = terminal.settle(0.05).decode()
        self.assertEqual([], self.unmarked(shown))

    def test_at_a_terminal(self):
        with Terminal([self.program, "--store", self.place.store, "--lang", "da", "show"],
                      env=self.place.env, output="terminal") as terminal:
            terminal.expect(f"{catalogue.BEGIN}Passphrase:")
            terminal.type(b"\x04")
            terminal.fate()
            shown = terminal.settle(0.05).decode()
        self.assertEqual([], self.unmarked(f"{catalogue.BEGIN}{shown}"))


if __name__ == "__main__":
    unittest.main()
