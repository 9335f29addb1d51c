"""What can happen between a report and its ruling."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class Reported(Event):
    report_id: int
    contribution_id: int


@dataclass(frozen=True)
class PostHeld(Event):
    """The site itself keeps a newcomer's post until a moderator has looked; *report_id* stands in the queue."""

    report_id: int
    contribution_id: int


@dataclass(frozen=True)
class Ruled(Event):
    """*kind* is one of `moderation.models.RULINGS`."""

    ruling_id: int
    kind: str
