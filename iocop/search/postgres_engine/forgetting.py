"""By night: deleted documents' numbers go out of the postings, and a word's many small pieces become one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import delete, insert, select, text, update

from iocop.core.db import act
from iocop.search.models import SearchGone, SearchIndex, SearchPostings, SearchWord
from iocop.search.postgres_engine import packing
from iocop.search.postgres_engine.writing import SEARCH, WRITING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from iocop.search.port import Flags

WORDS_A_STEP: Final = 500
MOST_PIECES: Final = 8

_WAITING: Final = text("select pg_advisory_xact_lock(:search, :lock)")


def forget() -> Iterator[int]:
    """Drop the numbers of documents that were deleted until now, word by word; yield how many words were seen."""
    with act() as session:
        index = session.scalar(select(SearchIndex).where(SearchIndex.in_use))
        if index is None:
            return
        generation, change = index.generation, index.change
        numbers = list(session.scalars(select(SearchGone.number).where(SearchGone.generation == generation)))
    if not numbers:
        return
    gone = np.zeros(max(numbers) + 1, np.bool_)
    gone[numbers] = True
    seen, last = 0, 0
    while words := _step(generation, last, gone):
        seen, last = seen + len(words), words[-1]
        yield seen
    with act() as session:
        these = SearchGone.generation == generation, SearchGone.change <= change
        session.execute(delete(SearchGone).where(*these))
        this = SearchIndex.generation == generation
        session.execute(update(SearchIndex).where(this).values(forgotten=change))


def _step(generation: int, last: int, gone: Flags) -> Sequence[int]:
    """See to the next words; return their numbers."""
    with act() as session:
        session.execute(_WAITING, {"search": SEARCH, "lock": WRITING})
        asked = select(SearchWord.id, SearchWord.recent).where(
            SearchWord.generation == generation, SearchWord.id > last
        )
        found = session.execute(asked.order_by(SearchWord.id).limit(WORDS_A_STEP))
        recent: dict[int, bytes] = dict(found.all())
        for word, postings in recent.items():
            left = _left(postings, gone)
            if len(left) < len(postings):
                session.execute(update(SearchWord).where(SearchWord.id == word).values(recent=left))
        _rewrite(session, list(recent), gone)
    return list(recent)


def _rewrite(session: Session, words: Sequence[int], gone: Flags) -> None:
    """Write anew what is sealed of those words that deleted documents or many pieces stand in."""
    pieces: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    asked = select(SearchPostings.word_id, SearchPostings.upto, SearchPostings.packed)
    for word, upto, packed in session.execute(asked.where(SearchPostings.word_id.in_(words))):
        pieces[word].append((upto, packed))
    new: list[dict[str, Any]] = []
    for word, some in pieces.items():
        before = b"".join(packed for _, packed in sorted(some))
        left = _left(before, gone)
        if len(left) < len(before) or len(some) > MOST_PIECES:
            new.append({"word_id": word, "upto": max(upto for upto, _ in some), "packed": left})
    if new:
        session.execute(
            delete(SearchPostings).where(SearchPostings.word_id.in_([one["word_id"] for one in new]))
        )
        session.execute(insert(SearchPostings), new)


def _left(packed: bytes, gone: Flags) -> bytes:
    postings = packing.postings_of(packed)
    numbers: NDArray[np.int32] = postings["number"]
    away = (numbers < len(gone)) & gone[np.minimum(numbers, len(gone) - 1)]
    return postings[~away].tobytes() if away.any() else packed
