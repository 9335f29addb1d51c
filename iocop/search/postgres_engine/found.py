"""What a search found, as `port.Matches`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from iocop.search.port import FACETS, KeyPairs
from iocop.search.postgres_engine import packing, reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.search.port import Integers
    from iocop.search.postgres_engine.scoring import Candidates, Scored

MOST_NAMES: Final = 20_000


class Names:
    """What keys are called, by their numbers, which are never given twice: read once in a process."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def of(self, numbers: list[int]) -> dict[int, str]:
        """Return the names of facets' keys; other keys are left out."""
        known = self._names if len(self._names) < MOST_NAMES else {}
        new = [number for number in numbers if number not in known]
        if new:
            read = reading.names_of(new)
            known = self._names = {**known, **{number: _facet(read.get(number)) for number in new}}
        return {number: name for number in numbers if (name := known.get(number))}


def _facet(lexeme: str | None) -> str:
    name = (lexeme or "")[2:]
    return name if name.partition("=")[0] in FACETS else ""


class Found:
    """The matches among some candidates; they hold all that may be asked of them, whatever is written meanwhile."""

    from_titles = False

    def __init__(self, candidates: Candidates, scored: Scored, names: Names, *, capped: bool) -> None:
        facts = candidates.facts[scored.at]
        self.kinds = facts[:, packing.KIND]
        self.ids = facts[:, packing.ID]
        self.topics = facts[:, packing.TOPIC]
        self.at = facts[:, packing.AT]
        self.votes = facts[:, packing.VOTES]
        self.scores, self.whole, self.capped = scored.scores, scored.whole, capped
        self._keys = [candidates.keys[at] for at in scored.at.tolist()]
        self._names: Mapping[int, str] = names.of(np.unique(packing.keys_of(self._keys)[1]).tolist())

    def keys(self, rows: Integers) -> KeyPairs:
        at, numbers = packing.keys_of([self._keys[row] for row in rows.tolist()])
        facets = np.array(sorted(self._names), np.int64)
        if not len(facets):
            return KeyPairs(at[:0], at[:0], [])
        place = np.minimum(np.searchsorted(facets, numbers), len(facets) - 1)
        kept = facets[place] == numbers
        used, key = np.unique(place[kept], return_inverse=True)
        return KeyPairs(at[kept], key, [self._names[number] for number in facets[used].tolist()])
