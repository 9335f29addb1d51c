"""Telling members, and what they do with what they were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select, update
from sqlalchemy.exc import SQLAlchemyError

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing
from iocop.core.policy import provides, require
from iocop.members.models import Member
from iocop.members.queries import SIGNING_IN
from iocop.notifications import mails, policy, queries
from iocop.notifications.models import KINDS, Notice, NoticeChoice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Row

    from iocop.core.login import Viewer
    from iocop.notifications.news import News

BOTH = (True, True)

log = structlog.get_logger(__name__)


def tell(news: News, receivers: Iterable[tuple[int, str]]) -> None:
    """Tell each member once, in the inbox, by mail or both, as each chose; told again, it changes nothing.

    Args:
        receivers: members with the kind of notice it is to them. Who is named twice is told by the first kind they
            want; who cannot sign in is not told.
    """
    pairs = [pair for pair in receivers if pair[0] != news.actor_id]
    with act() as session:
        here = _receivers({member_id for member_id, _ in pairs})
        told = set(session.scalars(select(Notice.member_id).where(Notice.event_key == news.event_key)))
        chosen = queries.choices(here.keys())
        for member_id, kind in pairs:
            inbox, mail = chosen.get((member_id, kind), BOTH)
            if member_id in here and member_id not in told and (inbox or mail):
                told.add(member_id)
                _deliver(news, kind, here[member_id], inbox=inbox, mail=mail)


def _receivers(ids: set[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    rows = db.session.execute(
        select(Member.id, Member.name, Member.email, Member.locale, Member.state).where(
            Member.id.in_(ids), Member.state.in_(SIGNING_IN)
        )
    )
    return {row.id: row for row in rows}


def _deliver(news: News, kind: str, receiver: Row[*tuple[Any, ...]], *, inbox: bool, mail: bool) -> None:
    if inbox:
        with act() as session:
            session.add(
                Notice(
                    member_id=receiver.id, event_key=news.event_key, kind=kind, actor_id=news.actor_id,
                    contribution_id=news.contribution_id, root_id=news.root_id, matter=news.matter,
                    words=news.words, at=clock.now(),
                )
            )  # fmt: skip
    if mail and news.mailed and receiver.email and receiver.state == "active":
        mails.queue_notice(news, kind, receiver)


def open_notice(actor: Viewer, notice_id: int) -> Notice:
    """Mark a notice read.

    Raises:
        Refused: it is somebody else's.
        Missing: there is none.
    """
    with act() as session:
        notice = session.get(Notice, notice_id)
        if notice is None:
            raise Missing(_l("There is no such notice."))
        require(policy.may_open(actor, notice))
        notice.read_at = notice.read_at or clock.now()
    return notice


def read_all(actor: Viewer) -> None:
    """Mark everything in the actor's inbox read."""
    _read(Notice.member_id == actor.id)


@provides("topic_seen")
def read_topic(actor: Viewer, root_id: int) -> None:
    """Mark the actor's notices of a topic read; costs one look-up where there are none, and never fails the page."""
    mine = Notice.member_id == actor.id, Notice.root_id == root_id
    if not actor.is_authenticated:
        return
    if db.session.scalar(select(exists().where(*mine, Notice.read_at.is_(None)))):
        try:
            _read(*mine)
        except SQLAlchemyError as error:
            db.session.rollback()
            log.warning("notice_stays_unread", error=type(error).__name__)


def _read(*which: ColumnElement[bool]) -> None:
    with act() as session:
        session.execute(update(Notice).where(*which, Notice.read_at.is_(None)).values(read_at=clock.now()))


def choose(actor: Viewer, wanted: Mapping[str, tuple[bool, bool]]) -> None:
    """Say of some kinds whether they are wanted in the inbox and by mail.

    Raises:
        Refused: a guest.
        Invalid: no such kind.
    """
    if not wanted.keys() <= set(KINDS):
        raise Invalid(_l("There is no such kind of notice."))
    require(policy.may_choose(actor))
    with act() as session:
        for kind, (inbox, mail) in wanted.items():
            session.merge(NoticeChoice(member_id=actor.id, kind=kind, inbox=inbox, mail=mail))


def unsubscribe(member_id: int, kind: str) -> None:
    """Send a member no more mail of a kind; asked by whoever holds a signed link. The inbox stays as it is."""
    with act() as session:
        if session.get(Member, member_id) is None:
            raise Missing(_l("There is no such member."))
        choice = session.get(NoticeChoice, (member_id, kind)) or NoticeChoice(
            member_id=member_id, kind=kind, inbox=True
        )
        choice.mail = False
        session.add(choice)
