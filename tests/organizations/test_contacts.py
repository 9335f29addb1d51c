"""Who speaks for an organization here: named by an administrator, and only while the affiliation is proved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.members.export import as_json
from iocop.members.numbers import shown
from iocop.members.services import leave
from iocop.organizations import queries, services
from iocop.organizations.exports import contact_for
from iocop.organizations.models import Affiliation, Organization, OrganizationContact
from tests.client import Browser
from tests.factories import make_organization, viewer_of
from tests.people import belong, cast, person

pytestmark = pytest.mark.usefixtures("app")


def named(organization: Organization) -> list[str]:
    return [each.name for each in queries.contacts_of(organization.id, clock.now()) if each.proved]


def test_an_administrator_names_a_contact_and_members_see_who_it_is(browser: Browser) -> None:
    people = cast()
    browser.sign_in(people.alice)

    answer = browser.post("/organizations/acme/contacts", {"contact": shown(people.bob.number)})

    assert answer.status_code == 303
    assert "Bob Birch" in browser.page("/organizations/acme/care").text
    seen_by_member = (
        browser.fresh().sign_in(people.charlie).page("/organizations/acme").select_one("aside.rail")
    )
    assert seen_by_member is not None
    assert "Bob Birch" in seen_by_member.text
    assert "Speaks for the organization" not in browser.fresh().page("/organizations/acme").text


@pytest.mark.parametrize("given", ["IOCOP-0000-001X", "Bob", ""])
def test_nobody_is_named_by_mistake(browser: Browser, given: str) -> None:
    people = cast()
    browser.sign_in(people.alice)

    assert browser.post("/organizations/acme/contacts", {"contact": given}).status_code == 422
    assert named(people.acme) == []


def test_only_somebody_proved_is_named_and_only_once(browser: Browser) -> None:
    people = cast()
    actor = viewer_of(people.alice)
    stated = person("Sam Stated")
    belong(stated, people.acme)

    for outsider in (people.charlie, stated):
        with pytest.raises(Invalid, match="proved"):
            services.name_contact(actor, people.acme.id, outsider.id)
    services.name_contact(actor, people.acme.id, people.bob.id)
    with pytest.raises(Conflict):
        services.name_contact(actor, people.acme.id, people.bob.id)
    again = browser.sign_in(people.alice).post(
        "/organizations/acme/contacts", {"contact": shown(people.bob.number)}
    )
    assert again.status_code == 422
    with pytest.raises(Refused):
        services.name_contact(viewer_of(people.bob), people.acme.id, people.alice.id)


def test_when_the_proof_ends_the_office_rests(browser: Browser) -> None:
    people = cast()
    services.name_contact(viewer_of(people.alice), people.acme.id, people.bob.id)
    with act():
        row = db.session.scalars(select(Affiliation).where(Affiliation.member_id == people.bob.id)).one()
        row.expires_at = clock.now() - timedelta(days=1)

    assert named(people.acme) == []
    assert not queries.is_contact(people.bob.id, people.acme.id, clock.now())
    assert "not at present" in browser.sign_in(people.alice).page("/organizations/acme/care").text


def test_the_contact_and_administrators_end_it(browser: Browser) -> None:
    people = cast()
    row = services.name_contact(viewer_of(people.alice), people.acme.id, people.bob.id)
    address = f"/organizations/acme/contacts/{row.id}/end"

    assert browser.sign_in(people.charlie).post(address).status_code == 403
    assert browser.sign_in(people.bob).post(address).status_code == 303
    assert named(people.acme) == []
    with pytest.raises(Missing):
        services.end_contact(viewer_of(people.alice), row.id)
    assert "Acme" in as_json(contact_for(people.bob.id))


def test_who_is_suspended_ends_nothing() -> None:
    from iocop.organizations.policy import may_end_contact

    people = cast()
    row = services.name_contact(viewer_of(people.alice), people.acme.id, people.bob.id)
    with act():
        people.bob.state = "suspended"

    assert not may_end_contact(viewer_of(people.bob), row)


def test_who_leaves_lays_it_down() -> None:
    people = cast()
    services.name_contact(viewer_of(people.alice), people.acme.id, people.bob.id)

    leave(viewer_of(people.bob))

    assert db.session.scalars(select(OrganizationContact.ended_at)).one() is not None


def test_a_merged_records_contact_speaks_for_the_one_that_stays() -> None:
    people = cast()
    actor = viewer_of(people.alice)
    double = make_organization(name="Acme Ltd", slug="acme-ltd")
    for member in (people.bob, people.charlie):
        belong(member, double, "acme.example")
        services.name_contact(actor, double.id, member.id)
    services.name_contact(actor, people.acme.id, people.bob.id)

    services.merge(actor, double.id, people.acme.id)

    assert named(people.acme) == ["Charlie Cedar", "Bob Birch"]
    assert named(double) == []
