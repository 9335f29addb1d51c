"""What can become of what members took home. Nothing tells of it yet: the records come with learning transfer."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class TakeHomeConfirmed(Event):
    """What *member_id* took home from *contribution_ids* brought something at their organization, as was confirmed.

    The actor is who confirmed it.
    """

    record_id: int
    member_id: int
    contribution_ids: tuple[int, ...]


@dataclass(frozen=True)
class TakeHomeKept(Event):
    """A colleague, the actor, says at least 60 days after the confirmation that it is still in use."""

    record_id: int
    member_id: int
    contribution_ids: tuple[int, ...]
