"""A dump thread by thread: each post with its history, comments, votes and links.

The files are sorted by their own numbers, so that what belongs to one post lies scattered over all of them. They are
brought together in a scratch database on disk: memory stays flat whatever the size.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from inspect import signature
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar, get_type_hints

from iocop.imports.stackexchange.reader import LARGEST, TABLES, Dump, tag_names
from iocop.imports.stackexchange.records import Comment, History, Link, Post, Record, Vote
from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iocop.imports.stackexchange.rows import Progress

R = TypeVar("R", bound=Record)

HUNG: tuple[type[Record], ...] = (History, Comment, Vote, Link)
TAKEN: tuple[type[Record], ...] = (Post, *HUNG)
CACHE = 32_000  # kibibytes
ROOT = "coalesce(post.parent_id, post.id)"  # the question of an answer; every other post is its own root


class Piece(NamedTuple):
    """A post and what hangs on it, each in the order of its file."""

    post: Post
    history: list[History]
    comments: list[Comment]
    votes: list[Vote]
    links: list[Link]


class Scratch:
    """The dump as tables in a file of its own; filled once, read in order, removed at the end.

    A context manager. A file left by a killed run is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._base = sqlite3.connect(self._path, isolation_level=None)
        for setting in ("journal_mode = off", "synchronous = off", f"cache_size = -{CACHE}"):
            self._base.execute(f"PRAGMA {setting}")
        return self

    def __exit__(self, *_failure: object) -> None:
        self._base.close()
        self._path.unlink(missing_ok=True)

    def fill(self, dump: Dump, progress: Progress = lambda _: None) -> None:
        """Take in posts and all that hangs on them.

        Raises:
            BrokenDump: as `Dump.read`, or two rows of a file have one Id.
        """
        for record in TAKEN:
            self._base.execute(f"CREATE TABLE {_name(record)} ({_columns(record)}, PRIMARY KEY (id))")
            self._insert(record, dump.read(record, progress))
        self._base.execute(f"CREATE INDEX post_by_root ON post ({ROOT.replace('post.', '')}, id)")
        for record in HUNG:
            name = _name(record)
            self._base.execute(f"CREATE INDEX {name}_by_post ON {name} (post_id, id)")

    def threads(self, after: int | None = None) -> Iterator[list[Piece]]:
        """The posts of each root, the root first where it is in the dump, in the order of the roots' ids.

        Args:
            after: begin behind this root, as an import does that goes on.
        """
        floor = -LARGEST if after is None else after
        history, comments = _Beside(self._hung(History, floor)), _Beside(self._hung(Comment, floor))
        votes, links = _Beside(self._hung(Vote, floor)), _Beside(self._hung(Link, floor))
        posts = self._select(Post, f"FROM post WHERE {ROOT} > ? ORDER BY {ROOT}, post.id", floor)
        for _, thread in groupby(posts, key=_root):
            pieces = [
                Piece(post, history.of(post.id), comments.of(post.id), votes.of(post.id), links.of(post.id))
                for post in thread
            ]
            yield sorted(pieces, key=lambda piece: piece.post.parent_id is not None)

    def orphans(self) -> dict[str, int]:
        """Rows by file whose post is not in the dump."""
        counts = {}
        for record in HUNG:
            missing = f"SELECT count(*) FROM {_name(record)} WHERE post_id NOT IN (SELECT id FROM post)"  # noqa: S608
            counts[TABLES[record].file] = self._base.execute(missing).fetchone()[0]
        return counts

    def _insert(self, record: type[Record], rows: Iterable[Record]) -> None:
        gaps = ", ".join("?" * len(_fields(record)))
        packed = map(_packing(record), rows)
        self._base.execute("BEGIN")
        try:
            self._base.executemany(f"INSERT INTO {_name(record)} VALUES ({gaps})", packed)  # noqa: S608
        except sqlite3.IntegrityError:
            raise BrokenDump(TABLES[record].file, None, N_("Two rows have one Id.")) from None
        self._base.execute("COMMIT")

    def _hung(self, record: type[R], floor: int) -> Iterator[R]:
        """In the order in which `threads` goes through the posts; the cross join keeps SQLite from sorting first."""
        name = _name(record)
        hung = f"FROM post CROSS JOIN {name} ON {name}.post_id = post.id"
        return self._select(record, f"{hung} WHERE {ROOT} > ? ORDER BY {ROOT}, post.id, {name}.id", floor)

    def _select(self, record: type[R], rest: str, floor: int) -> Iterator[R]:
        rows = self._base.execute(f"SELECT {_name(record)}.* {rest}", (floor,))
        return map(_unpacking(record), rows)


class _Beside(Generic[R]):
    """The rows of one kind, walked along with the posts."""

    def __init__(self, rows: Iterable[R]) -> None:
        self._groups = groupby(rows, key=attrgetter("post_id"))
        self._next = next(self._groups, None)

    def of(self, post_id: int) -> list[R]:
        if self._next is None or self._next[0] != post_id:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _root(post: Post) -> int:
    return post.id if post.parent_id is None else post.parent_id


def _name(record: type[Record]) -> str:
    return record.__name__.lower()


def _fields(record: type[Record]) -> tuple[str, ...]:
    return tuple(signature(record).parameters)


def _columns(record: type[Record]) -> str:
    """Numbers are declared as such: an index of untyped columns would not serve a join."""
    hints = get_type_hints(record)
    numbers = (int, int | None)
    return ", ".join(f"{name} {'INTEGER' if hints[name] in numbers else 'TEXT'}" for name in _fields(record))


def _packing(record: type[Record]) -> Callable[[Record], list[Any]]:
    """Moments as ISO text, tags as one text."""
    places = _places(record)

    def pack(row: Record) -> list[Any]:
        values = list(row)
        for place, (there, _) in places.items():
            if values[place] is not None:
                values[place] = there(values[place])
        return values

    return pack


def _unpacking(record: type[R]) -> Callable[[tuple[Any, ...]], R]:
    places = _places(record)
    make: Callable[..., R] = record

    def unpack(row: tuple[Any, ...]) -> R:
        values = list(row)
        for place, (_, back) in places.items():
            if values[place] is not None:
                values[place] = back(values[place])
        return make(*values)

    return unpack


def _places(record: type[Record]) -> dict[int, tuple[Callable[[Any], str], Callable[[str], Any]]]:
    """The columns that a database cannot hold as they are, with the way there and back."""
    hints = get_type_hints(record)
    ways = [WAYS.get(hints[field]) for field in _fields(record)]
    return {place: way for place, way in enumerate(ways) if way is not None}


_MOMENT = (datetime.isoformat, datetime.fromisoformat)
WAYS: dict[Any, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    datetime: _MOMENT,
    datetime | None: _MOMENT,
    tuple[str, ...]: ("|".join, tag_names),
}
