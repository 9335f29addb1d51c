"""The lot's seed s₀: committed to before the officers draw their nonces, sealed to them, found again by any k."""

from __future__ import annotations

import secrets
from itertools import combinations
from typing import TYPE_CHECKING

from iocop.elections.sealing import hpke, sharing
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iocop.elections.sealing.freezing import Freeze

LENGTH = 32


def commit(seed: bytes) -> bytes:
    """Return the commitment to *seed* (32 bytes) that is published first."""
    return digest(seed)


def _info(commitment: bytes, officer: int) -> bytes:
    return b"iocop-seed-1" + commitment + bytes([officer])


def seal(seed: bytes, needed: int, encryption: Sequence[bytes]) -> list[bytes]:
    """Seal *seed* to the officers' *encryption* keys, officer 1 first, so that any *needed* of them open it.

    Returns:
        One sealed share of 80 bytes an officer; other bytes every time.
    """
    coefficients = [secrets.token_bytes(LENGTH) for _ in range(needed - 1)]
    shares = sharing.split(seed, coefficients, len(encryption))
    return [
        hpke.seal(key, secrets.token_bytes(32), _info(commit(seed), number), b"", share)
        for number, (key, share) in enumerate(zip(encryption, shares, strict=True), 1)
    ]


def open_share(private: bytes, officer: int, freeze: Freeze) -> bytes:
    """Open the share of *officer* (1 … n) with the X25519 key: the test before opening, and the count.

    Raises:
        Refused: reason ``sealed``: another key, or not what was sealed.
    """
    return hpke.open_(private, freeze.sealed_seed[officer - 1], _info(freeze.seed_commitment, officer), b"")


def recover(keys: Mapping[int, bytes], freeze: Freeze) -> bytes:
    """Find s₀ with the X25519 keys of at least k officers, by their number.

    Whichever k shares give what was committed to will do, so one bad share does not lose the lot.

    Raises:
        Refused: reason ``keys`` (fewer than k) or ``seed`` (no k shares give what was committed to).
    """
    if len(keys) < freeze.needed:
        raise Refused("keys", f"{len(keys)} keys of {freeze.needed} that are needed.")
    shares: dict[int, bytes] = {}
    for officer, private in keys.items():
        try:
            shares[officer] = open_share(private, officer, freeze)
        except Refused:
            continue
    for chosen in combinations(sorted(shares), freeze.needed):
        seed = sharing.combine({number: shares[number] for number in chosen})
        if commit(seed) == freeze.seed_commitment:
            return seed
    raise Refused("seed", "No officers' shares give the seed that was committed to.")
