"""A place to run tavs in: a folder of its own with a home, a store and a passphrase.

What a test sees is the program as a person has it: words, standard input, output and error, an exit status,
and files. The locale is C.UTF-8 unless a test says otherwise.
"""

import csv
import hashlib
import io
import os
import re
import stat
import subprocess
import tempfile
import time
import unittest
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from drivers import compile_once

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("TAVS_PROGRAM", str(ROOT / "build/tavs"))
BUILD = Path(os.environ.get("TAVS_BUILD", Path(PROGRAM).parent))
PASSPHRASE = "a passphrase only for tests"
PATIENCE = 120  # seconds for one command
DONE, WRONG_USE, REFUSED, WRONG_PASSPHRASE, SYSTEM, CANCELLED = 0, 2, 3, 4, 5, 130

# Kept apart from the place: what a test sets, and what would change what the program says.
DROPPED = ("LANG", "LANGUAGE", "NO_COLOR", "MAKEFLAGS", "LD_PRELOAD")


# For libraries that stand in for no function that the sanitizers do, so that they may come before theirs.
BEFORE_ASAN = ":verify_asan_link_order=0"


class Result(NamedTuple):
    status: int
    out: str
    err: str


def is_built_with(flag):
    flags = BUILD / "flags"
    return flags.exists() and flag in flags.read_text()


def is_sanitized():
    return is_built_with("-fsanitize=")


def is_measured():
    """Whether the program counts what of it is reached: gcc's counters are in its memory, and it writes them into files
    as it ends."""
    return is_built_with("--coverage")


# For tests that run the program hundreds of times over, for what it says or how it was built: a build for finding
# errors of memory, several times as slow, shows nothing there that the other tests do not.
without_sanitizer = unittest.skipIf(is_sanitized(), "about texts and tools, not about memory")


def this_month():
    return time.strftime("%Y-%m")


def months_of(period):
    """Its first and last month."""
    if ".." in period:
        return period.split("..")
    if "Q" in period:
        year, quarter = period.split("-Q")
        return f"{year}-{3 * int(quarter) - 2:02}", f"{year}-{3 * int(quarter):02}"
    return (period, period) if "-" in period else (f"{period}-01", f"{period}-12")


MONTHS = {"en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December"),
          "da": ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
                 "november", "december")}


def in_words(month, language="en"):
    """2026-11 as people write it: November 2026."""
    year, number = month.split("-")
    return f"{MONTHS[language][int(number) - 1]} {year}"


