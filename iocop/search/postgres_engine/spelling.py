"""Words spelt nearly like another, among those of what everybody may read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from iocop.search.postgres_engine import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT: Final = 4
"""In words of so many letters one slip is much, in longer ones two are not."""
_BETWEEN: Final = "\n"


class Spelling:
    """The words of a generation by their number of letters: one text each, as lists weigh ten times that.

    It only grows: new words have higher numbers, and whether a word still stands anywhere is asked of the index.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = self._last = 0
        self._texts: dict[int, str] = {}

    def near(self, word: str, limit: int) -> list[tuple[str, int]]:
        """See `port.SearchEngine.near`."""
        most = 1 if len(word) <= SHORT else 2
        found = dict(self._nearest(word, most))
        counts = reading.counts([f"o:{other}" for other in found])
        best = sorted(counts, key=lambda other: (found[other], -counts[other], other))
        return [(other, counts[other]) for other in best[:limit]]

    def _nearest(self, word: str, most: int) -> Iterator[tuple[str, int]]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA  # in which two letters exchanged are one slip

        with self._lock:
            self._learn()
            texts = [self._texts.get(length, "") for length in range(len(word) - most, len(word) + most + 1)]
        for text in texts:
            words = text.split(_BETWEEN)
            near = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=None)
            yield from ((other, int(distance)) for other, distance, _ in near if other not in {"", word})

    def _learn(self) -> None:
        """Read the words that were not there before."""
        generation = reading.stands().generation
        if generation != self._generation:
            self._generation, self._last, self._texts = generation, 0, {}
        new: dict[int, list[str]] = {}
        for number, word in reading.public_since(generation, self._last):
            new.setdefault(len(word), []).append(word)
            self._last = max(self._last, number)
        for length, words in new.items():
            known = self._texts.get(length)
            self._texts[length] = _BETWEEN.join([*([known] if known else []), *words])
