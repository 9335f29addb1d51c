"""The list of organizations, the page of one, and entering a new one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.organizations import queries, services
from iocop.organizations.models import MemberCard, Organization
from iocop.organizations.queries.pages import PAGE
from iocop.organizations.services import Facts
from tests.factories import make_member, make_organization, viewer_of
from tests.organizations.factories import make_affiliation, make_relation
from tests.people import belong, cast, officer, person, seen_by

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def names(browser: Browser, address: str) -> list[str]:
    return [link.text for link in browser.page(address).select("main .list-row :is(h2, h3) a")]


@pytest.mark.parametrize("who", ["guest", "alice", "bob", "charlie", "vera", "sol"])
def test_everybody_reads_the_list_and_a_page(browser: Browser, who: str) -> None:
    people = cast()
    if who != "guest":
        browser.sign_in(people.members[who])

    assert names(browser, "/organizations") == ["Acme", "Rival", "Sol Practice", "Vendor"]
    assert names(browser, "/organizations/acme") == ["Alice Ash", "Bob Birch"]


def test_the_list_is_narrowed_by_words_kind_and_country(browser: Browser) -> None:
    cast()
    kereru = make_organization(name="Kererū Ridge", slug="kereru", country="NZ", type="public")
    services.add_alias(seen_by(officer(make_member(), "curator")), kereru.id, "Ridge Health Trust")

    assert names(browser, "/organizations?q=kereru") == ["Kererū Ridge"]
    assert names(browser, "/organizations?q=health+trust") == ["Kererū Ridge"]
    assert names(browser, "/organizations?type=vendor") == ["Vendor"]
    assert names(browser, "/organizations?country=DE") == ["Rival", "Vendor"]
    assert names(browser, "/organizations?q=nobody") == []


def test_the_list_is_paged(browser: Browser) -> None:
    for number in range(PAGE + 1):
        make_organization(name=f"Firm {number:02}")

    assert names(browser, "/organizations?page=2") == ["Firm 24"]
    assert browser.get("/organizations?page=3").status_code == 404


def test_a_guest_does_not_read_what_members_read(browser: Browser) -> None:
    people = cast()
    dora, emil, fay = (person(name) for name in ("Dora Dill", "Emil Elm", "Fay Fir"))
    belong(dora, people.acme, visibility="members")
    belong(emil, people.acme, visibility="board")
    belong(fay, people.acme, visibility="self")
    board = officer(person("Gil Gorse"), "board_member")

    assert names(browser, "/organizations/acme") == ["Alice Ash", "Bob Birch"]
    assert names(browser.fresh().sign_in(people.charlie), "/organizations/acme")[2:] == ["Dora Dill"]
    assert names(browser.fresh().sign_in(board), "/organizations/acme")[2:] == ["Dora Dill", "Emil Elm"]
    assert names(browser.fresh().sign_in(fay), "/organizations/acme")[2:] == ["Dora Dill", "Fay Fir"]


def test_fewer_than_five_people_are_not_counted_aloud(browser: Browser) -> None:
    people = cast()
    assert "belong here" not in browser.page("/organizations/acme").text

    for letter in "DEF":
        belong(person(f"{letter}ora Dill"), people.acme, visibility="self")

    assert "5 members belong here" in browser.page("/organizations/acme").text
    assert "5 members" in browser.page("/organizations").text


def test_relations_are_shown_from_both_sides_with_their_dates(browser: Browser) -> None:
    people = cast()
    make_relation(people.rival, "successor", people.acme, date(2023, 4, 1))
    make_relation(people.vendor, "supplier", people.acme, date(2020, 1, 1), valid_to=date(2022, 1, 1))

    acme, rival = browser.page("/organizations/acme"), browser.page("/organizations/rival")

    assert "Since 2023 this is Rival" in " ".join(acme.main.text.split())  # type: ignore[union-attr]
    assert "Successor: Rival since April 2023" in " ".join(acme.text.split())
    assert "Supplier: Vendor January 2020 to January 2022" in " ".join(acme.text.split())
    assert "Predecessor: Acme since April 2023" in " ".join(rival.text.split())


def test_what_is_sold_and_other_names_stand_beside(browser: Browser) -> None:
    cast()

    assert "V6" in browser.page("/organizations/vendor").select_one("aside.rail").text  # type: ignore[union-attr]


def test_a_merged_record_leads_to_the_one_that_stays(browser: Browser) -> None:
    people = cast()
    double = make_organization(name="Acme Ltd", slug="acme-ltd")
    services.merge(seen_by(people.alice), double.id, people.acme.id)

    answer = browser.get("/organizations/acme-ltd")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/organizations/acme")
    assert browser.get("/organizations/nobody").status_code == 404


@pytest.mark.parametrize("people_count", [1, 60])
def test_a_page_costs_few_statements_whatever_its_length(
    browser: Browser, people_count: int, statements: list[str]
) -> None:
    people = cast()
    for number in range(people_count):
        belong(person(f"Member{number} X", handle=f"x{number}", email=f"x{number}@example.org"), people.acme)
    browser.sign_in(people.charlie)
    browser.get("/organizations/acme")
    statements.clear()

    browser.get("/organizations/acme")

    assert len(statements) <= 6, "\n".join(statements)


def test_a_member_enters_an_organization_and_goes_on_stating_it(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.bob)

    answer = browser.post(
        "/organizations/new?then=affiliation",
        {"name": "Blue Kettle", "type": "firm", "website": "bluekettle.example"},
    )

    assert answer.headers["Location"] == "/settings/affiliations/new?organization=blue-kettle"
    made = queries.by_slug("blue-kettle")
    assert made is not None
    assert (made.founded_by_id, made.website) == (people.bob.id, "https://bluekettle.example")


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({"name": "ACME GmbH"}, "sounds alike"),
        ({"name": "Ajax"}, "is also known by this name"),
        ({"name": "Zeta", "website": "https://www.acme.example"}, "has the same internet domain"),
    ],
)
def test_doubles_are_suggested_before_one_is_entered(
    browser: Browser, given: dict[str, str], because: str
) -> None:
    people = cast()
    services.add_alias(seen_by(people.alice), people.acme.id, "Ajax Works")
    services.add_mail_domain(seen_by(people.alice), people.acme.id, "acme.example")
    browser.sign_in(people.sol)

    answer = browser.post("/organizations/new", {"type": "firm"} | given)

    assert answer.status_code == 422
    assert because in answer.text
    assert db.session.scalar(select(func.count(Organization.id))) == 4

    answer = browser.post("/organizations/new", {"type": "firm", "distinct": "y"} | given)

    assert answer.status_code == 303
    assert db.session.scalar(select(func.count(Organization.id))) == 5


def test_a_service_refuses_a_known_name_and_an_empty_one() -> None:
    people = cast()

    with pytest.raises(Conflict):
        services.found_organization(seen_by(people.bob), Facts("acme ltd", "firm"))
    with pytest.raises(Invalid):
        services.found_organization(seen_by(people.bob), Facts(" ", "firm"))
    with pytest.raises(Refused):
        services.found_organization(GUEST, Facts("New", "firm"))
    with pytest.raises(Missing):
        services.change_organization(seen_by(people.alice), 999, Facts("New", "firm"))


def test_a_bad_form_is_shown_again_with_what_was_typed(browser: Browser) -> None:
    browser.sign_in(cast().bob)

    answer = browser.post(
        "/organizations/new", {"name": "", "type": "firm", "city": "Cork", "website": "not a site"}
    )

    assert answer.status_code == 422
    assert 'value="Cork"' in answer.text
    assert "This is needed." in answer.text


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/organizations/new", "name"),
        ("/organizations/acme/change", "name"),
        ("/organizations/acme/aliases", "alias"),
    ],
)
@pytest.mark.parametrize("name", ["   ", "!!!"])
def test_a_name_without_a_letter_is_refused_beside_its_field(
    browser: Browser, path: str, field: str, name: str
) -> None:
    browser.sign_in(cast().alice)

    answer = browser.post(path, {field: name, "type": "firm", "city": "Cork"})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Cork"' in answer.text or field == "alias"


def test_the_founder_mends_it_only_while_nobody_else_belongs_there(browser: Browser) -> None:
    people = cast()
    made = services.found_organization(seen_by(people.bob), Facts("Blue Kettle", "firm"))
    make_affiliation(people.bob, made, is_main=False)
    browser.sign_in(people.bob)
    assert "Change Blue Kettle" in browser.page(f"/organizations/{made.slug}/change").text

    make_affiliation(people.charlie, made, is_main=False)

    assert browser.get(f"/organizations/{made.slug}/change").status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [("alice", 200), ("bob", 403), ("charlie", 403), ("vera", 403), ("sol", 403)],
)
def test_who_may_change_an_organization(browser: Browser, who: str, status: int) -> None:
    people = cast()
    browser.sign_in(people.members[who])

    for page in ("change", "names", "care"):
        assert browser.get(f"/organizations/acme/{page}").status_code == status


def test_a_curator_changes_facts_but_relates_nothing(browser: Browser) -> None:
    cast()
    browser.sign_in(officer(make_member(), "curator"))

    assert browser.get("/organizations/acme/change").status_code == 200
    assert browser.get("/organizations/acme/care").status_code == 403


def test_a_new_name_is_on_every_card_and_the_old_one_stays_findable(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.alice)

    browser.post("/organizations/acme/change", {"name": "Ajax", "type": "firm", "about": "We *commission*."})

    assert db.session.get_one(MemberCard, people.bob.id).organization_name == "Ajax"
    assert names(browser, "/organizations?q=acme") == ["Ajax"]
    assert "<em>commission</em>" in browser.get("/organizations/acme").text


def test_names_and_products_are_added_and_removed(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.alice)

    for _twice in range(2):
        assert browser.post("/organizations/acme/aliases", {"alias": "Ajax"}).status_code == 303
        assert (
            browser.post("/organizations/acme/offers", {"offer": "Valve", "kind": "product"}).status_code
            == 303
        )
    named = queries.named(people.acme.id)
    assert [(each.kind, each.name) for each in named] == [("alias", "Ajax"), ("product", "Valve")]
    assert "Ajax" in browser.page("/organizations/acme/names").text

    browser.post(f"/organizations/acme/aliases/{named[0].id}/remove")
    browser.post(f"/organizations/acme/offers/{named[1].id}/remove")

    assert queries.named(people.acme.id) == []
    assert browser.post("/organizations/acme/aliases", {"alias": ""}).status_code == 422
    assert browser.post("/organizations/acme/offers", {"offer": ""}).status_code == 422


def test_nobody_changes_names_by_a_bare_request(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.charlie)

    assert browser.post("/organizations/acme/aliases", {"alias": "Bad"}).status_code == 403
    assert browser.post("/organizations/acme/offers", {"offer": "Bad"}).status_code == 403
    assert queries.named(people.acme.id) == []


def test_an_empty_name_or_product_is_refused_by_the_service_too() -> None:
    people = cast()
    alice = viewer_of(people.alice)

    with pytest.raises(Invalid):
        services.add_alias(alice, people.acme.id, " ")
    with pytest.raises(Invalid):
        services.add_offer(alice, people.acme.id, " ")
