"""What tests of the way to level 3 need: the rule in force, people of organizations who hold offices, a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.core import clock, outbox
from iocop.core.db import db
from iocop.reputation.models import LadderRule, LevelReview
from iocop.reputation.services import reviewing
from iocop.reputation.services.laddering import look
from tests.factories import make_organization, saved, viewer_of
from tests.people import officer, person
from tests.reputation.standing import earn

if TYPE_CHECKING:
    from datetime import datetime

    from iocop.domains.models import Domain
    from iocop.members.models import Member


def looked_at(since: datetime | None = None) -> None:
    """Put the rule in force, as the migration does."""
    saved(LadderRule(version=2, since=since or clock.now()))


def somebody(name: str) -> Member:
    """A member of an organization of their own, which is proved."""
    return person(f"{name} Nettle", make_organization(), f"{name.lower()}.example")


def steward(name: str, domain: Domain) -> Member:
    return officer(somebody(name), "domain_steward", scope_kind="domain", scope_id=domain.id)


def come_to_it(member: Member, domain: Domain, **given: Any) -> LevelReview:
    """Let a member earn all that level 3 asks for; return the review that begins."""
    earn(member, domain, 3, **given)
    look(member.id, domain.id)
    return review_of(member)


def review_of(member: Member) -> LevelReview:
    db.session.expire_all()
    rows = select(LevelReview).where(LevelReview.member_id == member.id).order_by(LevelReview.id.desc())
    return db.session.scalars(rows.limit(1)).one()


def say(actor: Member, review: LevelReview, *, agrees: bool = True, reason: str = "") -> str:
    return reviewing.say(viewer_of(actor), review.id, agrees=agrees, reason=reason)


def told() -> None:
    while outbox.deliver_all():
        pass
