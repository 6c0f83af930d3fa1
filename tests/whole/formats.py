"""Parts of docs/format.md that tests reckon for themselves."""

import importlib.util

from place import ROOT


def format_module():
    """The reckoning without libsodium that makes tests/vectors/format.json."""
    spec = importlib.util.spec_from_file_location("make_format", ROOT / "tests/vectors/make_format.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def seed_of(code):
    """The seed that a recovery code stands for: section 7."""
    number = 0
    for symbol in code.replace("-", "")[:-1]:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(symbol)
    return number.to_bytes(32, "big")
