"""Libraries that a test preloads into the program."""

import unittest

from drivers import compile_once
from place import BUILD, is_sanitized


def compile_shim(*names):
    """Gives what LD_PRELOAD must be: libraries, the first before the next. Skips the class where nothing can be that
    stands in for the system's own functions."""
    if is_sanitized():
        raise unittest.SkipTest("nothing can be preloaded before the sanitizers")
    return ":".join(str(compile_once(BUILD, name)) for name in names)
