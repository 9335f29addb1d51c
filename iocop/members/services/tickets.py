"""One-time links: issued, looked at, taken once. Any feature may use them with a kind of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Gone
from iocop.members.models import Ticket
from iocop.members.tokens import hashed, new_token

if TYPE_CHECKING:
    from sqlalchemy import Select

KEPT = timedelta(days=30)
ENDED = _l("This link was used already or has expired. Ask for a new one; it takes a minute.")


def issue_ticket(kind: str, lifetime: timedelta, member_id: int | None = None, **payload: Any) -> str:
    """Write a ticket in the current act; return its token, of which only the hash is kept."""
    token, now = new_token(), clock.now()
    with act() as session:
        ticket = Ticket(
            kind=kind, token_hash=hashed(token), member_id=member_id, payload=payload,
            created_at=now, expires_at=now + lifetime,
        )  # fmt: skip
        session.add(ticket)
        session.flush()
    return token


def mail_key(token: str) -> str:
    """Return what names a ticket in the mail queue; its id will not do, a newer ticket may get it again."""
    return f"ticket:{hashed(token)[:32]}"


def _live(kind: str, token: str) -> Select[Ticket]:
    return select(Ticket).where(
        Ticket.kind == kind, Ticket.token_hash == hashed(token), Ticket.used_at.is_(None),
        Ticket.expires_at > clock.now(),
    )  # fmt: skip


def peek_ticket(kind: str, token: str) -> Ticket:
    """Return a live ticket without using it up.

    Raises:
        Gone: no such ticket, used or expired.
    """
    ticket = db.session.scalar(_live(kind, token))
    if ticket is None:
        raise Gone(ENDED)
    return ticket


def take_ticket(kind: str, token: str) -> tuple[int | None, dict[str, Any]]:
    """Use a ticket up, in the current act; return its member and what it carried, which is then emptied.

    Raises:
        Gone: no such ticket, used or expired; also for the second of two who take it at once.
    """
    with act() as session:
        ticket = session.scalar(_live(kind, token).with_for_update())
        if ticket is None:
            raise Gone(ENDED)
        carried = dict(ticket.payload)
        ticket.used_at, ticket.payload = clock.now(), {}
        session.flush()
        return ticket.member_id, carried


def drop_tickets(member_id: int, *kinds: str) -> None:
    """Remove a member's tickets of some kinds, in the current act: a newer one replaces them."""
    with act() as session:
        session.execute(delete(Ticket).where(Ticket.member_id == member_id, Ticket.kind.in_(kinds)))


def empty_expired() -> None:
    """Empty what expired tickets carried; drop the rows of those nobody can ask about any more."""
    with act() as session:
        now = clock.now()
        session.execute(
            update(Ticket)
            .where(Ticket.expires_at <= now)
            .values(payload={})
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(Ticket).where(Ticket.expires_at <= now - KEPT))
