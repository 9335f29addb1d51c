"""When a change to the repertoire is approved: two people of two organizations, neither its author. Pure.

Source:
    Pattinson, Preece & Scott, table 4 (best-practice control agents); the community's own rule on what counts as an
    organization: only a proved affiliation does, and everybody without one counts together as one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDED = 2
"""People, and organizations."""
APPROVING_LEVEL = 3
"""The rung of a domain's ladder from which on a member approves there."""


REVIEWING_LEVEL = 2
"""The rung from which on a member works through the queue: sends suggestions back, and helps to write them."""


class Voice(NamedTuple):
    """One approval, with the organization it speaks for.

    Attributes:
        org_group_id: the reviewer's organization group at that time; None without one.
        verified: whether that affiliation was proved then.
    """

    member_id: int
    org_group_id: int | None
    verified: bool


class Outcome(StrEnum):
    NONE = "none"
    ONE = "one"  # reviewed by one organization
    SEALED = "sealed"


def organization(voice: Voice) -> int:
    """Return what a voice counts as: its organization group, or 0, which all unproved ones share."""
    return voice.org_group_id if voice.verified and voice.org_group_id is not None else 0


def organizations(voices: Iterable[Voice]) -> frozenset[int]:
    """Return the distinct organizations that some voices speak for; 0 is that of all unproved ones."""
    return frozenset(organization(voice) for voice in voices)


def outcome(voices: Iterable[Voice], authors: Iterable[int]) -> Outcome:
    """Say what some approvals of one round amount to.

    Args:
        voices: approvals, at most one a member counts.
        authors: members who wrote what is approved; their voices count nothing.
    """
    writers = frozenset(authors)
    heard = {voice.member_id: voice for voice in voices if voice.member_id not in writers}
    distinct = organizations(heard.values())
    if len(heard) >= NEEDED and len(distinct) >= NEEDED:
        return Outcome.SEALED
    return Outcome.ONE if heard else Outcome.NONE
