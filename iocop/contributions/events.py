"""What can happen to something given."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class Contributed(Event):
    """*kind* is the contribution's: ``question``, ``answer``, …"""

    contribution_id: int
    root_id: int
    kind: str


@dataclass(frozen=True)
class Revised(Event):
    """The contribution now stands at revision *number*."""

    contribution_id: int
    root_id: int
    number: int


@dataclass(frozen=True)
class Mentioned(Event):
    """These members were named with @, for the first time in this contribution."""

    contribution_id: int
    member_ids: tuple[int, ...]


@dataclass(frozen=True)
class Marked(Event):
    contribution_id: int
    root_id: int
    kind: str


@dataclass(frozen=True)
class MarkWithdrawn(Event):
    contribution_id: int
    root_id: int
    kind: str


@dataclass(frozen=True)
class LabelChanged(Event):
    """A label, a space or both moved; `LabelChange` rows say from where."""

    contribution_ids: tuple[int, ...]
    root_id: int


@dataclass(frozen=True)
class StateChanged(Event):
    """From one of visible, held, hidden, removed to another; the actor is None when the site held it."""

    contribution_id: int
    root_id: int
    old: str
    new: str


@dataclass(frozen=True)
class Followed(Event):
    """*how* is ``followed``, ``muted`` or ``unfollowed``."""

    root_id: int
    how: str


@dataclass(frozen=True)
class Attached(Event):
    attachment_id: int


@dataclass(frozen=True)
class FilesRemoved(Event):
    """These files are gone for everybody; their bytes go by night."""

    attachment_ids: tuple[int, ...]


@dataclass(frozen=True)
class ContributionsLoaded(Event):
    """Whole threads were written at once, by an import or the demo: no notices, no ledger rows."""

    root_ids: tuple[int, ...]


@dataclass(frozen=True)
class Rewritten(Event):
    """Stored texts or authors changed without a revision, because a member was erased or claimed: copies follow."""

    contribution_ids: tuple[int, ...]
