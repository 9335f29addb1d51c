"""What was committed is told, once the change stands, whatever dies in between."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select, update

from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.core.events import Event, after, emit, listeners, within
from iocop.core.models import EventRow, FailedDelivery, ListenerRow
from tests.apart import Apart
from tests.core import bells as processes
from tests.core.bells import BellFell, BellRang, hear, heard

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

pytestmark = pytest.mark.usefixtures("own_listeners")


class Ear:
    """A listener that remembers what it was told, and fails while *deaf*."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.deaf = False
        self.__qualname__ = self.__class__.__qualname__

    def __call__(self, happened: Event) -> None:
        if self.deaf:
            raise RuntimeError("deaf")
        self.told.append(happened)


@pytest.fixture
def ear(app: Flask) -> Ear:
    found = Ear()
    after(BellRang)(found)
    outbox.enrol_listeners()
    return found


def ring(*bells: int) -> None:
    for bell in bells:
        with act():
            emit(BellRang(None, bell_id=bell))


def bells(told: list[Event]) -> list[int]:
    return [happened.bell_id for happened in told if isinstance(happened, BellRang)]


def failures() -> list[tuple[int, bool]]:
    db.session.rollback()
    rows = db.session.execute(select(FailedDelivery.attempts, FailedDelivery.retry_at)).all()
    return [(row.attempts, row.retry_at is None) for row in rows]


def test_a_listener_within_runs_in_the_transaction_and_falls_with_it(app: Flask) -> None:
    within(BellRang)(hear)

    with pytest.raises(ZeroDivisionError), act():  # noqa: PT012 -- the act as a whole fails
        emit(BellRang(None, bell_id=1))
        assert heard() == ["1"]
        _ = 1 / 0
    assert heard() == []

    ring(2)
    assert heard() == ["2"]


def test_a_listener_within_that_fails_takes_the_act_with_it(app: Flask) -> None:
    ear = Ear()
    ear.deaf = True
    within(BellRang)(ear)

    with pytest.raises(RuntimeError, match="deaf"):
        ring(1)

    assert db.session.scalar(select(EventRow.id)) is None


def test_a_listener_after_is_told_once_and_in_order(ear: Ear) -> None:
    ring(3, 1, 2)

    assert outbox.deliver_all() == 3
    assert outbox.deliver_all() == 0
    assert bells(ear.told) == [3, 1, 2]


def test_what_was_rolled_back_is_never_told(ear: Ear) -> None:
    with pytest.raises(ZeroDivisionError), act():  # noqa: PT012
        emit(BellRang(None, bell_id=1))
        _ = 1 / 0

    assert outbox.deliver_all() == 0
    assert ear.told == []


def test_lists_of_ids_come_back_as_tuples(app: Flask) -> None:
    ear = Ear()
    after(BellFell)(ear)
    outbox.enrol_listeners()
    with act():
        emit(BellFell(7, bell_ids=(1, 2)))

    outbox.deliver_all()

    assert ear.told == [BellFell(7, bell_ids=(1, 2))]


def test_a_new_listener_is_told_of_what_happens_from_now_on(ear: Ear) -> None:
    ring(1)
    late = Ear()
    late.__qualname__ = "Late"
    after(BellRang)(late)
    outbox.enrol_listeners()
    ring(2)

    outbox.deliver_all()

    assert (bells(ear.told), bells(late.told)) == ([1, 2], [2])


def test_what_a_listener_could_not_take_is_told_again_later_and_the_rest_goes_on(ear: Ear) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        ring(1)
        ear.deaf = True
        outbox.deliver_all()
        ear.deaf = False
        ring(2)
        outbox.deliver_all()
        assert bells(ear.told) == [2]
        assert failures() == [(1, False)]

        time.shift(timedelta(seconds=11))
        outbox.deliver_all()

    assert bells(ear.told) == [2, 1]
    assert failures() == []


def test_a_listener_that_never_takes_an_event_is_given_up_with_waits_that_grow(ear: Ear) -> None:
    ear.deaf = True
    waits = []
    with time_machine.travel(clock.now(), tick=False) as time:
        ring(1)
        outbox.deliver_all()
        while (retry_at := db.session.scalar(select(FailedDelivery.retry_at))) is not None:
            waits.append((retry_at - clock.now()).total_seconds())
            time.move_to(retry_at)
            outbox.deliver_all()
            db.session.rollback()

    assert waits == sorted(waits)
    assert waits[:3] == [10, 40, 80]
    assert len(waits) == outbox.LAST_ATTEMPT - 1
    assert failures() == [(outbox.LAST_ATTEMPT, True)]


