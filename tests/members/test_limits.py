"""What must hold when many try at once, and what runs at night."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Gone, Invalid, TooMany
from iocop.members import jobs, passwords, queries, services
from iocop.members.models import Attempt, Member, MemberSession, Ticket
from iocop.members.services import attempts, sessions
from iocop.members.services.tickets import KEPT
from tests.factories import make_member, viewer_of
from tests.members.factories import OTHER_PASSWORD, PASSWORD, link_in, mails_to, make_account

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def test_asvs_6_3_1_tries_at_once_are_counted_exactly(app: Flask) -> None:
    def attempt(number: int) -> bool:
        with app.app_context():
            try:
                attempts.count_attempt("sign_in", "ada@example.org", f"192.0.2.{number}")
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: Context().run(attempt, number), range(24)))

    assert sum(taken) == attempts.LIMIT


def test_a_link_pressed_twice_at_once_makes_one_member(app: Flask) -> None:
    token = services.issue_ticket(
        "join", timedelta(hours=1), name="Ada", email="ada@example.org", password_hash="hash"
    )

    def confirm(_: int) -> bool:
        with app.app_context():
            try:
                return services.confirm(token) is not None
            except (Gone, Conflict):
                return False

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: Context().run(confirm, number), range(4)))

    assert sum(made) == 1
    assert db.session.scalar(select(func.count()).select_from(Member)) == 1


def test_who_joins_at_once_gets_numbers_of_their_own(app: Flask) -> None:
    def add(number: int) -> int:
        with app.app_context():
            return services.add_member("Ada Plant", f"{number}@example.org", "hash").number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda number: Context().run(add, number), range(8)))

    assert sorted(numbers) == list(range(min(numbers), min(numbers) + 8))


@pytest.mark.parametrize("password", ["seven77", "x" * 129])
def test_the_rule_itself_knows_the_lengths(password: str) -> None:
    assert passwords.weakness(password) is not None


def test_128_characters_are_all_told_apart() -> None:
    password = "lantern meadow " * 8 + "gasketXY"
    assert len(password) == 128
    stored = passwords.hash_password(password)

    assert passwords.weakness(password) is None
    assert passwords.matches(stored, password)
    assert not passwords.matches(stored, password[:-1] + "Z")
    assert not passwords.matches("no hash at all", password)


def test_a_page_does_not_wait_for_its_session_to_be_noted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = services.open_session(make_member().id, "tests")

    def locked() -> None:
        raise OperationalError("update", {}, Exception("database is locked"))

    monkeypatch.setattr(sessions, "act", locked)
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert services.viewer_with(token) is not None


def test_at_night_what_has_served_is_dropped(app: Flask) -> None:
    ada = make_account(state="suspended", suspended_until=clock.now() + timedelta(days=1))
    services.open_session(ada.id, "tests")
    services.issue_ticket("reset", timedelta(hours=1), ada.id, secret="s")
    attempts.count_attempt("reset", "ada@example.org")
    with time_machine.travel(clock.now() + KEPT + timedelta(days=1)):
        jobs.forget()
        jobs.end_suspensions()

    assert [
        db.session.scalar(select(func.count()).select_from(row)) for row in (MemberSession, Ticket, Attempt)
    ] == [0, 0, 0]
    assert not viewer_of(ada).suspended


def test_a_password_changed_meanwhile_lets_nobody_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = make_account(email="ada@example.org")
    real = passwords.matches

    def slow(stored: str | None, password: str) -> bool:
        right = real(stored, password)
        services.reset_password(services.issue_ticket("reset", timedelta(hours=1), ada.id), OTHER_PASSWORD)
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(Invalid):
        services.sign_in("ada@example.org", PASSWORD, "tests")

    assert queries.live_sessions(ada.id) == []


def test_a_reset_link_of_somebody_erased_opens_nothing(app: Flask) -> None:
    ada = make_account(state="imported")
    with pytest.raises(Gone):
        services.reset_password(services.issue_ticket("reset", timedelta(hours=1), ada.id), OTHER_PASSWORD)


def test_who_is_signed_in_is_led_on_from_the_door(browser: Browser) -> None:
    assert browser.sign_in(make_member()).get("/sign-in?next=/settings").location == "/settings"


def test_a_wrong_first_code_and_a_weak_new_name_are_shown_at_their_fields(browser: Browser) -> None:
    ada = make_account()
    services.enable_totp(viewer_of(ada))
    answer = browser.sign_in(ada).post("/settings/security/authenticator/code", data={"code": "000000x"})

    assert answer.status_code == 422
    assert "does not match" in answer.text


def test_an_invalid_finding_without_a_field_stands_above_the_form(app: Flask) -> None:
    from iocop.members.forms import AskResetForm

    with app.test_request_context():
        form = AskResetForm()
        form.take(Invalid("Something else"))

    assert form.form_errors == ["Something else"]


def test_one_mail_for_each_of_two_links(browser: Browser) -> None:
    make_account(email="ada@example.org")
    for _ in range(2):
        browser.post("/reset", data={"email": "ada@example.org"})

    assert len({link_in(mail) for mail in mails_to("ada@example.org")}) == 2
