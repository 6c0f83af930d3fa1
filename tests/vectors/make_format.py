#!/usr/bin/python3
"""Prints tests/vectors/format.json: known answers for docs/format.md.

    tests/vectors/make_format.py > tests/vectors/format.json

Computed without libsodium and without the program: BLAKE2b and SHA-512 from hashlib, Argon2id from the
reference implementation (libargon2.so.1; where it is missing the wrapping key that format.json already
holds is kept), all else in whole numbers. What is random in a store is here the hash of its name.
"""

import ctypes
import hashlib
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent

# ---- the group: edwards25519 (RFC 8032, section 5.1) and ristretto255 (RFC 9496) -------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def add(left, right):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = left, right
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    for bit in bin(scalar % ORDER)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def edwards_x(y):
    """The even x of the point (x, y)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_M1 % P
    assert x * x % P == square
    return P - x if x & 1 else x


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (edwards_x(BASE_Y), BASE_Y, 1, edwards_x(BASE_Y) * BASE_Y % P)


def even(number):
    """The one of the number and its negative that is even: RFC 9496's non-negative one."""
    return P - number if number % P & 1 else number % P


def inverse_sqrt(number):
    """1 / sqrt(number), or 1 / sqrt(i * number) if number is no square: RFC 9496, section 4.2."""
    root = pow(number, 3, P) * pow(pow(number, 7, P), (P - 5) // 8, P) % P
    check = number * root * root % P
    if check in (P - 1, -SQRT_M1 % P):
        root = root * SQRT_M1 % P
    return even(root)


def encode(point):
    """RFC 9496, section 4.3.2."""
    x0, y0, z0, t0 = point
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    inverse = inverse_sqrt(u1 * u2 * u2 % P)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t0 % P
    if t0 * z_inverse % P & 1:
        x, y = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P
        den = den1 * inverse_sqrt(-1 - D) % P
    else:
        x, y, den = x0, y0, den2
    if x * z_inverse % P & 1:
        y = -y % P
    return even(den * (z0 - y) % P).to_bytes(32, "little")


# ---- Ed25519 (RFC 8032, section 5.1) ---------------------------------------------------------------

def edwards_encode(point):
    x, y, z, _ = point
    z = pow(z, -1, P)
    return (y * z % P | (x * z % P & 1) << 255).to_bytes(32, "little")


def sha512_number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def signing_scalar(seed):
    low = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return low & ~7 & (2**254 - 1) | 2**254


def signing_public(seed):
    return edwards_encode(multiply(signing_scalar(seed), BASE))


def sign(seed, message):
    public = signing_public(seed)
    r = sha512_number(hashlib.sha512(seed).digest()[32:], message) % ORDER
    start = edwards_encode(multiply(r, BASE))
    s = (r + sha512_number(start, public, message) * signing_scalar(seed)) % ORDER
    return start + s.to_bytes(32, "little")


# ---- XChaCha20-Poly1305 (RFC 8439; draft-irtf-cfrg-xchacha-03) -------------------------------------

def chacha_rounds(state):
    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) % 2**32
            mixed = state[z] ^ state[x]
            state[z] = (mixed << turn | mixed >> (32 - turn)) % 2**32

    for _ in range(10):
        for i in range(4):
            quarter(i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter(i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12)
    return state


def words(data):
    return [int.from_bytes(data[i:i + 4], "little") for i in range(0, len(data), 4)]


def unwords(numbers):
    return b"".join((number % 2**32).to_bytes(4, "little") for number in numbers)


def chacha_block(key, counter, nonce):
    start = words(b"expand 32-byte k" + key + counter.to_bytes(4, "little") + nonce)
    return unwords(a + b for a, b in zip(start, chacha_rounds(list(start))))


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def padded(data):
    return data + bytes(-len(data) % 16)


def seal(key, nonce, message, associated):
    mixed = chacha_rounds(words(b"expand 32-byte k" + key + nonce[:16]))
    key, nonce = unwords(mixed[:4] + mixed[12:]), bytes(4) + nonce[16:]
    stream = b"".join(chacha_block(key, 1 + i, nonce) for i in range((len(message) + 63) // 64))
    text = bytes(a ^ b for a, b in zip(message, stream))
    lengths = len(associated).to_bytes(8, "little") + len(text).to_bytes(8, "little")
    return text + poly1305(chacha_block(key, 0, nonce)[:32],
                           padded(associated) + padded(text) + lengths)


# ---- docs/format.md --------------------------------------------------------------------------------

CODEBOOK = (b"channel in-person phone mail web\n"
            b"party user relative professional\n"
            b"session 1 2 3 4 5\n")
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def blake(data, size=32):
    return hashlib.blake2b(data, digest_size=size).digest()


def drawn(name, size):
    return blake(b"tavs test vector: " + name.encode(), size)


def domain(text):
    return text.encode().ljust(16, b"\0")


def u16(number):
    return number.to_bytes(2, "big")


def u32(number):
    return number.to_bytes(4, "big")


def subkey(seed, number, size):
    return hashlib.blake2b(key=seed, digest_size=size, salt=number.to_bytes(8, "little"),
                           person=b"tavs-key").digest()


def recovery_code(seed):
    number = int.from_bytes(seed, "big")
    digits = "".join(BASE32[number >> 5 * place & 31] for place in reversed(range(52)))
    return "-".join([digits[i:i + 4] for i in range(0, 52, 4)] + [BASE32[number % 37]])


class Reader:
    def __init__(self, seed):
        self.seed = seed
        self.x = int.from_bytes(subkey(seed, 1, 64), "little") % ORDER
        self.encryption = encode(multiply(self.x, BASE))
        self.signing_seed = subkey(seed, 2, 32)
        self.signing = signing_public(self.signing_seed)

    def answers(self):
        return {"seed": self.seed, "scalar": self.x.to_bytes(32, "little"),
                "encryption": self.encryption, "signing": self.signing,
                "recovery": recovery_code(self.seed)}


def argon2id(passphrase, salt, passes, memory_kib):
    key = ctypes.create_string_buffer(32)
    try:
        library = ctypes.CDLL("libargon2.so.1")
    except OSError:
        return bytes.fromhex(json.loads((HERE / "format.json").read_text())["slot"]["wrapping_key"])
    assert library.argon2id_hash_raw(passes, memory_kib, 1, passphrase, ctypes.c_size_t(len(passphrase)),
                                     salt, ctypes.c_size_t(len(salt)), key, ctypes.c_size_t(32)) == 0
    return key.raw


def slot(reader, fingerprint):
    number, passes, memory_kib = 3, 2, 65536
    passphrase = "rød grød med fløde".encode()
    salt, nonce = drawn("salt", 16), drawn("nonce", 24)
    key = argon2id(passphrase, salt, passes, memory_kib)
    associated = domain("tavs v1 slot") + fingerprint + bytes([number]) + u32(passes) + u32(memory_kib)
    wrapped = seal(key, nonce, reader.seed, associated)
    data = b"\1\0\0\0" + u32(passes) + u32(memory_kib) + salt + nonce + wrapped
    return number, data, {"number": number, "passes": passes, "memory_kib": memory_kib,
                          "passphrase": passphrase.decode(), "salt": salt, "nonce": nonce,
                          "wrapping_key": key, "wrapped_seed": wrapped}


def count_of(cell):
    edges = [-4096, -4095, -1025, -1024, -1023, -1, 0, 1, 2, 1022, 1023, 1024, 1025, 2047, 2048, 65535,
             1047551, 1047552, 1048574, 1048575]
    return edges[cell] if cell < len(edges) else cell * cell


def cells(reader):
    public = multiply(reader.x, BASE)
    for cell in range(60):
        r = int.from_bytes(drawn(f"cell {cell}", 64), "little") % ORDER
        yield encode(multiply(r, BASE)) + encode(
            add(multiply(count_of(cell), BASE), multiply(r, public)))


def figure_bytes(figure):
    """The sets of a figure: 11 bytes."""
    places, first, last, channels, parties, sessions = figure
    return u32(places) + u16(first) + u16(last) + bytes([channels, parties, sessions])


def figures_of_release():
    figures = [(1 << i % 3, 24204 + i % 12, 24204 + i % 12 + i % 5, 1 + i % 15, 1 + i % 7, 1 + i % 31)
               for i in range(400)]
    figures[0] = (7, 24000, 26399, 15, 7, 31)
    values = [i * 10751 if i % 2 else None for i in range(400)]
    values[0], values[2] = 2**32 - 1, 0
    return figures, values


def release(reader, store_id, fingerprint, first_record):
    """A release of two pieces, and its two records from `first_record` on."""
    figures, values = figures_of_release()
    places = [store_id, *sorted([drawn("place 1", 16), drawn("place 2", 16)])]
    offers = [(0b1011, 0b0111), (0b0001, 0b0100), (0b1110, 0b0001)]
    periods = [(24204, 24215), (24216, 24227)]
    number, corrects, edition, threshold = 77, 12, 3, 5
    text = (u16(24220) + u16(number) + u16(corrects) + bytes([edition, threshold, len(places), len(periods)]) +
            u16(len(figures)) + b"".join(places) + b"".join(bytes(offer) for offer in offers) +
            b"".join(u16(first) + u16(last) for first, last in periods) +
            b"".join(figure_bytes(figure) + bytes([value is not None]) + u32(value or 0)
                     for figure, value in zip(figures, values)))
    parts = [text[i:i + 3940] for i in range(0, len(text), 3940)]
    pieces = [u16(i + 1) + u16(len(parts)) + part.ljust(3940, b"\0") for i, part in enumerate(parts)]
    records, before = [], drawn("the record before", 32)
    for i, piece in enumerate(pieces):
        nonce, place = drawn(f"nonce {i}", 24), domain("tavs v3 release") + fingerprint + u16(first_record + i)
        sealed = before + nonce + seal(subkey(reader.seed, 3, 32), nonce, piece, place + before)
        records.append(sealed + sign(reader.signing_seed, place + sealed))
        before = blake(records[-1])
    return {"first_record": first_record, "month": 24220, "number": number, "corrects": corrects, "edition": edition,
            "threshold": threshold, "places": places, "offers": offers, "periods": periods, "figures": len(figures),
            "last_figure": figures[-1], "last_value": values[-1], "pieces": pieces,
            "before": drawn("the record before", 32), "records": records, "head": before}


def lots(reader, store_id):
    """Of the figures of the release above, those that are hidden by lot."""
    ids = [store_id, drawn("place 1", 16), drawn("place 2", 16)]
    drawn_figures = []
    figures, _ = figures_of_release()
    for number, figure in enumerate(figures):
        named = sorted(own for place, own in enumerate(ids) if figure[0] >> place & 1)
        message = (domain("tavs v3 lot") + b"".join(named) +
                   figure_bytes((2**len(named) - 1, *figure[1:])))
        digest = hashlib.blake2b(message, digest_size=32, key=subkey(reader.seed, 4, 32)).digest()
        if int.from_bytes(digest, "big") % 16 == 0:
            drawn_figures.append(number)
    return {"ids": ids, "drawn": drawn_figures}


def store():
    reader = Reader(drawn("seed", 32))
    store_id = drawn("store id", 16)
    fingerprint = blake(domain("tavs v1 store") + u16(1) + store_id + reader.encryption +
                        reader.signing + CODEBOOK)
    grouped = " ".join(fingerprint[i:i + 2].hex() for i in range(0, 20, 2))
    number, slot_bytes, slot_answers = slot(reader, fingerprint)
    closed_through, edition, threshold, releases = 24203, 0x01020304, 7, 258
    released = release(reader, store_id, fingerprint, 257)
    header = (b"TAVS" + u16(3) + bytes([1, threshold]) + u32(edition) + bytes([0b0011, 0b0101, 0b1011, 0b0111]) +
              store_id + reader.encryption + reader.signing + u16(closed_through) + u16(releases) +
              released["head"] + bytes(124) + bytes(100 * number) + slot_bytes + bytes(100 * (7 - number)))
    header += sign(reader.signing_seed, domain("tavs v3 header") + header)
    pin = b"TAVP" + u16(1) + u16(releases) + u32(edition) + released["head"]

    device, month, device_seed = 258, 24204, drawn("device", 32)
    device_public = signing_public(device_seed)
    records = {}
    for state, code in (("active", 1), ("retired", 2)):
        record = u16(device) + bytes([code]) + bytes(5) + device_public
        records[state] = record + sign(reader.signing_seed,
                                       domain("tavs v1 device") + fingerprint + record)
    row = b"".join(cells(reader))
    row = sign(device_seed, domain("tavs v1 row") + store_id + u16(month) + u16(device) + row) + row
    file = b"TAVD" + u16(1) + u16(device) + store_id + fingerprint + device_seed
    return {
        "reader": reader.answers(),
        "store": {"store_id": store_id, "fingerprint": fingerprint, "fingerprint_text": grouped,
                  "channels": 0b0011, "parties": 0b0101, "ever_channels": 0b1011, "ever_parties": 0b0111,
                  "edition": edition, "threshold": threshold, "closed_through": closed_through,
                  "releases": releases, "header": header},
        "slot": slot_answers,
        "device": {"number": device, "public": device_public, "file": file + blake(file), **records},
        "pin": {"edition": edition, "releases": releases, "head": released["head"], "file": pin + blake(pin)},
        "release": released,
        "lots": lots(reader, store_id),
        "row": {"month": month, "device": device, "counts": [count_of(i) for i in range(60)],
                "record": row},
    }


def seed_with_check(value):
    """A seed whose recovery code ends with the check symbol of this value."""
    number = int.from_bytes(drawn(f"seed {value}", 32), "big")
    return (number - number % 37 + value).to_bytes(32, "big")


def answers():
    seeds = [bytes(32), b"\xff" * 32, bytes(31) + b"\1", b"\x80" + bytes(31), bytes(range(32))]
    seeds += [seed_with_check(value) for value in range(37)]
    texts = [b"", b"abc", bytes(range(256)) * 20]
    return {
        "source": "made by make_format.py from docs/format.md",
        **store(),
        "readers": [Reader(seed).answers() for seed in seeds],
        "digests": [{"message": text, "digest": blake(text)} for text in texts],
    }


def text():
    known = json.loads((HERE / "rfc9496.json").read_text())["multiples_of_generator"]
    assert [encode(multiply(i, BASE)).hex() for i in range(16)] == known
    return json.dumps(answers(), indent=1, ensure_ascii=False, default=bytes.hex) + "\n"


if __name__ == "__main__":
    print(text(), end="")
