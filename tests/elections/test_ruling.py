"""Rules of elections are data with dates; they change by a recorded decision, and never behind an election's back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Invalid, Refused
from iocop.elections.models import Election, ElectionRuleSet
from iocop.elections.queries.rules import FOUNDING, in_force, rules_on, standing
from iocop.elections.rules import Rules
from iocop.elections.ruling_forms import filled
from iocop.elections.services import ruling
from iocop.elections.services.founding import founding_rules
from iocop.roles.models import Decision
from iocop.roles.services import found_site
from tests.elections.factories import BEGINS, brought_to, make_election, make_officers
from tests.factories import viewer_of
from tests.people import officer, person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.core.login import Viewer
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")
RESOLVED = ruling.Resolution(
    "Board", BEGINS.date() - timedelta(days=5), "Three seconders.", "6 for, 1 against"
)


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=3), tick=False) as traveller:
        yield traveller


def administrator() -> Viewer:
    return viewer_of(officer(person("Ada Alder"), "administrator"))


def test_founding_rules_are_written_down_once_when_an_election_needs_them() -> None:
    first, again = founding_rules("board"), founding_rules("board")

    assert first.id == again.id
    assert first.decision_id == found_site()
    assert Rules.from_data(first.data) == FOUNDING["board"]


def test_rules_change_from_a_day_to_come_by_a_decision() -> None:
    today, later = clock.now().date(), clock.now().date() + timedelta(days=10)
    founding_rules("board")

    row = ruling.record_rules(administrator(), "board", replace(Rules(), seconders=3), later, RESOLVED)

    assert rules_on("board", today).seconders == 2
    assert rules_on("board", later).seconders == 3
    decision = db.session.get_one(Decision, row.decision_id)
    assert (decision.body, decision.text, row.vote) == ("Board", "Three seconders.", "6 for, 1 against")
    assert [each.id for each in standing("board", today).coming] == [row.id]
    assert [each.id for each in standing("board", later).past] == [founding_rules("board").id]


def test_an_election_past_its_draft_keeps_its_rules(traveller: time_machine.Traveller) -> None:
    people = make_officers()
    begun = brought_to("nominations", traveller, people)
    draft = make_election(people, begins=BEGINS + timedelta(days=10))
    ruling.record_rules(
        administrator(), "board", replace(Rules(), seconders=3), BEGINS.date() + timedelta(days=1), RESOLVED
    )
    traveller.move_to(BEGINS + timedelta(days=10))

    from tests.elections.factories import done

    done(draft, "open_nominations", people)

    assert db.session.get_one(Election, begun.id).rules["seconders"] == 2
    assert db.session.get_one(Election, draft.id).rules["seconders"] == 3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rule": "motion"}, "rule"),
        ({"board_size": 0}, "board_size"),
        ({"voting_days": 0}, "voting_days"),
        ({"days_to_vote": -1}, "days_to_vote"),
        ({"quorum": (3, 2)}, "quorum"),
        ({"quorum": (1, 0)}, "quorum"),
        ({"threshold": (1, 3)}, "threshold"),
        ({"threshold": (2, 1)}, "threshold"),
        ({"regions": ("Eire",)}, "regions"),
        ({"rule": "meek"}, "cap"),
        ({"rule": "approval"}, "cap"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_their_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        ruling.check("board", replace(Rules(), **changed))

    assert error.value.field == field


@pytest.mark.parametrize("kind", ["office", "affirmation", "motion"])
def test_a_cap_is_recorded_only_where_it_is_counted(kind: str) -> None:
    ruling.check(kind, replace(FOUNDING[kind], cap=False))
    with pytest.raises(Invalid, match="boards counted by Scottish rules"):
        ruling.check(kind, replace(FOUNDING[kind], cap=True))


@pytest.mark.parametrize("kind", FOUNDING)
def test_the_founding_rules_can_be(kind: str) -> None:
    ruling.check(kind, FOUNDING[kind])


def test_only_administrators_record_rules_and_only_for_a_day_to_come() -> None:
    today = clock.now().date()
    with pytest.raises(Refused, match="Administrators write down"):
        ruling.record_rules(viewer_of(person("Ben Beech")), "board", Rules(), today, RESOLVED)
    boss = administrator()
    with pytest.raises(Invalid, match="day to come") as error:
        ruling.record_rules(boss, "board", Rules(), today, RESOLVED)
    assert error.value.field == "takes_effect_on"
    with pytest.raises(Invalid, match="how the body voted"):
        ruling.record_rules(boss, "board", Rules(), today + timedelta(days=1), replace_vote(RESOLVED, " "))
    with pytest.raises(Invalid, match="kind"):
        ruling.record_rules(boss, "bake-off", Rules(), today + timedelta(days=1), RESOLVED)
    assert db.session.scalar(select(func.count(ElectionRuleSet.id))) == 0
    assert in_force("board", date(2030, 1, 1)) is None


def replace_vote(resolution: ruling.Resolution, vote: str) -> ruling.Resolution:
    return replace(resolution, vote=vote)


def test_rules_come_back_from_their_data_as_they_were() -> None:
    rules = replace(Rules(), regions=("DE", "IE"), quorum=(1, 4), plain_ballots=True)

    assert Rules.from_data(rules.as_data() | {"of_a_later_version": 1}) == rules


def test_everybody_reads_the_rules_and_what_will_change(browser: Browser) -> None:
    page = browser.page("/elections/rules")
    assert "founded with" in page.text
    row = ruling.record_rules(
        administrator(), "board", replace(Rules(), seconders=3), BEGINS.date(), RESOLVED
    )

    page = browser.page("/elections/rules?kind=board")
    table = page.select_one("table")
    assert table is not None
    seconders = next(line for line in table.select("tr") if "Seconders" in line.text)
    assert [cell.text.strip() for cell in seconders.select("td")] == ["2", "3 (changed)"]
    shown = browser.page(f"/elections/rules/{row.id}")
    assert "6 for, 1 against" in shown.text
    for kind in FOUNDING:
        browser.page(f"/elections/rules?kind={kind}")
    assert browser.get("/elections/rules?kind=nothing").status_code == 404
    assert browser.get("/elections/rules/99").status_code == 404


def form_data(kind: str = "board", **given: Any) -> dict[str, Any]:
    data = {
        name: value for name, value in filled(FOUNDING[kind]).items() if value is not False and value != ""
    }
    data |= {name: "/".join(map(str, data[name])) for name in ("quorum", "threshold")}
    return data | {
        "takes_effect_on": "2026-12-24", "body": "Board", "decided_on": "2026-11-20", "text": "Three seconders.",
        "vote": "6 for, 1 against",
    } | given  # fmt: skip


def test_an_administrator_records_rules_in_the_browser(browser: Browser) -> None:
    browser.sign_in(officer(person("Ada Alder"), "administrator"))
    browser.page("/elections/rules/new?kind=board")

    answer = browser.post(
        "/elections/rules/new?kind=board", form_data(seconders=3, threshold="2/3", regions="de, ie")
    )

    assert answer.status_code == 303
    row = db.session.scalars(select(ElectionRuleSet)).one()
    assert row.data["seconders"] == 3
    assert row.data["threshold"] == [2, 3]
    assert row.data["regions"] == ["DE", "IE"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seconders": "many"}, "whole number"),
        ({"seconders": "99"}, "from 0 to 50"),
        ({"quorum": "half"}, "such as 2/3"),
        ({"quorum": "1/0"}, "such as 2/3"),
        ({"quorum": "1e9"}, "such as 2/3"),
        ({"threshold": "1e99999999999"}, "such as 2/3"),
        ({"takes_effect_on": "2026-11-01"}, "day to come"),
        ({"takes_effect_on": "soon"}, "year, month and day"),
        ({"decided_on": "2027-01-01"}, "cannot lie in the future"),
        ({"regions": "Ireland"}, "two capital letters"),
        ({"vote": ""}, "how the body voted"),
        ({"text": ""}, "what was decided"),
        ({"rule": "motion"}, "Not a valid choice"),
    ],
)
def test_a_slip_in_the_form_is_told_at_its_field_and_nothing_typed_is_lost(
    given: dict[str, str], words: str, browser: Browser
) -> None:
    browser.sign_in(officer(person("Ada Alder"), "administrator"))

    answer = browser.post("/elections/rules/new?kind=board", form_data(board_size=9, **given))

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="9"' in answer.text
    assert db.session.scalar(select(func.count(ElectionRuleSet.id))) == 0


@pytest.mark.parametrize("kind", FOUNDING)
def test_every_kinds_rules_can_be_recorded_as_they_stand(kind: str, browser: Browser) -> None:
    browser.sign_in(officer(person("Ada Alder"), "administrator"))

    assert browser.post(f"/elections/rules/new?kind={kind}", form_data(kind)).status_code == 303
    assert Rules.from_data(db.session.scalars(select(ElectionRuleSet)).one().data) == FOUNDING[kind]


def test_members_do_not_record_rules(browser: Browser) -> None:
    browser.sign_in(person("Ben Beech"))

    assert browser.get("/elections/rules/new").status_code == 403
