"""What the program's memory holds in the end: no passphrase, no key, no count.

tests/drivers/memory_shim.c is preloaded and writes the memory down.
"""

import os
import re
import resource
import shutil
import struct
import unicodedata
import unittest

from formats import format_module, seed_of
from place import DONE, Place, PlaceTest, is_measured, recovery_code_of
from shims import compile_shim
from terminal import Terminal

MONTH = "2010-01"
FOUND = 1
PASSPHRASE, NEW = "Zwölf Boxkämpfer jagen", "quick zephyrs blow, vexing"  # no words of the program's own
COUNTS = (9173, 8311)  # of two neighbouring cells
MAY_LOCK = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] >= 8 << 20 or os.geteuid() == 0
PIECE = 8  # bytes: what is looked for of a secret, wherever it begins


def pieces(name, secret):
    return {f"{name}, from byte {at}": secret[at:at + PIECE] for at in range(len(secret) - PIECE + 1)}


class Memory:
    """What the shim wrote down."""

    def __init__(self, file):
        content = file.read_bytes()
        file.unlink()
        self.first, content = content.split(b"\n", 1)
        self.regions = []
        while content:
            head, content = content.split(b"\n", 1)
            place, _, name = head.partition(b" ")
            begin, end = (int(number, 16) for number in place.split(b"-"))
            self.regions.append((name.decode() or "anonymous", content[:end - begin]))
            content = content[end - begin:]

    def find(self, patterns):
        """The names of what is found, and where."""
        return sorted({f"{what} in {name}" for name, content in self.regions
                       for what, pattern in patterns.items() if pattern in content})

    def find_number(self, number):
        """As a 64-bit number where one may stand. In a build that counts what is reached there are thousands of
        numbers, summed up over all runs: by chance any may be among them."""
        if is_measured():
            return []
        pattern = struct.pack("<q", number)
        return [name for name, content in self.regions
                if any(match.start() % 8 == 0 for match in re.finditer(re.escape(pattern), content))]


