"""Saved searches are run on what is new alone: the worker looks through each batch the index has taken."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import current_app
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.contributions.models import Attachment, Contribution
from iocop.core import clock, outbox
from iocop.core.db import act, db, is_postgresql
from iocop.core.events import Event, emit
from iocop.core.outbox import Cursor
from iocop.members.queries import viewer_of
from iocop.repertoire.queries.glossary import words_within
from iocop.repertoire.titles import key
from iocop.search import documents
from iocop.search.asking import KIND_OF, asked, words_alone
from iocop.search.batches import Batch
from iocop.search.events import SearchMatched
from iocop.search.indexer import engine
from iocop.search.models import SavedSearch, SearchMatch, SearchRound
from iocop.search.port import EngineDown
from iocop.search.query import parse
from iocop.search.synonyms import meanings
from iocop.search.touched import TOUCHES, Touched, touched_by
from iocop.spaces.models import Space
from iocop.spaces.queries import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer
    from iocop.search.port import Document, Mask

EVENTS_A_ROUND: Final = 200
FRESH: Final = timedelta(days=30)
"""What was written longer ago is no news, however late it comes to be readable; so long a match is remembered."""


NO_NEWS: Final = frozenset({"ContributionsLoaded", "Marked", "MarkWithdrawn"})
ABOUT_OTHERS: Final = frozenset({"members", "organizations", "spaces"})
"""What documents nobody is told of stand for."""
BEHIND: Final = 1_000
"""Events the noted place may lag while nobody wants to be told, so that it need not be written with each batch."""


class Found(NamedTuple):
    """A document that a saved search finds."""

    saved_search_id: int
    member_id: int
    ref: str
    contribution_id: int
    root_id: int


def look_through_new() -> int:
    """Run saved searches on what the index has taken since the last round; return how many rounds were made.

    A round killed half-way is made again: what it found and how far it came are one act.
    """
    try:
        upto = engine().cursor()
    except EngineDown:
        return 0
    if current_app.extensions.get("search_round") == upto:
        return 0
    since = _stands_at(upto)
    happened = [one for one in outbox.read(since, _kinds(), EVENTS_A_ROUND) if one.cursor <= upto]
    reached = happened[-1].cursor if len(happened) == EVENTS_A_ROUND else max(since, upto)
    touched = Touched()
    for one in happened:
        touched |= touched_by(one.event)
    searches = _searches()
    if searches or reached.event_id - since.event_id > BEHIND:
        _settle(since, reached, _found(touched, searches))
    if reached >= upto:
        current_app.extensions["search_round"] = upto
    return 1 if happened else 0


def _kinds() -> list[str]:
    """Return the events that can make something new; what was imported is none, nor is a mark or a person."""
    return [
        name
        for name, touched in TOUCHES.items()
        if name in Event.kinds and name not in NO_NEWS and {what for what, _key in touched} - ABOUT_OTHERS
    ]


def _stands_at(upto: Cursor) -> Cursor:
    """Return how far the last round came; the first begins where the index stands now."""
    row = db.session.get(SearchRound, 1, populate_existing=True)
    if row is None:
        with act() as session:
            start = (postgresql.insert if is_postgresql() else sqlite.insert)(SearchRound)
            session.execute(start.values(id=1, xid=upto.xid, event_id=upto.event_id).on_conflict_do_nothing())
        row = db.session.get_one(SearchRound, 1)
    return Cursor(row.xid, row.event_id)


def _settle(since: Cursor, reached: Cursor, found: Sequence[Found]) -> None:
    """Keep what is new and how far the round came, unless another worker was quicker."""
    if since == reached and not found:
        return
    with act() as session:
        stands = session.get_one(SearchRound, 1, with_for_update=True, populate_existing=True)
        if (stands.xid, stands.event_id) != since:
            return
        stands.xid, stands.event_id = reached
        for (saved_id, member_id), new in _by_search(_unknown(session, found)).items():
            roots = tuple(sorted({one.root_id for one in new}))
            emit(SearchMatched(None, member_id, saved_id, roots))


def _unknown(session: Session, found: Iterable[Found]) -> Iterator[Found]:
    """Write down what was not found before, and give it."""
    now = clock.now()
    standing = {(one.saved_search_id, one.member_id) for one in found}
    still = set(
        session.scalars(
            select(SavedSearch.id).where(SavedSearch.id.in_([key for key, _ in standing]), _alerting())
        )
    )
    for one in found:
        known = session.get(SearchMatch, (one.saved_search_id, one.ref))
        if known is None and one.saved_search_id in still:
            session.execute(
                insert(SearchMatch).values(
                    saved_search_id=one.saved_search_id, ref=one.ref, contribution_id=one.contribution_id,
                    at=now, told_key="",
                )
            )  # fmt: skip
            yield one


def _by_search(found: Iterable[Found]) -> Mapping[tuple[int, int], list[Found]]:
    grouped: dict[tuple[int, int], list[Found]] = defaultdict(list)
    for one in found:
        grouped[one.saved_search_id, one.member_id].append(one)
    return grouped


def _alerting() -> Any:
    return SavedSearch.alert == "mail"


def _found(touched: Touched, searches: Sequence[Row[*tuple[Any, ...]]]) -> list[Found]:
    """Return what some saved searches find among what was touched."""
    if not searches:
        return []
    oldest = int((clock.now() - FRESH).timestamp())
    kinds = set(KIND_OF.values())
    batch = Batch(one for one in documents.of(touched) if one.kind in kinds and one.at >= oldest)
    if not len(batch):
        return []
    given = _given(batch.documents)
    return [
        Found(search.id, search.member_id, document.ref, given[document.ref].id, given[document.ref].root_id)
        for search, document in _pairs(searches, batch)
        if document.ref in given and given[document.ref].author_id != search.member_id
    ]


def _searches() -> Sequence[Row[*tuple[Any, ...]]]:
    columns = SavedSearch.id, SavedSearch.member_id, SavedSearch.text, SavedSearch.kind, SavedSearch.alert_at
    return db.session.execute(select(*columns).where(_alerting()).order_by(SavedSearch.member_id)).all()


def _pairs(searches: Iterable[Any], batch: Batch) -> Iterator[tuple[Any, Document]]:
    """Give each saved search with the documents it finds, in its member's scope at this moment."""
    every_term, languages = _all_terms(), engine().languages()
    viewers: dict[int, Viewer | None] = {}
    for search in searches:
        if not _may_find(search.text, batch, every_term, languages):
            continue
        if search.member_id not in viewers:
            viewers[search.member_id] = viewer_of(search.member_id)
        viewer = viewers[search.member_id]
        if viewer is not None:
            yield from ((search, document) for document in _of_search(viewer, search, batch))


