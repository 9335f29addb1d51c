"""Who may do what to a membership. Nobody here asks an employer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.policy import ALLOWED, Verdict, fact, refused

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.members.models import Member


def _holds(actor: Viewer, role: str) -> bool:
    return bool(actor.id) and fact("holds", actor.id, role, default=False)


def may_invite(actor: Viewer) -> Verdict:
    if not actor.is_authenticated:
        return refused(_l("Sign in to invite somebody."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot invite anybody."))
    return ALLOWED


def may_decide_application(actor: Viewer) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not _holds(actor, "administrator"):
        return refused(_l("Only an administrator decides who joins."))
    return ALLOWED


def may_claim(actor: Viewer, imported: Member) -> Verdict:
    if not actor.is_authenticated:
        return refused(_l("Sign in to say that this author is you."))
    if actor.suspended:
        return refused(_l("While you are suspended you cannot claim an author."))
    if imported.state != "imported":
        return refused(_l("Only authors who came with an import can be claimed."))
    if imported.claimed_by_id is not None:
        return refused(_l("This author has been claimed already."))
    return ALLOWED


def may_decide_claim(actor: Viewer) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not _holds(actor, "administrator"):
        return refused(_l("Only an administrator decides about a claim."))
    return ALLOWED


def may_suspend(actor: Viewer, member: Member) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not _holds(actor, "moderator"):
        return refused(_l("Only a moderator suspends a member."))
    if member.id == actor.id:
        return refused(_l("Nobody suspends themselves; another moderator can."))
    if member.state not in {"active", "suspended"}:
        return refused(_l("Only a member who is here can be suspended."))
    return ALLOWED


def may_lift(actor: Viewer, member: Member) -> Verdict:
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not _holds(actor, "moderator"):
        return refused(_l("Only a moderator lifts a suspension."))
    if member.state != "suspended":
        return refused(_l("This member is not suspended."))
    return ALLOWED


def may_leave(actor: Viewer) -> Verdict:
    """Anybody may, at any time, also while suspended."""
    return ALLOWED if actor.is_authenticated else refused(_l("Sign in to leave."))


def may_change_own(actor: Viewer) -> Verdict:
    """A suspended member still keeps the own account and data in order."""
    return ALLOWED if actor.is_authenticated else refused(_l("Please sign in first."))
