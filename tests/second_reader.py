#!/usr/bin/python3
"""Reads a tavs store, written from docs/format.md alone: to show that the document says enough.

    tests/second_reader.py [--releases] STORE < PASSPHRASE-FILE
    tests/second_reader.py [--releases] --recovery STORE < CODE-FILE

Prints `period,channel,party,session,count` as CSV for every month that has rows: each cell that is
offered, and each other one that was counted. With --releases it prints instead, as JSON, what was
released. Every signature and every element is checked, and every release opened, before
anything is printed; what is wrong ends it with status 1 and a line on standard error.

Uses Python's standard library, libsodium (through ctypes) for the group, Ed25519, Argon2id and
XChaCha20-Poly1305, and no LMDB.
"""

import csv
import ctypes
import ctypes.util
import hashlib
import json
import sys
from collections import defaultdict

# ---- libsodium -------------------------------------------------------------------------------------

sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
if sodium.sodium_init() < 0:
    sys.exit("libsodium does not start")

size_t, ull = ctypes.c_size_t, ctypes.c_ulonglong
FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493


class Refused(Exception):
    pass


def check(fact, what):
    if not fact:
        raise Refused(what)


def call(name, size, *arguments):
    """A libsodium function that fills its first argument; None where it fails."""
    out = ctypes.create_string_buffer(size)
    return out.raw if getattr(sodium, name)(out, *arguments) == 0 else None


def is_element(data):
    """A canonical encoding of an element other than the identity."""
    number = int.from_bytes(data, "little")
    return 0 < number < FIELD and sodium.crypto_core_ristretto255_is_valid_point(data) == 1


def add(left, right):
    return call("crypto_core_ristretto255_add", 32, left, right)


def subtract(left, right):
    return call("crypto_core_ristretto255_sub", 32, left, right)


def multiply(scalar, element):
    return call("crypto_scalarmult_ristretto255", 32, scalar, element)


def times_generator(scalar):
    return call("crypto_scalarmult_ristretto255_base", 32, scalar)


def verify(public, signature, message, what):
    check(sodium.crypto_sign_verify_detached(signature, message, ull(len(message)), public) == 0,
          f"{what}: the signature does not hold")


def ed25519_public(seed):
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    sodium.crypto_sign_seed_keypair(public, secret, seed)
    return public.raw


def argon2id(passphrase, salt, passes, memory_kib):
    key = call("crypto_pwhash", 32, ull(32), passphrase, ull(len(passphrase)), salt, ull(passes),
               size_t(memory_kib * 1024), 2)
    check(key is not None, "no memory for the passphrase")
    return key


def unseal(key, nonce, sealed, associated):
    return call("crypto_aead_xchacha20poly1305_ietf_decrypt", len(sealed) - 16, None, None, sealed,
                ull(len(sealed)), associated, ull(len(associated)), nonce, key)


# ---- numbers and domains ---------------------------------------------------------------------------

def big(data):
    return int.from_bytes(data, "big")


def little(data):
    return int.from_bytes(data, "little")


def u16(number):
    return number.to_bytes(2, "big")


def u32(number):
    return number.to_bytes(4, "big")


def domain(text):
    return text.encode("ascii").ljust(16, b"\0")


def is_zero(data):
    return not any(data)


# ---- LMDB (sections 1 and 9) -----------------------------------------------------------------------

PAGE = 4096
BRANCH, LEAF, OVERFLOW, META = 1, 2, 4, 8
ON_OVERFLOW, IS_DATABASE = 1, 2
EMPTY = 2**64 - 1


