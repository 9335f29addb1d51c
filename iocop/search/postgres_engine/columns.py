"""What is told of all documents of a generation, as columns of one number each.

A process keeps one and brings it up to date. None is ever changed: what is written makes a new one, and who searches
goes on with the old.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iocop.search.plan import K1, B
from iocop.search.port import FACETS, OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from iocop.search.plan import Field
    from iocop.search.port import Flags, Integers, Mask, Numbers

    Read = Callable[[Sequence[int]], Mapping[int, str]]

WIDTHS: Final[dict[str, str]] = {
    "id": "i8", "topic": "i8", "space": "i8", "at": "i8", "votes": "i4", "kind": "i1", "public": "i1",
    "title_stem": "i4", "stem": "i4", "title_exact": "i4", "exact": "i4",
}  # fmt: skip
OTHERS: Final = 2
SPARE: Final = 10_000
"""So many keys may stand there in vain, besides as many as are wanted."""
MASKS: Final = 16
"""How many viewers' masks are kept; most members read the same spaces."""


class Names:
    """The keys this process has met, those of `FACETS` numbered from 0 up, all others from -1 down.

    Attributes:
        facets: the first, by their numbers.
    """

    def __init__(self) -> None:
        self.facets: list[str] = []
        self._ranks: list[int] = []
        self._others = 0
        self._by_name: dict[str, int] = {}
        self._by_id: dict[int, int] = {}

    def number(self, name: str) -> int | None:
        """Return a key's number here, None for one that no document has."""
        return self._by_name.get(name)

    def numbers(self, ids: NDArray[np.int32], read: Read) -> NDArray[np.int32]:
        """Return the numbers here of keys by those that the index gave them; *read* gives names of those unknown."""
        distinct, places = np.unique(ids, return_inverse=True)
        known = distinct.tolist()
        new = [one for one in known if one not in self._by_id]
        for one, name in read(new).items() if new else ():
            self._by_id[one] = self._met(name)
        return np.array([self._by_id[one] for one in known], np.int32)[places]

    def ranks(self, numbers: NDArray[np.int32]) -> Integers:
        """Return of each key 0 if it is one of `OWN`, 1 if it is another of `FACETS`, 2 if it is none."""
        ranks = np.array([*self._ranks, OTHERS], np.int64)
        return ranks[np.where(numbers < 0, len(self._ranks), numbers)]

    def _met(self, name: str) -> int:
        if name not in self._by_name:
            kind = name.partition("=")[0]
            if kind in FACETS:
                self._by_name[name] = len(self.facets)
                self.facets.append(name)
                self._ranks.append(int(kind not in OWN))
            else:
                self._others -= 1
                self._by_name[name] = self._others
        return self._by_name[name]


