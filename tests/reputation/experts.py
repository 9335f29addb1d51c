"""What tests of asking need: standing as the ledger would leave it, a question in a domain, and time that has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.models import EventRow
from iocop.reputation.models import Balance, ExpertRequest
from iocop.reputation.queries.asking import suggestions
from iocop.reputation.services import asking
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain, make_topic
from tests.people import belong

if TYPE_CHECKING:
    from iocop.domains.models import Domain
    from iocop.forums.models import Topic
    from iocop.members.models import Member
    from iocop.organizations.models import Organization


def make_balance(member: Member, domain: Domain, points: int = 100, **given: Any) -> Balance:
    """So many points in a domain, all settled today."""
    usual = {"earned_mp": points * 1000, "settled_mp": points * 1000, "standing_mp": points * 1000}
    about = (
        usual | {"member_id": member.id, "domain_id": domain.id, "standing_on": clock.now().date()} | given
    )
    return saved(Balance(**about))


def make_expert(domain: Domain, points: int = 100, at: Organization | None = None, **given: Any) -> Member:
    """A member with standing in a domain, of an organization of their own unless one is named."""
    about = {key: given.pop(key) for key in ("accepted", "contested") if key in given}
    member = make_member(**given)
    belong(member, at or make_organization())
    make_balance(member, domain, points, **about)
    return member


def make_question(author: Member | None = None, domain: Domain | None = None, **given: Any) -> Topic:
    domain = domain or make_domain(name="Hydronics")
    return make_topic(author=author or make_member(), domain_ids=(domain.id,), **given)


def ask(topic: Topic, asker: Member, expert: Member, note: str = "") -> ExpertRequest:
    return asking.request_answer(viewer_of(asker), topic.id, expert.id, note)


def state_of(request: ExpertRequest) -> str:
    db.session.expire_all()
    return db.session.scalars(select(ExpertRequest.state).where(ExpertRequest.id == request.id)).one()


def let_pass(request: ExpertRequest, days: int) -> None:
    """Let a request have been made, and agreed to, so many days earlier."""
    with act() as session:
        row = session.get_one(ExpertRequest, request.id)
        earlier = {"asked_at": row.asked_at - timedelta(days=days)}
        if row.agreed_at is not None:
            earlier["agreed_at"] = row.agreed_at - timedelta(days=days)
        session.execute(update(ExpertRequest).where(ExpertRequest.id == request.id).values(**earlier))


def offered(topic: Topic, asker: Member, domain: Domain) -> list[int]:
    """Who is suggested to the asker of a question, best first."""
    return [one.member_id for one in suggestions(viewer_of(asker), [domain.id], topic_id=topic.id)]


def events() -> list[str]:
    """What happened about asking, in order."""
    names = db.session.scalars(select(EventRow.name).order_by(EventRow.id))
    return [name for name in names if name.startswith(("Expert", "Availability", "Newcomer"))]
