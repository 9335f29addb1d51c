"""Where the answers to an organization's questions come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import db
from iocop.organizations.models import Organization
from iocop.organizations.queries import organization_ids
from iocop.safety.dependence import Dependence, dependence
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from iocop.core.login import Viewer


class Depends(NamedTuple):
    """One of the viewer's organizations, and whom it depends on; None: too few answers to say."""

    name: str
    on: Dependence | None
    on_name: str


def dependences(viewer: Viewer) -> list[Depends]:
    """Return on whom each of the viewer's current organizations depends for its answers, as far as the viewer may read.

    What counts is the organization stamped at the time of writing, shown with the post; answers of the own people, of
    people without one, and those that do not show it are left out.
    """
    mine = sorted(organization_ids(viewer.id, clock.now()))
    answers = {organization_id: _answers(viewer, organization_id) for organization_id in mine}
    found = {organization_id: dependence(counts) for organization_id, counts in answers.items()}
    named = set(mine) | {each.organization_id for each in found.values() if each}
    names = select(Organization.id, Organization.name).where(Organization.id.in_(named))
    called = {row.id: row.name for row in db.session.execute(names)}
    return [
        Depends(called[key], each, called[each.organization_id] if each else "")
        for key, each in found.items()
    ]


def _answers(viewer: Viewer, organization_id: int) -> dict[int, int]:
    answer, question = aliased(Contribution), aliased(Contribution)
    rows = db.session.execute(
        select(answer.organization_id, func.count())
        .join(question, question.id == answer.root_id)
        .where(
            question.organization_id == organization_id,
            question.kind == "question",
            answer.kind == "answer",
            answer.state == "visible",
            answer.byline == "named",
            answer.organization_id != organization_id,
            readable(scope_of(viewer), answer.space_id, answer.label),
        )
        .group_by(answer.organization_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}
