"""Signing in and out; sessions as rows; a new password by mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import func, select

from iocop import create_app
from iocop.core import clock
from iocop.core.db import db
from iocop.core.models import AuditRow
from iocop.core.settings import Settings
from iocop.members import cookie, queries, services
from iocop.members.models import Attempt, Member, MemberSession
from iocop.members.services import attempts, sessions
from tests.factories import make_member, viewer_of
from tests.members.factories import OTHER_PASSWORD, PASSWORD, link_in, mails_to, make_account

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.client import Browser


def sign_in(browser: Browser, member: Member, password: str = PASSWORD, query: str = "") -> int:
    return browser.post(f"/sign-in{query}", data={"email": member.email, "password": password}).status_code


def tokens(browser: Browser) -> str:
    with browser.client.session_transaction() as stored:
        return str(stored.get("_user_id", ""))


def test_a_member_signs_in_and_out_again(browser: Browser) -> None:
    ada = make_account(name="Ada Plant")

    assert sign_in(browser, ada) == 303
    assert "Ada Plant" in browser.page("/me").text
    token = tokens(browser)
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/me").location.startswith("/sign-in?next=")
    assert queries.viewer_by_token(token) is None


def test_the_address_is_taken_whatever_its_case(browser: Browser) -> None:
    make_account(email="ada@example.org")

    assert (
        browser.post("/sign-in", data={"email": " Ada@Example.ORG ", "password": PASSWORD}).status_code == 303
    )


@pytest.mark.parametrize(
    ("target", "led_to"),
    [
        ("/settings", "/settings"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_nowhere_else(browser: Browser, target: str, led_to: str) -> None:
    ada = make_account()
    answer = browser.post(f"/sign-in?next={quote(target)}", data={"email": ada.email, "password": PASSWORD})

    assert answer.location == led_to


def test_asvs_6_3_8_a_wrong_password_and_an_unknown_address_read_the_same(browser: Browser) -> None:
    make_account(email="known@example.org")
    make_account(email="erased@example.org", state="imported")
    answers = [
        browser.fresh().post("/sign-in", data={"email": email, "password": "wrong password 1"})
        for email in ("known@example.org", "other@example.org", "erased@example.org")
    ]
    texts = {
        answer.text.replace(email, "").split("<main")[1].split('name="csrf_token"')[1][120:]
        for answer, email in zip(
            answers, ("known@example.org", "other@example.org", "erased@example.org"), strict=True
        )
    }

    assert {answer.status_code for answer in answers} == {422}
    assert "do not belong together" in answers[0].text
    assert len(texts) == 1


@pytest.mark.parametrize("email", ["known@example.org", "other@example.org"])
def test_asvs_6_3_8_a_password_is_verified_either_way(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    make_account(email="known@example.org")
    verified: list[str] = []
    real = PasswordHasher.verify

    def verify(hasher: PasswordHasher, stored: str, password: str) -> bool:
        verified.append(stored[:30])
        return real(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    browser.post("/sign-in", data={"email": email, "password": "wrong password 1"})

    assert verified == ["$argon2id$v=19$m=19456,t=2,p=1"]


def test_asvs_6_3_1_the_eleventh_try_at_an_account_is_refused_with_a_time(browser: Browser) -> None:
    ada = make_account()
    statuses = [sign_in(browser, ada, "wrong password 1") for _ in range(10)]
    refused = browser.post("/sign-in", data={"email": ada.email, "password": PASSWORD})

    assert statuses == [422] * 10
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        assert sign_in(browser, ada) == 303


def test_the_limit_is_explained_before_anything_is_typed(browser: Browser) -> None:
    for path in ("/sign-in", "/join", "/reset"):
        assert "Ten tries in five minutes" in browser.page(path).text


def test_many_accounts_tried_from_one_address_are_refused_too(browser: Browser) -> None:
    statuses = [
        browser.post("/sign-in", data={"email": f"{n}@example.org", "password": "x"}).status_code
        for n in range(11)
    ]

    assert statuses == [422] * 10 + [429]


def test_signing_in_often_is_held_against_nobody(browser: Browser) -> None:
    ada = make_account()

    assert {sign_in(browser.fresh(), ada) for _ in range(12)} == {303}
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_attempts_hold_no_address_and_go_when_they_no_longer_count(browser: Browser) -> None:
    sign_in(browser, make_account(email="ada@example.org"), "wrong password 1")

    rows = db.session.scalars(select(Attempt)).all()
    assert len(rows) == 2
    assert all("ada" not in row.key and "127" not in row.key for row in rows)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        attempts.forget_old()
        assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_asvs_7_2_4_signing_in_gives_a_new_session(browser: Browser) -> None:
    ada = make_account()
    sign_in(browser, ada)
    first = tokens(browser)
    browser.post("/sign-out")
    sign_in(browser, ada)

    assert len(first) == 43
    assert tokens(browser) not in {"", first}


def test_only_the_hash_of_a_token_is_stored(app: Flask) -> None:
    token = services.open_session(make_member().id, "Firefox on Linux")

    assert token not in str(db.session.execute(select(MemberSession.token_hash, MemberSession.device)).all())


@pytest.mark.parametrize(("days", "lives"), [(13.9, True), (14.1, False)])
def test_asvs_7_3_1_a_session_nobody_uses_ends(app: Flask, days: float, lives: bool) -> None:
    token = services.open_session(make_member().id, "tests")

    with time_machine.travel(clock.now() + timedelta(days=days)):
        assert (queries.viewer_by_token(token) is not None) is lives


def test_asvs_7_3_2_a_session_in_use_ends_after_90_days(app: Flask) -> None:
    begin, token = clock.now(), services.open_session(make_member().id, "tests")
    for day in range(10, 90, 10):
        with time_machine.travel(begin + timedelta(days=day)):
            assert services.viewer_with(token) is not None

    with time_machine.travel(begin + timedelta(days=90, minutes=1)):
        assert services.viewer_with(token) is None
        sessions.forget_ended()
        assert db.session.scalar(select(func.count()).select_from(MemberSession)) == 0


def test_a_session_is_touched_every_ten_minutes_at_most(browser: Browser) -> None:
    browser.sign_in(make_member())
    before = db.session.scalars(select(MemberSession.touched_at)).one()
    with time_machine.travel(before + timedelta(minutes=9)):
        browser.get("/settings")
        assert db.session.scalars(select(MemberSession.touched_at)).one() == before
    db.session.rollback()
    with time_machine.travel(before + timedelta(minutes=11)):
        browser.get("/settings")
    touched = db.session.scalars(select(MemberSession.touched_at)).one()

    assert touched >= before + timedelta(minutes=11)


def test_the_week_a_member_was_here_is_noted_and_nothing_finer(browser: Browser) -> None:
    with time_machine.travel("2027-01-03T12:00:00Z"):
        ada = make_account()
        sign_in(browser, ada)

    assert db.session.get_one(Member, ada.id).seen_week == "2026-W53"


def test_asvs_7_5_2_sessions_are_listed_and_ended_one_by_one(browser: Browser) -> None:
    ada = make_member()
    elsewhere = services.open_session(ada.id, "Firefox on Linux")
    third = services.open_session(ada.id, "Safari on iPhone")
    row = queries.session_row(elsewhere)
    assert row is not None
    page = browser.sign_in(ada).page("/settings/security")
    browser.post(f"/settings/security/sessions/{row.session_id}/end")

    assert "Firefox on Linux" in page.text
    assert queries.viewer_by_token(elsewhere) is None
    assert queries.viewer_by_token(third) is not None
    browser.post("/settings/security/sessions/end-others")
    assert queries.viewer_by_token(third) is None
    assert browser.get("/settings/security").status_code == 200


def test_nobody_ends_somebody_elses_session(browser: Browser) -> None:
    token = services.open_session(make_member().id, "tests")
    row = queries.session_row(token)
    assert row is not None

    assert (
        browser.sign_in(make_member()).post(f"/settings/security/sessions/{row.session_id}/end").status_code
        == 404
    )
    assert queries.viewer_by_token(token) is not None


def test_who_is_looking_costs_one_statement(app: Flask) -> None:
    from sqlalchemy import event

    token = services.open_session(make_member().id, "tests")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    queries.viewer_by_token(token)

    assert len(statements) == 1


def test_the_cookie_of_a_site_on_https_is_locked_to_it(tmp_path: Path) -> None:
    app = create_app(
        Settings(data_dir=tmp_path, base_url="https://iocop.example", secret_key="k" * 32), TESTING=True
    )

    @app.get("/cookie-test")
    def sets() -> str:
        cookie.keep("token")
        return ""

    sets.is_public = True  # type: ignore[attr-defined]
    from iocop.core import migrations

    with app.app_context():
        migrations.upgrade()
    flags = app.test_client().get("/cookie-test", base_url="https://iocop.example").headers["Set-Cookie"]

    assert flags.startswith("__Host-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in flags.split(";")}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0",
            "Edge on Windows",
        ),
        ("curl/8.0 (Linux)", "Linux"),
        ("", "An unknown browser"),
    ],
)
def test_a_session_is_called_by_its_browser(app: Flask, agent: str, words: str) -> None:
    with app.test_request_context(headers={"User-Agent": agent}):
        assert cookie.device() == words


def test_tries_stand_in_the_security_log_without_a_name(browser: Browser) -> None:
    ada = make_account(email="ada@example.org")
    sign_in(browser, ada, "wrong password 1")
    sign_in(browser, ada)

    rows = db.session.execute(select(AuditRow.act, AuditRow.result, AuditRow.subject)).all()
    assert ("sign_in", "failed", f"member:{ada.id}") in rows
    assert ("open_session", "done", f"member:{ada.id}") in rows
    assert "ada@" not in str(rows)


def test_an_old_hash_is_renewed_when_its_owner_signs_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    ada = make_member(password_hash=old)
    sign_in(browser, ada)

    assert str(db.session.get_one(Member, ada.id).password_hash).startswith("$argon2id$v=19$m=19456,t=2,p=1")


def test_a_suspended_member_still_reads(browser: Browser) -> None:
    ada = make_account(state="suspended")

    assert sign_in(browser, ada) == 303
    assert viewer_of(ada).suspended
    assert browser.get("/settings").status_code == 200


# -- a new password


def test_a_forgotten_password_is_replaced_by_mail_and_ends_every_session(browser: Browser) -> None:
    ada = make_account(email="ada@example.org")
    token = services.open_session(ada.id, "elsewhere")
    browser.post("/reset", data={"email": "Ada@example.org"})
    link = link_in(mails_to("ada@example.org")[0])
    browser.page(link)
    answer = browser.post(link, data={"new_password": OTHER_PASSWORD})

    assert answer.status_code == 303
    assert queries.viewer_by_token(token) is None
    assert sign_in(browser.fresh(), ada) == 422
    assert sign_in(browser.fresh(), ada, OTHER_PASSWORD) == 303
    assert "was changed just now" in mails_to("ada@example.org")[-1].body
    assert browser.fresh().get(link).status_code == 410


def test_a_reset_link_ends_after_an_hour_and_by_a_newer_one(browser: Browser) -> None:
    make_account(email="ada@example.org")
    for _ in range(2):
        browser.post("/reset", data={"email": "ada@example.org"})
    first, second = map(link_in, mails_to("ada@example.org"))

    assert browser.get(first).status_code == 410
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert browser.get(second).status_code == 410


def test_a_weak_new_password_is_refused_and_the_link_still_works(browser: Browser) -> None:
    make_account(email="ada@example.org")
    browser.post("/reset", data={"email": "ada@example.org"})
    link = link_in(mails_to("ada@example.org")[0])

    assert browser.post(link, data={"new_password": "password1"}).status_code == 422
    assert browser.post(link, data={"new_password": OTHER_PASSWORD}).status_code == 303


def test_asking_for_an_unknown_address_reads_the_same(browser: Browser) -> None:
    make_account(email="known@example.org")
    answers = [browser.post("/reset", data={"email": e}) for e in ("known@example.org", "other@example.org")]

    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1
    assert "no account has this address" in mails_to("other@example.org")[0].body
