"""Debian's package: built from the tarball of the last commit as anybody would, clean by lintian's rules."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import DONE, ROOT, Place, PlaceTest, is_sanitized

TOOLS = ("git", "dpkg-buildpackage", "dh", "lintian")
INSTALLED = {
    "usr/bin/tavs": 0o755, "usr/share/man/man1/tavs.1.gz": 0o644, "usr/share/man/da/man1/tavs.1.gz": 0o644,
    "usr/share/man/man5/tavs-format.5.gz": 0o644, "usr/share/man/man7/tavs-security.7.gz": 0o644,
    "usr/share/bash-completion/completions/tavs": 0o644, "usr/share/zsh/vendor-completions/_tavs": 0o644,
    "usr/share/fish/vendor_completions.d/tavs.fish": 0o644, "usr/share/doc/tavs/copyright": 0o644,
    "usr/share/doc/tavs/changelog.gz": 0o644}


def version():
    return re.search(r"(?m)^VERSION +:= (.*)$", (ROOT / "Makefile").read_text())[1]


class Control(unittest.TestCase):
    def test_version(self):
        self.assertEqual(f"tavs ({version()})", (ROOT / "debian/changelog").read_text().split(" unstable;")[0])

    def test_every_library_is_needed_for_building(self):
        used = subprocess.run([ROOT / "tools/lib/used-libraries"], capture_output=True, text=True, check=True).stdout
        packages = {line.split()[1] for line in used.splitlines()}
        self.assertIn("libsodium-dev", packages)
        needed = (ROOT / "debian/control").read_text().split("Build-Depends:")[1].split("Standards-Version")[0]
        self.assertLessEqual(packages, set(re.findall(r"[\w.+-]+", needed)))


@unittest.skipIf(is_sanitized(), "it builds for itself: what is under test has no part in it")
@unittest.skipUnless((ROOT / ".git").exists(), "no repository")
class Package(PlaceTest):
    real_passphrases = True

    @classmethod
    def setUpClass(cls):
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise unittest.SkipTest(f"not installed: {' '.join(missing)}")
        folder = tempfile.TemporaryDirectory(prefix="tavs-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        env = {name: value for name, value in os.environ.items()
               if name not in ("MAKEFLAGS", "MAKELEVEL", "SANITIZE")}
        env["TMPDIR"] = str(cls.folder)  # lintian leaves a file behind
        cls.built = subprocess.run(
            ["make", "-s", "-C", ROOT, "deb", f"BUILD={cls.folder}/build", f"DIST={cls.folder}/dist",
             "DEB_BUILD_OPTIONS=nocheck parallel=2"], env=env, capture_output=True, text=True, check=False)

    def root(self):
        """What the package holds, unpacked."""
        self.assertEqual(0, self.built.returncode, self.built.stdout[-2000:] + self.built.stderr[-2000:])
        [package] = (self.folder / "build/deb").glob(f"tavs_{version()}_*.deb")
        root = self.folder / "root"
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
        return root, package

    def test_built_and_clean(self):
        """lintian's last word is the exit status of make deb; its warnings would be told."""
        self.assertEqual(0, self.built.returncode, self.built.stdout[-2000:] + self.built.stderr[-2000:])
        self.assertNotRegex(self.built.stdout, "(?m)^[EW]: ")

    def test_holds_what_belongs_in_it(self):
        root, _package = self.root()
        files = {str(path.relative_to(root)): path.stat().st_mode & 0o7777
                 for path in root.rglob("*") if path.is_file()}
        self.assertLessEqual(INSTALLED.items(), files.items())
        parts = {path.name for path in root.glob("usr/lib/*/tavs/*.so")}
        self.assertEqual({f"tavs-{path.parent.name}.so" for path in (ROOT / "src").glob("*/apart")}, parts)

    def test_depends_on_its_libraries(self):
        _root, package = self.root()
        depends = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True,
                                 check=True).stdout
        for library in ("libsodium", "liblmdb", "libjansson", "libxlsxwriter", "libxml2", "libzip", "libc6"):
            self.assertIn(library, depends)

    def test_runs(self):
        root, _package = self.root()
        place = Place.for_test(self)
        for words in (["init", "-k", "interactive", place.key], ["log", "phone", "relative"], ["show", place.key]):
            result = place.tavs(command=[root / "usr/bin/tavs", "--store", place.store, *words])
            self.assertEqual(DONE, result.status, result)


if __name__ == "__main__":
    unittest.main()
