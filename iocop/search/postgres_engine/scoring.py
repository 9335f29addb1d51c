"""A plan against the index: word after word, each over all its documents at once. Pure.

The formula is that of `plan.Word`; nothing that PostgreSQL ranks by is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.choosing import Chooser
from iocop.search.plan import K1, Word, rarity, usual_length
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.kept import Postings
from iocop.search.postgres_engine.lexemes import LETTER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from iocop.search.plan import Field, Group, Part, Phrase, Plan
    from iocop.search.port import Flags, Integers, Mask, Numbers
    from iocop.search.postgres_engine.columns import Columns
    from iocop.search.postgres_engine.kept import Known

    Sequences = Callable[[Sequence[int], bytes], Mapping[int, bytes]]

A_BLOCK: Final = 8192
"""So much is scored at once: the process has memory for that, and asks the system for larger pieces each time."""
COMMON: Final = 6
"""A word is common that more than one of so many documents has."""
EXACT: Final[tuple[Field, ...]] = ("exact", "title_exact")


class Stands(NamedTuple):
    """How an index stands, and what it knows of the lexemes of a plan; *averages*: how long fields are, in words."""

    generation: int
    change: int
    forgotten: int
    documents: int
    averages: Mapping[str, float]
    words: Mapping[str, Known]


def lexeme(word: Word) -> str:
    return f"{LETTER[word.field]}:{word.text}"


def lexemes_of(plan: Plan) -> set[str]:
    """Return all lexemes whose postings a plan needs."""
    words = {lexeme(word) for group in plan.groups for way in group for part in way for word in part}
    exact = {text for phrase in (*plan.phrases, *plan.excluded) for text in phrase}
    return words | {lexeme(Word(field, text)) for text in exact for field in EXACT}


class Scorer(Chooser):
    """One search: first it says which documents match, then it scores those."""

    def __init__(
        self, columns: Columns, mask: Mask, stands: Stands, postings: Mapping[int, Postings], read: Sequences
    ) -> None:
        super().__init__(columns.allowed(mask))
        self._columns = columns
        self._stands = stands
        self._postings = postings
        self._read = read
        self._worth: list[tuple[Word, Flags | None]] = []
        self._spread: dict[int, NDArray[np.uint16]] = {}

    def scores(self) -> Numbers:
        """Return the scores of documents inside; what others have says nothing."""
        scores = np.zeros(self._columns.count)
        for word, there in self._worth:
            known = self._known(word)
            if known is not None:
                norms = self._columns.norms(
                    word.field, usual_length(word.field, self._stands.averages[word.field])
                )
                weight = word.weight * rarity(self._stands.documents, known.documents) * (K1 + 1)
                often = self._often(known) if there is None else None
                if often is not None:
                    _add_to_all(scores, often, norms, weight)
                else:
                    inside = self.inside if there is None else self.inside & there
                    _add(scores, self._standing_of(known), norms, weight, inside)
        return scores

    @property
    def _at(self) -> Integers:
        return self._columns.told["at"]

    def _having(self, keys: Collection[str]) -> Flags:
        return self._columns.having(keys)

    def _groups(self, groups: Iterable[Group]) -> tuple[Flags, Flags]:
        found = [self._group(group) for group in groups]
        return np.logical_and.reduce(found), np.logical_or.reduce(found)

    def _group(self, group: Group) -> Flags:
        """Return which documents have a group; each of its ways is worth something where it stands."""
        if len(group) == 1 and len(group[0]) == 1:
            self._worth += [(word, None) for word in group[0][0]]
            return self._part(group[0][0])
        found = self._none()
        for way in group:
            standing = [self._part(part) for part in way]
            there: Flags = np.logical_and.reduce(standing) if standing else self._none()
            self._worth += [(word, there) for part in way for word in part]
            found |= there
        return found

    def _part(self, part: Part) -> Flags:
        """Return which documents have one of some words."""
        found = self._none()
        for word in part:
            known = self._known(word)
            if known is not None:
                self._mark(known, found)
        return found

    def _phrase(self, phrase: Phrase) -> Flags:
        found = self._none()
        for field in EXACT:
            there = self._standing_in(phrase, field)
            self._worth += [(Word(field, text), there) for text in phrase]
            found |= there
        return found

    def _standing(self, phrase: Phrase) -> Flags:
        return self._standing_in(phrase, "exact") | self._standing_in(phrase, "title_exact")

    def _standing_in(self, phrase: Phrase, field: Field) -> Flags:
        """Return in which of the documents that may still match a phrase stands."""
        words = [known for text in phrase if (known := self._known(Word(field, text))) is not None]
        found = self._none()
        if len(words) < len(phrase):
            return found
        candidates = self.inside
        for word in set(words):
            having = self._none()
            self._mark(word, having)
            candidates = candidates & having
        if len(phrase) == 1:
            return candidates
        numbers, asked = [word.id for word in words], np.flatnonzero(candidates)
        sequences = self._read(asked.tolist(), packing.in_a_row(numbers)) if len(asked) else {}
        documents = np.fromiter(sequences, np.int64, len(sequences))
        found[documents[packing.standing(numbers, list(sequences.values()))]] = True
        return found

    def _none(self) -> Flags:
        return np.zeros(self._columns.count, np.bool_)

    def _known(self, word: Word) -> Known | None:
        return self._stands.words.get(lexeme(word))

    def _mark(self, word: Known, flags: Flags) -> None:
        """Raise the flags of the documents that have a word."""
        often = self._often(word)
        if often is None:
            flags[self._standing_of(word).documents] = True
        else:
            flags |= often != 0

    def _often(self, word: Known) -> NDArray[np.uint16] | None:
        """Return how often a common word stands in every document; None of one that is not common."""
        if word.id not in self._spread:
            documents, times = self._standing_of(word)
            if COMMON * len(documents) <= self._columns.count:
                return None
            self._spread[word.id] = np.zeros(self._columns.count, np.uint16)
            self._spread[word.id][documents] = times
        return self._spread[word.id]

    def _standing_of(self, word: Known) -> Postings:
        """Return the postings of a word, without what was written after this search began."""
        documents, times = self._postings[word.id]
        if len(documents) and documents[-1] >= self._columns.count:
            end = int(np.searchsorted(documents, self._columns.count))
            documents, times = documents[:end], times[:end]
        return Postings(documents, times)


def _add(scores: Numbers, postings: Postings, norms: Numbers, weight: float, inside: Flags) -> None:
    """Add what a word gives to the documents inside that have it."""
    for start in range(0, len(postings.documents), A_BLOCK):
        end = start + A_BLOCK
        documents, times = postings.documents[start:end], postings.times[start:end]
        kept = np.flatnonzero(inside.take(documents))
        documents, often = documents.take(kept), times.take(kept)
        scores[documents] += _gains(often, norms.take(documents), weight)


def _add_to_all(scores: Numbers, times: NDArray[np.uint16], norms: Numbers, weight: float) -> None:
    """Add what a word gives to every document, nothing where it is not: sooner than to look for those that have it."""
    for start in range(0, len(scores), A_BLOCK):
        end = start + A_BLOCK
        scores[start:end] += _gains(times[start:end], norms[start:end], weight)


def _gains(times: NDArray[np.uint16], norms: Numbers, weight: float) -> Numbers:
    """Return *weight* × tf / (tf + norm), tf being how often a word stands there; in as few new columns as can be."""
    often = times.astype(np.float64)
    gains: Numbers = often + norms
    np.divide(often, gains, out=gains)
    gains *= weight
    return gains
