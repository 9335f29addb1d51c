"""Who may do what with something given: one verdict an act, shared by page, JSON and service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions.labels import bound, freer
from iocop.contributions.marks import DOUBT, DOUBTING_LEVEL
from iocop.contributions.models import ContributionDomain
from iocop.core import clock
from iocop.core.db import db
from iocop.core.policy import ALLOWED, Verdict, fact, refused
from iocop.roles.queries import holds
from iocop.spaces import policy as spaces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.contributions.marks import MarkKind
    from iocop.contributions.models import Attachment, Contribution
    from iocop.core.login import Viewer
    from iocop.spaces.models import Space

UNDO = timedelta(minutes=10)
"""How long an author may take the removal of an own contribution back."""

NEXT_STATES = {
    "visible": {"held", "hidden", "removed"},
    "held": {"visible", "hidden", "removed"},
    "hidden": {"visible", "removed"},
    "removed": {"visible"},
}

_NOT_HERE = refused(_l("There is nothing here, or it is not open to you."))
_SUSPENDED = refused(_l("Suspended members cannot do this."))
_GUEST = refused(_l("Join or sign in to do this."))
_NOT_VISIBLE = refused(_l("This contribution is not shown at the moment."))


GOVERNED = refused(
    _l("An article changes by a suggestion that two people of two organizations approve: make one.")
)


def governed_kinds() -> frozenset[str]:
    """Return the kinds that a feature above lets change only by a reviewed proposal."""
    return fact("governed_kinds", default=frozenset())


def governed(thing: Contribution) -> bool:
    return thing.kind in governed_kinds()


def moderates(viewer: Viewer) -> bool:
    """Say whether the viewer holds the moderator's office now; it rests while they are suspended."""
    return viewer.is_authenticated and not viewer.suspended and holds(viewer.id, "moderator", clock.now())


def may_read(viewer: Viewer, thing: Contribution) -> Verdict:
    """Say whether the viewer may read the text: the space, the label and the state all let them.

    What is held or hidden, its author and moderators still read; what is removed, moderators alone.
    """
    verdict = spaces.may_read(viewer, thing)
    if not verdict or thing.state == "visible":
        return verdict
    if viewer.is_authenticated and thing.author_id == viewer.id and thing.state != "removed":
        return ALLOWED
    return ALLOWED if moderates(viewer) else _NOT_VISIBLE


def _may_act(actor: Viewer, thing: Contribution) -> Verdict:
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    return may_read(actor, thing)


def may_contribute(actor: Viewer, space: Space, parent: Contribution | None = None) -> Verdict:
    """Say whether the actor may post in a space, and under a parent where there is one."""
    if not actor.is_authenticated:
        return _GUEST
    verdict = spaces.may_write_in(actor, space)
    if not verdict or parent is None:
        return verdict
    return may_read(actor, parent)


def may_label(label: str, audience: str, root_label: str | None) -> Verdict:
    """Say whether a label is possible in a space and under a topic."""
    if root_label is not None and freer(label, root_label):
        return refused(_l("A reply can be shared less far than its topic, not further."))
    if freer(label, bound(audience)):
        return refused(_l("What is said in this space cannot be labelled as public."))
    return ALLOWED


def may_revise(actor: Viewer, thing: Contribution) -> Verdict:
    verdict = _may_act(actor, thing)
    if not verdict:
        return verdict
    if thing.state == "removed":
        return refused(_l("What was removed cannot be edited."))
    if governed(thing):
        return GOVERNED
    if thing.author_id != actor.id and not moderates(actor) and not _edits_well(actor, thing):
        return refused(
            _l(
                "Only its author or a moderator edits a contribution, or a member whose suggested changes to articles"
                " were nearly all approved."
            )
        )
    return ALLOWED


def edits_others(actor: Viewer) -> bool:
    """Say whether the actor has the ability to edit: it opens small edits of what others wrote, kept in its history."""
    return actor.is_authenticated and bool(fact("ability", actor.id, "edit", default=False))


def _edits_well(actor: Viewer, thing: Contribution) -> bool:
    helped: frozenset[str] = fact("helped_kinds", default=frozenset())
    if thing.kind in helped:
        return bool(fact("helps_with", actor, thing, default=False))
    return thing.state == "visible" and edits_others(actor)


def may_mark(actor: Viewer, thing: Contribution, kind: MarkKind) -> Verdict:
    verdict = _may_act(actor, thing)
    if not verdict:
        return verdict
    if thing.state != "visible":
        return _NOT_VISIBLE
    if thing.author_id == actor.id and not kind.own:
        return refused(_l("Whether it helps or works, others say: you wrote this one."))
    return _may_doubt(actor, thing) if kind is DOUBT else ALLOWED


