"""The files of a dump as tables of a scratch database. Runs in the reading process as well, without the site."""

from __future__ import annotations

import sqlite3
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.imports.stackexchange.packing import PACKED, columns_of, fields_of, name_of, packing
from iocop.imports.stackexchange.reader import TABLES
from iocop.imports.stackexchange.records import Comment, History, Link, Post, Record, User, Vote
from iocop.imports.stackexchange.rows import BadRow, BrokenDump
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iocop.imports.stackexchange.reader import Dump
    from iocop.imports.stackexchange.rows import Progress

HUNG: tuple[type[Record], ...] = (History, Comment, Vote, Link)
TAKEN: tuple[type[Record], ...] = (User, Post, *HUNG)
BESIDE: tuple[type[Record], ...] = (History, Comment)
"""What a process of its own reads of a large dump: about half of it."""
CACHE = 32_000  # kibibytes
ROOT = "coalesce(post.parent_id, post.id)"  # the question of an answer; every other post is its own root


class Filled(NamedTuple):
    """How many rows a file had, and how many of them carried an attribute nobody here knows."""

    rows: int
    unknown: Mapping[str, int]


def open_scratch(path: Path) -> sqlite3.Connection:
    """A database that need not survive a crash; a file left by a killed run is replaced."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for setting in ("journal_mode = off", "synchronous = off", f"cache_size = -{CACHE}"):
        base.execute(f"PRAGMA {setting}")
    return base


def fill(base: sqlite3.Connection, dump: Dump, record: type[Record], progress: Progress) -> Filled:
    """Read one file to its end, and keep the rows of what is taken.

    Raises:
        BrokenDump: as `Dump.read`, or two rows have one Id.
    """
    unknown: Counter[str] = Counter()
    if record not in TAKEN:
        return Filled(sum(1 for _ in dump.read(record, progress, unknown)), unknown)
    name, gaps = name_of(record), ", ".join("?" * len(fields_of(record)))
    rows = dump.rows(record, packing(record), PACKED, progress, unknown)
    base.execute(f"CREATE TABLE {name} ({columns_of(record)}, PRIMARY KEY (id))")
    base.execute("BEGIN")
    try:
        made = base.executemany(f"INSERT INTO {name} VALUES ({gaps})", rows)  # noqa: S608 -- our own words
    except sqlite3.IntegrityError:
        (before,) = base.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 -- our own words
        raise _twice(dump, record, before) from None
    base.execute("COMMIT")
    if record is Post:
        base.execute(f"CREATE INDEX post_by_root ON post ({ROOT.replace('post.', '')}, id)")
    if record in HUNG:
        base.execute(f"CREATE INDEX {name}_by_post ON {name} (post_id, id)")
    return Filled(max(0, made.rowcount), unknown)


def _twice(dump: Dump, record: type[Record], before: int) -> BrokenDump:
    """Return that the row after *before* others has the Id of one of them; read again, as only the parser knows lines."""
    numbers = count()

    def told(values: list[Any]) -> None:
        if next(numbers) == before:
            raise BadRow(N_("Two rows have one Id, %(id)s.", id=values[0]))

    try:
        for _ in dump.rows(record, told, PACKED):
            pass
    except BrokenDump as broken:
        return broken
    return BrokenDump(TABLES[record].file, None, N_("It changed while it was read."))