def test_an_event_of_an_older_version_stands_in_nobodys_way(ear: Ear) -> None:
    ring(1)
    with act() as session:
        session.execute(update(EventRow).values(payload={"actor_id": None, "bell": 1}))
    ring(2)

    outbox.deliver_all()

    assert bells(ear.told) == [2]
    assert failures() == [(1, False)]


def test_a_leased_listener_is_left_to_the_worker_that_has_it_until_the_lease_ends(ear: Ear) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        ring(1)
        with act() as session:
            session.execute(update(ListenerRow).values(leased_until=clock.now() + outbox.LEASE))
        assert outbox.deliver_all() == 0

        time.shift(outbox.LEASE + timedelta(seconds=1))
        assert outbox.deliver_all() == 1

    assert bells(ear.told) == [1]


def test_two_workers_at_once_tell_an_event_once(ear: Ear, app: Flask) -> None:
    ring(*range(20))

    def work() -> None:
        with app.app_context():
            for _ in range(5):
                outbox.deliver_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(bells(ear.told)) == list(range(20))


def test_an_idle_worker_asks_little_and_writes_nothing(ear: Ear, app: Flask, statements: list[str]) -> None:
    ring(1)
    assert outbox.deliver_new() == 1
    assert outbox.deliver_new() == 0
    statements.clear()

    assert outbox.deliver_new() == 0

    assert len(statements) <= 2
    assert all(statement.startswith("SELECT") for statement in statements)

    ring(2)
    assert outbox.deliver_new() == 1
    app.extensions.pop("outbox_told")


def test_old_events_go_when_all_who_care_were_told(ear: Ear) -> None:
    rare = Ear()
    rare.__qualname__ = "Rare"
    after(BellFell)(rare)
    outbox.enrol_listeners()
    long_ago = clock.now() - timedelta(days=31)
    with time_machine.travel(long_ago, tick=False):
        ring(1, 2)
    outbox.deliver_all()
    with time_machine.travel(long_ago, tick=False):
        ring(3)
        with act():
            emit(BellFell(None, bell_ids=(1,)))

    assert outbox.purge() == 2  # 3 and the fall are still to be told
    outbox.deliver_all()
    assert outbox.purge() == 2


def test_what_was_given_up_is_kept_to_be_looked_at(ear: Ear) -> None:
    ear.deaf = True
    with time_machine.travel(clock.now() - timedelta(days=31), tick=False):
        ring(1)
    outbox.deliver_all()

    assert outbox.purge() == 0


@pytest.mark.only("postgresql")
def test_transactions_that_commit_in_reverse_order_are_both_told(ear: Ear, app: Flask) -> None:
    first_wrote, second_committed = threading.Event(), threading.Event()

    def slow() -> None:
        with app.app_context(), act():
            emit(BellRang(None, bell_id=1))
            first_wrote.set()
            second_committed.wait(10)

    thread = threading.Thread(target=slow)
    thread.start()
    first_wrote.wait(10)
    ring(2)  # has the higher id and is committed first
    outbox.deliver_all()
    told_early = bells(ear.told)
    second_committed.set()
    thread.join()
    db.session.rollback()
    outbox.deliver_all()

    assert told_early == []  # 2 waits: 1 may still come
    assert bells(ear.told) == [1, 2]


@pytest.mark.parametrize("death", ["die", "die telling"], ids=["before the delivery", "in the middle of it"])
def test_a_process_killed_after_its_commit_loses_nothing(
    app: Flask, database_url: str, tmp_path: Path, death: str
) -> None:
    def run(job: str) -> int:
        with Apart(processes.run, job, tmp_path, database_url) as process:
            return process.wait()

    db.session.rollback()
    assert run("enrol") == 0
    assert run(death) == -signal.SIGKILL
    assert heard() == []
    db.session.rollback()
    assert run("deliver") == 0

    assert heard() == ["1"]


def test_every_event_names_its_actor_and_a_resource() -> None:
    ours: dict[str, Any] = {
        name: kind for name, kind in Event.kinds.items() if kind.__module__.startswith("iocop.")
    }

    assert ours
    assert [name for name, kind in ours.items() if not kind.resources()] == []


def test_listeners_are_known_by_where_they_stand(ear: Ear) -> None:
    assert list(listeners()) == ["tests.core.test_outbox.Ear"]
