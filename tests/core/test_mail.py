"""A mail is queued once, sent once, and waits while the server cannot take it."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock, mail
from iocop.core.db import act, db
from iocop.core.models import MailRow
from tests.core.smtp import Postbox, mail_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

USUAL: dict[str, Any] = {
    "event_key": "event:1",
    "recipient_id": 7,
    "kind": "answer",
    "address": "ada@example.org",
    "subject": "An answer",
    "body": "Somebody answered: grüße.",
}


@pytest.fixture
def over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Send mail over this address from now on."""
    settings = app.extensions["settings"]

    def use(url: str) -> None:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_url=url))

    return use


def the_mail() -> MailRow:
    db.session.rollback()
    return db.session.scalars(select(MailRow)).one()


def test_without_a_server_mail_lies_in_a_folder(app: Flask) -> None:
    mail.queue_mail(
        **USUAL, html="<p>Somebody answered.</p>", headers={"List-Unsubscribe": "<https://x.example/u>"}
    )

    assert mail.send_due() == 1

    row = the_mail()
    written = (mail.mail_folder() / f"{row.id:08d}.eml").read_bytes()
    message = email.message_from_bytes(written, policy=email.policy.default)
    assert message["To"] == "ada@example.org"
    assert message["Message-ID"] == row.message_id
    assert message["List-Unsubscribe"] == "<https://x.example/u>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert "grüße" in written.decode() or "gr=C3=BC" in written.decode()
    assert mail.send_due() == 0


def test_the_same_mail_is_queued_once(app: Flask) -> None:
    mail.queue_mail(**USUAL)
    first = the_mail().message_id
    mail.queue_mail(**USUAL)
    mail.queue_mail(**USUAL | {"recipient_id": 8})
    mail.queue_mail(**USUAL | {"kind": "reply"})

    rows = db.session.scalars(select(MailRow).order_by(MailRow.id)).all()
    assert len(rows) == 3
    assert rows[0].message_id == first


def test_a_mail_falls_with_the_act_that_queued_it(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), act():  # noqa: PT012
        mail.queue_mail(**USUAL)
        _ = 1 / 0

    assert db.session.scalar(select(MailRow.id)) is None


@pytest.mark.parametrize(
    "given",
    [{"address": "ada@example.org\nBcc: all@example.org"}, {"headers": {"X-A": "b\r\nBcc: all@example.org"}}],
    ids=["address", "header"],
)
def test_a_line_break_never_makes_a_header(app: Flask, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="line break"):
        mail.queue_mail(**USUAL | given)


def test_a_subject_is_one_line(app: Flask) -> None:
    mail.queue_mail(**USUAL | {"subject": "Pumps\r\nBcc: all@example.org"})

    assert mail.as_message(the_mail())["Subject"] == "Pumps Bcc: all@example.org"


def test_a_server_takes_a_mail(app: Flask, over: Callable[[str], None]) -> None:
    postbox = Postbox()
    mail.queue_mail(**USUAL)
    with mail_server(postbox) as url:
        over(url)
        assert mail.send_due() == 1

    assert len(postbox.taken) == 1
    assert the_mail().message_id.encode() in postbox.taken[0]
    assert the_mail().state == "sent"


@pytest.mark.parametrize("near", [True, False], ids=["on loopback", "elsewhere"])
def test_a_server_elsewhere_that_offers_encryption_gets_nothing_without_it(
    app: Flask, over: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, *, near: bool
) -> None:
    if not near:
        monkeypatch.setattr(mail, "NEAR", ())
    postbox = Postbox(offers="250-STARTTLS")
    mail.queue_mail(**USUAL)
    with mail_server(postbox) as url:
        over(url)
        assert mail.send_due() == near

    assert len(postbox.taken) == near
    assert the_mail().state == ("sent" if near else "queued")
    assert ("454" in the_mail().error) is not near


@pytest.mark.parametrize(
    "answer", [{"recipient": "451 later"}, {"verdict": "451 later"}], ids=["recipient", "text"]
)
def test_a_server_that_says_later_is_asked_later(
    app: Flask, over: Callable[[str], None], answer: dict[str, str]
) -> None:
    postbox = Postbox(**answer)
    with time_machine.travel(clock.now(), tick=True) as time, mail_server(postbox) as url:
        over(url)
        mail.queue_mail(**USUAL)
        assert mail.send_due() == 0
        assert mail.send_due() == 0
        assert (the_mail().state, the_mail().attempts) == ("queued", 1)
        assert the_mail().error.startswith("451")

        postbox.recipient, postbox.verdict = "250 ok", "250 taken"
        time.shift(timedelta(minutes=2))
        assert mail.send_due() == 1

    assert len(postbox.taken) == 1


@pytest.mark.parametrize(
    "answer", [{"recipient": "550 nobody"}, {"verdict": "554 no"}], ids=["recipient", "text"]
)
def test_a_server_that_says_never_is_not_asked_again(
    app: Flask, over: Callable[[str], None], answer: dict[str, str]
) -> None:
    postbox = Postbox(**answer)
    mail.queue_mail(**USUAL)
    with mail_server(postbox) as url:
        over(url)
        assert mail.send_due() == 0

    assert (the_mail().state, the_mail().attempts) == ("failed", 1)
    assert the_mail().error.startswith("55")


def test_a_server_that_is_down_is_asked_again_ten_times(app: Flask, over: Callable[[str], None]) -> None:
    over("smtp://127.0.0.1:1")
    with time_machine.travel(clock.now(), tick=False) as time:
        mail.queue_mail(**USUAL)
        while the_mail().state == "queued":
            mail.send_due()
            time.shift(timedelta(days=1))

    assert the_mail().attempts == mail.LAST_ATTEMPT
    assert the_mail().error.startswith("ConnectionRefusedError")


def test_a_mail_that_cannot_be_written_does_not_stand_in_the_way(app: Flask) -> None:
    mail.queue_mail(**USUAL)
    with act() as session:
        session.get_one(MailRow, the_mail().id).address = "ada@example.org\nBcc: all@example.org"
    mail.queue_mail(**USUAL | {"recipient_id": 8})

    assert mail.send_due() == 1

    states = db.session.scalars(select(MailRow.state).order_by(MailRow.id)).all()
    assert states == ["failed", "sent"]


@pytest.mark.only("postgresql")
def test_a_mail_one_worker_has_is_not_sent_by_another(app: Flask) -> None:
    mail.queue_mail(**USUAL)

    assert mail._claim() is not None
    assert mail.send_due() == 0
    with time_machine.travel(clock.now() + mail.CLAIM + timedelta(seconds=1)):
        assert mail.send_due() == 1  # the first one died


def test_mail_that_was_sent_is_forgotten_after_a_week(app: Flask) -> None:
    mail.queue_mail(**USUAL)
    mail.send_due()
    mail.purge_sent()
    assert the_mail().state == "sent"

    with time_machine.travel(clock.now() + timedelta(days=8)):
        mail.purge_sent()

    assert db.session.scalar(select(MailRow.id)) is None
