"""Every write about decisions and offices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text

from iocop.core import audit, clock
from iocop.core.db import act, is_postgresql
from iocop.core.errors import Conflict, Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import fact, require
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.roles import policy, queries
from iocop.roles.events import DecisionRecorded, OfficeSuspended, RoleEnded, RoleGranted
from iocop.roles.models import ROLES, Decision, RoleGrant
from iocop.roles.terms import Term, year_after

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

EMERGENCY = timedelta(days=7)
"""How long an office stays suspended without a decision."""
LONGEST_REASON = 400
"""In characters."""


def found_site() -> int:
    """Make sure that decision 1, *founding*, stands; return its key."""
    with act() as session:
        if is_postgresql():
            session.execute(text("lock table decision in share row exclusive mode"))  # two starts at once
        return queries.founding_id() or _write_founding(session)


def _write_founding(session: Session) -> int:
    now = clock.now()
    sentence = _(
        "The site is founded. Until the first board is certified, its first administrator appoints the officers"
        " by this decision; from then on every office rests on a decision of the board."
    )
    decision = Decision(body=_("Founders"), decided_on=now.date(), text=sentence, recorded_at=now)
    session.add(decision)
    session.flush()
    bump("decisions")
    emit(DecisionRecorded(actor_id=None, decision_id=decision.id))
    return decision.id


def record_decision(
    actor: Viewer | None, body: str, decided_on: date, words: str, link: str = ""
) -> Decision:
    """Write down what a body decided; it is never changed afterwards.

    Args:
        actor: who writes it down; None: the operator at the command line.
        link: where the minutes stand; a web address or a path of this site.
    """
    with act() as session:
        now = clock.now()
        require(policy.may_record_decision(actor, now))
        if not body.strip() or not words.strip():
            raise Invalid(_l("Say who decided, and what."), "text")
        if decided_on > now.date():
            raise Invalid(_l("A decision cannot lie in the future."), "decided_on")
        founding = found_site()
        decision = Decision(
            body=body.strip(), decided_on=decided_on, text=words.strip(), link=link.strip(), recorded_at=now,
            recorded_by_id=actor.id if actor else None,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        emit(DecisionRecorded(actor_id=decision.recorded_by_id, decision_id=decision.id))
        bump("decisions")
        audit.record("record_decision", decision.recorded_by_id, f"decision:{decision.id}", founding=founding)
    return decision


def grant_role(
    actor: Viewer | None, member_id: int, role: str, decision_id: int | None, *, scope_kind: str = "site",
    scope_id: int | None = None, valid_from: datetime | None = None, valid_to: datetime | None = None,
    appealed: bool = False,
) -> RoleGrant:  # fmt: skip
    """Enter that a member holds an office by a decision.

    Args:
        actor: the administrator; None: the operator at the command line.
        valid_from: empty: at once.
        valid_to: the first moment it is no longer held; empty: until it is ended, or for a steward a year.
        appealed: whether the decision grants an appeal against the end of a steward's row of terms.

    Raises:
        Refused: not an administrator, or no decision carries it; a steward without the level, or too long.
        Conflict: the member holds it already.
    """
    with act() as session:
        now = clock.now()
        member = member_row(session, member_id)
        decision = session.get(Decision, decision_id) if decision_id else None
        require(policy.may_grant(actor, member, role, scope_kind, decision, now))
        _check_scope(scope_kind, scope_id)
        start = valid_from or now
        end = valid_to or (year_after(start) if role == "domain_steward" else None)
        if end is not None and end <= start:
            raise Invalid(_l("An office ends after it began."), "valid_to")
        if role == "domain_steward" and scope_id is not None and end is not None:
            require(policy.may_steward(member, scope_id, Term(start, end), appealed=appealed))
        return enter(session, actor, member, role, decision_id, scope_kind, scope_id, start, end)


def enter(
    session: Session, actor: Viewer | None, member: Member, role: str, decision_id: int | None,
    scope_kind: str, scope_id: int | None, start: datetime, end: datetime | None,
) -> RoleGrant:  # fmt: skip
    if queries.overlapping(member.id, role, scope_kind, scope_id, start, end):
        raise Conflict(_l("The member holds this office in that time already."))
    grant = RoleGrant(
        member_id=member.id, role=role, scope_kind=scope_kind, scope_id=scope_id, valid_from=start, valid_to=end,
        decision_id=decision_id, granted_by_id=actor.id if actor else None,
    )  # fmt: skip
    session.add(grant)
    session.flush()
    refresh_roles(member.id)
    bump("decisions", "people")
    audit.record("grant_role", grant.granted_by_id, f"grant:{grant.id}", role=role, decision=decision_id)
    emit(
        RoleGranted(
            actor_id=grant.granted_by_id,
            grant_id=grant.id,
            member_id=member.id,
            decision_id=grant.decision_id,
        )
    )
    return grant


def member_row(session: Session, member_id: int) -> Member:
    member = session.scalar(select(Member).where(Member.id == member_id).with_for_update())
    if member is None:
        raise Missing(_l("There is no such member."))
    return member


def _check_scope(kind: str, scope_id: int | None) -> None:
    """Domains and spaces, which stand above, may provide ``domain_name`` and ``space_name``: empty for none."""
    if (kind == "site") is not (scope_id is None):
        raise Invalid(_l("Say where the office is held."), "scope_id")
    if kind != "site" and not fact(f"{kind}_name", scope_id, default="?"):
        raise Missing(_l("The office's place does not exist."))


def end_role(actor: Viewer | None, grant_id: int, decision_id: int | None = None) -> RoleGrant:
    """End an office now: by a decision, or by its holder, who needs none."""
    with act() as session:
        now = clock.now()
        grant = session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update())
        if grant is None:
            raise Missing(_l("There is no such office."))
        decision = session.get(Decision, decision_id) if decision_id else None
        require(policy.may_end(actor, grant, decision, now))
        if now <= grant.valid_from:  # it never began
            grant.valid_from = now - timedelta(microseconds=1)
        grant.valid_to = now
        grant.ended_by_id = actor.id if actor else None
        grant.end_decision_id = decision_id
        session.flush()
        refresh_roles(grant.member_id)
        bump("decisions", "people")
        audit.record(
            "end_role", grant.ended_by_id, f"grant:{grant.id}", role=grant.role, decision=decision_id
        )
        emit(
            RoleEnded(
                actor_id=grant.ended_by_id, grant_id=grant.id, member_id=grant.member_id,
                decision_id=decision_id or grant.decision_id,
            )
        )  # fmt: skip
    return grant


def suspend_office(actor: Viewer | None, grant_id: int, reason: str) -> RoleGrant:
    """Suspend an office for seven days, at once; without a decision to end it, it is in force again by itself.

    Raises:
        Refused: not an administrator, the own office, not in force, or suspended once already.
        Invalid: no reason, or too long a one.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid(
            _l("Give the reason in 1 to 400 characters: everybody reads it beside the office."), "reason"
        )
    with act() as session:
        now = clock.now()
        grant = session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update())
        if grant is None:
            raise Missing(_l("There is no such office."))
        require(policy.may_suspend_office(actor, grant, now))
        grant.suspended_at, grant.suspended_until = now, now + EMERGENCY
        grant.suspension_reason = reason
        session.flush()
        refresh_roles(grant.member_id)
        bump("decisions", "people")
        audit.record("suspend_office", actor.id if actor else None, f"grant:{grant.id}", role=grant.role)
        emit(
            OfficeSuspended(
                actor_id=actor.id if actor else None, grant_id=grant.id, member_id=grant.member_id
            )
        )
    return grant


