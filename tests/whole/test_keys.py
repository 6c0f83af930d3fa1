"""Passphrases, the recovery code, machines, and what the place offers: who may do what, and what is left of it."""

import os
import unittest

from formats import format_module, seed_of
from place import (DONE, REFUSED, WRONG_PASSPHRASE, WRONG_USE, Place, PlaceTest, fingerprint_of,
                   recovery_code_of)

MONTH = "2014-05"
SECOND, THIRD = "a second passphrase for tests", "a third passphrase for tests"
WRAPPED_SEED = slice(52, 100)  # docs/format.md, section 4


def store_id(place):
    return bytes.fromhex(place.device_file().name.removesuffix(".device"))


def header_at(place, content):
    """Where the header stands; there is one, as nothing outdated is left."""
    start = b"TAVS" + bytes([0, 3, 1])  # the format, and its draft
    places = [at for at in range(len(content)) if content.startswith(start, at) and
              content[at + 16:at + 32] == store_id(place)]
    if len(places) != 1:
        raise AssertionError(f"{len(places)} headers in the file")
    return places[0]


def slots(place):
    content = place.store.read_bytes()
    first = header_at(place, content) + 256
    return [content[at:at + 100] for at in range(first, first + 800, 100)]


class KeyTest(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.code = recovery_code_of(self.place.init())
        self.second = self.place.secret("second", SECOND)
        self.third = self.place.secret("third", THIRD)

    def add(self, file, *words):
        self.place.done("key", "add", "--kdf", "interactive", f"-P{file}", *(words or [self.place.key]))

    def listed(self):
        return self.place.done("key", "list").splitlines()

    def assert_opens(self, *files):
        for file in (self.place.passphrase_file, self.second, self.third):
            status = self.place.tavs("show", "-p", file).status
            self.assertEqual(DONE if file in files else WRONG_PASSPHRASE, status, file.name)


class Keys(KeyTest):
    INTERACTIVE = "interactive (64 MiB, 2 passes)"

    def test_add_list_remove(self):
        self.assertEqual([f"slot 1: {self.INTERACTIVE}"], self.listed())
        self.add(self.second)
        self.assertEqual([f"slot {n}: {self.INTERACTIVE}" for n in (1, 2)], self.listed())
        self.assert_opens(self.place.passphrase_file, self.second)
        self.place.done("key", "remove", "1", "-p", self.second)
        self.assertEqual([f"slot 2: {self.INTERACTIVE}"], self.listed())
        self.assert_opens(self.second)
        self.add(self.third, "-p", self.second)
        self.assertEqual([f"slot {n}: {self.INTERACTIVE}" for n in (1, 2)], self.listed())

    def test_list_needs_no_passphrase_and_no_enrolment(self):
        self.assertEqual(self.listed(), self.place.on("elsewhere").done("key", "list").splitlines())

    def test_removed_slot_is_nowhere_in_the_file(self):
        self.add(self.second)
        old = slots(self.place)[1]
        self.assertIn(old[WRAPPED_SEED], self.place.store.read_bytes())
        self.place.done("key", "remove", "2", self.place.key)
        self.assertEqual(bytes(100), slots(self.place)[1])
        content = self.place.store.read_bytes()
        for part in (old[12:28], old[28:52], old[WRAPPED_SEED], *(old[i:i + 8] for i in range(12, 92, 8))):
            self.assertNotIn(part, content)
        self.assert_nothing_left_in_the_store(self.place)

    def test_changed_slot_is_nowhere_in_the_file(self):
        old = slots(self.place)[0]
        self.place.done("key", "change", "-k", "interactive", self.place.key, "-P", self.second)
        content = self.place.store.read_bytes()
        for part in (old[i:i + 8] for i in range(12, 92, 8)):
            self.assertNotIn(part, content)
        self.assertEqual([f"slot 1: {self.INTERACTIVE}"], self.listed())
        self.assert_opens(self.second)
        self.assert_nothing_left_in_the_store(self.place)

    def test_change_is_of_the_slot_that_was_opened(self):
        self.add(self.second)
        first = slots(self.place)[0]
        self.place.done("key", "change", "-k", "interactive", "-p", self.second, "-P", self.third)
        self.assertEqual(first, slots(self.place)[0])
        self.assert_opens(self.place.passphrase_file, self.third)

    def test_the_last_slot_stays(self):
        self.assert_refused(self.place, WRONG_USE, "slot 1 is the last: without it nobody could read", "key",
                            "remove", "1", self.place.key, hint="add another passphrase first")

    def test_slots_that_are_not_there(self):
        for number in ("0", "2", "9", "-1", "x", "1x", "99999999999999999999"):
            self.assert_refused(self.place, WRONG_USE, f"there is no key in slot {number}$", "key", self.place.key,
                                "--", "remove", number)

    def test_eight_slots_and_no_more(self):
        for number in range(2, 9):
            self.add(self.place.secret(f"person {number}", f"the passphrase of person {number}"))
        self.assertEqual(8, len(self.listed()))
        self.assert_refused(self.place, WRONG_USE, "all 8 key slots are in use", "key", "add", self.place.key,
                            "-P", self.second, hint="remove one that nobody uses")
        self.place.done("show", "-p", self.place.secret("last", "the passphrase of person 8"))
        self.place.done("key", "remove", "5", self.place.key)
        self.add(self.second)
        self.assert_opens(self.place.passphrase_file, self.second)

    def test_wrong_passphrase(self):
        before = self.place.store.read_bytes()
        for words in (["show"], ["export", "2014", "--exact"], ["report", "2014", "--exact"],
                      ["key", "add", "-P", self.third], ["key", "change", "-P", self.third], ["key", "remove", "1"],
                      ["device", "add"], ["device", "retire", "1"], ["offer", "--channels", "phone"]):
            self.assert_refused(self.place, WRONG_PASSPHRASE, "the passphrase opens no key of this store$", *words,
                                "-p", self.second)
        self.assertEqual(before, self.place.store.read_bytes())

    def test_default_level_is_moderate(self):
        self.place.done("key", "add", self.place.key, "-P", self.second)
        self.assertEqual("slot 2: moderate (256 MiB, 3 passes)", self.listed()[1])
        self.place.done("show", "-p", self.second)

    def test_a_level_that_is_none(self):
        self.assert_refused(self.place, WRONG_USE, "'--kdf fast' is not possible$", "key", "add", self.place.key,
                            "-P", self.second, "--kdf", "fast")


class Recovery(KeyTest):
    def test_code_opens_for_a_new_passphrase(self):
        self.add(self.second, "--recovery", "-p", self.place.secret("code", self.code))
        self.assert_opens(self.place.passphrase_file, self.second)
        sloppy = self.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        self.add(self.third, "--recovery", "-p", self.place.secret("sloppy", sloppy))
        self.place.done("show", "-p", self.third)

    def test_also_to_remove_and_to_enrol(self):
        self.add(self.second)
        code = self.place.secret("code", self.code)
        self.place.done("key", "remove", "1", "--recovery", "-p", code)
        self.assert_opens(self.second)

    def test_typing_mistakes(self):
        for mistaken in (self.code[:-1], self.code + "0", ("1" if self.code[0] != "1" else "2") + self.code[1:],
                         "not a code", self.code[5:], self.code[10:15] + self.code[:10] + self.code[15:]):
            self.assert_refused(self.place, WRONG_USE, "this is not a recovery code$", "key", "add", "--recovery",
                                "-p", self.place.secret("code", mistaken), "-P", self.second)

    def test_groups_that_changed_places(self):
        for first, second in ((0, 1), (2, 7), (1, 10), (3, 12)):
            groups = self.code.split("-")
            if groups[first] == groups[second]:
                continue
            groups[first], groups[second] = groups[second], groups[first]
            code = self.place.secret("code", "-".join(groups))
            for language, said in (("en", f"two groups of the recovery code have changed places: numbers {first + 1}, {second + 1}$"),
                                   ("da", f"to grupper i gendannelseskoden har byttet plads: nummer {first + 1}, {second + 1}$")):
                self.assert_refused(self.place, WRONG_USE, said, "--lang", language, "key", "add", "--recovery", "-p", code,
                                    "-P", self.second, language=language)

    def test_what_programs_put_between_groups(self):
        """And the mark of an editor."""
        for between in ("\u2013", "\u2014", "\u2212", ".", "\u00a0", " \u2013 ", "\u2011", "\u202f", "\u00b7"):
            code = "\ufeff" + self.code.replace("-", between) + " \r"
            self.add(self.second, "--recovery", "-p", self.place.secret("code", code))
            self.place.done("key", "remove", "2", "-p", self.place.passphrase_file)

    def test_code_of_another_store(self):
        other = Place.for_test(self)
        code = recovery_code_of(other.init())
        self.assert_refused(self.place, WRONG_PASSPHRASE, "this is the recovery code of another store$", "key",
                            "add", "--recovery", "-p", self.place.secret("code", code), "-P", self.second,
                            hint="look for the paper")

    def test_a_passphrase_is_no_code_and_a_code_no_passphrase(self):
        self.assert_refused(self.place, WRONG_USE, "this is not a recovery code$", "key", "add", "--recovery",
                            self.place.key, "-P", self.second)
        self.assert_refused(self.place, WRONG_PASSPHRASE, "the passphrase opens no key", "show", "-p",
                            self.place.secret("code", self.code))

    def test_change_needs_the_passphrase_it_changes(self):
        self.assert_refused(self.place, WRONG_USE, "'key change --recovery' is not possible$", "key", "change",
                            "--recovery", "-p", self.place.secret("code", self.code), "-P", self.second)


class Devices(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.init = self.place.init()
        self.other = self.place.on("other")

    def log(self, place, **more):
        return place.tavs("log", "--month", MONTH, "phone", "user", **more)

    def assert_log_refused(self, place, message, hint=None):
        self.assert_refused(place, REFUSED, message, "log", "--month", MONTH, "phone", "user", hint=hint)

    def test_a_second_machine(self):
        fingerprint = fingerprint_of(self.init)
        self.assert_log_refused(self.other, "this machine is not enrolled in the store with fingerprint "
                                f"{fingerprint}$", "compare the fingerprint with the one on paper.*'tavs device add'")
        self.assertIn(fingerprint, self.other.tavs("device", "add", self.place.key).err)
        for place, times in ((self.place, 2), (self.other, 3)):
            for _ in range(times):
                self.assertEqual(DONE, self.log(place).status)
        self.assertEqual({(MONTH, "phone", "user", 1): 5}, self.place.counts(MONTH))
        self.assertEqual({(MONTH, "phone", "user", 1): 5}, self.place.on("a third").counts(MONTH))
        for place, own in ((self.place, 0), (self.other, 1), (self.place.on("a third"), None)):
            lines = place.done("device", "list").splitlines()
            self.assertEqual(2, len(lines))
            for number, line in enumerate(lines):
                self.assertRegex(line, f"^device {number + 1}: active, key [0-9a-f]{{16}}"
                                 f"{' .this machine.' if number == own else ''}$")
        self.assert_refused(self.other, WRONG_USE, "this machine is enrolled already, as device 2", "device", "add",
                            self.place.key)

    def test_what_one_machine_counted_another_may_take_back(self):
        self.other.done("device", "add", self.place.key)
        self.log(self.place)
        self.other.done("retract", "--month", MONTH, "phone", "user")
        self.assertEqual({}, self.place.counts(MONTH))

    def test_retired(self):
        self.other.done("device", "add", self.place.key)
        self.log(self.other)
        self.place.done("device", "retire", "2", self.place.key)
        self.assertIn("device 2: retired, key ", self.place.done("device", "list"))
        self.assert_log_refused(self.other, "this machine, device 2, has been retired$", "the leader enrols it anew")
        self.assertEqual({(MONTH, "phone", "user", 1): 1}, self.other.counts(MONTH))
        self.other.done("device", "add", self.place.key)
        self.assertEqual(DONE, self.log(self.other).status)
        self.assertIn("device 3: active, key ", self.other.done("device", "list"))
        self.assertEqual({(MONTH, "phone", "user", 1): 2}, self.place.counts(MONTH))

    def test_devices_that_are_not_there(self):
        for number in ("0", "2", "1025", "x", "-1"):
            self.assert_refused(self.place, WRONG_USE, f"there is no device {number}$", "device", self.place.key,
                                "--", "retire", number)

    def test_key_of_the_machine(self):
        file = self.place.device_file()
        self.assertEqual((120, 0o100600), (file.stat().st_size, file.stat().st_mode))
        self.assertEqual(0o40700, file.parent.stat().st_mode)
        good = file.read_bytes()
        for mode in (0o640, 0o604, 0o660):
            file.chmod(mode)
            self.assert_log_refused(self.place, f"others may read or write this machine's key {file}$",
                                    "make it yours alone: chmod 600")
        file.chmod(0o600)
        for bad in (b"", good[:-1], good + b"\0", bytes(120), *(
                good[:at] + bytes([good[at] ^ 1]) + good[at + 1:] for at in (0, 5, 7, 8, 24, 56, 87, 88, 119))):
            file.write_bytes(bad)
            self.assert_log_refused(self.place, f"this machine's key {file} is damaged$",
                                    "remove the file and let the leader enrol")
        file.unlink()
        file.symlink_to("elsewhere")
        self.assert_log_refused(self.place, "others may read or write this machine's key")
        file.unlink()
        self.assert_log_refused(self.place, "this machine is not enrolled")
        self.place.done("device", "add", self.place.key)
        self.assertEqual(DONE, self.log(self.place).status)

    @unittest.skipIf(os.geteuid() != 0, "only root can give a file away")
    def test_key_that_belongs_to_somebody_else(self):
        os.chown(self.place.device_file(), 65534, 65534)
        self.assert_log_refused(self.place, "others may read or write this machine's key")


class Pin(PlaceTest):
    """A machine counts towards the key that it was enrolled under, and no other."""

    def setUp(self):
        self.format = format_module()
        self.place = Place.for_test(self)
        self.fingerprint = fingerprint_of(self.place.init())

    def assert_another_store(self, fingerprint=""):
        for words in (["log", "--month", MONTH, "phone", "user"], ["show", self.place.key],
                      ["key", "list"], ["device", "list"], ["offer"]):
            self.assert_refused(self.place, REFUSED, "this is another store than the one this machine is enrolled in "
                                rf"\({fingerprint}", *words, hint="compare the fingerprint with the one on paper")

    def test_pin_of_another_fingerprint(self):
        file = self.place.device_file()
        content = bytearray(file.read_bytes())
        content[24] ^= 1
        content[88:] = self.format.blake(bytes(content[:88]))
        file.write_bytes(content)
        self.assert_another_store(self.fingerprint)

    def test_another_store_in_its_place(self):
        thief = Place.for_test(self)
        fingerprint = fingerprint_of(thief.init())
        self.place.store.write_bytes(thief.store.read_bytes())
        # By every command; nothing is asked, and what to remove is named.
        commands = (["log", "phone", "user"], ["show"], ["report", "2026"], ["export", "2026", "-x"], ["close", MONTH],
                    ["key", "list"], ["device", "list"], ["device", "add"], ["offer"], ["threshold"], ["release", "list"],
                    ["publish", "2025", "-y", "-o", "."], ["import", "-y", "-"], ["audit"], ["audit", "--wash"],
                    ["audit", "--full"], ["backup", "copy"])
        for words in commands:
            with self.subTest(words=words):
                self.assert_refused(
                    self.place, REFUSED, "another store stands in the place of the one that this machine is enrolled in "
                    rf"\({fingerprint}; .*/state/tavs/[0-9a-f]{{32}}\.known\)", *words, hint="do not log or type")

    def test_another_store_that_the_leader_put_there(self):
        other = Place.for_test(self)
        other.init()
        self.place.store.write_bytes(other.store.read_bytes())
        note, = set(self.place.folder.glob("state/tavs/*.known"))
        note.unlink()
        self.place.done("device", "add", self.place.key)
        self.place.done("log", "phone", "user")

    def test_store_that_was_moved(self):
        """Its new path is noted with the first count there."""
        notes = self.place.folder / "state/tavs"
        moved = self.place.work / "moved.mdb"
        self.place.store.rename(moved)
        self.place.done("--store", moved, "show", self.place.key)
        self.assertEqual(1, len(set(notes.glob("*.known"))))
        self.place.done("--store", moved, "log", "phone", "user")
        self.assertEqual(2, len(set(notes.glob("*.known"))))
        self.place.done("--store", moved, "log", "phone", "user")
        self.assertEqual(2, len(set(notes.glob("*.known"))))
        thief = Place.for_test(self)
        thief.init()
        moved.write_bytes(thief.store.read_bytes())
        self.assert_refused(self.place, REFUSED, "another store stands in the place", "--store", moved, "show",
                            self.place.key)

    def test_new_store_in_the_place_of_one_that_is_gone(self):
        self.place.store.unlink()
        self.place.init()
        self.place.done("log", "phone", "user")
        self.assertEqual(1, len(set(self.place.folder.glob("state/tavs/*.known"))))

    def test_reader_key_swapped_by_a_thief_who_signs_everything_anew(self):
        """The thief keeps the store's id and the machine's rows, and puts their own keys in."""
        thief = Place.for_test(self)
        seed = seed_of(recovery_code_of(thief.init()))
        signing = self.format.subkey(seed, 2, 32)
        theirs = thief.store.read_bytes()
        theirs = theirs[header_at(thief, theirs):][:1120]
        content = bytearray(self.place.store.read_bytes())
        at = header_at(self.place, bytes(content))
        header = content[at:at + 32] + theirs[32:96] + bytes(160) + theirs[256:1056]
        fingerprint = self.format.blake(self.format.domain("tavs v1 store") + self.format.u16(1) + header[16:96] +
                                        CODEBOOK_TEXT)
        content[at:at + 1056] = header
        content[at + 1056:at + 1120] = self.format.sign(signing, self.format.domain("tavs v3 header") + bytes(header))
        # device 1: its key is a u16 at the end of "device", then the record begins with the number again
        record = content.index(b"device\0\1") + 8
        device = bytes(content[record:record + 40])
        self.assertEqual((b"\0\1\1", bytes(5)), (device[:3], device[3:8]))
        content[record + 40:record + 104] = self.format.sign(
            signing, self.format.domain("tavs v1 device") + fingerprint + device)
        self.place.store.write_bytes(content)
        # On a machine that knows nothing it is a sound store; on the enrolled one it is another.
        printed = self.place.on("unknowing").done("device", "list")
        self.assertIn("device 1: active", printed)
        text = " ".join(fingerprint[i:i + 2].hex() for i in range(0, 20, 2))
        self.assert_refused(self.place, REFUSED, rf"another store stands in the place .* \({text}; ", "show",
                            self.place.key)
        next(self.place.folder.glob("state/tavs/*.known")).unlink()
        self.assert_another_store(text)

    def test_read_anywhere_with_a_passphrase(self):
        self.place.done("log", "--month", MONTH, "phone", "user")
        leader = Place.for_test(self)
        leader.store.write_bytes(self.place.store.read_bytes())
        leader.store.chmod(0o600)
        result = leader.tavs("show", MONTH, leader.key)
        self.assertEqual(DONE, result.status)
        self.assertIn(f"fingerprint {self.fingerprint}\n", result.err)
        self.assertEqual({(MONTH, "phone", "user", 1): 1}, leader.counts(MONTH))


CODEBOOK_TEXT = b"channel in-person phone mail web\nparty user relative professional\nsession 1 2 3 4 5\n"


class Offer(PlaceTest):
    def setUp(self):
        self.place = Place.for_test(self)
        self.place.init("--channels", "in-person,telefon", "--parties", "user,pårørende")

    def assert_offers(self, channels, parties, *words):
        headings = ("kanaler:   ", "målgrupper:") if "da" in words else ("channels:", "parties: ")
        self.assertEqual(f"{headings[0]} {channels}\n{headings[1]} {parties}\n", self.place.done("offer", *words))

    def test_shown_and_changed(self):
        self.assert_offers("in-person, phone", "user, relative")
        self.assert_offers("personlig, telefon", "bruger, pårørende", "--lang", "da")
        self.assert_offers("phone, web", "user, relative", "--channels", "web,phone", self.place.key)
        self.assert_offers("phone, web", "professional", "--parties", "fagperson", self.place.key)
        self.assert_offers("phone, web", "professional")

    def test_not_offered_is_refused(self):
        for words, message in (
                ("mail user", "this place does not offer the channel 'mail'$"),
                ("phone professional", "this place does not counsel the party 'professional'$"),
                ("--lang da hjemmeside bruger", "stedet tilbyder ikke kanalen 'hjemmeside'$")):
            self.assert_refused(self.place, WRONG_USE, message, "log", *words.split(), hint="'tavs offer'",
                                language="da" if "da" in words else "en")

    def test_counted_before_it_was_dropped(self):
        self.place.done("log", "--month", MONTH, "--count", "3", "phone", "user")
        self.place.done("offer", "--channels", "in-person", self.place.key)
        self.assert_refused(self.place, WRONG_USE, "this place does not offer the channel 'phone'", "log", "--month",
                            MONTH, "phone", "user")
        self.place.done("retract", "--month", MONTH, "phone", "user")
        self.assertEqual({(MONTH, "phone", "user", 1): 2}, self.place.counts(MONTH))
        self.assertIn("not offered by the place, but counted in the period",
                      self.place.done("report", MONTH[:4], "--exact", self.place.key))

    def test_lists_that_are_none(self):
        for words, message in (("--channels fax", "'fax' is not a channel$"), ("--parties x", "'x' is not a party$"),
                               ("--channels phone,", "'' is not a channel$"), ("--parties=", "'' is not a party$")):
            self.assert_refused(self.place, WRONG_USE, message, "offer", *words.split(), self.place.key)
            self.assertFalse((self.place.work / "new.mdb").exists())
            self.assert_refused(self.place, WRONG_USE, message, "--store", self.place.work / "new.mdb", "init",
                                *words.split(), self.place.key)


if __name__ == "__main__":
    unittest.main()
