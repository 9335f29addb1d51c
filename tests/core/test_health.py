"""The site says whether it is alive, whether it is ready, and in words what is wrong."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import update

from iocop.core import audit, clock, health, mail, migrations, outbox
from iocop.core.db import act, db
from iocop.core.events import after, emit
from iocop.core.models import AuditRow, MailRow
from tests.core.bells import BellRang, hear

if TYPE_CHECKING:
    from flask import Flask

Disk = namedtuple("Disk", "total used free")
LATER = health.LATE + timedelta(seconds=1)


def ready(app: Flask) -> tuple[int, dict[str, Any]]:
    db.session.rollback()
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.get_json()


def test_a_site_that_is_well_is_ready(app: Flask) -> None:
    status, words = ready(app)

    assert status == 200
    assert words["ready"] is True
    assert words["migrations"] == f"at {migrations.head()}"
    assert app.test_client().get("/healthz").get_json() == {"alive": True}


def test_a_database_behind_the_code_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "head", lambda: "9999")

    status, words = ready(app)

    assert status == 503
    assert words["migrations"].endswith("the code wants 9999: run iocop migrate")


@pytest.mark.usefixtures("own_listeners")
def test_a_worker_that_does_not_tell_is_noticed(app: Flask) -> None:
    after(BellRang)(hear)
    outbox.enrol_listeners()
    with act():
        emit(BellRang(None, bell_id=1))
    assert ready(app)[0] == 200

    with time_machine.travel(clock.now() + LATER):
        status, words = ready(app)
        outbox.deliver_all()
        told = ready(app)

    assert (status, words["outbox"]) == (503, "the worker is late: is it running?; 0 deliveries given up")
    assert told[0] == 200


def test_mail_that_waits_too_long_is_noticed_and_mail_refused_is_counted(app: Flask) -> None:
    for recipient in (1, 2):
        mail.queue_mail(
            event_key="event:1",
            recipient_id=recipient,
            kind="answer",
            address="a@example.org",
            subject="s",
            body="b",
        )
    with act() as session:
        session.execute(update(MailRow).where(MailRow.recipient_id == 2).values(state="failed"))

    with time_machine.travel(clock.now() + LATER):
        status, words = ready(app)

    assert (status, words["mail"]) == (503, "1 mails late, 1 refused for good")


def test_a_disk_that_is_nearly_full_is_noticed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Disk(10**12, 10**12, 5 * 2**20))

    status, words = ready(app)

    assert (status, words["disk"]) == (503, "5 MB free")


def test_the_doctor_walks_the_security_log_and_says_what_is_wrong(app: Flask) -> None:
    for _ in range(3):
        audit.record("sign_in", 1)
    well = app.test_cli_runner().invoke(args=["doctor"])
    with act() as session:
        session.execute(update(AuditRow).values(actor_id=2))
    ill = app.test_cli_runner().invoke(args=["doctor"])

    assert (well.exit_code, ill.exit_code) == (0, 1)
    assert "WRONG" not in well.output
    assert "WRONG  security log: broken at lines" in ill.output
