"""What each command gives up before it begins: nothing of it can be done any more in its process.

tests/drivers/breakout_shim.c is preloaded and tries once the command has done its work.
"""

import contextlib
import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import time
import unittest
from pathlib import Path

from place import BUILD, DONE, PASSPHRASE, ROOT, SYSTEM, Place, PlaceTest
from shims import compile_shim
from terminal import Terminal

REFUSED = ("EACCES", "EPERM", "refused")  # by Landlock; a signal, by Landlock; by the filter of system calls
ANYWHERE = {"read-file", "change-file", "make-file", "make-folder", "remove-file"}
EVERYTHING = ANYWHERE | {"change-mode", "limits-of-others", "signals-for-others", "internet", "local-socket", "fork", "vfork", "signal-others", "type-for-the-person",
                         "be-dumpable", "keys-of-the-kernel", "io-uring"}


CONFINED = 2048  # base.h: BASE_CONFINED
ALLOW, ERRNO, KILL, KILL_THREAD = 0x7fff0000, 0x00050000, 0x80000000, 0  # linux/seccomp.h


# What linux/arch/arm64/include/uapi/asm/unistd.h says before it takes the numbers that are common to newer machines.
OF_ARM64 = """#define __BITS_PER_LONG 64
#define __ARCH_WANT_RENAMEAT
#define __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_SET_GET_RLIMIT
#define __ARCH_WANT_TIME32_SYSCALLS
#define __ARCH_WANT_SYS_CLONE3
#define __ARCH_WANT_MEMFD_SECRET
#include <asm-generic/unistd.h>
"""


def numbers_of(machine):
    """The system calls of a machine, by the headers of the kernel."""
    text = OF_ARM64 if machine == "aarch64" else "#include <asm/unistd_64.h>\n"
    made = subprocess.run(["gcc", "-E", "-dM", "-"], input=text, capture_output=True, text=True, check=False)
    if made.returncode:
        raise unittest.SkipTest("no headers of the kernel for amd64")
    defined = dict(re.findall(r"#define (__NR\w+) (\w+)", made.stdout))
    found = {}
    for name, value in defined.items():
        value = defined.get(value, value)
        if name.startswith("__NR_") and value.isdigit() and name not in ("__NR_syscalls", "__NR_arch_specific_syscall"):
            found[name.removeprefix("__NR_")] = int(value)
    return found


def lists_of_maker():
    """The calls that tools/make_confine_filter.c lists."""
    text = (ROOT / "tools/make_confine_filter.c").read_text()
    return {name: re.findall(r'"(\w+)"', body)
            for name, body in re.findall(r"static const char \*const (\w+)\[\] = \{(.*?)\};", text, re.DOTALL)}


def lines_of_filter(machine, profile):
    made = subprocess.run([BUILD / "gen/make_confine_filter", "filter", machine], capture_output=True, text=True,
                          check=True).stdout
    body = made.split(f"{profile}[] = {{")[1].split("};")[0]
    return [tuple(int(number, 0) for number in line) for line in
            re.findall(r"\{(0x\w+), (\d+), (\d+), (0x\w+)\}", body)]


