"""`port.Matches` as columns of the index's own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from iocop.search.port import KeyCounts, KeyPairs

if TYPE_CHECKING:
    from iocop.search.port import Flags, Integers, Numbers
    from iocop.search.whoosh_engine.snapshot import Snapshot


class Found:
    """What was found in a snapshot; holds numbers only, so that it outlives the files they were read from."""

    capped = False
    from_titles = False

    def __init__(self, snapshot: Snapshot, documents: Integers, scores: Numbers, whole: Flags) -> None:
        self._documents, self._columns = documents, snapshot.columns
        self.kinds, self.ids, self.topics = map(self._column, ("kind", "number", "topic"))
        self.scores, self.whole = scores[documents], whole
        self._own, self._others = snapshot.keyed
        self._names = snapshot.names.all

    def _column(self, name: str) -> Integers:
        return self._columns[name].take(self._documents).astype(np.int64, copy=False)

    @cached_property
    def at(self) -> Integers:
        return self._column("at")

    @cached_property
    def votes(self) -> Integers:
        return self._column("votes")

    def counts(self, rows: Integers) -> KeyCounts:
        documents, names = self._documents[rows], self._names
        own, others = (
            np.bincount(keyed.of(documents)[1], minlength=len(names)) for keyed in (self._own, self._others)
        )
        return KeyCounts(names, own + others)

    def own_keys(self, rows: Integers) -> KeyPairs:
        counts, keys = self._own.of(self._documents[rows])
        return KeyPairs(np.repeat(np.arange(len(rows)), counts), keys.astype(np.int64), self._names)
