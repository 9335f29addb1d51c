"""Ed25519, strictly: canonical points, none of small order, S below the group's order, the cofactorless equation.

RFC 8032 leaves room that libraries use differently; here a signature is good in the browser exactly if it is good on
the server. `tests/elections/vectors/ed25519.json` holds the edges.

Source: RFC 8032, section 5.1; K. Chalkias, F. Garillot, V. Nikolaenko, Taming the many EdDSAs, SSR 2020 (the edges).
"""

from __future__ import annotations

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
_SIGN = 1 << 255


_EIGHTH = 0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826  # y of a point of order eight
SMALL_ORDER = frozenset({0, 1, PRIME - 1, _EIGHTH, PRIME - _EIGHTH})  # y of all eight points of small order


def _sound(point: bytes) -> bool:
    """Say whether an encoding of 32 bytes is canonical and not of small order; the curve equation is not asked."""
    y = int.from_bytes(point, "little") & (_SIGN - 1)
    return (
        y < PRIME and y not in SMALL_ORDER
    )  # the two encodings of x = 0 with the sign set are of small order too


def key_fault(key: bytes) -> str | None:
    """Say what is wrong with a public key, or None: ``length``, ``non-canonical``, ``low-order`` or ``off-curve``."""
    if len(key) != 32:
        return "length"
    y = int.from_bytes(key, "little") & (_SIGN - 1)
    if y >= PRIME:
        return "non-canonical"
    if y in SMALL_ORDER:
        return "low-order"
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    return None if gmpy2.legendre(square, PRIME) == 1 else "off-curve"


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether *signature* (64 bytes) of *message* by the public *key* (32 bytes) is good; never raises.

    OpenSSL computes S·B − h·A, h reduced modulo the order, and compares its encoding with R: the cofactorless
    equation, which also refuses a non-canonical R.
    """
    if len(key) != 32 or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= ORDER or not (_sound(key) and _sound(signature[:32])):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign *message* with a *seed* of 32 bytes; the same 64 bytes every time."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public(seed: bytes) -> bytes:
    """Return the public key, 32 bytes, of a *seed* of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
