"""A prepared history, played through the site from its start, arrives where it should, and its page says what next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import delete

from iocop.core import outbox
from iocop.core.db import act
from iocop.forums.services import accept_answer, withdraw_acceptance
from iocop.reputation.models import Balance, DayBalance, Rung, RungChange
from iocop.reputation.services import replaying
from iocop.reputation.services.counting import count_answers_of
from iocop.reputation.services.laddering import look
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import person
from tests.reputation.ledgers import differences, make_community
from tests.reputation.standing import level_of, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.domains.models import Domain
    from iocop.forums.models import Topic
    from iocop.members.models import Member
    from tests.client import Browser

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

LEVELS = [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]
"""After each of twelve acceptances by newcomers of twelve organizations, 12.5 points each.

At first a person counts 10 points at most: two of two organizations make level 1. From the tenth on, a tenth of the
whole is more than what each gave, so all of it settles: 150 points with the twelfth, which level 2 asks for.
"""


@dataclass
class History:
    """Ada answers; somebody of yet another organization asks and accepts."""

    domain: Domain
    ada: Member
    accepted: list[tuple[Member, Topic]] = field(default_factory=list)

    def go_on(self, times: int = 1) -> None:
        for _ in range(times):
            number = len(self.accepted)
            asker = person(f"Asker{number} Ash", make_organization(), f"org{number}.example")
            topic = make_topic(author=asker, domain_ids=(self.domain.id,))
            answer = make_answer(topic, author=self.ada)
            accept_answer(viewer_of(asker), topic.id, answer.id)
            self.accepted.append((asker, topic))
            told()


def told() -> None:
    while outbox.deliver_all():
        pass


@pytest.fixture
def history(app: Flask) -> Iterator[History]:
    del app
    with time_machine.travel(NOON, tick=False):
        make_community(NOON.date())
        yield History(make_domain(name="Hydronics"), person("Ada Aspen", make_organization(), "ada.example"))


@pytest.mark.theory("3.6")
def test_the_prepared_history_arrives_at_the_level_it_is_meant_to(history: History) -> None:
    reached = []
    for _level in LEVELS:
        history.go_on()
        reached.append(level_of(history.ada, history.domain))

    assert reached == LEVELS
    assert steps_of(history.ada) == [(0, 1, "reached"), (1, 2, "reached")]


@pytest.mark.theory("3.6")
def test_its_ledger_played_from_the_start_arrives_there_again(history: History) -> None:
    history.go_on(len(LEVELS))
    with act() as session:
        for kept in (Balance, DayBalance, Rung, RungChange):
            session.execute(delete(kept))

    for _step in replaying.replay(check=False):
        pass
    count_answers_of(None)
    look(history.ada.id, history.domain.id)

    assert differences() == []
    assert level_of(history.ada, history.domain) == LEVELS[-1]


def test_what_is_taken_back_is_noticed_and_what_comes_again_is_well(history: History) -> None:
    history.go_on(len(LEVELS))
    asker, topic = history.accepted[0]

    withdraw_acceptance(viewer_of(asker), topic.id)
    told()
    noticed = steps_of(history.ada), level_of(history.ada, history.domain)
    history.go_on()

    assert noticed == ([(0, 1, "reached"), (1, 2, "reached")], 2)
    assert level_of(history.ada, history.domain) == 2


def next_level(browser: Browser, member: Member) -> str:
    """What the member's own page says is still missing."""
    page = browser.fresh().sign_in(member).page("/standing")
    return " ".join(page.select_one("main").get_text(" ").split())  # type: ignore[union-attr]


@pytest.mark.theory("0.3e")
def test_the_page_names_what_the_next_level_needs_and_supplying_it_raises_the_level(
    browser: Browser, history: History
) -> None:
    history.go_on()
    missing = next_level(browser, history.ada)
    assert "10 more points of standing" in missing
    assert "endorsements from 1 more organization" in missing
    assert "more accepted answer" not in missing

    history.go_on()  # exactly that
    assert level_of(history.ada, history.domain) == 1
    missing = next_level(browser, history.ada)
    assert "130 more points of standing" in missing
    assert "endorsements from 2 more organizations" in missing
    assert "1 more accepted answer" in missing

    history.go_on(9)
    assert level_of(history.ada, history.domain) == 1
    missing = next_level(browser, history.ada)
    assert "13 more points of standing" in missing  # 12.5: it is never told as less
    assert "more organization" not in missing.split("13 more points of standing")[1][:80]

    history.go_on()
    assert level_of(history.ada, history.domain) == 2


@pytest.mark.theory("0.3e")
def test_nobody_else_reads_what_somebody_still_lacks(browser: Browser, history: History) -> None:
    history.go_on()

    other = browser.sign_in(make_member()).page(f"/id/{viewer_of(history.ada).number}/standing")

    assert "more points of standing" not in other.text