def simulate(lines, arch, number, arguments):
    """What a filter says: Linux's Documentation/networking/filter.rst, section "BPF engine and instruction set"."""
    data = struct.pack("<iIQ6Q", number, arch, 0, *arguments, 0, 0, 0, 0)
    at = value = 0
    while True:
        code, jump_true, jump_false, constant = lines[at]
        at += 1
        if code == 0x20:
            value = struct.unpack_from("<I", data, constant)[0]
        elif code == 0x05:
            at += constant
        elif code in (0x15, 0x25, 0x35, 0x45):
            holds = {0x15: value == constant, 0x25: value > constant, 0x35: value >= constant,
                     0x45: value & constant != 0}[code]
            at += jump_true if holds else jump_false
        elif code == 0x54:
            value &= constant
        elif code == 0x44:
            value |= constant
        elif code == 0x06:
            return constant
        elif code == 0x16:
            return value
        else:
            raise AssertionError(f"an unknown instruction: {code:#x}")


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

    def break_out(self, *words, last="", file=None, place=None):
        result = (place or self.place).tavs(*words, env={
            "LD_PRELOAD": self.place.preloading(self.shim), "BREAKOUT_RESULT": str(self.result),
            "BREAKOUT_FILE": str(file or self.outside / "file"), "BREAKOUT_LAST": last})
        return result, dict(re.sub(r"-\d+$", "", line).split() for line in self.result.read_text().splitlines())

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

    def test_beside_what_is_written(self):
        """A command that makes a file can't touch its neighbours: it may give names, and with --force take names away."""
        self.skip_without("Landlock", "seccomp")
        place = Place.for_test(self)
        place.init()
        folder = place.folder / "beside"
        folder.mkdir()
        neighbour = folder / "neighbour"
        table = place.work / "table.csv"
        table.write_text("channel,count\nphone,40\n")
        place.import_rows([("2024-01", "phone", "user", 1, 60)])
        place.done("close", "2024-12", place.key)
        removing = ["export", "2026", "--exact", "-F", place.key, "-o", folder / "export.csv"]
        for words in (["scan", table, "-o", folder / "scan.json", "-f", "json"], ["audit", "-o", folder / "audit.txt"],
                      ["export", "2026", "--exact", place.key, "-o", folder / "export.csv"], removing,
                      ["report", "2026", "--exact", place.key, "-f", "xlsx", "-o", folder / "report.xlsx"],
                      ["publish", "2024", "--yes", place.key, "-o", folder],
                      ["publish", "--again", "1", "-f", "text", place.key, "-o", folder],
                      ["backup", folder / "copy.mdb"],
                      ["init", "--kdf", "interactive", place.key, "--store", folder / "new.mdb"]):
            neighbour.write_text("not for tavs\n")
            with self.subTest(command=words):
                result, tries = self.break_out(*words, file=neighbour, place=place)
                self.assertEqual(DONE, result.status, result)
                takes = {"remove-file"} if words == removing or words[0] == "init" else set()
                self.assertEqual(takes, {name for name, said in tries.items() if said not in REFUSED})
                if not takes:
                    self.assertEqual("not for tavs\n", neighbour.read_text())

    def test_beside_the_note_of_a_hint(self):
        self.skip_without("Landlock", "seccomp")
        neighbour = Path(self.place.env["XDG_RUNTIME_DIR"]) / "neighbour"
        neighbour.write_text("not for tavs\n")
        result, tries = self.break_out("log", "phone", "relative", file=neighbour)
        self.assertEqual(DONE, result.status, result)
        self.assertEqual(set(), {name for name, said in tries.items() if said not in REFUSED})

    def test_what_is_left_by_kind(self):
        """The table of docs/security.md: what a command that was taken over can still do with the store, this machine's key,
        and the file that it was given."""
        self.skip_without("Landlock", "seccomp")
        place = Place.for_test(self)
        place.init()
        place.done("log", "phone", "relative")  # it knows the store now
        key = place.key
        given = place.work / "given.csv"
        given.write_text("month,channel,party,session,count\n2025-01,phone,user,1,60\n")
        published = place.work / "published.csv"
        published.write_text("period,channel,party,session,count,status\n2017,all,all,1,73,shown\n")
        reads, changes = {"read-file"}, {"read-file", "change-file"}
        for words, store, beside, file in (
                (["log", "phone", "relative"], changes, reads, None), (["retract", "phone", "relative"], changes, reads, None),
                (["show", key], reads, reads, None), (["report", "2026", "--exact", key], reads, reads, None),
                (["export", "2026", "--exact", key], reads, reads, None), (["audit"], reads, reads, None),
                (["audit", "--full", key], reads, reads, None), (["audit", "--wash"], changes, reads, None),
                (["key", "list", key], changes, reads, None), (["threshold", "6", key], changes, reads, None),
                (["close", "2014-05", key], changes, reads, None),
                (["scan", given], set(), set(), reads), (["check-release", published], set(), set(), reads),
                (["version"], set(), set(), None), (["help"], set(), set(), None),
                (["import", "--yes", "--again", given], changes, reads | {"remove-file"}, reads)):
            with self.subTest(command=words):
                for target, expected in ((place.store, store), (words[-1], file), (place.device_file(), beside)):
                    if expected is None:
                        continue
                    result, tries = self.break_out(*words, file=target, place=place)
                    self.assertEqual(DONE, result.status, result)
                    self.assertEqual(expected, {name for name, said in tries.items() if said not in REFUSED}, target)

    def test_traces_looks_everywhere_and_changes_nothing(self):
        self.skip_without("seccomp")
        _result, tries = self.break_out("audit", "--traces")
        self.assertEqual({"read-file"}, {name for name, said in tries.items() if said not in REFUSED})

    def test_a_refused_call_says_who_refused_it(self):
        """Not that a right is missing, as if somebody could give it."""
        self.skip_without("seccomp")
        with Terminal(self.place.command("show"), output="terminal", env=self.place.env | {
                "LD_PRELOAD": self.place.preloading(compile_shim("termios_shim")), "TERMIOS_REFUSED": "1"}) as terminal:
            self.assertEqual(f"exited {SYSTEM}", terminal.fate())
            self.assertIn("/dev/tty could not be read or written: the system call ioctl was refused by tavs's own "
                          "confinement, please report it", " ".join(terminal.settle(0.05).decode().split()))

    def test_each_refused_call_is_named(self):
        """By the number that errno has from the filter, whichever call it was."""
        self.skip_without("seccomp")
        self.break_out("version")
        numbers = numbers_of("x86_64" if os.uname().machine == "x86_64" else "aarch64")
        said = dict(line.rsplit(" refused-", 1) for line in self.result.read_text().splitlines() if " refused-" in line)
        for name, call in (("internet", "socket"), ("local-socket", "socket"), ("type-for-the-person", "ioctl"),
                           ("be-dumpable", "prctl"), ("keys-of-the-kernel", "keyctl"), ("io-uring", "io_uring_setup")):
            self.assertEqual(CONFINED + numbers[call], int(said[name]), name)

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
            made = subprocess.run([maker, "filter", name], capture_output=True, text=True, check=True).stdout
            self.assertEqual(["0x00000004", audit], re.findall(r"0x\w{8}(?=})", made)[:2])  # the field, its value
        unknown = subprocess.run([maker, "filter", "abacus"], capture_output=True, text=True, check=False)
        self.assertEqual((1, "", "make_confine_filter: libseccomp knows no architecture abacus\n"),
                         (unknown.returncode, unknown.stdout, unknown.stderr))

    def test_what_each_filter_lets_through(self):
        """Worked through line by line, by the numbers of the kernel's own headers, for each architecture: what the maker
        lists is let through, all other calls are refused with their numbers or end the process."""
        listed = {name: lists_of_maker()[name] for name in ("everywhere", "making_files", "deadly")}
        for machine, arch in (("x86_64", 0xc000003e), ("aarch64", 0xc00000b7)):
            numbers = numbers_of(machine)
            for profile in ("reads", "files"):
                lines = lines_of_filter(machine, profile)
                allowed = set(listed["everywhere"]) | set(listed["making_files"] if profile == "files" else ())
                allowed |= {"fcntl", "prlimit64"}  # with 0 as their first arguments
                for name, number in numbers.items():
                    said = simulate(lines, arch, number, (0, 0))
                    expected = ALLOW if name in allowed else KILL if name in listed["deadly"] else \
                        ERRNO | CONFINED + number
                    with self.subTest(machine=machine, profile=profile, call=name):
                        self.assertEqual(expected, said)
                for name, arguments, lets in (("ioctl", (0, 0x5401), True), ("ioctl", (0, 0x5412), False),
                                              ("ioctl", (0, 0x100005401), True),
                                              ("fcntl", (7, 37), True), ("fcntl", (7, 8), False),
                                              ("fcntl", (7, 0x100000008), False),
                                              ("prlimit64", (1, 0), False), ("prlimit64", (1 << 32, 0), True), ("prctl", (3, 0), True),
                                              ("prctl", (4, 0), False), ("prctl", (1 << 32 | 3, 0), False)):
                    self.assertEqual(ALLOW if lets else ERRNO | CONFINED + numbers[name],
                                     simulate(lines, arch, numbers[name], arguments), (machine, name, arguments))
                self.assertEqual(ERRNO | CONFINED + 1023, simulate(lines, arch, 1023, (0, 0)))
                self.assertEqual(ERRNO | CONFINED + 1023, simulate(lines, arch, 5000, (0, 0)))
                for other in (0x40000003, 0xc000003e ^ 0xc00000b7 ^ arch):
                    self.assertIn(simulate(lines, other, numbers["read"], (0, 0)), (KILL, KILL_THREAD))
            self.assertGreater(len(numbers), 280)

    def test_the_names_that_errors_have(self):
        for machine in ("x86_64", "aarch64"):
            made = subprocess.run([BUILD / "gen/make_confine_filter", "calls", machine], capture_output=True, text=True,
                                  check=True).stdout
            names = "".join(re.findall(r'^    "(.*)"$', made, re.MULTILINE)).split("\\0")
            text = "\0".join(names)
            places = list(map(int, re.findall(r"^    (\d+),$", made, re.MULTILINE)))
            for name, number in numbers_of(machine).items():
                if number < len(places):  # later ones the library does not know yet
                    self.assertIn(text[places[number]:].split("\0")[0], (name, ""), number)
            self.assertGreater(len(places), 400)

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