class AtItsEnd(PlaceTest):
    real_passphrases = True

    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("memory_shim")
        cls.place = Place.for_class(cls)
        cls.dump = cls.place.folder / "dump"
        cls.new = cls.place.secret("new", NEW)
        cls.place.secret("passphrase", PASSPHRASE)
        cls.code = recovery_code_of(cls.place.init())
        cls.device = cls.place.device_file().read_bytes()[56:88]
        cls.code_file = cls.place.secret("code", cls.code)
        for session, count in enumerate(COUNTS, 2):
            for part in [1000] * (count // 1000) + [count % 1000]:
                cls.place.done("log", "--month", MONTH, "--count", part, "phone", "relative", session)
        cls.secrets = cls.secrets_of(cls.code) | pieces("passphrase", PASSPHRASE.encode()) | \
            pieces("new passphrase", NEW.encode())

    @classmethod
    def secrets_of(cls, code):
        """The recovery code and everything that follows from it: docs/format.md, section 3."""
        make = format_module()
        seed = seed_of(code)
        expanded = make.hashlib.sha512(make.subkey(seed, 2, 32)).digest()
        scalar = int.from_bytes(make.subkey(seed, 1, 64), "little") % make.ORDER
        return (pieces("recovery code", code.encode()) | pieces("recovery code", code.replace("-", "").encode()) |
                pieces("seed", seed) | pieces("scalar before it is reduced", make.subkey(seed, 1, 64)) |
                pieces("scalar", scalar.to_bytes(32, "little")) | pieces("signing seed", make.subkey(seed, 2, 32)) |
                pieces("signing key", expanded))

    def end_of(self, *words, place=None, status=DONE, **env):
        """Runs a command; gives its result and its memory."""
        self.dump.unlink(missing_ok=True)
        result = (place or self.place).tavs(*words, env={"LD_PRELOAD": self.shim, "MEMORY_DUMP": str(self.dump)} | env)
        self.assertEqual(status, result.status, result)
        return result, Memory(self.dump)

    def assert_clean(self, *words, secrets=None, place=None):
        result, memory = self.end_of(*words, place=place)
        self.assertEqual([], memory.find(secrets or self.secrets), words)
        self.assert_kept_in(memory)
        return result, memory

    def assert_kept_in(self, memory):
        """No dump, no debugger, and guarded memory that was never swapped."""
        self.assertRegex(memory.first, b"^dumpable 0 core 0 locked ")
        locked, unlocked = map(int, re.findall(rb"locked (\d+)", memory.first))
        if MAY_LOCK:
            self.assertEqual(0, unlocked)
        return locked

    def assert_no_counts(self, memory, out):
        """Neither as numbers nor in a line that was printed, nor in a piece of one."""
        numbers = (*COUNTS, sum(COUNTS))
        found = [f"{number} as a number in {name}" for number in numbers for name in memory.find_number(number)]
        said = {text for number in numbers for text in (str(number), f"{number:,}")}
        lines = [line for line in out.splitlines() if any(text in line for text in said)]
        around = {text for number in said for text in (f",{number},", f"  {number}", f": {number}", f"| {number} |")}
        self.assertEqual([], found + memory.find({text: text.encode() for text in [*around, *lines]}))

    def test_what_is_planted_is_found(self):
        _result, memory = self.end_of("key", "list", MEMORY_PLANT=PASSPHRASE)
        found = memory.find(self.secrets)
        for name in ("[heap]", "[stack]"):
            self.assertEqual(len(PASSPHRASE.encode()) - PIECE + 1,
                             sum(line.endswith(f" in {name}") for line in found))
        _result, memory = self.end_of("key", "list", MEMORY_PLANT=f"|  {COUNTS[0]}")
        with self.assertRaises(AssertionError):
            self.assert_no_counts(memory, "")

    def test_init(self):
        store = self.place.work / "new.mdb"
        result, memory = self.end_of("--store", store, "init", "-k", "interactive", self.place.key)
        store.unlink()
        code = recovery_code_of(result.out)
        self.assertEqual([], memory.find(self.secrets_of(code) | pieces("passphrase", PASSPHRASE.encode())))

    def test_show(self):
        result, memory = self.assert_clean("show", MONTH, self.place.key)
        self.assertIn(str(COUNTS[0]), result.out)
        self.assert_no_counts(memory, result.out)
        self.assertTrue(self.assert_kept_in(memory) > 1 or not MAY_LOCK)  # the passphrase, the key

    def test_a_passphrase_whose_letters_are_in_parts(self):
        """It is composed, by a library that is loaded for it."""
        parts = unicodedata.normalize("NFD", PASSPHRASE) + "\u00a0"
        self.assertNotEqual(PASSPHRASE, parts)
        file = self.place.secret("parts", parts)
        secrets = self.secrets | pieces("parts", parts.encode())
        # What libunistring works on: numbers of characters, with or without their classes.
        for width in (4, 8):
            secrets |= {f"numbers {width}": b"".join(ord(letter).to_bytes(4, "little") + bytes(width - 4)
                                                     for letter in PASSPHRASE[:4])}
        self.assert_clean("show", MONTH, "-p", file, secrets=secrets)

    def test_report_and_export(self):
        for words in (["report", "2010"], ["report", "2010", "-f", "json"], ["report", "2010", "-f", "markdown"],
                      ["report", "2010", "-f", "html"],
                      ["export", "2010"], ["export", "2010", "-f", "json"], ["export", "2010", "--excel"],
                      ["show", "2010", "--by", "session"]):
            result, memory = self.assert_clean(*words, *(["--exact"] if words[0] != "show" else []), self.place.key)
            with self.subTest(words):
                self.assertIn(str(COUNTS[0]), result.out)
                self.assert_no_counts(memory, result.out)

    def test_publishing(self):
        """What is published is public; until then, and of what is hidden, it is not. The lots' key is the store's."""
        store = self.place.work / "published.mdb"
        code = recovery_code_of(self.place.done("init", "-k", "interactive", self.place.key, "--store", store))
        self.addCleanup(store.unlink)
        self.place.import_rows([("2010-01", "phone", "relative", session, count) for session, count in
                                enumerate(COUNTS, 1)], store)
        self.place.done("close", "2010-12", self.place.key, "--store", store)
        (self.place.work / "out").mkdir()
        self.addCleanup(shutil.rmtree, self.place.work / "out")
        for words in (["report", "2010"], ["export", "2010", "-f", "json"], ["report", "2010", "--explain"],
                      ["publish", "2010", "-y", "-o", "out", "-f", "text,json,html,csv"],
                      ["publish", "--again", "1", "-o", "out", "-f", "markdown"], ["release", "show", "1"],
                      ["release", "list"]):
            with self.subTest(words):
                result, memory = self.assert_clean(*words, "--store", store, self.place.key,
                                                   secrets=self.secrets | self.secrets_of(code))
                self.assert_no_counts(memory, result.out)

    def test_two_places(self):
        """Nothing of the first store's key is left when the second is read, nor at the end."""
        store = self.place.work / "second.mdb"
        code = recovery_code_of(self.place.done("init", "-k", "interactive", "-p", self.new, "--store", store))
        self.addCleanup(store.unlink)
        for words in (["report", "2010", "2011"], ["export", "2010"]):
            result, memory = self.assert_clean(*words, "-x", "--store", self.place.store, "--store", store,
                                               self.place.key, "-p", self.new,
                                               secrets=self.secrets | self.secrets_of(code))
            with self.subTest(words):
                self.assertIn(str(COUNTS[0]), result.out)
                self.assert_no_counts(memory, result.out)

    def test_output_to_a_file(self):
        _result, memory = self.assert_clean("export", "2010", "-x", "-o", "file", self.place.key)
        self.assert_no_counts(memory, (self.place.work / "file").read_text())
        (self.place.work / "file").unlink()

    def test_workbook(self):
        """Its bytes are packed, so there is no line to look for; libxlsxwriter knows the figures as texts and as
        floating-point numbers."""
        for words in (["report", "2010"], ["export", "2010"]):
            _result, memory = self.assert_clean(*words, "-x", "-f", "xlsx", "-o", "file", self.place.key)
            (self.place.work / "file").unlink()
            self.assert_no_counts(memory, "")
            numbers = (*COUNTS, sum(COUNTS))
            found = {str(number): f">{number}<".encode() for number in numbers} | \
                {f"{number} as double": struct.pack("<d", number) for number in numbers}
            self.assertEqual([], memory.find(found))

    def test_key(self):
        self.assert_clean("key", "list")
        self.assert_clean("key", "add", "-k", "interactive", self.place.key, "-P", self.new)
        self.assert_clean("key", "change", "-k", "interactive", "-p", self.new, "-P", self.new)
        self.assert_clean("key", "remove", "2", self.place.key)
        self.assert_clean("key", "add", "-k", "interactive", "--recovery", "-p", self.code_file, "-P", self.new)
        self.assert_clean("key", "remove", "2", "--recovery", "-p", self.code_file)

    def test_offer_months_and_device(self):
        self.assert_clean("offer", "--channels", "in-person,phone,mail,web", self.place.key)
        self.assert_clean("close", "2009-12", self.place.key)
        self.assert_clean("reopen", "2009-12", self.place.key)
        self.assert_clean("device", "list")
        self.assert_clean("backup", "copy.mdb")
        (self.place.work / "copy.mdb").unlink()

    def test_log(self):
        """It never knew a key of the reader; what was counted is gone as well, also from its own arguments."""
        for words in (["log", "--month", "2012-02", "--count", "917", "phone", "relative", "2"],
                      ["retract", "--month=2012-02", "--count=917", "phone", "relative", "2"]):
            result, memory = self.assert_clean(*words, secrets=self.secrets | pieces("the device's key", self.device))
            self.assertIn("917 × phone, relative, 2nd conversation, February 2012", result.err)
            self.assertEqual([], memory.find({text: text.encode() for text in (
                "917 × phone", "phone, relative", "relative, 2nd", ", 2012-02", "2012-02", "February 2012",
                "phone\0relative",
                "\x00917\0", "=917")}))

    def test_audit(self):
        self.assert_clean("audit")
        self.assert_clean("audit", "--wash", secrets=self.secrets | pieces("the device's key", self.device))
        for form in ("text", "json"):
            # More second conversations than first ones: it says so with its status.
            result, memory = self.end_of("audit", "--full", "-f", form, self.place.key, status=FOUND)
            self.assertIn(str(sum(COUNTS)), result.out.replace(",", ""))
            self.assertEqual([], memory.find(self.secrets))
            self.assert_kept_in(memory)
            self.assert_no_counts(memory, result.out)

    def test_device(self):
        other = self.place.on("other")
        self.assert_clean("device", "add", self.place.key, place=other)
        device = other.device_file().read_bytes()[56:88]
        self.assert_clean("log", "--month", "2012-03", "mail", "user", place=other,
                          secrets=self.secrets | pieces("the device's key", device))
        self.assert_clean("device", "retire", "2", self.place.key)

    def test_import(self):
        """The amounts of a table as well: the text that was read, and what was added up."""
        table = self.place.folder / "table.csv"
        line = "2012-02,web,professional,4,7531"
        table.write_text(f"month,channel,party,session,count\n{line}\n")
        result, memory = self.assert_clean("import", "--yes", table,
                                           secrets=self.secrets | pieces("the device's key", self.device))
        self.assertIn("7531", result.out)
        self.assertEqual([], memory.find({line: line.encode(), "count": b",7531", "in a cell": b"  7531"}) +
                         memory.find_number(7531))

    def test_scan(self):
        """What it finds is personal data, of which nothing stays."""
        table = self.place.folder / "letter.csv"
        table.write_text("name;number\nKirsten Sommerfugl;010203-9996\n")
        result, memory = self.end_of("scan", table, status=FOUND)
        self.assertIn("CPR", result.out)
        self.assert_kept_in(memory)
        self.assertEqual([], memory.find({text: text.encode() for text in ("010203-9996", "Sommerfugl")}))

    def test_desk(self):
        terminal = Terminal(self.place.command(), env=self.place.env | {
            "LD_PRELOAD": self.shim, "MEMORY_DUMP": str(self.dump), "TERM": "xterm"}, output=None)
        with terminal:
            terminal.expect("counted at this sitting: 0")
            terminal.type(b"phone relative 3\r")
            terminal.expect("counted at this sitting: 1")
            terminal.type(b"q\r")
            terminal.result()
        memory = Memory(self.dump)
        self.assert_kept_in(memory)
        self.assertEqual([], memory.find(self.secrets | pieces("the device's key", self.device)))
        self.assertEqual([], memory.find({text: text.encode() for text in (
            "phone relative", "phone, relative", "relative, 3rd")}))

    def test_typed_passphrase(self):
        terminal = Terminal(self.place.command("show", MONTH), env=self.place.env | {
            "LD_PRELOAD": self.shim, "MEMORY_DUMP": str(self.dump)})
        with terminal:
            terminal.expect("Passphrase: ")
            terminal.type(PASSPHRASE.encode() + b"\n")
            out = "\n".join(terminal.result())
        memory = Memory(self.dump)
        self.assertEqual([], memory.find(self.secrets))
        self.assert_no_counts(memory, out)

    def test_wrong_passphrase(self):
        self.place.tavs("show", "-p", self.new, env={"LD_PRELOAD": self.shim, "MEMORY_DUMP": str(self.dump)})
        self.assertEqual([], Memory(self.dump).find(self.secrets))


if __name__ == "__main__":
    unittest.main()
