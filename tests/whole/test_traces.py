"""What a command leaves behind and lets others see: the store and this machine's key, and nothing else."""

import contextlib
import fcntl
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from place import DONE, PROGRAM, Place, PlaceTest

MONTH = "2010-01"
LOG = ("log", "--month", MONTH, "--count", "917", "phone", "relative", "2")
NOBODY = 65534

# Tries to look into a program of the same user: "yes" or the error's name, for attaching and for each file.
LOOK_INTO = """
import ctypes, errno, os, subprocess, sys, time
PTRACE_ATTACH, PTRACE_DETACH = 16, 17
libc = ctypes.CDLL(None, use_errno=True)
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(0.3)
for name in ("mem", "environ", "maps"):
    try:
        with open(f"/proc/{child.pid}/{name}", "rb") as file:
            file.read(1) if name != "mem" else None
        print(name, "yes")
    except OSError as error:
        print(name, errno.errorcode[error.errno])
answer = "yes" if libc.ptrace(PTRACE_ATTACH, child.pid, 0, 0) == 0 else errno.errorcode[ctypes.get_errno()]
if answer == "yes":
    os.waitpid(child.pid, os.WUNTRACED)
    libc.ptrace(PTRACE_DETACH, child.pid, 0, 0)
print("attach", answer)
child.kill()
child.wait()
"""


