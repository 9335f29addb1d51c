"""What can happen when a community's past comes here."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class MembersLoaded(Event):
    """Authors who wrote elsewhere were written at once; nobody is told."""

    member_ids: tuple[int, ...]
