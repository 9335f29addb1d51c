"""In which spaces competitors meet, what the page about risk says, and on whom an organization depends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.organizations.models import Affiliation, OrganizationRelation
from iocop.safety.queries import competitors_meet
from iocop.safety.risks import RISKS
from tests.client import Browser
from tests.forums.factories import make_answer, make_topic
from tests.people import belong, cast, person
from tests.safety.factories import community, compete
from tests.spaces.factories import every_space, let_in

pytestmark = pytest.mark.usefixtures("app")


def meeting(spaces: dict[str, int]) -> set[str]:
    return {audience for audience, key in spaces.items() if competitors_meet(key)}


@pytest.mark.theory("1.17")
def test_competitors_meet_where_both_can_read() -> None:
    people, spaces = cast(), every_space()
    ids = {audience: space.id for audience, space in spaces.items()}
    assert meeting(ids) == set()

    compete(people.acme, people.rival)
    assert meeting(ids) == {"public", "members", "verified"}
    let_in(spaces["named"], people.acme)
    assert meeting(ids) == {"public", "members", "verified"}
    let_in(spaces["named"], people.charlie)
    assert meeting(ids) == set(ids)


def test_a_member_who_only_states_a_competitor_counts_where_no_proof_is_asked() -> None:
    people, spaces = cast(), every_space()
    ids = {audience: space.id for audience, space in spaces.items()}
    compete(people.acme, people.vendor)
    with act():
        row = db.session.scalars(select(Affiliation).where(Affiliation.member_id == people.vera.id)).one()
        row.evidence = "self"

    assert meeting(ids) == {"public", "members"}


@pytest.mark.parametrize("ended", ["relation", "affiliation", "member"])
def test_what_has_ended_is_no_competitor(ended: str) -> None:
    people, spaces = cast(), every_space()
    compete(people.acme, people.rival)
    today = clock.now().date()
    with act():
        if ended == "relation":
            db.session.scalars(select(OrganizationRelation)).one().valid_to = today
        elif ended == "affiliation":
            held = select(Affiliation).where(Affiliation.member_id == people.charlie.id)
            db.session.scalars(held).one().valid_to = today - timedelta(days=1)
        else:
            people.charlie.state = "left"

    assert not competitors_meet(spaces["public"].id)


@pytest.mark.theory("1.17")
def test_the_register_of_risks_is_open_and_says_what_is_done_about_each(browser: Browser) -> None:
    page = browser.page("/risks")

    assert len(RISKS) == 8
    for risk in RISKS:
        assert str(risk.name) in page.text
        assert str(risk.done) in page.text
    assert browser.page("/how").select_one("a[href='/risks']") is not None


@pytest.mark.theory("1.17")
def test_the_page_on_risk_tells_members_whom_their_organization_depends_on(browser: Browser) -> None:
    people = community()
    topic = make_topic(author=people.alice)
    helpers = [people.charlie, people.vera]
    for number in range(3):
        helpers.append(person(f"Rita{number} Rowan", handle=f"rita{number}", email=f"r{number}@example.org"))
        belong(helpers[-1], people.rival)
    browser.sign_in(people.bob)
    for helper in helpers[:4]:
        make_answer(topic, author=helper)
    assert "Acme: fewer than five answers" in browser.page("/risks").text

    make_answer(topic, author=helpers[4])
    make_answer(topic, author=people.alice)

    words = " ".join(browser.page("/risks").text.split())
    assert "Rival gave 80 % of the 5 answers that Acme got from other organizations." in words
    assert "more than half from one organization" in words
    assert "fewer than five" in browser.fresh().sign_in(people.charlie).page("/risks").text
    alone = person("Lone Larch")
    assert "Where your organization" not in browser.fresh().sign_in(alone).page("/risks").text