class Lmdb:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        check(len(self.data) >= 2 * PAGE and len(self.data) % PAGE == 0, "not whole pages")
        metas = [self.page(number, META) for number in (0, 1)]
        for meta in metas:
            check(little(meta[16:20]) == 0xBEEFC0DE and little(meta[20:24]) == 1, "not LMDB's")
            check(little(meta[40:44]) == PAGE, "pages of another size")
        self.meta = max(metas, key=lambda meta: little(meta[144:152]))
        self.seen = set()

    def page(self, number, kind):
        data = self.data[number * PAGE:(number + 1) * PAGE]
        check(len(data) == PAGE, f"page {number} lies past the end")
        check(little(data[0:8]) == number and little(data[10:12]) == kind, f"page {number}: head")
        return data

    def named(self):
        """The named databases: name to records."""
        return {name: self.records(record)
                for name, record in self.walk(self.meta[88:136], IS_DATABASE)}

    def records(self, record):
        return dict(self.walk(record, 0))

    def walk(self, record, flags):
        root, depth = little(record[40:48]), little(record[6:8])
        found = list(self.tree(root, depth, flags)) if root != EMPTY else []
        check(len(found) == little(record[32:40]), "another number of entries than the tree has")
        keys = [key for key, _ in found]
        check(all(left < right for left, right in zip(keys, keys[1:])), "keys out of order")
        return found

    def tree(self, number, depth, flags):
        check(number not in self.seen and depth > 0, f"page {number} is reached twice or too deep")
        self.seen.add(number)
        page = self.page(number, BRANCH if depth > 1 else LEAF)
        for at in range(16, little(page[12:14]), 2):
            place = little(page[at:at + 2])
            low, high, flag, size = (little(page[place + i:place + i + 2]) for i in (0, 2, 4, 6))
            key, rest = page[place + 8:place + 8 + size], page[place + 8 + size:]
            if depth > 1:
                yield from self.tree(low | high << 16 | flag << 32, depth - 1, flags)
            else:
                check(flag in (flags, flags | ON_OVERFLOW), f"page {number}: flags of a node")
                yield key, self.value(rest, low | high << 16, flag)

    def value(self, rest, size, flag):
        if not flag & ON_OVERFLOW:
            return rest[:size]
        number = little(rest[:8])
        check(number not in self.seen, f"page {number} is reached twice")
        self.seen.add(number)
        self.page(number, OVERFLOW)
        return self.data[number * PAGE + 16:number * PAGE + 16 + size]


# ---- keys (sections 3, 4 and 7) --------------------------------------------------------------------

CODEBOOK = (("in-person", "phone", "mail", "web"), ("user", "relative", "professional"),
            ("1", "2", "3", "4", "5"))
CODEBOOK_TEXT = "".join(
    f"{name} {' '.join(codes)}\n"
    for name, codes in zip(("channel", "party", "session"), CODEBOOK)).encode("ascii")
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKS = BASE32 + "*~$=U"


def subkey(seed, number, size):
    return hashlib.blake2b(b"", key=seed, digest_size=size, salt=number.to_bytes(8, "little") + bytes(8),
                           person=b"tavs-key" + bytes(8)).digest()


class Reader:
    def __init__(self, seed):
        self.x = (little(subkey(seed, 1, 64)) % ORDER).to_bytes(32, "little")
        self.public = times_generator(self.x), ed25519_public(subkey(seed, 2, 32))
        self.sealing = subkey(seed, 3, 32)


def seed_of_code(text):
    text = text.upper().translate(str.maketrans("OIL", "011", "- \t\r\n"))
    check(len(text) == 53 and all(symbol in BASE32 for symbol in text[:-1]), "no recovery code")
    number = 0
    for symbol in text[:-1]:
        number = number * 32 + BASE32.index(symbol)
    check(number < 2**256 and CHECKS[number % 37] == text[-1], "no recovery code")
    return number.to_bytes(32, "big")


def seed_of_passphrase(header, passphrase):
    for number, slot in enumerate(header.slots):
        if slot[0] == 0:
            continue
        passes, memory_kib = big(slot[4:8]), big(slot[8:12])
        key = argon2id(passphrase, slot[12:28], passes, memory_kib)
        associated = (domain("tavs v1 slot") + header.fingerprint + bytes([number]) + u32(passes) +
                      u32(memory_kib))
        seed = unseal(key, slot[28:52], slot[52:100], associated)
        if seed is not None and Reader(seed).public == header.public:
            return seed
    raise Refused("wrong passphrase")


