"""tests/vectors/format.json is what its generator works out, and the vectors say where they are from."""

import importlib.util
import json
import unittest
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


class Vectors(unittest.TestCase):
    maxDiff = None

    def test_format_is_what_the_generator_makes(self):
        spec = importlib.util.spec_from_file_location("make_format", VECTORS / "make_format.py")
        generator = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(generator)
        self.assertEqual((VECTORS / "format.json").read_text(), generator.text())

    def test_each_names_its_source(self):
        for file in sorted(VECTORS.glob("*.json")):
            with self.subTest(file.name):
                self.assertTrue(json.loads(file.read_text())["source"])


if __name__ == "__main__":
    unittest.main()
