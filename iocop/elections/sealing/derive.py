"""HKDF-SHA-256: every key, nonce and coefficient of the secret ballot comes from one secret and one label.

Source: RFC 5869, sections 2.2 and 2.3.
"""

from __future__ import annotations

import hmac

HASH = 32  # bytes of SHA-256


def extract(salt: bytes, key: bytes) -> bytes:
    """Return the pseudorandom key of *key* under *salt*, 32 bytes."""
    return hmac.digest(salt, key, "sha256")


def expand(pseudorandom: bytes, info: bytes, length: int) -> bytes:
    """Return *length* bytes (1 to 8,160) that belong to *info* alone."""
    if not 1 <= length <= 255 * HASH:
        raise ValueError(f"{length} bytes cannot be derived: take 1 to {255 * HASH}.")
    block = hmac.digest(pseudorandom, info + b"\x01", "sha256")
    out = block
    for counter in range(2, -(-length // HASH) + 1):
        block = hmac.digest(pseudorandom, block + info + bytes([counter]), "sha256")
        out += block
    return out[:length]


def hkdf(key: bytes, freeze_hash: bytes, info: bytes, length: int) -> bytes:
    """Derive *length* bytes (1 to 8,160) from *key*, good for one election and one purpose.

    Args:
        key: what is secret, of any length.
        freeze_hash: the salt, 32 bytes: the same code means something else in another election.
        info: the purpose, as docs/ballot-protocol.md words it.
    """
    return expand(extract(freeze_hash, key), info, length)
