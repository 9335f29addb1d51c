"""One searcher a process, brought up to date before each search."""

from __future__ import annotations

import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import structlog
from whoosh import index as _whoosh_index
from whoosh import reading as _whoosh_reading
from whoosh.filedb import filestore as _whoosh_filestore
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from iocop.search.port import EngineDown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iocop.search.whoosh_engine.folder import Folder

whoosh_index: Any = _whoosh_index  # untyped inside
whoosh_reading: Any = _whoosh_reading
whoosh_filestore: Any = _whoosh_filestore

NAME: Final = "MAIN"
TRIES: Final = 10
WEIGHTING: Final[Any] = BM25F(B=0.75, K1=1.2, title_stem_B=0.0, title_exact_B=0.0)
"""Most posts have no title, so the average title is so short that its length must not count against one."""

log = structlog.get_logger(__name__)


class Reading:
    """Keeps the newest searcher; a lock lets one thread search at a time, as segments are closed when outdated.

    Whoosh's own `Searcher.refresh()` is not used: it keeps readers of segments that were merged away and does not see
    deletions in those it keeps, so that replaced documents are found twice and deleted ones for ever.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._segments: dict[tuple[str, frozenset[int]], Any] = {}
        weakref.finalize(self, _close_all, self._segments)
        self._forget()

    def _forget(self) -> None:
        _close_all(self._segments)
        self._path: Path | None = None
        self._generation = -1
        self._searcher: Any = None
        self.languages: frozenset[str] = frozenset()

    @contextmanager
    def searcher(self) -> Iterator[Any]:
        """Lend the searcher.

        Raises:
            EngineDown: no index, or not one that can be read; whatever a broken file makes Whoosh raise is meant.
        """
        with self._lock:
            path = self._folder.current()
            if path is None:
                raise EngineDown("there is no index")
            try:
                self._refresh(path)
                yield self._searcher
            except Exception as error:
                log.warning("search_index_unreadable", error=type(error).__name__, words=str(error)[:200])
                self._forget()
                raise EngineDown(f"{type(error).__name__}: {error}") from error

    def _refresh(self, path: Path) -> None:
        if path != self._path:
            self._forget()
            self._path = path
        storage = whoosh_filestore.FileStorage(str(path))
        for attempt in range(1, TRIES + 1):
            generation = whoosh_index.TOC._latest_generation(storage, NAME)
            if generation == self._generation:
                return
            try:
                self._open(storage, generation)
            except OSError:  # a writer dropped old segments between our two looks
                if attempt == TRIES:
                    raise
                time.sleep(0.02)

    def _open(self, storage: Any, generation: int) -> None:
        """Open what is new, keep what is unchanged, close the rest."""
        contents = whoosh_index.TOC.read(storage, NAME)
        opened: dict[tuple[str, frozenset[int]], Any] = {}
        for segment in contents.segments:
            key = (segment.segment_id(), frozenset(segment.deleted_docs()))
            opened[key] = self._segments.get(key) or whoosh_reading.SegmentReader(
                storage, contents.schema, segment, generation=generation
            )
        for key in self._segments.keys() - opened.keys():
            self._segments[key].close()
        self._segments.clear()
        self._segments.update(opened)
        self._searcher = Searcher(
            _together(contents.schema, list(opened.values()), generation), weighting=WEIGHTING
        )
        self._generation = generation
        self.languages = frozenset(
            term.decode() if isinstance(term, bytes) else term
            for term in self._searcher.reader().lexicon("language")
        )


def _close_all(segments: dict[tuple[str, frozenset[int]], Any]) -> None:
    """Close the files of some segments; what keeps them is empty afterwards."""
    for reader in segments.values():
        reader.close()
    segments.clear()


def _together(schema: Any, readers: list[Any], generation: int) -> Any:
    if not readers:
        return whoosh_reading.EmptyReader(schema)
    return readers[0] if len(readers) == 1 else whoosh_reading.MultiReader(readers, generation=generation)
