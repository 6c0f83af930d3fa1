"""What the program loads and starts of its own: only what nobody else can have put there or changed."""

import os
import shutil
import unittest

from place import BUILD, DONE, PROGRAM, SYSTEM, Place, PlaceTest, is_sanitized

PLANTED = "#!/bin/sh\necho planted\n"
OTHERS = r"a part of the program can't be loaded \({}: others may change it, or its folder\)"
NOBODY = 65534


@unittest.skipIf(is_sanitized(), "about files and their modes, not about memory")
class Parts(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        (self.place.work / "a.csv").write_text("month,count\n2026-01,3\n")
        self.bin = self.place.work / "home/bin"
        self.bin.mkdir(parents=True)
        self.program = shutil.copy2(PROGRAM, self.bin)

    def scan(self):
        return self.place.tavs(command=[self.program, "scan", self.place.work / "a.csv"])

    def plant(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tavs-scan").write_text(PLANTED)
        (folder / "tavs-scan").chmod(0o755)
        return folder / "tavs-scan"

    def assert_not_taken(self, said=r"a part of the program can't be loaded"):
        result = self.scan()
        if result.status != DONE:  # tavs may be installed on this machine
            self.assert_complaint(result, SYSTEM, said)
        self.assertNotIn("planted", result.out)

    def test_beside_and_in_a_moved_tree(self):
        for folder in (self.bin / "../lib/tavs", self.bin):
            self.plant(folder)
            self.assertEqual((DONE, "planted\n", ""), self.scan())

    def test_folders_above(self):
        for folder in (self.bin.parent, self.place.work, self.bin.parent / "lib", self.bin / "lib/tavs"):
            self.plant(folder)
        self.assert_not_taken()

    def test_what_others_may_change(self):
        file = self.plant(self.bin)
        for path, mode in ((file, 0o775), (file, 0o757), (self.bin, 0o775), (self.bin, 0o1777)):
            with self.subTest(path, mode=mode):
                path.chmod(mode)
                self.assert_not_taken(OTHERS.format(file))
                path.chmod(0o755)
        self.assertEqual("planted\n", self.scan().out)

    def test_of_somebody_else(self):
        if os.getuid() != 0:
            self.skipTest("only root can give files away")
        file = self.plant(self.bin)
        for path in (file, self.bin):
            with self.subTest(path):
                os.chown(path, NOBODY, NOBODY)
                self.assert_not_taken(OTHERS.format(file))
                os.chown(path, 0, 0)
        self.assertEqual("planted\n", self.scan().out)

    def test_libraries(self):
        """The same holds for what is loaded: a workbook needs tavs-render.so."""
        self.place.init()
        words = ["report", "2017", "-x", "-f", "xlsx", "-o", self.place.work / "report.xlsx", "-F", self.place.key]
        for part in BUILD.glob("tavs-*.so"):
            shutil.copy2(part, self.bin)
        part = self.bin / "tavs-render.so"
        command = [self.program, "--store", self.place.store, *words]
        self.assertEqual(DONE, self.place.tavs(command=command).status)
        part.chmod(0o775)
        result = self.place.tavs(command=command)
        if result.status != DONE:
            self.assert_complaint(result, SYSTEM, OTHERS.format(part))
        part.rename(self.bin.parent / part.name)
        result = self.place.tavs(command=command)
        if result.status != DONE:
            self.assert_complaint(result, SYSTEM, r".*tavs-render.so: No such file")


if __name__ == "__main__":
    unittest.main()
