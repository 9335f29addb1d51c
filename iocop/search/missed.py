"""What is looked for in vain: counted without anybody's name, readable once enough different people looked for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core import clock
from iocop.core.db import act, is_postgresql
from iocop.organizations.queries import stamp
from iocop.safety.key import terms_key
from iocop.safety.queries.lists import terms_for
from iocop.safety.rules import confidential
from iocop.search.analysis import folded, words
from iocop.search.models import MissedMark, MissedSearch, MissedText, SearchMatch
from iocop.search.weekly import digest, key_of, throw_away_but, week_of
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.db import Model
    from iocop.search.query import SearchQuery

ENOUGH: Final = 5
"""Different people, in one week; all guests together are one."""
SIDES: Final = 2
"""Different organizations they are of: what only colleagues look for may be a project's name."""
LONGEST: Final = 200
KEPT: Final = timedelta(days=90)
"""A text nobody looked for in so long goes."""
MATCHES_KEPT: Final = timedelta(days=31)
"""Longer than anything is news (`alerts.FRESH`), so that nothing is told twice."""


def recordable(query: SearchQuery) -> str:
    """Return the words of a query as they are counted; empty where it is not.

    Counted are words and phrases alone: what is narrowed by operators, or leaves words out, may have found nothing
    because of that, and operators name people. An address is none of the words a repertoire lacks.
    """
    if any(piece.role not in {"term", "phrase"} for piece in query.pieces) or query.shortened:
        return ""
    typed = " ".join(piece.value for piece in query.pieces)
    text = " ".join(folded(word.written) for word in words(typed))
    return text if 1 < len(text) <= LONGEST and "@" not in typed else ""


def count_missed(member_id: int, text: str) -> None:
    """Count that somebody looked for a text in vain, in the current act.

    Args:
        member_id: who looked; 0 for a guest. Nothing that stands in the database leads back to them.
        text: as `recordable` gives it.
    """
    now = clock.now()
    week = week_of(now)
    key = key_of(week)
    with act() as session:
        if _is_confidential(member_id, text) or not _mark(
            session, digest(key, "person", text, str(member_id)), week
        ):
            return
        if not _count_known(session, text):
            _count_hidden(session, key, week, text, _side(member_id))


def _is_confidential(member_id: int, text: str) -> bool:
    """Say whether it holds a term that the member's own organization does not want to see written."""
    key, lists = terms_key(), terms_for(member_id, clock.now()) if member_id else {}
    return bool(key and lists and confidential(text.title(), key, lists))


def _side(member_id: int) -> str:
    """Return what stands for somebody's organization: its group, or nobody but them where none is proved.

    Empty for guests: a colleague who is not signed in is no other organization.
    """
    if not member_id:
        return ""
    stands = stamp(member_id, None, clock.now())
    return f"group:{stands.org_group_id}" if stands.org_evidence in VERIFIED else f"person:{member_id}"


def _count_known(session: Session, text: str) -> bool:
    known = session.scalar(select(MissedText).where(MissedText.text == text).with_for_update())
    if known is not None:
        known.times += 1
        known.last_on = clock.now().date()
    return known is not None


def _count_hidden(session: Session, key: bytes, week: str, text: str, side: str) -> None:
    """Count under a digest; with the one that makes it enough, the text itself is written down and the digest goes."""
    hidden = digest(key, "text", text)
    _add(session, MissedSearch, digest=hidden, week=week, people=0, sides=0)
    row = session.get_one(MissedSearch, hidden, with_for_update=True, populate_existing=True)
    row.people += 1
    row.sides += bool(side) and _mark(session, digest(key, "side", text, side), week)
    if row.people >= ENOUGH and row.sides >= SIDES:
        _add(session, MissedText, text=text, times=row.people, last_on=clock.now().date(), dropped=False)
        session.delete(row)
    session.flush()


def _mark(session: Session, hidden: str, week: str) -> bool:
    """Say whether this is the first time in the week, and note that it was."""
    return _add(session, MissedMark, digest=hidden, week=week)


def _add(session: Session, table: type[Model], **values: Any) -> bool:
    """Add a row unless its key stands there; say whether it was added."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    adding = insert(table).values(values).on_conflict_do_nothing()
    # the row itself is asked for: how many rows were written, not every driver says
    return session.execute(adding.returning(*table.__table__.primary_key)).first() is not None


def forget_old() -> None:
    """Throw away last week's key with what stands under it, and what nobody looked for in a season."""
    now = clock.now()
    week = week_of(now)
    throw_away_but(week)
    with act() as session:
        for table in (MissedSearch, MissedMark):
            session.execute(delete(table).where(table.week != week))
        dropped = MissedText.dropped.is_(True)
        session.execute(delete(MissedText).where(~dropped, MissedText.last_on < (now - KEPT).date()))
        session.execute(delete(SearchMatch).where(SearchMatch.at < now - MATCHES_KEPT))
