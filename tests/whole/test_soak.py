"""Random operations against a model: a short run of what `make soak` does at length."""

import os
import random

from place import Place, PlaceTest
from shims import compile_shim
from soak import Soak

OPERATIONS = 40 if os.environ.get("TAVS_SLOW_MACHINE") else 150


class ShortSoak(PlaceTest):
    def test_store_and_model_agree(self):
        shim = compile_shim("cheap_pwhash_shim")
        seed = random.randrange(1 << 32)
        try:
            said = Soak(Place.for_test(self).folder, shim, seed).go(OPERATIONS)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        print(f"note: {said}")
