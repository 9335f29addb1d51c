"""Words in a row: read from their places in the text, in the documents that have them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from iocop.search.whoosh_engine.postings import blocks, numbers

if TYPE_CHECKING:
    from iocop.search.plan import Phrase
    from iocop.search.port import Integers
    from iocop.search.whoosh_engine.segment import Segment
    from iocop.search.whoosh_engine.snapshot import Snapshot

FAR: Final = 2**32
"""More than any text has places."""


def standing(snapshot: Snapshot, phrase: Phrase, field: str, candidates: Integers) -> Integers:
    """Return in which documents a phrase stands, out of some that have all its words in that field."""
    bounds = np.searchsorted(candidates, snapshot.starts)
    found = [
        start + _standing(segment, phrase, field, candidates[first:last] - start)
        for segment, start, first, last in zip(
            snapshot.segments, snapshot.starts, bounds, bounds[1:], strict=False
        )
        if first < last
    ]
    return np.concatenate([np.zeros(0, np.int64), *found])


def _standing(segment: Segment, phrase: Phrase, field: str, candidates: Integers) -> Integers:
    """Where the first word stands, each further one must stand one place on."""
    places = {word: _places(segment, field, word, candidates) for word in set(phrase)}
    begun = places[phrase[0]]
    for distance, word in enumerate(phrase[1:], 1):
        begun = begun[np.isin(begun + distance, places[word], assume_unique=True)]
    return candidates[np.unique(begun // FAR)]


def _places(segment: Segment, field: str, word: str, candidates: Integers) -> Integers:
    """Return all places of a word: the document's place among the candidates, times `FAR`, and that in the text."""
    values: list[bytes] = []
    for distances, _, found in blocks(segment.raw(field, word)):
        documents = np.cumsum(numbers(distances))
        values += [found[at] for at in np.flatnonzero(np.isin(documents, candidates, assume_unique=True))]
    sizes = [len(value) // 4 for value in values]
    return np.repeat(np.arange(len(values)) * FAR, sizes) + np.frombuffer(b"".join(values), np.uint32)
