"""Mails that make an election checkable: to whom a token was issued, and the heads of the board. Nobody can end them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select, update

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.mail import queue_mails
from iocop.elections import archiving
from iocop.elections.models import BoardHead, Election, ElectionOfficer, Nomination, RollEntry, TokenIssue
from iocop.elections.queries import archive
from iocop.elections.queries.elections import locked
from iocop.members.letters import Addressee, letters
from iocop.members.mails import link
from iocop.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from iocop.core.policy import Sentence

KIND: Final = "election"
"""Of the mails in the queue."""
EVERY: Final = timedelta(hours=1)
"""Heads of a running poll are mailed at most so often."""

_PERSON = (Member.id, Member.name, Member.email, Member.locale, Member.state)


def tell_of_tokens() -> int:
    """Mail everybody in whose name a token was issued since, in the order of the leaves; return how many were told.

    That a mail is due says when, to within this job's rhythm; nothing else keeps a time.
    """
    untold = select(TokenIssue.election_id).where(TokenIssue.told.is_(False)).distinct()
    return sum(_tell_of_tokens(election_id) for election_id in db.session.scalars(untold).all())


def _tell_of_tokens(election_id: int) -> int:
    rows = (
        select(TokenIssue.id.label("issue"), RollEntry.leaf, *_PERSON)
        .join(RollEntry, RollEntry.id == TokenIssue.entry_id)
        .outerjoin(Member, Member.id == RollEntry.member_id)
        .where(TokenIssue.election_id == election_id, TokenIssue.told.is_(False))
        .order_by(RollEntry.leaf)
        .with_for_update(of=TokenIssue)
    )
    with act() as session:
        found = session.execute(rows).all()
        leaves = {row.id: row.leaf.hex() for row in found}
        about = {
            "title": session.get_one(Election, election_id).title,
            "address": link("elections.show", election_id=election_id),
        }
        mails = letters(
            [_addressee(row) for row in found if row.id is not None], "elections/token",
            lambda: _("A voting token was issued in your name"), lambda: about, {"leaf": lambda to: leaves[to.id]},
        )  # fmt: skip
        queue_mails(f"token:{election_id}", KIND, mails)
        session.execute(update(TokenIssue), [{"id": row.issue, "told": True} for row in found])
    return len(found)


def _addressee(row: Row[*tuple[Any, ...]]) -> Addressee:
    return Addressee(row.id, row.name, row.email, row.locale, row.state)


def mail_heads() -> None:
    """Mail the heads of new blocks to officers and candidates, of each open poll at most hourly."""
    unmailed = (
        select(BoardHead.election_id)
        .join(Election, Election.id == BoardHead.election_id)
        .where(BoardHead.mailed_at.is_(None), Election.state == "voting")
        .distinct()
    )
    for election_id in db.session.scalars(unmailed).all():
        with act():
            locked(election_id)
            if not _mailed_lately(election_id):
                _mail_heads(election_id)


def _mailed_lately(election_id: int) -> bool:
    lately = select(BoardHead.id).where(
        BoardHead.election_id == election_id, BoardHead.mailed_at > clock.now() - EVERY
    )
    return db.session.scalar(lately.limit(1)) is not None


def _mail_heads(election_id: int) -> None:
    rows = _unmailed(election_id)
    if rows:
        lines = [archiving.head_line(row.number, row.head, row.issues, row.issues_head) for row in rows]
        opening = _l("The public board of an election has grown. These are its newest heads:")
        _send(election_id, f"heads:{election_id}:{rows[-1].number}", opening, "\n".join(lines))
        _mark(rows)


def mail_sealed(election_id: int) -> None:
    """Mail the final heads of both chains, after all before them, to officers and candidates; once."""
    with act():
        locked(election_id)
        lines = archive.heads_so_far(election_id).decode().rstrip("\n")
        opening = _l(
            "The box is closed. These are all heads of the public board, and the seal of both registers:"
        )
        _send(election_id, f"sealed:{election_id}", opening, lines)
        _mark(_unmailed(election_id))


def _unmailed(election_id: int) -> Sequence[BoardHead]:
    rows = select(BoardHead).where(BoardHead.election_id == election_id, BoardHead.mailed_at.is_(None))
    return db.session.scalars(rows.order_by(BoardHead.number)).all()


def _mark(rows: Sequence[BoardHead]) -> None:
    for row in rows:
        row.mailed_at = clock.now()
    db.session.flush()


def _send(election_id: int, event_key: str, opening: Sentence, lines: str) -> None:
    title = db.session.get_one(Election, election_id).title
    about = {"opening": opening, "lines": lines, "address": link("elections.show", election_id=election_id)}
    officers = select(ElectionOfficer.member_id).where(ElectionOfficer.election_id == election_id)
    standing = select(Nomination.member_id).where(
        Nomination.election_id == election_id, Nomination.number.is_not(None)
    )
    people = select(*_PERSON).where(or_(Member.id.in_(officers), Member.id.in_(standing)))
    receivers = [_addressee(row) for row in db.session.execute(people.order_by(Member.id))]
    mails = letters(
        receivers,
        "elections/heads",
        lambda: _("%(title)s: the heads of its board", title=title),
        lambda: about,
    )
    queue_mails(event_key, KIND, mails)
