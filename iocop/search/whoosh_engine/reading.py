"""One view of the index a process, brought up to date before each search."""

from __future__ import annotations

import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import structlog
from whoosh import index as _whoosh_index
from whoosh.filedb import filestore as _whoosh_filestore

from iocop.search.port import EngineDown
from iocop.search.whoosh_engine.kept import Kept
from iocop.search.whoosh_engine.keyed import Names
from iocop.search.whoosh_engine.segment import Segment
from iocop.search.whoosh_engine.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iocop.search.whoosh_engine.folder import Folder

whoosh_index: Any = _whoosh_index  # untyped inside
whoosh_filestore: Any = _whoosh_filestore

NAME: Final = "MAIN"
TRIES: Final = 10

log = structlog.get_logger(__name__)


class Reading:
    """Keeps the newest snapshot; a lock lets one thread search at a time, as segments are closed when outdated.

    A segment never changes while it lives: only which of its documents were deleted, which stands elsewhere. So what
    was read of one is kept when others come and go.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._segments: dict[str, Segment] = {}
        self._doubted = 0
        weakref.finalize(self, _close_all, self._segments)
        self._forget()

    def _forget(self) -> None:
        _close_all(self._segments)
        self._kept, self._names = Kept(), Names()
        self._path: Path | None = None
        self._generation = -1
        self._snapshot = Snapshot([], [], self._kept, self._names)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Lend the snapshot.

        Raises:
            EngineDown: no index, or not one that can be read; whatever a broken file makes Whoosh raise is meant.
        """
        with self._lock:
            try:
                self._refresh_current()
                yield self._snapshot
            except EngineDown:
                raise
            except Exception as error:
                log.warning("search_index_unreadable", error=type(error).__name__, words=str(error)[:200])
                self._forget()
                raise EngineDown(f"{type(error).__name__}: {error}") from error

    def _refresh_current(self) -> None:
        """Go on to the index in use; one that is dropped while it is being opened has a successor."""
        doubted = self._folder.doubted()
        if doubted != self._doubted:
            self._forget()
            self._doubted = doubted
        path = self._folder.current()
        while path is not None:
            try:
                return self._refresh(path)
            except Exception:
                successor = self._folder.current()
                if successor == path:
                    self._folder.doubt()
                    raise
                path = successor
        raise EngineDown("there is no index")

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
                self._open(path, storage, generation)
            except OSError:  # a writer dropped old segments between our two looks
                if attempt == TRIES:
                    raise
                time.sleep(0.02)

    def _open(self, path: Path, storage: Any, generation: int) -> None:
        """Open what is new, keep what is unchanged, close the rest."""
        described = whoosh_index.TOC.read(storage, NAME).segments
        for one in described:
            if one.segment_id() not in self._segments:
                self._segments[one.segment_id()] = Segment(path, storage, one)
        gone = self._segments.keys() - {one.segment_id() for one in described}
        for name in gone:
            self._segments.pop(name).close()
        segments = [self._segments[one.segment_id()] for one in described]
        deleted = [set(one.deleted_docs()) for one in described]
        self._snapshot = Snapshot(segments, deleted, self._kept, self._names)
        self._generation = generation


def _close_all(segments: dict[str, Segment]) -> None:
    """Close the files of some segments; what keeps them is empty afterwards."""
    for segment in segments.values():
        segment.close()
    segments.clear()
