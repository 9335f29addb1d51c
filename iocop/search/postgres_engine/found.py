"""What a search found, as `port.Matches`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iocop.search.port import KeyCounts, KeyPairs

if TYPE_CHECKING:
    from iocop.search.port import Flags, Integers, Numbers
    from iocop.search.postgres_engine.columns import Columns


class Found:
    """Some documents; the columns they stand in never change, whatever is written meanwhile."""

    from_titles = False

    def __init__(
        self, columns: Columns, documents: Integers, scores: Numbers, whole: Flags, *, capped: bool
    ) -> None:
        told = {
            name: columns.told[name][documents].astype(np.int64)
            for name in ("kind", "id", "topic", "at", "votes")
        }
        self.kinds, self.ids, self.topics = told["kind"], told["id"], told["topic"]
        self.at, self.votes = told["at"], told["votes"]
        self.scores, self.whole, self.capped = scores, whole, capped
        self._columns, self._documents = columns, documents

    def counts(self, rows: Integers) -> KeyCounts:
        names = self._columns.names.facets
        keys = self._columns.keys_of(self._documents[np.sort(rows)], 1)[1]  # read sooner in their order
        return KeyCounts(names, np.bincount(keys, minlength=len(names)))

    def own_keys(self, rows: Integers) -> KeyPairs:
        at, keys = self._columns.keys_of(self._documents[rows], 0)
        return KeyPairs(at, keys, self._columns.names.facets)


def best(columns: Columns, documents: Integers, scores: Numbers, whole: Flags, room: int) -> Found:
    """Keep as many as there is room for: those with all words before others, then by score, then the latest."""
    if len(documents) <= room:
        return Found(columns, documents, scores, whole, capped=False)
    rank = _rank(scores, whole) if scores.any() else columns.told["at"][documents]
    kept = np.sort(np.argpartition(rank, len(rank) - room)[len(rank) - room :])
    return Found(columns, documents[kept], scores[kept], whole[kept], capped=True)


def _rank(scores: Numbers, whole: Flags) -> Numbers:
    return scores if whole.all() else scores + whole * (float(scores.max() - scores.min()) + 1)
