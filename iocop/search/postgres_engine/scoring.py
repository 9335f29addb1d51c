"""Scoring the documents that were chosen: which of them match a plan, and how well. Pure.

The formula is that of `plan.Word`; nothing that PostgreSQL ranks by is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from iocop.search.plan import FEW_HITS, FIELDS, K1, B, Word, rarity, usual_length
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.choosing import lexeme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.search.plan import Group, Part, Phrase, Plan, Way
    from iocop.search.port import Flags, Integers, Numbers
    from iocop.search.postgres_engine.choosing import Known

EXACT: Final = frozenset({"title_exact", "exact"})


@dataclass(frozen=True)
class Candidates:
    """Rows of the index. *exacts* and *sequences* may be left out where a plan has no exact words, or no phrases."""

    rows: Integers
    facts: Integers
    keys: Sequence[bytes]
    stems: Sequence[bytes]
    exacts: Sequence[bytes]
    sequences: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.rows)

    def joined(self, other: Candidates) -> Candidates:
        """Add those of others that are not here yet."""
        if not len(self):
            return other
        new = np.flatnonzero(~np.isin(other.rows, self.rows))
        return Candidates(
            np.concatenate([self.rows, other.rows[new]]),
            np.concatenate([self.facts, other.facts[new]]),
            [*self.keys, *_taken(other.keys, new)],
            [*self.stems, *_taken(other.stems, new)],
            [*self.exacts, *_taken(other.exacts, new)],
            [*self.sequences, *_taken(other.sequences, new)],
        )


NONE: Final = Candidates(np.zeros(0, np.int64), packing.facts_of(()), (), (), (), ())


def _taken(column: Sequence[bytes], places: Integers) -> list[bytes]:
    return [column[place] for place in places.tolist()] if column else []


@dataclass(frozen=True)
class Scored:
    """Which candidates match (*at*: their places), their scores, whether they have all groups, where that counts."""

    at: Integers
    scores: Numbers
    whole: Flags


def needs_exacts(plan: Plan) -> bool:
    words = (word for group in plan.groups for way in group for part in way for word in part)
    return bool(plan.phrases or plan.excluded) or any(word.field in EXACT for word in words)


def needs_sequences(plan: Plan) -> bool:
    return any(len(phrase) > 1 for phrase in (*plan.phrases, *plan.excluded))


def scored(plan: Plan, candidates: Candidates, known: Known) -> Scored:
    """Score the candidates; with *all, else any* those that have some groups follow only where few have all."""
    scorer = _Scorer(candidates, known)
    kept, scores = np.ones(len(candidates), np.bool_), np.zeros(len(candidates))
    for phrase in plan.phrases:
        stands, worth = scorer.phrase(phrase)
        kept, scores = kept & stands, scores + worth
    for phrase in plan.excluded:
        kept &= ~scorer.phrase(phrase)[0]
    whole, some = np.ones(len(candidates), np.bool_), np.full(len(candidates), not plan.groups)
    for group in plan.groups:
        stands, worth = scorer.group(group)
        whole, some, scores = whole & stands, some | stands, scores + worth
    only_whole = plan.needs == "all" or (
        plan.needs == "all, else any" and int((kept & whole).sum()) >= FEW_HITS
    )
    at = np.flatnonzero(kept & (whole if only_whole else some))
    return Scored(at, scores[at], whole[at] & (plan.needs != "any"))


class _Scorer:
    """Weighs words over all candidates at once."""

    def __init__(self, candidates: Candidates, known: Known) -> None:
        self._candidates = candidates
        self._known = known
        wanted = [number for name, number in known.numbers.items() if name in known.counts]
        self._told = {
            False: packing.only(wanted, packing.told_of(candidates.stems)),
            True: packing.only(wanted, packing.told_of(candidates.exacts)),
        }
        self._weighed: dict[str, Numbers] = {}

    def group(self, group: Group) -> tuple[Flags, Numbers]:
        stands, worth = self._nothing()
        for way in group:
            here, more = self._way(way)
            stands, worth = stands | here, worth + more * here
        return stands, worth

    def phrase(self, phrase: Phrase) -> tuple[Flags, Numbers]:
        stands, worth = self._nothing()
        for field in ("title_exact", "exact"):
            words = [self._word(Word(field, text)) for text in phrase]
            here = np.logical_and.reduce([word > 0 for word in words])
            if len(phrase) > 1:
                here &= self._in_a_row([lexeme(Word(field, text)) for text in phrase], here)
            stands, worth = stands | here, worth + sum(words, self._nothing()[1]) * here
        return stands, worth

    def _nothing(self) -> tuple[Flags, Numbers]:
        return np.zeros(len(self._candidates), np.bool_), np.zeros(len(self._candidates))

    def _way(self, way: Way) -> tuple[Flags, Numbers]:
        parts = [self._part(part) for part in way]
        return np.logical_and.reduce([part > 0 for part in parts]), sum(parts, self._nothing()[1])

    def _part(self, part: Part) -> Numbers:
        return sum((word.weight * self._word(word) for word in part), self._nothing()[1])

    def _word(self, word: Word) -> Numbers:
        name = lexeme(word)
        if name not in self._weighed:
            self._weighed[name] = self._weight(word, name)
        return self._weighed[name]

    def _weight(self, word: Word, name: str) -> Numbers:
        worth = self._nothing()[1]
        number = self._known.numbers.get(name)
        if number is None:
            return worth
        told = self._told[word.field in EXACT]
        at = np.flatnonzero(told.word == number)
        rows, times = told.row[at], told.times[at]
        place = packing.LENGTHS + FIELDS.index(word.field)
        lengths = self._candidates.facts[rows, place]
        usual = usual_length(word.field, self._known.averages[word.field])
        norm = K1 * (1 - B + B * lengths / usual)
        worth[rows] = (
            rarity(self._known.documents, self._known.counts[name]) * times * (K1 + 1) / (times + norm)
        )
        return worth

    def _in_a_row(self, names: Sequence[str], here: Flags) -> Flags:
        found = np.zeros(len(here), np.bool_)
        title = names[0].startswith("x:")
        numbers = [self._known.numbers.get(name, -1) for name in names]
        for at in np.flatnonzero(here).tolist():
            found[at] = packing.stands(numbers, self._candidates.sequences[at], title=title)
        return found
