"""Which domains lie next to others: what waits too long is offered to them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MOST: Final = 3
"""Domains a waiting proposal is offered to."""


def neighbours(
    own: Collection[int],
    everything: Collection[int],
    filed: Mapping[int, int],
    shared: Mapping[int, int],
) -> tuple[int, ...]:
    """Return the domains nearest to some, the nearest first.

    Args:
        own: the domains a proposal is filed under.
        everything: the domains there are, in the community's order.
        filed: for each other domain, how often something is filed under it and one of *own* together.
        shared: for each other domain, how many members call both it and one of *own* theirs.

    Returns:
        at most three: those most often filed together, of equals those that share more members; all of the others
        while nothing connects any.
    """
    others = [domain for domain in everything if domain not in own]
    near = [domain for domain in others if filed.get(domain) or shared.get(domain)]
    near.sort(key=lambda domain: (-filed.get(domain, 0), -shared.get(domain, 0), others.index(domain)))
    return tuple(near[:MOST] or others)
