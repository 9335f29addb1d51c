"""Telling thousands at once, in a few statements: inbox and mail by each one's choice, or mail whatever they chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.mail import queue_mails
from iocop.members.letters import Addressee, letters
from iocop.members.mails import link
from iocop.members.models import Member
from iocop.members.queries import SIGNING_IN
from iocop.notifications import tokens
from iocop.notifications.models import Notice, NoticeChoice
from iocop.notifications.places import place
from iocop.notifications.words import KINDS, SUBJECTS, sentence
from iocop.organizations.models import MemberCard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

KIND: Final = "election"
FEW: Final = 500
"""So many members are asked for by their keys; more are picked from all."""
BOTH: Final = (True, True)
_GAP: Final = "-"
"""Where each receiver's own token goes."""


@dataclass(frozen=True)
class Bulletin:
    """One thing that happened in an election.

    Attributes:
        event_key, matter, actor_id: as `News` has them.
        title: of the election; the sentence names it where there are no *words*, which are the reason somebody gave.
        paragraphs: what the mail says besides the sentence, asked once for each language, in it.
        due: the mail goes out whatever its receivers chose.
    """

    event_key: str
    matter: str
    title: str
    words: str = ""
    actor_id: int | None = None
    paragraphs: Callable[[], Iterable[str]] = tuple
    due: bool = False


def tell_crowd(bulletin: Bulletin, member_ids: Iterable[int]) -> None:
    """Tell each member once; told again, it changes nothing. Who cannot sign in is not told."""
    wanted = set(member_ids) - {bulletin.actor_id}
    with act() as session:
        told = set(session.scalars(select(Notice.member_id).where(Notice.event_key == bulletin.event_key)))
        chosen = _choices()
        here = _receivers(wanted)
        fresh = [to for to in here if to.id not in told and chosen.get(to.id, BOTH)[0]]
        if fresh:
            session.execute(insert(Notice), [_notice(bulletin, to.id) for to in fresh])
        mailed = [to for to in here if to.state == "active" and (bulletin.due or chosen.get(to.id, BOTH)[1])]
        _mail(bulletin, [to for to in mailed if to.id not in told])


def _choices() -> dict[int, tuple[bool, bool]]:
    """Return what members chose for elections, as (inbox, mail); most chose nothing and want both."""
    rows = select(NoticeChoice.member_id, NoticeChoice.inbox, NoticeChoice.mail)
    return {
        row.member_id: (row.inbox, row.mail)
        for row in db.session.execute(rows.where(NoticeChoice.kind == KIND))
    }


def _receivers(wanted: set[int]) -> list[Addressee]:
    rows = select(Member.id, Member.name, Member.email, Member.locale, Member.state).where(
        Member.state.in_(SIGNING_IN)
    )
    if len(wanted) <= FEW:
        rows = rows.where(Member.id.in_(wanted))
    found = db.session.execute(rows.order_by(Member.id))
    return [Addressee(*row) for row in found if row.id in wanted]


def _notice(bulletin: Bulletin, member_id: int) -> dict[str, Any]:
    return {
        "member_id": member_id, "event_key": bulletin.event_key, "kind": KIND, "actor_id": bulletin.actor_id,
        "matter": bulletin.matter, "words": bulletin.words or bulletin.title, "at": clock.now(),
    }  # fmt: skip


def _mail(bulletin: Bulletin, receivers: list[Addressee]) -> None:
    name = db.session.scalar(select(MemberCard.name).where(MemberCard.member_id == bulletin.actor_id)) or ""
    page, values = place(bulletin.event_key) or ("notifications.inbox", {})
    address, ending = link(page, **values), link("notifications.unsubscribe", token=_GAP).removesuffix(_GAP)
    choices = link("notifications.settings")

    def about() -> Mapping[str, Any]:
        said = sentence(KIND, bulletin.matter, name, bulletin.title)
        paragraphs = [paragraph for paragraph in bulletin.paragraphs() if paragraph]
        kind = "" if bulletin.due else KINDS[KIND]
        return {
            "sentence": said,
            "paragraphs": paragraphs,
            "address": address,
            "kind": kind,
            "choices": choices,
        }

    def unsubscribe(to: Addressee) -> str:
        return ending + tokens.sign(to.id, KIND)

    def headers(to: Addressee) -> dict[str, str]:
        if bulletin.due:
            return {}
        return {
            "List-Unsubscribe": f"<{unsubscribe(to)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }  # fmt: skip

    mails = letters(
        receivers,
        "elections/news",
        lambda: f"{SUBJECTS[bulletin.matter]}: {bulletin.title}",
        about,
        {"unsubscribe": unsubscribe},
        headers,
    )
    queue_mails(bulletin.event_key, "notice", mails)
