"""Members report; moderators rule, with a reason; whatever is decided stands in the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from iocop.contributions.models import Contribution
from iocop.contributions.services.locking import locked
from iocop.contributions.services.states import set_state
from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.members import services as members
from iocop.members.models import Member
from iocop.moderation import policy
from iocop.moderation.events import PostHeld, Reported, Ruled
from iocop.moderation.models import Report, Ruling
from iocop.moderation.words import REASONS

if TYPE_CHECKING:
    from iocop.core.login import Viewer

LONGEST = 400
"""Of a reason or a note, in characters."""

LONGEST_SUSPENSION = timedelta(days=366)

STATES = {"hide": "hidden", "remove": "removed", "restore": "visible", "release": "visible"}
"""Into which state each ruling brings a contribution; *dismiss* into none."""

WITHOUT_REASON = {"dismiss", "release", "restore"}


def report(actor: Viewer, contribution_id: int, reason: str, note: str = "") -> Report:
    """Ask moderators to look at a contribution.

    Raises:
        Refused: a guest, the author, or somebody whose report waits already.
        Invalid: not one of the reasons, or no note where the reason is another one.
        Missing: no such contribution.
    """
    note = note.strip()
    if reason not in REASONS:
        raise Invalid(_l("Choose what is wrong with it."), "reason")
    if reason == "other" and not note:
        raise Invalid(_l("Say in a sentence what is wrong."), "note")
    _check_length(note, "note")
    with act() as session:
        thing = session.get(Contribution, contribution_id)
        if thing is None:
            raise Missing(_l("There is nothing here, or it is not open to you."))
        require(policy.may_report(actor, thing))
        row = Report(
            contribution_id=contribution_id, reporter_id=actor.id, reason=reason, note=note, at=clock.now()
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError as error:
            raise Conflict(_l("You have reported this post already; moderators will look at it.")) from error
        emit(Reported(actor.id, row.id, contribution_id))
    return row


def hold(contribution_id: int) -> Report:
    """Keep a newcomer's post until a moderator has looked at its links; the site does it by itself."""
    with act() as session:
        reason = _(
            "A newcomer's first links wait for a moderator; it will be read soon, and nothing is lost."
        )
        set_state(None, contribution_id, "held", reason)
        row = Report(contribution_id=contribution_id, reason="held", at=clock.now())
        session.add(row)
        session.flush()
        audit.record("moderation.hold", None, f"contribution:{contribution_id}", report=row.id)
        emit(PostHeld(None, row.id, contribution_id))
    return row


def rule(actor: Viewer, contribution_id: int, kind: str, reason: str = "") -> Ruling:
    """Decide about a contribution; every open report on it is decided with it.

    Args:
        kind: ``hide``, ``restore``, ``remove``, ``release`` or ``dismiss``.
        reason: what the author reads, and the public log; needed to hide and to remove.

    Raises:
        Refused: not a moderator, the author or a colleague, or it does not stand so that this can be decided.
        Invalid: no reason, or too long a one.
        Missing: no such contribution.
    """
    reason = _checked(kind, reason)
    with act() as session:
        thing = locked(contribution_id)
        require(policy.may_rule(actor, thing, kind))
        row = Ruling(
            kind=kind, contribution_id=contribution_id, moderator_id=actor.id, reason=reason, at=clock.now()
        )
        session.add(row)
        session.flush()
        session.execute(
            update(Report)
            .where(Report.contribution_id == contribution_id, Report.ruling_id.is_(None))
            .values(ruling_id=row.id)
        )
        if kind in STATES:
            set_state(actor, contribution_id, STATES[kind], reason)
        _log(actor, row, f"contribution:{contribution_id}")
    return row


def suspend(actor: Viewer, member_id: int, until: datetime, reason: str) -> Ruling:
    """Let a member read but not write until a moment.

    Raises:
        Refused: not a moderator, oneself, or a colleague.
        Invalid: no reason, or not a day within a year from now.
        Missing: no such member.
    """
    reason = _checked("suspend", reason)
    if not clock.now() < until <= clock.now() + LONGEST_SUSPENSION:
        raise Invalid(_l("Choose a day within the next twelve months."), "until")
    with act() as session:
        require(policy.may_suspend(actor, _member(member_id)))
        members.suspend(actor, member_id, until, reason)
        row = Ruling(
            kind="suspend",
            member_id=member_id,
            moderator_id=actor.id,
            reason=reason,
            at=clock.now(),
            until=until,
        )
        session.add(row)
        session.flush()
        _log(actor, row, f"member:{member_id}")
    return row


def lift(actor: Viewer, member_id: int, reason: str = "") -> Ruling:
    """End a suspension before its day.

    Raises:
        Refused: not a moderator, a colleague, or nobody is suspended.
        Missing: no such member.
    """
    reason = _checked("lift", reason)
    with act() as session:
        require(policy.may_lift(actor, _member(member_id)))
        members.lift(actor, member_id)
        row = Ruling(kind="lift", member_id=member_id, moderator_id=actor.id, reason=reason, at=clock.now())
        session.add(row)
        session.flush()
        _log(actor, row, f"member:{member_id}")
    return row


def _log(actor: Viewer, row: Ruling, subject: str) -> None:
    audit.record(f"moderation.{row.kind}", actor.id, subject, ruling=row.id)
    bump("moderation")
    emit(Ruled(actor.id, row.id, row.kind))


def _checked(kind: str, reason: str) -> str:
    reason = reason.strip()
    if not reason and kind not in WITHOUT_REASON | {"lift"}:
        raise Invalid(_l("Give the reason: its author reads it."), "reason")
    _check_length(reason, "reason")
    return reason


def _check_length(text: str, field: str) -> None:
    if len(text) > LONGEST:
        raise Invalid(_l("At most 400 characters."), field)


def _member(member_id: int) -> Member:
    with act() as session:
        found = session.get(Member, member_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing(_l("There is no such member."))
    return found
