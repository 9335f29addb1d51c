"""What a search found, as `port.Matches`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iocop.search.port import FACETS, KeyPairs
from iocop.search.postgres_engine import packing, reading

if TYPE_CHECKING:
    from iocop.search.port import Integers
    from iocop.search.postgres_engine.scoring import Candidates, Scored


class Found:
    """The matches among some candidates; what their keys are called is read when somebody asks."""

    from_titles = False

    def __init__(self, candidates: Candidates, scored: Scored, *, capped: bool) -> None:
        facts = candidates.facts[scored.at]
        self.kinds = facts[:, packing.KIND]
        self.ids = facts[:, packing.ID]
        self.topics = facts[:, packing.TOPIC]
        self.at = facts[:, packing.AT]
        self.votes = facts[:, packing.VOTES]
        self.scores, self.whole, self.capped = scored.scores, scored.whole, capped
        self._keys = [candidates.keys[at] for at in scored.at]

    def keys(self, rows: Integers) -> KeyPairs:
        at, numbers = packing.keys_of([self._keys[row] for row in rows])
        different, place = np.unique(numbers, return_inverse=True)
        with reading.asking():
            names = reading.names_of(different.tolist()) if len(different) else {}
        told = [names.get(number, "")[2:] for number in different.tolist()]
        counted = [name.partition("=")[0] in FACETS for name in told]
        kept = np.array(counted, np.bool_)[place] if told else np.zeros(0, np.bool_)
        renumbered = np.cumsum(counted, dtype=np.int64) - 1
        return KeyPairs(
            at[kept],
            renumbered[place[kept]] if told else place,
            [name for name, is_facet in zip(told, counted, strict=True) if is_facet],
        )
