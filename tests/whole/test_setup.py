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

    def test_nothing_missing_without_a_path(self):
        result = subprocess.run(
            ["/usr/bin/env", "-i", "/bin/sh", "-euc", ". tools/lib/setup.sh; need_build; echo \"missing:$missing\""], cwd=TREE,
            capture_output=True, text=True, check=False)
        self.assertEqual((0, "missing:\n", ""), (result.returncode, result.stdout, result.stderr))

    def test_all_that_is_missing_is_named_at_once(self):
        self.tool("pkg-config", 'case " $* " in *" jansson "*|*" libzip "*|*" cmocka "*) exit 1;; esac\n'
                                'exec /usr/bin/pkg-config "$@"')
        self.tool("compiler", 'case $* in *-E*) grep -q "csv.h\\|glpk.h\\|memcheck.h" && exit 1; exit 0;; esac\n'
                              'exec gcc "$@"')
        env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
        for goal, script, packages in (
                ("all", "pkg-config", {"libjansson-dev", "libzip-dev", "libcsv-dev", "libglpk-dev"}),
                ("need-cmocka", "cmocka-only", {"libcmocka-dev", "valgrind"})):
            if goal == "need-cmocka":
                self.tool("cmocka-only", 'case " $* " in *" cmocka "*) exit 1;; esac\nexec /usr/bin/pkg-config "$@"')
                self.tool("compiler", 'case $* in *-E*) grep -q memcheck.h && exit 1; exit 0;; esac\nexec gcc "$@"')
            result = subprocess.run(["make", "-n", f"BUILD={self.bin}/build", f"PKG_CONFIG={self.bin}/{script}",
                                     f"CC={self.bin}/compiler", goal], cwd=TREE, capture_output=True, text=True,
                                    env=env, check=False)
            self.assertEqual(2, result.returncode, result.stdout)
            self.assertEqual(packages, set(result.stderr.split("apt-get install ")[1].split(".  Stop")[0].split()))

    def test_what_the_first_command_prints_last_can_be_copied(self):
        """From a folder whose name has spaces and a quotation mark."""
        tree = self.bin / "it's a folder"
        (tree / "tools/lib").mkdir(parents=True)
        shutil.copy2(TREE / "tools/try", tree / "tools/try")
        shutil.copytree(TREE / "tools/cases", tree / "tools/cases")
        (tree / "tools/lib/setup.sh").write_text("need_build() { :; }\ninstall_missing() { :; }\n")
        (tree / "build").mkdir()
        (tree / "build/tavs").write_text("#!/bin/sh\n")
        (tree / "build/tavs").chmod(0o755)
        for name in ("2015", "2016", "2017", "2018"):
            (tree / f"tools/cases/{name}.tsv").write_text("2017-01 phone user 1 1\n")
        self.tool("make", "exit 0")
        env = os.environ | {"PATH": f"{self.bin}:{os.environ['PATH']}"}
        said = subprocess.run([tree / "tools/try"], capture_output=True, text=True, check=True, env=env).stdout
        lines = said.split("for trying):\n")[1]
        (tree / "build/tavs").write_text('#!/bin/sh\nprintf "%s\\n" "$TAVS_STORE" "$XDG_STATE_HOME" "$@"\n')
        told = subprocess.run(["/bin/sh", "-euc", lines], cwd=tree, capture_output=True, text=True, check=True).stdout
        for place in ("tavs.mdb", "state", "reports"):
            self.assertIn(f"{tree}/build/try/{place}", told.splitlines())

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
