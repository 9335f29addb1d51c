"""Administrators name the site and keep domains, spaces and offices; nobody else sits at the desk."""

from __future__ import annotations

import pytest

from iocop.core.db import db
from iocop.domains.models import Domain, Tag
from iocop.members.models import Member
from iocop.roles import services as roles
from iocop.roles.models import RoleGrant
from iocop.roles.queries import holds
from iocop.spaces.models import Space, SpaceGrant
from tests.client import Browser
from tests.factories import make_member, make_organization

PAGES = ["", "/site", "/domains", "/spaces", "/roles", "/people", "/decisions/new"]


def make_administrator() -> Member:
    member = make_member()
    roles.found_site()
    roles.grant_role(None, member.id, "administrator", 1)
    return member


@pytest.mark.parametrize("path", PAGES)
def test_the_desk_is_the_administrators_alone(browser: Browser, path: str) -> None:
    assert browser.get(f"/admin{path}").status_code in {302, 303}
    assert browser.sign_in(make_member()).get(f"/admin{path}").status_code == 403
    assert browser.sign_in(make_administrator()).get(f"/admin{path}").status_code == 200


def test_the_site_gets_its_name_and_an_accent_that_can_be_read(browser: Browser) -> None:
    browser.sign_in(make_administrator())
    sent = {"name": "Plantroom Guild", "tagline": "", "accent": "#fafad2", "registration": "approval"}

    pale = browser.post("/admin/site", sent)
    browser.post("/admin/site", sent | {"accent": "#1f5fa8"})

    assert pale.status_code == 422
    assert "cannot be read" in pale.text
    saved = browser.page("/admin/site")
    assert [tag["value"] for tag in saved.select("input[name=name], input[name=accent]")] == [
        "Plantroom Guild", "#1f5fa8",
    ]  # fmt: skip
    assert "Plantroom Guild" in browser.page("/admin").text


@pytest.mark.parametrize(("accent", "name"), [("blue", "x"), ("", "")], ids=["no colour", "no name"])
def test_what_cannot_be_is_told_beside_its_field(browser: Browser, accent: str, name: str) -> None:
    browser.sign_in(make_administrator())

    answer = browser.post("/admin/site", {"name": name, "accent": accent, "registration": "open"})

    assert answer.status_code == 422


@pytest.mark.theory("3.2")
def test_a_domain_has_a_charter_with_owner_date_and_questions_and_lists_its_sub_topics(
    browser: Browser,
) -> None:
    administrator = make_administrator()
    browser.sign_in(administrator)

    browser.post("/admin/domains", {"name": "Hydronics", "summary": "Water that moves"})
    browser.post("/admin/domains/hydronics", {
        "name": "Hydronics", "summary": "Water that moves", "position": "0", "charter": "What we are **for**.",
        "questions": "Which meter lies least?\n\nWhere does low ΔT begin?", "sub_topic": "Pump curves",
    })  # fmt: skip

    page = browser.page("/domains/hydronics")
    assert administrator.name in page.select_one("main").text  # type: ignore[union-attr]
    assert page.select_one("main time")
    assert [item.text for item in page.select("main ul.prose li")] == [
        "Which meter lies least?", "Where does low ΔT begin?",
    ]  # fmt: skip
    assert "pump-curves" in page.select_one("aside").text  # type: ignore[union-attr]
    assert db.session.query(Tag).one().sub_topic
    assert "due for a new look" not in page.text
    domain = db.session.query(Domain).one()
    assert domain.charter_html.startswith("<p>What we are <strong>")


def test_two_domains_do_not_share_a_name(browser: Browser) -> None:
    browser.sign_in(make_administrator())
    browser.post("/admin/domains", {"name": "Controls"})

    answer = browser.post("/admin/domains", {"name": "Controls", "summary": "kept"})

    assert answer.status_code == 422
    assert "of this name already" in answer.text
    assert 'value="kept"' in answer.text


def test_people_and_organizations_are_let_into_a_named_space_and_out(browser: Browser) -> None:
    browser.sign_in(make_administrator())
    make_organization(name="Acme")
    browser.post("/admin/spaces", {"name": "Tender", "audience": "named"})
    space = db.session.query(Space).one()

    browser.post(f"/admin/spaces/{space.id}/grants", {"who": "Acme"})
    twice = browser.post(f"/admin/spaces/{space.id}/grants", {"who": "Acme"})
    nobody = browser.post(f"/admin/spaces/{space.id}/grants", {"who": "Nobody at all"})
    grant = db.session.query(SpaceGrant).one()
    browser.post(f"/admin/spaces/{space.id}/grants/{grant.id}/end")

    assert (twice.status_code, nobody.status_code) == (422, 422)
    db.session.expire_all()
    assert db.session.query(SpaceGrant).one().ended_at is not None


def test_an_office_rests_on_a_decision_and_ends(browser: Browser) -> None:
    from iocop.members.numbers import shown

    member = make_member()
    browser.sign_in(make_administrator())

    browser.post(
        "/admin/decisions/new", {"body": "Board", "decided_on": "2026-01-15", "text": "A moderator."}
    )
    form = {"member": shown(member.number), "role": "moderator", "decision": "2", "domain": ""}
    browser.post("/admin/roles", form)
    again = browser.post("/admin/roles", form)

    assert holds(member.id, "moderator")
    assert again.status_code == 422
    row = browser.page("/admin/roles").find(string=member.name)
    assert row
    grant = db.session.query(RoleGrant).filter_by(member_id=member.id).one()
    browser.post(f"/admin/roles/{grant.id}/end", {"decision": "2"})
    assert not holds(member.id, "moderator")