def _of_search(viewer: Viewer, search: Any, batch: Batch) -> list[Document]:
    wanted, since = asked(viewer, search.text), int(search.alert_at.timestamp())
    return [
        document
        for document in batch.having_all(wanted.plan)
        if document.kind == KIND_OF[search.kind] and document.at >= since and _shows(wanted.mask, document)
    ]


def _shows(mask: Mask, document: Document) -> bool:
    return document.space_id in mask.spaces and (mask.member or document.label == "public")


def _all_terms() -> Mapping[str, tuple[str, ...]]:
    """Return what every word of the glossary is also called, whoever may read it: only to leave searches out by."""
    return words_within(Scope(member=True, spaces=frozenset(db.session.scalars(select(Space.id))))).together


def _may_find(
    text: str, batch: Batch, every_term: Mapping[str, tuple[str, ...]], languages: frozenset[str]
) -> bool:
    """Say whether a search is worth asking: without its filters, it finds something, or a synonym might."""
    plan = words_alone(text, languages)
    if every_term and meanings(parse(text).terms, every_term, key):
        return True
    return plan.is_empty or bool(batch.having_all(plan))


def _given(batch: Iterable[Document]) -> dict[str, Row[*tuple[Any, ...]]]:
    """Return what each document is, or is shown by: its contribution with author and root."""
    keys: dict[str, dict[int, str]] = defaultdict(dict)
    for document in batch:
        keys["file" if document.kind == "file" else "post"][document.id] = document.ref
    columns = Contribution.id, Contribution.root_id, Contribution.author_id
    posts = select(*columns, Contribution.id.label("found_id")).where(Contribution.id.in_(keys["post"]))
    files = (
        select(*columns, Attachment.id.label("found_id"))
        .join(Attachment, Attachment.contribution_id == Contribution.id)
        .where(Attachment.id.in_(keys["file"]))
    )
    rows = {keys["post"][row.found_id]: row for row in db.session.execute(posts)}
    return rows | {keys["file"][row.found_id]: row for row in db.session.execute(files)}
