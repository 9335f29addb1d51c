"""The index as it stands at one moment: its segments' documents numbered through, without those deleted."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iocop.search.plan import FIELDS, K1, B, usual_length
from iocop.search.whoosh_engine.keyed import joined, keyed
from iocop.search.whoosh_engine.lists import Norms
from iocop.search.whoosh_engine.schema import COLUMNS, CURSOR_KIND, CURSOR_REF
from iocop.search.whoosh_engine.segment import LENGTHS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from iocop.search.port import Flags, Mask
    from iocop.search.whoosh_engine.kept import Kept
    from iocop.search.whoosh_engine.keyed import Keyed, Names
    from iocop.search.whoosh_engine.lists import Common, Postings
    from iocop.search.whoosh_engine.segment import Segment

MASKS: Final = 16
"""How many viewers' masks are kept; most members read the same spaces."""


class Snapshot:
    """Documents are numbers from 0 to `count`, in the order of the segments.

    Attributes:
        live: neither deleted nor the one that holds the cursor.
        columns: their numbers, see `schema.COLUMNS`.
        lengths: how long a field is, in the bytes of `segment.LENGTHS`.
    """

    def __init__(
        self, segments: Sequence[Segment], deleted: Sequence[Collection[int]], kept: Kept, names: Names
    ) -> None:
        self.segments = segments
        self.ids = tuple(segment.id for segment in segments)
        self.names = names
        self._kept = kept
        self.starts = np.cumsum([0, *(segment.count for segment in segments)])
        self.count = int(self.starts[-1])
        self.columns = {name: self._column([one.columns for one in segments], name) for name in COLUMNS}
        self.lengths = {name: self._column([one.lengths for one in segments], name) for name in FIELDS}
        self._there = np.ones(self.count, np.bool_)
        for start, gone in zip(self.starts, deleted, strict=False):
            self._there[start + np.fromiter(gone, np.int64)] = False
        self.live: Flags = self._there & (self.columns["kind"] != CURSOR_KIND)
        self.documents = int(np.count_nonzero(self.live))
        self._masks: OrderedDict[Mask, Flags] = OrderedDict()

    def _column(self, parts: list[dict[str, NDArray[Any]]], name: str) -> NDArray[Any]:
        """Put the segments' columns together, and let each segment keep its part of that instead of its own."""
        whole = np.concatenate([part[name] for part in parts]) if parts else np.zeros(0, np.int64)
        for part, (start, end) in zip(parts, pairwise(self.starts), strict=True):
            part[name] = whole[start:end]
        return whole

    def stored(self, document: int) -> dict[str, str]:
        """Return what is stored of a document."""
        at = int(np.searchsorted(self.starts, document, side="right")) - 1
        return self.segments[at].stored(document - int(self.starts[at]))

    @cached_property
    def cursor(self) -> str | None:
        """What the cursor's document says, or None if there is none."""
        for document in self.postings("ref", CURSOR_REF).documents:
            if self._there[document]:
                return self.stored(document)["cursor"]
        return None

    def postings(self, field: str, word: str) -> Postings | Common:
        """Return where a word stands, deleted documents too."""
        return self._kept.get(field, word, self)

    def allowed(self, mask: Mask) -> Flags:
        """Return which live documents a viewer may find; not to be changed."""
        found = self._masks.get(mask)
        if found is None:
            found = self.live & np.isin(self.columns["space"], list(mask.spaces))
            if not mask.member:
                found &= self.columns["label"] == 1
            self._masks[mask] = found
        self._masks.move_to_end(mask)
        if len(self._masks) > MASKS:
            self._masks.popitem(last=False)
        return found

    @cached_property
    def averages(self) -> dict[str, float]:
        """How long each field is on average, over all live documents."""
        return {
            field: float(np.bincount(lengths[self.live], minlength=256) @ LENGTHS) / max(self.documents, 1)
            for field, lengths in self.lengths.items()
        }

    @cached_property
    def norms(self) -> dict[str, Norms]:
        """What the length of each field adds below BM25's line, by document."""
        return {
            field: Norms(
                K1 * (1 - B + B * LENGTHS / usual_length(field, self.averages[field])), self.lengths[field]
            )
            for field in FIELDS
        }

    @cached_property
    def languages(self) -> frozenset[str]:
        """The codes of the languages that documents are written in, those deleted lately among them."""
        beginning = "lang="
        return frozenset(
            entry.word.decode().removeprefix(beginning)
            for segment in self.segments
            for entry in segment.entries("key", beginning)
        )

    @cached_property
    def keyed(self) -> tuple[Keyed, Keyed]:
        """The keys of documents: those of `port.OWN`, and the others that belong to `port.FACETS`."""
        for segment in self.segments:
            segment.keyed = segment.keyed or keyed(segment, self.names)
        parts = [segment.keyed for segment in self.segments if segment.keyed]
        return joined([own for own, _ in parts]), joined([others for _, others in parts])
