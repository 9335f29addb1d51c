"""What can happen to saved searches. What was looked for stands in no event, nor who looked."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class SearchSaved(Event):
    """A member saved a search."""

    saved_search_id: int


@dataclass(frozen=True)
class SavedSearchChanged(Event):
    """Its name, its alert or the address of its feed is another."""

    saved_search_id: int


@dataclass(frozen=True)
class SavedSearchDeleted(Event):
    """A member deleted a saved search, with its feed."""

    saved_search_id: int


@dataclass(frozen=True)
class SearchMatched(Event):
    """Something new stands under these roots that a saved search finds, and its member may read."""

    member_id: int
    saved_search_id: int
    root_ids: tuple[int, ...]


@dataclass(frozen=True)
class MissedTextDropped(Event):
    """A curator took what was looked for in vain from the board of requests."""

    missed_text_id: int


@dataclass(frozen=True)
class FilesRead(Event):
    """What these files say is known now, or that it cannot be."""

    attachment_ids: tuple[int, ...]