def _may_doubt(actor: Viewer, thing: Contribution) -> Verdict:
    if thing.kind != "answer":
        return refused(_l("Only answers are doubted; of an article, say that it is outdated."))
    filed = select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == thing.root_id)
    if not doubts_in(actor, list(db.session.scalars(filed))):
        return refused(
            _l("From level 1 of one of the topic's domains on, a member doubts answers with a reason.")
        )
    return ALLOWED


def doubts_in(actor: Viewer, domain_ids: Iterable[int]) -> bool:
    """Say whether the actor stands high enough in one of some domains to doubt an answer there."""
    levels: dict[int, int] = fact("levels", actor.id, default={})
    return any(levels.get(domain, 0) >= DOUBTING_LEVEL for domain in domain_ids)


def may_read_doubts(viewer: Viewer, thing: Contribution) -> Verdict:
    """Say whether the viewer may read why members doubt an answer; who they are, nobody may."""
    if viewer.is_authenticated and (thing.author_id == viewer.id or moderates(viewer)):
        return ALLOWED
    return refused(_l("The reasons of a doubt are for the answer's author."))


def may_change_label(actor: Viewer, thing: Contribution, label: str) -> Verdict:
    """Say whether the actor may move a label: its author either way, a moderator only towards stricter."""
    verdict = _may_act(actor, thing)
    if not verdict:
        return verdict
    if governed(thing):
        return GOVERNED
    if thing.author_id == actor.id:
        return ALLOWED
    if freer(label, thing.label):
        return refused(_l("Only its author can let a contribution travel further."))
    if not moderates(actor):
        return refused(_l("Only its author or a moderator changes how far a contribution is shared."))
    return ALLOWED


def may_move(actor: Viewer, root: Contribution, target: Space, others: bool) -> Verdict:
    """Say whether the actor may move a topic to another space.

    Args:
        others: whether somebody else has written under the topic; then only a moderator moves it.
    """
    verdict = _may_act(actor, root)
    if not verdict:
        return verdict
    if root.root_id != root.id:
        return refused(_l("A reply goes where its topic goes."))
    if governed(root):
        return GOVERNED
    if not moderates(actor) and (others or root.author_id != actor.id):
        return refused(_l("A moderator moves topics; an author only one that nobody has answered."))
    return spaces.may_write_in(actor, target)


def may_set_state(actor: Viewer, thing: Contribution, state: str, others: bool) -> Verdict:
    """Say whether the actor may hide, restore or remove a contribution.

    Args:
        others: whether somebody else has written under it; then its author leaves it standing.
    """
    if not actor.is_authenticated:
        return _GUEST
    if state not in NEXT_STATES[thing.state]:
        return refused(_l("It stands so already, or cannot go there from where it stands."))
    if state == "removed" and governed(thing):
        return GOVERNED
    if moderates(actor):
        return ALLOWED
    if thing.author_id != actor.id:
        return refused(_l("Only moderators do this."))
    return _may_as_author(actor, thing, state, others)


def _may_as_author(actor: Viewer, thing: Contribution, state: str, others: bool) -> Verdict:
    if actor.suspended:
        return _SUSPENDED
    if state == "visible":
        return _may_take_back(actor, thing)
    if state != "removed" or thing.state == "hidden":
        return refused(_l("Only moderators do this."))
    if others and thing.root_id == thing.id:
        return refused(_l("Others have written here: edit it, or ask a moderator to remove it."))
    return ALLOWED


def _may_take_back(actor: Viewer, thing: Contribution) -> Verdict:
    if thing.state_by_id != actor.id or thing.removed_at is None:
        return refused(_l("Only moderators do this."))
    if clock.now() - thing.removed_at > UNDO:
        return refused(_l("A removal can be taken back for ten minutes; ask a moderator."))
    return ALLOWED


def may_open_attachment(viewer: Viewer, file: Attachment, thing: Contribution | None) -> Verdict:
    """Say whether the viewer may have a file: who may read its contribution, and its owner while nobody else can."""
    if viewer.is_authenticated and file.owner_id == viewer.id:
        return ALLOWED
    if thing is None:
        return _NOT_HERE
    return may_read(viewer, thing)


def may_attach(actor: Viewer) -> Verdict:
    if not actor.is_authenticated:
        return _GUEST
    if actor.suspended:
        return _SUSPENDED
    return ALLOWED
