"""Titles that go on as somebody types: the titles' words in their order, and where each stands."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from iocop.search.port import KINDS, Named
from iocop.search.whoosh_engine.postings import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.search.port import Flags, Integers, Mask
    from iocop.search.whoosh_engine.lists import Places
    from iocop.search.whoosh_engine.segment import Segment
    from iocop.search.whoosh_engine.snapshot import Snapshot

_AFTER = b"\xff"
"""Stands after every word that begins so, as no UTF-8 has this byte."""


class Titles(NamedTuple):
    """The words of a segment's titles in the order of their bytes: word *n* from starts[n] to starts[n + 1]."""

    words: list[bytes]
    starts: Integers
    documents: Places

    def beginning(self, word: bytes) -> Places:
        """Return the documents with a word that begins so, some of them more than once."""
        first, end = bisect_left(self.words, word), bisect_left(self.words, word + _AFTER)
        return self.documents[self.starts[first] : self.starts[end]]

    def having(self, word: bytes) -> Places:
        at = bisect_left(self.words, word)
        if at == len(self.words) or self.words[at] != word:
            return self.documents[:0]
        return self.documents[self.starts[at] : self.starts[at + 1]]


def titles(segment: Segment) -> Titles:
    """Read the words of a segment's titles."""
    entries = list(segment.entries("title_exact"))
    lists = [decoded(segment.read(entry), counted=False).documents for entry in entries]
    starts = np.cumsum([0, *(len(one) for one in lists)])
    return Titles([entry.word for entry in entries], starts, np.concatenate([np.zeros(0, np.int32), *lists]))


def suggest(snapshot: Snapshot, words: Sequence[str], mask: Mask, limit: int) -> list[Named]:
    """Return documents whose title has all words, the last as a beginning: the most helpful, then the newest first."""
    found = np.flatnonzero(_matching(snapshot, [word.encode() for word in words]) & snapshot.allowed(mask))
    columns = snapshot.columns
    order = np.lexsort((columns["number"][found], columns["at"][found], columns["votes"][found]))[::-1]
    named: dict[tuple[int, int], Named] = {}
    for document in found[order]:
        key = int(columns["kind"][document]), int(columns["number"][document])
        if key not in named:  # a member may stand there twice
            title = snapshot.stored(int(document)).get("title", "")
            named[key] = Named(KINDS[key[0]], key[1], int(columns["topic"][document]), title)
        if len(named) == limit:
            break
    return list(named.values())


def _matching(snapshot: Snapshot, words: list[bytes]) -> Flags:
    every = np.ones(snapshot.count, np.bool_)
    for start, end, titles in _titles(snapshot):
        for word in words[:-1]:
            every[start:end] &= _marked(end - start, titles.having(word))
        every[start:end] &= _marked(end - start, titles.beginning(words[-1]))
    return every


def _marked(count: int, documents: Places) -> Flags:
    flags = np.zeros(count, np.bool_)
    flags[documents] = True
    return flags


def _titles(snapshot: Snapshot) -> Iterator[tuple[int, int, Titles]]:
    """Give each segment's titles and its place among all documents."""
    for start, segment in zip(snapshot.starts, snapshot.segments, strict=False):
        if segment.titles is None:
            segment.titles = titles(segment)
        yield int(start), int(start) + segment.count, segment.titles
