"""The front pages tell what is true and what waits; the directory finds who shows it; newcomers settle in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.contributions import services as contributions
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Refused
from iocop.core.login import GUEST
from iocop.core.models import EventRow
from iocop.domains import services as domains
from iocop.domains.queries import domains_of
from iocop.forums import services as forums
from iocop.home.queries import (
    Numbers,
    Sought,
    directory,
    followed_with_news,
    numbers,
    unanswered_in_own_domains,
)
from iocop.members import services as members
from iocop.members.models import EmployerPush
from iocop.members.numbers import shown
from iocop.members.queries import employer_push
from iocop.organizations import services as organizations
from iocop.organizations.models import Affiliation, Organization
from iocop.organizations.queries import current_rows
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import Cast, belong, cast, officer, person

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def tiles(browser: Browser) -> str:
    return browser.page("/").select_one(".tiles").get_text(" ", strip=True)  # type: ignore[union-attr]


def test_numbers_behind_which_stand_fewer_than_five_are_not_told(app: Flask) -> None:
    acme = make_organization()
    for _ in range(4):
        person(f"P{_}", acme)
    assert numbers() == Numbers(None, None, 0)
    solo = make_member()
    assert numbers() == Numbers(5, None, 0)
    belong(solo, make_organization())
    make_member(state="left", email=None)
    assert numbers() == Numbers(5, 2, 0)


def test_guests_meet_true_numbers_and_what_was_solved_last(browser: Browser) -> None:
    people = cast()
    make_space()
    topic, hidden = make_topic(author=people.bob, title="Solved for everybody"), None
    forums.accept_answer(viewer_of(people.bob), topic.id, make_answer(topic, author=people.charlie).id)
    hidden = make_topic(author=people.bob, title="Solved among members", label="members")
    answer = make_answer(hidden, author=people.charlie, label="members")
    forums.accept_answer(viewer_of(people.bob), hidden.id, answer.id)

    page = browser.page("/")

    assert "Solved for everybody" in page.text
    assert "Solved among members" not in page.text
    assert "5" in tiles(browser)
    assert "4" in tiles(browser)


def test_an_empty_site_says_so(browser: Browser) -> None:
    assert "No question is solved yet" in browser.page("/").text
    assert "Members" not in tiles(browser)


def test_what_waits_is_in_ones_own_domains_and_by_somebody_else(app: Flask) -> None:
    air, water = make_domain(name="Air"), make_domain(name="Water")
    alice = make_member()
    first, second = make_topic(domain_ids=(air.id,)), make_topic(domain_ids=(water.id,))
    make_answer(make_topic(domain_ids=(water.id,)))
    make_topic(author=alice, domain_ids=(water.id,))
    make_topic(kind="discussion", domain_ids=(water.id,))
    closed = make_topic(domain_ids=(water.id,))
    forums.close_topic(viewer_of(officer(make_member(), "moderator")), closed.id, "Asked before.")
    viewer = viewer_of(alice)

    assert [row.id for row in unanswered_in_own_domains(viewer)] == [first.id, second.id]
    domains.choose_domains(viewer, [water.id])
    assert [row.id for row in unanswered_in_own_domains(viewer)] == [second.id]


def test_news_are_of_followed_topics_since_one_read(browser: Browser) -> None:
    alice, topic, muted = (
        make_member(),
        make_topic(title="Followed by alice"),
        make_topic(title="Muted by alice"),
    )
    viewer = viewer_of(alice)
    contributions.follow(viewer, topic.id)
    contributions.mute(viewer, muted.id)
    for one in (topic, muted):
        contributions.note_read(viewer, {one.id: 1})
    assert followed_with_news(viewer) == []

    for one in (topic, muted):
        make_answer(one)
    assert [row.id for row in followed_with_news(viewer)] == [topic.id]
    assert browser.sign_in(alice).page("/").select(f'aside a[href="/t/{topic.id}"]')

    browser.page(f"/t/{topic.id}")
    assert followed_with_news(viewer) == []
    make_answer(topic, author=alice)
    assert followed_with_news(viewer) == []


def test_members_front_page_is_each_ones_own(browser: Browser) -> None:
    alice, bob = make_member(name="Alice Ash"), make_member(name="Bob Birch")
    topic = make_topic(author=bob, title="Nobody has answered this")

    a, b = browser.sign_in(alice).page("/"), browser.fresh().sign_in(bob).page("/")

    assert "Good to see you, Alice Ash" in a.text
    assert "Waiting for somebody like you" in a.text
    assert "Good to see you, Bob Birch" in b.text
    assert "Waiting for somebody like you" not in b.text
    assert topic.title in b.text


@pytest.fixture
def people(app: Flask) -> Cast:
    return cast()


def found(**sought: Any) -> list[str]:
    return [row.name for row in directory(Sought(**sought), 1).rows]


def test_the_directory_is_narrowed_by_what_members_show(people: Cast) -> None:
    air = make_domain(name="Air")
    domains.choose_domains(viewer_of(people.bob), [air.id])
    make_member(name="Dora Dale", country="DE", languages=["de", "en"])
    make_member(
        name="Egon Elm",
        country="DE",
        languages=["de"],
        visibility={"country": "nobody", "languages": "nobody"},
    )
    belong(make_member(name="Frieda Fir"), people.acme, visibility="members")
    make_member(name="Gone Gale", state="left", email=None, country="DE")

    assert found(words="birch bob") == ["Bob Birch"]
    assert found(words="b_b") == found(words="%") == []
    assert found(domain_id=air.id) == ["Bob Birch"]
    assert found(organization_id=people.acme.id) == ["Alice Ash", "Bob Birch"]
    assert found(country="DE") == found(language="de") == ["Dora Dale"]
    assert found(country="DE", language="en", words="dora") == ["Dora Dale"]
    assert found() == [
        "Alice Ash", "Bob Birch", "Charlie Cedar", "Dora Dale", "Egon Elm", "Frieda Fir", "Sol Spruce", "Vera Vine",
    ]  # fmt: skip


def test_the_directory_is_for_members_and_shows_no_hidden_country(browser: Browser, people: Cast) -> None:
    make_member(name="Egon Elm", country="SE", visibility={"country": "nobody"})
    make_member(name="Dora Dale", country="PT")
    assert browser.get("/members").status_code == 303

    page = browser.sign_in(people.bob).page("/members")

    main = page.select_one("main ol.list")
    assert main is not None
    assert "Portugal" in main.text
    assert "Sweden" not in page.text
    assert "Acme" in main.text
    for odd in (
        "?domain=x",
        "?organization=-1",
        "?domain=9999999999999999999999",
        "?country=%01&language=%27",
    ):
        browser.page(f"/members{odd}")
    assert "Nobody fits" in browser.page("/members?q=zzz").text
    assert browser.get("/members?page=0").status_code == 404


def settle(browser: Browser, **about: Any) -> Any:
    return browser.post("/welcome", {"organization": "", "type": "firm", "title": "", "domains": []} | about)


def test_a_newcomer_names_an_employer_the_site_knows_by_another_name(browser: Browser, people: Cast) -> None:
    organizations.add_alias(viewer_of(people.alice), people.acme.id, "Acme Refrigeration")
    air = make_domain(name="Air")
    newcomer = make_member()
    browser.sign_in(newcomer)
    assert "Air" in browser.page("/welcome").text

    answer = settle(browser, organization=" acme  REFRIGERATION ", title="Engineer", domains=[air.id])

    assert (answer.status_code, answer.location) == (303, "/")
    assert [row.organization_id for row in current_rows(newcomer.id)] == [people.acme.id]
    assert domains_of(newcomer.id) == [air.id]
    assert "Welcome." in browser.page("/").text


def test_a_newcomer_names_an_employer_nobody_has_entered(browser: Browser) -> None:
    newcomer = make_member()

    settle(browser.sign_in(newcomer), organization="New Works", type="sme", title="Owner")

    made = db.session.scalars(select(Organization)).one()
    assert (made.name, made.type) == ("New Works", "sme")
    assert [row.title for row in current_rows(newcomer.id)] == ["Owner"]


def test_everything_can_be_skipped(browser: Browser) -> None:
    newcomer = make_member()

    assert settle(browser.sign_in(newcomer)).status_code == 303

    assert db.session.scalars(select(Affiliation)).all() == []


def test_what_was_typed_stays_where_it_cannot_be(browser: Browser, people: Cast) -> None:
    air = make_domain(name="Air")
    browser.sign_in(people.bob)

    long = settle(browser, organization="x" * 121, title="Engineer", domains=[air.id])
    twice = settle(browser, organization="Acme", title="Engineer again")

    assert (long.status_code, twice.status_code) == (422, 422)
    assert 'value="Engineer"' in long.text
    assert "checked" in long.text
    assert 'value="Acme"' in twice.text
    assert "You have stated this organization" in twice.text


def test_an_employer_that_cannot_be_stated_is_not_entered_either(browser: Browser) -> None:
    answer = settle(browser.sign_in(make_member()), organization="--", title="Engineer")

    assert answer.status_code == 422
    assert db.session.scalars(select(Organization)).all() == []


def test_what_a_newcomer_says_is_kept_whole_or_not_at_all(browser: Browser, people: Cast) -> None:
    air, newcomer = make_domain(name="Air"), make_member()
    browser.sign_in(newcomer)
    said = {"organization": "New Works", "title": "Owner", "pushed": "yes"}

    wrong = settle(browser, **said, domains=[air.id, 99])
    assert wrong.status_code == 422
    for words in ('value="New Works"', 'value="Owner"', "checked"):
        assert words in wrong.text
    twice = settle(browser.fresh().sign_in(people.bob), **said | {"organization": "Acme"}, domains=[air.id])
    assert twice.status_code == 422

    assert db.session.scalars(select(Organization).where(Organization.name == "New Works")).all() == []
    assert domains_of(newcomer.id) == domains_of(people.bob.id) == []
    assert db.session.scalars(select(EmployerPush)).all() == []
    assert settle(browser, **said, domains=[air.id]).status_code == 303
    assert domains_of(newcomer.id) == [air.id]
    assert [row.title for row in current_rows(newcomer.id)] == ["Owner"]


def counted() -> list[tuple[int, int, int]]:
    db.session.rollback()
    return [(row.year, row.asked, row.answered) for row in db.session.scalars(select(EmployerPush))]


@pytest.mark.theory("0.3d")
def test_whether_an_employer_pushed_is_counted_without_the_person(browser: Browser) -> None:
    newcomer = make_member()
    browser.sign_in(newcomer)
    before = db.session.scalar(select(func.count()).select_from(EventRow))
    for word in ("", "nonsense"):
        settle(browser, pushed=word)
    assert counted() == []

    settle(browser, pushed="yes")

    assert counted() == [(clock.now().year, 1, 1)]
    columns = EmployerPush.__table__.columns
    assert {column.name for column in columns} == {
        "year",
        "asked",
        "answered",
        "shown_asked",
        "shown_answered",
    }
    assert not any(column.foreign_keys for column in columns)
    told = db.session.scalars(select(EventRow.name).offset(before)).all()
    assert set(told) == {"DomainsChosen"}  # as for who did not answer
    assert browser.page("/welcome").select("input[name=pushed]") == []
    assert settle(browser, pushed="no").status_code == 303
    assert counted() == [(clock.now().year, 1, 1)]


@pytest.mark.theory("0.3d")
def test_the_share_is_shown_from_twenty_answers_and_moves_by_twenty(browser: Browser) -> None:
    desk = browser.sign_in(officer(make_member(), "administrator"))
    somebody, words = viewer_of(make_member()), "once twenty newcomers have answered"
    with time_machine.travel(clock.now() - timedelta(days=400)):
        for _ in range(19):
            members.count_push(somebody, asked=True)
    members.count_push(somebody, asked=False)
    assert words in desk.page("/admin").text

    for _ in range(19):
        members.count_push(somebody, asked=False)
    assert employer_push() == (0, 20)
    members.count_push(somebody, asked=True)

    assert employer_push() == (0, 20)
    assert words not in desk.page("/admin").text
    asked = next(tile for tile in desk.page("/admin").select(".tiles > *") if "employer" in tile.text)
    assert "0 %" in asked.text
    with pytest.raises(Refused):
        members.count_push(GUEST, asked=True)
    assert "0 %" not in desk.fresh().sign_in(make_member()).page("/").text


def test_how_this_community_works_names_its_officers(browser: Browser, people: Cast) -> None:
    officer(people.bob, "moderator")
    officer(people.charlie, "board_member")

    page = browser.page("/how")

    named = {str(term.text): term.find_next("dd").text.strip() for term in page.select("dl.facts-list dt")}  # type: ignore[union-attr]
    assert named == {"Board": "Charlie Cedar", "Moderators": "Bob Birch", "Administrators": "Alice Ash"}
    officer(people.vera, "moderator")
    assert "Vera Vine" in browser.page("/how").text


def test_a_member_chooses_domains_and_the_profile_names_them_with_what_was_written_last(
    browser: Browser,
) -> None:
    member, domain = make_member(), make_domain(name="Hydronics")
    make_domain(name="Air")
    topic = make_topic(author=member, title="Where does low ΔT begin?", label="members")
    browser.sign_in(member)

    browser.post("/settings/domains", {"domains": [str(domain.id)]})

    page = browser.page(f"/id/{shown(member.number)}")
    assert [link.text for link in page.select("#domains ~ ul a")] == ["Hydronics"]
    assert [link["href"] for link in page.select("#latest ~ ul a")] == [f"/p/{topic.id}"]
    assert page.select_one("main input:checked") is None
    assert len(browser.page("/settings/domains").select("input[type=checkbox][checked]")) == 1
    guest = browser.fresh().page(f"/id/{shown(member.number)}")
    assert "low ΔT" not in guest.text
