"""What members have shown that they do well: counted whenever it is asked, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import case, func, or_, select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.core.policy import provides
from iocop.moderation.models import Report, Ruling
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Proposal, Review
from iocop.reputation.ability import ABILITIES, has_ability

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Select

DECIDED: Final = ("published", "declined")


class Shown(NamedTuple):
    """How often something was done well, and badly."""

    good: int
    bad: int


@provides("ability")
def ability(member_id: int, key: str) -> bool:
    """Say whether a member has an ability of `ABILITIES` now."""
    return has_ability(key, *shown(member_id, key))


@provides("abilities")
def abilities(member_id: int) -> frozenset[str]:
    """Return which of *edit* and *flag* a member has, in one statement: pages with posts ask for both."""
    edits = select(func.count()).where(*_suggested_by(member_id))
    published, declined = (
        edits.where(Proposal.status == status).scalar_subquery().label(status) for status in DECIDED
    )
    row = db.session.execute(select(published, declined, *_ruled_for(member_id))).one()
    held = {"edit": row[:2], "flag": row[2:]}
    return frozenset(key for key, counts in held.items() if has_ability(key, *counts))


def _ruled_for(member_id: int) -> list[ColumnElement[int]]:
    reports = (
        select(func.count())
        .select_from(Report)
        .join(Ruling, Ruling.id == Report.ruling_id)
        .where(Report.reporter_id == member_id)
    )
    return [
        reports.where(Ruling.kind.in_(kinds)).scalar_subquery().label(kinds[-1])
        for kinds in (("hide", "remove"), ("dismiss",))
    ]


def shown(member_id: int, key: str) -> Shown:
    """Return what a member has shown of a skill."""
    return _SHOWN[key](member_id)


def shown_of(member_id: int) -> dict[str, Shown]:
    """Return the same of every skill, in their order: four statements."""
    return {key: shown(member_id, key) for key in ABILITIES}


def _edits(member_id: int) -> Shown:
    """Suggested changes to articles that were published, and those that were declined."""
    rows = select(Proposal.status, func.count()).where(*_suggested_by(member_id)).group_by(Proposal.status)
    counts: dict[str, int] = {row[0]: row[1] for row in db.session.execute(rows)}
    return Shown(counts.get("published", 0), counts.get("declined", 0))


def _tags(member_id: int) -> Shown:
    """The same, of those that changed an article's tags."""
    rows = db.session.execute(
        select(Proposal.status, Proposal.fields)
        .join(Contribution, Contribution.id == Proposal.id)
        .where(*_suggested_by(member_id))
    )
    ends = [status for status, fields in rows if _retags(Fields.read(fields))]
    return Shown(ends.count("published"), ends.count("declined"))


def _suggested_by(member_id: int) -> tuple[ColumnElement[bool], ...]:
    own = select(Contribution.id).where(Contribution.author_id == member_id, Contribution.kind == "proposal")
    return Proposal.id.in_(own), Proposal.act == "edit", Proposal.status.in_(DECIDED)


def _retags(fields: Fields) -> bool:
    return fields.base is not None and set(fields.tags) != set(Fields.read(fields.base).tags)


def _flags(member_id: int) -> Shown:
    """Reports on which moderators hid or removed something, and those they dismissed."""
    upheld, dismissed = Ruling.kind.in_(("hide", "remove")), Ruling.kind == "dismiss"
    return _counted(
        select(_how_many(upheld), _how_many(dismissed))
        .select_from(Report)
        .join(Ruling, Ruling.id == Report.ruling_id)
        .where(Report.reporter_id == member_id)
    )


def _curations(member_id: int) -> Shown:
    """Reviews that came to be borne out by how the suggestion ended, and those that did not."""
    approved, declined = Review.verdict == "approve", Review.verdict == "decline"
    published = Proposal.status == "published"
    borne_out = or_(approved & published, declined & ~published)
    return _counted(
        select(_how_many(borne_out), _how_many(~borne_out))
        .select_from(Review)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(Review.reviewer_id == member_id, or_(approved, declined), Proposal.status.in_(DECIDED))
    )


def _how_many(these: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((these, 1), else_=0)), 0)


def _counted(counts: Select[int, int]) -> Shown:
    return Shown(*db.session.execute(counts).one())


_SHOWN: Final[dict[str, Callable[[int], Shown]]] = {
    "edit": _edits,
    "tag": _tags,
    "flag": _flags,
    "curate": _curations,
}
