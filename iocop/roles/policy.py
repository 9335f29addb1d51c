"""Who may appoint, who may end an office, and on which decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, fact, refused
from iocop.roles import queries
from iocop.roles.terms import MOST_TERMS, Term, terms_in_a_row, year_after

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.core.login import Viewer
    from iocop.members.models import Member
    from iocop.roles.models import Decision, RoleGrant

SCOPES = {
    "administrator": {"site"},
    "moderator": {"site", "domain", "space"},
    "curator": {"site", "domain"},
    "board_member": {"site"},
    "returning_officer": {"site"},
    "facilitator": {"site", "domain", "space"},
    "domain_steward": {"domain"},
}
"""Where each office can be held."""

STEWARD_LEVEL = 3
"""The rung of a domain's ladder from which on a member can become its steward."""


def is_administrator(actor: Viewer | None, at: datetime) -> bool:
    """Say whether somebody runs the site; None is the site's operator at its own command line."""
    return actor is None or (bool(actor.id) and queries.holds(actor.id, "administrator", at))


def founding_powers(at: datetime) -> bool:
    """Say whether decision 1 still carries appointments: it does until the first board was certified."""
    certified: datetime | None = fact("first_board_certified", default=None)
    return certified is None or at < certified


def may_record_decision(actor: Viewer | None, at: datetime) -> Verdict:
    if actor is not None and actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if is_administrator(actor, at):
        return ALLOWED
    return refused(_l("Administrators record decisions; the body that took one tells them."))


def may_enter_offices(actor: Viewer | None, at: datetime) -> Verdict:
    if actor is not None and actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not is_administrator(actor, at):
        return refused(_l("Administrators enter offices, each on a decision."))
    return ALLOWED


def may_grant(
    actor: Viewer | None, member: Member, role: str, scope_kind: str, decision: Decision | None, at: datetime
) -> Verdict:
    verdict = may_enter_offices(actor, at)
    if not verdict:
        return verdict
    if decision is None:
        return refused(
            _l("Name the decision this office rests on; record it first if it is not in the list.")
        )
    if decision.id == queries.founding_id() and not founding_powers(at):
        return refused(
            _l("The founding decision carried offices until the first board; name a decision of the board.")
        )
    if member.state != "active":
        return refused(_l("Only an active member can hold an office."))
    if scope_kind not in SCOPES.get(role, ()):
        return refused(_l("This office is not held there."))
    return ALLOWED


def may_steward(member: Member, domain_id: int, term: Term, *, appealed: bool = False) -> Verdict:
    """Say whether a member can be appointed a domain's steward for a term.

    The rung is asked for, not the level: who is steward already has come to it by evidence as well. Where nothing
    above keeps ladders, nobody is held up by them. Of all offices this alone asks what somebody has come to.

    Whose organization sells what the domain is about would decide in their own matter: they are not appointed.

    Args:
        appealed: whether the board has granted an appeal against the end of a row of terms.
    """
    if fact("rung", member.id, domain_id, default=STEWARD_LEVEL) < STEWARD_LEVEL:
        return refused(_l("A domain's steward has reached level 3 there; this member has not yet."))
    product: str = fact("sold_there", member.id, domain_id, default="")
    if product:
        return refused(
            _l(
                "An organization of this member sells %(product)s, which this domain is about: somebody else is its"
                " steward.",
                product=product,
            )
        )
    if term.end > year_after(term.start):
        return refused(_l("A steward is appointed for twelve months at most."))
    if not appealed and terms_in_a_row(queries.steward_terms(member.id, domain_id), term) > MOST_TERMS:
        return refused(
            _l(
                "A steward serves three terms in a row at most, so that a domain becomes nobody's own; a year later"
                " they can serve again. The member can appeal to the board: its decision can allow a further term."
            )
        )
    return ALLOWED


def may_end(actor: Viewer | None, grant: RoleGrant, decision: Decision | None, at: datetime) -> Verdict:
    resigns = actor is not None and actor.id == grant.member_id
    if not resigns and actor is not None and actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not resigns and not is_administrator(actor, at):
        return refused(_l("Administrators end offices, each by a decision; a holder may resign."))
    if not resigns and decision is None:
        return refused(_l("Name the decision that ends this office."))
    if grant.valid_to is not None and grant.valid_to <= at:
        return refused(_l("This office has ended already."))
    if grant.role == "administrator" and set(queries.holders("administrator", at)) == {grant.member_id}:
        return refused(_l("The site would have no administrator; appoint another first."))
    return ALLOWED


def may_suspend_office(actor: Viewer | None, grant: RoleGrant, at: datetime) -> Verdict:
    """Say whether an office may be suspended in an emergency: once, for seven days, without a decision."""
    if not is_administrator(actor, at):
        return refused(
            _l("Administrators suspend an office in an emergency; a decision of the board ends one.")
        )
    if actor is not None and actor.id == grant.member_id:
        return refused(_l("Nobody suspends their own office: resign, or ask another administrator."))
    if grant.valid_from > at or (grant.valid_to is not None and grant.valid_to <= at):
        return refused(_l("This office is not in force."))
    if grant.suspended_at is not None:
        return refused(
            _l("This office was suspended once already: without a decision there is no second time.")
        )
    return ALLOWED


def may_become_first_administrator(actor: Viewer, at: datetime) -> Verdict:
    if not actor.is_authenticated:
        return refused(_l("Sign in or join first, then open this link again."))
    if actor.suspended:
        return refused(_l("Only an active member can hold an office."))
    if queries.holders("administrator", at):
        return refused(_l("The site has an administrator already."))
    return ALLOWED
