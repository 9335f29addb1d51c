"""Members say that something helped, works where they are, or is outdated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from iocop.contributions import policy
from iocop.contributions.events import Marked, MarkWithdrawn
from iocop.contributions.marks import ACTS, CONTEXT_LIMITS, COUNTED_ONLY, DOUBT, HELPFUL, SHORTEST_DOUBT
from iocop.contributions.models import Contribution, Mark
from iocop.contributions.services.locking import locked
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import fact, require
from iocop.core.versions import bump
from iocop.organizations.queries import stamp
from iocop.organizations.wording import SIZES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.contributions.marks import MarkKind
    from iocop.core.login import Viewer

OPPOSITE = {HELPFUL.key: DOUBT.key, DOUBT.key: HELPFUL.key}


def mark(actor: Viewer, contribution_id: int, kind: str, context: Mapping[str, str] | None = None) -> Mark:
    """Put the actor's mark of a kind on a contribution; marking again keeps the first.

    Who finds helpful what they doubted, or doubts what they found helpful, takes the other back.

    Args:
        context: for ``works_here`` the version and conditions, and for an article the organization's size and sector
            and whether it is shown or only counted; for ``outdated`` and ``doubt`` the reason.

    Raises:
        Refused: the actor may not, such as on an own contribution.
        Invalid: no such kind, or a mark without the context it needs.
    """
    chosen = _kind(kind)
    said = _context(chosen, context or {})
    with act() as session:
        row = locked(contribution_id)  # of two presses at once, the second finds the first's mark
        require(policy.may_mark(actor, row, chosen))
        standing = _live(actor.id, row.id, chosen)
        if standing is not None:
            return standing
        if kind in OPPOSITE:
            withdraw_mark(actor, row.id, OPPOSITE[kind])
        now = clock.now()
        by = stamp(actor.id, None, now)
        made = Mark(
            contribution_id=row.id, member_id=actor.id, kind=_kept_as(chosen), value=chosen.value,
            context=_asked_for(row, chosen, said), at=now,
            organization_id=by.organization_id, org_group_id=by.org_group_id, org_evidence=by.org_evidence,
        )  # fmt: skip
        session.add(made)
        session.flush()
        recount(row)
        emit(Marked(actor.id, row.id, row.root_id or row.id, kind))
    return made


def withdraw_mark(actor: Viewer, contribution_id: int, kind: str) -> None:
    """Take the actor's mark back; none there is no error. It may be taken back whatever became of the contribution."""
    chosen = _kind(kind)
    with act() as session:
        row = locked(contribution_id)
        standing = _live(actor.id, row.id, chosen)
        if standing is None:
            return
        standing.withdrawn_at = clock.now()
        session.flush()
        recount(row)
        emit(MarkWithdrawn(actor.id, row.id, row.root_id or row.id, kind))


def recount(row: Contribution) -> None:
    """Write a locked contribution's numbers from its live marks, so that they cannot drift."""
    with act():
        row.helpful, row.works_here, row.outdated = counted(row.id)
        row.works_here = fact("confirmed_at", row, default=row.works_here)
        bump(f"topic:{row.root_id or row.id}", "topics")


def counted(contribution_id: int) -> tuple[int, int, int]:
    """Count live marks: *helpful* as the sum of values, *works here* in organization groups, *outdated* in members."""
    live = (Mark.contribution_id == contribution_id, Mark.withdrawn_at.is_(None))
    helpful = select(func.coalesce(func.sum(Mark.value), 0)).where(*live, Mark.kind == "helpful")
    works = select(func.count(Mark.org_group_id.distinct())).where(*live, Mark.kind == "works_here")
    outdated = select(func.count()).where(*live, Mark.kind == "outdated")
    found = db.session.execute(
        select(helpful.scalar_subquery(), works.scalar_subquery(), outdated.scalar_subquery())
    ).one()
    return int(found[0]), int(found[1]), int(found[2])


def _live(member_id: int, contribution_id: int, kind: MarkKind) -> Mark | None:
    return db.session.scalar(
        select(Mark).where(
            Mark.contribution_id == contribution_id,
            Mark.member_id == member_id,
            Mark.kind == _kept_as(kind),
            Mark.value == kind.value,
            Mark.withdrawn_at.is_(None),
        )
    )


def _kept_as(kind: MarkKind) -> str:
    return HELPFUL.key if kind is DOUBT else kind.key


def _kind(key: str) -> MarkKind:
    if key not in ACTS:
        raise Invalid(_l("There is no such mark."), "kind")
    return ACTS[key]


def _context(kind: MarkKind, given: Mapping[str, str]) -> dict[str, Any]:
    said = {part: given.get(part, "").strip() for part in (*kind.needs, *kind.further)}
    if kind.needs and not any(said[part] for part in kind.needs):
        raise Invalid(_l("Say a little more, so that others can judge it."), kind.needs[-1])
    if kind is DOUBT and len(said["reason"]) < SHORTEST_DOUBT:
        raise Invalid(_l("Say in a sentence, of at least 20 characters, what is wrong with it."), "reason")
    if any(len(words) > CONTEXT_LIMITS[part] for part, words in said.items()):
        raise Invalid(_l("That is too long: keep it to 400 characters."), kind.needs[-1])
    if said.get("size", "") not in SIZES or said.get("shown", "") not in {"", "named", COUNTED_ONLY}:
        raise Invalid(_l("Choose one of what is offered."), "shown")
    return {part: words for part, words in said.items() if words}


def _asked_for(row: Contribution, kind: MarkKind, said: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only confirmations of articles are asked for."""
    if policy.governed(row):
        return said
    return {part: words for part, words in said.items() if part not in kind.further}
