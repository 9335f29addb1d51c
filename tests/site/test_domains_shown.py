"""A member says who learns of their domains: on the profile, in the directory, in searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.domains.services import choose_domains
from iocop.home.queries import Sought, directory
from iocop.members import services
from iocop.members.numbers import shown
from iocop.search.documents.people import member_documents
from iocop.search.keys import key
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_domain

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser


def practising(choice: str) -> tuple[Member, int]:
    ada, air = make_member(name="Ada Weir"), make_domain(name="Air and ventilation")
    choose_domains(viewer_of(ada), [air.id])
    services.change_privacy(viewer_of(ada), {"domains": choice})
    return ada, air.id


@pytest.mark.parametrize(
    ("choice", "guest", "member"),
    [("public", True, True), ("members", False, True), ("nobody", False, False)],
)
def test_domains_are_shown_to_whom_their_member_chose(
    browser: Browser, choice: str, guest: bool, member: bool
) -> None:
    ada, domain_id = practising(choice)

    def sees(reader: Browser) -> bool:
        return "Air and ventilation" in reader.page(f"/id/{shown(ada.number)}").select_one("main").text  # type: ignore[union-attr]

    assert sees(browser.fresh()) is guest
    assert sees(browser.fresh().sign_in(make_member())) is member
    assert sees(browser.fresh().sign_in(ada)) is True
    assert [row.name for row in directory(Sought(domain_id=domain_id), 1).rows] == ["Ada Weir"] * member
    found = {row.label for row in member_documents([ada.id]) if key("domain", domain_id) in row.own_keys}
    assert ("public" in found) is guest
    assert bool(found) is member


def test_a_change_of_mind_is_seen_by_guests_at_once(browser: Browser) -> None:
    ada, _domain_id = practising("public")
    path = f"/id/{shown(ada.number)}"
    assert "Air and ventilation" in browser.page(path).text

    services.change_privacy(viewer_of(ada), {"domains": "members"})

    assert "Air and ventilation" not in browser.page(path).text


def test_the_choice_stands_among_the_others(browser: Browser) -> None:
    ada, _domain_id = practising("members")

    chosen = (
        browser.sign_in(ada).page("/settings/privacy").select_one("select[name=domains] option[selected]")
    )

    assert chosen is not None
    assert chosen["value"] == "members"