class Place:
    """A folder with everything. `on` gives the same folder as another machine sees it.

    Places of a test class give their stores a key from a passphrase that costs next to nothing, by a library that
    is preloaded: most of the tests' time would be that, a tenth of a second each time. A class that says
    `real_passphrases = True` has them as people have.

    Their stores' keys follow from the test's name and how many stores it made before, by another such library: which
    figures are hidden by lot depends on them, and a test must not come out by luck. TAVS_TESTS_SEED=WORD draws others.
    """

    stores = Counter()  # of each seed, how many were made

    def __init__(self, folder):
        self.folder = Path(folder)
        self.seed = None
        self.store = self.folder / "work/tavs.mdb"
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("XDG_", "LC_", "TAVS_")) and name not in DROPPED}
        self.env["LC_ALL"] = "C.UTF-8"
        for name, part in (("HOME", "home"), ("TMPDIR", "tmp"), ("XDG_STATE_HOME", "state"),
                           ("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"),
                           ("XDG_CACHE_HOME", "cache"), ("XDG_RUNTIME_DIR", "run")):
            self.env[name] = str(self.folder / part)
            (self.folder / part).mkdir(exist_ok=True)
        self.work = self.folder / "work"
        self.work.mkdir(exist_ok=True)
        self.passphrase_file = self.secret("passphrase", PASSPHRASE)
        self.key = f"--passphrase-file={self.passphrase_file}"

    @classmethod
    def for_class(cls, test_class):
        folder = tempfile.TemporaryDirectory(prefix="tavs-")
        test_class.addClassCleanup(folder.cleanup)
        return cls(folder.name).for_tests_of(test_class, test_class.__qualname__)

    @classmethod
    def for_test(cls, test):
        folder = tempfile.TemporaryDirectory(prefix="tavs-")
        test.addCleanup(folder.cleanup)
        return cls(folder.name).for_tests_of(type(test), test.id().removeprefix("__main__."))

    def for_tests_of(self, test_class, seed):
        self.seed = f"{seed} {os.environ.get('TAVS_TESTS_SEED', '')}"
        return self if test_class.real_passphrases else self.with_cheap_passphrases()

    def with_cheap_passphrases(self):
        self.env["LD_PRELOAD"] = str(compile_once(BUILD, "cheap_pwhash_shim"))
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + BEFORE_ASAN
        return self

    def with_seeded_keys(self, env):
        """What `tavs init` must have besides in its environment."""
        Place.stores[self.seed] += 1
        return {"LD_PRELOAD": ":".join([str(compile_once(BUILD, "seeded_random_shim")), env.get("LD_PRELOAD", "")]),
                "RANDOM_SEED": f"{self.seed} {Place.stores[self.seed]}",
                "ASAN_OPTIONS": env.get("ASAN_OPTIONS", "") + BEFORE_ASAN}

    def preloading(self, *libraries):
        """LD_PRELOAD with these before what is there."""
        return ":".join(map(str, [*libraries, *self.env.get("LD_PRELOAD", "").split()]))

    def on(self, machine):
        """The same store and passphrases, on another machine."""
        other = object.__new__(Place)
        other.__dict__.update(self.__dict__)
        other.env = self.env | {"XDG_STATE_HOME": str(self.folder / f"state-{machine}")}
        return other

    def secret(self, name, text):
        """A file that holds `text` on its first line, for --passphrase-file."""
        folder = self.folder / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / name
        file.write_text(text + "\n")
        file.chmod(0o600)
        return file

    # ---- running ----

    def command(self, *words):
        """The place's own store, unless the words name others."""
        own = [] if "--store" in words else ["--store", str(self.store)]
        return [PROGRAM, *own, *map(str, words)]

    def tavs(self, *words, given="", env=None, command=None):
        """Runs a command without a terminal; `env` changes variables, None takes one away."""
        full = dict(self.env)
        for name, value in (env or {}).items():
            full.pop(name, None)
            if value is not None:
                full[name] = value
        if words[:1] == ("init",) and self.seed:
            full |= self.with_seeded_keys(full)
        result = subprocess.run(command or self.command(*words), env=full, cwd=self.work,
                                input=given.encode(), capture_output=True, timeout=PATIENCE, check=False,
                                start_new_session=True)
        return Result(result.returncode, result.stdout.decode(), result.stderr.decode())

    def done(self, *words, **more):
        """Runs a command that must work; gives what it prints."""
        result = self.tavs(*words, **more)
        if result.status != DONE:
            raise AssertionError(f"tavs {' '.join(map(str, words))}: {result}")
        return result.out

    def init(self, *words):
        return self.done("init", "--kdf", "interactive", self.key, *words)

    def import_rows(self, rows, store=None):
        """Counts what the rows (month, channel, party, session, count) say."""
        table = self.folder / "tmp/table.csv"
        table.write_text("month,channel,party,session,count\n" +
                         "".join(",".join(map(str, row)) + "\n" for row in rows))
        self.done(*(["--store", store] if store else []), "import", "--yes", "--again", "--quiet", table)
        table.unlink()

    def publish(self, *words, folder="out", **more):
        """Publishes without asking, into a folder beside the store; gives the result."""
        (self.work / folder).mkdir(exist_ok=True)
        return self.tavs("publish", *words, "-o", folder, "--yes", self.key, **more)

    def published(self, *words, **more):
        """The same where it must work; gives what was said."""
        result = self.publish(*words, **more)
        if (result.status, result.out) != (DONE, ""):
            raise AssertionError(f"tavs publish {' '.join(map(str, words))}: {result}")
        return result.err

    def counts(self, period):
        """(month, channel, party, session) -> what is counted, without the zeros."""
        found = Counter()
        for row in csv.DictReader(io.StringIO(self.done("export", period, "--exact", self.key))):
            if int(row["count"]) != 0:
                found[row["period"], row["channel"], row["party"], int(row["session"])] += int(row["count"])
        return found

    # ---- files ----

    def device_file(self):
        [file] = (Path(self.env["XDG_STATE_HOME"]) / "tavs").glob("*.device")
        return file

    def known_file(self):
        [file] = (Path(self.env["XDG_STATE_HOME"]) / "tavs").glob("*.known")
        return file

    def tree(self):
        """path -> what there is to know of it, for everything in the folder."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            status = path.lstat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(status.st_mode) else ""
            found[str(path.relative_to(self.folder))] = (oct(status.st_mode), status.st_size,
                                                         status.st_mtime_ns, digest)
        return found

    def names(self):
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


class PlaceTest(unittest.TestCase):
    """With what several test files check."""

    maxDiff = None
    real_passphrases = False  # class Place says what that is

    def assert_complaint(self, result, status, message, hint=None, language="en"):
        """Exit status, one line that says what failed, one that says how to mend it; no data."""
        self.assertEqual(status, result.status, result)
        self.assertEqual("", result.out)
        complaint, advice = ["", "", *result.err.splitlines()][-2:]
        self.assertRegex(complaint, f"^tavs: {message}")
        self.assertRegex(advice, f"^{'råd' if language == 'da' else 'hint'}: {hint or '.'}")

    def assert_refused(self, place, status, message, *words, hint=None, language="en", **more):
        """The same, and nothing at all was written."""
        before = place.tree()
        result = place.tavs(*words, **more)
        self.assert_complaint(result, status, message, hint, language)
        self.assertEqual(before, place.tree())
        return result

    def assert_nothing_left_in_the_store(self, place):
        """Every byte is accounted for, every signature holds: nothing outdated is left in the file."""
        result = place.tavs("audit")
        self.assertEqual(DONE, result.status, result.out)


def fingerprint_of(text):
    return re.search(r"(?:[0-9a-f]{4} ){9}[0-9a-f]{4}", text)[0]


def recovery_code_of(text):
    return re.search(r"(?:[0-9A-Z]{4}-){13}[0-9A-Z*~$=]", text)[0]
