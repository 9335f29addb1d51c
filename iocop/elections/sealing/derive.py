"""HKDF-SHA-256: every key, nonce and coefficient of the secret ballot comes from one secret and one label.

A count derives some thirty values a ballot, so HMAC is spelled out: the library's looks its algorithm up every time,
which takes longer than the hashing. What a key begins with is hashed once, where several values come of it.

Source: RFC 5869, sections 2.2 and 2.3; RFC 2104, section 2.
"""

from __future__ import annotations

from hashlib import sha256

HASH = 32  # bytes of SHA-256

_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def _padded(key: bytes) -> bytes:
    return (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\x00")


def mac(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA-256, 32 bytes."""
    padded = _padded(key)
    return sha256(padded.translate(_OUTER) + sha256(padded.translate(_INNER) + message).digest()).digest()


class Keyed:
    """HMAC and expansion under one key that several values come of."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        padded = _padded(key)
        self._inner = sha256(padded.translate(_INNER))
        self._outer = sha256(padded.translate(_OUTER))

    def mac(self, message: bytes) -> bytes:
        """Return what `mac` does for this key."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def expand(self, info: bytes, length: int) -> bytes:
        """Return *length* bytes (1 to 8,160) that belong to *info* alone; the key is the pseudorandom one."""
        if not 1 <= length <= 255 * HASH:
            raise ValueError(f"{length} bytes cannot be derived: take 1 to {255 * HASH}.")
        out = block = self.mac(info + b"\x01")
        for counter in range(2, -(-length // HASH) + 1):
            block = self.mac(block + info + bytes([counter]))
            out += block
        return out[:length]


def extract(salt: bytes, key: bytes) -> bytes:
    """Return the pseudorandom key of *key* under *salt*, 32 bytes."""
    return mac(salt, key)


def expand(pseudorandom: bytes, info: bytes, length: int) -> bytes:
    """Return *length* bytes (1 to 8,160) that belong to *info* alone."""
    return Keyed(pseudorandom).expand(info, length)


def hkdf(key: bytes, freeze_hash: bytes, info: bytes, length: int) -> bytes:
    """Derive *length* bytes (1 to 8,160) from *key*, good for one election and one purpose.

    Args:
        key: what is secret, of any length.
        freeze_hash: the salt, 32 bytes: the same code means something else in another election.
        info: the purpose, as docs/ballot-protocol.md words it.
    """
    return expand(extract(freeze_hash, key), info, length)
