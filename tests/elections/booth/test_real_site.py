"""The booth and the shipped site understand each other: a member votes, in a real browser, at the served site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from iocop.elections.sealing import ballots, codes, plaintexts
from iocop.elections.services import boxes
from tests.browser.person import Person
from tests.browser.site import Site
from tests.elections.held import hold
from tests.elections.served import cookie_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.only("sqlite")  # the booth does not know the difference
def test_a_member_votes_at_the_site_and_votes_again(app: Flask, chromium: Browser, tmp_path: Path) -> None:
    held = hold(voters=2, candidates=3)
    name, _, value = cookie_of(app, held.voters[0]).partition("=")
    with served(app, tmp_path) as shipped:
        address = f"http://127.0.0.1:{shipped.port}"
        voter = Person(chromium, Site(address, tmp_path))
        voter.context.add_cookies([{"name": name, "value": value, "url": address}])
        code = vote_twice(voter.page, held.id)
        voter.close()

    own = codes.voter(code, held.freeze)
    found = boxes.box_of(held.freeze).newest_of(own.key)
    assert found is not None
    sealed = ballots.parse(found[1], held.freeze)
    assert (sealed.revision, sealed.origin) == (2, ballots.BROWSER)
    assert plaintexts.decode(ballots.open_own(own, sealed, held.freeze), held.freeze).marks == (1, 2, 0)
    assert [complaint for complaint in voter.complaints.found if not complaint.startswith("404:")] == []


def vote_twice(page: Page, election: int) -> bytes:
    """Put the second candidate first, then the first one before it; return the voting code."""
    page.goto(f"/booth#{election}")
    page.get_by_role("button", name="Begin").click()
    code = codes.read(str(page.locator(".voting-code").text_content()))
    page.get_by_label("I have saved or printed it").check()
    page.get_by_role("button", name="Skip this check").click()
    for choice in (1, 2):
        page.locator('[data-number="2"] select').select_option(str(choice))
        page.get_by_role("button", name="Review my ballot").click()
        page.get_by_role("button", name="Seal and cast").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is cast")
        expect(page.get_by_role("main")).to_contain_text("Not in a block yet")
        page.get_by_role("button", name="Vote again").click()
        page.locator('[data-number="1"] select').select_option("1")
    return code
