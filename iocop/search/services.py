"""What members do with the searches they keep."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select, update

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.members.models import Member
from iocop.members.tokens import hashed, new_token
from iocop.search import policy
from iocop.search.events import MissedTextDropped, SavedSearchChanged, SavedSearchDeleted, SearchSaved
from iocop.search.models import MissedText, SavedSearch, SearchMatch
from iocop.search.query import parse

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

MOST_SAVED: Final = 50
LONGEST_NAME: Final = 80
LONGEST_TEXT: Final = 400
KINDS: Final = ("topics", "articles", "members", "organizations", "files", "spaces")
TOLD_OF: Final = ("topics", "articles", "files")
"""Kinds whose news a member can be told of: what somebody wrote at some time."""
ALERTS: Final = ("none", "mail")


def save_search(actor: Viewer, text: str, kind: str, *, name: str = "", alert: str = "none") -> SavedSearch:
    """Keep a search for its member; the same one twice is one.

    Args:
        text: what stood in the box, kept as it was understood.
        kind: its tab, such as ``topics``.
        name: how the member calls it; empty: its text.

    Raises:
        Refused: a guest.
        Invalid: nothing to look for, or a name, tab or alert that cannot be.
        Conflict: the member has 50 already.
    """
    if kind not in KINDS:
        raise Invalid(_l("There is no such kind of result."), "kind")
    text = _checked_text(text)
    name, alert = (
        _checked_name(name or shorten(text, LONGEST_NAME, placeholder=" …")),
        _checked_alert(alert, kind),
    )
    now = clock.now()
    with act() as session:
        require(policy.may_save_search(actor))
        session.get_one(Member, actor.id, with_for_update=True)  # two at once: the second finds the first
        same = SavedSearch.member_id == actor.id, SavedSearch.kind == kind, SavedSearch.text == text
        known = session.scalar(select(SavedSearch).where(*same))
        if known is not None:
            return known
        if _count(session, actor.id) >= MOST_SAVED:
            raise Conflict(_l("You have 50 saved searches: delete one you no longer need."))
        saved = SavedSearch(
            member_id=actor.id, name=name, text=text, kind=kind, alert=alert, created_at=now,
            alert_at=now if alert != "none" else None,
        )  # fmt: skip
        session.add(saved)
        session.flush()
        emit(SearchSaved(actor.id, saved.id))
    return saved


def _count(session: Session, member_id: int) -> int:
    return session.scalar(select(func.count()).where(SavedSearch.member_id == member_id)) or 0


def _checked_text(text: str) -> str:
    query = parse(text)
    if query.is_empty:
        raise Invalid(_l("There is nothing to look for in that: type a word."), "text")
    if query.shortened or len(query.text) > LONGEST_TEXT:
        raise Invalid(_l("That is more than a search reads: keep to 400 characters and 32 words."), "text")
    return query.text


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(_l("Give the search a name of 1 to 80 characters on one line."), "name")
    return name


def _checked_alert(alert: str, kind: str) -> str:
    if alert not in ALERTS:
        raise Invalid(_l("Say whether you want to be told."), "alert")
    if alert != "none" and kind not in TOLD_OF:
        raise Invalid(
            _l("You can be told of new topics, articles and files, not of people and places."), "alert"
        )
    return alert


def change_saved(actor: Viewer, saved_id: int, *, name: str, alert: str) -> SavedSearch:
    """Call a saved search otherwise, or say whether to be told of what is new; told is what is written from now on.

    Raises:
        Refused: it is somebody else's.
        Missing: there is none.
        Invalid: a name or alert that cannot be.
    """
    with act() as session:
        saved = _own(session, actor, saved_id)
        alert = _checked_alert(alert, saved.kind)
        saved.name = _checked_name(name)
        if alert != saved.alert:
            saved.alert, saved.alert_at = alert, clock.now() if alert != "none" else None
            session.execute(delete(SearchMatch).where(SearchMatch.saved_search_id == saved.id))
        emit(SavedSearchChanged(actor.id, saved.id))
    return saved


def delete_saved(actor: Viewer, saved_id: int) -> None:
    """Delete a saved search; its feed ends with it.

    Raises:
        Refused: it is somebody else's.
        Missing: there is none.
    """
    with act() as session:
        saved = _own(session, actor, saved_id)
        session.execute(delete(SearchMatch).where(SearchMatch.saved_search_id == saved.id))
        session.delete(saved)
        emit(SavedSearchDeleted(actor.id, saved_id))


def renew_feed(actor: Viewer, saved_id: int) -> str:
    """Give a saved search's feed a new address; return its token, of which only the hash is kept.

    Raises:
        Refused: it is somebody else's.
        Missing: there is none.
        Invalid: a search for people or places has no feed.
    """
    token = new_token()
    with act() as session:
        saved = _own(session, actor, saved_id)
        if saved.kind not in TOLD_OF:
            raise Invalid(_l("There are feeds of topics, articles and files, not of people and places."))
        saved.feed_hash = hashed(token)
        emit(SavedSearchChanged(actor.id, saved.id))
    return token


def end_feed(actor: Viewer, saved_id: int) -> None:
    """End a saved search's feed: its address leads nowhere from now on.

    Raises:
        Refused: it is somebody else's.
        Missing: there is none.
    """
    with act() as session:
        saved = _own(session, actor, saved_id)
        saved.feed_hash = None
        emit(SavedSearchChanged(actor.id, saved.id))


def _own(session: Session, actor: Viewer, saved_id: int) -> SavedSearch:
    saved = session.get(SavedSearch, saved_id, with_for_update=True, populate_existing=True)
    if saved is None:
        raise Missing(_l("There is no such saved search."))
    require(policy.may_change_saved(actor, saved))
    return saved


def settle_matches(saved_id: int, refs: Collection[str], told_key: str) -> None:
    """Note by which notice the member was told of some matches; they are not told again.

    Args:
        told_key: the notice's; ``-`` where they were not to be told after all.
    """
    with act() as session:
        mine = SearchMatch.saved_search_id == saved_id, SearchMatch.ref.in_(refs)
        session.execute(update(SearchMatch).where(*mine).values(told_key=told_key))
        if told_key != "-":
            told = update(SavedSearch).where(SavedSearch.id == saved_id)
            session.execute(told.values(told_at=clock.now()))


def drop_missed(actor: Viewer, text_id: int) -> None:
    """Take what was looked for in vain from the board of requests, for good.

    Raises:
        Refused: neither curator nor administrator.
        Missing: there is none.
    """
    with act() as session:
        require(policy.may_drop_missed(actor))
        text = session.get(MissedText, text_id)
        if text is None:
            raise Missing(_l("That is no longer on the list."))
        text.dropped = True
        emit(MissedTextDropped(actor.id, text_id))


def forget_saved(member_id: int) -> None:
    """Drop an erased member's saved searches, feeds and all."""
    with act() as session:
        mine = select(SavedSearch.id).where(SavedSearch.member_id == member_id)
        session.execute(delete(SearchMatch).where(SearchMatch.saved_search_id.in_(mine)))
        session.execute(delete(SavedSearch).where(SavedSearch.member_id == member_id))
