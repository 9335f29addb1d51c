"""Password, address and second step, changed by who is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
import time_machine
from bs4 import BeautifulSoup

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Gone, Invalid
from iocop.members import queries, services
from iocop.members.models import Member
from iocop.members.services import second_factor
from tests.factories import make_member, viewer_of
from tests.members.factories import OTHER_PASSWORD, PASSWORD, link_in, mails_to, make_account
from tests.members.people import make_officer

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser

SECURITY = "/settings/security"


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + steps * timedelta(seconds=30))


def enrolled(**given: object) -> tuple[Member, str, list[str]]:
    """A member with an authenticator set up a while ago, its secret and the recovery codes."""
    ada = make_account(**given)
    with time_machine.travel(clock.now() - timedelta(minutes=5)):
        services.enable_totp(viewer_of(ada))
        secret = second_factor.waiting_secret(ada.id) or ""
        return ada, secret, services.confirm_totp(viewer_of(ada), code_of(secret))


def first_step(browser: Browser, ada: Member) -> None:
    answer = browser.post("/sign-in", data={"email": ada.email, "password": PASSWORD})
    assert answer.location == "/sign-in/code"


# -- password and address


def test_asvs_7_4_3_a_new_password_ends_every_other_session(browser: Browser) -> None:
    ada = make_account()
    elsewhere = services.open_session(ada.id, "elsewhere")
    answer = browser.sign_in(ada).post(
        f"{SECURITY}/password", data={"password": PASSWORD, "new_password": OTHER_PASSWORD}
    )

    assert answer.status_code == 303
    assert queries.viewer_by_token(elsewhere) is None
    assert len(queries.live_sessions(ada.id)) == 1
    assert browser.get(SECURITY).status_code == 200
    assert "was changed just now" in mails_to(ada.email or "")[0].body  # 6.3.7


@pytest.mark.parametrize(
    ("present", "new", "words"),
    [
        ("wrong password 1", OTHER_PASSWORD, "not your present password"),
        ("", OTHER_PASSWORD, "present password"),
        (PASSWORD, "qwertyuiop", "first that are guessed"),
        (PASSWORD, "short", "8 to 128"),
    ],
)
def test_asvs_6_2_3_a_password_is_changed_only_with_the_present_one(
    browser: Browser, present: str, new: str, words: str
) -> None:
    ada = make_account()
    answer = browser.sign_in(ada).post(
        f"{SECURITY}/password", data={"password": present, "new_password": new}
    )

    assert answer.status_code == 422
    assert words in answer.text


def test_guessing_the_present_password_ends_after_ten_tries(browser: Browser) -> None:
    browser.sign_in(make_account())
    wrong = {"password": "wrong password 1", "new_password": OTHER_PASSWORD}
    statuses = [browser.post(f"{SECURITY}/password", data=wrong).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_an_address_changes_when_the_new_one_confirms_and_both_are_told(browser: Browser) -> None:
    ada = make_account(email="old@example.org")
    browser.sign_in(ada).page(f"{SECURITY}/email")
    browser.post(f"{SECURITY}/email", data={"email": "New@example.org", "password": PASSWORD})
    assert db.session.get_one(Member, ada.id).email == "old@example.org"
    link = link_in(mails_to("new@example.org")[0])
    browser.page(link)
    assert browser.fresh().post(link).status_code == 303

    db.session.expire_all()
    assert db.session.get_one(Member, ada.id).email == "new@example.org"
    assert [mail.kind for mail in mails_to("old@example.org")] == ["email_change_asked", "email_changed_old"]
    assert [mail.kind for mail in mails_to("new@example.org")] == ["email_change", "email_changed"]
    assert browser.fresh().post(link).status_code == 410


def test_an_address_of_another_member_is_not_betrayed(browser: Browser) -> None:
    make_member(email="taken@example.org")
    browser.sign_in(make_account(email="ada@example.org"))
    answers = [
        browser.post(
            f"{SECURITY}/email", data={"email": email, "password": PASSWORD}, follow_redirects=True
        ).text
        for email in ("taken@example.org", "free@example.org")
    ]

    assert all("is on its way to the new address" in text for text in answers)
    assert [mail.kind for mail in mails_to("taken@example.org")] == ["email_taken"]


def test_an_address_taken_meanwhile_is_refused(browser: Browser) -> None:
    browser.sign_in(make_account(email="ada@example.org"))
    browser.post(f"{SECURITY}/email", data={"email": "new@example.org", "password": PASSWORD})
    make_member(email="new@example.org")

    assert browser.post(link_in(mails_to("new@example.org")[0])).status_code == 409


def test_asvs_7_5_1_an_address_is_not_changed_without_the_password(browser: Browser) -> None:
    browser.sign_in(make_account())
    answer = browser.post(
        f"{SECURITY}/email", data={"email": "new@example.org", "password": "wrong password 1"}
    )

    assert answer.status_code == 422
    assert mails_to("new@example.org") == []


# -- the second step


def test_an_authenticator_is_set_up_and_asked_for(browser: Browser) -> None:
    ada = make_account()
    with time_machine.travel(clock.now() - timedelta(minutes=5)):
        browser.sign_in(ada).page(f"{SECURITY}/authenticator")
        browser.post(f"{SECURITY}/authenticator", data={"password": PASSWORD})
        page = browser.page(f"{SECURITY}/authenticator")
        picture = browser.get(f"{SECURITY}/authenticator/qr.svg")
        secret = second_factor.waiting_secret(ada.id) or ""
        shown = browser.post(f"{SECURITY}/authenticator/code", data={"code": code_of(secret)})

    codes = [tag.text for tag in BeautifulSoup(shown.text, "html.parser").select("main li code")]
    assert secret in page.text.replace(" ", "")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert len(set(codes)) == 10
    assert "10 recovery codes left" in browser.page(SECURITY).text
    first_step(browser.sign_out(), ada)
    browser.page("/sign-in/code")
    assert browser.get(SECURITY).status_code == 303
    assert browser.post("/sign-in/code", data={"code": code_of(secret)}).location == "/"
    assert browser.get(SECURITY).status_code == 200


def test_asvs_6_5_1_a_code_works_once(browser: Browser) -> None:
    ada, secret, _ = enrolled()
    code = code_of(secret)
    statuses = []
    for _ in range(2):
        other = browser.fresh()
        first_step(other, ada)
        statuses.append(other.post("/sign-in/code", data={"code": code}).status_code)

    assert statuses == [303, 422]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_asvs_6_5_5_a_code_is_taken_half_a_minute_early_or_late(app: Flask, steps: int, taken: bool) -> None:
    ada, secret, _ = enrolled()

    assert (second_factor._step_of(secret, code_of(secret, steps), after=ada.totp_step) is not None) is taken


def test_a_recovery_code_stands_in_once(browser: Browser) -> None:
    ada, _, codes = enrolled()
    statuses = []
    for _ in range(2):
        other = browser.fresh()
        first_step(other, ada)
        statuses.append(other.post("/sign-in/code", data={"code": codes[3].upper()}).status_code)

    assert statuses == [303, 422]
    assert second_factor.codes_left(ada.id) == 9


def test_a_recovery_code_of_another_member_opens_nothing(browser: Browser) -> None:
    ada, (_, _, codes) = enrolled()[0], enrolled()
    first_step(browser, ada)

    assert browser.post("/sign-in/code", data={"code": codes[0]}).status_code == 422


def test_codes_are_tried_ten_times_at_most(browser: Browser) -> None:
    ada, _, _ = enrolled()
    first_step(browser, ada)
    statuses = [browser.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_the_second_step_needs_the_first_and_waits_ten_minutes(browser: Browser) -> None:
    ada, secret, _ = enrolled()
    assert browser.get("/sign-in/code").status_code == 410
    first_step(browser, ada)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert browser.post("/sign-in/code", data={"code": code_of(secret)}).status_code == 410


def test_asvs_6_4_3_a_reset_does_not_get_round_the_second_step(browser: Browser) -> None:
    ada, _, _ = enrolled(email="ada@example.org")
    browser.post("/reset", data={"email": "ada@example.org"})
    browser.post(link_in(mails_to("ada@example.org")[-1]), data={"new_password": OTHER_PASSWORD})
    answer = browser.post("/sign-in", data={"email": ada.email, "password": OTHER_PASSWORD})

    assert answer.location == "/sign-in/code"


def test_an_authenticator_is_removed_with_the_password_and_its_codes_go(browser: Browser) -> None:
    ada, _, codes = enrolled()
    browser.sign_in(ada).page(f"{SECURITY}/authenticator/remove")
    assert (
        browser.post(f"{SECURITY}/authenticator/remove", data={"password": "wrong password 1"}).status_code
        == 422
    )
    browser.post(f"{SECURITY}/authenticator/remove", data={"password": PASSWORD})

    assert second_factor.codes_left(ada.id) == 0
    assert "removed" in mails_to(ada.email or "")[-1].body
    assert browser.fresh().post("/sign-in", data={"email": ada.email, "password": PASSWORD}).location == "/"
    assert codes


def test_new_recovery_codes_void_the_old(browser: Browser) -> None:
    ada, _, codes = enrolled()
    browser.sign_in(ada).page(f"{SECURITY}/recovery-codes")
    shown = browser.post(f"{SECURITY}/recovery-codes", data={"password": PASSWORD}).text

    assert second_factor.codes_left(ada.id) == 10
    assert not any(code in shown for code in codes)


def test_a_set_up_expires_and_a_wrong_first_code_changes_nothing(app: Flask) -> None:
    ada = make_account()
    actor = viewer_of(ada)
    services.enable_totp(actor)
    with pytest.raises(Invalid):
        services.confirm_totp(actor, "000000x")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        for ask in (
            lambda: services.confirm_totp(actor, "0"),
            lambda: second_factor.provisioning_address(ada.id),
        ):
            with pytest.raises(Gone):
                ask()

    assert not db.session.get_one(Member, ada.id).totp_secret


def test_a_second_authenticator_or_codes_without_one_are_refused(app: Flask) -> None:
    with pytest.raises(Conflict):
        services.renew_recovery_codes(viewer_of(make_account()))
    with pytest.raises(Conflict):
        services.enable_totp(viewer_of(enrolled()[0]))


def test_an_officer_without_a_second_step_is_told_on_every_visit(browser: Browser) -> None:
    officer = make_officer("moderator")
    page = browser.sign_in(db.session.get_one(Member, officer.id)).page(SECURITY)

    assert "needs a second step" in page.text
    assert "needs a second step" not in browser.fresh().sign_in(make_member()).page(SECURITY).text
