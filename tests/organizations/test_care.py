"""What administrators say of organizations: relations, domains, mergers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.organizations import history, queries, services
from iocop.organizations.models import MailDomain, MemberCard, Organization, OrganizationRelation
from tests.factories import make_member, make_organization
from tests.organizations.factories import make_affiliation, make_mail_domain, make_relation
from tests.people import Cast, cast, seen_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from iocop.core.login import Viewer
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

SINCE = {"valid_from": "2023-04-01"}


def relations(organization: Organization) -> list[tuple[str, str]]:
    return [(row.kind, row.name) for row in queries.related_to(organization.id)]


@pytest.mark.parametrize(
    ("kind", "seen", "from_there"),
    [
        ("parent", "parent", "subsidiary"),
        ("subsidiary", "subsidiary", "parent"),
        ("successor", "successor", "predecessor"),
        ("predecessor", "predecessor", "successor"),
        ("supplier", "supplier", "customer"),
        ("customer", "customer", "supplier"),
        ("competitor", "competitor", "competitor"),
    ],
)
def test_a_relation_is_said_from_either_side(browser: Browser, kind: str, seen: str, from_there: str) -> None:
    people = cast()
    browser.sign_in(people.alice)

    answer = browser.post("/organizations/acme/relations", SINCE | {"other": "rival", "kind": kind})

    assert answer.status_code == 303
    assert relations(people.acme) == [(seen, "Rival")]
    assert relations(people.rival) == [(from_there, "Acme")]
    assert "since April 2023" in browser.page("/organizations/acme/care").text


@pytest.mark.parametrize(
    "given",
    [
        {"other": "Nobody & Sons"},
        {"other": "acme"},
        {"other": "rival", "last_day": "2020-01-01"},
        {"other": "rival", "kind": "cousin"},
        {"other": ""},
    ],
    ids=["unknown", "itself", "backward", "no such kind", "nothing"],
)
def test_a_relation_that_cannot_be_is_not_made(browser: Browser, given: dict[str, str]) -> None:
    people = cast()
    browser.sign_in(people.alice)

    answer = browser.post("/organizations/acme/relations", SINCE | {"kind": "parent"} | given)

    assert answer.status_code == 422
    assert relations(people.acme) == []


def test_parents_form_no_circle_and_no_relation_stands_twice() -> None:
    people = cast()
    alice = seen_by(people.alice)
    services.relate(alice, people.acme.id, "parent", people.rival.id, date(2020, 1, 1), date(2022, 1, 1))
    services.relate(alice, people.rival.id, "parent", people.vendor.id, date(2020, 1, 1))

    with pytest.raises(Conflict):
        services.relate(alice, people.vendor.id, "parent", people.acme.id, date(2024, 1, 1))
    with pytest.raises(Conflict):
        services.relate(alice, people.acme.id, "parent", people.rival.id, date(2021, 12, 31))
    services.relate(alice, people.acme.id, "parent", people.rival.id, date(2022, 1, 1))
    services.relate(alice, people.vendor.id, "competitor", people.acme.id, date(2024, 1, 1))


def test_a_relation_ends_and_stays_readable(browser: Browser) -> None:
    people = cast()
    relation = make_relation(people.vendor, "supplier", people.acme, date(2020, 1, 1))
    browser.sign_in(people.alice)

    browser.post(f"/organizations/acme/relations/{relation.id}/end")

    assert db.session.get_one(OrganizationRelation, relation.id).valid_to == clock.now().date()
    assert "Supplier: Vendor" in " ".join(browser.page("/organizations/acme").text.split())
    with pytest.raises(Missing):
        services.end_relation(seen_by(people.alice), 999, date(2024, 1, 1))
    with pytest.raises(Invalid):
        services.end_relation(seen_by(people.alice), relation.id, date(2020, 1, 1))


def test_domains_are_added_and_removed(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.alice)

    assert browser.post("/organizations/acme/domains", {"domain": "@ACME.example"}).status_code == 303
    assert queries.proved_domains(people.acme.id, clock.now()) == ["acme.example"]
    assert "@acme.example" in browser.page("/organizations/acme").text

    row = db.session.scalars(db.select(MailDomain)).one()
    assert browser.post(f"/organizations/acme/domains/{row.id}/remove").status_code == 303
    assert queries.proved_domains(people.acme.id, clock.now()) == []
    assert browser.post("/organizations/acme/domains/999/remove").status_code == 404


@pytest.mark.parametrize("domain", ["gmail.com", "co.uk", "not a domain", "rival.example", ""])
def test_a_domain_that_proves_nothing_is_refused(browser: Browser, domain: str) -> None:
    people = cast()
    make_mail_domain(people.rival, "rival.example")
    browser.sign_in(people.alice)

    assert browser.post("/organizations/acme/domains", {"domain": domain}).status_code == 422
    assert queries.proved_domains(people.acme.id, clock.now()) == []


def test_a_merger_moves_what_stands_beside_and_every_card(browser: Browser) -> None:
    people = cast()
    double = make_organization(name="Acme Works", slug="acme-works")
    alice = seen_by(people.alice)
    for organization in (double, people.acme):
        services.add_alias(alice, organization.id, "Ajax")
    services.add_offer(alice, double.id, "Valve")
    make_mail_domain(double, "acme-works.example")
    make_relation(people.vendor, "supplier", double)
    make_relation(people.acme, "parent", double)
    dora = make_affiliation(make_member(), double)
    browser.sign_in(people.alice)

    answer = browser.post("/organizations/acme-works/merge", {"into": "http://localhost/organizations/acme"})

    assert answer.headers["Location"] == "/organizations/acme"
    named = [(row.kind, row.name) for row in queries.named(people.acme.id)]
    assert named == [
        ("alias", "Acme Works"),
        ("alias", "Ajax"),
        ("product", "Valve"),
        ("domain", "acme-works.example"),
    ]
    assert relations(people.acme) == [("supplier", "Vendor")]
    assert db.session.get_one(MemberCard, dora.member_id).organization_name == "Acme"
    assert not browser.page("/organizations").find("a", string="Acme Works")


def test_a_member_of_both_records_has_one_stretch_afterwards() -> None:
    people = cast()
    double = make_organization()
    make_affiliation(people.bob, double, valid_from=date(2019, 1, 1), is_main=False)

    services.merge(seen_by(people.alice), double.id, people.acme.id)

    assert queries.organization_ids(people.bob.id, clock.now()) == {people.acme.id}
    rows = queries.current_rows(people.bob.id)
    assert history.periods(rows) == [(date(2019, 1, 1), None)]


def test_nothing_is_merged_into_itself_or_twice(browser: Browser) -> None:
    people = cast()
    alice = seen_by(people.alice)
    double = make_organization()
    services.merge(alice, double.id, people.acme.id)

    with pytest.raises(Invalid):
        services.merge(alice, people.acme.id, people.acme.id)
    with pytest.raises(Conflict):
        services.merge(alice, double.id, people.rival.id)
    with pytest.raises(Missing):
        services.merge(alice, 999, people.acme.id)
    browser.sign_in(people.alice)
    assert browser.post("/organizations/rival/merge", {"into": "nobody"}).status_code == 422
    with pytest.raises(Refused):
        services.change_organization(alice, double.id, services.Facts("X", "firm"))


ACTS: dict[str, Callable[[Viewer, Cast], Any]] = {
    "relate": lambda who, people: services.relate(
        who, people.acme.id, "parent", people.rival.id, date(2024, 1, 1)
    ),
    "end a relation": lambda who, _people: services.end_relation(who, 1, date(2024, 1, 1)),
    "add a domain": lambda who, people: services.add_mail_domain(who, people.acme.id, "acme.example"),
    "remove a domain": lambda who, _people: services.remove_mail_domain(who, 1),
    "merge": lambda who, people: services.merge(who, people.rival.id, people.acme.id),
    "rename": lambda who, people: services.change_organization(
        who, people.acme.id, services.Facts("X", "firm")
    ),
    "add a name": lambda who, people: services.add_alias(who, people.acme.id, "X"),
    "remove a name": lambda who, people: services.remove_alias(who, people.acme.id, 1),
    "add a product": lambda who, people: services.add_offer(who, people.acme.id, "X"),
    "remove a product": lambda who, people: services.remove_offer(who, people.vendor.id, 1),
}


@pytest.mark.parametrize("what", ACTS)
@pytest.mark.parametrize("who", ["guest", "bob", "charlie", "vera", "sol", "suspended"])
def test_only_those_in_charge_say_what_others_stand_on(who: str, what: str) -> None:
    people = cast()
    if who == "suspended":
        with act():
            people.alice.state = "suspended"
    actor = people.guest if who == "guest" else seen_by(people.members.get(who, people.alice))

    with pytest.raises(Refused):
        ACTS[what](actor, people)