# ---- records (sections 4 to 6) ---------------------------------------------------------------------

class Header:
    def __init__(self, data):
        check(data[0:4] == b"TAVS", "header: no store of tavs")
        check(big(data[4:6]) == 3 and data[6:7] == b"\1", f"header: format {big(data[4:6])}, draft {big(data[6:7])}")
        check(len(data) == 1120, "header: its size")
        self.threshold, self.edition = data[7], big(data[8:12])
        check(3 <= self.threshold <= 20 and self.edition > 0, "header: threshold or edition")
        self.channels, self.parties, self.ever_channels, self.ever_parties = data[12:16]
        check(0 < self.channels and self.channels | self.ever_channels == self.ever_channels < 16 and
              0 < self.parties and self.parties | self.ever_parties == self.ever_parties < 8, "header: offered")
        self.store_id, self.public = data[16:32], (data[32:64], data[64:96])
        check(is_element(self.public[0]), "header: Y")
        self.closed_through = big(data[96:98])
        check(self.closed_through == 0 or 24000 <= self.closed_through <= 26399, "header: closed through")
        self.releases, self.head = big(data[98:100]), data[100:132]
        check(self.releases <= 4096 and is_zero(self.head) == (self.releases == 0), "header: releases")
        check(is_zero(data[132:256]), "header: reserved bytes")
        self.slots = [data[256 + 100 * i:356 + 100 * i] for i in range(8)]
        for slot in self.slots:
            check(is_zero(slot) if slot[0] == 0 else slot[0] == 1 and is_zero(slot[1:4]) and
                  2 <= big(slot[4:8]) <= 4 and 65536 <= big(slot[8:12]) <= 1048576, "header: a slot")
        verify(self.public[1], data[1056:1120], domain("tavs v3 header") + data[:1056], "header")
        self.fingerprint = hashlib.blake2b(
            domain("tavs v1 store") + u16(1) + self.store_id + self.public[0] + self.public[1] +
            CODEBOOK_TEXT, digest_size=32).digest()

    def offers(self, channel, party):
        return self.channels >> channel & 1 and self.parties >> party & 1


def read_devices(records, header):
    """Device numbers to public keys."""
    devices = {}
    for key, data in records.items():
        check(len(key) == 8 and key[:6] == b"device" and len(data) == 104, f"a record {key!r}")
        number = big(key[6:8])
        check(big(data[0:2]) == number and data[2] in (1, 2) and is_zero(data[3:8]),
              f"device {number}: a field")
        verify(header.public[1], data[40:104],
               domain("tavs v1 device") + header.fingerprint + data[:40], f"device {number}")
        devices[number] = data[8:40]
    check(sorted(devices) == list(range(1, len(devices) + 1)) and 1 <= len(devices) <= 1024,
          "devices are not numbered without gaps")
    return devices


