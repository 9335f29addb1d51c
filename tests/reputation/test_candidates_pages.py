"""The pages of the way to level 3: the queue, the evidence without anybody's name, and where it stands for the member."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import event

from iocop.core import clock
from iocop.core.db import db
from iocop.reputation.export import level_reviews, level_words
from iocop.reputation.models import Irregularity, IrregularityParty
from tests.factories import make_member, make_organization, saved
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import officer, person
from tests.reputation.candidates import come_to_it, looked_at, say, somebody, steward, told
from tests.reputation.ledgers import make_community
from tests.reputation.standing import earn, level_of
from tests.reputation.test_sources import helpful

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from flask import Flask

    from iocop.domains.models import Domain
    from iocop.members.models import Member
    from iocop.reputation.models import LevelReview
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

WHY = "Most of it comes from two firms that share one office."


def words(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())  # type: ignore[union-attr]


@pytest.fixture
def domain(app: Flask) -> Domain:
    del app
    looked_at()
    return make_domain(name="Controls")


def address(review: LevelReview) -> str:
    return f"/standing/candidates/{review.id}"


def test_a_steward_finds_who_waits_looks_and_says_yes(browser: Browser, domain: Domain) -> None:
    member, one, other = somebody("Ada"), steward("Inga", domain), steward("Olaf", domain)
    review = come_to_it(member, domain)
    told()
    first, second = browser.sign_in(one), browser.fresh().sign_in(other)
    assert first.page("/inbox").find("a", href=address(review)) is not None
    assert first.page("/needs-me").find("a", href="/standing/candidates") is not None
    assert "Ada Nettle, Controls" in words(first.page("/standing/candidates"))

    done = first.post(address(review), {"agrees": "yes"})
    assert done.status_code == 303
    assert "1 of 2 have looked" in words(second.page("/standing/candidates"))
    again = first.page("/standing/candidates")
    assert again.find("a", href=address(review)) is None
    assert "one more is needed, from another organization" in words(again)
    assert first.post(address(review), {"agrees": "yes"}).status_code == 409
    second.post(address(review), {"agrees": "yes"})

    assert level_of(member, domain) == 3
    assert "Nobody waits for you" in words(first.page("/standing/candidates"))


def test_a_colleague_and_a_second_word_of_one_organization_are_refused_with_the_reason(
    browser: Browser, domain: Domain
) -> None:
    acme = make_organization()
    member = person("Ada Nettle", acme, "acme.example")
    colleague = officer(person("Carl Nettle", acme, "acme.example"), "curator")
    officer(somebody("Inga"), "curator")
    review = come_to_it(member, domain)
    steps = browser.sign_in(colleague)

    for answer in (steps.get(address(review)), steps.post(address(review), {"agrees": "yes"})):
        assert answer.status_code == 409
        assert "You belong to the member's organization" in answer.text
    assert browser.fresh().sign_in(make_member()).get("/standing/candidates").status_code == 403


def test_a_no_without_a_reason_says_which_field_and_loses_nothing(browser: Browser, domain: Domain) -> None:
    member, one = somebody("Ada"), steward("Inga", domain)
    steward("Olaf", domain)
    review = come_to_it(member, domain)
    looks = browser.sign_in(one)

    missing = looks.post(address(review), {"agrees": "no", "reason": " "})
    assert missing.status_code == 422
    assert "Say why: the member reads it." in missing.text
    assert looks.post(address(review), {"reason": WHY}).status_code == 422
    assert WHY in looks.post(address(review), {"reason": WHY}).text


def test_the_member_sees_where_it_stands_and_reads_why_not_once_both_have_looked(
    browser: Browser, domain: Domain
) -> None:
    make_community(clock.now().date())
    member, one, other = somebody("Ada"), steward("Inga", domain), steward("Olaf", domain)
    helpful(one, make_answer(make_topic(domain_ids=[domain.id]), author=member))
    told()
    review = come_to_it(member, domain)
    own = browser.sign_in(member)
    place = f"/standing/reviews/{review.id}"
    assert own.page("/standing").find("a", href=place) is not None
    assert "0 of 2 have looked" in words(own.page(place))

    say(one, review, agrees=False, reason=WHY)
    halfway = words(own.page(place))
    say(other, review)
    told()
    done = words(own.page(place))

    assert "1 of 2 have looked" in halfway
    assert "You keep your level" in halfway
    assert WHY not in halfway  # what is not decided is not told
    assert WHY in done
    assert "Inga" not in done
    assert "After 90 days two people look anew" in done
    assert own.page("/inbox").find("a", href=place) is not None
    assert browser.fresh().sign_in(one).get(place).status_code == 404
    assert [row["words"][0]["reason"] for row in level_reviews(member.id)] == [WHY]
    assert [row["reason"] for row in level_words(one.id)] == [WHY]


def test_the_usual_waiting_time_is_the_median_of_those_decided_within_a_year(
    browser: Browser, domain: Domain
) -> None:
    one, other = steward("Inga", domain), steward("Olaf", domain)
    began = clock.now()
    for days in (2, 5, 30):
        with time_machine.travel(began):
            review = come_to_it(make_member(), domain)
        with time_machine.travel(began + timedelta(days=days)):
            say(one, review)
            say(other, review)
    with time_machine.travel(began + timedelta(days=31)):
        own = come_to_it(member := somebody("Ada"), domain)
        page = words(browser.sign_in(member).page(f"/standing/reviews/{own.id}"))
        queue = words(browser.fresh().sign_in(one).page("/standing/candidates"))

    assert "usually it takes 5 days" in page
    assert "usually it takes 5 days" in queue


def test_where_nobody_of_a_second_organization_can_look_both_sides_read_it(
    browser: Browser, domain: Domain
) -> None:
    member, only = somebody("Ada"), steward("Inga", domain)
    review = come_to_it(member, domain)

    for whose, page in ((member, f"/standing/reviews/{review.id}"), (only, "/standing/candidates")):
        assert "nobody of a second organization can look" in words(browser.fresh().sign_in(whose).page(page))


def test_the_evidence_shows_organizations_and_how_mutual_it_is_and_names_nobody(
    browser: Browser, domain: Domain
) -> None:
    make_community(clock.now().date())
    member, one = somebody("Ada"), steward("Inga", domain)
    steward("Olaf", domain)
    big, small = make_organization(name="Big Firm"), make_organization(name="Small Firm")
    signed, sealed = (
        make_answer(make_topic(domain_ids=[domain.id]), author=member, byline=byline)
        for byline in ("named", "sealed")
    )
    voters = [person(f"Bigvoter{n}", big, "big.example") for n in range(5)]
    voters.append(person("Smallvoter", small, "small.example"))
    for voter in voters:
        helpful(voter, signed)
    for n in range(5):
        helpful(person(f"Secret{n}", make_organization(name=f"Hidden {n}"), f"h{n}.example"), sealed)
    back = make_answer(make_topic(domain_ids=[domain.id]), author=voters[0])
    helpful(member, back)
    told()
    review = come_to_it(member, domain, organizations=8)
    _told_of_a_circle(member)

    page = words(browser.sign_in(one).page(address(review)))

    assert "Big Firm" in page
    assert "1 organization with fewer than five people" in page
    assert "Small Firm" not in page
    assert "Hidden" not in page
    assert "voter" not in page
    assert "6 endorsements came in" in page  # the sealed answer's are in no figure
    assert "The member endorsed one of these as well" in page
    assert "A circle of endorsements was noticed" in page


def _told_of_a_circle(member: Member) -> None:
    row = saved(
        Irregularity(
            kind="ring", key="k", found_at=clock.now(), evidence={}, state="told", told_at=clock.now()
        )
    )
    saved(IrregularityParty(irregularity_id=row.id, member_id=member.id))


def test_what_no_longer_holds_is_said_beside_the_figures(browser: Browser, domain: Domain) -> None:
    member, one = somebody("Ada"), steward("Inga", domain)
    steward("Olaf", domain)
    review = come_to_it(member, domain)
    earn(member, domain, 3, accepted=14)

    assert "Not all of it holds today: 1 more accepted answer" in words(
        browser.sign_in(one).page(address(review))
    )


def test_the_queue_asks_as_often_however_many_wait(browser: Browser, domain: Domain) -> None:
    one = steward("Inga", domain)
    looks = browser.sign_in(one)
    counts = []
    for many in (1, 4):
        for _ in range(many):
            come_to_it(make_member(), domain)
        looks.page("/standing/candidates")
        statements: list[str] = []

        def count(*about: object, into: list[str] = statements) -> None:
            into.append(str(about[2]))

        event.listen(db.engine, "before_cursor_execute", count)
        looks.page("/standing/candidates")
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("domain")
def test_the_rules_say_since_when_two_people_look(browser: Browser) -> None:
    assert "two people of two organizations look before a member reaches level 3" in words(
        browser.sign_in(make_member()).page("/reputation")
    )
