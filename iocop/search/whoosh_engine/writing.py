"""Writing the index: in one process, in batches, each commit with the cursor it came to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from whoosh import index as _whoosh_index

from iocop.search.whoosh_engine.schema import CURSOR_REF, as_fields, cursor_fields, make_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from iocop.core.outbox import Cursor
    from iocop.search.port import Document

whoosh_index: Any = _whoosh_index

MOST_SEGMENTS: Final = 20
MERGED_AT_ONCE: Final = 12
MEMORY: Final = 16
"""Megabytes of postings kept before they go to disk."""
DOCUMENTS_A_SEGMENT: Final = 5_000
DOCUMENTS_A_STEP: Final = 100


def write(path: Path, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
    """Replace and delete in one commit."""
    with _writer(whoosh_index.open_dir(str(path))) as writer:
        for ref in {*deletes, CURSOR_REF}:
            writer.delete_by_term("ref", ref)
        for document in upserts:
            writer.add_document(**as_fields(document))
        writer.add_document(**cursor_fields(upto))
        writer.commit(mergetype=_merge)


def build(path: Path, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
    """Fill a new index, a segment every 5,000 documents; yield how many were taken after each 100."""
    index = whoosh_index.create_in(str(path), make_schema())
    remaining = iter(documents)
    taken = 0
    while True:
        before = taken
        with _writer(index) as writer:
            for document in _up_to(DOCUMENTS_A_SEGMENT, remaining):
                writer.add_document(**as_fields(document))
                taken += 1
                if taken % DOCUMENTS_A_STEP == 0:
                    yield taken
            if taken - before < DOCUMENTS_A_SEGMENT:
                writer.add_document(**cursor_fields(upto))
                writer.commit(mergetype=_merge)
                yield taken
                return
            writer.commit(mergetype=_merge)


def _up_to(count: int, documents: Iterator[Document]) -> Iterator[Document]:
    for _, document in zip(range(count), documents, strict=False):
        yield document


@contextmanager
def _writer(index: Any) -> Iterator[Any]:
    """Lend a writer; what was not committed is as if it had never been written."""
    # The library copies a compound segment whole into memory when it opens it: 470 MB a process for 50,000 posts.
    writer = index.writer(limitmb=MEMORY, timeout=5.0, compound=False)
    try:
        yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Leave segments alone up to a number, then put the smallest together: a commit stays quick all day."""
    from whoosh.reading import SegmentReader

    if len(segments) < MOST_SEGMENTS:
        return segments
    by_size = sorted(segments, key=lambda segment: segment.doc_count_all())
    for segment in by_size[:MERGED_AT_ONCE]:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return by_size[MERGED_AT_ONCE:]
