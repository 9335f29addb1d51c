"""An export page by page, each with its revisions from the first to the last.

Exports list revisions in either order, and a page may be in one twice. So all is brought together in a scratch database
on disk first: memory stays flat whatever the size, and a broken file is found before anything is written.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from datetime import UTC, datetime
from hashlib import blake2s
from typing import TYPE_CHECKING, NamedTuple, Self

from iocop.imports.mediawiki.plan.fates import BY_NAMESPACE, Fate, fate_of
from iocop.imports.mediawiki.plan.people import NOBODY, UNREGISTERED, is_anonymous, name_of
from iocop.imports.mediawiki.plan.redirects import target_in
from iocop.imports.mediawiki.records import Page, Revision
from iocop.imports.mediawiki.wikitext.names import Names
from iocop.imports.people import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from iocop.imports.mediawiki.reader import Export
    from iocop.imports.stackexchange.rows import Progress

CACHE = 32_000  # kibibytes
HEAD = 600  # characters of a text in which a redirect says where it leads
PAGES = (
    "page (n INTEGER PRIMARY KEY, key TEXT UNIQUE, title TEXT, namespace INTEGER, redirect TEXT,"
    " model TEXT, fate TEXT, revisions INTEGER, texts INTEGER)"
)
TABLES = (
    PAGES,
    "revision (seq INTEGER PRIMARY KEY, page INTEGER, at TEXT, id INTEGER, who TEXT, comment TEXT, text BLOB)",
    "author (key TEXT PRIMARY KEY, name TEXT, since TEXT, member_id INTEGER) WITHOUT ROWID",
    "address (address TEXT PRIMARY KEY) WITHOUT ROWID",
)
_IN_ORDER = "FROM revision WHERE page = ? ORDER BY at, coalesce(id, 0), seq"


class Stored(NamedTuple):
    """A page that was read whole."""

    n: int  # by which pages are gone through
    key: str  # what the site knows it by
    title: str
    redirect: str | None
    revisions: int


class State(NamedTuple):
    """One of its revisions; *text* is None where the file has none."""

    at: datetime
    who: str
    comment: str
    text: str | None


class Kept(NamedTuple):
    """How many pages of one sort there are, and revisions of them."""

    fate: str
    namespace: int
    model: str
    is_redirect: bool
    pages: int
    revisions: int


class Scratch:
    """The export as tables in a file of its own; filled once, read in order, removed at the end. A context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.twice: Counter[str] = Counter()  # pages and revisions that the file has twice

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._base = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = off", "synchronous = off", f"cache_size = -{CACHE}"):
            self._base.execute(f"PRAGMA {setting}")
        for table in TABLES:
            self._base.execute(f"CREATE TABLE {table}")
        return self

    def __exit__(self, *_failure: object) -> None:
        self._base.close()
        self._path.unlink(missing_ok=True)

    def fill(self, export: Export, progress: Progress = lambda _: None) -> None:
        """Read the export to its end.

        Raises:
            BrokenDump: as `Export.read`.
        """
        self._base.execute("CREATE INDEX revision_page ON revision (page)")
        self._base.execute("BEGIN")
        filling: _Filling | None = None
        for event in export.read(progress):
            if isinstance(event, Page):
                self._close(filling)
                filling = self._open(event, export)
            elif filling is not None:
                self._add(filling, event)
        self._close(filling)
        self._base.execute("COMMIT")
        self._base.execute("CREATE INDEX page_title ON page (title)")

    def pages(self, fate: str, after: int = -1) -> Iterator[Stored]:
        """The pages of one fate, in the order of the file."""
        rows = self._base.execute(
            "SELECT n, key, title, redirect, revisions FROM page WHERE fate = ? AND n > ? ORDER BY n",
            (fate, after),
        )
        return map(Stored._make, rows)

    def sorts(self) -> Iterator[Kept]:
        """All pages, counted."""
        rows = self._base.execute(
            "SELECT fate, namespace, model, redirect IS NOT NULL, count(*), sum(revisions) FROM page GROUP BY 1, 2, 3, 4"
        )
        return map(Kept._make, rows)

    def titled(self, title: str) -> tuple[str, str, str | None] | None:
        """Key, fate and redirect of the page of a title, whatever the case of its first letter."""
        row: tuple[str, str, str | None] | None = self._base.execute(
            "SELECT key, fate, redirect FROM page WHERE title IN (?, ?)"
            " ORDER BY fate NOT IN ('article', 'redirect'), n",
            (title, title[:1].upper() + title[1:]),
        ).fetchone()
        return row

    def times(self, n: int) -> list[datetime]:
        """When each revision of a page was saved, oldest first."""
        return [datetime.fromisoformat(at) for (at,) in self._base.execute(f"SELECT at {_IN_ORDER}", (n,))]

    def states(self, n: int, start: int = 0) -> Iterator[State]:
        """The revisions of a page, oldest first, from one on."""
        rows = self._base.execute(f"SELECT at, who, comment, text {_IN_ORDER} LIMIT -1 OFFSET ?", (n, start))
        return (State(datetime.fromisoformat(at), who, said, _unpacked(text)) for at, who, said, text in rows)

    def text_before(self, n: int, start: int) -> str:
        """The last text among the first *start* revisions of a page."""
        place = "row_number() OVER (ORDER BY at, coalesce(id, 0), seq) AS place"
        numbered = f"SELECT text, {place} FROM revision WHERE page = ?"  # noqa: S608
        row = self._base.execute(
            f"SELECT text FROM ({numbered}) WHERE place <= ? AND text IS NOT NULL ORDER BY place DESC LIMIT 1",  # noqa: S608
            (n, start),
        ).fetchone()
        return (_unpacked(row[0]) or "") if row else ""

    def last_text(self, n: int) -> str:
        """The last text of a page that there is."""
        row = self._base.execute(
            "SELECT text FROM revision WHERE page = ? AND text IS NOT NULL"
            " ORDER BY at DESC, coalesce(id, 0) DESC, seq DESC LIMIT 1", (n,)
        ).fetchone()  # fmt: skip
        return (_unpacked(row[0]) or "") if row else ""

    def credits(self, n: int) -> list[str]:
        """The keys of a page's authors with a name, those with most revisions first."""
        rows = self._base.execute(
            "SELECT who FROM revision WHERE page = ? AND who NOT IN (?, ?) GROUP BY who"
            " ORDER BY count(*) DESC, min(at), who", (n, UNREGISTERED, NOBODY)
        )  # fmt: skip
        return [who for (who,) in rows]

    def authors(self) -> Iterator[tuple[str, str, datetime]]:
        """Key, name and first day of everybody who wrote in what comes along."""
        rows = self._base.execute(
            "SELECT key, name, since FROM author WHERE key IN"
            " (SELECT who FROM revision JOIN page ON page.n = page WHERE fate = 'article') ORDER BY key"
        )
        return ((key, name, datetime.fromisoformat(since)) for key, name, since in rows)

    def keep_authors(self, authors: Iterable[tuple[str, int, str]]) -> None:
        """Remember who each author is here: the author's key, member id and name."""
        self._base.execute("BEGIN")
        self._base.executemany(
            "UPDATE author SET member_id = ?2, name = ?3 WHERE key = ?1", authors
        )  # fmt: skip
        self._base.execute("COMMIT")

    def author(self, key: str) -> tuple[int, str]:
        """Member id and name of an author kept before."""
        row: tuple[int, str] = self._base.execute(
            "SELECT member_id, name FROM author WHERE key = ?", (key,)
        ).fetchone()
        return row

    def __contains__(self, address: object) -> bool:
        """Say whether somebody wrote from this address of the internet."""
        return bool(self._base.execute("SELECT 1 FROM address WHERE address = ?", (address,)).fetchone())

    def _open(self, page: Page, export: Export) -> _Filling:
        namespace = page.namespace
        if namespace is None:
            namespace = Names(tuple(export.wiki.namespaces.items())).target(page.title).namespace or 0
        by_title = f"title-{blake2s(page.title.encode(), digest_size=12).hexdigest()}"
        key = by_title if page.id is None else f"page-{page.id}"
        for candidate in (key, by_title):
            row = self._base.execute("SELECT n, title FROM page WHERE key = ?", (candidate,)).fetchone()
            if row is None:
                inserted = self._base.execute(
                    "INSERT INTO page (key, title, namespace, revisions, texts) VALUES (?, ?, ?, 0, 0) RETURNING n",
                    (candidate, page.title, namespace),
                )
                return _Filling(inserted.fetchone()[0], page, namespace)
            if row[1] == page.title:
                break
        self.twice["page"] += 1
        return _Filling(row[0], page, namespace, is_again=True)

    def _add(self, filling: _Filling, revision: Revision) -> None:
        again = "SELECT 1 FROM revision WHERE page = ? AND id = ?"
        if filling.is_again and self._base.execute(again, (filling.n, revision.id)).fetchone():
            self.twice["revision"] += 1
            return
        at = revision.at.astimezone(UTC).isoformat()
        who = self._who(revision, at)
        comes = isinstance(BY_NAMESPACE.get(filling.namespace), Fate)
        text = (
            zlib.compress(revision.text.encode("utf-8", "replace"), 1)
            if comes and revision.text is not None
            else None
        )
        self._base.execute(
            "INSERT INTO revision (page, at, id, who, comment, text) VALUES (?, ?, ?, ?, ?, ?)",
            (filling.n, at, revision.id, who, revision.comment if comes else "", text),
        )
        filling.count(revision, at)

    def _who(self, revision: Revision, at: str) -> str:
        name = name_of(revision)
        key = UNREGISTERED if is_anonymous(revision) else NOBODY
        if name is not None:
            key = f"user-{revision.user_id}" if revision.user_id else name_key(name)
        elif revision.user:
            self._base.execute(
                "INSERT OR IGNORE INTO address VALUES (?)", (revision.user.rpartition(">")[2],)
            )
        self._base.execute(
            "INSERT INTO author (key, name, since) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET since = min(since, excluded.since), name = excluded.name", (key, name or "", at)
        )  # fmt: skip
        return key

    def _close(self, filling: _Filling | None) -> None:
        if filling is None:
            return
        redirect = filling.redirect()
        fate = fate_of(filling.namespace, filling.model)
        if redirect is not None:
            word = "redirect" if fate is Fate.ARTICLE else "left"
        else:
            word = str(fate) if isinstance(fate, Fate) and filling.texts else "left"
        self._base.execute(
            "UPDATE page SET redirect = ?, model = ?, fate = ?, revisions = revisions + ?, texts = texts + ?"
            " WHERE n = ?",
            (redirect, filling.model, word, filling.revisions, filling.texts, filling.n),
        )


class _Filling:
    """The page under way."""

    def __init__(self, n: int, page: Page, namespace: int, *, is_again: bool = False) -> None:
        self.n, self.page, self.namespace, self.is_again = n, page, namespace, is_again
        self.model, self.head, self.last = "wikitext", "", ""
        self.revisions = self.texts = 0

    def count(self, revision: Revision, at: str) -> None:
        self.revisions += 1
        self.texts += revision.text is not None
        if at >= self.last:
            self.last, self.model, self.head = at, revision.model, (revision.text or "")[:HEAD]

    def redirect(self) -> str | None:
        """The title it leads to; empty where nothing says so."""
        given = self.page.redirect
        if given:
            return given
        found = target_in(self.head, marked=given is not None)
        return found if given is None else found or ""


def _unpacked(text: bytes | None) -> str | None:
    return zlib.decompress(text).decode() if text is not None else None