class Files(PlaceTest):
    """The whole folder, with home, state, data, cache and temporary folders, before and after each command."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place.for_class(cls)
        cls.new = cls.place.secret("new", "quite another passphrase")

    def assert_adds(self, names, *words, **more):
        before = self.place.names()
        result = self.place.tavs(*words, **more)
        self.assertEqual(names, self.place.names() - before, result)
        self.assertEqual(set(), before - self.place.names())
        return result

    def test_each_command(self):
        key = self.place.key
        result = self.place.tavs("init", "-k", "interactive", key)
        self.assertEqual(DONE, result.status)
        beside = {f"state/tavs/{file.name}" for file in (self.place.device_file(), self.place.known_file())}
        self.assertEqual({"work/tavs.mdb", "state/tavs"} | beside,
                         {name for name in self.place.names() if name.split("/")[0] in (
                             "home", "data", "config", "cache", "run", "tmp", "work", "state")} -
                         {"home", "data", "config", "cache", "run", "tmp", "work", "state"})
        for words in (LOG, ("retract", *LOG[1:]), ("key", "add", "-k", "interactive", key, "-P", self.new),
                      ("key", "change", "-k", "interactive", "-p", self.new, "-P", self.new),
                      ("key", "remove", "2", key), ("offer", "--channels", "phone", key), ("close", "2011-12", key),
                      ("reopen", "2005-01", key)):
            self.assertEqual(DONE, self.assert_adds(set(), *words).status)
        for words in (("export", "2010", "-x", key), ("report", "2010", "-x", key)):
            self.assertEqual(DONE, self.assert_adds({"work/file"}, *words, "-o", "file").status)
            self.assertEqual(DONE, self.assert_adds(set(), *words, "-o", "file", "--force").status)
            (self.place.work / "file").unlink()
        self.assertEqual(DONE, self.assert_adds({"work/copy.mdb"}, "backup", "copy.mdb").status)

    def test_reading_changes_no_file(self):
        place = Place.for_test(self)
        place.init()
        place.done(*LOG)
        before = place.tree()
        for words in (("show", place.key), ("export", "2010", "-x", place.key), ("report", "2010", "-x", place.key),
                      ("release", "list", place.key), ("threshold",),
                      ("key", "list"), ("device", "list"), ("offer",), ("close",), ("help",), ("help", "log"),
                      ("version",)):
            place.done(*words)
            self.assertEqual(before, place.tree(), words)

    def test_words_of_counts_are_in_no_file(self):
        """Nor a passphrase: everything in the folder but what the test itself put there."""
        place = Place.for_test(self)
        code = place.init()
        place.done(*LOG)
        for path in place.folder.rglob("*"):
            if path.is_file() and path.parent.name != "secrets":
                content = path.read_bytes()
                for text in (b"phone", b"relative", b"passphrase", MONTH.encode(), code.split()[-1].encode()):
                    self.assertNotIn(text, content, path)


class Process(PlaceTest):
    """While it runs: held up by a lock on the store."""

    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init()

    @contextlib.contextmanager
    def held_up(self, *words, **more):
        with open(self.place.store, "rb") as store:
            fcntl.flock(store, fcntl.LOCK_EX)
            process = subprocess.Popen(self.place.command(*words), env=self.place.env, cwd=self.place.work,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, **more)
            try:
                time.sleep(0.3)
                self.assertIsNone(process.poll())
                yield process
            finally:
                process.kill()
                process.wait()

    @staticmethod
    def shown_once_begun(process):
        """What the process list has of it, once that is shorter than the command line; a loaded machine takes its time."""
        whole = b"\0".join(os.fsencode(word) for word in process.args) + b"\0"
        for _ in range(200):
            shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            if shown != whole:
                break
            time.sleep(0.05)
        return shown

    def test_process_list_does_not_show_what_is_counted(self):
        for words in (LOG, ("retract", f"--month={MONTH}", "--count=917", "phone", "relative", "2"),
                      ("log", "-m", MONTH, "-n917", "--", "phone", "relative", "2")):
            with self.held_up(*words) as process:
                shown = self.shown_once_begun(process)
            self.assertIn(b"--store", shown)
            for word in (MONTH, "917", "phone", "relative"):
                self.assertNotIn(word.encode(), shown)
            self.assertNotIn(b"2", shown.split(b"\0"))

    def test_no_core(self):
        def allow_core():
            resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)

        plain = subprocess.Popen(["/bin/sleep", "60"], cwd=self.place.work, preexec_fn=allow_core)
        time.sleep(0.1)
        plain.send_signal(signal.SIGQUIT)
        control = os.WCOREDUMP(os.waitpid(plain.pid, 0)[1])
        plain.returncode = -signal.SIGQUIT
        for entry in self.place.work.iterdir():
            if entry.name != "tavs.mdb":
                entry.unlink()  # the core of the plain one
        for number in (signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT):
            with self.held_up(*LOG, preexec_fn=allow_core) as process:
                limits = Path(f"/proc/{process.pid}/limits").read_text()
                self.assertRegex(limits, "(?m)^Max core file size +0 +0 ")
                process.send_signal(number)
                _pid, status = os.waitpid(process.pid, 0)
                process.returncode = -os.WTERMSIG(status)
            self.assertFalse(os.WCOREDUMP(status))
            self.assertEqual(["tavs.mdb"], [entry.name for entry in self.place.work.iterdir()])
        if not control:
            self.skipTest("here no program dumps core: nothing was shown")


class Others(PlaceTest):
    def test_no_program_of_the_same_user_looks_into_it(self):
        """As root as another user, whom root's rights don't help."""
        folder = tempfile.TemporaryDirectory(prefix="tavs-", dir="/tmp")  # where that user may go
        self.addCleanup(folder.cleanup)
        place = Place(folder.name)
        place.init()
        program = place.work / "tavs"
        shutil.copy(PROGRAM, program)
        user = {}
        if os.geteuid() == 0:
            for path in (place.folder, *place.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}

        def look_into(*words):
            result = subprocess.run(["/usr/bin/python3", "-c", LOOK_INTO, *map(str, words)], env=place.env, text=True,
                                    capture_output=True, cwd=place.work, check=True, **user)
            return dict(line.split() for line in result.stdout.splitlines())

        plain = look_into("/bin/sleep", "60")
        if set(plain.values()) != {"yes"}:
            self.skipTest(f"here nobody may look into any program: {plain}")
        with open(place.store, "rb") as store:
            fcntl.flock(store, fcntl.LOCK_EX)
            seen = look_into(program, "--store", place.store, *LOG)
        self.assertEqual({"attach": "EPERM", "mem": "EACCES", "environ": "EACCES", "maps": "EACCES"}, seen)


if __name__ == "__main__":
    unittest.main()
