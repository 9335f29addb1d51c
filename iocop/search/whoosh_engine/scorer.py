"""A plan against the index: word after word, each over all its documents at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from iocop.search.choosing import Chooser
from iocop.search.plan import K1, Word, rarity
from iocop.search.whoosh_engine import phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from iocop.search.plan import Field, Group, Part, Phrase, Way
    from iocop.search.port import Flags, Integers, Mask, Numbers
    from iocop.search.whoosh_engine.lists import Common, Postings
    from iocop.search.whoosh_engine.snapshot import Snapshot

TEXT_AND_TITLE: Final[tuple[Field, ...]] = ("exact", "title_exact")


class Scorer(Chooser):
    """One search, scored meanwhile.

    Attributes:
        scores: of each document.
    """

    def __init__(self, snapshot: Snapshot, mask: Mask) -> None:
        super().__init__(snapshot.allowed(mask))
        self._snapshot = snapshot
        self._postings: dict[tuple[str, str], Postings | Common] = {}
        self.scores: Numbers = np.zeros(snapshot.count)

    @property
    def _at(self) -> Integers:
        return self._snapshot.columns["at"]

    def _having(self, keys: Collection[str]) -> Flags:
        return self._marked(self._word("key", key) for key in keys)

    def _marked(self, lists: Iterable[Postings | Common]) -> Flags:
        flags = np.zeros(self._snapshot.count, np.bool_)
        for postings in lists:
            postings.mark(flags)
        return flags

    def _groups(self, groups: Iterable[Group]) -> tuple[Flags, Flags]:
        """Score groups and return which documents have all of them, and which have some."""
        every, some = np.ones(self._snapshot.count, np.bool_), np.zeros(self._snapshot.count, np.bool_)
        for group in groups:
            found = self._group(group)
            every &= found
            some |= found
        return every, some

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
            self._score(word, scores)
        return self._marked(self._word(word.field, word.text) for word in part)

    def _phrase(self, phrase: Phrase) -> Flags:
        """Score a phrase and return in which documents it stands."""
        found = np.zeros(self._snapshot.count, np.bool_)
        for field in TEXT_AND_TITLE:
            there = self._standing_in(phrase, field)
            if there.any():
                found |= there
                scores = np.zeros(self._snapshot.count)
                for word in phrase:
                    self._score(Word(field, word), scores)
                self.scores += scores * there
        return found

    def _standing(self, phrase: Phrase) -> Flags:
        return self._standing_in(phrase, "exact") | self._standing_in(phrase, "title_exact")

    def _standing_in(self, phrase: Phrase, field: str) -> Flags:
        """Return in which of the documents that may still match a phrase stands."""
        if len(phrase) == 1:
            return self._marked([self._word(field, phrase[0])])
        candidates = self.inside
        for word in set(phrase):
            candidates = candidates & self._marked([self._word(field, word)])
        found = np.zeros(self._snapshot.count, np.bool_)
        found[phrases.standing(self._snapshot, phrase, field, np.flatnonzero(candidates))] = True
        return found

    def _word(self, field: str, text: str) -> Postings | Common:
        if (field, text) not in self._postings:
            self._postings[field, text] = self._snapshot.postings(field, text)
        return self._postings[field, text]

    def _score(self, word: Word, scores: Numbers) -> None:
        """Add to scores the BM25 of a word in each document that has it, deleted ones too."""
        snapshot, postings = self._snapshot, self._word(word.field, word.text)
        telling = rarity(snapshot.documents, postings.having(snapshot.live))
        postings.add(scores, word.weight * telling * (K1 + 1), snapshot.norms[word.field])
