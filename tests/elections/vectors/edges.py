"""The edges of Ed25519 where libraries differ, each with the verdict both implementations must come to.

``python -m tests.elections.vectors.edges > tests/elections/vectors/ed25519.json`` writes the file that Python and
JavaScript read. Where the equation could hold, it does: so only the rule named is what refuses a signature.

Source: RFC 8032, section 7.1 (the published ones); K. Chalkias, F. Garillot, V. Nikolaenko, Taming the many EdDSAs,
SSR 2020 (which edges there are). The arithmetic here is that of RFC 8032, section 5.1, in plain numbers.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
ZERO: Point = (0, 1)


def add(left: Point, right: Point) -> Point:
    """Add two points of the curve."""
    (x, y), (u, v) = left, right
    both = D * x * u * y * v % P
    return (x * v + y * u) * pow(1 + both, -1, P) % P, (y * v + x * u) * pow(1 - both, -1, P) % P


def times(number: int, point: Point) -> Point:
    """Add *point* to itself *number* times."""
    out = ZERO
    while number:
        if number & 1:
            out = add(out, point)
        point = add(point, point)
        number >>= 1
    return out


def point_at(y: int) -> Point | None:
    """The point with this y and an even x."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return (P - x if x & 1 else x), y


def encoded(point: Point) -> bytes:
    """A point as RFC 8032 writes it."""
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def found(point: Point | None) -> Point:
    """A point that is known to be there."""
    assert point is not None
    return point


BASE = found(point_at(4 * pow(5, -1, P) % P))
EIGHTH = next(  # a point of order eight: what is left of some point when the large order is taken out
    torsion for y in count(2) if (point := point_at(y)) and times(4, torsion := times(L, point)) != ZERO
)
SECRET = int.from_bytes(hashlib.sha512(b"iocop edges, secret").digest()) % L
NONCE = int.from_bytes(hashlib.sha512(b"iocop edges, nonce").digest()) % L


def challenge(r: bytes, a: bytes, message: bytes) -> int:
    """h before it is reduced."""
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little")


def message_for(r: bytes, a: bytes, wanted: Callable[[int], bool]) -> bytes:
    """A message whose h is as *wanted*."""
    messages = (f"vote {number}".encode() for number in count())
    return next(message for message in messages if wanted(challenge(r, a, message)))


def edge(name: str, valid: bool, a: bytes, message: bytes, signature: bytes) -> dict[str, Any]:
    """One vector as the file has it."""
    row: dict[str, Any] = {"name": name, "key": a.hex(), "message": message.hex()}
    return row | {"signature": signature.hex(), "valid": valid}


def scalar(number: int) -> bytes:
    """A number as the second half of a signature."""
    return number.to_bytes(32, "little")


def signed(a: bytes, r: bytes, message: bytes, secret: int = SECRET, nonce: int = NONCE) -> bytes:
    """R and S = nonce + h·secret, whatever *a* and *r* hold besides."""
    return r + scalar((nonce + challenge(r, a, message) * secret) % L)