def lay_down_offices(member_id: int) -> None:
    """End every office of somebody who leaves the community; should nobody run the site then, a start prints the link."""
    with act() as session:
        now = clock.now()
        for grant in queries.unfinished(member_id, now):
            grant.valid_from = min(grant.valid_from, now - timedelta(microseconds=1))
            grant.valid_to, grant.ended_by_id = now, member_id
            session.flush()
            emit(
                RoleEnded(
                    actor_id=member_id, grant_id=grant.id, member_id=member_id, decision_id=grant.decision_id
                )
            )
        refresh_roles(member_id)
        bump("decisions")


def refresh_roles(member_id: int) -> frozenset[str]:
    """Write the offices held now into the member's row; return those that are no longer held."""
    with act() as session:
        member = session.get_one(Member, member_id)
        roles = queries.current_roles(member_id, clock.now())
        gone = frozenset(member.roles) - roles
        if set(member.roles) != roles:
            member.roles = sorted(roles, key=ROLES.index)
            bump("people")
    return gone


def turn_offices() -> None:
    """Bring every officer's row up to now: offices begin and lapse by themselves."""
    for member_id in queries.officers():
        with act():
            gone = refresh_roles(member_id)
            for grant in queries.lapsed(member_id, gone, clock.now()):
                emit(
                    RoleEnded(
                        actor_id=None, grant_id=grant.id, member_id=member_id, decision_id=grant.decision_id
                    )
                )


def tell_of_lapse(grant_id: int) -> None:
    """Say that an office held in one scope has ended on its day; whoever calls this sees to it that it is said once."""
    with act() as session:
        grant = session.get_one(RoleGrant, grant_id)
        bump("decisions", "people")
        emit(
            RoleEnded(
                actor_id=None, grant_id=grant.id, member_id=grant.member_id, decision_id=grant.decision_id
            )
        )
