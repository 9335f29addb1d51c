"""Who is taken where several stand equal: by the latest earlier stage that tells them apart, else by lot.

Source:
    SSI 2011/399 (Scottish Local Government Elections Order 2011), Schedule 1, on surpluses and exclusions that are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def decided(
    tied: Collection[int], earlier: Sequence[Mapping[int, int]], lot: Sequence[int], *, favoured: bool
) -> tuple[int, int | None]:
    """Take one of those who stand equal.

    At the latest earlier stage where any of them differ, only those with most votes (least, where somebody is to be
    excluded) are kept; then it is looked further back among those; whom no stage tells apart, the lot does.

    Args:
        tied: at least one candidate.
        earlier: totals at the end of the stages before the one where they stand equal, oldest first.
        lot: candidates, the favoured first; it names all of the tied.
        favoured: whether the most favoured is looked for, or the least.

    Returns:
        Who is taken, and the number of the stage (1 is the first) that left nobody else; None: by lot.
    """
    best = max if favoured else min
    kept = list(tied)
    for number in range(len(earlier), 0, -1):
        totals = earlier[number - 1]
        bound = best(totals[candidate] for candidate in kept)
        kept = [candidate for candidate in kept if totals[candidate] == bound]
        if len(kept) == 1:
            return kept[0], number
    order = lot if favoured else tuple(reversed(lot))
    return min(kept, key=order.index), None
