"""Too few keys by their day: the election is void by itself, once, and everybody reads it before and after."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Gone, Refused
from iocop.core.jobs import periodic_jobs
from iocop.core.models import AuditRow, EventRow
from iocop.elections.models import Election, ElectionDocument, ElectionOfficer, ElectionSecret
from iocop.elections.queries.elections import document
from iocop.elections.services import boxes, counting, lapsing
from tests.elections.held import Held, hold
from tests.factories import viewer_of
from tests.notifications.told import mails_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

LATER = timedelta(hours=1)


def sealed(*keys: int) -> Held:
    """An election with three ballots and its box closed, for which these officers gave their keys."""
    held = hold(3)
    for member in held.voters:
        held.vote(member, 1, 2, 3)
    held.close()
    held.give_keys(*keys)
    return held


def run(job: str = "void_without_keys") -> None:
    periodic_jobs()[f"iocop.elections.jobs.{job}"].work()


def state(held: Held) -> str:
    db.session.expire_all()
    return db.session.get_one(Election, held.id).state


def lapses() -> tuple[int, int]:
    """How many events, and how many lines of the security log, tell of an end by itself."""
    moved = db.session.scalars(select(EventRow.payload).where(EventRow.name == "ElectionMoved")).all()
    lines = db.session.scalars(select(AuditRow.id).where(AuditRow.act == "election.lapse")).all()
    return sum(told["state"] == "void" for told in moved), len(lines)


def mailed(member: Member) -> str:
    return "\n".join(row.body for row in mails_to(member))


def test_too_few_keys_by_their_day_and_the_site_declares_it_void_once(
    browser: Browser, time_machine: Any
) -> None:
    held = sealed(1)
    before = browser.page(f"/elections/{held.id}").get_text(" ", strip=True)
    assert "2 of their keys open the ballots; if fewer are given by" in before
    assert "2 keys by" in before
    time_machine.move_to(held.election.keys_until - timedelta(seconds=1), tick=False)
    run()
    assert state(held) == "sealed", "until the last second"

    time_machine.move_to(held.election.keys_until + LATER, tick=False)
    run()
    run()

    assert state(held) == "void"
    assert lapses() == (1, 1)
    assert boxes.box_of(held.freeze).count() == 0
    assert db.session.scalars(select(ElectionOfficer.private_key)).all() == [None] * 3
    secret = db.session.get_one(ElectionSecret, held.id)
    assert (secret.seed, secret.issuer_key, secret.acknowledger_key) == (None, None, None)
    assert not set(db.session.scalars(select(ElectionDocument.name))) & {"keys.json", "opened.csv"}
    for page in ("", "/acts"):
        words = browser.page(f"/elections/{held.id}{page}").get_text(" ", strip=True)
        assert "Of the 2 keys that open the ballots 1 were given by" in words, page
    assert "Nobody can open the ballots; they were deleted unopened." in mailed(held.voters[0])


def test_keys_that_came_in_time_count_however_late_the_job_comes(time_machine: Any) -> None:
    held = sealed(1)
    time_machine.move_to(held.election.keys_until - timedelta(seconds=1), tick=False)
    held.give_keys(3)
    time_machine.move_to(held.election.keys_until + timedelta(days=3), tick=False)
    run()
    assert state(held) == "sealed"
    counting.open_what_can_be()
    assert document(held.id, "result.json") is not None


def test_the_last_key_and_the_job_are_decided_by_the_row_of_the_election(
    time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, late = sealed(1), sealed(1)
    third = viewer_of(held.officers[2])
    end = held.election.keys_until

    @contextmanager
    def just_before() -> Iterator[Any]:
        """The last key comes between what the job saw and the row it takes."""
        monkeypatch.undo()
        time_machine.move_to(end - timedelta(seconds=1), tick=False)
        held.give_key(third, 3)
        time_machine.move_to(end + LATER, tick=False)
        with act() as session:
            yield session

    monkeypatch.setattr(lapsing, "act", just_before)
    time_machine.move_to(end + LATER, tick=False)
    run()
    assert (state(held), state(late)) == ("sealed", "void")

    with pytest.raises(Gone, match="Keys were taken until"):
        held.give_key(viewer_of(held.officers[1]), 2)
    time_machine.move_to(end - timedelta(seconds=1), tick=False)
    with pytest.raises(Refused, match="once the election is sealed"):
        late.give_key(viewer_of(late.officers[1]), 2)


def test_officers_whose_keys_lack_are_reminded_while_there_are_too_few(time_machine: Any) -> None:
    held = sealed(1)
    time_machine.move_to(held.election.keys_until - timedelta(days=1), tick=False)
    run("remind")
    run("remind")
    assert mailed(held.officers[0]) == ""
    told = mailed(held.officers[1])
    assert told.count("the election is void and its ballots are deleted unopened") == 1
    assert f"/elections/{held.id}/desk" in told
    held.give_keys(2)
    time_machine.move_to(held.election.keys_until - timedelta(hours=1), tick=False)
    run("remind")
    assert len(mails_to(held.officers[2])) == 1
    assert clock.now() < held.election.keys_until
