"""What refers to what, once everything stands: links between posts, and the question a duplicate gave way to."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  (a NamedTuple reads it while the program runs)
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, tuple_, update

from iocop.contributions.models import Contribution, Link
from iocop.core.db import act, db
from iocop.core.versions import bump
from iocop.forums.models import Topic
from iocop.forums.services.bulk import BulkLink, write_links
from iocop.imports.batches import batches
from iocop.imports.stackexchange.outcome import originals_among
from iocop.imports.stackexchange.plan.closing import closing_of
from iocop.imports.stackexchange.plan.posts import link_kind
from iocop.imports.stackexchange.reader import LARGEST
from iocop.imports.stackexchange.records import Link as LinkRow
from iocop.imports.stackexchange.texts import post_key
from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from iocop.imports.runs import Run
    from iocop.imports.stackexchange.threads import Scratch

LINKS = "PostLinks.xml"
BATCH = 500
KINDS = {"related": "linked", "duplicate": "duplicate"}

NOT_HERE = N_("links from or to posts that are not here")
TO_ITSELF = N_("links of a post to itself")


Key = tuple[int, int, str]  # from, to, kind


class Given(NamedTuple):
    id: int
    created_at: datetime


def import_links(run: Run, scratch: Scratch) -> None:
    cursor = run.cursor("links")
    rows = scratch.select(
        LinkRow, "FROM link WHERE id > ? ORDER BY id", -LARGEST if cursor is None else cursor
    )
    for some in batches(rows, BATCH):
        here = _here(run.source, [post for row in some for post in (row.post_id, row.related_post_id)])
        with act() as session:
            wanted = _wanted(run, some, here)
            known = _known(session, wanted)
            new = [link for key, link in wanted.items() if key not in known]
            write_links(new)
            run.report.written(LINKS, len(new))
            run.report.merged(LINKS, len(wanted) - len(new))
            run.keep("links", some[-1].id)


def import_successors(run: Run, scratch: Scratch) -> None:
    """Point each duplicate to its original, where nobody has said otherwise."""
    for some in batches(scratch.closed(after=run.cursor("successors")), BATCH):
        originals = {post: first for post in some for first in _original(scratch, post)[:1]}
        here = _here(run.source, [*originals, *originals.values()])
        with act() as session:
            for post, original in originals.items():
                if post in here and original in here:
                    _succeed(session, here[post].id, here[original].id)
            run.keep("successors", some[-1])


def _wanted(run: Run, rows: Iterable[LinkRow], here: Mapping[int, Given]) -> dict[Key, BulkLink]:
    """The links to write; one the dump has twice is counted as part of its first."""
    wanted: dict[Key, BulkLink] = {}
    for row in rows:
        kind, start, end = link_kind(row), here.get(row.post_id), here.get(row.related_post_id)
        if isinstance(kind, Phrase):
            run.report.skipped(LINKS, kind)
        elif start is None or end is None:
            run.report.skipped(LINKS, NOT_HERE)
        elif start.id == end.id:
            run.report.skipped(LINKS, TO_ITSELF)
        else:
            link = BulkLink(start.id, end.id, KINDS[kind], row.creation_date or start.created_at)
            if wanted.setdefault(link[:3], link) is not link:
                run.report.merged(LINKS)
    return wanted


def _known(session: Session, wanted: Iterable[Key]) -> set[Key]:
    columns = (Link.from_id, Link.to_id, Link.kind)
    rows = session.execute(select(*columns).where(tuple_(*columns).in_(list(wanted))))
    return {(from_id, to_id, kind) for from_id, to_id, kind in rows}


def _here(source: str, posts: Iterable[int]) -> dict[int, Given]:
    """The contributions that these posts are."""
    keys = {post_key(post): post for post in posts}
    rows = db.session.execute(
        select(Contribution.source_id, Contribution.id, Contribution.created_at).where(
            Contribution.source == source, Contribution.source_id.in_(keys)
        )
    )
    return {keys[row.source_id]: Given(row.id, row.created_at) for row in rows}


def _original(scratch: Scratch, post_id: int) -> Sequence[int]:
    piece = scratch.piece(post_id)
    links = list(scratch.select(LinkRow, "FROM link WHERE post_id = ? ORDER BY id", post_id))
    closing = piece and closing_of(piece.post, piece.history, originals_among(links))
    return closing.originals if closing else ()


def _succeed(session: Session, topic_id: int, successor_id: int) -> None:
    changed = session.scalar(
        update(Topic)
        .where(
            Topic.id == topic_id,
            Topic.id != successor_id,
            Topic.closed_at.is_not(None),
            Topic.successor_id.is_(None),
            select(Topic.id).where(Topic.id == successor_id).exists(),
        )
        .values(successor_id=successor_id)
        .returning(Topic.id)
    )
    if changed is not None:
        bump(f"topic:{topic_id}")