def read_rows(records, header, devices):
    """(month, device) to sixty cells (A, B)."""
    rows = {}
    for key, data in records.items():
        month, device = big(key[0:2]), big(key[2:4])
        what = f"row of month {month}, device {device}"
        check(len(key) == 4 and len(data) == 3904 and 24000 <= month <= 26399, f"{what}: key or size")
        check(device in devices, f"{what}: no such device")
        verify(devices[device], data[:64],
               domain("tavs v1 row") + header.store_id + key + data[64:], what)
        elements = [data[i:i + 32] for i in range(64, 3904, 32)]
        check(all(is_element(element) for element in elements), f"{what}: an element")
        rows[month, device] = list(zip(elements[::2], elements[1::2]))
    years = defaultdict(int)
    for month, device in rows:
        years[month // 12, device] += 1
    check(all(months == 12 for months in years.values()), "a year without all of its months")
    return rows


# ---- releases (section 10) -------------------------------------------------------------------------

def take_release_records(records, header):
    """Out of the records of the database store: the release records, in their order, a chain."""
    found, before = [], bytes(32)
    for number in range(1, header.releases + 1):
        data = records.pop(b"ledger" + u16(number), None)
        check(data is not None and len(data) == 4080, f"release record {number}: missing, or its size")
        verify(header.public[1], data[4016:], domain("tavs v3 release") + header.fingerprint + u16(number) +
               data[:4016], f"release record {number}")
        check(data[:32] == before, f"release record {number} does not follow the one before it")
        before = hashlib.blake2b(data, digest_size=32).digest()
        found.append(data)
    check(before == header.head, "the last release record is not the one that the header tells of")
    return found


def open_piece(data, number, header, reader):
    piece = unseal(reader.sealing, data[32:56], data[56:4016],
                   domain("tavs v3 release") + header.fingerprint + u16(number) + data[:32])
    check(piece is not None, f"release record {number} does not open")
    return piece


def is_month(number):
    return 24000 <= number <= 26399


def read_figure(data, places):
    first, last = big(data[4:6]), big(data[6:8])
    check(0 < big(data[0:4]) < 2**places and is_month(first) and first <= last and is_month(last) and
          0 < data[8] < 16 and 0 < data[9] < 8 and 0 < data[10] < 32 and data[11] < 2, "a figure of a release")
    check(data[11] == 1 or is_zero(data[12:16]), "a hidden figure of a release has a value")
    return {"places": big(data[0:4]), "first": first, "last": last, "channels": data[8], "parties": data[9],
            "sessions": data[10], "shown": data[11] == 1, "value": big(data[12:16]) if data[11] else None}


def read_release(text, header):
    month, number, corrects, edition, threshold, p, q, n = (big(text[at:at + size]) for at, size in (
        (0, 2), (2, 2), (4, 2), (6, 1), (7, 1), (8, 1), (9, 1), (10, 2)))
    check(is_month(month) and 3 <= threshold <= 20 and 1 <= p <= 32 and 1 <= q <= 200 and 1 <= n <= 20000,
          "a field of a release")
    at_offers = 12 + 16 * p
    at_periods = at_offers + 2 * p
    at_figures = at_periods + 4 * q
    end = at_figures + 16 * n
    check(len(text) == (end + 3939) // 3940 * 3940 and is_zero(text[end:]), "the size of a release")
    places = [text[at:at + 16] for at in range(12, at_offers, 16)]
    check(places[0] == header.store_id and places[1:] == sorted(places[1:]) and len(set(places)) == p,
          "the places of a release")
    offers = [tuple(text[at:at + 2]) for at in range(at_offers, at_periods, 2)]
    check(all(0 < channels < 16 and 0 < parties < 8 for channels, parties in offers), "what a release's places offer")
    periods = [(big(text[at:at + 2]), big(text[at + 2:at + 4])) for at in range(at_periods, at_figures, 4)]
    check(all(is_month(first) and first <= last and is_month(last) for first, last in periods), "a period of a release")
    check(len({text[at:at + 11] for at in range(at_figures, end, 16)}) == n, "a figure of a release is there twice")
    return {"month": month, "number": number, "corrects": corrects or None, "edition": edition, "threshold": threshold,
            "places": [place.hex() for place in places], "offers": offers, "periods": periods,
            "figures": [read_figure(text[at:at + 16], p) for at in range(at_figures, end, 16)]}


def read_releases(records, header, reader):
    pieces = [open_piece(data, number, header, reader) for number, data in enumerate(records, 1)]
    releases, newest = [], {}
    while pieces:
        count = big(pieces[0][2:4])
        own, pieces = pieces[:count], pieces[count:]
        check(count > 0 and [piece[:4] for piece in own] == [u16(i + 1) + u16(count) for i in range(count)],
              "the pieces of a release")
        release = read_release(b"".join(piece[4:] for piece in own), header)
        releases.append(release)
        check(release["number"] == len(releases), "releases are not numbered without gaps")
        check(release["edition"] == (newest.get(release["corrects"], 0) if release["corrects"] else 0) + 1 and
              release["corrects"] in (None, *newest), "a corrected edition does not follow the one before it")
        newest[release["corrects"] or release["number"]] = release["edition"]
    return releases


def value_now(figure, counts):
    """What a figure of this place alone adds up, of (month, cell) to count."""
    return sum(count for (month, cell), count in counts.items()
               if figure["first"] <= month <= figure["last"] and figure["channels"] >> cell // 15 & 1 and
               figure["parties"] >> cell // 5 % 3 & 1 and figure["sessions"] >> cell % 5 & 1)


# ---- counts ----------------------------------------------------------------------------------------

class Logarithms:
    """Searches m, -4096 to 1048575, of mG: baby steps, giant steps."""

    STEP, LEAST, MOST = 1024, -4096, 1048575

    def __init__(self):
        generator = times_generator((1).to_bytes(32, "little"))
        element, self.baby = bytes(32), {}
        for number in range(self.STEP):
            self.baby[element] = number
            element = add(element, generator)
        self.giant = element

    def find(self, element):
        up = down = element
        for giant in range((self.MOST + 1) // self.STEP):
            if up in self.baby:
                return self.baby[up] + giant * self.STEP
            if down in self.baby and giant <= -self.LEAST // self.STEP:
                return self.baby[down] - giant * self.STEP
            up, down = subtract(up, self.giant), add(down, self.giant)
        raise Refused("a count out of range")


def tally(rows, x):
    """(month, cell) to count, over all devices."""
    logarithms, counts = Logarithms(), defaultdict(int)
    for (month, _), cells in rows.items():
        for number, (a, b) in enumerate(cells):
            counts[month, number] += logarithms.find(subtract(b, multiply(x, a)))
    return counts


def lines(counts, header):
    for (month, cell), count in sorted(counts.items()):
        channel, party, session = cell // 15, cell // 5 % 3, cell % 5
        if header.offers(channel, party) or count != 0:
            yield (f"{month // 12}-{month % 12 + 1:02}", CODEBOOK[0][channel], CODEBOOK[1][party],
                   CODEBOOK[2][session], count)


def read_store(path, secret, is_code):
    """The lines of the counts, and the releases."""
    databases = Lmdb(path).named()
    check(set(databases) == {b"store", b"tally"}, "other databases than store and tally")
    records = databases[b"store"]
    check(b"header\0\0" in records, "no header")
    header = Header(records.pop(b"header\0\0"))
    sealed = take_release_records(records, header)
    rows = read_rows(databases[b"tally"], header, read_devices(records, header))
    seed = (seed_of_code(secret.decode("ascii")) if is_code
            else seed_of_passphrase(header, secret))
    reader = Reader(seed)
    check(reader.public == header.public, "the code of another store")
    releases, counts = read_releases(sealed, header, reader), tally(rows, reader.x)
    for release in releases:
        release["unchanged"] = all(value_now(figure, counts) == figure["value"] for figure in release["figures"]
                                   if figure["shown"] and figure["places"] == 1)
    return list(lines(counts, header)), releases


def main(words):
    options = {"--recovery", "--releases"}.intersection(words[:-1])
    if len(words) != 1 + len(options) or words[-1].startswith("-"):
        sys.exit(__doc__.strip())
    secret = sys.stdin.buffer.readline().rstrip(b"\r\n")
    try:
        found, releases = read_store(words[-1], secret, "--recovery" in options)
    except (Refused, OSError, UnicodeDecodeError) as error:
        sys.exit(f"second reader: {error}")
    if "--releases" in options:
        print(json.dumps(releases))
        return
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("period", "channel", "party", "session", "count"))
    out.writerows(found)


if __name__ == "__main__":
    main(sys.argv[1:])
