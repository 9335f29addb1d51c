"""Whose words an imported article is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.repertoire.blame import Saved, shares, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from iocop.contributions.services.loading import BulkRevision


MOST: Final = 8_000_000  # characters; of more, `blame.weigh` would pass over revisions as well


class Wrote(NamedTuple):
    editor_id: int
    at: datetime
    text: str


def credits_of(revisions: Sequence[Wrote | BulkRevision]) -> dict[int, int]:
    """Return each author's share in the last text, by whose words they were first; nothing for an empty text."""
    words: Counter[int] = Counter()
    saved = [Saved(number, turn.at, turn.text) for number, turn in enumerate(revisions)]
    weights = weigh(saved) if saved else {}
    for number, turn in enumerate(revisions):
        words[turn.editor_id] += weights.get(number, 0)
    words = +words
    return shares(words) if words.total() else {}


def some_of(revisions: Iterable[Wrote]) -> list[Wrote]:
    """Return revisions at even distances, the last among them, few enough to be held and compared at once."""
    kept: list[Wrote] = []
    every, size, last = 1, 0, None
    for number, revision in enumerate(revisions):
        last = revision
        if number % every == 0:
            kept.append(revision)
            size += len(revision.text)
        while size > MOST and len(kept) > 2:
            every *= 2
            kept = kept[::2]
            size = sum(len(each.text) for each in kept)
    return kept if last is None or kept[-1] is last else [*kept, last]
