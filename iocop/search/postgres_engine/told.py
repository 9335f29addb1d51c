"""Which words came and went in which documents, gathered, and written to the words at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from sqlalchemy import text

from iocop.search.postgres_engine import packing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

MOST_RECENT: Final = 2_000
"""Bytes of postings that stand with their word; where they are more, they are sealed."""

_TELL: Final = text("""
with told as (
  update search_word
     set documents = documents + more, recent = recent || substring(cast(:postings as bytea) from at for size)
    from unnest(cast(:numbers as bigint[]), cast(:more as integer[]), cast(:at as integer[]), cast(:size as integer[]))
         changed (number, more, at, size)
   where id = number returning id, octet_length(recent) as bytes
) select id from told where bytes > :most
""")
_SEAL: Final = (
    text(
        "insert into search_postings (word_id, upto, packed)"
        " select id, :upto, recent from search_word where id = any(cast(:numbers as bigint[]))"
    ),
    text("update search_word set sealed = :upto, recent = '' where id = any(cast(:numbers as bigint[]))"),
)
_FORGET: Final = text("delete from search_word where id = any(cast(:numbers as bigint[])) and documents = 0")


class _Changed(NamedTuple):
    """Words by their numbers, in how many more documents each stands, and where its postings are in *packed*."""

    words: NDArray[np.int64]
    more: NDArray[np.int64]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    packed: bytes


class Told:
    """Words of documents that were added or deleted; what comes and goes evens out."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.size = 0
        self._last = -1
        self._counted: dict[int, list[bytes]] = {1: [], -1: []}
        self._words: list[NDArray[np.int32]] = []
        self._postings: list[NDArray[Any]] = []

    def count(self, words: bytes, more: int) -> None:
        """Count words of a document in (1) or out (-1)."""
        self._counted[more].append(words)
        self.size += len(words) // 4

    def place(self, number: int, times: Mapping[int, int]) -> None:
        """Say how often each word stands in a document, whose number is higher than those before."""
        self._last = number
        postings = np.empty(len(times), packing.POSTING)
        postings["number"] = number
        postings["times"] = np.minimum(list(times.values()), packing.MOST_TIMES)
        self._words.append(np.fromiter(times, np.int32, len(times)))
        self._postings.append(postings)

    def settle(self, session: Session) -> None:
        """Write it all down, and drop the words that no document has any more."""
        changed = self._changed()
        if len(changed.words):
            given = {
                "numbers": changed.words.tolist(), "more": changed.more.tolist(), "at": (changed.starts + 1).tolist(),
                "size": changed.sizes.tolist(), "postings": changed.packed, "most": MOST_RECENT,
            }  # fmt: skip
            full = list(session.scalars(_TELL, given))
            for statement in _SEAL if full else ():
                session.execute(statement, {"numbers": full, "upto": self._last})
        fewer = changed.words[changed.more <= 0].tolist()
        if fewer:
            session.execute(_FORGET, {"numbers": fewer})
        self._begin()

    def _changed(self) -> _Changed:
        came, went = (packing.numbers_of(b"".join(self._counted[more])) for more in (1, -1))
        words, places = np.unique(np.concatenate([came, went]), return_inverse=True)
        more = np.bincount(places[: len(came)], minlength=len(words))
        more -= np.bincount(places[len(came) :], minlength=len(words))
        placed = np.concatenate([np.zeros(0, np.int32), *self._words])
        order = np.argsort(placed, kind="stable")
        postings = np.concatenate([np.zeros(0, packing.POSTING), *self._postings])[order]
        starts = np.searchsorted(placed[order], words)
        sizes = np.searchsorted(placed[order], words, side="right") - starts
        kept = (more != 0) | (sizes > 0)
        width = packing.POSTING.itemsize
        return _Changed(
            words[kept], more[kept], starts[kept] * width, sizes[kept] * width, postings.tobytes()
        )
