"""A plan against the index: word after word, each over all its documents at once. Pure.

The formula is that of `plan.Word`; nothing that PostgreSQL ranks by is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.plan import FEW_HITS, K1, B, Word, rarity, usual_length
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.lexemes import LETTER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from iocop.search.plan import Bounds, Field, Group, Part, Phrase, Plan, Way
    from iocop.search.port import Flags, Integers, Mask, Numbers
    from iocop.search.postgres_engine.columns import Columns
    from iocop.search.postgres_engine.kept import Known, Postings

    Sequences = Callable[[Sequence[int]], Mapping[int, bytes]]

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


class Scorer:
    """One search; what it holds has a place for every document of the index.

    Attributes:
        scores: of each document.
        inside: which documents may match, narrowed step by step.
    """

    def __init__(
        self, columns: Columns, mask: Mask, stands: Stands, postings: Mapping[int, Postings], read: Sequences
    ) -> None:
        self._columns = columns
        self._stands = stands
        self._postings = postings
        self._read = read
        self.inside: Flags = columns.allowed(mask).copy()
        self.scores: Numbers = np.zeros(columns.count)

    def search(self, plan: Plan) -> tuple[Integers, Flags]:
        """Return which documents match, and which of these have all groups, where that counts."""
        self._bound(plan.bounds)
        groups = [self._group(group) for group in plan.groups]
        some = np.logical_or.reduce(groups) if groups else self.inside
        every = np.logical_and.reduce(groups) if groups else self.inside
        self.inside &= every if plan.needs == "all" else some
        for phrase in plan.phrases:
            self.inside &= self._phrase(phrase)
        for phrase in plan.excluded:
            self.inside &= ~(self._standing(phrase, "exact") | self._standing(phrase, "title_exact"))
        every = every & self.inside
        if plan.needs == "all, else any" and np.count_nonzero(every) >= FEW_HITS:
            self.inside = every
        found = np.flatnonzero(self.inside)
        return found, every[found] & (plan.needs != "any")

    def _bound(self, bounds: Bounds) -> None:
        for keys in bounds.all_of:
            self.inside &= self._columns.having(keys)
        if bounds.none_of:
            self.inside &= ~self._columns.having(bounds.none_of)
        at = self._columns.told["at"]
        if bounds.after is not None:
            self.inside &= at >= bounds.after
        if bounds.before is not None:
            self.inside &= at < bounds.before
        if bounds.after is not None or bounds.before is not None:
            self.inside &= at != 0  # which says that nobody knows when

    def _group(self, group: Group) -> Flags:
        """Score a group and return which documents have it."""
        if len(group) == 1 and len(group[0]) == 1:
            return self._part(group[0][0], self.scores)
        found = self._none()
        for way in group:
            found |= self._way(way)
        return found

    def _way(self, way: Way) -> Flags:
        scores = np.zeros(self._columns.count)
        standing = [self._part(part, scores) for part in way]
        every: Flags = np.logical_and.reduce(standing) if standing else self._none()
        self.scores += scores * every
        return every

    def _part(self, part: Part, scores: Numbers) -> Flags:
        """Add to scores what each word gives, and return which documents have one of them."""
        found = self._none()
        for word in part:
            documents, gains = self._gains(word)
            scores[documents] += gains
            found[documents] = True
        return found

    def _phrase(self, phrase: Phrase) -> Flags:
        """Score a phrase and return in which documents it stands."""
        found = self._none()
        for field in EXACT:
            there = self._standing(phrase, field)
            if there.any():
                found |= there
                for text in phrase:
                    documents, gains = self._gains(Word(field, text))
                    self.scores[documents] += gains * there[documents]
        return found

    def _standing(self, phrase: Phrase, field: Field) -> Flags:
        """Return in which of the documents that may still match a phrase stands."""
        words = [self._stands.words.get(lexeme(Word(field, text))) for text in phrase]
        numbers = [word.id for word in words if word is not None]
        found = self._none()
        if len(numbers) < len(phrase):
            return found
        candidates = self.inside
        for number in set(numbers):
            having = self._none()
            having[self._documents(number)] = True
            candidates = candidates & having
        if len(phrase) == 1:
            return candidates
        asked = np.flatnonzero(candidates).tolist()
        sequences = self._read(asked) if asked else {}
        documents = np.fromiter(sequences, np.int64, len(sequences))
        found[documents[packing.standing(numbers, list(sequences.values()))]] = True
        return found

    def _none(self) -> Flags:
        return np.zeros(self._columns.count, np.bool_)

    def _documents(self, number: int) -> NDArray[np.int32]:
        """Return the documents of a word, without those written after this search began."""
        documents = self._postings[number].documents
        if len(documents) and documents[-1] >= self._columns.count:
            documents = documents[: int(np.searchsorted(documents, self._columns.count))]
        return documents

    def _gains(self, word: Word) -> tuple[NDArray[np.int32], Numbers]:
        """Return the documents of a word, deleted ones too, and its BM25 in each."""
        known = self._stands.words.get(lexeme(word))
        if known is None:
            return np.zeros(0, np.int32), np.zeros(0)
        documents = self._documents(known.id)
        often = self._postings[known.id].times[: len(documents)].astype(np.float64)
        usual = usual_length(word.field, self._stands.averages[word.field])
        below = self._columns.told[word.field][documents] * (K1 * B / usual)
        below += often
        below += K1 * (1 - B)
        often *= word.weight * rarity(self._stands.documents, known.documents) * (K1 + 1)
        often /= below
        return documents, often
