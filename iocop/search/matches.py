"""Matches made of rows: for engines that give few, and for tests."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.port import FACETS, KINDS, OWN, KeyCounts, KeyPairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.search.port import Integers, Kind, Matches


class Row(NamedTuple):
    """One match; see `port.Matches`."""

    kind: Kind
    id: int
    topic_id: int
    score: float = 0.0
    whole: bool = True
    at: int = 0
    votes: int = 0
    keys: frozenset[str] = frozenset()


class Listed:
    """`port.Matches` of a list of rows."""

    def __init__(self, rows: Sequence[Row] = (), *, capped: bool = False, from_titles: bool = False) -> None:
        self.kinds = np.array([KINDS.index(row.kind) for row in rows], np.int64)
        self.ids = np.array([row.id for row in rows], np.int64)
        self.topics = np.array([row.topic_id for row in rows], np.int64)
        self.scores = np.array([row.score for row in rows], np.float64)
        self.whole = np.array([row.whole for row in rows], np.bool_)
        self.at = np.array([row.at for row in rows], np.int64)
        self.votes = np.array([row.votes for row in rows], np.int64)
        self.capped, self.from_titles = capped, from_titles
        self._keys = [sorted(key for key in row.keys if key.partition("=")[0] in FACETS) for row in rows]

    def counts(self, rows: Integers) -> KeyCounts:
        counted = Counter(key for row in rows for key in self._keys[row])
        return KeyCounts(list(counted), np.array(list(counted.values()), np.int64))

    def own_keys(self, rows: Integers) -> KeyPairs:
        pairs = [
            (at, key)
            for at, row in enumerate(rows)
            for key in self._keys[row]
            if key.partition("=")[0] in OWN
        ]
        names = sorted({key for _, key in pairs})
        place = {name: number for number, name in enumerate(names)}
        return KeyPairs(
            np.array([at for at, _ in pairs], np.int64),
            np.array([place[key] for _, key in pairs], np.int64),
            names,
        )


NOTHING: Final[Matches] = Listed()
