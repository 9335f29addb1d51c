"""Why a member has so many points: every event in words, nobody named, what waits with what would release it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.reputation.models import Greeting, LedgerRow, Settlement
from iocop.reputation.services import writing
from iocop.reputation.services.writing import Tie
from tests.factories import make_member, make_organization, saved
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer, person
from tests.reputation.ledgers import an_act, make_community
from tests.search.factories import statements

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from flask import Flask

    from iocop.domains.models import Domain
    from iocop.members.models import Member
    from iocop.organizations.models import Organization
    from tests.client import Browser

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=3)


@dataclass
class Practice:
    """Ada, whose answers others find helpful."""

    hydronics: Domain
    controls: Domain
    ada: Member = field(
        default_factory=lambda: person("Ada Aspen", joined_at=datetime(2024, 1, 8, 9, tzinfo=UTC))
    )

    def answer(self, title: str = "Where is the gland?", **about: Any) -> Contribution:
        return make_answer(make_topic(title=title, domain_ids=(self.hydronics.id,), **about), author=self.ada)

    def give(
        self,
        answer: Contribution,
        actor: Member | None = None,
        group: Organization | None = None,
        **about: Any,
    ) -> Member:
        """Have somebody, by default a stranger of an organization of their own, accept an answer."""
        actor = actor or make_member()
        group = group or make_organization()
        weight = about.pop("weight", "apart")
        usual = {"rule": "answer_accepted", "at": LATER, "tie": Tie(weight, group.id, group.id)}
        domains = about.pop("domain_ids", (self.hydronics.id,))
        writing.record([an_act(self.ada, actor, answer.id, domains, **usual | about)])
        return actor


@pytest.fixture
def practice(app: Flask) -> Any:
    del app
    with time_machine.travel(LATER, tick=False):
        make_community(LATER.date())
        yield Practice(make_domain(name="Hydronics"), make_domain(name="Controls"))


def words(page: BeautifulSoup, selector: str = "main") -> str:
    found = page.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split())


def events(page: BeautifulSoup) -> list[str]:
    return [
        " ".join(row.get_text(" ").split())
        for row in page.select("section[aria-labelledby=ledger] li.list-row")
    ]


def table(page: BeautifulSoup, caption: str) -> dict[str, list[str]]:
    """The rows of a table of sums: what stands in their cells."""
    (found,) = [one for one in page.select("table") if one.caption and one.caption.text == caption]
    rows = [
        [" ".join(cell.text.split()) for cell in row.select("th, td")]
        for row in found.select("tbody tr, tfoot tr")
    ]
    return {row[0]: row[1:] for row in rows}


@pytest.mark.theory("1.43")
def test_the_page_resolves_a_members_points_into_the_events_that_made_them(
    browser: Browser, practice: Practice
) -> None:
    """Endorsed by a stranger as a newcomer (5), again by the same on another answer (3.54), and by a colleague (1.25)."""
    first, second = practice.answer("Where is the gland?"), practice.answer("Which pump is it?")
    acme = make_organization(name="Acme")
    ben = practice.give(first, rule="answer_endorsed")
    practice.give(second, ben, rule="answer_endorsed")
    practice.give(second, group=acme, weight="together", rule="answer_endorsed")

    page = browser.sign_in(practice.ada).page("/standing")

    rows = db.session.scalars(select(LedgerRow.amount_mp).where(LedgerRow.member_id == practice.ada.id)).all()
    assert sum(rows) == 5_000 + 3_536 + 884
    assert page.h1 is not None
    assert page.h1.text == "Why do I have 9 points?"
    assert [row.split(" points")[0].rsplit(" ", 1)[1] for row in events(page)] == ["+0.88", "+3.54", "+5"]
    own, again, once = events(page)
    assert "Which pump is it? found helpful: from your own organization → a quarter" in own
    assert "second endorsement of the same text → × 0.71" in own
    assert "second endorsement by the same person within half a year → × 0.71" in again
    assert "given by: newcomer in this domain → half" in once
    assert "second endorsement" not in once
    assert table(page, "By domain")["Together"] == ["3", "9.42", "–"]
    assert [str(link["href"]) for link in page.select("section[aria-labelledby=ledger] h3 a")] == [
        f"/p/{second.id}", f"/p/{second.id}", f"/p/{first.id}",
    ]  # fmt: skip


def test_nobody_who_gave_something_is_named_anywhere(browser: Browser, practice: Practice) -> None:
    """Neither on the page nor in its files; their organizations only from five people on."""
    acme, north = make_organization(name="Acme Works"), make_organization(name="North Works")
    for number in range(5):
        practice.give(practice.answer(), person(f"Giver{number} Grove"), acme, rule="answer_endorsed")
    for number in range(4):
        practice.give(practice.answer(), person(f"Donor{number} Dale"), north, rule="answer_endorsed")
    browser.sign_in(practice.ada)

    for path in ("/standing", "/standing/ledger.csv", "/standing/ledger.json"):
        text = browser.peek(path).text
        assert "Grove" not in text
        assert "Dale" not in text
        assert "North Works" not in text
    page = browser.page("/standing")
    organizations = table(page, "By organization")
    assert organizations["Acme Works"] == ["5", "20", "5"]
    assert organizations["1 organization with fewer than five people"] == ["4", "20", "–"]


def test_a_narrower_selection_does_not_tell_by_subtraction_what_one_person_gave(
    browser: Browser, practice: Practice
) -> None:
    acme = make_organization(name="Acme Works")
    for _ in range(5):
        practice.give(practice.answer(), group=acme, rule="answer_endorsed")
    practice.give(practice.answer(), group=acme)
    browser.sign_in(practice.ada)

    assert "Acme Works" in table(browser.page("/standing"), "By organization")
    assert "Acme Works" not in table(browser.page("/standing?rule=answer_endorsed"), "By organization")
    assert "Acme Works" not in table(browser.page("/standing?rule=answer_accepted"), "By organization")


def test_what_waits_is_told_with_what_would_release_it_and_so_it_happens(
    browser: Browser, practice: Practice
) -> None:
    acme = make_organization(name="Acme")
    for _ in range(6):
        practice.give(practice.answer(), group=acme)  # 12.5 each: a person counts 10, the organization 20
    browser.sign_in(practice.ada)
    page = browser.page("/standing")

    said = words(page, "section[aria-labelledby=waiting]")
    assert "55 points wait in Hydronics." in said
    assert "At most 30 % of your points may come from one organization in a year, or 20 points" in said
    steps = [" ".join(item.text.split()) for item in page.select("section[aria-labelledby=waiting] li")]
    assert steps
    assert steps[-1].endswith("all of it")
    count, released = next(
        (int(step.split()[0]), float(step.split(": ")[1].split()[0])) for step in steps if "points" in step
    )
    before = _settled(practice.ada)
    for _ in range(count):
        group = make_organization()
        for _person in range(2):
            practice.give(practice.answer(), group=group, rule="home_kept", weight="apart")
    assert _settled(practice.ada) - before - count * 20_000 == pytest.approx(released * 1000, abs=5)


def _settled(member: Member) -> int:
    settled = select(func.sum(Settlement.amount_mp)).where(Settlement.member_id == member.id)
    return int(db.session.scalar(settled) or 0)


def test_what_is_undone_stays_in_sight_with_its_exact_negative(browser: Browser, practice: Practice) -> None:
    answer = practice.answer()
    ben = practice.give(answer, rule="answer_endorsed")
    writing.reverse(answer.id, "withdrawn", LATER, actor_id=ben.id)

    page = browser.sign_in(practice.ada).page("/standing")

    assert page.h1 is not None
    assert page.h1.text == "Why do I have 0 points?"
    negative, first = events(page)
    assert "found helpful: taken back by who gave it" in negative
    assert "−5 points" in negative
    assert "undone later" in first
    practice.give(answer, ben, rule="answer_endorsed")
    assert "found helpful: restored" in events(browser.page("/standing"))[0]


def test_a_line_weighed_by_an_interest_carries_the_chip(browser: Browser, practice: Practice) -> None:
    practice.give(practice.answer(), weight="interest", rule="answer_endorsed")
    practice.give(practice.answer(), rule="answer_endorsed")
    page = browser.sign_in(practice.ada).page("/standing")
    assert ["conflict of interest" in row for row in events(page)] == [False, True]


def test_the_page_is_narrowed_by_domain_kind_rule_and_year(browser: Browser, practice: Practice) -> None:
    answer = practice.answer()
    practice.give(answer)
    practice.give(practice.answer(), domain_ids=(practice.controls.id,), rule="answer_endorsed")
    practice.give(practice.answer(), rule="article_confirmed")
    browser.sign_in(practice.ada)
    then = (
        update(LedgerRow)
        .where(LedgerRow.rule == "answer_accepted")
        .values(at=datetime(2025, 5, 5, tzinfo=UTC))
    )
    with act() as session:
        session.execute(then)

    def rules(query: str) -> list[str]:
        return [row["rule"] for row in json.loads(browser.peek(f"/standing/ledger.json?{query}").text)]

    assert rules("") == ["article_confirmed", "answer_endorsed", "answer_accepted"]
    assert rules("domain=controls") == ["answer_endorsed"]
    assert rules("kind=curating") == ["article_confirmed"]
    assert rules("kind=curating&rule=answer_endorsed") == []
    assert rules("rule=answer_accepted") == ["answer_accepted"]
    assert rules("year=2025") == ["answer_accepted"]
    assert rules("year=1999") == []
    assert rules("domain=nowhere&kind=x&rule=y&year=z") == rules("")
    page = browser.page("/standing?domain=controls")
    assert len(events(page)) == 1
    assert page.select_one("select[name=domain] option[selected][value=controls]")
    assert "No event fits" in words(browser.page("/standing?year=1999"))


def test_the_files_hold_the_rows_of_the_page_exactly(browser: Browser, practice: Practice) -> None:
    """A title that a spreadsheet would take for a formula stays a title."""
    practice.give(practice.answer("=HYPERLINK(1) or not?"), rule="answer_endorsed")
    practice.give(practice.answer())
    browser.sign_in(practice.ada)

    rows = list(csv.DictReader(io.StringIO(browser.peek("/standing/ledger.csv").text)))
    told = json.loads(browser.peek("/standing/ledger.json").text)

    assert [row["points"] for row in rows] == ["12.5", "5.0"]
    assert [row["points"] for row in told] == [12.5, 5.0]
    assert [row["waiting_points"] for row in told] == [2.5, 0.0]
    assert rows[1]["title"] == "'=HYPERLINK(1) or not?"
    assert told[1]["title"] == "=HYPERLINK(1) or not?"
    assert "why" in rows[0]
    assert "given by: newcomer in this domain → half" in rows[1]["why"]


def test_a_title_the_member_may_no_longer_read_is_not_told(browser: Browser, practice: Practice) -> None:
    practice.give(practice.answer("The secret plan of it?"))
    closed = make_space(name="Closed", audience="named")
    with act() as session:
        session.execute(update(Contribution).values(space_id=closed.id))
    page = browser.sign_in(practice.ada).page("/standing")
    assert "secret" not in words(page)
    assert "Something that is not open to you now" in words(page)


def test_mentoring_and_governing_are_counted_where_no_points_exist(
    browser: Browser, practice: Practice
) -> None:
    practice.give(practice.answer())
    for _ in range(3):
        saved(Greeting(member_id=make_member().id, greeter_id=practice.ada.id, at=clock.now()))
    officer(practice.ada, "facilitator")
    kinds = table(browser.sign_in(practice.ada).page("/standing"), "By kind")
    assert kinds["Mentoring"] == ["3 newcomers greeted", "0", "–"]
    assert kinds["Governing"] == ["1 office held", "0", "–"]
    assert kinds["Answering"] == ["1", "10", "2.5"]


def test_the_plot_shows_the_figures_of_its_table(browser: Browser, practice: Practice) -> None:
    answer = practice.answer()
    practice.give(answer, rule="answer_endorsed")
    with time_machine.travel(LATER + timedelta(days=730), tick=False):
        page = browser.sign_in(practice.ada).page("/standing")
    assert page.select_one("figure.chart svg path.series")
    newest = [cell.text for cell in page.select("figure.chart tbody tr")[0].select("td")]
    assert newest == ["1 Mar 2028", "5", "2.5"]  # half of it after two years
    assert "2.5 of them stand today" in words(page)


def test_a_members_own_page_is_told_what_the_next_level_needs(browser: Browser, practice: Practice) -> None:
    practice.give(practice.answer())
    said = words(browser.sign_in(practice.ada).page("/standing"))
    assert "To become Participant: 10 more points of standing; endorsements from 1 more organization." in said


def test_who_has_nothing_yet_reads_what_brings_points(browser: Browser, practice: Practice) -> None:
    page = browser.sign_in(practice.ada).page("/standing")
    assert "Nothing has come in yet" in words(page)
    assert browser.get("/standing?page=2").status_code == 404
    assert browser.fresh().get("/standing").status_code == 303


def test_the_page_costs_five_statements_however_long_the_ledger_is(
    browser: Browser, practice: Practice
) -> None:
    browser.sign_in(practice.ada)
    counts = []
    for many in (1, 60):
        answer = practice.answer()
        for _ in range(many):
            practice.give(answer, rule="answer_endorsed")
        browser.peek("/standing")
        with statements() as seen:
            assert browser.peek("/standing").status_code == 200
        counts.append(len(seen))
    assert counts == [5, 5]
    assert len(events(browser.page("/standing"))) == 40
    assert len(events(browser.page("/standing?page=2"))) == 21
