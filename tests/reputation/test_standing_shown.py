"""What others see of a member's standing, and the page that says how it comes about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.members.numbers import shown
from iocop.reputation.events import RuleChanged
from iocop.reputation.models import RuleVersion, Rung
from iocop.reputation.rules import RULES
from iocop.reputation.services import writing
from iocop.reputation.services.writing import Tie
from iocop.roles import services as roles
from tests.factories import make_member, make_organization, saved
from tests.forums.factories import make_domain
from tests.people import person
from tests.reputation.ledgers import an_act, make_community, make_thing
from tests.reputation.standing import earn, stand

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser


def given_by(count: int, member: Member, domain_id: int, **about: Any) -> None:
    """So many people of as many organizations, each once."""
    for _ in range(count):
        group = make_organization()
        tie = Tie("apart", group.id, group.id)
        writing.record(
            [
                an_act(
                    member, make_member(), make_thing(member, **about), (domain_id,), tie=tie, at=clock.now()
                )
            ]
        )


def said(browser: Browser, member: Member) -> str:
    main = browser.page(f"/id/{shown(member.number)}/standing").select_one("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_others_see_levels_and_evidence_and_no_event(browser: Browser) -> None:
    make_community(clock.now().date())
    ada, domain = person("Ada Aspen"), make_domain(name="Hydronics")
    given_by(6, ada, domain.id)
    with act() as session:
        session.merge(Rung(member_id=ada.id, domain_id=domain.id, level=1, highest=3, since=clock.now()))

    for reader in (browser, browser.fresh().sign_in(person("Ben Beech"))):
        text = said(reader, ada)
        assert "Hydronics Participant Expert emeritus" in text
        assert "6 organizations endorsed" in text
        assert "30 points" in text
        assert "found helpful" not in text
    assert "Why do I have these points?" in said(browser.fresh().sign_in(ada), ada)


@pytest.mark.parametrize("people", [1, 4])
def test_figures_that_fewer_than_five_people_stand_behind_are_not_shown(
    browser: Browser, people: int
) -> None:
    make_community(clock.now().date())
    ada, domain = person("Ada Aspen"), make_domain(name="Hydronics")
    given_by(people, ada, domain.id)
    text = said(browser, ada)
    assert "endorsed by fewer than 5 people so far" in text
    assert "points" not in text.split("How it works")[1]
    assert f"{people} organization" not in text


def test_what_was_given_without_a_name_moves_no_figure_that_others_see(browser: Browser) -> None:
    """Else a figure that grows with a sealed answer's endorsements would tell whose it is."""
    make_community(clock.now().date())
    ada, domain, other = person("Ada Aspen"), make_domain(name="Hydronics"), make_domain(name="Controls")
    given_by(5, ada, domain.id)
    before = said(browser, ada)

    given_by(5, ada, domain.id, byline="sealed")
    given_by(1, ada, other.id, byline="sealed")

    assert said(browser, ada) == before
    assert "Controls" not in before
    own = browser.fresh().sign_in(ada).page("/standing")
    assert "Controls" in own.text
    assert own.h1 is not None
    assert own.h1.text == "Why do I have 55 points?"


def test_a_number_that_is_nobodys_and_one_that_was_erased(browser: Browser) -> None:
    gone = person("Ada Aspen", state="erased")
    assert browser.get(f"/id/{shown(gone.number)}/standing").status_code == 410
    assert browser.get(f"/id/{shown(9_999_999)}/standing").status_code == 404
    ben = person("Ben Beech")
    short = shown(ben.number).removeprefix("IOCOP-")
    assert (
        browser.get(f"/id/{short}/standing").headers["Location"].endswith(f"/id/{shown(ben.number)}/standing")
    )
    assert "No standing yet" in said(browser, ben)


def test_every_rule_stands_on_the_page_with_its_versions_and_decisions(browser: Browser) -> None:
    page = browser.page("/reputation")
    rows = {row.th.text: row for row in page.select("table tr") if row.th}
    assert {str(rule.words) for rule in RULES.values()} <= rows.keys()
    assert "the site as it was founded" in rows["accepted by who asked"].text
    decision_id = roles.found_site()
    with act():
        version = RuleVersion(
            rule="answer_accepted", version=2, since=datetime(2026, 1, 1, tzinfo=UTC), base_mp=30_000,
            decision_id=decision_id,
        )  # fmt: skip
        saved(version)
        emit(RuleChanged(actor_id=None, rule_id=version.id, decision_id=decision_id))

    again = browser.page("/reputation")  # a guest's page that was kept
    told = [
        " ".join(row.text.split()) for row in again.select("table tr") if "accepted by who asked" in row.text
    ]
    assert told[0].startswith("accepted by who asked Answering +30 2 (now) 1 Jan 2026 decision")
    assert told[1].startswith("accepted by who asked Answering +25 1 the beginning")
    assert browser.page("/how").select_one("a[href='/reputation']")


def test_the_ladder_of_the_page_is_the_one_that_is_climbed(browser: Browser) -> None:
    ladder = browser.page("/reputation").select("table")[1]
    rows = [[cell.text for cell in row.select("th, td")] for row in ladder.select("tbody tr")]
    assert [row[:5] for row in rows] == [
        ["0 Newcomer", "–", "–", "–", "–"],
        ["1 Participant", "20", "2", "–", "–"],
        ["2 Practitioner", "150", "4", "3", "–"],
        ["3 Expert", "600", "8", "15", "0.30"],
        ["4 Master", "2,000", "12", "50", "0.38"],
        ["5 Steward", "–", "–", "–", "–"],
    ]


def test_the_steps_of_a_ladder_are_told_on_the_members_own_page(browser: Browser) -> None:
    """Supplying exactly what is named is enough for the level."""
    ada, domain = person("Ada Aspen"), make_domain(name="Hydronics")
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=1), tick=False):
        earn(ada, domain, points=120, organizations=3, accepted=1, contested=2)
        stand(ada, domain, 1)
        given_by(1, ada, domain.id)
        page = browser.sign_in(ada).page("/standing")
    text = " ".join(page.get_text(" ").split())
    assert "To become Practitioner:" in text
    assert "2 more accepted answers" in text