@dataclass(frozen=True)
class Columns:
    """Documents are their numbers, from 0 to `count`.

    Attributes:
        change: what was written up to then is here.
        live: not deleted, and not yet to come.
        starts: where a document's keys begin in *keys*: those of `OWN`, then the other `FACETS`, then all others.
        ends: how many are of `OWN`, how many of these and the other `FACETS`, and how many there are.
    """

    names: Names
    generation: int
    change: int = 0
    told: Mapping[str, NDArray[Any]] = field(default_factory=lambda: _nothing(0))
    live: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    starts: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    ends: tuple[NDArray[np.int32], ...] = field(default_factory=lambda: (np.zeros(0, np.int32),) * 3)
    keys: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    _masks: dict[Mask, Flags] = field(default_factory=dict)
    _norms: dict[tuple[str, float], Numbers] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.live)

    def changed(
        self, change: int, facts: NDArray[Any], keys: NDArray[np.int32], gone: Collection[int], read: Read
    ) -> Columns:
        """Return them with some documents added or put in the place of others, and some deleted."""
        at = facts["number"].astype(np.int64)
        count = max(self.count, int(at.max(initial=-1)) + 1)
        told = {name: _longer(column, count) for name, column in self.told.items()}
        for name, column in told.items():
            column[at] = facts[name]
        live, starts = (_longer(one, count) for one in (self.live, self.starts))
        live[at] = True
        live[[number for number in gone if number < count]] = False
        starts[at] = len(self.keys) + np.cumsum(facts["keys"]) - facts["keys"]
        met = self.names.numbers(keys, read) if len(keys) else keys
        ranks, owners = self.names.ranks(met), np.repeat(np.arange(len(at)), facts["keys"])
        ends = tuple(_longer(one, count) for one in self.ends)
        for rank, one in enumerate(ends):
            one[at] = np.bincount(owners[ranks <= rank], minlength=len(at))
        met = np.concatenate([self.keys, met[np.argsort(owners * (OTHERS + 1) + ranks, kind="stable")]])
        made = Columns(self.names, self.generation, change, told, live, starts, ends, met)
        return made._packed() if len(met) > 2 * ends[OTHERS].sum() + SPARE else made

    def _packed(self) -> Columns:
        """Leave out the keys that documents had before."""
        counts, keys = self.ends[OTHERS], self.keys_of(np.arange(self.count), OTHERS)[1]
        return replace(self, starts=(np.cumsum(counts) - counts).astype(np.int32), keys=keys.astype(np.int32))

    def allowed(self, mask: Mask) -> Flags:
        """Return which live documents a viewer may find; not to be changed."""
        found = self._masks.get(mask)
        if found is None:
            found = self.live & np.isin(self.told["space"], list(mask.spaces))
            if not mask.member:
                found &= self.told["public"] == 1
            if len(self._masks) >= MASKS:
                self._masks.clear()
            self._masks[mask] = found
        return found

    def norms(self, name: Field, usual: float) -> Numbers:
        """Return what the length of a field adds below the line of BM25 (`plan.Word`); not to be changed."""
        found = self._norms.get((name, usual))
        if found is None:
            found = self._norms[name, usual] = K1 * (1 - B + B * self.told[name] / usual)
        return found

    def having(self, names: Collection[str]) -> Flags:
        """Return which documents have one of some keys, deleted ones too."""
        found = np.zeros(self.count, np.bool_)
        numbers = [number for name in names if (number := self.names.number(name)) is not None]
        places = np.flatnonzero(np.isin(self.keys, numbers)) if numbers else np.zeros(0, np.int64)
        owners = self._by_start[np.searchsorted(self.starts[self._by_start], places, side="right") - 1]
        distance = (
            places - self.starts[owners]
        )  # far, or below 0, where a document had a key that it has no more
        found[owners[(distance >= 0) & (distance < self.ends[OTHERS][owners])]] = True
        return found

    @cached_property
    def _by_start(self) -> Integers:
        """The documents in the order that their keys stand in."""
        there = np.flatnonzero(self.ends[OTHERS])
        return there[np.argsort(self.starts[there], kind="stable")]

    def keys_of(self, documents: Integers, rank: int) -> tuple[Integers, Integers]:
        """Return a pair for each key of some documents: the document's place among them, and the key's number.

        Args:
            rank: see `Names.ranks`: which keys, and with them those of a lower one.
        """
        counts = self.ends[rank][documents].astype(np.int64)
        ends = np.cumsum(counts)
        places = np.repeat(self.starts[documents] - (ends - counts), counts) + np.arange(counts.sum())
        return np.repeat(np.arange(len(documents)), counts), self.keys[places].astype(np.int64)


def _nothing(count: int) -> dict[str, NDArray[Any]]:
    return {name: np.zeros(count, width) for name, width in WIDTHS.items()}


def _longer(column: NDArray[Any], count: int) -> NDArray[Any]:
    """Copy a column, with zeros for documents to come."""
    longer = np.zeros(count, column.dtype)
    longer[: len(column)] = column
    return longer
