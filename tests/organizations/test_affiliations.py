"""A member's own affiliations, on the pages of the settings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.models import EventRow
from iocop.core.versions import versions
from iocop.organizations import queries, services
from iocop.organizations.models import Affiliation, MemberCard
from iocop.organizations.services import Facts
from tests.factories import make_member
from tests.organizations.factories import make_affiliation
from tests.people import cast, officer, seen_by

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

STATED = {"title": "Fitter", "valid_from": "2021-05-01", "visibility": "public", "is_main": "y"}


def told(*kinds: str) -> list[dict[str, Any]]:
    return list(
        db.session.scalars(select(EventRow.payload).where(EventRow.name.in_(kinds)).order_by(EventRow.id))
    )


def current(member_id: int) -> list[str]:
    return [db.session.get_one(MemberCard, member_id).organization_name]


def test_a_member_finds_the_employer_and_states_it(browser: Browser) -> None:
    people, dora = cast(), make_member()
    browser.sign_in(dora)
    assert "You state no affiliation" in browser.page("/settings/affiliations").text
    found = browser.page("/settings/affiliations/new?q=acm").select_one("main .list-row a")
    assert found is not None

    answer = browser.post(str(found["href"]), STATED)

    assert answer.status_code == 303
    (row,) = queries.current_rows(dora.id)
    assert (row.organization_id, row.title, row.evidence) == (people.acme.id, "Fitter", "self")
    page = browser.page("/settings/affiliations").text
    assert "since May 2021" in page
    assert "self-stated" in page
    assert current(dora.id) == ["Acme"]


def test_an_employer_nobody_knows_can_be_added_on_the_way(browser: Browser) -> None:
    browser.sign_in(cast().bob)

    page = browser.page("/settings/affiliations/new?q=Blue+Kettle")

    assert page.find("a", href="/organizations/new?name=Blue+Kettle&then=affiliation")
    assert "Where do you work?" in browser.page("/settings/affiliations/new").text


def test_several_at_once_and_none_at_all_are_fine(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.sol)

    browser.post("/settings/affiliations/new?organization=acme", STATED | {"is_main": ""})

    assert queries.organization_ids(people.sol.id, clock.now()) == {people.solo.id, people.acme.id}
    assert queries.stamp(people.sol.id, None, clock.now()).organization_id == people.solo.id
    assert queries.organization_ids(make_member().id, clock.now()) == frozenset()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "2021-13-45"}, "valid_from"),
        ({"valid_from": "1803-01-01"}, "valid_from"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"visibility": "aliens"}, "visibility"),
    ],
)
def test_impossible_days_are_shown_beside_their_field(
    browser: Browser, given: dict[str, str], field: str
) -> None:
    cast()
    dora = make_member()
    browser.sign_in(dora)

    answer = browser.post("/settings/affiliations/new?organization=acme", STATED | given)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'value="Fitter"' in answer.text
    assert queries.current_rows(dora.id) == []


def test_stating_the_same_days_twice_is_a_conflict(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.bob)

    answer = browser.post("/settings/affiliations/new?organization=acme", STATED)

    assert answer.status_code == 422
    assert "correct that entry" in answer.text


def test_a_correction_keeps_what_was_said_before(browser: Browser) -> None:
    people = cast()
    row = make_affiliation(
        people.charlie, people.acme, valid_from=date(2010, 1, 1), valid_to=date(2012, 1, 1)
    )
    browser.sign_in(people.charlie)
    page = browser.page(f"/settings/affiliations/{row.id}")
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert page.select_one("#last_day")["value"] == "2011-12-31"  # type: ignore[index]

    answer = browser.post(
        f"/settings/affiliations/{row.id}",
        {"title": "Chief", "valid_from": "2010-06-01", "last_day": "2013-12-31"},
    )

    assert answer.status_code == 303
    old, new = db.session.scalars(
        select(Affiliation).where(Affiliation.line == row.line).order_by(Affiliation.id)
    )
    assert (old.title, old.superseded_at is None) == ("Engineer", False)
    assert (new.title, new.valid_to, new.superseded_at) == ("Chief", date(2014, 1, 1), None)
    assert (
        browser.get(f"/settings/affiliations/{row.id}").status_code == 404
    )  # its newer row has another address


def test_a_correction_that_cannot_be_is_shown_again(browser: Browser) -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    browser.sign_in(people.bob)
    address = f"/settings/affiliations/{row.id}"

    assert browser.post(address, {"valid_from": ""}).status_code == 422
    assert browser.post(address, {"valid_from": "2020-01-01", "last_day": "2019-01-01"}).status_code == 422
    assert browser.post(address + "/end", {"last_day": "2001-01-01"}).status_code == 422
    assert browser.post(address + "/end", {"last_day": ""}).status_code == 422
    assert browser.post(address + "/visibility", {"visibility": "x"}).status_code == 422
    assert len(queries.current_rows(people.bob.id)) == 1


def test_leaving_an_employer_is_told_at_once_and_takes_nothing_else(browser: Browser) -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    browser.sign_in(people.bob)
    before = versions("people")

    browser.post(
        f"/settings/affiliations/{row.id}/end", {"last_day": str(clock.now().date() - timedelta(days=1))}
    )

    (ended,) = told("AffiliationEnded")
    assert (ended["member_id"], ended["organization_id"]) == (people.bob.id, people.acme.id)
    assert queries.organization_ids(people.bob.id, clock.now()) == frozenset()
    assert current(people.bob.id) == [""]
    assert versions("people") > before
    assert browser.get("/settings/affiliations").status_code == 200  # still a member, still signed in


def test_what_was_stated_by_mistake_is_taken_back(browser: Browser) -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    browser.sign_in(people.bob)

    browser.post(f"/settings/affiliations/{row.id}/withdraw")

    assert queries.current_rows(people.bob.id) == []
    assert len(told("AffiliationEnded")) == 1
    past = make_affiliation(people.bob, valid_to=date(2021, 1, 1), closed_at=clock.now())
    services.withdraw_affiliation(seen_by(people.bob), past.id)
    assert len(told("AffiliationEnded")) == 1


def test_who_reads_it_and_which_is_main_are_chosen(browser: Browser) -> None:
    people = cast()
    second = make_affiliation(people.bob, people.rival, valid_from=date(2019, 1, 1), is_main=False)
    browser.sign_in(people.bob)

    browser.post(f"/settings/affiliations/{second.id}/main")
    assert current(people.bob.id) == ["Rival"]

    browser.post(f"/settings/affiliations/{second.id}/visibility", {"visibility": "members"})
    assert current(people.bob.id) == [""]  # the card is what guests read
    assert "Shown to: Members" in browser.page("/settings/affiliations").text


def test_the_profile_shows_affiliations_as_far_as_they_may_be_read(browser: Browser) -> None:
    people = cast()
    make_affiliation(
        people.bob,
        people.rival,
        valid_from=date(2010, 1, 1),
        valid_to=date(2012, 1, 1),
        visibility="members",
        is_main=False,
    )

    def sections(who: Browser) -> str:
        return " ".join(who.page(f"/id/{seen_by(people.bob).number}").text.split())

    assert "verified by @acme.example" in sections(browser)
    assert "Rival" not in sections(browser)
    assert "January 2010 to January 2012" in sections(browser.fresh().sign_in(people.charlie))


def test_a_profile_follows_the_new_name_of_a_former_employer(browser: Browser) -> None:
    people = cast()
    make_affiliation(
        people.bob, people.rival, valid_from=date(2010, 1, 1), valid_to=date(2012, 1, 1), is_main=False
    )
    profile, member = f"/id/{seen_by(people.bob).number}", browser.fresh().sign_in(people.charlie)
    assert all("Rival" in who.page(profile).text for who in (browser, member))

    curator = seen_by(officer(make_member(), "curator"))
    services.change_organization(curator, people.rival.id, Facts(name="Arrival", type="vendor"))

    for who in (browser, member):
        assert "Arrival" in who.page(profile).text
        assert "Rival" not in who.page(profile).text


@pytest.mark.parametrize("who", ["alice", "charlie", "vera", "sol"])
def test_nobody_else_touches_a_members_affiliation(browser: Browser, who: str) -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    browser.sign_in(people.members[who])
    address = f"/settings/affiliations/{row.id}"

    assert browser.get(address).status_code == 404
    assert browser.post(address, {"title": "x", "valid_from": "2020-01-01"}).status_code == 404
    for what in ("end", "visibility", "main", "withdraw", "verify"):
        assert browser.post(f"{address}/{what}", {"last_day": "2026-01-01"}).status_code == 404
    assert [each.id for each in queries.current_rows(people.bob.id)] == [row.id]


def test_a_guest_is_asked_to_sign_in(browser: Browser) -> None:
    answer = browser.get("/settings/affiliations")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
