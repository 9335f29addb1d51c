"""Writing the index: in one process, in batches, each commit with the cursor it came to."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from whoosh import index as _whoosh_index

from iocop.search.whoosh_engine.filing import Filing
from iocop.search.whoosh_engine.schema import CURSOR_KIND, CURSOR_REF, as_fields, cursor_fields, make_schema
from iocop.search.whoosh_engine.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from iocop.core.outbox import Cursor
    from iocop.search.port import Document

whoosh_index: Any = _whoosh_index

MOST_SEGMENTS: Final = 20
MERGED_AT_ONCE: Final = 12
POSTINGS_A_SEGMENT: Final = 500_000
"""Kept in memory before they go to disk: about 25 MB."""
DOCUMENTS_A_STEP: Final = 100
LARGE: Final = 20_000
"""Documents of a segment that is not put together with others by night."""


def write(path: Path, upserts: Iterable[Document], deletes: Collection[str], upto: Cursor) -> None:
    """Replace and delete in one commit."""
    _merge_smallest(path)
    with _writer(whoosh_index.open_dir(str(path))) as writer:
        for ref in {*deletes, CURSOR_REF}:
            writer.delete_by_term("ref", ref)
        for document in upserts:
            writer.add_document(**as_fields(document))
        writer.add_document(**cursor_fields(upto))
        writer.commit(merge=False)


def build(path: Path, documents: Iterable[Document], upto: Cursor) -> Iterator[int]:
    """Fill a new index, segment by segment, and make them one; yield how many were taken so far after each step."""
    index = whoosh_index.create_in(str(path), make_schema())
    remaining = iter(documents)
    taken, more = 0, True
    while more:
        with _writer(index) as writer:
            while more and writer.gathered.size < POSTINGS_A_SEGMENT:
                some = list(islice(remaining, DOCUMENTS_A_STEP))
                for document in some:
                    writer.add_document(**as_fields(document))
                taken, more = taken + len(some), len(some) == DOCUMENTS_A_STEP
                yield taken
            if not more:
                writer.add_document(**cursor_fields(upto))
            writer.commit(merge=False)
    segments = [segment.segment_id() for segment in index._segments()]
    if len(segments) > 1:
        for _ in _together(path, segments):
            yield taken


def due(path: Path) -> list[list[str]]:
    """Return the ids of segments to be written anew by night, those that become one together.

    Which is every small segment if there are several, and each that holds words of documents deleted since.
    """
    index = whoosh_index.open_dir(str(path))
    segments = index._segments()
    small = [one for one in segments if one.doc_count_all() < LARGE]
    alone = segments if len(small) < 2 else [one for one in segments if one not in small]
    groups = [small] if len(small) > 1 else []
    groups += [[one] for one in alone if _holds_deleted(path, index, one)]
    return [[one.segment_id() for one in group] for group in groups]


def _holds_deleted(path: Path, index: Any, described: Any) -> bool:
    """Say whether a segment has a deleted document that is no cursor: those, one a commit, have no words."""
    if not described.has_deletions():
        return False
    with closing(Segment(path, index.storage, described)) as segment:
        kinds = segment.columns["kind"]
        return any(kinds[document] != CURSOR_KIND for document in described.deleted_docs())


def rewrite(path: Path, segment_ids: Collection[str]) -> None:
    """Write segments anew as one, without what was deleted in them; those merged meanwhile are gone already."""
    for _ in _together(path, segment_ids):
        pass


def _merge_smallest(path: Path) -> None:
    """Leave segments alone up to a number, then put the smallest together: a commit stays quick all day."""
    segments = whoosh_index.open_dir(str(path))._segments()
    if len(segments) >= MOST_SEGMENTS:
        by_size = sorted(segments, key=lambda segment: segment.doc_count_all())
        rewrite(path, [segment.segment_id() for segment in by_size[:MERGED_AT_ONCE]])


def _together(path: Path, segment_ids: Collection[str]) -> Iterator[int]:
    """Write what is left of some segments as one, step by step."""
    index = whoosh_index.open_dir(str(path))
    with _writer(index) as writer, ExitStack() as opened:
        chosen = [one for one in writer.segments if one.segment_id() in segment_ids]
        others = [one for one in writer.segments if one.segment_id() not in segment_ids]
        taken = []
        for one in chosen:
            segment = opened.enter_context(closing(Segment(path, index.storage, one)))
            taken.append(writer.take(segment, set(one.deleted_docs())))
        yield from writer.merging(taken)
        writer.commit(mergetype=lambda _writer, _segments: others)


@contextmanager
def _writer(index: Any) -> Iterator[Filing]:
    """Lend a writer; what was not committed is as if it had never been written."""
    writer = Filing(index)
    try:
        yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()
