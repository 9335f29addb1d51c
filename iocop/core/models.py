"""The ground's own tables: the outbox and its readers, versions, settings made in the browser, the security log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in an INTEGER key."""


class EventRow(Model):
    """One thing that happened; on PostgreSQL, readers order by (xid, id), because serial ids do not commit in order."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_xid_id", "xid", "id"),
        Index(
            "ix_event_name_xid_id", "name", "xid", "id"
        ),  # a listener of rare events finds them among many others
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[Moment]


class ListenerRow(Model):
    """How far one listener has been told; the lease keeps two workers from telling it at once."""

    __tablename__ = "listener"

    name: Mapped[str] = mapped_column(String(160), primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger, default=0)
    event_id: Mapped[int] = mapped_column(BigInteger, default=0)
    leased_until: Mapped[Moment | None]


class FailedDelivery(Model):
    """An event one listener could not take; told again at `retry_at`, given up when that is empty."""

    __tablename__ = "failed_delivery"

    listener: Mapped[str] = mapped_column(ForeignKey("listener.name"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    attempts: Mapped[int]
    retry_at: Mapped[Moment | None]
    error: Mapped[str] = mapped_column(String(300))


class Version(Model):
    """How often a thing that pages show has changed; cached fragments carry it in their key."""

    __tablename__ = "version"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int]


class SiteSetting(Model):
    """A setting an administrator made in the browser."""

    __tablename__ = "site_setting"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class AuditRow(Model):
    """One line of the security log: who, what, when, where, result. Each carries the hash of the one before."""

    __tablename__ = "audit"
    __table_args__ = (CheckConstraint("result in ('done', 'refused', 'failed')", name="result"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[Moment]
    actor_id: Mapped[int | None]
    act: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(80))
    result: Mapped[str] = mapped_column(String(8))
    address_hash: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    chain: Mapped[str] = mapped_column(String(64))


class MailRow(Model):
    """A mail on its way: one for each (event, recipient, kind), with a Message-ID fixed when it was queued."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state"),
        Index("uq_mail_once", "event_key", "recipient_id", "kind", unique=True),
        Index("ix_mail_due", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    event_key: Mapped[str] = mapped_column(String(80))
    recipient_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(400))
    body: Mapped[str]
    html: Mapped[str | None]
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[Moment]
    error: Mapped[str] = mapped_column(String(300), default="")
