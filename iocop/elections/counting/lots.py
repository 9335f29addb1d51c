"""The lot: one order of all candidates, fixed before anybody could know whom it favours.

The seed is committed to before the officers add their nonces, so nobody who knows the candidates can choose it.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def lot_key(seed: bytes, nonces: Sequence[bytes]) -> bytes:
    """Return HMAC-SHA-256 of the officers' nonces, one after the other in the officers' order, under the seed.

    Raises:
        ValueError: nonces of different lengths, which could be cut in more ways than one.
    """
    if len({len(nonce) for nonce in nonces}) > 1:
        raise ValueError("all nonces have one length")
    return hmac.digest(seed, b"".join(nonces), hashlib.sha256)


def order(key: bytes, candidates: Iterable[int]) -> tuple[int, ...]:
    """Return candidates by HMAC-SHA-256 of their number (decimal, ASCII) under the lot key, ascending: first is favoured.

    The numbers are those of the ballot file, so that whoever has the file and the key gets the same order.
    """
    return tuple(
        sorted(candidates, key=lambda number: hmac.digest(key, str(number).encode(), hashlib.sha256))
    )
