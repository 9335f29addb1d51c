"""What a vote cast there is here: part of a sum, or the act of a member where the voter is named."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Container

    from iocop.imports.stackexchange.records import Vote

ACCEPTED, UP, DOWN, FAVOURITE = 1, 2, 3, 5


class Effect(StrEnum):
    ACCEPTS = "accepts"  # the voter is the asker, whoever the row names
    COUNTS_UP = "counts up"  # in the post's score
    COUNTS_DOWN = "counts down"  # likewise; the post states the sum
    HELPFUL = "helpful"  # the act of the member named
    FOLLOWS = "follows"  # likewise


PLAIN = {ACCEPTED: Effect.ACCEPTS, DOWN: Effect.COUNTS_DOWN}  # whoever cast it
STAYS_BEHIND = {
    4: N_("reports, long since decided"),
    6: N_("votes to close, of which the history keeps the outcome"),
    7: N_("votes to reopen, of which the history keeps the outcome"),
    8: N_("bounties, paid in points of the other site"),
    9: N_("bounties, paid in points of the other site"),
    10: N_("votes to delete or restore"),
    11: N_("votes to delete or restore"),
    12: N_("reports, long since decided"),
    13: N_("reports, long since decided"),
    15: N_("reviews of the other site"),
    16: N_("reviews of the other site"),
}
NAMELESS = N_("bookmarks of nobody named")


def effect_of(vote: Vote, known: Container[int]) -> Effect | Phrase:
    """What the vote does, or why it does nothing.

    Args:
        known: ids of the accounts that were imported.
    """
    named = vote.user_id is not None and vote.user_id in known
    if vote.vote_type_id == UP:
        return Effect.HELPFUL if named else Effect.COUNTS_UP
    if vote.vote_type_id == FAVOURITE:
        return Effect.FOLLOWS if named else NAMELESS
    settled = PLAIN.get(vote.vote_type_id) or STAYS_BEHIND.get(vote.vote_type_id)
    return settled or N_("votes of kind %(kind)s, which has no place here", kind=vote.vote_type_id)
