"""A plan against the index: word after word, each over all its documents at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from iocop.search.plan import FEW_HITS, K1, B, Word, rarity, usual_length
from iocop.search.whoosh_engine import phrases
from iocop.search.whoosh_engine.segment import LENGTHS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.search.plan import Bounds, Field, Group, Part, Phrase, Plan, Way
    from iocop.search.port import Flags, Integers, Mask, Numbers
    from iocop.search.whoosh_engine.postings import Places, Postings
    from iocop.search.whoosh_engine.snapshot import Snapshot

TEXT_AND_TITLE: Final[tuple[Field, ...]] = ("exact", "title_exact")


class Scorer:
    """One search; what it holds has a place for every document of the index.

    Attributes:
        scores: of each document.
        inside: which documents may match, narrowed step by step.
    """

    def __init__(self, snapshot: Snapshot, mask: Mask) -> None:
        self._snapshot = snapshot
        self._postings: dict[tuple[str, str], Postings] = {}
        self.inside: Flags = snapshot.allowed(mask).copy()
        self.scores: Numbers = np.zeros(snapshot.count)

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
            self.inside &= ~self._standing(phrase)
        every &= self.inside
        if plan.needs == "all, else any" and np.count_nonzero(every) >= FEW_HITS:
            self.inside = every
        found = np.flatnonzero(self.inside)
        return found, every[found] & (plan.needs != "any")

    def _bound(self, bounds: Bounds) -> None:
        for keys in bounds.all_of:
            self.inside &= self._having(keys)
        if bounds.none_of:
            self.inside &= ~self._having(bounds.none_of)
        at = self._snapshot.columns["at"]
        if bounds.after is not None:
            self.inside &= at >= bounds.after
        if bounds.before is not None:
            self.inside &= at < bounds.before
        if bounds.after is not None or bounds.before is not None:
            self.inside &= at != 0  # which says that nobody knows when

    def _having(self, keys: frozenset[str]) -> Flags:
        """Return which documents have one of some keys."""
        return self._marked([self._word("key", key).documents for key in keys])

    def _marked(self, lists: Iterable[Integers | Places]) -> Flags:
        flags = np.zeros(self._snapshot.count, np.bool_)
        for documents in lists:
            flags[documents] = True
        return flags

    def _group(self, group: Group) -> Flags:
        """Score a group and return which documents have it."""
        if len(group) == 1 and len(group[0]) == 1:
            return self._part(group[0][0], self.scores)
        found = np.zeros(self._snapshot.count, np.bool_)
        for way in group:
            found |= self._way(way)
        return found

    def _way(self, way: Way) -> Flags:
        scores = np.zeros(self._snapshot.count)
        standing = [self._part(part, scores) for part in way]
        every: Flags = (
            np.logical_and.reduce(standing) if standing else np.zeros(self._snapshot.count, np.bool_)
        )
        self.scores += scores * every
        return every

    def _part(self, part: Part, scores: Numbers) -> Flags:
        """Add to scores what each word gives, and return which documents have one of them."""
        for word in part:
            documents, gains = self._gains(word)
            scores[documents] += gains
        return self._marked([self._word(word.field, word.text).documents for word in part])

    def _phrase(self, phrase: Phrase) -> Flags:
        """Score a phrase and return in which documents it stands."""
        found = np.zeros(self._snapshot.count, np.bool_)
        for field in TEXT_AND_TITLE:
            there = self._standing_in(phrase, field)
            if there.any():
                found |= there
                for word in phrase:
                    documents, gains = self._gains(Word(field, word))
                    self.scores[documents] += gains * there[documents]
        return found

    def _standing(self, phrase: Phrase) -> Flags:
        return self._standing_in(phrase, "exact") | self._standing_in(phrase, "title_exact")

    def _standing_in(self, phrase: Phrase, field: str) -> Flags:
        """Return in which of the documents that may still match a phrase stands."""
        if len(phrase) == 1:
            return self._marked([self._word(field, phrase[0]).documents])
        candidates = self.inside
        for word in set(phrase):
            candidates = candidates & self._marked([self._word(field, word).documents])
        return self._marked([phrases.standing(self._snapshot, phrase, field, np.flatnonzero(candidates))])

    def _word(self, field: str, text: str) -> Postings:
        if (field, text) not in self._postings:
            self._postings[field, text] = self._snapshot.postings(field, text)
        return self._postings[field, text]

    def _gains(self, word: Word) -> tuple[Places, Numbers]:
        """Return the documents of a word, deleted ones too, and its BM25 in each."""
        documents, times = self._word(word.field, word.text)
        snapshot = self._snapshot
        if times is None or not snapshot.documents:
            return documents, np.zeros(len(documents))
        count = np.count_nonzero(snapshot.live[documents])
        weight = word.weight * rarity(snapshot.documents, int(count))
        often = times.astype(np.float64)
        return documents, weight * (K1 + 1) * often / (often + self._norms(word, documents))

    def _norms(self, word: Word, documents: Places) -> Numbers:
        """Return what the length of a field adds below the line."""
        usual = usual_length(word.field, self._snapshot.averages[word.field])
        norms = K1 * (1 - B + B * LENGTHS / usual)
        found: Numbers = norms[self._snapshot.lengths[word.field][documents]]
        return found
