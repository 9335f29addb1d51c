#!/usr/bin/env python3
"""Check the archive of one election from beginning to end, with nothing but Python (3.8 or newer).

    python verify.py [ARCHIVE.zip or FOLDER] [--heads FILE]

Without a name it checks the folder it lies in. FILE holds lines of heads.txt as they were mailed to you while the
election ran: they prove that the board in this archive is the one everybody was told of. The exit code is 0 if
everything agrees, 1 if anything differs (every difference is told by file and row), 2 if there is nothing to check.

This file shares no code with the site that held the election. It was written from the protocol alone
(docs/ballot-protocol.md of IOCOP; "section" below means its sections) and from the public standards named where they
are used. It does its own cryptography, slowly (some thirty ballots a second), so that you need to trust nothing but
Python's whole numbers, SHA-2 and HMAC.

What it cannot tell you: whether the people on the roll are the right ones (you can look up your own entry), whether
README.txt and this very file are what the site shipped (take this file from somewhere you trust), how anybody voted.

    Part 1  the standards: HKDF, AES-GCM, X25519, HPKE, sharing of secrets, Ed25519, RSA-PSS
    Part 2  reading files, telling differences
    Part 3  counting
    Part 4  the checks: begin here, at `check_everything`
"""

# ruff: noqa: B905 -- `zip(strict=…)` is younger than some Pythons this has to run on

from __future__ import annotations

import hashlib
import hmac
import json
import re
import struct
import sys
import zipfile
import zlib
from collections import Counter
from fractions import Fraction
from itertools import combinations, dropwhile, permutations, takewhile, zip_longest
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, NamedTuple, Sequence, Tuple  # noqa: UP035

Point = Tuple[int, int, int, int]  # noqa: UP006

# ================================================================================================================
# Part 1: the standards
# ================================================================================================================


def sha256(*parts: bytes) -> bytes:
    """Return SHA-256 of the joined parts: the *H* of the protocol."""
    return hashlib.sha256(b"".join(parts)).digest()


