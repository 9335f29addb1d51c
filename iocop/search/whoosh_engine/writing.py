"""Writing the index: in one process, in batches, each commit with the cursor it came to."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from whoosh import index as _whoosh_index
from whoosh.codec import whoosh3 as _whoosh3
from whoosh.reading import SegmentReader

from iocop.search.whoosh_engine.schema import CURSOR_REF, as_fields, cursor_fields, make_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from iocop.core.outbox import Cursor
    from iocop.search.port import Document

whoosh_index: Any = _whoosh_index
whoosh3: Any = _whoosh3

MOST_SEGMENTS: Final = 20
MERGED_AT_ONCE: Final = 12
MEMORY: Final = 16
"""Megabytes of postings kept before they go to disk."""
POSTINGS_A_BLOCK: Final = 1024
"""Lists are read whole, so large blocks cost nothing and are read sooner."""
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


def outlived(path: Path) -> list[str]:
    """Return the ids of the segments that still hold words of documents that were deleted since."""
    index = whoosh_index.open_dir(str(path))
    return [segment.segment_id() for segment in index._segments() if _holds_deleted(index, segment)]


def _holds_deleted(index: Any, segment: Any) -> bool:
    """Say whether a segment has a deleted document that is no cursor: those, one a commit, have no words."""
    if not segment.has_deletions():
        return False
    with closing(SegmentReader(index.storage, index.schema, segment)) as reader:
        deleted = (reader.stored_fields(number) for number in segment.deleted_docs())
        return any("cursor" not in stored for stored in deleted)


def rewrite(path: Path, segment_id: str) -> None:
    """Write one segment anew without what was deleted in it; one that was merged meanwhile is gone already."""

    def merge(writer: Any, segments: list[Any]) -> list[Any]:
        _take_over(writer, [segment for segment in segments if segment.segment_id() == segment_id])
        return [segment for segment in segments if segment.segment_id() != segment_id]

    with _writer(whoosh_index.open_dir(str(path))) as writer:
        writer.commit(mergetype=merge)


def _up_to(count: int, documents: Iterator[Document]) -> Iterator[Document]:
    for _, document in zip(range(count), documents, strict=False):
        yield document


@contextmanager
def _writer(index: Any) -> Iterator[Any]:
    """Lend a writer; what was not committed is as if it had never been written."""
    # The library copies a compound segment whole into memory when it opens it: 470 MB a process for 50,000 posts.
    codec = whoosh3.W3Codec(blocklimit=POSTINGS_A_BLOCK)
    writer = index.writer(limitmb=MEMORY, timeout=5.0, compound=False, codec=codec)
    try:
        yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Leave segments alone up to a number, then put the smallest together: a commit stays quick all day."""
    if len(segments) < MOST_SEGMENTS:
        return segments
    by_size = sorted(segments, key=lambda segment: segment.doc_count_all())
    _take_over(writer, by_size[:MERGED_AT_ONCE])
    return by_size[MERGED_AT_ONCE:]


def _take_over(writer: Any, segments: Iterable[Any]) -> None:
    """Write what is left of some segments into the one being written."""
    for segment in segments:
        with closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
            writer.add_reader(reader)
