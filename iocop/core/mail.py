"""Mail through a queue of rows: one for each (event, recipient, kind), with its Message-ID fixed when it is queued.

So only a crash inside the SMTP dialogue can repeat a mail, and then under the same id.
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import structlog
from flask import current_app
from sqlalchemy import delete, insert, select

from iocop.core import clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.models import MailRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from iocop.core.settings import Settings

FIRST_RETRY = timedelta(seconds=30)
LAST_ATTEMPT = 10
KEEP_SENT = timedelta(days=7)
NEAR = ("localhost", "127.0.0.1", "::1")
"""Hosts on the way to which nobody listens, and whose certificate nobody has signed."""
CLAIM = timedelta(minutes=2)
"""How long a worker may take over one mail before another tries."""

log = structlog.get_logger(__name__)


def queue_mail(
    *, event_key: str, recipient_id: int, kind: str, address: str, subject: str, body: str,
    html: str | None = None, headers: dict[str, str] | None = None,
) -> None:  # fmt: skip
    """Queue a mail in the current act; the same (event, recipient, kind) a second time changes nothing.

    Args:
        event_key: what it tells of, such as ``event:12`` or ``reset:7``.
        recipient_id: the member it goes to; 0 for an address that belongs to no member yet.
        headers: further header lines, such as List-Unsubscribe.

    Raises:
        ValueError: an address or a header line with a line break.
    """
    _check_lines(address, headers or {})
    known = select(MailRow.id).where(
        MailRow.event_key == event_key, MailRow.recipient_id == recipient_id, MailRow.kind == kind
    )
    with act() as session:
        if session.scalar(known) is not None:
            return
        domain = urlsplit(settings().base_url).hostname or "localhost"
        session.add(
            MailRow(
                event_key=event_key, recipient_id=recipient_id, kind=kind, address=address, html=html, body=body,
                subject=" ".join(subject.split()), headers=headers or {}, message_id=make_msgid(domain=domain),
                due_at=clock.now(),
            )
        )  # fmt: skip


def _check_lines(address: str, headers: Mapping[str, str]) -> None:
    if any(letter in line for line in (address, *headers, *headers.values()) for letter in "\r\n"):
        raise ValueError("a line break in a mail's header")


class Letter(NamedTuple):
    """One of many mails about the same happening; the fields are those of `queue_mail`."""

    recipient_id: int
    address: str
    subject: str
    body: str
    headers: dict[str, str]


def queue_mails(event_key: str, kind: str, letters: Iterable[Letter]) -> None:
    """Queue a mail to each of many members in the current act, in their order and in two statements.

    Who has got theirs gets no second one.

    Raises:
        ValueError: an address or a header line with a line break.
    """
    queued = select(MailRow.recipient_id).where(MailRow.event_key == event_key, MailRow.kind == kind)
    domain = urlsplit(settings().base_url).hostname or "localhost"
    with act() as session:
        known = set(session.scalars(queued))
        rows = [
            letter._asdict()
            | {
                "event_key": event_key,
                "kind": kind,
                "message_id": make_msgid(domain=domain),
                "due_at": clock.now(),
            }
            | {"subject": " ".join(letter.subject.split()), "state": "queued", "attempts": 0, "error": ""}
            for letter in letters
            if letter.recipient_id not in known
        ]
        for row in rows:
            _check_lines(row["address"], row["headers"])
        if rows:
            session.execute(insert(MailRow), rows)


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def send_due(limit: int = 50) -> int:
    """Send what is due, one act a mail; return how many were sent."""
    sent = 0
    for _ in range(limit):
        state = _send_next()
        if state is None:
            break
        sent += state == "sent"
    return sent


def _send_next() -> str | None:
    row = _claim()
    if row is None:
        return None
    error = _try_transport(row)
    with act():
        _settle(row, error)
    return row.state


def _claim() -> MailRow | None:
    """Take the mail that is due first; many workers put it out of each other's reach, the one of SQLite is alone."""
    due = (
        select(MailRow)
        .where(MailRow.state == "queued", MailRow.due_at <= clock.now())
        .order_by(MailRow.due_at, MailRow.id)
        .limit(1)
    )
    if not is_postgresql():
        return db.session.scalar(due)
    with act() as session:
        row = session.scalar(due.with_for_update(skip_locked=True))
        if row is not None:
            row.due_at = clock.now() + CLAIM
    return row


def _settle(row: MailRow, error: str) -> None:
    row.attempts += 1
    row.error = error
    if not error:
        row.state = "sent"
    elif row.attempts >= LAST_ATTEMPT or error.startswith("5"):
        row.state = "failed"
    else:
        row.due_at = clock.now() + FIRST_RETRY * 2 ** min(row.attempts, 8)


def _try_transport(row: MailRow) -> str:
    """Hand a mail to its transport; return what went wrong, beginning with 5 if this mail can never go."""
    try:
        message = as_message(row)
        if settings().mail_url.startswith("folder:"):
            _into_folder(message, row)
        else:
            _over_smtp(message)
    except ValueError as error:  # a mail that cannot be written must not stand in the way of others
        return f"5 not a mail: {error}"[:300]
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        return f"{code} recipient refused"
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
        return f"{error.smtp_code} {error.smtp_error!r}"[:300]
    except (
        OSError,
        smtplib.SMTPException,
    ) as error:  # no greeting, no login: the server's matter, not this mail's
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def as_message(row: MailRow) -> EmailMessage:
    """Return the mail as it goes out; header lines cannot be injected, the policy refuses line breaks."""
    message = EmailMessage()
    message["Subject"] = row.subject
    message["From"] = settings().mail_from
    message["To"] = row.address
    message["Message-ID"] = row.message_id
    message["Date"] = formatdate(row.due_at.timestamp())
    message["Auto-Submitted"] = "auto-generated"
    for name, value in row.headers.items():
        message[name] = value
    message.set_content(row.body)
    if row.html:
        message.add_alternative(row.html, subtype="html")
    return message


def forget_mails(ids: Collection[int]) -> None:
    """Remove mails: from the queue, and from the folder that `/dev/mail` shows."""
    with act() as session:
        session.execute(delete(MailRow).where(MailRow.id.in_(ids)))
    for mail_id in ids:
        (mail_folder() / f"{mail_id:08d}.eml").unlink(missing_ok=True)


def mail_folder() -> Path:
    """Return the folder that holds mail where no server is set; `/dev/mail` shows it."""
    return settings().folder("mail")


def _into_folder(message: EmailMessage, row: MailRow) -> None:
    path = mail_folder() / f"{row.id:08d}.eml"
    part = path.with_suffix(".part")
    part.write_bytes(message.as_bytes())
    part.rename(path)


def _over_smtp(message: EmailMessage) -> None:
    parts = urlsplit(settings().mail_url)
    secure = parts.scheme == "smtps"
    host, port = parts.hostname or "localhost", parts.port or (465 if secure else 25)
    context = ssl.create_default_context()
    connect = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with connect(host, port, timeout=20) as server:
        server.ehlo_or_helo_if_needed()  # what it offers is not known before
        if not secure and host not in NEAR and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def purge_sent() -> None:
    """Forget mails that were sent a week ago."""
    with act() as session:
        session.execute(
            delete(MailRow).where(MailRow.state == "sent", MailRow.due_at < clock.now() - KEEP_SENT)
        )