def published() -> Iterator[dict[str, Any]]:
    """Tests 1 and 3 of RFC 8032, section 7.1, and what becomes of test 3 when it is changed."""
    yield edge(
        "RFC 8032 test 1: an empty message",
        True,
        bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
        b"",
        bytes.fromhex(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    )
    a = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    message = bytes.fromhex("af82")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    s = int.from_bytes(signature[32:], "little")
    yield edge("RFC 8032 test 3: a message of two bytes", True, a, message, signature)
    yield edge("another message", False, a, b"\xaf\x83", signature)
    yield edge(
        "S + L, the same signature written another way", False, a, message, signature[:32] + scalar(s + L)
    )
    yield edge("S with its highest bits set", False, a, message, signature[:32] + scalar(s + 14 * L))
    yield edge("a signature of 63 bytes", False, a, message, signature[:63])
    yield edge("a signature of 65 bytes", False, a, message, signature + b"\x00")
    yield edge("a key of 31 bytes", False, a[:31], message, signature)


def small_keys() -> Iterator[dict[str, Any]]:
    """Keys of small order: everything would be signed by everybody."""
    r = encoded(times(NONCE, BASE))
    keys = {
        "A of order 1": encoded(ZERO),
        "A of order 2": encoded(times(4, EIGHTH)),
        "A of order 4": encoded(times(2, EIGHTH)),
        "A of order 8": encoded(EIGHTH),
        "A of order 1, the sign of x set": scalar(1 | 1 << 255),
        "A of order 1, y = p + 1": scalar(P + 1),
        "A of order 4, y = p": scalar(P),
    }
    for name, a in keys.items():
        message = message_for(r, a, lambda h: h % L % 8 == 0)
        yield edge(name, False, a, message, r + scalar(NONCE))
    yield edge(
        "key and signature of zeros", False, bytes(32), message_for(bytes(32), bytes(32), _zeros), bytes(64)
    )


def _zeros(h: int) -> bool:
    return h % L % 4 == 3  # −h·A = A for A of order 4, which R is too


def small_nonces() -> Iterator[dict[str, Any]]:
    """R of small order: S = h·a betrays the secret, or torsion in A makes the equation hold."""
    a = encoded(times(SECRET, BASE))
    for name, r in {"R of order 1": encoded(ZERO), "R of order 1, y = p + 1": scalar(P + 1)}.items():
        yield edge(name, False, a, b"vote", signed(a, r, b"vote", nonce=0))
    mixed = encoded(add(times(SECRET, BASE), EIGHTH))
    r = encoded(EIGHTH)
    message = message_for(r, mixed, lambda h: h % L % 8 == 7)
    yield edge("R of order 8, A of mixed order", False, mixed, message, signed(mixed, r, message, nonce=0))


def mixed() -> Iterator[dict[str, Any]]:
    """Points of mixed order are points: the cofactorless equation alone decides, with h reduced modulo L."""
    a = encoded(add(times(SECRET, BASE), EIGHTH))
    r = encoded(times(NONCE, BASE))
    for name, valid, wanted in (
        (
            "A of mixed order, the equation holds with h reduced modulo L",
            True,
            lambda h: h % L % 8 == 0 and h % 8,
        ),
        ("A of mixed order, it would hold with h not reduced", False, lambda h: h % L % 8 and h % 8 == 0),
        ("A of mixed order, only eight times the equation holds", False, lambda h: h % L % 8 and h % 8),
    ):
        message = message_for(r, a, wanted)
        yield edge(name, valid, a, message, signed(a, r, message))
    torn = encoded(add(times(NONCE, BASE), EIGHTH))
    message = message_for(torn, a, lambda h: h % L % 8 == 7)
    yield edge("A and R of mixed order, the equation holds", True, a, message, signed(a, torn, message))
    pure = encoded(times(SECRET, BASE))
    yield edge(
        "R of mixed order, only eight times the equation holds",
        False,
        pure,
        b"vote",
        signed(pure, torn, b"vote"),
    )


def others() -> Iterator[dict[str, Any]]:
    """A key that is no point, and a sign turned round."""
    a = encoded(times(SECRET, BASE))
    r = encoded(times(NONCE, BASE))
    off = next(y for y in count(2) if point_at(y) is None)
    yield edge("A is no point of the curve", False, scalar(off), b"vote", signed(scalar(off), r, b"vote"))
    turned = bytes([*a[:31], a[31] ^ 0x80])
    yield edge("A with the sign of x turned", False, turned, b"vote", signed(a, r, b"vote"))
    yield edge("a message of a ballot's length", True, a, bytes(1087), signed(a, r, bytes(1087)))


def edges() -> list[dict[str, Any]]:
    """All of them."""
    return [*published(), *small_keys(), *small_nonces(), *mixed(), *others()]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(edges(), indent=1) + "\n")
