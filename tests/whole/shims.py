"""Libraries that a test preloads into the program: tests/drivers/*_shim.c, compiled when they are needed."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import ROOT, is_sanitized


def compile_shim(test_class, name):
    """Gives the path of the library; skips the class where nothing can be preloaded."""
    if is_sanitized():
        raise unittest.SkipTest("nothing can be preloaded before the sanitizers")
    folder = tempfile.TemporaryDirectory(prefix="shim-")
    test_class.addClassCleanup(folder.cleanup)
    library = Path(folder.name) / f"{name}.so"
    compile_to(library, name)
    return library


def compile_to(library, name):
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        raise unittest.SkipTest("no C compiler")
    subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library,
                    ROOT / f"tests/drivers/{name}.c", "-ldl", "-Wl,-z,now"], check=True)
