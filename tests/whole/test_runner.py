"""tests/run counts what it should: nothing that goes wrong passes for a success."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import without_sanitizer

RUNNER = Path(__file__).resolve().parents[1] / "run"


@without_sanitizer
class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for part in ("tests/unit", "tests/whole", "build/tests/unit"):
            (self.root / part).mkdir(parents=True)
        shutil.copy(RUNNER, self.root / "tests/run")

    def unit(self, script, name="test_unit"):
        """A unit test that is a shell script instead of a compiled program."""
        (self.root / f"tests/unit/{name}.c").touch()
        program = self.root / "build/tests/unit" / name
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)

    def whole(self, body, name="test_whole"):
        (self.root / f"tests/whole/{name}.py").write_text("import os, unittest\n" + body)

    def run_tests(self, *words):
        env = os.environ | {"TESTS_TALLY": str(self.root / "tally")}
        return subprocess.run([self.root / "tests/run", *(words or [self.root / "build"])],
                              env=env, capture_output=True, text=True)

    def assert_total(self, total, status, *words):
        result = self.run_tests()
        self.assertEqual((total, status), (result.stdout.splitlines()[-1], result.returncode),
                         result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stdout)

    def test_sums(self):
        self.unit("printf '1..2\\nok 1 - a\\nok 2 - b\\n'")
        self.whole("class T(unittest.TestCase):\n"
                   "    def test_a(self): pass\n"
                   "    @unittest.skip('why')\n"
                   "    def test_b(self): pass\n")
        self.assert_total("3 passed, 0 failed, 1 skipped", 0, "skipped: test_whole.T.test_b: why")
        self.assertEqual("3 0 1\n", (self.root / "tally").read_text())

    def test_total_without_skipped(self):
        self.unit("printf '1..1\\nok 1 - a\\n'")
        self.assert_total("1 passed, 0 failed", 0)

    def test_one_kind_or_name(self):
        self.unit("printf '1..1\\nok 1 - a\\n'")
        self.unit("printf '1..1\\nok 1 - a\\n'", "test_other")
        self.whole("class T(unittest.TestCase):\n    def test_a(self): pass\n")
        build = self.root / "build"
        for words, passed in (([], 3), (["unit"], 2), (["whole"], 1), (["unit", "test_other"], 1)):
            last = self.run_tests(build, *words).stdout.splitlines()[-1]
            self.assertEqual(f"{passed} passed, 0 failed", last)

    def test_unit_failure(self):
        self.unit("printf '1..2\\nok 1 - a\\nnot ok 2 - b\\n# the reason\\n'; exit 1")
        self.assert_total("1 passed, 1 failed", 1, "# the reason")
        self.assertIn("unit/test_unit\n    1..2\n    ok 1 - a\n    not ok 2 - b\n    # the reason\n",
                      (self.root / "tally.failed").read_text())

    def test_unit_failure_with_status_zero(self):
        self.unit("printf '1..2\\nok 1 - a\\nnot ok 2 - b\\n'")
        self.assert_total("1 passed, 1 failed", 1)

    def test_unit_status_without_failure(self):
        self.unit("printf '1..1\\nok 1 - a\\n'; exit 99")
        self.assert_total("1 passed, 1 failed", 1, "exit status 99")

    def test_unit_skips_in_both_spellings(self):
        self.unit("printf '1..2\\nnot ok 1 # SKIP a\\nok 2 - b # SKIP\\n'")
        self.assert_total("0 passed, 0 failed, 2 skipped", 0, "skipped: a", "skipped: b")

    def test_unit_crash(self):
        self.unit("printf '1..2\\nok 1 - a\\n'; kill -ABRT $$")
        self.assert_total("1 passed, 1 failed", 1, "SIGABRT")

    def test_unit_ends_early(self):
        self.unit("printf '1..2\\nok 1 - a\\n'")
        self.assert_total("1 passed, 1 failed", 1, "2 tests announced, 1 run")

    def test_unit_without_tests(self):
        self.unit("exit 0")
        self.assert_total("0 passed, 1 failed", 1, "reported no test")

    def test_unit_not_built(self):
        self.unit("")
        (self.root / "build/tests/unit/test_unit").unlink()
        self.assert_total("0 passed, 1 failed", 1, "is not built")

    def test_whole_failures(self):
        self.whole("class T(unittest.TestCase):\n"
                   "    def test_a(self): self.fail('the reason')\n"
                   "    def test_b(self): raise OSError('another')\n"
                   "    def test_c(self):\n"
                   "        for i in range(3):\n"
                   "            with self.subTest(i=i): self.fail()\n"
                   "    @unittest.expectedFailure\n"
                   "    def test_d(self): pass\n"
                   "    def test_e(self): pass\n")
        self.assert_total("1 passed, 4 failed", 1, "the reason", "another")

    def test_whole_set_up_fails(self):
        self.whole("class T(unittest.TestCase):\n"
                   "    @classmethod\n"
                   "    def setUpClass(cls): raise OSError('no')\n"
                   "    def test_a(self): pass\n")
        self.assert_total("0 passed, 1 failed", 1)

    def test_whole_broken_file(self):
        for name, body in (("test_syntax", "x ="), ("test_exit", "os._exit(0)"), ("test_none", "")):
            self.whole(body, name)
        self.assert_total("0 passed, 3 failed", 1, "SyntaxError",
                          "ended with status 0", "reported no test")

    def test_left_behind(self):
        self.unit("printf '1..1\\nok 1 - a\\n'; touch \"$HOME/leftover\"")
        self.assert_total("1 passed, 1 failed", 1, "leftover")
        self.assertEqual([], list((self.root / "build/tmp").iterdir()))

    def test_left_running(self):
        self.unit("printf '1..1\\nok 1 - a\\n'; sleep 60 & echo $! >\"$TAVS_BUILD/pid\"")
        self.assert_total("1 passed, 1 failed", 1, "left a process running")
        stat = Path("/proc", (self.root / "build/pid").read_text().strip(), "stat")
        self.assertTrue(not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z")

    def test_environment(self):
        self.unit('[ "$TAVS_PROGRAM" = "$TAVS_BUILD/tavs" ] && [ "$HOME" = "$TMPDIR" ] && '
                  '[ -z "$TAVS_STORE$XDG_STATE_HOME" ] && printf "1..1\\nok 1 - a\\n"')
        os.environ["TAVS_STORE"] = os.environ["XDG_STATE_HOME"] = "/nowhere"
        self.addCleanup(os.environ.pop, "TAVS_STORE")
        self.addCleanup(os.environ.pop, "XDG_STATE_HOME")
        self.assert_total("1 passed, 0 failed", 0)

    def test_no_tests_at_all(self):
        self.assert_total("0 passed, 0 failed", 1)

    def test_wrong_use(self):
        for words in (["--nothing"], [self.root / "build", "all"]):
            self.assertEqual(2, self.run_tests(*words).returncode)
