"""Libraries that are preloaded into the program: tests/drivers/*_shim.c, compiled when they are needed."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "drivers"


def compile_to(library, name):
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        raise unittest.SkipTest("no C compiler")
    subprocess.run([compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library,
                    SOURCES / f"{name}.c", "-ldl", "-Wl,-z,now"], check=True)


def compile_once(build, name):
    """The path of a library that all tests of a build share; it is complete whoever comes first."""
    library, source = build / f"tests/drivers/{name}.so", SOURCES / f"{name}.c"
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        library.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=library.parent) as folder:
            compile_to(Path(folder) / library.name, name)
            os.replace(Path(folder) / library.name, library)
    return library
