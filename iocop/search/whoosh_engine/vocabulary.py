"""Words of what everybody may read: which there are, and which are spelt nearly like one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.whoosh_engine.snapshot import Snapshot

SHORT: Final = 4
"""In words of so many letters one slip is much, in longer ones two are not."""
_BETWEEN: Final = "\n"


class Vocabulary:
    """The public words of all segments met, by their number of letters: one text each, as lists weigh ten times that.

    It only grows: whether a word still stands anywhere is asked of the index.
    """

    def __init__(self) -> None:
        self._segments: set[str] = set()
        self._texts: dict[int, str] = {}

    def known(self, snapshot: Snapshot, words: Iterable[str]) -> dict[str, int]:
        """Return in how many documents each word stands, where it stands in any."""
        counts = {word: snapshot.postings("public", word).having(snapshot.live) for word in words}
        return {word: count for word, count in counts.items() if count}

    def near(self, snapshot: Snapshot, word: str, limit: int) -> list[tuple[str, int]]:
        """Return words nearly like one, nearest first, then the most frequent."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA  # in which two letters exchanged are one slip

        self._learn(snapshot)
        most = 1 if len(word) <= SHORT else 2
        found: list[list[str]] = [[] for _ in range(most + 1)]
        for length in range(len(word) - most, len(word) + most + 1):
            words = self._texts.get(length, "").split(_BETWEEN)
            for other, distance, _ in process.extract(
                word, words, scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                found[int(distance)].append(other)
        best: list[tuple[str, int]] = []
        for others in found[1:]:
            if len(best) < limit:
                counts = self.known(snapshot, filter(None, others))
                best += sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
        return best[:limit]

    def _learn(self, snapshot: Snapshot) -> None:
        """Read the words of segments that were not there before."""
        there = {segment.id: segment for segment in snapshot.segments}
        if not self._segments & there.keys():  # another index
            self._texts = {}
        new = {
            entry.word.decode()
            for key in there.keys() - self._segments
            for entry in there[key].entries("public")
        }
        for length, words in _by_length(new).items():
            text = self._texts.get(length, "")
            self._texts[length] = _BETWEEN.join({*text.split(_BETWEEN), *words} - {""})
        self._segments = set(there)


def _by_length(words: Iterable[str]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for word in words:
        found.setdefault(len(word), set()).add(word)
    return found
