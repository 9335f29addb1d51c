"""The public decisions, the first administrator's page, the commands."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.core import serve
from iocop.core.db import db
from iocop.members.export import pack
from iocop.members.numbers import shown
from iocop.roles import queries, services, start
from iocop.roles.models import Decision, RoleGrant
from tests.factories import make_member, viewer_of
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def path() -> str:
    link = services.first_administrator_link()
    assert link is not None
    return link.removeprefix("http://localhost")


@pytest.mark.parametrize("who", ["guest", "alice", "bob", "charlie", "vera", "sol"])
def test_everybody_reads_every_decision_and_what_rests_on_it(browser: Browser, who: str) -> None:
    people = cast()
    founding = services.found_site()
    services.record_decision(
        seen_by(people.alice), "Board", date(2026, 1, 2), "Bob curates.\n\nFor a year.", "/decisions"
    )
    if who != "guest":
        browser.sign_in(people.members[who])

    listed = browser.page("/decisions")
    page = " ".join(browser.page(f"/decisions/{founding}").main.text.split())  # type: ignore[union-attr]

    assert [link.text for link in listed.select("main h2 a")] == ["Decision 2", "Decision 1"]
    assert "Administrator: Alice Ash" in page
    assert "Its powers hold until the first board is certified." in page
    assert browser.page("/decisions/2").find("a", string="Minutes")
    assert browser.get("/decisions/999").status_code == 404
    assert browser.get("/decisions?page=2").status_code == 404


def test_a_new_office_is_on_a_kept_guest_page_at_once(browser: Browser) -> None:
    people = cast()
    founding = services.found_site()
    assert "Bob Birch" not in browser.page(f"/decisions/{founding}").text

    services.grant_role(seen_by(people.alice), people.bob.id, "curator", founding)

    assert "Bob Birch" in browser.page(f"/decisions/{founding}").text
    assert "Curator" in browser.page(f"/id/{seen_by(people.bob).number}").text


def test_an_empty_list_says_what_will_stand_there(browser: Browser) -> None:
    assert "the first is written when the site starts" in browser.page("/decisions").text


def test_the_holder_of_the_link_becomes_the_first_administrator_by_one_press(browser: Browser) -> None:
    dora, link = make_member(), path()
    browser.sign_in(dora)
    assert "Become the administrator" in browser.page(link).text

    answer = browser.post(link)

    assert answer.status_code == 303
    assert viewer_of(dora).roles == {"administrator"}
    (grant,) = db.session.scalars(select(RoleGrant)).all()
    assert grant.decision_id == queries.founding_id()
    assert browser.get(link).status_code == 410
    assert services.first_administrator_link() is None


def test_a_guest_is_led_to_sign_in_and_back(browser: Browser) -> None:
    link = path()

    page = browser.page(link)

    assert page.find("a", href=f"/sign-in?next={link}")
    assert browser.post(link).status_code in {303, 401}
    assert queries.holders("administrator") == []


def test_a_link_is_replaced_by_the_next_and_lasts_a_day(browser: Browser) -> None:
    browser.sign_in(make_member())
    first, second = path(), path()
    assert browser.get(first).status_code == 410
    assert browser.get(second).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert browser.get(second).status_code == 410
        assert browser.post(second).status_code == 410


def test_nobody_else_becomes_administrator_by_a_link_once_there_is_one(browser: Browser) -> None:
    link = path()
    people = cast()
    browser.sign_in(people.charlie)

    assert "has an administrator already" in browser.page(link).text
    assert browser.post(link).status_code == 403
    assert queries.holders("administrator") == [people.alice.id]


def test_a_suspended_member_does_not_become_administrator(browser: Browser) -> None:
    link = path()
    browser.sign_in(make_member(state="suspended"))

    assert browser.post(link).status_code == 403


def test_a_start_prints_the_link_while_nobody_runs_the_site(
    app: Flask, capsys: pytest.CaptureFixture[str], browser: Browser
) -> None:
    assert start.found in serve._at_start

    start.found()

    printed = re.search(r"http://localhost(/first-administrator/\S+)", capsys.readouterr().out)
    assert printed is not None
    assert browser.get(printed[1]).status_code == 200
    cast()
    start.found()
    assert "first-administrator" not in capsys.readouterr().out


@pytest.mark.parametrize("command", [("roles", "grant"), ("members", "grant")], ids=" ".join)
def test_the_operator_appoints_by_a_decision(app: Flask, command: tuple[str, str]) -> None:
    services.found_site()
    dora = make_member(name="Dora Dill")
    run = app.test_cli_runner().invoke

    first = run(args=[*command, shown(dora.number), "administrator", "--decision", "1"])
    second = run(
        args=[
            *command,
            shown(dora.number),
            "curator",
            "--decision",
            "Agreed at the spring meeting.",
            "--body",
            "Meeting",
        ]
    )

    assert first.output == "Dora Dill is administrator by decision 1.\n"
    assert second.output == "Dora Dill is curator by decision 2.\n"
    decision = db.session.get_one(Decision, 2)
    assert (decision.body, decision.text) == ("Meeting", "Agreed at the spring meeting.")


@pytest.mark.parametrize(
    "words",
    [
        ["IOCOP-0000-0000", "curator", "--decision", "1"],
        ["NUMBER", "king", "--decision", "1"],
        ["NUMBER", "curator"],
        ["NUMBER", "curator", "--decision", "77"],
        ["NUMBER", "domain_steward", "--decision", "A steward needs a domain."],
    ],
    ids=["nobody", "no such office", "no decision", "a decision nobody took", "no domain"],
)
def test_the_command_refuses_and_leaves_nothing_behind(app: Flask, words: list[str]) -> None:
    services.found_site()
    number = shown(make_member().number)

    ran = app.test_cli_runner().invoke(
        args=["roles", "grant", *(word.replace("NUMBER", number) for word in words)]
    )

    assert ran.exit_code != 0
    assert db.session.scalar(select(func.count(RoleGrant.id))) == 0
    assert db.session.scalar(select(func.count(Decision.id))) == 1


def test_the_export_holds_the_offices() -> None:
    people = cast()

    with zipfile.ZipFile(BytesIO(pack(people.alice.id))) as packed:
        (office,) = json.loads(packed.read("offices.json"))

    assert (office["role"], office["scope_kind"]) == ("administrator", "site")
