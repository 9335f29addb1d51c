"""Levels beside what members wrote: in the topic's domains, one statement a page, and not on a post's first day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import update

from iocop.core.db import act
from iocop.core.events import emit
from iocop.forums.models import Topic
from iocop.reputation.events import LevelReached
from iocop.reputation.models import Rung
from tests.factories import make_organization, saved
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import belong, cast, officer, person
from tests.reputation.standing import stand
from tests.search.factories import statements

if TYPE_CHECKING:
    from bs4 import Tag

    from tests.client import Browser

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def beside(browser: Browser, topic: Topic, number: int) -> Tag:
    author = browser.page(f"/t/{topic.id}").select_one(f"#post-{number} .author")
    assert author is not None
    return author


def chips(browser: Browser, topic: Topic, number: int) -> list[str]:
    return [" ".join(chip.text.split()) for chip in beside(browser, topic, number).select(".chip")]


@pytest.mark.theory("2.47")
def test_a_fresh_answer_is_read_before_its_authors_rank_is(browser: Browser) -> None:
    """For a day there is no level beside it, for nobody; employer and conflict of interest stand there at once."""
    people, domain = cast(), make_domain(name="Hydronics")
    with time_machine.travel(MONDAY, tick=False) as clock:
        stand(people.vera, domain, 3)
        topic = make_topic(domain_ids=(domain.id,), title="Why does the V6 leak?")
        make_answer(topic, author=people.vera)
        guest, member = browser.fresh(), browser.fresh().sign_in(people.bob)

        for hours in (0, 23):
            clock.move_to(MONDAY + timedelta(hours=hours))
            for reader in (guest, member):
                author = beside(reader, topic, 2)
                assert "Vendor" in author.text
                assert chips(reader, topic, 2) == ["works for a company that sells V6"]
                assert "Expert" not in reader.page(f"/t/{topic.id}").text
        clock.move_to(MONDAY + timedelta(hours=24))  # the same day for the guest's page that was kept at 23
        for reader in (guest, member):
            assert chips(reader, topic, 2) == ["works for a company that sells V6", "Expert in Hydronics"]


def test_a_guests_page_that_was_kept_shows_a_rank_from_its_hour_on(browser: Browser) -> None:
    """Nothing was written in between, and it is the same day."""
    domain, author = make_domain(name="Hydronics"), person("Ada Aspen")
    with time_machine.travel(MONDAY, tick=False) as clock:
        topic = make_topic(domain_ids=(domain.id,))
        make_answer(topic, author=author)
        stand(author, domain, 2)
        for minutes, expected in ((-1, []), (1, ["Practitioner in Hydronics"])):
            clock.move_to(MONDAY + timedelta(days=1, minutes=minutes))
            assert chips(browser, topic, 2) == expected


def test_a_chip_tells_the_level_in_the_topics_domains_alone(browser: Browser) -> None:
    hydronics, controls = make_domain(name="Hydronics"), make_domain(name="Controls")
    ada, ben, new = person("Ada Aspen"), person("Ben Beech"), person("Cleo Cherry")
    with time_machine.travel(MONDAY, tick=False) as clock:
        topic = make_topic(author=new, domain_ids=(hydronics.id,))
        for author in (ada, ben, new):
            make_answer(topic, author=author)
        stand(ada, hydronics, 1)
        stand(ada, controls, 4)
        stand(ben, controls, 3)
        stand(new, hydronics, 0)
        clock.move_to(MONDAY + timedelta(days=2))
        assert [chips(browser, topic, number) for number in (2, 3, 4)] == [
            ["Participant in Hydronics"],
            [],
            [],
        ]


def test_a_steward_has_the_chip_of_a_steward(browser: Browser) -> None:
    domain, ada = make_domain(name="Hydronics"), person("Ada Aspen")
    with time_machine.travel(MONDAY, tick=False) as clock:
        topic = make_topic(domain_ids=(domain.id,))
        make_answer(topic, author=ada)
        stand(ada, domain, 3)
        officer(ada, "domain_steward", scope_kind="domain", scope_id=domain.id)
        clock.move_to(MONDAY + timedelta(days=2))
        assert chips(browser, topic, 2) == ["Steward in Hydronics"]


def test_a_level_stands_beside_posts_as_soon_as_it_is_reached(browser: Browser) -> None:
    domain, ada, reader = make_domain(name="Hydronics"), person("Ada Aspen"), person("Ben Beech")
    with time_machine.travel(MONDAY, tick=False) as clock:
        topic = make_topic(domain_ids=(domain.id,))
        make_answer(topic, author=ada)
        clock.move_to(MONDAY + timedelta(days=2))
        guest, member = browser.fresh(), browser.fresh().sign_in(reader)
        assert (chips(guest, topic, 2), chips(member, topic, 2)) == ([], [])
        with act():
            stand(ada, domain, 1)
            emit(LevelReached(actor_id=None, member_id=ada.id, domain_id=domain.id, level=1))
        for who in (guest, member):
            assert chips(who, topic, 2) == ["Participant in Hydronics"]


def test_a_sealed_answer_has_no_rank(browser: Browser) -> None:
    domain, ada = make_domain(name="Hydronics"), person("Ada Aspen")
    with time_machine.travel(MONDAY, tick=False) as clock:
        topic = make_topic(domain_ids=(domain.id,))
        answer = make_answer(topic, author=ada)
        stand(ada, domain, 3)
        with act() as session:
            session.execute(update(type(answer)).where(type(answer).id == answer.id).values(byline="sealed"))
        clock.move_to(MONDAY + timedelta(days=2))
        assert chips(browser, topic, 2) == []


def test_the_chips_of_a_page_cost_one_statement(browser: Browser) -> None:
    domain, acme = make_domain(name="Hydronics"), make_organization(name="Acme")
    with time_machine.travel(MONDAY, tick=False) as clock:
        topic = make_topic(domain_ids=(domain.id,))
        for number in range(12):
            author = person(f"Person{number} Pine")
            belong(author, acme)
            saved(Rung(member_id=author.id, domain_id=domain.id, level=2, highest=2, since=MONDAY))
            make_answer(topic, author=author)
        clock.move_to(MONDAY + timedelta(days=2))
        with statements() as seen:
            page = browser.page(f"/t/{topic.id}")
    assert len(page.select(".author .chip")) == 12
    assert len([one for one in seen if "rung" in one.lower()]) == 1
