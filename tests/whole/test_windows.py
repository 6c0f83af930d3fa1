"""What docs/windows.md says of WSL 2, as far as it can be tried without Windows: a drive of Windows, a kernel without Landlock.

tests/drivers/wsl_shim.c is preloaded and answers as such a system does.
"""

import errno
import os
import shutil
import subprocess
import unittest

from place import DONE, PASSPHRASE, REFUSED, Place, PlaceTest
from shims import compile_shim
from terminal import Terminal

DRIVE = 0x01021997  # 9p: linux/magic.h, V9FS_MAGIC
OWN_DISK = 0xEF53   # ext4


class Windows(PlaceTest):
    @classmethod
    def setUpClass(cls):
        cls.shim = compile_shim("wsl_shim")
        cls.place = Place.for_class(cls)
        cls.place.init()
        cls.kernel = cls.place.done("version", "--verbose")

    def preloaded(self, **more):
        return {"LD_PRELOAD": self.place.preloading(self.shim)} | more

    def test_a_store_on_a_drive_of_windows_is_refused_with_advice(self):
        before = self.place.store.read_bytes()
        for language, said, hint in (("en", ".* lies on a network file system$", "keep the store on a disk of this machine; in WSL that is "
                                      "your home folder there"),
                                     ("da", ".* ligger på et netværksdrev$", "hav tællefilen på en disk i denne maskine; i WSL er det")):
            for words in (["log", "phone", "user"], ["retract", "phone", "user"], ["show", self.place.key], ["close"],
                          ["key", "list"], ["device", "list"], ["backup", "copy.mdb"]):
                with self.subTest(words=words, language=language):
                    self.assert_refused(self.place, REFUSED, said, "--lang", language, *words, language=language, hint=hint,
                                        env=self.preloaded(WSL_FILE_SYSTEM=hex(DRIVE)))
        self.place.store.chmod(0o777)  # as every file is there: chmod would be the wrong advice
        self.addCleanup(self.place.store.chmod, 0o600)
        self.assert_refused(self.place, REFUSED, ".* lies on a network file system$", "log", "phone", "user",
                            hint="keep the store on a disk of this machine", env=self.preloaded(WSL_FILE_SYSTEM=hex(DRIVE)))
        self.place.store.chmod(0o600)
        self.assertEqual(before, self.place.store.read_bytes())
        for words in (["log", "phone", "user"], ["retract", "phone", "user"]):
            self.place.done(*words, env=self.preloaded(WSL_FILE_SYSTEM=hex(OWN_DISK)))

    def test_nothing_is_made_on_a_drive_of_windows(self):
        store = self.place.work / "new.mdb"
        self.assert_refused(self.place, REFUSED, ".*/new.mdb lies on a network file system$", "--store", store, "init", "-k",
                            "interactive", self.place.key, env=self.preloaded(WSL_FILE_SYSTEM=hex(DRIVE)))
        terminal = Terminal(self.place.command("--store", store, "init"),  # before anybody is asked
                            env=self.place.env | self.preloaded(WSL_FILE_SYSTEM=hex(DRIVE)))
        self.addCleanup(terminal.__exit__)
        self.assertEqual(f"exited {REFUSED}", terminal.fate())
        self.assertNotIn(b"passphrase", terminal.settle(0.05))

    def test_reports_may_be_written_to_a_drive_of_windows(self):
        """The store is elsewhere: only of its own file the file system is asked."""
        self.place.done("report", "2026", "--exact", "-f", "html", "-o", "report.html", self.place.key,
                        env=self.preloaded(WSL_FILE_SYSTEM=hex(OWN_DISK)))
        self.assertTrue((self.place.work / "report.html").exists())

    def test_a_kernel_without_landlock(self):
        """Not built into it, or switched off at boot: the rest is given up all the same, and it is said."""
        if "seccomp" not in self.kernel:
            self.skipTest("this kernel has no seccomp")
        for number in (errno.ENOSYS, errno.EOPNOTSUPP):
            env = self.preloaded(WSL_LANDLOCK=str(number))
            with self.subTest(errno.errorcode[number]):
                self.assertIn("confinement: files: not in this kernel; system calls: yes (seccomp); no new privileges: yes\n",
                              self.place.done("version", "--verbose", env=env))
                for words in (["log", "phone", "user"], ["show", self.place.key], ["audit"], ["retract", "phone", "user"]):
                    result = self.place.tavs(*words, env=env)
                    self.assertEqual(DONE, result.status, result)
                    self.assertNotIn("Landlock", result.err)
        result = self.place.tavs("log", "phone", "user", env=self.preloaded(WSL_LANDLOCK=str(errno.EINVAL)))
        self.assertIn("tavs: the system does not give what tavs needs (Landlock): Invalid argument\n", result.err)

    @unittest.skipIf(os.geteuid() == 0 and shutil.which("setpriv") is None, "root may lock memory whatever the limit is")
    def test_where_no_memory_may_be_locked(self):
        """A limit of none, as some systems set it: the passphrase is taken, in memory that is wiped but may be swapped."""
        as_others = ["setpriv", "--bounding-set=-ipc_lock", "--"] if os.geteuid() == 0 else []
        words = [*as_others, "sh", "-c", 'ulimit -l 0; exec "$@"', "sh"]
        tried = subprocess.run([*words, "python3", "-c", "import ctypes; print(ctypes.CDLL(None).mlock(bytes(9), 9))"],
                               capture_output=True, text=True, check=True)
        self.assertEqual("-1\n", tried.stdout)
        terminal = Terminal([*words, *self.place.command("show")], env=self.place.env)
        self.addCleanup(terminal.__exit__)
        terminal.expect("Passphrase: ")
        terminal.type(PASSPHRASE.encode() + b"\n")
        self.assertEqual("exited 0", terminal.fate())


if __name__ == "__main__":
    unittest.main()
