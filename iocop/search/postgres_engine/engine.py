"""The engine: `SearchEngine` on PostgreSQL, in the site's own database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np
from sqlalchemy import text

from iocop.core.db import db
from iocop.search.matches import NOTHING
from iocop.search.plan import FEW_HITS, Bounds
from iocop.search.port import KINDS, Named
from iocop.search.postgres_engine import choosing, packing, reading, scoring, writing
from iocop.search.postgres_engine.found import Found, Names
from iocop.search.postgres_engine.lexemes import quoted
from iocop.search.postgres_engine.spelling import Spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from iocop.core.outbox import Cursor
    from iocop.search.plan import Plan
    from iocop.search.port import Document, Health, Mask, Matches
    from iocop.search.postgres_engine.choosing import Known
    from iocop.search.postgres_engine.scoring import Candidates

ROOM: Final = 1_000
"""About so many documents are scored; where more match, those that promise most."""
ENOUGH: Final = 100
"""Where fewer than this matched among those that were looked at, more are."""
WIDER: Final = 8
TRIES: Final = 3


class PostgresEngine:
    """An index in the database of the session; safe to use from threads and processes as the session is."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._spelling = Spelling()
        self._names = Names()

    def cursor(self) -> Cursor:
        with reading.asking():
            return reading.stands()[2]

    def languages(self) -> frozenset[str]:
        with reading.asking():
            return reading.languages()

    def apply(self, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
        writing.write(upserts, deletes, upto)

    def search(self, plan: Plan, mask: Mask) -> Matches:
        if plan.is_empty or not mask.spaces or not all(plan.bounds.all_of):
            return NOTHING
        lexemes = choosing.lexemes_of(plan, mask)
        with reading.asking():
            for _ in range(TRIES):
                known = reading.known(lexemes)
                found = self._found(plan, mask, known)
                if (
                    reading.stands()[0] == known.generation
                ):  # else a rebuild ended, and the old rows are going
                    break
        return found

    def _found(self, plan: Plan, mask: Mask, known: Known) -> Matches:
        if plan.needs == "any":
            return self._best(plan, mask, known, whole=False)
        found = self._best(plan, mask, known, whole=True)
        if plan.needs == "all" or found.capped or int(np.sum(found.whole)) >= FEW_HITS or not plan.groups:
            return found
        return self._best(plan, mask, known, whole=False)

    def _best(self, plan: Plan, mask: Mask, known: Known, *, whole: bool) -> Found:
        """Score what promises most; where the mask leaves little of it, look further."""
        room, candidates = float(self._room), scoring.NONE
        while True:
            chosen = choosing.chosen(plan, mask, known, room, whole=whole)
            new = self._candidates(chosen.query, plan, mask, known)
            candidates = candidates.joined(new)
            scored = scoring.scored(plan, candidates, known)
            if chosen.every or len(scored.at) >= min(ENOUGH, self._room):
                return Found(
                    candidates, scored, self._names, capped=not chosen.every or len(new) >= 2 * self._room
                )
            room *= WIDER

    def _candidates(self, query: str | None, plan: Plan, mask: Mask, known: Known) -> Candidates:
        wordless = not (plan.groups or plan.phrases)
        columns = reading.Columns(scoring.needs_exacts(plan), scoring.needs_sequences(plan), latest=wordless)
        limit = 2 * self._room if query is not None else 0
        given = (mask, plan.bounds, known.generation, limit, columns)
        found = reading.candidates(query or "", *given)
        split = choosing.split(plan, mask, known) if limit else None
        return found if split is None else found.joined(reading.overflowing(split, *given))

    def suggest(self, words: Sequence[str], mask: Mask, limit: int) -> Sequence[Named]:
        if not words or not mask.spaces or limit < 1:
            return ()
        *whole, begun = (quoted(f"x:{word}") for word in words)
        query = " & ".join([*whole, f"{begun}:*"])
        with reading.asking():
            generation = reading.stands()[0]
            rows = reading.suggested(query, mask, Bounds(), generation, 2 * limit)
        named = (_named(facts, title) for facts, title in rows)
        return list({(one.kind, one.id): one for one in named}.values())[:limit]

    def known(self, words: Collection[str]) -> dict[str, int]:
        with reading.asking():
            return reading.counts([f"o:{word}" for word in words])

    def near(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        with reading.asking():
            return self._spelling.near(word, limit)

    def health(self) -> Health:
        with reading.asking():
            return reading.health()

    def building(self) -> bool:
        return reading.building()

    def rebuild(self, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
        with _alone() as free:
            if free:
                yield from writing.build(documents, upto)

    def forget_deleted(self) -> Iterator[int]:
        """Drop what is left of rebuilds that were killed.

        Nothing else stays behind: rows of what was deleted, and words no document has any more, go in the
        transaction that deletes them. Their bytes lie in the files until autovacuum's next round, which comes soon
        for these tables (migration 0017); nobody but PostgreSQL reads those.
        """
        with _alone() as free:
            if free:
                yield from writing.clear()


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of rebuilding over transactions; say whether it was free. A killed process lets go of it."""
    given = {"search": writing.SEARCH, "lock": writing.BUILDING}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        free = bool(connection.scalar(text("select pg_try_advisory_lock(:search, :lock)"), given))
        try:
            yield free
        finally:
            if free:
                connection.execute(text("select pg_advisory_unlock(:search, :lock)"), given)


def _named(facts: bytes, title: str) -> Named:
    line = packing.facts_of([facts])[0].tolist()
    return Named(KINDS[line[packing.KIND]], line[packing.ID], line[packing.TOPIC], title)
