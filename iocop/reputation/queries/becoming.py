"""How a member became who they are here: one statement, as far as the viewer may read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, literal, select, union_all

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import alias_of, read
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.repertoire.models import Article
from iocop.reputation.models import RungChange
from iocop.roles.models import RoleGrant
from iocop.spaces.models import Space
from iocop.spaces.queries import asked_now, readable_by

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, CompoundSelect, Select

    from iocop.core.login import Viewer

_ABOUT: Any = bindparam("about")
_solved = alias_of(Topic)


class Step(NamedTuple):
    """One thing that happened.

    Attributes:
        what: ``joined``, ``question``, ``answer``, ``accepted``, ``article``, ``level`` or ``office``.
        ref: of a deed the contribution, of a level the domain, of an office the decision.
        level: reached; of joining, the member's number; else 0.
        role: of an office.
    """

    what: str
    at: datetime
    ref: int
    level: int
    role: str


def steps(viewer: Viewer, member_id: int) -> list[Step]:
    """Return what happened, earliest first; deeds that the viewer may not read, or not signed, are passed over."""
    asked = {"about": member_id, "now": clock.now(), "looking": viewer.id}
    found = read(_steps(viewer.is_authenticated), asked | asked_now())
    return sorted(map(Step._make, found), key=lambda step: step.at)


@cache
def _steps(for_member: bool) -> CompoundSelect[Any]:
    """Return the statement for one sort of viewers, made once."""
    deeds = _signed(for_member)
    root = Topic.id == Contribution.id
    accepted = and_(
        _solved.accepted_id == Contribution.id, _solved.id == Contribution.root_id, ~_asked_by_themselves()
    )
    return union_all(
        _step("joined", Member.joined_at, literal(0), Member.number).where(
            Member.id == _ABOUT, Member.state != "imported"
        ),
        _first("question", Contribution.created_at, deeds.join(Topic, root).where(Topic.kind == "question")),
        _first("answer", Contribution.created_at, deeds.where(Contribution.kind == "answer")),
        _first("accepted", _solved.accepted_at, deeds.join(_solved, accepted)),
        _first("article", Contribution.created_at, deeds.join(Article, Article.id == Contribution.id)),
        _step("level", RungChange.at, RungChange.domain_id, RungChange.new).where(
            RungChange.member_id == _ABOUT, RungChange.why == "reached"
        ),
        _step("office", RoleGrant.valid_from, RoleGrant.decision_id, role=RoleGrant.role).where(
            RoleGrant.member_id == _ABOUT, RoleGrant.valid_from <= bindparam("now")
        ),
    )


def _step(what: str, at: Any, ref: Any, level: Any = None, role: Any = None) -> Select[Any]:
    return select(
        literal(what).label("what"),
        at.label("at"),
        ref.label("ref"),
        (literal(0) if level is None else level).label("level"),
        (literal("") if role is None else role).label("role"),
    )


def _signed(for_member: bool) -> Select[Any]:
    """Return what a member signed and may be read, without columns."""
    return (
        select()
        .select_from(Contribution)
        .join(Space, Space.id == Contribution.space_id)
        .where(
            Contribution.author_id == _ABOUT,
            Contribution.byline == "named",
            Contribution.state == "visible",
            _readable(for_member),
        )
    )


def _readable(for_member: bool) -> ColumnElement[bool]:
    if for_member:
        return readable_by(bindparam("looking"))
    return and_(Space.audience == "public", Contribution.label == "public")


def _asked_by_themselves() -> ColumnElement[bool]:
    question = alias_of(Contribution)
    return select(question.id).where(question.id == _solved.id, question.author_id == _ABOUT).exists()


def _first(what: str, at: Any, deeds: Select[Any]) -> Select[Any]:
    earliest = deeds.add_columns(*_step(what, at, Contribution.id).selected_columns).order_by(at).limit(1)
    return select(earliest.subquery())
