"""Libraries that a test preloads into the program: tests/drivers/*_shim.c, compiled when they are needed."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import ROOT, is_sanitized


def compile_shim(test_class, *names):
    """Gives what LD_PRELOAD must be: libraries, the first before the next. Skips the class where nothing can be."""
    if is_sanitized():
        raise unittest.SkipTest("nothing can be preloaded before the sanitizers")
    folder = tempfile.TemporaryDirectory(prefix="shim-")
    test_class.addClassCleanup(folder.cleanup)
    libraries = [Path(folder.name) / f"{name}.so" for name in names]
    for library, name in zip(libraries, names):
        compile_to(library, name)
    return ":".join(map(str, libraries))


def compile_to(library, name):
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        raise unittest.SkipTest("no C compiler")
    subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library,
                    ROOT / f"tests/drivers/{name}.c", "-ldl", "-Wl,-z,now"], check=True)
