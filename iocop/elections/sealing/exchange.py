"""X25519: which public keys officers may bring.

Source: RFC 7748, sections 5 and 6.1 (a shared secret of zeros is refused).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIME = 2**255 - 19


def public(private: bytes) -> bytes:
    """Return the public key, 32 bytes, of a *private* key of 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def key_fault(key: bytes) -> str | None:
    """Say what is wrong with a public key, or None: ``length``, ``non-canonical`` or ``low-order``.

    A key of low order shares zeros with everybody, so one exchange with any key finds all of them.
    """
    if len(key) != 32:
        return "length"
    if int.from_bytes(key, "little") >= PRIME:
        return "non-canonical"
    try:
        X25519PrivateKey.from_private_bytes(b"\x40" * 32).exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        return "low-order"
    return None


def faults(keys: Sequence[bytes]) -> list[str | None]:
    """Say of each of the officers' keys what is wrong with it, or None; the second of two equal ones is ``duplicate``."""
    return [
        key_fault(key) or ("duplicate" if key in keys[:place] else None) for place, key in enumerate(keys)
    ]
