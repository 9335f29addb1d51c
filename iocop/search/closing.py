"""What was closed since the index was written: it is left out before anything is counted."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from sqlalchemy import String, Text, bindparam, cast, literal, select, tuple_, union_all

from iocop.core.db import fixed, placed, places, read
from iocop.core.models import EventRow, Version
from iocop.search import reading
from iocop.search.indexer import engine
from iocop.search.port import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import CompoundSelect

    from iocop.search.port import Integers, KeyCounts, KeyPairs, Matches
    from iocop.spaces.queries import Scope

CLOSING: Final = ("LabelChanged", "StateChanged", "AudienceChanged")
"""Events by which something may come to be read by fewer. Who is in a space is asked of the database anyway."""

_NO_KEY: Final = cast(literal(""), String).label("key")


class Some:
    """A part of some `port.Matches`, as one."""

    def __init__(self, matches: Matches, rows: Integers) -> None:
        self.kinds, self.ids, self.topics = matches.kinds[rows], matches.ids[rows], matches.topics[rows]
        self.scores, self.whole = matches.scores[rows], matches.whole[rows]
        self.at, self.votes = matches.at[rows], matches.votes[rows]
        self.capped, self.from_titles = matches.capped, matches.from_titles
        self._matches, self._rows = matches, rows

    def counts(self, rows: Integers) -> KeyCounts:
        return self._matches.counts(self._rows[rows])

    def own_keys(self, rows: Integers) -> KeyPairs:
        return self._matches.own_keys(self._rows[rows])


def without_closed(matches: Matches, closed: Collection[int], scope: Scope) -> Matches:
    """Leave out what may not be read now.

    Args:
        closed: what was moved, hidden or shared less far since the index was written, as `changed` says.
    """
    if not closed:
        return matches
    moved = np.flatnonzero((matches.topics > 0) & np.isin(matches.topics, list(closed)))
    if not len(moved):
        return matches
    still = _readable(matches, moved, scope)
    gone = [row for row in moved.tolist() if int(matches.ids[row]) not in still[int(matches.kinds[row])]]
    return Some(matches, np.delete(np.arange(len(matches.ids)), gone))


class Since(NamedTuple):
    """What is read before the index is asked.

    Attributes:
        closed: the topics and articles that were perhaps closed since it was written; 0 stands for a space.
        versions: of the things named, in their order; 0 for one that never changed.
    """

    closed: list[int]
    versions: tuple[int, ...]


def changed(*keys: str) -> Since:
    """Return what was perhaps closed since the index was written, and the versions of things, in one statement.

    Raises:
        EngineDown: there is no index.
    """
    xid, event_id = engine().cursor()
    rows = read(_changed(len(keys)), {"xid": xid, "event_id": event_id} | placed(keys)).all()
    found = {row.key: row.value for row in rows}
    closed = {int(json.loads(row.payload).get("root_id", 0)) for row in rows if not row.key}
    return Since(sorted(closed), tuple(found.get(key, 0) for key in keys))


@cache
def _changed(keys: int) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the statement for so many keys."""
    read_up_to = bindparam("xid", type_=EventRow.xid.type), bindparam("event_id", type_=EventRow.id.type)
    told = select(_NO_KEY, literal(0).label("value"), cast(EventRow.payload, Text).label("payload")).where(
        EventRow.name.in_(fixed(CLOSING)), tuple_(EventRow.xid, EventRow.id) > tuple_(*read_up_to)
    )
    known = select(Version.key, Version.value, literal("").label("payload"))
    return union_all(told, known.where(Version.key.in_(places(keys))))


def _readable(matches: Matches, rows: Integers, scope: Scope) -> dict[int, frozenset[int]]:
    """Return by kind the ids of what may still be read among some matches."""
    found: dict[int, frozenset[int]] = {}
    for number, kind in enumerate(KINDS):
        of_kind = rows[matches.kinds[rows] == number]
        ids = matches.ids[of_kind].tolist()
        if kind == "file" and ids:
            roots = dict(zip(ids, matches.topics[of_kind].tolist(), strict=True))
            found[number] = frozenset(row.id for row, _within in reading.files(roots, scope))
        else:
            found[number] = frozenset(reading.standing(kind, ids, scope))
    return found
