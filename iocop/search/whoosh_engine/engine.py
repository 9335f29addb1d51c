"""The engine: `SearchEngine` on Whoosh."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from iocop.search.port import NOTHING, EngineDown, Found, Health, Hit
from iocop.search.whoosh_engine import queries, writing
from iocop.search.whoosh_engine.folder import Folder
from iocop.search.whoosh_engine.reading import Reading
from iocop.search.whoosh_engine.schema import CURSOR_REF, read_cursor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from iocop.core.outbox import Cursor
    from iocop.search.port import Document, Kind, Mask
    from iocop.search.query import SearchQuery

FEW_WORDS: Final = 3
"""Up to so many words a query asks for all of them first."""
FEW_HITS: Final = 10
"""With fewer hits than this, documents with some of the words follow."""


class WhooshEngine:
    """An index in a folder; safe to use from threads, and from many processes as long as one writes."""

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._reading = Reading(self._folder)

    def cursor(self) -> Cursor:
        with self._reading.searcher() as searcher:
            return _cursor_in(searcher)

    def apply(self, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
        with self._folder.alone("writing") as free:
            path = self._folder.current()
            if path is None or not free:
                raise EngineDown("there is no index, or another process writes it")
            writing.write(path, upserts, deletes, upto)

    def search(self, query: SearchQuery, mask: Mask, kind: Kind, limit: int) -> Found:
        if query.is_empty or not mask.spaces:
            return NOTHING
        with self._reading.searcher() as searcher:
            languages = self._reading.languages
            newest = query.order == "latest"
            if queries.count_of(query, languages) > FEW_WORDS:
                wanted = queries.masked(queries.any_of(query, languages), mask, kind)
                return _found(searcher, wanted, limit, newest=newest)
            wanted = queries.masked(queries.all_of(query, languages), mask, kind)
            found = _found(searcher, wanted, limit, newest=newest)
            if found.total >= FEW_HITS or len(query.terms) < 2:
                return found
            wanted = queries.masked(queries.any_of(query, languages), mask, kind)
            return _followed_by(found, _found(searcher, wanted, limit, newest=newest))

    def similar(self, text: str, mask: Mask, kind: Kind, limit: int) -> Found:
        if not mask.spaces:
            return NOTHING
        with self._reading.searcher() as searcher:
            wanted = queries.masked(queries.like(text, self._reading.languages), mask, kind)
            return _found(searcher, wanted, limit)

    def health(self) -> Health:
        with self._reading.searcher() as searcher:
            return Health(searcher.doc_count() - 1, self._folder.size(), _cursor_in(searcher))

    def building(self) -> bool:
        with self._folder.alone("rebuilding") as free:
            return not free

    def rebuild(self, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
        with self._folder.alone("rebuilding") as free:
            if not free:
                return
            path = self._folder.fresh()
            yield from writing.build(path, documents, upto)
            with self._folder.alone("writing", wait=True):
                self._folder.use(path)

    def forget_deleted(self) -> Iterator[int]:
        with self._folder.alone("writing", wait=True):
            due = writing.outlived(self._in_use())
        for done, segment_id in enumerate(due, 1):
            with self._folder.alone("writing", wait=True):
                writing.rewrite(self._in_use(), segment_id)
            yield done

    def _in_use(self) -> Path:
        path = self._folder.current()
        if path is None:
            raise EngineDown("there is no index")
        return path


def _cursor_in(searcher: Any) -> Cursor:
    found = searcher.document(ref=CURSOR_REF)
    if found is None:
        raise EngineDown("the index does not say how far it has read")
    return read_cursor(found["found"])


def _found(searcher: Any, query: Any, limit: int, *, newest: bool = False) -> Found:
    """Score every match and take the best.

    Never Whoosh's own `limit`: its short cut to the best few drops better hits, or fails, once a mask is part of the
    query (`IntersectionMatcher.replace` forgets one side).
    """
    order = {"sortedby": "number", "reverse": True} if newest else {}
    results = searcher.search(query, limit=None, **order)
    by_key: dict[tuple[str, int], Hit] = {}
    for result in islice(results, limit):
        kind, key, topic_id = result["found"]
        by_key.setdefault((kind, key), Hit(kind, key, topic_id, float(result.score or 0.0)))
    hits = tuple(by_key.values())
    return Found(hits, len(hits) if len(results) <= limit else len(results))


def _followed_by(first: Found, then: Found) -> Found:
    """Put hits with some of the words below those with all of them."""
    known = {(hit.kind, hit.id) for hit in first.hits}
    further = tuple(
        Hit(hit.kind, hit.id, hit.topic_id, hit.score, all_words=False)
        for hit in then.hits
        if (hit.kind, hit.id) not in known
    )
    return Found(first.hits + further, max(first.total + len(further), then.total))
