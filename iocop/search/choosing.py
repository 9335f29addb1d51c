"""Which documents a plan finds: what is the same in every engine that looks through all of them at once. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from iocop.search.plan import FEW_HITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from iocop.search.plan import Bounds, Group, Phrase, Plan
    from iocop.search.port import Flags, Integers


class Chooser(ABC):
    """One search; what it holds has a place for every document of the index.

    An engine says where groups and phrases stand, and may score them meanwhile.

    Attributes:
        inside: which documents may match, narrowed step by step.
    """

    def __init__(self, allowed: Flags) -> None:
        self.inside: Flags = allowed.copy()

    def search(self, plan: Plan) -> tuple[Integers, Flags]:
        """Return which documents match, and which of these have all groups, where that counts."""
        self._bound(plan.bounds)
        every, some = self._groups(plan.groups) if plan.groups else (self.inside, self.inside)
        self.inside &= every if plan.needs == "all" else some
        for phrase in plan.phrases:
            self.inside &= self._phrase(phrase)
        for phrase in plan.excluded:
            self.inside &= ~self._standing(phrase)
        every = every & self.inside
        if plan.needs == "all, else any" and np.count_nonzero(every) >= FEW_HITS:
            self.inside = every
        found = np.flatnonzero(self.inside)
        return found, every[found] & (plan.needs != "any")

    def _bound(self, bounds: Bounds) -> None:
        for keys in bounds.all_of:
            self.inside &= self._having(keys)
        if bounds.none_of:
            self.inside &= ~self._having(bounds.none_of)
        at = self._at
        if bounds.after is not None:
            self.inside &= at >= bounds.after
        if bounds.before is not None:
            self.inside &= at < bounds.before
        if bounds.after is not None or bounds.before is not None:
            self.inside &= at != 0  # which says that nobody knows when

    @property
    @abstractmethod
    def _at(self) -> Integers:
        """When each document was written, see `port.Document.at`."""

    @abstractmethod
    def _having(self, keys: Collection[str]) -> Flags:
        """Return which documents have one of some keys, deleted ones too."""

    @abstractmethod
    def _groups(self, groups: Iterable[Group]) -> tuple[Flags, Flags]:
        """Return which documents have all groups, and which have some, deleted ones too."""

    @abstractmethod
    def _phrase(self, phrase: Phrase) -> Flags:
        """Return in which of the documents that may still match a phrase stands; it is worth what its words are."""

    @abstractmethod
    def _standing(self, phrase: Phrase) -> Flags:
        """Return the same of a phrase that is worth nothing."""
