"""tools/lib/setup.sh installs what is missing, and only that; elsewhere than Debian it names it."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import without_sanitizer

TREE = Path(__file__).resolve().parents[2]
STOPPED = 2


@without_sanitizer
class SetUp(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = Path(folder.name) / "bin"
        self.bin.mkdir()
        self.calls = Path(folder.name) / "calls"
        self.calls.touch()
        self.link("dirname", "env", "grep")

    def tool(self, name, script):
        """A program that notes how it was called, then does as told."""
        file = self.bin / name
        file.write_text(f'#!/bin/sh\n[ {name} = id ] || echo "{name} $*" >>{self.calls}\n{script}\n')
        file.chmod(0o755)

    def link(self, *names):
        for name in names:
            (self.bin / name).symlink_to(f"/usr/bin/{name}")

    def run_sh(self, script, path=None):
        return subprocess.run(["/bin/sh", "-euc", script], cwd=TREE, capture_output=True, text=True,
                              env={"PATH": path or str(self.bin)})

    def set_up(self, path=None):
        return self.run_sh(". tools/lib/setup.sh; need_build; need_tests; install_missing; echo ready",
                           path)

    def called(self):
        return self.calls.read_text().splitlines()

    def test_nothing_missing(self):
        self.tool("apt-get", "exit 1")
        result = self.set_up(f"{self.bin}:{os.environ['PATH']}")
        self.assertEqual((0, "ready\n", ""), (result.returncode, result.stdout, result.stderr))
        self.assertEqual([], self.called())

    def test_not_debian(self):
        self.link("id")
        for program in ("try", "test"):
            result = self.run_sh(f"tools/{program}")
            self.assertEqual(STOPPED, result.returncode)
            for package in ("gcc", "pkg-config", "libsodium-dev", "liblmdb-dev", "libjansson-dev", "libcsv-dev"):
                self.assertIn(package, result.stderr.split())
            self.assertEqual(program == "test", "libcmocka-dev" in result.stderr.split())

    def test_root_installs(self):
        self.tool("id", "echo 0")
        self.tool("apt-get", "exit 0")
        result = self.set_up()
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("libsodium-dev", result.stdout)
        calls = self.called()
        self.assertEqual(1, len(calls))
        self.assertIn("install -y --no-install-recommends gcc", calls[0])
        self.assertIn(" clang libclang-rt-dev valgrind", calls[0])

    def test_lists_are_fetched_where_needed(self):
        self.tool("id", "echo 0")
        self.tool("apt-get", f'case $* in *update*) >"{self.bin}/updated";; esac\n'
                             f'[ -e "{self.bin}/updated" ]')
        result = self.set_up()
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(["install", "update", "install"],
                         [next(word for word in call.split() if word in ("install", "update"))
                          for call in self.called()])

    def test_others_use_sudo(self):
        self.tool("id", "echo 1000")
        self.tool("apt-get", "exit 1")
        self.tool("sudo", "exit 0")
        self.assertEqual(0, self.set_up().returncode)
        self.assertRegex(self.called()[0], "^sudo env DEBIAN_FRONTEND=noninteractive apt-get .* install ")

    def test_no_sudo(self):
        self.tool("id", "echo 1000")
        self.tool("apt-get", "exit 0")
        result = self.set_up()
        self.assertEqual(STOPPED, result.returncode)
        self.assertIn("apt-get install gcc", result.stderr)
        self.assertEqual([], self.called())

    def test_install_fails(self):
        self.tool("id", "echo 0")
        self.tool("apt-get", "echo no network >&2; exit 100")
        result = self.set_up()
        self.assertEqual(STOPPED, result.returncode)
        self.assertIn("no network", result.stderr)
        self.assertNotIn("ready", result.stdout)

    def test_a_library_whose_file_for_pkg_config_is_of_no_use(self):
        """Debian 13's of libxlsxwriter asks for libraries that its package does not bring."""
        self.tool("pkg-config", 'case " $* " in *" xlsxwriter "*) exit 1;; esac\nexec /usr/bin/pkg-config "$@"')
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        result = subprocess.run(["make", "-n", f"BUILD={self.bin}/build", f"PKG_CONFIG={self.bin}/pkg-config", "all"],
                                cwd=TREE, capture_output=True, text=True, env=env, check=False)
        self.assertEqual((0, ""), (result.returncode, result.stderr))
        self.assertIn("-lxlsxwriter", result.stdout)

    def test_machines_that_it_is_not_for(self):
        """Where a store would have another layout the compiler says so."""
        for change, stops in ((["-D__NOTHING__"], False), (["-U__SIZEOF_POINTER__", "-D__SIZEOF_POINTER__=4"], True),
                              (["-U__BYTE_ORDER__", "-D__BYTE_ORDER__=__ORDER_BIG_ENDIAN__"], True)):
            result = subprocess.run(["gcc", "-w", "-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-fsyntax-only", *change, "-x", "c",
                                     "include/tavs/store.h"], cwd=TREE, capture_output=True, text=True, check=False)
            self.assertEqual(stops, "tavs runs on 64-bit little-endian machines only" in result.stderr, result.stderr)
            self.assertEqual(stops, result.returncode != 0, result.stderr)

    def fuzzed(self, script):
        """How `script` calls for the fuzz targets, and what it says of them: in a copy, with a make that only notes."""
        tree = self.bin / "tree"
        for name in ("tools/test", ".ci/run"):
            (tree / name).parent.mkdir(parents=True)
            shutil.copy2(TREE / name, tree / name)
        (tree / "tools/lib").mkdir()
        (tree / "tools/lib/setup.sh").write_text("need_build() { :; }\nneed_tests() { :; }\ninstall_missing() { :; }\n")
        (tree / "tests/unit").mkdir(parents=True)
        self.tool("make", "exit 0")
        env = {name: value for name, value in os.environ.items() if name != "TAVS_FUZZ_SECONDS"}
        result = subprocess.run([tree / script], capture_output=True, text=True, check=False,
                                env=env | {"PATH": f"{self.bin}:{os.environ['PATH']}"})
        self.assertEqual(0, result.returncode, result.stdout + result.stderr)
        [said] = [line for line in result.stdout.splitlines() if line.startswith("Fuzz targets")]
        return self.called()[-1].split()[-2:], said

    def test_fuzzing_takes_seconds(self):
        called, said = self.fuzzed("tools/test")
        self.assertEqual((["fuzz", "T=5"], "Fuzz targets, 5 seconds each"), (called, said.split(" (")[0]))

    def test_fuzzing_takes_a_minute_in_ci(self):
        called, said = self.fuzzed(".ci/run")
        self.assertEqual((["fuzz", "T=60"], "Fuzz targets, 60 seconds each"), (called, said.split(" (")[0]))
