"""The security log shows when somebody wrote in it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import delete, func, select, update

from iocop.core import audit, clock, health
from iocop.core.db import act, db
from iocop.core.models import AuditRow

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def lines(app: Flask) -> list[int]:
    """The ids of five lines."""
    for number in range(5):
        audit.record("sign_in", number, subject=f"member:{number}", tries=number, words=("a", "b"))
    return list(db.session.scalars(select(AuditRow.id).order_by(AuditRow.id)))


def test_a_log_nobody_touched_follows_line_by_line(lines: list[int]) -> None:
    assert list(audit.broken_links()) == []
    assert health.security_log().well


def test_a_changed_line_is_found(lines: list[int]) -> None:
    with act() as session:
        session.execute(update(AuditRow).where(AuditRow.id == lines[2]).values(actor_id=99))

    assert list(audit.broken_links()) == [lines[2]]
    assert not health.security_log().well


def test_a_removed_line_is_found(lines: list[int]) -> None:
    with act() as session:
        session.execute(delete(AuditRow).where(AuditRow.id == lines[2]))

    assert list(audit.broken_links()) == [lines[3]]


def test_a_line_falls_with_its_act(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), act():  # noqa: PT012
        audit.record("sign_in", 1)
        _ = 1 / 0

    assert db.session.scalar(select(func.count()).select_from(AuditRow)) == 0


def test_lines_written_at_the_same_time_still_follow(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for _ in range(10):
                audit.record("vote", 1)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(AuditRow)) == 40
    assert list(audit.broken_links()) == []


def test_an_address_is_kept_as_a_hash_whose_key_changes(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "203.0.113.9"}):
        now = audit.address_hash()
        assert now == audit.address_hash()
        assert "203" not in now
        with time_machine.travel(clock.now() + timedelta(days=91)):
            assert audit.address_hash() != now
    assert audit.address_hash() == ""
