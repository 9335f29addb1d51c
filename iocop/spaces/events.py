"""What can happen to spaces."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class SpaceOpened(Event):
    space_id: int


@dataclass(frozen=True)
class SpaceChanged(Event):
    space_id: int


@dataclass(frozen=True)
class AudienceChanged(Event):
    """Other people may read there now than before; a `SpaceChanged` tells of it too."""

    space_id: int


@dataclass(frozen=True)
class SpaceAccessGiven(Event):
    space_id: int
    member_id: int | None
    organization_id: int | None


@dataclass(frozen=True)
class SpaceAccessEnded(Event):
    """A member can no longer be in a space: a grant ended, or the affiliation it rested on."""

    member_id: int
    space_id: int
