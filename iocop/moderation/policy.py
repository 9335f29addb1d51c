"""Who may report, rule and suspend. Nobody rules on their own, nor on colleagues while somebody else can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions import policy as contributions
from iocop.core import clock
from iocop.core.policy import ALLOWED, Verdict, refused
from iocop.members import policy as members
from iocop.moderation import queries

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.members.models import Member

STATES = {
    "dismiss": {"visible", "hidden", "removed"},
    "release": {"held"},
    "hide": {"visible", "held"},
    "restore": {"hidden", "removed"},
    "remove": {"visible", "held", "hidden"},
}
"""From which states of a contribution each ruling leads, the mildest first."""


def may_report(actor: Viewer, thing: Contribution) -> Verdict:
    if not actor.is_authenticated:
        return refused(_l("Join or sign in to report a post."))
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    verdict = contributions.may_read(actor, thing)
    if not verdict:
        return verdict
    if thing.author_id == actor.id:
        return refused(_l("You wrote this one: edit or remove it instead."))
    if queries.has_reported(actor.id, thing.id):
        return refused(_l("You have reported this post already; moderators will look at it."))
    return ALLOWED


def may_moderate(actor: Viewer) -> Verdict:
    """Say whether the actor may see the queue."""
    if actor.suspended:
        return refused(_l("Suspended members cannot do this."))
    if not contributions.moderates(actor):
        return refused(_l("The queue is for moderators; everybody can read the log of what was decided."))
    return ALLOWED


def may_rule(actor: Viewer, thing: Contribution, kind: str) -> Verdict:
    verdict = may_judge(actor, thing.author_id, thing.org_group_id)
    if not verdict:
        return verdict
    if kind not in STATES or thing.state not in STATES[kind]:
        return refused(_l("It stands so already, or cannot go there from where it stands."))
    if kind == "restore" and thing.state_by_id == thing.author_id:
        return refused(_l("Its author took it back; that stands."))
    if kind == "dismiss" and not queries.has_open_reports(thing.id):
        return refused(_l("Its reports are decided already."))
    return ALLOWED


def may_judge(actor: Viewer, author_id: int, group_id: int | None = None) -> Verdict:
    """Say whether the actor may decide about somebody at all.

    Args:
        group_id: the group of organizations the author belonged to when writing, besides those of today.
    """
    verdict = may_moderate(actor)
    if not verdict:
        return verdict
    if author_id == actor.id:
        return refused(_l("Nobody rules on their own posts; another moderator does."))
    now = clock.now()
    if queries.are_colleagues(actor.id, author_id, group_id, now) and queries.another_can(
        actor.id, author_id, group_id, now
    ):
        return refused(
            _l("You and the author belong to the same organization: another moderator decides this.")
        )
    return ALLOWED


def may_suspend(actor: Viewer, member: Member) -> Verdict:
    verdict = may_judge(actor, member.id)
    return members.may_suspend(actor, member) if verdict else verdict


def may_lift(actor: Viewer, member: Member) -> Verdict:
    verdict = may_judge(actor, member.id)
    return members.may_lift(actor, member) if verdict else verdict


def possible_rulings(actor: Viewer, thing: Contribution) -> list[str]:
    """Return what the actor may decide about a contribution as it stands."""
    return [kind for kind in STATES if may_rule(actor, thing, kind)]
