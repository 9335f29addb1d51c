"""A dump thread by thread: each post with its history, comments, votes and links.

The files are sorted by their own numbers, so that what belongs to one post lies scattered over all of them. They are
brought together in a scratch database on disk: memory stays flat whatever the size.
"""

from __future__ import annotations

import sqlite3
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, Self, TypeVar

from iocop.imports.stackexchange.beside import Beside
from iocop.imports.stackexchange.filling import BESIDE, CACHE, HUNG, ROOT, TAKEN, fill, open_scratch
from iocop.imports.stackexchange.packing import name_of, unpacking
from iocop.imports.stackexchange.plan.posts import COMMUNITY
from iocop.imports.stackexchange.reader import LARGEST, TABLES, Survey, tag_names
from iocop.imports.stackexchange.records import (
    Badge,
    Comment,
    History,
    Link,
    Post,
    Record,
    Tag,
    TagSynonym,
    User,
    Vote,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from iocop.imports.stackexchange.filling import Filled
    from iocop.imports.stackexchange.reader import Dump
    from iocop.imports.stackexchange.rows import Progress

R = TypeVar("R", bound=Record)

LEFT: tuple[type[Record], ...] = (Tag, TagSynonym, Badge)  # few, or not needed again
LARGE = 1 << 23
"""Bytes of a dump from which on a second process is worth its start."""

WRITERS = (
    "SELECT owner_user_id AS id FROM post UNION SELECT user_id FROM comment"
    " UNION SELECT user_id FROM history UNION SELECT user_id FROM vote"
)
_UNKNOWN = f"NOT IN (SELECT id FROM user WHERE id <> {COMMUNITY})"  # noqa: S608 -- our own words
NAMES = " UNION ".join(
    f"SELECT {who}_display_name AS name FROM {table} WHERE coalesce({key}, {COMMUNITY}) {_UNKNOWN}"  # noqa: S608
    for table, who, key in (
        ("post", "owner", "owner_user_id"),
        ("comment", "user", "user_id"),
        ("history", "user", "user_id"),
    )
)


class Piece(NamedTuple):
    """A post and what hangs on it, each in the order of its file."""

    post: Post
    history: list[History]
    comments: list[Comment]
    votes: list[Vote]
    links: list[Link]


class Scratch:
    """The dump as tables in a file of its own; filled once, read in order, removed at the end.

    A context manager. A file left by a killed run is replaced. One thread at a time may use it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_suffix(".beside")

    def __enter__(self) -> Self:
        self._base = open_scratch(self._path)
        return self

    def __exit__(self, *_failure: object) -> None:
        self._base.close()
        self._path.unlink(missing_ok=True)
        self._beside.unlink(missing_ok=True)

    def fill(self, dump: Dump, progress: Progress = lambda _: None) -> Survey:
        """Take in people, posts and all that hangs on them; read every other file to its end.

        Raises:
            BrokenDump: as `Dump.read`, or two rows of a file have one Id.
        """
        filled = self._fill_in_two(dump, progress) if dump.size >= LARGE else self._fill(dump, progress)
        self._base.execute("CREATE TABLE writer (id INTEGER PRIMARY KEY)")
        self._base.execute(f"INSERT INTO writer SELECT id FROM ({WRITERS}) WHERE id IS NOT NULL")  # noqa: S608
        self._base.execute("PRAGMA shrink_memory")  # what follows reads little here, or in another process
        files = {TABLES[record].file: filled[record] for record in (*TAKEN, *LEFT) if dump.has(record)}
        return Survey(
            {file: found.rows for file, found in files.items()},
            {(file, name): rows for file, found in files.items() for name, rows in found.unknown.items()},
        )

    def _fill(
        self, dump: Dump, progress: Progress, left: Container[type[Record]] = ()
    ) -> dict[type[Record], Filled]:
        """Read all files but those of *left*."""
        records = [record for record in (*TAKEN, *LEFT) if record not in left]
        return {record: fill(self._base, dump, record, progress) for record in records}

    def _fill_in_two(self, dump: Dump, progress: Progress) -> dict[type[Record], Filled]:
        with Beside(dump.folder, self._beside, progress) as beside:

            def both(size: int) -> None:
                progress(size)
                beside.pass_on()

            filled = self._fill(dump, both, BESIDE) | beside.found()
        self._attach()
        return filled

    def _attach(self) -> None:
        self._base.execute("ATTACH ? AS beside", (str(self._beside),))
        self._base.execute(f"PRAGMA beside.cache_size = -{CACHE // 2}")

    def threads(self, after: int | None = None) -> Iterator[list[Piece]]:
        """The posts of each root, the root first where it is in the dump, in the order of the roots' ids.

        Args:
            after: begin behind this root, as an import does that goes on.
        """
        floor = -LARGEST if after is None else after
        history, comments = _Along(self._hung(History, floor)), _Along(self._hung(Comment, floor))
        votes, links = _Along(self._hung(Vote, floor)), _Along(self._hung(Link, floor))
        posts = self.select(Post, f"FROM post WHERE {ROOT} > ? ORDER BY {ROOT}, post.id", floor)
        for _, thread in groupby(posts, key=root_of):
            pieces = [
                Piece(post, history.of(post.id), comments.of(post.id), votes.of(post.id), links.of(post.id))
                for post in thread
            ]
            yield sorted(pieces, key=lambda piece: piece.post.parent_id is not None)

    def orphans(self) -> dict[str, int]:
        """Rows by file whose post is not in the dump."""
        counts = {}
        for record in HUNG:
            missing = f"SELECT count(*) FROM {name_of(record)} WHERE post_id NOT IN (SELECT id FROM post)"  # noqa: S608
            counts[TABLES[record].file] = self._base.execute(missing).fetchone()[0]
        return counts

    def writers(self, after: int | None = None) -> Iterator[User]:
        """The accounts that wrote, changed or signed anything, by id; the site's own account is none."""
        floor = COMMUNITY if after is None else after
        return self.select(
            User, "FROM user WHERE id > ? AND id IN (SELECT id FROM writer) ORDER BY id", floor
        )

    def names(self) -> Iterator[str | None]:
        """The names under which accounts wrote that are gone since; None where something has no name at all."""
        rows = self._base.execute(f"SELECT DISTINCT name FROM ({NAMES}) ORDER BY name")  # noqa: S608
        return (name for (name,) in rows)

    def tags(self) -> set[str]:
        """The names of tags on posts."""
        rows = self._base.execute("SELECT DISTINCT tags FROM post WHERE tags <> ''")
        return {name for (text,) in rows for name in tag_names(text)}

    def piece(self, post_id: int) -> Piece | None:
        """One post with its history alone."""
        post = next(self.select(Post, "FROM post WHERE id = ?", post_id), None)
        history = "FROM history WHERE post_id = ? ORDER BY id"
        return post and Piece(post, list(self.select(History, history, post_id)), [], [], [])

    def closed(self, after: int | None = None) -> Iterator[int]:
        """Ids of the posts that were closed at some time."""
        rows = self._base.execute(
            "SELECT id FROM post WHERE id > ? AND (closed_date IS NOT NULL OR id IN"
            " (SELECT post_id FROM history WHERE post_history_type_id = 10)) ORDER BY id",
            (-LARGEST if after is None else after,),
        )
        return (post_id for (post_id,) in rows)

    def keep_authors(self, authors: Iterable[tuple[str, int, str]]) -> None:
        """Remember who each author is here: the author's key, member id and name."""
        self._base.execute(
            "CREATE TABLE author (key TEXT PRIMARY KEY, member_id INTEGER, name TEXT) WITHOUT ROWID"
        )
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO author VALUES (?, ?, ?)", authors)
        self._base.execute("COMMIT")

    def author(self, key: str) -> tuple[int, str] | None:
        """Member id and name of an author kept before."""
        row: tuple[int, str] | None = self._base.execute(
            "SELECT member_id, name FROM author WHERE key = ?", (key,)
        ).fetchone()
        return row

    def select(self, record: type[R], rest: str, floor: int) -> Iterator[R]:
        """The records of one table; *rest* follows its columns and has one gap, for *floor*."""
        rows = self._base.execute(f"SELECT {name_of(record)}.* {rest}", (floor,))
        return map(unpacking(record), rows)

    def _hung(self, record: type[R], floor: int) -> Iterator[R]:
        """In the order in which `threads` goes through the posts; the cross join keeps SQLite from sorting first."""
        name = name_of(record)
        hung = f"FROM post CROSS JOIN {name} ON {name}.post_id = post.id"
        return self.select(record, f"{hung} WHERE {ROOT} > ? ORDER BY {ROOT}, post.id, {name}.id", floor)


class Again(Scratch):
    """The same tables, filled by another process, which keeps them; to be read alone."""

    def __enter__(self) -> Self:
        self._base = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        if self._beside.exists():
            self._attach()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._base.close()


class _Along(Generic[R]):
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


def root_of(post: Post) -> int:
    return post.id if post.parent_id is None else post.parent_id
