"""How far something given may be carried, changed with history; what holds its words follows where it is stricter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions import labels, policy
from iocop.contributions.events import LabelChanged
from iocop.contributions.models import Contribution, LabelChange, Link
from iocop.contributions.services.locking import locked_ungoverned
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import fact, require
from iocop.core.versions import bump
from iocop.spaces.labels import LABELS, strictest
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from iocop.core.login import Viewer


def change_label(actor: Viewer, contribution_id: int, label: str, reason: str = "") -> Contribution:
    """Move a contribution's label; what is stricter holds at once, for the replies under a root too.

    Raises:
        Refused: neither its author nor a moderator, or a moderator who would let it travel further.
        Invalid: not a label, or one that the space, the topic or the posts it was made of do not allow.
    """
    with act() as session:
        row = locked_ungoverned(contribution_id)
        _check(label, reason)
        require(policy.may_change_label(actor, row, label))
        space = session.get_one(Space, row.space_id)
        root = session.get_one(Contribution, row.root_id or row.id)
        verdict = policy.may_label(label, space.audience, None if root is row else root.label)
        if not verdict:
            raise Invalid(verdict.reason, "label")
        if labels.freer(label, strictest(_bound(row)[0], _quoted_by(row.id))):
            raise Invalid(_l("It holds words of others that are shared less far."), "label")
        if label != row.label:
            move_label(actor, row, label, reason)
    return row


def move_label(actor: Viewer, row: Contribution, label: str, reason: str) -> None:
    """Write a label that was found possible, and draw the replies under a root along where it is stricter."""
    draw_along(actor.id, row, label, reason)


def draw_along(actor_id: int, row: Contribution, label: str, reason: str) -> None:
    """Do the same where only the one by whose act it happens is known, as to a listener."""
    changed = [row, *(reply for reply in _replies(row) if labels.freer(reply.label, label))]
    for thing in changed:
        _write(actor_id, thing, label, thing.space_id, reason)
    _tell(actor_id, row, changed)


def draw_quotations_along(actor_id: int, changed_ids: Collection[int]) -> None:
    """Share what quotes some contributions no further than they are shared now.

    What quotes those in turn follows, as each move is told of like this one.
    """
    with act() as session:
        quoting = select(Link.from_id).where(Link.to_id.in_(changed_ids), Link.kind == "quoted")
        found = select(Contribution).where(Contribution.id.in_(quoting)).order_by(Contribution.id)
        for row in session.scalars(found.with_for_update()).all():
            possible = strictest(row.label, _quoted_by(row.id))
            if labels.freer(row.label, possible):
                draw_along(actor_id, row, possible, str(_l("It quotes something that is shared less far.")))


def _quoted_by(contribution_id: int) -> str:
    """Return the strictest label among what a text quotes: the freest it may have."""
    quoted = (
        select(Contribution.label)
        .join(Link, Link.to_id == Contribution.id)
        .where(Link.from_id == contribution_id, Link.kind == "quoted")
    )
    return strictest(LABELS[-1], *db.session.scalars(quoted))


def move_space(actor: Viewer, root_id: int, space_id: int, reason: str = "") -> Contribution:
    """Move a topic with its replies to another space; labels that are too free there become stricter.

    Raises:
        Refused: not a moderator, nor its author while nobody has answered.
        Missing: no such topic or space.
        Invalid: it is made of posts that may not leave their space.
    """
    with act() as session:
        row = locked_ungoverned(root_id)
        target = session.get(Space, space_id)
        if target is None:
            raise Missing(_l("There is no such space."))
        replies = _replies(row)
        others = any(reply.author_id != row.author_id for reply in replies)
        require(policy.may_move(actor, row, target, others))
        if target.id == row.space_id:
            return row
        if _bound(row)[1] not in {None, target.id}:
            raise Invalid(_l("It holds words that were said for another space only: take them out."), "space")
        for thing in (row, *replies):
            possible = strictest(thing.label, labels.FREEST[target.audience])
            _write(actor.id, thing, possible, target.id, reason)
        _tell(actor.id, row, [row, *replies])
    return row


def _bound(row: Contribution) -> tuple[str, int | None]:
    """Return the freest label, and the one space, that what a text was made of allows, as features above know it."""
    return fact("bound_by_posts", row, default=(LABELS[-1], None))


def _check(label: str, reason: str) -> None:
    if label not in LABELS:
        raise Invalid(_l("Choose how far it may be shared."), "label")
    if len(reason) > 200:
        raise Invalid(_l("A reason has at most 200 characters."), "reason")


def _replies(row: Contribution) -> Sequence[Contribution]:
    if row.root_id != row.id:
        return []
    return db.session.scalars(
        select(Contribution)
        .where(Contribution.root_id == row.id, Contribution.id != row.id)
        .order_by(Contribution.id)
        .with_for_update()
    ).all()


def _write(actor_id: int, row: Contribution, label: str, space_id: int, reason: str) -> None:
    with act() as session:
        session.add(
            LabelChange(
                contribution_id=row.id,
                actor_id=actor_id,
                at=clock.now(),
                old_label=row.label,
                new_label=label,
                old_space_id=row.space_id,
                new_space_id=space_id,
                reason=reason,
            )
        )
        row.label, row.space_id = label, space_id


def _tell(actor_id: int, row: Contribution, changed: Sequence[Contribution]) -> None:
    root_id = row.root_id or row.id
    bump(f"topic:{root_id}", "topics")
    emit(LabelChanged(actor_id, tuple(thing.id for thing in changed), root_id))
