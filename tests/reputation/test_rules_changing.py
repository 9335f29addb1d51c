"""A rule is worth something else by a decision, from a day to come on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from iocop.core import clock
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import Viewer
from iocop.reputation.services.rules import change_rule
from tests.client import Browser
from tests.factories import make_member, viewer_of
from tests.people import officer
from tests.reputation.ledgers import a_decision


@pytest.fixture
def alice(app: Flask) -> Viewer:
    return viewer_of(officer(make_member(), "administrator"))


def soon() -> datetime:
    return clock.now() + timedelta(days=3)


def test_each_change_is_a_version_of_its_own(alice: Viewer) -> None:
    first = change_rule(alice, "answer_endorsed", 12, soon(), a_decision())
    second = change_rule(alice, "answer_endorsed", 8, soon() + timedelta(days=1), a_decision())

    assert [(each.version, each.base_mp) for each in (first, second)] == [(2, 12_000), (3, 8_000)]


def test_nobody_but_an_administrator_changes_a_rule_and_only_on_a_decision(alice: Viewer) -> None:
    with pytest.raises(Refused, match="administrators"):
        change_rule(viewer_of(make_member()), "answer_endorsed", 12, soon(), a_decision())
    with pytest.raises(Refused, match="decision"):
        change_rule(alice, "answer_endorsed", 12, soon(), None)
    with pytest.raises(Refused, match="decision"):
        change_rule(alice, "answer_endorsed", 12, soon(), 999)


def test_what_was_earned_keeps_its_value(alice: Viewer) -> None:
    with pytest.raises(Invalid, match="a day to come") as refused:
        change_rule(alice, "answer_endorsed", 12, clock.now(), a_decision())

    assert refused.value.field == "since"


@pytest.mark.parametrize(
    ("rule", "points"), [("answer_endorsed", -1), ("answer_doubted", 4), ("home_kept", 1001)]
)
def test_a_gift_stays_a_gift_and_within_reason(alice: Viewer, rule: str, points: int) -> None:
    with pytest.raises(Invalid) as refused:
        change_rule(alice, rule, points, soon(), a_decision())

    assert refused.value.field == "points"


def test_there_must_be_such_a_rule_and_no_other_value_at_that_moment(alice: Viewer) -> None:
    since = soon()
    change_rule(alice, "answer_endorsed", 12, since, a_decision())

    with pytest.raises(Missing):
        change_rule(alice, "tea_made", 12, since, a_decision())
    with pytest.raises(Conflict):
        change_rule(alice, "answer_endorsed", 13, since, a_decision())


def test_an_administrator_enters_a_decided_value_on_the_page_and_everybody_reads_it(
    browser: Browser,
) -> None:
    browser.sign_in(officer(make_member(), "administrator"))
    assert "accepted by who asked" in browser.page("/admin/rules").text
    tomorrow = clock.now().date() + timedelta(days=1)
    sent = {
        "rule": "answer_accepted",
        "points": "30",
        "since": tomorrow.isoformat(),
        "decision": a_decision(),
    }

    done = browser.post("/admin/rules", sent)

    assert done.status_code == 303
    rows = [row.text for row in browser.fresh().page("/reputation").select("tbody tr")]
    (changed,) = [row for row in rows if "accepted by who asked" in row and "30" in row]
    assert f"decision {sent['decision']}" in changed


@pytest.mark.parametrize(
    ("wrong", "mend"),
    [
        ({"points": "-30"}, "cannot begin to cost"),
        ({"points": "many"}, "Give a whole number"),
        ({"since": "2020-01-01"}, "a day to come"),
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(
    browser: Browser, wrong: dict[str, str], mend: str
) -> None:
    browser.sign_in(officer(make_member(), "administrator"))
    browser.page("/admin/rules")
    right = {"rule": "answer_accepted", "points": "31", "since": "2999-01-01", "decision": a_decision()}

    page = browser.post("/admin/rules", right | wrong)

    assert page.status_code == 422
    assert mend in page.text
    assert all(str(value) in page.text for value in wrong.values())


def test_the_page_of_rules_is_for_administrators(browser: Browser) -> None:
    assert browser.sign_in(make_member()).get("/admin/rules").status_code == 403
