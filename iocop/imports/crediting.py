"""Whose words an imported article is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iocop.repertoire.blame import Saved, shares, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.contributions.services.loading import BulkRevision


def credits_of(revisions: Sequence[BulkRevision]) -> dict[int, int]:
    """Return each author's share in the last text, by whose words they were first; nothing for an empty text."""
    words: Counter[int] = Counter()
    weights = weigh([Saved(number, turn.at, turn.text) for number, turn in enumerate(revisions)])
    for number, turn in enumerate(revisions):
        words[turn.editor_id] += weights.get(number, 0)
    words = +words
    return shares(words) if words.total() else {}
