"""make dist, and from the sources that it packs: make install, the program where it is installed, make uninstall."""

import os
import shutil
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path

from place import DONE, ROOT, SYSTEM, Place, PlaceTest, is_sanitized


@unittest.skipIf(is_sanitized(), "it builds for itself: what is under test has no part in it")
class Install(PlaceTest):
    real_passphrases = True

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tavs-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.prefix = cls.folder / "home/local"
        cls.tree = ROOT
        if (ROOT / ".git").exists() and shutil.which("git") and shutil.which("xz"):
            cls.make("dist", f"DIST={cls.folder}/dist", tree=ROOT)
            [tarball] = (cls.folder / "dist").iterdir()
            with tarfile.open(tarball) as sources:
                sources.extractall(cls.folder)
            cls.tree = cls.folder / tarball.name.removesuffix(".tar.xz")
        cls.make("all")

    @classmethod
    def make(cls, *words, tree=None):
        """Built apart: another PREFIX is another build. Quickly, as it is not what is shipped."""
        env = {name: value for name, value in os.environ.items()
               if name not in ("MAKEFLAGS", "MAKELEVEL", "SANITIZE")}
        result = subprocess.run(["make", "-s", "-j2", "-C", tree or cls.tree, f"BUILD={cls.folder}/build", "CFLAGS=-O0",
                                 f"DESTDIR={cls.folder}/root", f"PREFIX={cls.prefix}", *words], env=env,
                                capture_output=True, text=True, check=False)
        if result.returncode:
            raise AssertionError(f"make {' '.join(words)}: {result.stderr}")

    def installed(self):
        root = self.folder / "root"
        return {str(path.relative_to(root)): path.stat().st_mode & 0o7777
                for path in root.rglob("*") if path.is_file()}

    def test_install_and_uninstall(self):
        at = str(self.prefix).lstrip("/")
        root = self.folder / "root" / at
        self.make("install")
        files = self.installed()
        self.assertEqual(0o755, files.pop(f"{at}/bin/tavs"))
        share = f"{at}/share"
        documents = {f"{share}/doc/tavs/{path.name}" for path in (
            self.tree / "README.md", self.tree / "LICENSE", self.tree / "CHANGELOG.md",
            *(self.tree / "docs").glob("*.md"))}
        self.assertLessEqual(documents, files.keys())
        self.assertLessEqual({
            f"{share}/man/man1/tavs.1", f"{share}/man/da/man1/tavs.1", f"{share}/man/man5/tavs-format.5",
            f"{share}/man/man7/tavs-security.7", f"{share}/bash-completion/completions/tavs",
            f"{share}/zsh/site-functions/_tavs", f"{share}/fish/vendor_completions.d/tavs.fish"}, files.keys())
        for name, mode in files.items():
            self.assertEqual(0, mode & 0o022, name)

        place = Place.for_test(self)
        program = str(root / "bin/tavs")
        for words in (["init", "-k", "interactive", place.key], ["log", "phone", "relative"], ["show", place.key],
                      ["help"]):
            result = place.tavs(command=[program, "--store", str(place.store), *words])
            self.assertEqual(DONE, result.status, result)
        self.check_moved(place, root)

        stranger = root / "share/doc/stranger"
        stranger.mkdir(parents=True)
        (stranger / "README").write_text("of another program")
        self.make("install")  # over itself
        self.make("uninstall")
        self.assertEqual({f"{share}/doc/stranger/README"}, set(self.installed()))
        self.assertFalse((root / "share/doc/tavs").exists())
        self.make("uninstall")  # there is nothing any more


    def check_moved(self, place, root):
        """Where it was not meant to be, through a link, and moved as a whole: with all its parts, and in Danish."""
        moved, link = self.folder / "moved", self.folder / "link"
        shutil.copytree(root, moved)
        link.symlink_to(moved / "bin/tavs")
        for program in (root / "bin/tavs", moved / "bin/tavs", link):
            for words in (["report", "2017", "-x", "-f", "xlsx", "-o", place.work / "report.xlsx", "-F", place.key],
                          ["--lang", "da", "report", "2017", "-x", place.key]):
                result = place.tavs(command=[program, "--store", place.store, *words])
                self.assertEqual(DONE, result.status, result)
        self.assertIn("Anonym", result.out)

    def test_where_it_was_to_be_installed(self):
        """There it takes its parts from LIBDIR alone, whatever stands beside it or above; what LIBDIR lacks is missing."""
        prefix = self.prefix
        self.make("install", "DESTDIR=")
        place = Place.for_test(self)
        planted = (prefix / "bin", prefix / "bin/../lib", prefix, self.folder / "home")
        for folder in planted:
            shutil.copy(prefix / "lib/tavs/tavs-render.so", folder / "tavs-render.so")
            (folder / "tavs-scan").write_text("#!/bin/sh\necho planted\n")
            (folder / "tavs-scan").chmod(0o755)
        (place.work / "a.csv").write_text("month,count\n2026-01,3\n")
        command = [prefix / "bin/tavs", "scan", place.work / "a.csv"]
        self.assertEqual((DONE, f"{place.work}/a.csv: nothing found\n"), place.tavs(command=command)[:2])
        (prefix / "lib/tavs/tavs-scan").unlink()
        result = place.tavs(command=command)
        self.assertEqual((SYSTEM, ""), result[:2])
        self.assertIn(f"{prefix}/lib/tavs/tavs-scan: No such file", result.err)

    def test_names_that_would_change_other_folders(self):
        """With a space in DESTDIR the mode of what stands before it was set."""
        other = self.folder / "other"
        other.mkdir(mode=0o700)
        for name, value in (("DESTDIR", f"{other} folder"), ("PREFIX", f"{other} folder"), ("BINDIR", f"/x:{other}"),
                            ("BUILD", f"{other} folder"), ("DIST", f"a;b{other}"), ("LIBDIR", "/$$HOME"), ("DOCDIR", "/a*")):
            for goal in ("install", "uninstall", "clean"):
                with self.assertRaisesRegex(AssertionError, f"{name}: a name with spaces or marks of the shell"):
                    self.make(goal, f"{name}={value}")
        self.assertEqual(0o700, other.stat().st_mode & 0o777)

    def test_sources_of_somebody_else(self):
        """As root, who may; git asks to be told that it is meant."""
        if self.tree == ROOT or os.getuid() != 0:
            self.skipTest("no repository, or no git or xz, or not root")
        theirs = self.folder / "theirs"
        subprocess.run(["git", "clone", "-q", ROOT, theirs], check=True)
        for path in (theirs, *theirs.rglob("*")):
            os.chown(path, 65534, 65534, follow_symlinks=False)
        self.make("dist", f"DIST={self.folder}/of-theirs", tree=theirs)
        self.assertEqual(1, len(list((self.folder / "of-theirs").iterdir())))

    def test_sources_are_packed_alike_each_time(self):
        if self.tree == ROOT:
            self.skipTest("no repository, or no git or xz")
        self.make("dist", f"DIST={self.folder}/again", tree=ROOT)
        [one], [other] = ((self.folder / name).iterdir() for name in ("dist", "again"))
        self.assertEqual(one.read_bytes(), other.read_bytes())
        with tarfile.open(one) as sources:
            members = sources.getmembers()
        self.assertEqual({one.name.removesuffix(".tar.xz")}, {member.name.split("/")[0] for member in members})
        self.assertEqual({(0, 0, "root", "root")}, {(member.uid, member.gid, member.uname, member.gname)
                                                    for member in members})
        self.assertEqual(1, len({member.mtime for member in members}))


if __name__ == "__main__":
    unittest.main()
