"""Two at once, and pages beyond the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.core import clock
from iocop.core.errors import Conflict
from iocop.organizations import policy, queries, services
from iocop.organizations.services import Facts
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def test_two_who_enter_the_same_name_at_once_make_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    people = cast()
    monkeypatch.setattr(queries, "same_name", lambda _name: None)  # the other's row came after we looked
    monkeypatch.setattr(queries, "slugs_like", lambda _slug: set())

    with pytest.raises(Conflict):
        services.found_organization(seen_by(people.bob), Facts("Acme", "firm"))
    services.found_organization(seen_by(people.bob), Facts("Acme Two", "firm"))


def test_a_name_entered_meanwhile_is_told_in_the_form(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(cast().bob)
    monkeypatch.setattr(queries, "alike", lambda *_: [])

    answer = browser.post("/organizations/new", {"name": "Acme", "type": "firm"})

    assert answer.status_code == 422
    assert "known already" in answer.text


def test_an_organization_nobody_shows_has_one_page_of_people(browser: Browser) -> None:
    people = cast()
    (row,) = queries.current_rows(people.sol.id)
    services.show_affiliation(seen_by(people.sol), row.id, "self")

    assert "Nobody shows an affiliation here" in browser.page("/organizations/sol-practice").text
    assert browser.get("/organizations/sol-practice?page=2").status_code == 404


def test_nobody_proves_somebody_elses_affiliation() -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)

    assert not policy.may_verify(seen_by(people.alice), row, clock.now())


def test_a_change_that_keeps_the_name_adds_no_alias() -> None:
    people = cast()

    services.change_organization(seen_by(people.alice), people.acme.id, Facts("Acme", "firm", city="Cork"))

    assert queries.named(people.acme.id) == []
