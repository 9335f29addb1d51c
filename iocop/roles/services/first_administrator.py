"""The first administrator, by a one-time link and the founding decision."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import delete

from iocop.core import clock
from iocop.core.db import act
from iocop.core.policy import require
from iocop.members.models import Ticket
from iocop.members.services.tickets import issue_ticket, peek_ticket, take_ticket
from iocop.roles import policy, queries
from iocop.roles.services.offices import enter, found_site, member_row

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.roles.models import RoleGrant

LINK_KIND = "first_administrator"
LINK_LASTS = timedelta(hours=24)


def first_administrator_link() -> str | None:
    """Return a new one-time link that makes a member the first administrator; None where there is one already.

    The link lasts 24 hours; a new one ends those before it.
    """
    with act() as session:
        if queries.holders("administrator", clock.now()):
            return None
        session.execute(delete(Ticket).where(Ticket.kind == LINK_KIND, Ticket.used_at.is_(None)))
        token = issue_ticket(LINK_KIND, LINK_LASTS)
    return f"{current_app.extensions['settings'].base_url}/first-administrator/{token}"


def look_at_link(token: str) -> None:
    """Go on only if a link still makes an administrator.

    Raises:
        Gone: used, replaced or older than 24 hours.
    """
    peek_ticket(LINK_KIND, token)


def become_first_administrator(actor: Viewer, token: str) -> RoleGrant:
    """Make the actor the first administrator, by the founding decision."""
    with act() as session:
        now = clock.now()
        take_ticket(LINK_KIND, token)
        require(policy.may_become_first_administrator(actor, now))
        member = member_row(session, actor.id)
        return enter(session, actor, member, "administrator", found_site(), "site", None, now, None)
