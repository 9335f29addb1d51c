"""An administrator suspends an office at the desk; everybody sees it, and it lapses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core.db import db
from iocop.roles import services
from iocop.roles.models import RoleGrant
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def test_an_office_is_suspended_at_the_desk_and_shown_so(browser: Browser) -> None:
    people = cast()
    grant = services.grant_role(seen_by(people.alice), people.bob.id, "moderator", services.found_site())
    path = f"/admin/roles/{grant.id}"
    page = browser.sign_in(people.alice).page(f"{path}/end")
    assert "Suspend it for seven days" in page.text

    assert browser.post(f"{path}/suspend", {"reason": ""}).status_code == 422
    assert browser.post(f"{path}/suspend", {"reason": "Lost the laptop."}).status_code == 303
    again = browser.post(f"{path}/suspend", {"reason": "Again."})

    assert again.status_code == 422
    assert "no second time" in again.text
    suspended = db.session.scalars(select(RoleGrant).where(RoleGrant.id == grant.id)).one()
    assert suspended.suspension_reason == "Lost the laptop."
    assert "Lost the laptop." in browser.sign_out().page(f"/decisions/{grant.decision_id}").text


def test_nobody_but_administrators_reaches_it(browser: Browser) -> None:
    people = cast()
    grant = services.grant_role(seen_by(people.alice), people.bob.id, "moderator", services.found_site())

    browser.sign_in(people.bob)

    assert browser.post(f"/admin/roles/{grant.id}/suspend", {"reason": "No."}).status_code == 403