class Descriptors(PlaceTest):
    """What the process was started with, while it waits for a lock on the store."""

    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()

    def links_of(self, process):
        links = set()
        for number in Path(f"/proc/{process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed since
                links.add(os.readlink(number))
        return links

    def left_open(self, words, descriptors):
        with open(self.place.store, "rb") as store:
            fcntl.flock(store, fcntl.LOCK_EX)
            process = subprocess.Popen(self.place.command("show", "2026", *words), env=self.place.env,
                                       cwd=self.place.work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, pass_fds=descriptors)
            try:
                for _ in range(200):
                    links = self.links_of(process)
                    if str(self.place.store) in links:
                        return {number for number in descriptors if os.readlink(f"/proc/self/fd/{number}") in links}
                    time.sleep(0.05)
                raise AssertionError(links)
            finally:
                process.kill()
                process.wait()

    def test_those_of_the_parent_are_closed(self):
        one, other = socket.socketpair()
        end, begin = os.pipe()
        file = os.open(self.place.passphrase_file, os.O_RDONLY)
        descriptors = (one.fileno(), end, file)
        try:
            self.assertEqual(set(), self.left_open([], descriptors))
            named = [f"--passphrase-file=/dev/fd/{number}" for number in descriptors]
            for number, option in zip(descriptors, named):
                kept = set() if number == one.fileno() else {number}
                self.assertEqual(kept, self.left_open([option], descriptors), option)
        finally:
            one.close(), other.close()
            for number in (end, begin, file):
                os.close(number)

    def test_a_passphrase_from_a_shell(self):
        end, begin = os.pipe()
        try:
            os.write(begin, PASSPHRASE.encode() + b"\n")
            os.close(begin)
            shown = subprocess.run(self.place.command("show", "2026", "-p", f"/dev/fd/{end}"), env=self.place.env,
                                   cwd=self.place.work, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                   pass_fds=(end,), check=False)
        finally:
            os.close(end)
        self.assertEqual(0, shown.returncode, shown)


if __name__ == "__main__":
    unittest.main()
