"""Saying how often, when and how one likes to be asked; and greeting newcomers, once each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import refused, require
from iocop.core.versions import bump
from iocop.members.choices import time_zones
from iocop.members.models import Member
from iocop.members.policy import may_change_own
from iocop.organizations.models import MemberCard
from iocop.reputation.asking import policy
from iocop.reputation.events import AvailabilityChanged, NewcomerGreeted
from iocop.reputation.models import Availability, Greeting
from iocop.reputation.queries.newcomers import greets, is_newcomer
from iocop.reputation.services.asking import VERSION

if TYPE_CHECKING:
    from datetime import date

    from iocop.core.login import Viewer

MOST_A_WEEK = 20
LONGEST_NOTE = 200


def offer(
    actor: Viewer, *, per_week: int, away_until: date | None, time_zone: str = "", note: str = ""
) -> None:
    """Say how one can be asked.

    Args:
        per_week: requests a week, 0 to 20; with 0 one is never asked.
        away_until: the first day one can be asked again.
        time_zone: an IANA name; empty: not said.
        note: how one likes to be reached, in own words; who asks reads it.

    Raises:
        Refused: a guest.
        Invalid: a number, zone or note that cannot be.
    """
    note = " ".join(note.split())
    if not 0 <= per_week <= MOST_A_WEEK:
        raise Invalid(_l("Give a number from 0 to 20."), "per_week")
    if time_zone and time_zone not in time_zones():
        raise Invalid(_l("Choose a time zone of the list."), "time_zone")
    if len(note) > LONGEST_NOTE:
        raise Invalid(_l("Say in at most 200 characters how you like to be reached."), "note")
    with act() as session:
        require(may_change_own(actor))
        session.merge(
            Availability(
                member_id=actor.id, per_week=per_week, away_until=away_until, time_zone=time_zone, note=note
            )
        )
        bump(VERSION)
        emit(AvailabilityChanged(actor.id, member_id=actor.id))


def forget_availability(member_id: int) -> None:
    """Take away what an erased member said of their time and how to reach them."""
    with act() as session:
        session.execute(delete(Availability).where(Availability.member_id == member_id))
        bump(VERSION)


def greet(actor: Viewer, member_id: int) -> Greeting:
    """Say that one greets a newcomer, so that nobody else does it a second time.

    Raises:
        Refused: the actor is none of those who greet, or the member no newcomer.
        Conflict: somebody has greeted them.
        Missing: there is no such member.
    """
    with act() as session:
        require(policy.may_greet(actor, greets=greets(actor.id)))
        member = session.get(Member, member_id, with_for_update=True)
        if member is None:
            raise Missing(_l("There is no such member."))
        if member.id == actor.id or member.state != "active" or not is_newcomer(member.joined_at):
            require(refused(_l("This member is no newcomer any more.")))
        standing = session.get(Greeting, member_id)
        if standing is not None:
            card = session.get(MemberCard, standing.greeter_id)
            name = card.name if card else ""
            raise Conflict(_l("%(name)s has greeted them already.", name=name))
        greeting = Greeting(member_id=member_id, greeter_id=actor.id, at=clock.now())
        session.add(greeting)
        session.flush()
        emit(NewcomerGreeted(actor.id, member_id=member_id))
    return greeting
