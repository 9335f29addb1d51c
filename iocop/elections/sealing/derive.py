"""HKDF-SHA-256: every key, nonce and coefficient of the secret ballot comes from one secret and one label.

A count derives some thirty values a ballot, so HMAC is spelled out: the library's looks its algorithm up every time,
which takes longer than the hashing.

Source: RFC 5869, sections 2.2 and 2.3; RFC 2104, section 2.
"""

from __future__ import annotations

from hashlib import sha256

HASH = 32  # bytes of SHA-256

_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def _mac(key: bytes, message: bytes) -> bytes:
    padded = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\x00")
    return sha256(padded.translate(_OUTER) + sha256(padded.translate(_INNER) + message).digest()).digest()


def extract(salt: bytes, key: bytes) -> bytes:
    """Return the pseudorandom key of *key* under *salt*, 32 bytes."""
    return _mac(salt, key)


def expand(pseudorandom: bytes, info: bytes, length: int) -> bytes:
    """Return *length* bytes (1 to 8,160) that belong to *info* alone."""
    if not 1 <= length <= 255 * HASH:
        raise ValueError(f"{length} bytes cannot be derived: take 1 to {255 * HASH}.")
    out = block = _mac(pseudorandom, info + b"\x01")
    for counter in range(2, -(-length // HASH) + 1):
        block = _mac(pseudorandom, block + info + bytes([counter]))
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
