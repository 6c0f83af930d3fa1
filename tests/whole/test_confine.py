"""What each command gives up before it begins: nothing of it can be done any more in its process.

tests/drivers/breakout_shim.c is preloaded and tries once the command has done its work.
"""

import re
import signal
import subprocess
import unittest

from place import BUILD, DONE, PASSPHRASE, SYSTEM, Place, PlaceTest
from shims import compile_shim
from terminal import Terminal

REFUSED = ("EACCES", "EPERM", "EDOTDOT")  # by Landlock; a signal, by Landlock; by the filter of system calls
ANYWHERE = {"read-file", "change-file", "make-file", "make-folder", "remove-file"}
EVERYTHING = ANYWHERE | {"internet", "local-socket", "fork", "vfork", "signal-others", "type-for-the-person",
                         "be-dumpable", "keys-of-the-kernel", "io-uring"}


class Confine(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("breakout_shim")
        cls.place = place = Place.for_class(cls)
        place.init()
        place.init("--store", place.work / "other.mdb")
        place.done("log", "phone", "relative")
        cls.outside = place.folder / "outside"
        cls.outside.mkdir()
        (cls.outside / "file").write_text("not for tavs\n")
        cls.result = place.folder / "result"
        cls.kernel = place.done("version", "--verbose")

    def commands(self):
        """Every command once, in an order in which each can do its work."""
        key, place = self.place.key, self.place
        new = f"--new-passphrase-file={place.secret('new', 'another passphrase for tests')}"
        kdf = "--kdf=interactive"
        table = place.work / "table.csv"
        table.write_text("channel,count\nphone,40\n")
        counts = place.work / "counts.csv"
        counts.write_text("month,channel,party,session,count\n2025-01,phone,user,1,60\n")
        published = place.work / "published.csv"
        published.write_text("period,channel,party,session,count,status\n2017,all,all,1,73,shown\n")
        yield from (
            ["log", "phone", "relative"], ["retract", "phone", "relative"], ["show", key],
            ["export", "2026", "--exact", key], ["export", "2026", "--exact", key, "-o", "export.csv"],
            ["report", "2026", "--exact", key],
            ["report", "2026", "--exact", key, "--store", place.store, "--store", place.work / "other.mdb"],
            ["report", "2026", "--exact", "-f", "xlsx", key, "-o", "report.xlsx"],
            ["key", "list", key], ["key", "add", key, new, kdf],
            ["key", "remove", "2", key], ["device", "list", key], ["offer", "--channels", "phone,in-person", key],
            ["close", "2014-05", key], ["close"], ["reopen", "2014-05", key], ["backup", "copy.mdb"], ["audit"],
            ["audit", "--full", key], ["audit", "--wash"],
            ["import", "--yes", "--again", counts], ["audit", "-o", "record.txt"], ["scan", table],
            ["threshold"], ["threshold", "6", key], ["close", "2025-12", key], ["export", "2025", key],
            ["report", "2025", key, "-o", "draft.txt"], ["publish", "2025", "--yes", "-o", ".", key],
            ["publish", "--again", "1", "-f", "xlsx", "-o", ".", key], ["release", "show", "1", key],
            ["check-release", published], ["release", "list", key],
            ["release", "list", "-f", "json", "-o", "releases.json", key],
            ["help"], ["help", "log"], ["version"])

    def break_out(self, *words, last=""):
        result = self.place.tavs(*words, env={
            "LD_PRELOAD": self.place.preloading(self.shim), "BREAKOUT_RESULT": str(self.result),
            "BREAKOUT_FILE": str(self.outside / "file"), "BREAKOUT_LAST": last})
        return result, dict(line.split() for line in self.result.read_text().splitlines())

    def skip_without(self, *means):
        for word in means:
            if word not in self.kernel:
                self.skipTest(f"this kernel has no {word}")

    def test_every_command(self):
        self.skip_without("Landlock", "seccomp")
        version = int(re.search(r"Landlock (\d+)", self.kernel)[1])
        for words in self.commands():
            with self.subTest(command=words):
                result, tries = self.break_out(*words)
                self.assertEqual(DONE, result.status, result)
                self.assertEqual(EVERYTHING, tries.keys())
                allowed = {name: said for name, said in tries.items() if said not in REFUSED}
                if version < 6:
                    allowed.pop("signal-others", None)
                self.assertEqual({}, allowed)
        self.assertEqual("not for tavs\n", (self.outside / "file").read_text())
        self.assertEqual(["file"], [path.name for path in self.outside.iterdir()])

    def test_traces_looks_everywhere_and_changes_nothing(self):
        self.skip_without("seccomp")
        _result, tries = self.break_out("audit", "--traces")
        self.assertEqual({"done"}, {tries[name] for name in ("read-file", "change-file")})
        self.assertEqual({"EDOTDOT"}, {tries[name] for name in tries.keys() - ANYWHERE} - {"done"})
        self.assertEqual({"EDOTDOT"}, {tries[name] for name in ("make-folder", "remove-file", "internet", "fork")})

    def test_a_refused_call_says_who_refused_it(self):
        """Not that a right is missing, as if somebody could give it."""
        self.skip_without("seccomp")
        with Terminal(self.place.command("show"), output="terminal", env=self.place.env | {
                "LD_PRELOAD": self.place.preloading(compile_shim("termios_shim")), "TERMIOS_REFUSED": "1"}) as terminal:
            self.assertEqual(f"exited {SYSTEM}", terminal.fate())
            self.assertIn("/dev/tty could not be read or written: refused by tavs's own confinement, please report it",
                          " ".join(terminal.settle(0.05).decode().split()))

    def test_the_terminal_of_a_newer_library(self):
        """glibc asks for a terminal's settings by other calls since 2.42."""
        with Terminal(self.place.command("show", "2026"), output="terminal", env=self.place.env | {
                "LD_PRELOAD": self.place.preloading(compile_shim("termios_shim"))}) as terminal:
            terminal.expect("Passphrase: ")
            self.assertFalse(terminal.echoes())
            terminal.type(PASSPHRASE.encode() + b"\n")
            self.assertEqual("exited 0", terminal.fate())
            self.assertEqual(terminal.before, terminal.mode())

    def test_the_filter_is_for_the_machine_that_is_built_for(self):
        """Also where another one builds: the first word that it compares is that architecture's."""
        maker = BUILD / "gen/make_confine_filter"
        for name, audit in (("x86_64", "0xc000003e"), ("aarch64", "0xc00000b7")):  # AUDIT_ARCH_ of linux/audit.h
            made = subprocess.run([maker, name], capture_output=True, text=True, check=True).stdout
            self.assertEqual(["0x00000004", audit], re.findall(r"0x\w{8}(?=})", made)[:2])  # the field, its value
        unknown = subprocess.run([maker, "abacus"], capture_output=True, text=True, check=False)
        self.assertEqual((1, "", "make_confine_filter: libseccomp knows no architecture abacus\n"),
                         (unknown.returncode, unknown.stdout, unknown.stderr))

    def test_what_ends_the_process(self):
        self.skip_without("seccomp")
        for last in ("execve", "ptrace"):
            result, tries = self.break_out("version", last=last)
            self.assertEqual(-signal.SIGSYS, result.status, result)
            self.assertNotIn(last, tries)

    def test_the_tries_work_where_nothing_is_given_up(self):
        """The proof that a refusal is the program's doing: the same tries in a program of the system."""
        self.place.tavs(command=["/bin/true"], env={
            "LD_PRELOAD": self.place.preloading(self.shim), "BREAKOUT_RESULT": str(self.result),
            "BREAKOUT_FILE": str(self.place.work / "spare"), "BREAKOUT_LAST": ""})
        tries = dict(line.split() for line in self.result.read_text().splitlines())
        self.assertEqual({"done"}, {tries[name] for name in
                                    ("make-file", "make-folder", "internet", "local-socket", "fork", "signal-others")})

    def test_files_named_by_options_stay_within_reach(self):
        """In folders of their own, so that nothing else lets them be reached."""
        for name in ("a", "b"):
            (self.place.folder / name).mkdir()
        secret = self.place.folder / "a/passphrase"
        secret.write_text(self.place.passphrase_file.read_text())
        secret.chmod(0o600)
        for name in ("new.csv", "new.csv"):  # the second time it is replaced
            self.place.done("export", "2026", "--exact", "-p", secret, "-F", "-o", self.place.folder / "b" / name)
        self.assertEqual({"new.csv"}, {path.name for path in (self.place.folder / "b").iterdir()})


if __name__ == "__main__":
    unittest.main()
