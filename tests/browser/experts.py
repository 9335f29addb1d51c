"""Whom to ask, in the browser's site: a member with an open question, who is asked something in turn."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.contributions.services import Given
from iocop.core import clock
from iocop.core.db import act, db
from iocop.domains.models import Domain
from iocop.forums.models import Topic
from iocop.forums.services import open_topic
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.reputation.models import Balance, Irregularity, IrregularityParty, LevelReview
from iocop.reputation.services.asking import agree, request_answer
from iocop.reputation.services.offering import offer
from tests.browser.links import inside
from tests.browser.person import COLLEAGUE, COMPETITOR, MEMBER, SOLE_PRACTITIONER, VENDOR
from tests.factories import viewer_of

if TYPE_CHECKING:
    from tests.browser.site import Site

ASKED = "Which gland holds glycol at forty below?"
"""The member's own question."""
CIRCLE = "select id from irregularity where kind = 'ring'"
CANDIDATE = "select id from level_review"
OPEN = "select topic.id from topic where title = ?"
KNOWN = {COLLEAGUE: 300, COMPETITOR: 200, VENDOR: 120, SOLE_PRACTITIONER: 60, MEMBER: 90}
"""Points in hydronics, of those who come into question."""


def of_member(site: Site) -> list[str]:
    """Return the pages of who asks and is asked."""
    if not site.rows(OPEN, ASKED):
        _begin(site)
    own = site.value(OPEN, ASKED)
    someone = site.value("select number from member where handle = ?", SOLE_PRACTITIONER)
    asked = site.value("select topic_id from expert_request where topic_id <> ? order by id limit 1", own)
    judged = f"/standing/irregularities/{irregularity(site)}"
    becoming = f"/standing/reviews/{review(site)}"
    return [f"/t/{own}", f"/t/{own}/ask-whom/{shown(someone)}", f"/t/{asked}", judged, becoming]


def of_curator(site: Site) -> list[str]:
    """Return the page of a member who has come to what level 3 asks for, before a curator."""
    return [f"/standing/candidates/{review(site)}"]


def review(site: Site) -> int:
    """Return the key of what two people are asked about the member."""
    if not site.rows(CANDIDATE):
        with inside(site):
            _candidate()
    return int(site.value(CANDIDATE))


def irregularity(site: Site) -> int:
    """Return the key of a circle that the member is told to belong to, with three others."""
    if not site.rows(CIRCLE):
        with inside(site):
            _circle()
    return int(site.value(CIRCLE))


def _candidate() -> None:
    with act() as session:
        member = session.scalars(select(Member.id).where(Member.handle == MEMBER)).one()
        domain = session.scalars(select(Domain.id).where(Domain.slug == "hydronics")).one()
        session.add(LevelReview(member_id=member, domain_id=domain, opened_at=clock.now(), evidence={}))


def _begin(site: Site) -> None:
    with inside(site):
        people = {
            row.handle: row for row in db.session.scalars(select(Member).where(Member.handle.in_(KNOWN)))
        }
        domain = db.session.scalars(select(Domain.id).where(Domain.slug == "hydronics")).one()
        _stand(people, domain)
        offer(
            viewer_of(people[VENDOR]), per_week=2, away_until=None, time_zone="Europe/Stockholm",
            note="Best on Mondays, in English or Swedish.",
        )  # fmt: skip
        topic = _ask(people[MEMBER], domain, ASKED)
        asked = request_answer(
            viewer_of(people[MEMBER]), topic.id, people[COMPETITOR].id, "You wrote about seals."
        )
        agree(viewer_of(people[COMPETITOR]), asked.id)
        other = _ask(people[COMPETITOR], domain, "How do you vent a flat roof's loop?")
        request_answer(viewer_of(people[COMPETITOR]), other.id, people[MEMBER].id, "You built two of them.")


def _circle() -> None:
    around = (MEMBER, COMPETITOR, VENDOR, SOLE_PRACTITIONER)
    with act() as session:
        four = list(session.scalars(select(Member.id).where(Member.handle.in_(around)).order_by(Member.id)))
        evidence = {
            "from": clock.now().isoformat(), "to": clock.now().isoformat(),
            "pairs": [[*pair, 5] for pair in permutations(four, 2)],
            "inside": {str(one): [15, 18] for one in four},
        }  # fmt: skip
        row = Irregularity(
            kind="ring",
            key="circle",
            found_at=clock.now(),
            evidence=evidence,
            state="told",
            told_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add_all(IrregularityParty(irregularity_id=row.id, member_id=one) for one in four)


def _stand(people: dict[str, Member], domain: int) -> None:
    with act() as session:
        for handle, points in KNOWN.items():
            session.merge(
                Balance(
                    member_id=people[handle].id, domain_id=domain, earned_mp=points * 1000, settled_mp=points * 1000,
                    organizations=3, participation=0, accepted=points // 30, contested=points // 20,
                    standing_mp=points * 1000, standing_on=clock.now().date(),
                )
            )  # fmt: skip


def _ask(member: Member, domain: int, title: str) -> Topic:
    given = Given(
        kind="question", title=title, text="We tried two and both wept.", submission_key=title[:30],
        domain_ids=(domain,), label="members",
    )  # fmt: skip
    return open_topic(viewer_of(member), given)