def hmac256(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA-256, which is also HKDF-Extract (salt, key) of RFC 5869."""
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_expand(key: bytes, info: bytes, length: int) -> bytes:
    """Return HKDF-Expand with SHA-256 (RFC 5869, 2.3)."""
    out = block = b""
    while len(out) < length:
        block = hmac256(key, block + info + bytes([len(out) // 32 + 1]))
        out += block
    return out[:length]


def hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    """Return HKDF with SHA-256 (RFC 5869)."""
    return hkdf_expand(hmac256(salt, key), info, length)


# ---- The field of 256 elements (polynomial 0x11b): AES stands on it, and the sharing of secrets


def _powers_of_three() -> tuple[list[int], list[int]]:
    power, logarithm, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        power[exponent] = power[exponent + 255] = value
        logarithm[value] = exponent
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
    return power, logarithm


POWER, LOGARITHM = _powers_of_three()


def times(a: int, b: int) -> int:
    """Multiply in the field."""
    return POWER[LOGARITHM[a] + LOGARITHM[b]] if a and b else 0


def share_of(secret: bytes, coefficients: bytes, officer: int) -> bytes:
    """Return an officer's share: byte by byte secret + c₁x + c₂x² + … at x = officer (section 4)."""
    share = bytes(32)
    for start in range(len(coefficients) - 32, -1, -32):  # Horner's rule, the highest degree first
        share = bytes(times(a ^ b, officer) for a, b in zip(share, coefficients[start : start + 32]))
    return bytes(a ^ b for a, b in zip(share, secret))


def combined(shares: dict[int, bytes]) -> bytes:
    """Return the secret of these shares (officer to share): Lagrange's formula at x = 0."""
    secret = bytes(32)
    for officer, share in shares.items():
        weight = 1
        for other in shares:
            if other != officer:
                weight = times(weight, times(other, POWER[255 - LOGARITHM[other ^ officer]]))
        secret = bytes(a ^ times(weight, b) for a, b in zip(secret, share))
    return secret


# ---- AES-256 in Galois/Counter mode (FIPS 197, NIST SP 800-38D)


def _substitutions() -> list[int]:
    box = []
    for value in range(256):
        turning, sum_of_turns = POWER[255 - LOGARITHM[value]] if value else 0, 0x63
        for _ in range(5):
            sum_of_turns ^= turning
            turning = (turning << 1 | turning >> 7) & 0xFF
        box.append(sum_of_turns)
    return box


SBOX = _substitutions()
# What SubBytes and MixColumns make of one byte of a column, for each of its four places.
COLUMN_0 = [times(s, 2) << 24 | s << 16 | s << 8 | times(s, 3) for s in SBOX]
COLUMN_1 = [(word >> 8 | word << 24) & 0xFFFFFFFF for word in COLUMN_0]
COLUMN_2 = [(word >> 16 | word << 16) & 0xFFFFFFFF for word in COLUMN_0]
COLUMN_3 = [(word >> 24 | word << 8) & 0xFFFFFFFF for word in COLUMN_0]


def _substituted(word: int) -> int:
    return (
        SBOX[word >> 24] << 24 | SBOX[word >> 16 & 255] << 16 | SBOX[word >> 8 & 255] << 8 | SBOX[word & 255]
    )


def aes_round_keys(key: bytes) -> list[int]:
    """Return the 60 words that a key of 32 bytes expands to (FIPS 197, 5.2)."""
    words, constant = list(struct.unpack(">8I", key)), 1
    for at in range(8, 60):
        word = words[-1]
        if at % 8 == 0:
            word = _substituted((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
            constant = times(constant, 2)
        elif at % 8 == 4:
            word = _substituted(word)
        words.append(words[-8] ^ word)
    return words


def aes_block(words: list[int], block: bytes) -> bytes:
    """Encrypt 16 bytes (FIPS 197, 5.1)."""
    a, b, c, d = (x ^ y for x, y in zip(struct.unpack(">4I", block), words))
    for at in range(4, 56, 4):
        a, b, c, d = (
            COLUMN_0[p >> 24]
            ^ COLUMN_1[q >> 16 & 255]
            ^ COLUMN_2[r >> 8 & 255]
            ^ COLUMN_3[s & 255]
            ^ words[at + row]
            for row, (p, q, r, s) in enumerate(((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c)))
        )
    shifted = (  # the last round takes from each word one byte, and does not mix them
        p & 0xFF000000 | q & 0xFF0000 | r & 0xFF00 | s & 0xFF
        for p, q, r, s in ((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c))
    )
    return struct.pack(">4I", *(_substituted(word) ^ key for word, key in zip(shifted, words[56:])))


def _times_in_gcm(x: int, y: int) -> int:
    product = 0
    while x:  # from the highest bit, which GCM calls the first
        if x >> 127:
            product ^= y
        x = x << 1 & (1 << 128) - 1
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return product


def _gcm_stream(words: list[int], nonce: bytes, text: bytes) -> bytes:
    counters = (nonce + struct.pack(">I", 2 + at) for at in range(-(-len(text) // 16)))
    stream = b"".join(aes_block(words, counter) for counter in counters)
    return bytes(a ^ b for a, b in zip(text, stream))


def _gcm_tag(words: list[int], nonce: bytes, cipher: bytes, extra: bytes) -> bytes:
    padded = extra + bytes(-len(extra) % 16) + cipher + bytes(-len(cipher) % 16)
    padded += struct.pack(">QQ", 8 * len(extra), 8 * len(cipher))
    point, total = int.from_bytes(aes_block(words, bytes(16)), "big"), 0
    for at in range(0, len(padded), 16):
        total = _times_in_gcm(total ^ int.from_bytes(padded[at : at + 16], "big"), point)
    mask = int.from_bytes(aes_block(words, nonce + b"\0\0\0\1"), "big")
    return (total ^ mask).to_bytes(16, "big")


def aes_gcm_seal(key: bytes, nonce: bytes, plain: bytes, extra: bytes) -> bytes:
    """Return ciphertext and tag."""
    words = aes_round_keys(key)
    cipher = _gcm_stream(words, nonce, plain)
    return cipher + _gcm_tag(words, nonce, cipher, extra)


def aes_gcm_open(key: bytes, nonce: bytes, sealed: bytes, extra: bytes) -> bytes | None:
    """Return the plaintext; None if the tag is another one."""
    words, cipher = aes_round_keys(key), sealed[:-16]
    return (
        _gcm_stream(words, nonce, cipher) if _gcm_tag(words, nonce, cipher, extra) == sealed[-16:] else None
    )


# ---- X25519 (RFC 7748) and HPKE (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode

P = 2**255 - 19
NINE = (9).to_bytes(32, "little")


def x25519(scalar: bytes, point: bytes) -> bytes:
    """Return the scalar times the point (RFC 7748, section 5); 32 zeros where the point is of small order."""
    k = int.from_bytes(scalar, "little") & ~7 & (1 << 254) - 1 | 1 << 254
    u = int.from_bytes(point, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swapped = 1, 0, u, 1, 0
    for at in range(254, -1, -1):
        bit = k >> at & 1
        if bit != swapped:
            x2, z2, x3, z3 = x3, z3, x2, z2
        swapped = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


KEM = b"KEM\x00\x20"
HPKE = b"HPKE\x00\x20\x00\x01\x00\x02"


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac256(salt, b"HPKE-v1" + suite + label + key)


def _labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    return hkdf_expand(key, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def hpke_ephemeral(material: bytes) -> bytes:
    """Return the private key of DeriveKeyPair (RFC 9180, 7.1.3)."""
    return _labeled_expand(KEM, _labeled_extract(KEM, b"", b"dkp_prk", material), b"sk", b"", 32)


def _hpke_key(agreed: bytes, enc: bytes, receiver: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Return AES key and nonce of the first message (RFC 9180, 4.1 and 5.1)."""
    secret = _labeled_extract(KEM, b"", b"eae_prk", agreed)
    shared = _labeled_expand(KEM, secret, b"shared_secret", enc + receiver, 32)
    context = (
        b"\0"
        + _labeled_extract(HPKE, b"", b"psk_id_hash", b"")
        + _labeled_extract(HPKE, b"", b"info_hash", info)
    )
    secret = _labeled_extract(HPKE, shared, b"secret", b"")
    return (
        _labeled_expand(HPKE, secret, b"key", context, 32),
        _labeled_expand(HPKE, secret, b"base_nonce", context, 12),
    )


def hpke_seal(receiver: bytes, material: bytes, info: bytes, extra: bytes, plain: bytes) -> bytes:
    """Return enc and ciphertext, with the ephemeral key derived from the material."""
    private = hpke_ephemeral(material)
    enc = x25519(private, NINE)
    key, nonce = _hpke_key(x25519(private, receiver), enc, receiver, info)
    return enc + aes_gcm_seal(key, nonce, plain, extra)


def hpke_open(private: bytes, sealed: bytes, info: bytes, extra: bytes) -> bytes | None:
    """Return the plaintext; None if it was not sealed to this key, or not like this."""
    agreed = x25519(private, sealed[:32])
    if agreed == bytes(32):
        return None
    key, nonce = _hpke_key(agreed, sealed[:32], x25519(private, NINE), info)
    return aes_gcm_open(key, nonce, sealed[32:], extra)


# ---- Ed25519 (RFC 8032): canonical points, none of small order, S < L, the equation without cofactor (section 4)

L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)  # a point is (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed25519_point(encoded: bytes) -> Point | None:
    """Decode a point (RFC 8032, 5.1.3); None if it is none, not canonical, or of small order."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * ROOT % P
    if (v * x * x - u) % P or (not x and sign):
        return None
    if x & 1 != sign:
        x = P - x
    point = (x, y, 1, x * y % P)
    eightfold = point
    for _ in range(3):
        eightfold = _add(eightfold, eightfold)
    return None if eightfold[0] == 0 and eightfold[1] == eightfold[2] else point


BASE = ed25519_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature is the key's: S·B = R + k·A, with everything canonical."""
    a, r = ed25519_point(public), ed25519_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], 1, P - a[3])
    sums = (None, BASE, minus_a, _add(BASE, minus_a))
    total = NEUTRAL  # S·B − k·A, both multiplications in one pass
    for at in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = _add(total, total)
        step = sums[(s >> at & 1) + 2 * (k >> at & 1)]
        total = total if step is None else _add(total, step)
    return (total[0] - r[0] * total[2]) % P == 0 and (total[1] - r[1] * total[2]) % P == 0


# ---- RSA-PSS with SHA-384, MGF1-SHA-384 and a salt of 48 bytes (RFC 8017, 8.1.2 and 9.1.2)


def rsa_pss_holds(modulus: int, exponent: int, message: bytes, signature: bytes) -> bool:
    """Say whether the signature is the key's; for keys whose bits are a multiple of 8."""
    size = modulus.bit_length() // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= modulus:
        return False
    encoded = pow(number, exponent, modulus).to_bytes(size, "big")
    masked, digest = encoded[:-49], encoded[-49:-1]
    blocks = -(-len(masked) // 48)
    mask = b"".join(hashlib.sha384(digest + struct.pack(">I", n)).digest() for n in range(blocks))
    data = bytes(a ^ b for a, b in zip(masked, mask))
    data = bytes([data[0] & 0x7F]) + data[1:]
    if encoded[-1] != 0xBC or masked[0] & 0x80 or data[:-48] != bytes(len(data) - 49) + b"\1":
        return False
    inner = bytes(8) + hashlib.sha384(message).digest() + data[-48:]
    return hashlib.sha384(inner).digest() == digest


# ================================================================================================================
# Part 2: reading files, telling differences
# ================================================================================================================


class Unreadable(ValueError):
    """Something is so wrong that what builds on it cannot be checked."""


class Nothing:
    """What stands where a value is missing: it equals no value a file can hold."""

    def __str__(self) -> str:
        return "nothing"


class Archive:
    """The files of one archive, what was found wrong with them, and what is being read at the moment."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.file, self.row = files, "", ""
        self.told: Counter[str] = Counter()

    def at(self, file: str, row: str = "") -> None:
        """Say what is read from now on: a wrong shape is told as one of this file and row."""
        self.file, self.row = file, row

    def differs(self, words: str, file: str = "", row: str = "") -> None:
        """Note a difference, in what is being read unless another file is named."""
        file, row = (file, row) if file else (self.file, self.row)
        self.told[f"{file}, {row}: {words}" if row else f"{file}: {words}"] += 1

    def document(self, name: str) -> Any:
        """Return what a JSON file says; it has to be canonical, so that it can be read in one way only."""
        self.at(name)
        found = json.loads(self.files[name].decode(), parse_float=refuse, parse_constant=refuse)
        if canonical(found) != self.files[name]:
            raise Unreadable("this is not canonical JSON (sorted keys, no spaces, each key once)")
        return found

    def rows(self, name: str) -> list[Any]:
        """Return the rows of a JSON file that is a list."""
        found = self.document(name)
        if type(found) is not list:
            raise Unreadable("this is no list")
        return found

    def compare(self, expected: Any, found: Any, *where: str) -> None:
        """Tell where two JSON values, or the lines of two texts, differ."""
        if isinstance(expected, dict) and isinstance(found, dict):
            for key in sorted({**expected, **found}):
                self.compare(expected.get(key, Nothing()), found.get(key, Nothing()), *where, key)
        elif isinstance(expected, list) and isinstance(found, list):
            for number, (one, other) in enumerate(zip_longest(expected, found, fillvalue=Nothing()), 1):
                self.compare(one, other, *where, str(number))
        elif type(expected) is not type(found) or expected != found:
            self.differs(
                f"expected {str(expected)[:150]}, found {str(found)[:150]}", self.file, " ".join(where)
            )

    def compare_text(self, name: str, expected: str) -> None:
        """Tell which lines of a text file differ from what they should be."""
        self.at(name)
        self.compare(expected.split("\n"), self.files[name].decode().split("\n"), "line")


def read_archive(place: Path) -> dict[str, bytes]:
    """Return the files of a zip or a folder."""
    if place.is_dir():
        ours = (
            place / name for name in (*FILES, "election.blt", "answers.csv")
        )  # what else lies there is the reader's
        return {path.name: path.read_bytes() for path in ours if path.is_file()}
    with zipfile.ZipFile(place) as packed:
        if len(set(packed.namelist())) < len(packed.namelist()):
            raise Unreadable("a file stands twice in the zip")
        return {name: packed.read(name) for name in packed.namelist()}


def canonical(value: Any) -> bytes:
    """Return canonical JSON."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def refuse(number: str) -> Any:
    """Refuse a number that is not whole."""
    raise Unreadable(f"{number} is not a whole number")


def whole(value: Any, least: int = 0, most: int = 2**53) -> int:
    """Return a whole number of the range; anything else is an error (true and false too)."""
    if type(value) is not int or not least <= value <= most:
        raise Unreadable(f"expected a whole number from {least}, found {value!s:.50}")
    return value


def unhex(value: Any, length: int) -> bytes:
    """Return the bytes of lower-case hexadecimal of this length; anything else is an error."""
    if type(value) is not str or not re.fullmatch("[0-9a-f]*", value) or len(value) != 2 * length:
        raise Unreadable(f"expected {length} bytes in lower-case hexadecimal, found {value!s:.50}")
    return bytes.fromhex(value)


def is_text(value: Any) -> bool:
    """Say whether it is text that says something."""
    return type(value) is str and value.strip() != ""


def fields(value: Any, *names: str) -> list[Any]:
    """Return these fields of an object that has them and no others."""
    if type(value) is not dict or set(value) != set(names):
        raise Unreadable(f"expected an object with {', '.join(names)}, found {value!s:.50}")
    return [value[name] for name in names]


def progress(things: Sequence[Any], words: str) -> Iterator[Any]:
    """Go through things and say on the standard error how far it has come."""
    for number, thing in enumerate(things, 1):
        yield thing
        if number % (len(things) // 50 + 1) == 0 or number == len(things):
            sys.stderr.write(
                f"\r{words}: {number} of {len(things)} {'' if number < len(things) else chr(10)}"
            )
            sys.stderr.flush()


# ================================================================================================================
# Part 3: counting
# ================================================================================================================

KINDS = {
    "scottish": 1, "meek": 1, "schulze": 1, "plurality": 2, "block": 2, "approval": 2, "affirmation": 3, "motion": 3,
}  # fmt: skip
"""Counting rule to what stands on a ballot (section 4): 1 a ranking, 2 marks, 3 answers."""
Ranks = Tuple[Tuple[int, ...], ...]  # noqa: UP006


class Rules(NamedTuple):
    """What the frozen rules say about counting."""

    rule: str
    kind: int
    seats: int
    most_ranks: int
    cap: int | None
    groups: list[int | None]  # of the candidates, in frozen order
    staying: Counter[int]  # group to the seats that staying directors hold
    quorum: Fraction
    threshold: Fraction
    more_than: bool


def read_rules(value: Any, groups: list[int | None], staying: Any) -> Rules:
    """Return the rules; anything that cannot be counted by is an error."""
    if value["rule"] not in KINDS or type(value["cap"]) is not bool or type(value["more_than"]) is not bool:
        raise Unreadable("rule is not one of the known, or cap or more_than neither true nor false")
    quorum, threshold = (Fraction(whole(p), whole(q, 1)) for p, q in (value["quorum"], value["threshold"]))
    least = Fraction(1, 2 if value["rule"] == "motion" else 2**60)
    if quorum > 1 or not least <= threshold <= 1:
        raise Unreadable("quorum or threshold is out of range")
    held: Counter[int] = Counter()
    for one in staying:
        group, seats = fields(one, "group", "seats")
        if whole(group) in held:
            raise Unreadable("a group stands in staying twice")
        held[group] = whole(seats)
    return Rules(
        value["rule"], KINDS[value["rule"]], whole(value["seats"], 1), whole(value["most_ranks"], 0, 200),
        max(2, whole(value["board_size"]) // 3) if value["cap"] else None,
        [None if group is None else whole(group) for group in groups], held, quorum, threshold, value["more_than"],
    )  # fmt: skip


def ranks_of(marks: bytes) -> Ranks:
    """Return the candidates at each rank, best first; candidates that are marked share one rank."""
    numbered = list(enumerate(marks, 1))
    return tuple(tuple(n for n, mark in numbered if mark == rank) for rank in range(1, max(marks) + 1))


class Count:
    """A count under way: who stands how, and what was done."""

    def __init__(self, rules: Rules, valid: int, lot: Sequence[int], unit: int) -> None:
        self.rules, self.lot, self.unit = rules, lot, unit  # unit: what one paper is worth
        self.valid = valid
        self.continuing = sorted(lot)
        self.totals = dict.fromkeys(self.continuing, 0)
        self.nontransferable = 0
        self.history: list[dict[int, int]] = []
        self.elected: list[int] = []
        self.excluded: list[int] = []
        self.stages: list[dict[str, str]] = []
        self.acts: list[dict[str, Any]] = []
        self.ties: list[dict[str, Any]] = []
        self.quota: int | str | None = None
        self.notes: dict[str, Any] = {}

    def decimal(self, units: int) -> str:
        """Return units as papers with 5 decimals, 9 under Meek's rule."""
        places = max(5, len(str(self.unit)) - 1)
        return f"{units // self.unit}.{units % self.unit * 10**places // self.unit:0{places}}"

    def stage(
        self, kind: str, moved: Sequence[int], excluded: Sequence[int], transfers: list[dict[str, Any]]
    ) -> None:
        """Write down how everybody stands at the end of a stage; who is elected by it is added later."""
        lost = self.valid * self.unit - sum(self.totals.values()) - self.nontransferable
        lost = 0 if self.unit == 1 else lost  # marks are as many as the voters like
        told = {**{str(number): units for number, units in self.totals.items()},
                "nontransferable": self.nontransferable, "lost": lost}  # fmt: skip
        self.stages.append({name: self.decimal(units) for name, units in told.items()})
        self.acts.append({
            "kind": kind, "moved": list(moved), "elected": [], "excluded": list(excluded), "transfers": transfers,
        })  # fmt: skip
        self.history.append(dict(self.totals))

    def elect(self, number: int) -> None:
        """Deem a candidate elected in the stage that was written down last."""
        self.continuing.remove(number)
        self.elected.append(number)
        self.acts[-1]["elected"].append(number)

    def vacancies(self) -> int:
        """Return how many seats are open."""
        return self.rules.seats - len(self.elected)

    def choose(self, among: Iterable[int], purpose: str, best: Callable[..., int]) -> int:
        """Choose who has most (or least); if equal, now and in all stages looking back, the lot decides."""
        level = best(self.totals[number] for number in among)
        tied = left = [number for number in among if self.totals[number] == level]
        decided: int | None = None
        for stage in range(len(self.history), 0, -1):
            if len(left) > 1:
                level = best(self.history[stage - 1][number] for number in left)
                left = [number for number in left if self.history[stage - 1][number] == level]
                decided = stage if len(left) == 1 else None
        chosen = best(left, key=lambda number: -self.lot.index(number))
        if len(tied) > 1:
            self.tie(purpose, tied, chosen, decided)
        return chosen

    def tie(
        self, purpose: str, tied: Iterable[int], chosen: int, decided: int | None = None, later: int = 0
    ) -> None:
        """Write down a choice among those equal in the last stage; no earlier stage decided: the lot did."""
        at = {"stage": len(self.stages) + later, "purpose": purpose, "decided_at": decided}
        self.ties.append({**at, "tied": sorted(tied), "chosen": chosen})


# ---- Scottish rules (SSI 2011/399, Schedule 1), with the organization cap


class Scottish(Count):
    """Single transferable vote; a paper is worth 100,000 units, so transfer values have five decimals."""

    def __init__(self, rules: Rules, papers: Counter[Ranks], lot: Sequence[int]) -> None:
        clear: Counter[tuple[int, ...]] = Counter()  # what a paper ranks singly, up to a gap or a shared rank
        for ranks, number in papers.items():
            clear[tuple(rank[0] for rank in takewhile(lambda rank: len(rank) == 1, ranks))] += number
        clear.pop((), None)
        super().__init__(rules, sum(clear.values()), lot, 10**5)
        self.held = Counter(rules.staying)
        # Of every candidate the papers: what comes next on them, and what they are worth, to how many there are.
        self.piles: dict[int, Counter[tuple[tuple[int, ...], int]]] = {number: Counter() for number in lot}
        for numbers, papers_ in clear.items():
            self.piles[numbers[0]][numbers[1:], self.unit] += papers_
            self.totals[numbers[0]] += papers_ * self.unit

    def run(self) -> None:
        """Count from the first preferences to the last seat."""
        self.quota = self.valid // (self.rules.seats + 1) + 1
        self.stage("first", (), (), [])
        self.elect_those([n for n in self.continuing if self.totals[n] >= self.quota * self.unit])
        while self.vacancies() and self.continuing:
            barred = [number for number in self.continuing if self.barred(number)]
            surpluses = [number for number in self.elected if self.totals[number] > self.quota * self.unit]
            if barred:
                self.pass_on(self.choose(barred, "cap", min), "cap")
            elif len(self.continuing) <= self.vacancies():
                self.elect_those(list(self.continuing), 1)  # one: a cap it reaches comes before the next seat
                continue
            elif surpluses:
                self.pass_on(self.choose(surpluses, "surplus", max), "surplus")
            else:
                self.pass_on(self.choose(self.continuing, "exclusion", min), "exclusion")
            self.elect_those([n for n in self.continuing if self.totals[n] >= self.quota * self.unit])

    def barred(self, number: int) -> bool:
        """Say whether the candidate's group holds all the seats it may."""
        group = self.rules.groups[number - 1]
        return self.rules.cap is not None and group is not None and self.held[group] >= self.rules.cap

    def elect_those(self, reached: list[int], most: int = 200) -> None:
        """Elect one at a time, the largest vote first; whose group is full meanwhile is passed over."""
        for _ in range(min(most, self.vacancies())):
            free = [number for number in reached if not self.barred(number)]
            if not free:
                return
            number = self.choose(free, "elected", max)
            reached.remove(number)
            self.elect(number)
            group = self.rules.groups[number - 1]
            if group is not None:
                self.held[group] += 1

    def pass_on(self, source: int, kind: str) -> None:
        """Pass on all papers of a candidate: at their value, or, of a surplus, at their part of it."""
        total, surplus = self.totals[source], self.totals[source] - int(self.quota or 0) * self.unit
        if kind != "surplus":
            self.continuing.remove(source)
            self.excluded.append(source)
        papers: Counter[int] = Counter()
        votes: Counter[int] = Counter()
        for (wanted, value), number in self.piles[source].items():
            worth = surplus * value // total if kind == "surplus" else value  # what is cut off is lost
            left = tuple(dropwhile(lambda one: one not in self.continuing, wanted))
            target = left[0] if left else 0
            papers[target] += number
            votes[target] += number * worth
            if target:
                self.piles[target][left[1:], worth] += number
                self.totals[target] += number * worth
        self.piles[source].clear()
        self.nontransferable += votes[0]
        self.totals[source] = total - surplus if kind == "surplus" else 0
        transfers = [
            {"from": source, "to": to or None, "papers": papers[to], "votes": self.decimal(votes[to])}
            for to in sorted(papers, key=lambda number: number or 256)
        ]
        self.stage(kind, (source,), () if kind == "surplus" else (source,), transfers)


# ---- Meek's rule (Proportional Representation Foundation, Reference Meek Rule; its steps stand in the comments)


def up(units: int, divisor: int) -> int:
    """Divide, rounding up."""
    return -(-units // divisor)


class Meek(Count):
    """Single transferable vote with keep factors; a paper is worth 1,000,000,000 units."""

    def __init__(self, rules: Rules, papers: Counter[Ranks], lot: Sequence[int]) -> None:
        self.papers = closed(papers)
        super().__init__(rules, sum(self.papers.values()), lot, 10**9)
        self.keep = dict.fromkeys(self.continuing, self.unit)  # A
        self.needed = self.surplus = 0
        self.notes = {"quotas": [], "keep_factors": [], "iterations": []}

    def run(self) -> None:
        """Go through the rounds (B); elect who is left if there are seats for them (C)."""
        kind = "first"
        moved: list[int] = []
        out: list[int] = []
        while self.vacancies() and len(self.continuing) > self.vacancies():  # B.1
            reached, rounds = self.iterate()
            self.round(kind, moved, out, reached, rounds)
            kind, moved, out = "iteration", list(self.elected), []
            if not reached:  # B.3: nobody further above the lowest than the surplus could lift them
                reach = min(self.totals[number] for number in self.continuing) + self.surplus
                low = self.lowest([number for number in self.continuing if self.totals[number] <= reach])
                kind, moved, out = "exclusion", [low], [low]
        if not self.stages:
            self.distribute()
            self.round("first", [], [], [], 1)
        if (self.continuing and self.vacancies()) or out:
            self.round("fill" if self.vacancies() else kind, [], out, list(self.continuing), 0)
        self.quota = self.decimal(self.needed)

    def iterate(self) -> tuple[list[int], int]:
        """Hand out the votes and mend the keep factors until somebody reaches the quota or the surplus is nothing."""
        before, rounds = self.valid * self.unit * 2, 0
        while True:
            rounds += 1
            self.distribute()
            reached = [number for number in self.continuing if self.totals[number] >= self.needed]  # B.2.c
            over = sum(self.totals[number] - self.needed for number in self.elected + reached)
            self.surplus = max(0, over)  # B.2.d
            if reached or self.surplus < 1000 or self.surplus >= before:  # B.2.e: omega is 0.000001
                return reached, rounds
            before = self.surplus
            for number in self.elected:  # B.2.f
                kept = up(self.keep[number] * self.needed, self.unit)
                self.keep[number] = up(kept * self.unit, self.totals[number])

    def distribute(self) -> None:
        """Every candidate of a paper keeps a part of what it is still worth, as the keep factor says (B.2.a, B.2.b)."""
        self.totals, self.nontransferable = dict.fromkeys(self.totals, 0), 0
        for ranks, number in self.papers.items():
            weight = self.unit
            for rank in ranks:
                here = [one for one in rank if self.keep[one]]
                each = weight // len(here) if here else 0  # what does not divide evenly is lost
                weight = weight if not here else 0
                for one in here:
                    kept = up(each * self.keep[one], self.unit)
                    self.totals[one] += kept * number
                    weight += each - kept
            self.nontransferable += weight * number
        self.needed = sum(self.totals.values()) // (self.rules.seats + 1) + 1

    def lowest(self, tied: list[int]) -> int:
        """Defeat the only one, or the least favoured of those tied."""
        low = max(tied, key=self.lot.index)
        if len(tied) > 1:
            self.tie("exclusion", tied, low, later=1)
        self.continuing.remove(low)
        self.excluded.append(low)
        self.keep[low] = 0
        return low

    def round(self, kind: str, moved: list[int], out: list[int], reached: list[int], rounds: int) -> None:
        """Write down a round and elect who reached the quota, the largest vote first, then the favoured."""
        self.stage(kind, moved, out, [])
        factors = {str(number): factor for number, factor in self.keep.items()}
        for name, value in (("quotas", self.needed), ("keep_factors", factors), ("iterations", rounds)):
            self.notes[name].append(value)
        for number in sorted(reached, key=lambda one: (-self.totals[one], self.lot.index(one))):
            left = [one for one in reached if one in self.continuing]
            equal = [one for one in left if self.totals[one] == self.totals[number]]
            if len(equal) > 1:
                self.tie("elected", equal, number)
            self.elect(number)


def closed(papers: Counter[Ranks]) -> Counter[Ranks]:
    """Return the papers without gaps, and without those that name nobody."""
    full: Counter[Ranks] = Counter()
    for ranks, number in papers.items():
        full[tuple(rank for rank in ranks if rank)] += number
    full.pop((), None)
    return full


# ---- Marks, Schulze's rule, answers


class Marks(Count):
    """Plurality, block and approval: those with most marks."""

    def __init__(self, rules: Rules, papers: Counter[Ranks], lot: Sequence[int]) -> None:
        most = {"plurality": 1, "block": rules.seats}.get(rules.rule, 200)
        proper = {ranks: number for ranks, number in papers.items() if ranks and len(ranks[0]) <= most}
        super().__init__(rules, sum(proper.values()), lot, 1)
        for ranks, number in proper.items():
            for candidate in ranks[0]:
                self.totals[candidate] += number
        spoilt = sum(papers.values()) - papers[()] - self.valid
        self.notes = {"marks": sum(self.totals.values()), "spoilt": spoilt}

    def run(self) -> None:
        """Seat level by level; where a level has more candidates than seats are left, the lot chooses."""
        self.stage("first", (), (), [])
        for level in self.levels(list(self.continuing)):
            left, full = sorted(level, key=self.lot.index), len(level) > self.vacancies()
            while left and self.vacancies():
                if full:
                    self.tie("winner", left, left[0])
                self.elect(left.pop(0))

    def levels(self, those: list[int]) -> list[list[int]]:
        """Return candidates with equal votes together, those with most first."""
        votes = sorted({self.totals[number] for number in those}, reverse=True)
        return [[number for number in those if self.totals[number] == level] for level in votes]


class Schulze(Marks):
    """Winning votes; with several seats, the first of the order (Schulze, Social Choice and Welfare 36, 2011)."""

    def __init__(self, rules: Rules, papers: Counter[Ranks], lot: Sequence[int]) -> None:
        full, everybody = closed(papers), sorted(lot)
        super().__init__(rules, Counter(), lot)
        self.valid = sum(full.values())
        prefer = {one: dict.fromkeys(everybody, 0) for one in everybody}
        for ranks, number in full.items():
            if len(ranks[0]) == 1:
                self.totals[ranks[0][0]] += number
            place = {one: at for at, rank in enumerate(ranks) for one in rank}
            for one, other in permutations(everybody, 2):  # who is not ranked stands behind all
                prefer[one][other] += number * (place.get(one, 200) < place.get(other, 200))
        self.nontransferable = self.valid - sum(self.totals.values())
        self.paths = {
            one: {to: votes if votes > prefer[to][one] else 0 for to, votes in row.items()}
            for one, row in prefer.items()
        }
        for through, one, other in permutations(everybody, 3):
            strength = min(self.paths[one][through], self.paths[through][other])
            self.paths[one][other] = max(self.paths[one][other], strength)
        self.notes = {"pairwise": prefer, "paths": self.paths, "order": self.levels(everybody)}

    def levels(self, those: list[int]) -> list[list[int]]:
        """Return those whom nobody left beats, again and again."""
        order, left = [], those
        while left and self.valid:
            beaten = {
                one for one in left for other in left if self.paths[other][one] > self.paths[one][other]
            }
            order.append([one for one in left if one not in beaten])
            left = [one for one in left if one in beaten]
        return order


def answers_to(papers: Sequence[bytes], number: int) -> dict[str, int]:
    """Return how many papers answer the question about a candidate how."""
    given = Counter(marks[number - 1] for marks in papers)
    return {"yes": given[1], "no": given[2], "abstain": given[3], "blank": given[0]}


def enough(rules: Rules, answers: dict[str, int]) -> bool:
    """Say whether enough of those who say yes or no say yes, and one at least."""
    need = rules.threshold * (answers["yes"] + answers["no"])
    return answers["yes"] > 0 and (answers["yes"] > need if rules.more_than else answers["yes"] >= need)


class Affirmation(Marks):
    """Every candidate who is affirmed is elected; of more than there are seats, those with most yes."""

    def __init__(self, rules: Rules, papers: Sequence[bytes], lot: Sequence[int]) -> None:
        super().__init__(rules, Counter(), lot)
        answers = {number: answers_to(papers, number) for number in self.continuing}
        self.valid, self.totals = len(papers), {number: answers[number]["yes"] for number in answers}
        self.notes = {
            "threshold": str(rules.threshold), "more_than": rules.more_than,
            "affirmed": [number for number in answers if enough(rules, answers[number])],
            "answers": {str(number): answers[number] for number in answers},
        }  # fmt: skip

    def levels(self, those: list[int]) -> list[list[int]]:  # noqa: ARG002 -- as every rule that seats by levels
        """Only who is affirmed can be seated."""
        return super().levels(self.notes["affirmed"])


class Motion(Count):
    """1 is yes, 2 is no; yes is elected if the motion is carried."""

    def __init__(self, rules: Rules, papers: Sequence[bytes], roll: int) -> None:
        super().__init__(rules, len(papers), (1, 2), 1)
        answers = answers_to(papers, 1)
        self.totals = {1: answers["yes"], 2: answers["no"]}
        self.nontransferable = answers["abstain"] + answers["blank"]
        quorate = len(papers) >= rules.quorum * roll
        self.notes = {
            "carried": quorate and answers["yes"] > answers["no"] and enough(rules, answers), "quorate": quorate,
            "roll": roll, "quorum": str(rules.quorum), "answers": answers, "threshold": str(rules.threshold),
            "more_than": rules.more_than,
        }  # fmt: skip

    def run(self) -> None:
        """Say whether it is carried."""
        self.stage("first", (), (), [])
        if self.notes["carried"]:
            self.elect(1)


def count(
    rules: Rules, names: Sequence[str], title: str, papers: Sequence[bytes], lot: list[int], roll: int
) -> dict[str, Any]:
    """Count the papers; return what `iocop elections count --json` prints."""
    ranked = Counter(ranks_of(marks) for marks in papers) if rules.kind < 3 else Counter()
    counting: Any
    if rules.rule == "motion":
        counting = Motion(rules, papers, roll)
    elif rules.rule == "affirmation":
        counting = Affirmation(rules, papers, lot)
    else:
        kinds: dict[str, Any] = {"scottish": Scottish, "meek": Meek, "schulze": Schulze}
        counting = kinds.get(rules.rule, Marks)(rules, ranked, lot)
    if counting.valid or rules.kind == 3:  # with no valid paper there is no election, and never by lot
        counting.run()
    return {
        "title": title, "rule": rules.rule, "seats": rules.seats, "candidates": list(names), "withdrawn": [],
        "lot": lot, "quota": counting.quota, "valid": counting.valid, "invalid": len(papers) - counting.valid,
        "stages": counting.stages, "acts": counting.acts, "elected": counting.elected, "excluded": counting.excluded,
        "vacant": 0 if rules.rule == "motion" else counting.vacancies(), "ties": counting.ties,
        "lots": [tie for tie in counting.ties if tie["decided_at"] is None], "notes": counting.notes,
    }  # fmt: skip


# ================================================================================================================
# Part 4: the checks
# ================================================================================================================

FILES = (  # and election.blt or answers.csv
    "README.txt", "ballots.bin", "blocks.json", "booth.html", "freeze.json", "heads.txt", "issues.bin", "keys.json",
    "openings.json", "opened.csv", "result.json", "roll.json", "sealed.json", "verify.py",
)  # fmt: skip


def check_everything(archive: Archive, mailed: str | None) -> str:
    """Check the whole archive, one file after the other; return a summary.

    Raises:
        ValueError: something is so wrong that the rest could not be checked; `archive` knows where.
    """
    freeze = check_freeze(archive)
    check_files(archive, freeze)
    leaves = check_roll(archive, freeze)
    check_openings(archive, freeze)
    register = check_register(archive, freeze, leaves)
    board, places = check_blocks(archive, freeze)
    ballots = check_ballots(archive, freeze, places)
    check_numbers(archive, ballots, register, leaves)
    sealed = check_sealed(archive, freeze, board, places, register)
    check_heads(archive, board, register, sealed, mailed)
    keys = check_keys(archive, freeze, sealed)
    lot = check_lot(archive, freeze, keys)
    papers = check_opened(archive, freeze, ballots, keys)
    check_papers(archive, freeze, papers)
    check_result(archive, freeze, ballots, papers, lot, sealed)
    return f"{len(leaves)} on the roll, {len(register) - 1} tokens, {len(ballots)} ballots, {len(papers)} papers counted"


# ---- The freeze (section 1): everything hangs on the hash of freeze.json


class Officer(NamedTuple):
    """A returning officer; the number is the x of the shares."""

    number: int
    encryption: bytes
    signing: bytes
    nonce: bytes


class Freeze(NamedTuple):
    """What freeze.json says."""

    hash: bytes  # F
    title: str
    rules: Rules
    candidates: list[str]
    lot_ids: list[str]
    root: bytes
    roll: int
    officers: list[Officer]
    needed: int
    modulus: int
    commitment: bytes
    seed_shares: list[bytes]
    booth: bytes
    block_minimum: int
    plain_ballots: bool

    @property
    def papers_file(self) -> str:
        """The file that holds the papers."""
        return "answers.csv" if self.rules.kind == 3 else "election.blt"


def check_freeze(archive: Archive) -> Freeze:  # noqa: PLR0915 -- one line a field
    """freeze.json has all its fields, each well-formed, and they do not contradict one another."""
    f = archive.document("freeze.json")
    names = (
        "acknowledger address block_minimum booth candidates closes complaints_until election format issuer keys_until "
        "kind needed officers opens plain_ballots roll rules seed_commitment sealed_seed site staying title"
    )
    fields(f, *names.split())
    insist(f["format"] == "iocop-election-1", "format: not iocop-election-1")
    insist(f["kind"] in ("board", "office", "affirmation", "motion", "vacancy"), "kind: not one of the known")
    insist(type(f["plain_ballots"]) is bool, "plain_ballots: neither true nor false")
    insist(all(is_text(f[name]) for name in ("site", "address", "title")), "site, address or title is empty")
    whole(f["election"], 1)
    archive.row = "candidates"
    people = [fields(one, "group", "id", "name", "number") for one in f["candidates"]]
    insist([whole(one[3]) for one in people] == list(range(1, len(people) + 1)), "not numbered 1, 2, 3, …")
    insist(1 <= len({one[1] for one in people}) == len(people) <= 200, "expected 1 to 200, each id once")
    insist(all(is_text(text) for one in people for text in one[1:3]), "an id or name is no text")
    archive.row = "rules"
    rules = read_rules(f["rules"], [one[0] for one in people], f["staying"])
    insist(rules.rule != "motion" or len(people) == 1, "a motion has one question")
    archive.row = "opens"
    moments = [f[name] for name in ("opens", "closes", "keys_until", "complaints_until")]
    insist(all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one) for one in moments), "not a moment")
    insist(moments[0] < moments[1] < min(moments[2:]), "the moments do not follow one another")
    archive.row = "roll"
    root, size = fields(f["roll"], "root", "size")
    archive.row = "block_minimum"
    insist(f["block_minimum"] == max(10, -(-whole(size) // 100)), "expected 1 % of the roll, 10 at least")
    modulus, officers, shares = check_frozen_keys(archive, f)
    return Freeze(
        sha256(archive.files["freeze.json"]), f["title"], rules, [one[2] for one in people], [one[1] for one in people],
        unhex(root, 32), size, officers, f["needed"], modulus, unhex(f["seed_commitment"], 32), shares,
        unhex(f["booth"], 32), f["block_minimum"], f["plain_ballots"],
    )  # fmt: skip


def check_frozen_keys(archive: Archive, f: dict[str, Any]) -> tuple[int, list[Officer], list[bytes]]:
    """No key in freeze.json is malformed, weak or there twice. Return the modulus, the officers, the seed's shares."""
    archive.row = "issuer"
    modulus, exponent = fields(f["issuer"], "n", "e")
    insist(unhex(modulus, 384)[0] >> 7 == 1 and int(modulus, 16) % 2 == 1, "n is no RSA modulus of 3072 bits")
    insist(exponent == 65537, "expected e to be 65537")
    archive.row = "acknowledger"
    insist(ed25519_point(unhex(f["acknowledger"], 32)) is not None, "an Ed25519 key nobody may use")
    archive.row = "officers"
    officers = []
    for one in f["officers"]:
        number, name, *keys = fields(one, "number", "name", "encryption", "signing", "nonce")
        insist(is_text(name), "a name is no text")
        officers.append(Officer(whole(number), *(unhex(key, 32) for key in keys)))
        key = officers[-1].encryption
        small = x25519(bytes(32), key) == bytes(32)  # of small order: whatever it is multiplied with
        insist(not small and int.from_bytes(key, "little") < P, "an X25519 key nobody may use")
        insist(ed25519_point(officers[-1].signing) is not None, "an Ed25519 key nobody may use")
    insist([one.number for one in officers] == list(range(1, len(officers) + 1)), "not numbered 1, 2, 3, …")
    insist(len({key for one in officers for key in one[1:]}) == 3 * len(officers), "a key stands there twice")
    archive.row = "needed"
    insist(
        2 <= whole(f["needed"]) <= len(officers) < 2 * f["needed"], "expected 2 or more, and more than half"
    )
    archive.row = "sealed_seed"
    insist(len(f["sealed_seed"]) == len(officers), "expected a share for every officer")
    return int(modulus, 16), officers, [unhex(share, 80) for share in f["sealed_seed"]]


def insist(holds: bool, words: str) -> None:
    """Stop where something the rest builds on does not hold."""
    if not holds:
        raise Unreadable(words)


def check_files(archive: Archive, freeze: Freeze) -> None:
    """Every file of section 7 is there, and no other; booth.html is the page that was frozen."""
    for name in sorted({*FILES, freeze.papers_file, *archive.files}):
        archive.at(name)
        insist(name in archive.files, "this file is missing")
        if name not in (*FILES, freeze.papers_file):
            archive.differs("this file does not belong here")
    if sha256(archive.files["booth.html"]) != freeze.booth:
        archive.differs("this is not the page whose hash stands in freeze.json", "booth.html")


# ---- The roll, and the officers who opened the poll (section 1)


def check_roll(archive: Archive, freeze: Freeze) -> list[bytes]:
    """roll.json has the frozen number of leaves, each once, sorted, and the frozen root."""
    leaves: list[bytes] = []
    for row, leaf in enumerate(archive.rows("roll.json"), 1):
        archive.row = f"leaf {row}"
        leaves.append(unhex(leaf, 32))
        if leaves[-2:] != sorted(set(leaves[-2:])):
            archive.differs("it does not sort after the one before it")
    archive.row = ""
    if len(leaves) != freeze.roll:
        archive.differs(f"expected {freeze.roll} leaves as freeze.json says, found {len(leaves)}")
    if merkle_root(leaves) != freeze.root:
        archive.differs("these leaves do not give the root in freeze.json: one was changed, added or moved")
    return leaves


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of RFC 6962, 2.1."""
    if len(leaves) <= 1:
        return sha256(b"\0", leaves[0]) if leaves else sha256()
    half = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below the number of leaves
    return sha256(b"\1", merkle_root(leaves[:half]), merkle_root(leaves[half:]))


def check_openings(archive: Archive, freeze: Freeze) -> None:
    """Every officer signed the freeze before the poll was opened."""
    openings = [fields(one, "officer", "signature") for one in archive.rows("openings.json")]
    if [number for number, _ in openings] != [officer.number for officer in freeze.officers]:
        archive.differs("expected a signature of every officer, once, by number")
    for number, signature in openings:
        archive.row = f"officer {number}"
        officer = freeze.officers[whole(number, 1, len(freeze.officers)) - 1]
        if not ed25519_holds(officer.signing, b"iocop-open-1" + freeze.hash, unhex(signature, 64)):
            archive.differs("the signature is not this officer's on the hash of this freeze.json")


# ---- The register of tokens (section 3)


def check_register(archive: Archive, freeze: Freeze, leaves: Sequence[bytes]) -> list[bytes]:
    """Each entry is for another leaf of the roll, and signed by the issuer. Return the heads after 0, 1, 2, … entries."""
    data, on_roll = archive.files["issues.bin"], set(leaves)
    entry_of: dict[bytes, int] = {}
    heads = [sha256(b"iocop-issues-1", freeze.hash)]
    for row in range(1, -(-len(data) // 800) + 1):
        archive.at("issues.bin", f"entry {row}")
        entry = data[800 * (row - 1) : 800 * row]
        leaf, blinded, signed = (
            entry[:32],
            *(int.from_bytes(part, "big") for part in (entry[32:416], entry[416:])),
        )
        if len(entry) != 800:
            archive.differs("it is cut off: an entry has 800 bytes")
        if leaf not in on_roll:
            archive.differs(f"its leaf {leaf.hex()} is not on the roll")
        if entry_of.setdefault(leaf, row) != row:
            archive.differs(f"this leaf had its token in entry {entry_of[leaf]}")
        if not 0 < signed < freeze.modulus or pow(signed, 65537, freeze.modulus) != blinded:
            archive.differs("its blind signature is not the issuer's on its blinded message")
        heads.append(sha256(heads[-1], entry))
    return heads


# ---- The board (section 5)


def check_blocks(archive: Archive, freeze: Freeze) -> tuple[list[bytes], dict[bytes, str]]:
    """The blocks are numbered, sorted, large enough and chained. Return the heads from F on, and where a hash stands."""
    heads = [freeze.hash]
    places: dict[bytes, str] = {}
    blocks = [fields(one, "number", "head", "ballots") for one in archive.rows("blocks.json")]
    for number, (told, head, listed) in enumerate(blocks, 1):
        archive.row = f"block {number}"
        least = freeze.block_minimum if number < len(blocks) else 1
        hashes = [unhex(text, 32) for text in listed]
        expected = sha256(b"iocop-block-1", heads[-1], struct.pack(">II", number, len(hashes)), *hashes)
        if whole(told) != number:
            archive.differs(f"it is numbered {told}")
        if len(hashes) < least:
            archive.differs(f"it holds {len(hashes)} ballots; {least} is the least")
        if unhex(head, 32) != expected:
            archive.differs(f"expected the head {expected.hex()}, found {head}")
        for at, one in enumerate(hashes, 1):
            place = f"block {number}, ballot {at}"
            if hashes[max(0, at - 2) : at] != sorted(set(hashes[max(0, at - 2) : at])):
                archive.differs("it does not sort after the one before it", "blocks.json", place)
            if places.setdefault(one, place) != place:
                archive.differs(f"it stands in {places[one]} already", "blocks.json", place)
        heads.append(unhex(head, 32))
    return heads, places


# ---- The ballots (section 4)


class Ballot(NamedTuple):
    """One sealed ballot of ballots.bin."""

    row: int
    hash: bytes
    origin: int
    voter: bytes
    revision: int
    previous: bytes
    cipher: bytes
    shares: list[bytes]  # officer 1 first


def check_ballots(archive: Archive, freeze: Freeze, places: dict[bytes, str]) -> list[Ballot]:
    """ballots.bin holds exactly what is on the board, in its order, and every ballot is valid. Return them."""
    data, size = archive.files["ballots.bin"], 911 + 80 * len(freeze.officers)
    ballots: dict[bytes, Ballot] = {}
    wires = [data[start : start + size] for start in range(0, len(data), size)]
    hashes, expected = [sha256(wire) for wire in wires], list(places)
    only_moved = sorted(hashes) == sorted(expected)
    for one in set(expected) - set(hashes):
        archive.differs(f"ballots.bin has no ballot {one.hex()}", "blocks.json", places[one])
    for row, wire in progress(list(enumerate(wires, 1)), "checking the ballots"):
        archive.at("ballots.bin", f"ballot {row}")
        one = hashes[row - 1]
        if one not in places:
            archive.differs(f"its hash {one.hex()} is not on the board")
        elif one in ballots:
            archive.differs(f"it is the same as ballot {ballots[one].row}")
        elif only_moved and one != expected[row - 1]:
            archive.differs(f"in the order of the board, ballot {expected[row - 1].hex()} belongs here")
        if len(wire) != size:
            archive.differs(f"it is cut off: a ballot has {size} bytes")
            continue
        for fault in wire_faults(freeze, wire):
            archive.differs(fault)
        shares = [wire[at : at + 80] for at in range(847, size - 64, 80)]
        ballots.setdefault(
            one, Ballot(row, one, wire[1], wire[34:66], wire[66], wire[67:99], wire[515:787], shares)
        )
    check_revisions(archive, list(ballots.values()))
    return list(ballots.values())


def wire_faults(freeze: Freeze, wire: bytes) -> Iterator[str]:
    """Say what is wrong with a ballot in itself."""
    voter, randomizer, token = wire[34:66], wire[99:131], wire[131:515]
    if wire[0] != 1:
        yield f"its version is {wire[0]}, expected 1"
    if wire[1] > freeze.plain_ballots:
        yield f"its origin {wire[1]} is not allowed in this election"
    if wire[2:34] != freeze.hash:
        yield "it was cast in another election: it does not name the hash of freeze.json"
    if not 1 <= wire[66] <= (1 if wire[1] else 20):
        yield f"its revision is {wire[66]}, expected 1 to 20 (1 if the server sealed it)"
    if not ed25519_holds(voter, b"iocop-ballot-1" + wire[:-64], wire[-64:]):
        yield "its signature is not its voter key's"
    if not rsa_pss_holds(freeze.modulus, 65537, randomizer + b"iocop-token-1" + freeze.hash + voter, token):
        yield "its token is not signed by the issuer"


def check_revisions(archive: Archive, ballots: Sequence[Ballot]) -> None:
    """Every key's revisions are 1, 2, 3, … once each, and each names the hash of the one before it."""
    first: dict[tuple[bytes, int], Ballot] = {}
    for ballot in ballots:
        archive.row = f"ballot {ballot.row}"
        if first.setdefault((ballot.voter, ballot.revision), ballot) is not ballot:
            twin = first[ballot.voter, ballot.revision].row
            archive.differs(f"it is revision {ballot.revision} of its key, and so is ballot {twin}")
    for ballot in ballots:
        archive.row = f"ballot {ballot.row}"
        before = first.get((ballot.voter, ballot.revision - 1))
        if before is None and ballot.revision > 1:
            missing = ballot.revision - 1
            archive.differs(f"it is revision {ballot.revision} of its key; revision {missing} is missing")
        elif ballot.previous != (before.hash if before else bytes(32)):
            archive.differs("it does not name the hash of the revision before it")


def newest(ballots: Sequence[Ballot]) -> set[bytes]:
    """Return the hashes of the ballots that count: the highest revision of each key."""
    latest = {ballot.voter: ballot for ballot in sorted(ballots, key=lambda ballot: ballot.revision)}
    return {ballot.hash for ballot in latest.values()}


def check_numbers(
    archive: Archive, ballots: Sequence[Ballot], register: Sequence[bytes], leaves: Sequence[bytes]
) -> None:
    """Voters' keys on the board are at most the tokens issued, and these at most the roll."""
    keys, issued = len({ballot.voter for ballot in ballots}), len(register) - 1
    if keys > issued:
        archive.differs(
            f"{keys} voters' keys are on the board, but {issued} tokens were issued", "ballots.bin"
        )
    if issued > len(leaves):
        archive.differs(f"{issued} tokens were issued to a roll of {len(leaves)}", "issues.bin")


# ---- The close: sealed.json, what was mailed, the officers' keys (sections 5 and 7)


def check_sealed(
    archive: Archive,
    freeze: Freeze,
    board: Sequence[bytes],
    places: dict[bytes, str],
    register: Sequence[bytes],
) -> bytes:
    """sealed.json names the last heads and the numbers. Return its hash *X*, which the officers signed."""
    found = archive.document("sealed.json")
    expected = {
        "format": "iocop-sealed-1", "freeze": freeze.hash.hex(), "board": board[-1].hex(), "blocks": len(board) - 1,
        "ballots": len(places), "issues": register[-1].hex(), "issued": len(register) - 1,
    }  # fmt: skip
    archive.compare(expected, found)
    if found["issues"] != expected["issues"]:
        archive.differs(
            "not the register that was sealed: an entry was changed, added or moved", "issues.bin"
        )
    return sha256(archive.files["sealed.json"])


def check_heads(
    archive: Archive, board: Sequence[bytes], register: Sequence[bytes], sealed: bytes, mailed: str | None
) -> None:
    """heads.txt, and the lines a member kept from the mails, tell the same chains as this archive has."""
    head = r"block (\d{1,9}) [0-9a-f]{64} tokens (\d{1,9}) [0-9a-f]{64}|sealed [0-9a-f]{64}".replace(
        " ", r"[>\s]+"
    )
    heads = re.compile(rf"^[>\s]*({head})", re.MULTILINE)  # mails wrap lines and quote them

    def line(block: int, tokens: int) -> str:
        if block >= len(board) or tokens >= len(register):
            return f"at most {len(board) - 1} blocks and {len(register) - 1} tokens"
        return f"block {block} {board[block].hex()} tokens {tokens} {register[tokens].hex()}"

    archive.at("heads.txt")
    told = heads.finditer(archive.files["heads.txt"].decode())
    tokens = [int(found[3]) for found in told if found[3]] + [0] * len(board)
    lines = [line(block, tokens[block]) for block in range(len(board))]
    archive.compare_text("heads.txt", "\n".join([*lines, f"sealed {sealed.hex()}", ""]))
    for found in heads.finditer(mailed or ""):
        archive.at("the mailed heads", f"line {(mailed or '').count(chr(10), 0, found.start(1)) + 1}")
        expected = line(int(found[2]), int(found[3])) if found[2] else f"sealed {sealed.hex()}"
        if found[1].replace(">", " ").split() != expected.split():
            archive.differs(
                f"another board was mailed than is in this archive; expected {expected}, found {found[1]}"
            )
    archive.at("the mailed heads")
    insist(mailed is None or heads.search(mailed) is not None, "no line begins with block or sealed")


def check_keys(archive: Archive, freeze: Freeze, sealed: bytes) -> dict[int, bytes]:
    """k officers at least signed the close and gave the private half of their frozen key. Return the keys."""
    given = [fields(one, "officer", "key", "signature") for one in archive.rows("keys.json")]
    keys = {}
    for number, text, signature in given:
        archive.row, key = f"officer {number}", unhex(text, 32)
        officer = freeze.officers[whole(number, 1, len(freeze.officers)) - 1]
        if x25519(key, NINE) == officer.encryption:
            keys[officer.number] = key
        else:
            archive.differs("this is not the private half of the officer's key in freeze.json")
        if not ed25519_holds(officer.signing, b"iocop-close-1" + sealed, unhex(signature, 64)):
            archive.differs("the signature is not this officer's on the hash of this sealed.json")
    archive.row = ""
    if [one[0] for one in given] != sorted({one[0] for one in given}):
        archive.differs("the officers do not stand in order, each once")
    insist(len(keys) >= freeze.needed, f"{freeze.needed} officers' keys are needed, {len(keys)} fit")
    return {number: keys[number] for number in sorted(keys)}


# ---- Opening (section 6)


def check_lot(archive: Archive, freeze: Freeze, keys: dict[int, bytes]) -> list[int]:
    """The keys reveal the seed the site committed itself to. Return the lot: candidates, the favoured one first."""
    archive.at("freeze.json", "sealed_seed")
    shares = {}
    for number, key in keys.items():
        info = b"iocop-seed-1" + freeze.commitment + bytes([number])
        share = hpke_open(key, freeze.seed_shares[number - 1], info, b"")
        if share is not None:
            shares[number] = share
    # Whichever k shares give what was committed to will do: one bad share does not lose the lot.
    found = (combined(dict(some)) for some in combinations(shares.items(), freeze.needed))
    seed = next((one for one in found if sha256(one) == freeze.commitment), None)
    if seed is None:
        raise Unreadable("the officers' keys do not open the seed whose hash is seed_commitment")
    lot_key = hmac256(seed, b"".join(officer.nonce for officer in freeze.officers))
    drawn = sorted((hmac256(lot_key, text.encode()), number) for number, text in enumerate(freeze.lot_ids, 1))
    return [number for _, number in drawn]


def check_opened(
    archive: Archive, freeze: Freeze, ballots: Sequence[Ballot], keys: dict[int, bytes]
) -> list[bytes]:
    """opened.csv tells of every ballot what it says. Return the papers: for each a byte a candidate."""
    counting, papers, lines = newest(ballots), [], []
    for ballot in progress(ballots, "opening the ballots"):
        state, marks = open_ballot(freeze, ballot, keys) if ballot.hash in counting else ("superseded", b"")
        lines.append(f"{ballot.hash.hex()},{state},{' '.join(map(str, marks))}")
        if state in ("counted", "blank"):
            papers.append(marks)
    archive.compare_text("opened.csv", "\n".join(["ballot,state,marks", *sorted(lines), ""]))
    return papers


def open_ballot(freeze: Freeze, ballot: Ballot, keys: dict[int, bytes]) -> tuple[str, bytes]:
    """Open a ballot with k keys, derive all of it anew and read it; return its state and what it says.

    Everything in a sealed ballot follows from 32 bytes, S. k shares give S; from S come the key of the ballot and
    every officer's sealed share. If one byte of these differs the ballot is spoilt, whichever officers opened it.
    """
    about, shares = ballot.voter + bytes([ballot.revision]), {}
    for number, key in list(keys.items())[: freeze.needed]:
        info = b"iocop-share-1" + freeze.hash + bytes([number])
        shares[number] = hpke_open(key, ballot.shares[number - 1], info, about) or bytes(32)
    seed = combined(shares)
    coefficients = hkdf(freeze.hash, seed, b"iocop share coefficients", 32 * (freeze.needed - 1))
    for officer, sealed in zip(freeze.officers, ballot.shares):
        x = bytes([officer.number])
        material = hkdf(freeze.hash, seed, b"iocop ephemeral" + x, 32)
        share = share_of(seed, coefficients, officer.number)
        info = b"iocop-share-1" + freeze.hash + x
        if sealed != hpke_seal(officer.encryption, material, info, about, share):
            return "spoilt:sealing", b""
    key = hkdf(freeze.hash, seed, b"iocop ballot key", 32)
    nonce = hkdf(freeze.hash, seed, b"iocop ballot nonce", 12)
    plain = aes_gcm_open(key, nonce, ballot.cipher, freeze.hash + about)
    return ("spoilt:sealing", b"") if plain is None else read_paper(freeze, plain)


def read_paper(freeze: Freeze, plain: bytes) -> tuple[str, bytes]:
    """Read the 256 bytes of a plaintext (section 4): the first reason that holds spoils it."""
    end = 34 + len(freeze.candidates)
    marks = plain[34:end]
    most = (min(freeze.rules.most_ranks or len(marks), len(marks)), 1, 3)[freeze.rules.kind - 1]
    for reason, holds in (
        ("version", plain[0] != 1),
        ("election", plain[2:34] != freeze.hash),
        ("kind", plain[1] != freeze.rules.kind),
        ("padding", any(plain[end:])),
        ("value", any(mark > most for mark in marks)),
    ):
        if holds:
            return f"spoilt:{reason}", b""
    return ("counted" if any(marks) else "blank"), marks


# ---- The result (section 6)


def check_papers(archive: Archive, freeze: Freeze, papers: Sequence[bytes]) -> None:
    """election.blt or answers.csv holds what the papers say."""
    if freeze.rules.kind == 3:
        rows = ["candidate,yes,no,abstain,blank"]
        for number in range(1, len(freeze.candidates) + 1):
            answers = [marks[number - 1] for marks in papers]
            rows.append(
                ",".join(str(one) for one in (number, *(answers.count(said) for said in (1, 2, 3, 0))))
            )
        archive.compare_text("answers.csv", "\n".join([*rows, ""]))
        return
    texts = Counter(" ".join("=".join(map(str, rank)) or "-" for rank in ranks_of(marks)) for marks in papers)
    names = (" ".join(name.splitlines()) for name in (*freeze.candidates, freeze.title))
    rows = [f"{len(freeze.candidates)} {freeze.rules.seats}"]
    rows += [f"{count} {text} 0" if text else f"{count} 0" for text, count in sorted(texts.items())]
    rows += ["0", *('"' + re.sub(r'"(?=\s*#)', "'", name) + '"' for name in names), ""]
    archive.compare_text("election.blt", "\n".join(rows))


def check_result(
    archive: Archive,
    freeze: Freeze,
    ballots: Sequence[Ballot],
    papers: Sequence[bytes],
    lot: list[int],
    sealed: bytes,
) -> None:
    """result.json is what this verifier counts."""
    newest_of, blank = len(newest(ballots)), sum(not any(marks) for marks in papers)
    expected = {
        "format": "iocop-result-1", "freeze": freeze.hash.hex(), "sealed": sealed.hex(), "lot": lot,
        "counted": len(papers) - blank, "blank": blank, "spoilt": newest_of - len(papers),
        "superseded": len(ballots) - newest_of, "server_sealed": sum(ballot.origin for ballot in ballots),
        "count": count(freeze.rules, freeze.candidates, freeze.title, papers, lot, freeze.roll),
    }  # fmt: skip
    archive.compare(json.loads(json.dumps(expected)), archive.document("result.json"))  # keys become texts


def examine(files: dict[str, bytes], mailed: str | None = None) -> tuple[list[str], str]:
    """Check an archive; return every difference in words, and a summary where it could be checked to its end."""
    archive, summary = Archive(files), ""
    try:
        summary = check_everything(archive, mailed)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        archive.differs(f"{error or 'this is not well-formed'}; what builds on it was not checked")
    return list(archive.told), summary


def tell(words: str, stream: Any = None) -> None:
    """Print words, also where the screen has not all their letters."""
    stream = stream or sys.stdout
    stream.write(
        words.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding or "utf-8") + "\n"
    )


def main(words: list[str]) -> int:
    """Check what the command line names, say what was found, return the exit code."""
    mailed = None
    try:
        if "--heads" in words:
            at = words.index("--heads")
            mailed = Path(words[at + 1]).read_text(encoding="utf-8", errors="replace")
            words = words[:at] + words[at + 2 :]
        files = read_archive(Path(words[0]) if words else Path(__file__).resolve().parent)
        insist("freeze.json" in files, "this is not the archive of an election: freeze.json is missing")
    except (OSError, ValueError, IndexError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        tell(f"{__doc__}\n{str(error) or 'a file in it ends too early'}", sys.stderr)
        return 2
    differences, summary = examine(files, mailed)
    for line in differences:
        tell(line)
    end = "DIFFERS: this archive does not agree with itself" if differences else f"AGREES: {summary}"
    freeze = sha256(files["freeze.json"]).hex()
    tell(f"{end}.\nThe hash of the freeze is {freeze}: it was mailed to everyone on the roll.")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
