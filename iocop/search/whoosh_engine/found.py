"""`port.Matches` as columns of the index's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iocop.search.port import KeyPairs

if TYPE_CHECKING:
    from iocop.search.port import Flags, Integers, Numbers
    from iocop.search.whoosh_engine.snapshot import Snapshot


class Found:
    """What was found in a snapshot; holds numbers only, so that it outlives the files they were read from."""

    capped = False
    from_titles = False

    def __init__(self, snapshot: Snapshot, documents: Integers, scores: Numbers, whole: Flags) -> None:
        columns = {
            name: snapshot.columns[name][documents].astype(np.int64)
            for name in ("kind", "number", "topic", "at", "votes")
        }
        self.kinds, self.ids, self.topics = columns["kind"], columns["number"], columns["topic"]
        self.at, self.votes = columns["at"], columns["votes"]
        self.scores, self.whole = scores[documents], whole
        self._documents, self._starts = documents, snapshot.starts
        self._keys, self._names = snapshot.keys(), snapshot.names.all

    def keys(self, rows: Integers) -> KeyPairs:
        return self._pairs(rows, slice(None))

    def own_keys(self, rows: Integers) -> KeyPairs:
        return self._pairs(rows, slice(1))

    def _pairs(self, rows: Integers, which: slice) -> KeyPairs:
        """Return pairs of one or both of what `snapshot.keys` gives of each segment."""
        documents = self._documents[rows]
        segments = np.searchsorted(self._starts, documents, side="right") - 1
        places, keys = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for number in np.flatnonzero(np.bincount(segments)):
            mine = np.flatnonzero(segments == number)
            for one in self._keys[number][which]:
                at, found = one.pairs(documents[mine] - self._starts[number])
                places.append(mine[at])
                keys.append(found)
        return KeyPairs(np.concatenate(places), np.concatenate(keys), self._names)
