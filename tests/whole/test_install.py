"""make install, the program where it is installed, make uninstall."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import DONE, ROOT, Place, PlaceTest, is_sanitized


@unittest.skipIf(is_sanitized(), "it builds for itself: what is under test has no part in it")
class Install(PlaceTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tavs-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.make("all")

    @classmethod
    def make(cls, *words):
        """Built apart: another PREFIX is another build. Quickly, as it is not what is shipped."""
        env = {name: value for name, value in os.environ.items()
               if name not in ("MAKEFLAGS", "MAKELEVEL", "SANITIZE")}
        result = subprocess.run(["make", "-s", "-j2", "-C", ROOT, f"BUILD={cls.folder}/build", "CFLAGS=-O0",
                                 f"DESTDIR={cls.folder}/root", "PREFIX=/opt/tavs", *words], env=env,
                                capture_output=True, text=True, check=False)
        if result.returncode:
            raise AssertionError(f"make {' '.join(words)}: {result.stderr}")

    def installed(self):
        root = self.folder / "root"
        return {str(path.relative_to(root)): path.stat().st_mode & 0o7777
                for path in root.rglob("*") if path.is_file()}

    def test_install_and_uninstall(self):
        root = self.folder / "root/opt/tavs"
        self.make("install")
        files = self.installed()
        self.assertEqual(0o755, files.pop("opt/tavs/bin/tavs"))
        documents = {f"opt/tavs/share/doc/tavs/{path.name}" for path in (
            ROOT / "README.md", ROOT / "LICENSE", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"))}
        self.assertLessEqual(documents, files.keys())
        for name, mode in files.items():
            self.assertEqual(0, mode & 0o022, name)

        place = Place.for_test(self)
        program = str(root / "bin/tavs")
        for words in (["init", "-k", "interactive", place.key], ["log", "phone", "relative"], ["show", place.key],
                      ["help"]):
            result = place.tavs(command=[program, "--store", str(place.store), *words])
            self.assertEqual(DONE, result.status, result)

        stranger = root / "share/doc/stranger"
        stranger.mkdir(parents=True)
        (stranger / "README").write_text("of another program")
        self.make("install")  # over itself
        self.make("uninstall")
        self.assertEqual({"opt/tavs/share/doc/stranger/README"}, set(self.installed()))
        self.assertFalse((root / "share/doc/tavs").exists())
        self.make("uninstall")  # there is nothing any more


if __name__ == "__main__":
    unittest.main()
