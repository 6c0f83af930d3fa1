"""tools/check-rooms finds every kind of include that is out of place, and names it."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from place import without_sanitizer

TREE = Path(__file__).resolve().parents[2]

ROOMS = ["base", "secret", "confine", "delimited", "codebook", "elgamal", "keys", "record", "store", "tally", "table",
         "protect", "release", "render", "published", "scan", "intake", "traces", "audit", "term", "cmd"]
APART = {(room, other) for room in ("render", "intake")
         for other in ("elgamal", "keys", "record", "store", "tally")} | {("intake", "table")}
HOMES = {
    "sodium.h": {"secret", "elgamal", "keys"},
    "sodium/core.h": {"secret", "elgamal", "keys"},
    "lmdb.h": {"store"},
    "readline/readline.h": {"term/apart"},
    "readline/history.h": {"term/apart"},
    "jansson.h": {"published", "render", "scan", "audit"},
    "libxml/parser.h": {"scan/readers"},
    "zip.h": {"scan/readers"},
    "xlsxwriter.h": {"render/apart"},
    "glpk.h": {"protect/apart"},
    "csv.h": {"delimited/apart"},
    "libintl.h": set(),
    "stdio.h": set(ROOMS) | {"main"},
}


@without_sanitizer
class CheckRooms(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for part in ("src", "include"):
            shutil.copytree(TREE / part, self.root / part)
        (self.root / "tools").mkdir()
        shutil.copy(TREE / "tools/check-rooms", self.root / "tools")
        for room in ROOMS:
            (self.root / "src" / room).mkdir(exist_ok=True)

    def check(self):
        return subprocess.run([self.root / "tools/check-rooms"], capture_output=True, text=True)

    def plant(self, path, *lines):
        """Adds lines to a file of the copy; returns the number of the first."""
        file = self.root / path
        file.parent.mkdir(exist_ok=True)
        before = file.read_text() if file.exists() else ""
        file.write_text(before + "".join(line + "\n" for line in lines))
        return before.count("\n") + 1

    def found(self):
        """The file:line of each fault."""
        result = self.check()
        self.assertEqual(result.returncode, 1, result.stdout)
        return {line.split(": ")[0]: line for line in result.stderr.splitlines()}

    def assert_found(self, place, *words):
        found = self.found()
        self.assertEqual([place], list(found))
        for word in words:
            self.assertIn(word, found[place])

    def test_tree_is_in_order(self):
        result = self.check()
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_every_pair_of_rooms(self):
        expected = set()
        for level, room in enumerate(ROOMS):
            self.plant(f"src/{room}/planted.c", *(f'#include "tavs/{other}.h"' for other in ROOMS))
            expected |= {f"src/{room}/planted.c:{other + 1}" for other, name in enumerate(ROOMS)
                         if other > level or (room, name) in APART}
        self.assertEqual(expected, set(self.found()))

    def test_main_stands_above_all(self):
        self.plant("src/main.c", *(f'#include "tavs/{other}.h"' for other in ROOMS))
        self.assertEqual(0, self.check().returncode)

    def test_public_header_obeys_its_room(self):
        line = self.plant("include/tavs/base.h", '#include "tavs/store.h"')
        self.assert_found(f"include/tavs/base.h:{line}", "base includes tavs/store.h", "above base")

    def test_private_header_obeys_its_room(self):
        self.plant("src/tally/planted.h", "", '#  include <tavs/cmd.h>')
        self.assert_found("src/tally/planted.h:2", "tally includes tavs/cmd.h")

    def test_every_library_in_every_room(self):
        headers = list(HOMES)
        expected = set()
        for room in ROOMS + [f"{room}/apart" for room in ROOMS] + ["main"]:
            path = f"src/{room}/planted.c" if room != "main" else "src/main.c"
            first = self.plant(path, *(f"#include <{header}>" for header in headers))
            expected |= {f"{path}:{first + number}" for number, header in enumerate(headers)
                         if not HOMES[header] & {room, room.removesuffix("/apart")}}
        self.assertEqual(expected, set(self.found()))

    def test_library_in_quotes(self):
        self.plant("src/cmd/planted.c", '#include "lmdb.h"')
        self.assert_found("src/cmd/planted.c:1", "lmdb.h", "store")

    def test_private_header_of_another_room(self):
        self.plant("src/keys/planted.h", "/* inside keys */")
        self.plant("src/keys/own.c", '#include "planted.h"')
        self.assertEqual(0, self.check().returncode)
        spellings = ['"../keys/planted.h"', '"keys/planted.h"', "<keys/planted.h>", '"planted.h"']
        self.plant("src/store/planted.c", *(f"#include {spelling}" for spelling in spellings))
        self.assertEqual({f"src/store/planted.c:{line}" for line in range(1, 5)}, set(self.found()))

    def test_what_is_built_apart_includes_its_own_room_only(self):
        self.plant("src/store/apart/own.c", '#include "../tree.h"', '#include "tavs/base.h"')
        self.assertEqual(0, self.check().returncode)
        spellings = ['"../../keys/reader.h"', '"../keys/reader.h"', '"tavs/tally.h"']
        self.plant("src/store/apart/planted.c", *(f"#include {spelling}" for spelling in spellings))
        self.assertEqual({f"src/store/apart/planted.c:{line}" for line in range(1, 4)}, set(self.found()))

    def test_generated_table_stays_in_elgamal(self):
        self.plant("src/elgamal/planted.c", '#include "elgamal_table.h"')
        self.assertEqual(0, self.check().returncode)
        self.plant("src/keys/planted.c", '#include "elgamal_table.h"')
        self.assert_found("src/keys/planted.c:1", "elgamal_table.h")

    def test_include_by_macro(self):
        self.plant("src/cmd/planted.c", "#define LIBRARY <lmdb.h>", "#include LIBRARY")
        self.assert_found("src/cmd/planted.c:2", "macro")

    def test_unknown_room(self):
        (self.root / "src/attic").mkdir()
        self.assert_found("src/attic", "not a room")

    def test_unknown_public_header(self):
        self.plant("include/tavs/attic.h", "")
        self.assert_found("include/tavs/attic.h", "no room")

    def test_include_of_unknown_room(self):
        self.plant("src/cmd/planted.c", '#include "tavs/attic.h"')
        self.assert_found("src/cmd/planted.c:1", "not a room")

    def test_file_beside_the_rooms(self):
        self.plant("src/planted.c", "")
        self.assert_found("src/planted.c", "no room")

    def test_folder_inside_a_room(self):
        """It belongs to the room; a folder in it belongs to none."""
        (self.root / "src/store/inner/most").mkdir(parents=True)
        self.plant("src/store/inner/planted.c", '#include "tavs/cmd.h"')
        self.plant("src/store/inner/planted.h", '#include "../planted.h"\n#include "../../tally/planted.h"')
        self.plant("src/store/planted.h", "")
        self.plant("src/store/inner/most/planted.c", "")
        self.assertEqual({"src/store/inner/most", "src/store/inner/most/planted.c", "src/store/inner/planted.c:1",
                          "src/store/inner/planted.h:2"}, set(self.found()))
