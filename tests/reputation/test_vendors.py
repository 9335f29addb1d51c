"""Whose organization sells what a domain is about earns points there, and reaches no level 4 and no stewardship."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Refused
from iocop.domains.models import Tag
from iocop.members.numbers import shown
from iocop.organizations.models import Affiliation, Offer, Organization
from iocop.reputation import jobs
from iocop.reputation.queries.levels import Place
from iocop.reputation.queries.vendors import sold_at
from iocop.reputation.services.laddering import look
from iocop.roles import services as roles
from tests.factories import make_member, saved
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import cast
from tests.reputation.candidates import looked_at, told
from tests.reputation.ledgers import make_community
from tests.reputation.standing import earn, level_of, stand, steps_of
from tests.reputation.test_sources import helpful
from tests.reputation.test_stewards import appoint

if TYPE_CHECKING:
    from iocop.domains.models import Domain
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def sold(member: Member, domain: Domain) -> str:
    place = Place(member.id, domain.id)
    return sold_at([place]).get(place, "")


def leave(member: Member) -> None:
    """Have a member have left all their organizations yesterday."""
    with act() as session:
        for row in session.scalars(select(Affiliation).where(Affiliation.member_id == member.id)):
            row.valid_to = clock.now().date() - timedelta(days=1)


def test_a_domain_is_about_what_its_name_or_a_sub_topic_says() -> None:
    people = cast()
    vera = people.vera
    named, listed = make_domain(name="The V6 in practice"), make_domain(name="Controls")
    filed, other = make_domain(name="Law"), make_domain(name="V60 pumps")
    saved(Tag(slug="v6", domain_id=listed.id, sub_topic=True))
    saved(Tag(slug="v6-2", domain_id=filed.id))

    found = {domain.name: sold(vera, domain) for domain in (named, listed, filed, other)}

    assert found == {"The V6 in practice": "V6", "Controls": "V6", "Law": "", "V60 pumps": ""}
    assert sold(people.charlie, named) == ""


def test_a_service_is_no_product_and_what_was_merged_sells_what_the_other_does() -> None:
    people, domain = cast(), make_domain(name="V6 commissioning")
    saved(Offer(organization_id=people.rival.id, name="Commissioning", kind="service"))
    assert sold(people.charlie, domain) == ""

    with act() as session:
        session.get_one(Organization, people.rival.id).merged_into_id = people.vendor.id
    assert sold(people.charlie, domain) == "V6"


def test_a_seller_stands_at_level_3_whatever_they_earn_until_they_leave() -> None:
    looked_at()
    people, domain = cast(), make_domain(name="V6")
    vera, charlie = people.vera, people.charlie
    for member in (vera, charlie):
        stand(member, domain, 3)
        earn(member, domain, 4)
        look(member.id, domain.id)
    assert (level_of(vera, domain), level_of(charlie, domain)) == (3, 4)

    leave(vera)
    jobs.fade()
    assert level_of(vera, domain) == 4


def test_who_stood_at_level_4_before_the_rule_stays_and_who_joins_a_seller_later_is_told_60_days_ahead() -> (
    None
):
    people, domain = cast(), make_domain(name="V6")
    now = clock.now()
    stand(people.vera, domain, 4, since=now - timedelta(days=9))
    looked_at(now - timedelta(days=1))
    stand(people.charlie, domain, 4)
    for member in (people.vera, people.charlie):
        earn(member, domain, 4, points=4000)
    saved(
        Affiliation(
            line=1, member_id=people.charlie.id, organization_id=people.vendor.id, title="Sales", evidence="self",
            valid_from=date(2020, 1, 1), recorded_at=now, is_main=False, visibility="members",
        )
    )  # fmt: skip
    with time_machine.travel(now) as clock_at:
        for days in (0, 61):
            clock_at.move_to(now + timedelta(days=days))
            jobs.fade()

    assert (level_of(people.vera, domain), level_of(people.charlie, domain)) == (4, 3)
    assert steps_of(people.charlie) == [(4, 3, "lowered")]


def test_a_seller_is_not_appointed_steward_and_the_page_says_why(browser: Browser) -> None:
    people, domain = cast(), make_domain(name="V6")
    for member in (people.vera, people.charlie):
        stand(member, domain, 3)
    with pytest.raises(Refused, match="sells V6, which this domain is about"):
        appoint(people.vera, domain)
    appoint(people.charlie, domain)

    asked = {"member": shown(people.vera.number), "role": "domain_steward", "domain": str(domain.id)}
    page = browser.sign_in(people.alice).post("/admin/roles", asked | {"decision": str(roles.found_site())})
    assert "sells V6, which this domain is about" in page.text


def test_the_own_page_says_why_the_next_level_is_closed(browser: Browser) -> None:
    looked_at()
    make_community(clock.now().date())
    people, domain = cast(), make_domain(name="V6")
    answer = make_answer(make_topic(domain_ids=[domain.id]), author=people.vera)
    helpful(people.charlie, answer)
    told()
    stand(people.vera, domain, 3)
    earn(people.vera, domain, 4)
    look(people.vera.id, domain.id)

    page = browser.sign_in(people.vera).page("/standing").select_one("main")

    assert page is not None
    assert "as long as an organization of yours sells V6" in " ".join(page.get_text(" ").split())


def test_asking_of_many_takes_as_many_statements_as_asking_of_one() -> None:
    from sqlalchemy import event

    people, domain = cast(), make_domain(name="V6")
    others = [make_member() for _ in range(4)]
    counts = []
    for members in ([people.vera], [people.vera, people.charlie, *others]):
        statements: list[str] = []

        def count(*about: object, into: list[str] = statements) -> None:
            into.append(str(about[2]))

        places = [Place(member.id, domain.id) for member in members]
        event.listen(db.engine, "before_cursor_execute", count)
        assert set(sold_at(places)) == {places[0]}
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 3
