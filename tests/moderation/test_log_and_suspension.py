"""The public log tells what and why, not who; a suspension stops writing until its day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask_login import login_user
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Missing, Refused
from iocop.core.slots import fill
from iocop.members.models import Member
from iocop.moderation import services
from iocop.moderation.models import Ruling
from tests.contributions.factories import affiliate, make_space
from tests.factories import make_member, make_organization, viewer_of
from tests.moderation.factories import answer, ask, member_of, moderator, reported, settled

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def test_the_log_is_public_and_names_nobody(browser: Browser) -> None:
    author, reporter = settled(name="Ada Lund"), settled(name="Bo Nygaard")
    office = moderator(name="Cy Moderator")
    post = answer(ask(title="About the secret valve"), author, text="Buy our pumps.")
    services.report(viewer_of(reporter), post.id, "spam", "Bo says so.")
    services.rule(office, post.id, "remove", "It only sells.")

    page = browser.page("/moderation/log")

    main = page.select_one("main")
    assert main is not None
    assert "A post was removed" in main.text
    assert "It only sells." in main.text
    for hidden in (
        "Ada Lund",
        "Bo Nygaard",
        "Bo says so",
        "secret valve",
        "Buy our pumps",
        "Cy Moderator",
        "/p/",
    ):
        assert hidden not in str(main)


def test_the_log_keeps_the_reason_where_the_post_was_not_public(browser: Browser) -> None:
    post = ask(space_id=make_space("members").id)
    services.rule(moderator(), post.id, "hide", "Names the client of the tender.")

    assert "Names the client" not in browser.page("/moderation/log").text
    assert "A post was hidden" in browser.page("/moderation/log").text
    assert "Names the client" in browser.fresh().sign_in(settled()).page("/moderation/log").text


def test_a_guests_log_is_never_stale(browser: Browser) -> None:
    assert "Nothing was decided yet" in browser.page("/moderation/log").text

    services.rule(moderator(), reported().id, "dismiss")

    assert "A report led to nothing" in browser.page("/moderation/log").text


def test_a_moderator_suspends_and_lifts(browser: Browser) -> None:
    member, office = settled(), moderator()
    browser.sign_in(member_of(office))
    until = (clock.now() + timedelta(days=30)).date().isoformat()

    sent = browser.post(
        f"/moderation/members/{member.id}/suspend", {"until": until, "reason": "Advertised five times."}
    )

    assert sent.status_code == 303
    assert db.session.get_one(Member, member.id).state == "suspended"
    page = browser.page(f"/moderation/members/{member.id}")
    assert "Advertised five times." in page.text
    with pytest.raises(Refused, match="Suspended"):
        answer(ask(), member)

    assert browser.post(f"/moderation/members/{member.id}/lift", {"reason": ""}).status_code == 303
    assert answer(ask(), db.session.get_one(Member, member.id)).state == "visible"
    assert [row.kind for row in db.session.scalars(select(Ruling).order_by(Ruling.id))] == ["suspend", "lift"]
    log = browser.fresh().page("/moderation/log")
    assert "Advertised five times." in log.text
    assert member.name not in log.select_one("main").text  # type: ignore[union-attr]


def test_who_cannot_be_suspended(app: Flask) -> None:
    office, firm, colleague = moderator(), make_organization(), settled()
    until = clock.now() + timedelta(days=3)
    moderator()
    for member in (colleague, member_of(office)):
        affiliate(member, firm)

    for actor, member_id in (
        (viewer_of(settled()), colleague.id), (office, office.id), (office, colleague.id),
        (moderator(), make_member(state="left").id),
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.suspend(actor, member_id, until, "Because.")
    for actor, member_id in (
        (viewer_of(settled()), colleague.id),
        (office, colleague.id),
        (moderator(), colleague.id),
    ):
        with pytest.raises(Refused):
            services.lift(actor, member_id)
    with pytest.raises(Missing):
        services.suspend(office, 404, until, "Because.")


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_suspension_ends_within_a_year(browser: Browser, days: int) -> None:
    until = (clock.now() + timedelta(days=days)).date().isoformat()

    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/members/{settled().id}/suspend", {"until": until, "reason": "Because."}
    )

    assert answered.status_code == 422
    assert "within the next twelve months" in answered.text


def test_a_suspension_form_without_a_day_keeps_the_reason(browser: Browser) -> None:
    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/members/{settled().id}/suspend", {"until": "", "reason": "Advertised."}
    )

    assert answered.status_code == 422
    assert "Advertised." in answered.text


def test_a_lifting_reason_that_is_too_long_is_asked_again(browser: Browser) -> None:
    member = settled(state="suspended", suspended_until=clock.now() + timedelta(days=3))

    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/members/{member.id}/lift", {"reason": "x" * 401}
    )

    assert answered.status_code == 422


def test_moderators_alone_find_the_way_from_a_profile(app: Flask) -> None:
    member, office = settled(), moderator()
    with app.test_request_context():
        assert "/moderation/" not in fill("profile_section", [member.id]).get(member.id, "")
        login_user(office)
        assert f"/moderation/members/{member.id}" in fill("profile_section", [member.id])[member.id]
        assert "/moderation/" not in fill("profile_section", [office.id]).get(office.id, "")
