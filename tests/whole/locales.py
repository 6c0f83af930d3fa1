"""Locales that Debian does not install by default, made by the tests."""

import gzip
import shutil
import subprocess
import unittest
from pathlib import Path


def danish_latin1_in(folder):
    """Makes a Danish ISO 8859-1 locale in the folder; gives the variables that choose it."""
    made = Path(folder) / "da_DK.ISO-8859-1"
    if not made.exists():
        charmap = Path("/usr/share/i18n/charmaps/ISO-8859-1.gz")
        if shutil.which("localedef") is None or not charmap.exists():
            raise unittest.SkipTest("no localedef or its sources: Debian package locales")
        (made.parent / "charmap").write_bytes(gzip.decompress(charmap.read_bytes()))
        subprocess.run(["localedef", "-i", "da_DK", "-f", made.parent / "charmap", made],
                       capture_output=True, check=False)
        if not (made / "LC_CTYPE").exists():
            raise unittest.SkipTest("localedef made no locale")
    return {"LC_ALL": made.name, "LOCPATH": str(made.parent)}
