"""What one event is worth: its base times its factors, divided among domains, rounded once. Pure and exact.

Source:
    The factors are the community's own (docs/decisions.md): a vote between organizations counts in full, the second
    of the same person or for the same thing by the root of its number, one that repays by how often it did.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ORGANIZATIONS = {
    "apart": (1, 1),
    "unproved": (1, 2),
    "colleagues_before": (1, 2),
    "together": (1, 4),
    "interest": (1, 4),
}
"""What the tie between giver and receiver leaves of an event, as numerator and denominator."""

LEVELS = ((1, 2), (1, 1), (1, 1), (5, 4), (3, 2), (3, 2))
"""What the giver's level in the domain makes of it."""

WHOLE = 10_000
"""A share of everything, in ten-thousandths."""


def amount(base_mp: int, factors: Mapping[str, Any]) -> int:
    """Return what an event is worth.

    Args:
        base_mp: the rule's value, in milli-points; may be negative.
        factors: as a row of the ledger keeps them; of those that are absent nothing is taken. ``org`` a key of
            `ORGANIZATIONS`; ``level`` 0 to 5; ``pair`` and ``item`` the number of this endorsement, from 1;
            ``mutual`` how many came the other way; ``share`` in ten-thousandths; ``approvers`` and ``domains`` how
            many it is divided among; ``most`` and ``shield``, in milli-points, bound it above and below.

    Returns:
        Milli-points, rounded half-even once, after all factors but the two bounds.
    """
    get = factors.get
    worth = _weighed(
        base_mp, get("org", "apart"), get("level", 1), get("pair", 1) * get("item", 1), get("mutual", 0),
        get("share", WHOLE), get("approvers", 1) * get("domains", 1),
    )  # fmt: skip
    if "most" in factors:
        worth = min(worth, factors["most"])
    if "shield" in factors:
        worth = max(worth, -factors["shield"])
    return worth


@lru_cache(maxsize=65_536)
def _weighed(base_mp: int, org: str, level: int, rooted: int, mutual: int, share: int, parts: int) -> int:
    """Return base × org × level × 5/(5 + mutual) × share ÷ parts ÷ √rooted, rounded half-even."""
    near, level_weight = ORGANIZATIONS[org], LEVELS[level]
    above = abs(base_mp) * near[0] * level_weight[0] * 5 * share
    below = near[1] * level_weight[1] * (5 + mutual) * WHOLE * parts
    worth = _divided_by_root(above, below, rooted)
    return worth if base_mp >= 0 else -worth


def _divided_by_root(above: int, below: int, rooted: int) -> int:
    """Return above ÷ (below × √rooted), rounded half-even: in whole numbers, so that no digit is lost."""
    square = below * below * rooted
    floor = isqrt(above * above // square)
    beyond_half = 4 * above * above - (2 * floor + 1) ** 2 * square
    return floor + (beyond_half > 0 or (beyond_half == 0 and floor % 2 == 1))
