"""Somebody who has a logging machine's key and writes what the program never would: rows that are well formed and
signed, and whose cells hold something else than counts. And who writes the store as LMDB is usually used."""

import ctypes
import ctypes.util
import importlib.util

from place import ROOT

SIGNATURE, CELL, CELLS = 64, 64, 60
DEVICE_SEED = slice(56, 88)  # docs/format.md, section 8
NO_SUBDIR, NO_LOCK = 0x4000, 0x400000


def second_reader():
    spec = importlib.util.spec_from_file_location("second_reader", ROOT / "tests/second_reader.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


reader = second_reader()


class Cheater:
    def __init__(self, place, device=1):
        self.place, self.device = place, device

    def databases(self):
        return reader.Lmdb(self.place.store).named()

    def header(self):
        return reader.Header(self.databases()[b"store"][b"header\0\0"])

    def key(self, month):
        """Of the row of "2017-03"."""
        year, number = map(int, month.split("-"))
        return reader.u16(year * 12 + number - 1) + reader.u16(self.device)

    def row(self, month):
        return self.databases()[b"tally"][self.key(month)]

    def cells(self, month):
        """Pairs (A, B)."""
        row = self.row(month)
        return [(row[at:at + 32], row[at + 32:at + 64]) for at in range(SIGNATURE, len(row), CELL)]

    def put(self, month, cells):
        """Overwrites a row in its place, with the machine's signature."""
        body = b"".join(a + b for a, b in cells)
        message = reader.domain("tavs v1 row") + self.header().store_id + self.key(month) + body
        seed = self.place.device_file().read_bytes()[DEVICE_SEED]
        public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        reader.sodium.crypto_sign_seed_keypair(public, secret, seed)
        signature = reader.call("crypto_sign_detached", 64, None, message, reader.ull(len(message)), secret)
        old, content = self.row(month), self.place.store.read_bytes()
        assert content.count(old) == 1
        self.place.store.write_bytes(content.replace(old, signature + body))

    def encrypt(self, scalar, element=None):
        """(rG, M + rY): M is the identity unless it is given."""
        r = scalar.to_bytes(32, "little")
        masked = reader.multiply(r, self.header().public[0])
        return reader.times_generator(r), masked if element is None else reader.add(masked, element)

    def times_generator(self, number):
        return reader.times_generator(number.to_bytes(32, "little"))


class _Value(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("data", ctypes.c_void_p)]

    @classmethod
    def of(cls, data):
        value = cls(len(data), ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.c_void_p))
        value.kept = data
        return value


def write_plainly(place, rounds):
    """Rewrites rows as they are, one a transaction, in one environment that stays open, with LMDB alone: what a program
    does that does not think of what LMDB leaves behind."""
    lmdb = ctypes.CDLL(ctypes.util.find_library("lmdb") or "liblmdb.so.0")
    rows = reader.Lmdb(place.store).named()[b"tally"]
    env, txn, tally = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_uint()

    def must(result):
        if result != 0:
            raise OSError(f"LMDB: {result}")

    must(lmdb.mdb_env_create(ctypes.byref(env)))
    must(lmdb.mdb_env_set_maxdbs(env, 2))
    must(lmdb.mdb_env_open(env, bytes(place.store), NO_SUBDIR | NO_LOCK, 0o600))
    for _, (key, row) in zip(range(rounds), sorted(rows.items()) * rounds):
        must(lmdb.mdb_txn_begin(env, None, 0, ctypes.byref(txn)))
        must(lmdb.mdb_dbi_open(txn, b"tally", 0, ctypes.byref(tally)))
        must(lmdb.mdb_put(txn, tally, ctypes.byref(_Value.of(key)), ctypes.byref(_Value.of(row)), 0))
        must(lmdb.mdb_txn_commit(txn))
    lmdb.mdb_env_close(env)
