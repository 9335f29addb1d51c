"""What members are told of their levels: they alone, in plain words, with the way to their own page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import outbox
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.notifications.models import Notice
from iocop.reputation import jobs
from iocop.reputation.events import LevelReached
from iocop.reputation.services.laddering import look
from tests.factories import make_member
from tests.forums.factories import make_domain
from tests.reputation.standing import earn

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)


def told() -> None:
    while outbox.deliver_all():
        pass


def inbox(browser: Browser, member: Member) -> str:
    told()
    page = browser.fresh().sign_in(member).page("/inbox")
    return page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


def matters() -> list[tuple[int, str]]:
    told()
    return [(row.member_id, row.matter) for row in db.session.scalars(select(Notice).order_by(Notice.id))]


def test_a_new_level_is_told_its_member_alone_with_the_way_to_the_own_page(browser: Browser) -> None:
    member, other, domain = make_member(), make_member(), make_domain(name="Controls")
    earn(member, domain, 2)
    look(member.id, domain.id)

    assert "You have come to a new level: Practitioner in Controls." in inbox(browser, member)
    assert "level" not in inbox(browser, other)
    assert browser.fresh().sign_in(member).page("/inbox").find("a", href="/standing")
    assert matters() == [(member.id, "reached")]


@pytest.mark.theory("3.69")
def test_a_level_that_may_go_down_is_told_its_owner_alone_before_and_after(browser: Browser) -> None:
    member, domain = make_member(), make_domain(name="Controls")
    make_member()
    with time_machine.travel(BEGAN) as clock_at:
        earn(member, domain, 2)
        look(member.id, domain.id)
        earn(member, domain, 1, points=60)
        look(member.id, domain.id)
        warned = inbox(browser, member)
        clock_at.move_to(BEGAN + timedelta(days=61))
        jobs.fade()
        lowered = inbox(browser, member)

    assert "Practitioner in Controls: not all it asks for holds at the moment." in warned
    assert "You keep it for at least 60 days" in warned
    assert (
        "Your level is now: Participant in Controls. The badge of the highest you reached stays yours."
        in lowered
    )
    assert matters() == [(member.id, "reached"), (member.id, "noticed"), (member.id, "lowered")]


def test_what_no_longer_holds_when_the_worker_comes_round_is_not_told() -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 2)
    look(member.id, domain.id)
    told()
    earn(member, domain, 2, accepted=2)
    look(member.id, domain.id)
    earn(member, domain, 2)
    look(member.id, domain.id)

    assert matters() == [(member.id, "reached")]


def test_the_same_step_is_told_once_and_a_stale_one_never() -> None:
    member, domain = make_member(), make_domain()
    earn(member, domain, 1)
    look(member.id, domain.id)
    with act():
        emit(LevelReached(None, member_id=member.id, domain_id=domain.id, level=1))
        emit(LevelReached(None, member_id=member.id, domain_id=domain.id, level=3))

    assert matters() == [(member.id, "reached")]
