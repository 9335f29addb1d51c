"""The engine: `SearchEngine` on Whoosh."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from iocop.search.matches import NOTHING
from iocop.search.port import EngineDown, Health
from iocop.search.whoosh_engine import suggesting, writing
from iocop.search.whoosh_engine.folder import Folder
from iocop.search.whoosh_engine.found import Found
from iocop.search.whoosh_engine.reading import Reading
from iocop.search.whoosh_engine.schema import read_cursor
from iocop.search.whoosh_engine.scorer import Scorer
from iocop.search.whoosh_engine.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from iocop.core.outbox import Cursor
    from iocop.search.plan import Plan
    from iocop.search.port import Document, Mask, Matches, Named
    from iocop.search.whoosh_engine.snapshot import Snapshot


class WhooshEngine:
    """An index in a folder; safe to use from threads, and from many processes as long as one writes."""

    def __init__(self, path: Path) -> None:
        self._folder = Folder(path)
        self._reading = Reading(self._folder)
        self._vocabulary = Vocabulary()

    def cursor(self) -> Cursor:
        with self._reading.snapshot() as snapshot:
            return _cursor_in(snapshot)

    def languages(self) -> frozenset[str]:
        with self._reading.snapshot() as snapshot:
            return snapshot.languages

    def apply(self, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
        with self._folder.alone("writing") as free:
            path = self._folder.current()
            if path is None or not free:
                raise EngineDown("there is no index, or another process writes it")
            with self._doubting():
                writing.write(path, upserts, deletes, upto)

    def search(self, plan: Plan, mask: Mask) -> Matches:
        if plan.is_empty or not mask.spaces:
            return NOTHING
        with self._reading.snapshot() as snapshot:
            scorer = Scorer(snapshot, mask)
            documents, whole = scorer.search(plan)
            return Found(snapshot, documents, scorer.scores, whole)

    def suggest(self, words: Sequence[str], mask: Mask, limit: int) -> Sequence[Named]:
        if not words or not mask.spaces:
            return []
        with self._reading.snapshot() as snapshot:
            return suggesting.suggest(snapshot, words, mask, limit)

    def known(self, words: Collection[str]) -> dict[str, int]:
        with self._reading.snapshot() as snapshot:
            return self._vocabulary.known(snapshot, words)

    def near(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        with self._reading.snapshot() as snapshot:
            return self._vocabulary.near(snapshot, word, limit)

    def health(self) -> Health:
        with self._reading.snapshot() as snapshot:
            return Health(snapshot.documents, self._folder.size(), _cursor_in(snapshot))

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
        with self._folder.alone("writing", wait=True), self._doubting():
            due = writing.due(self._in_use())
        for done, segment_ids in enumerate(due, 1):
            with self._folder.alone("writing", wait=True), self._doubting():
                writing.rewrite(self._in_use(), segment_ids)
            yield done

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Write in the body; where that fails, the next reader looks whether the files are whole."""
        try:
            yield
        except EngineDown:
            raise
        except Exception:
            self._folder.doubt()
            raise

    def _in_use(self) -> Path:
        path = self._folder.current()
        if path is None:
            raise EngineDown("there is no index")
        return path


def _cursor_in(snapshot: Snapshot) -> Cursor:
    found = snapshot.cursor
    if found is None:
        raise EngineDown("the index does not say how far it has read")
    return read_cursor(found)
