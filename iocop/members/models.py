"""Members, their sessions, one-time tickets, counted attempts and recovery codes. Personal fields stand only here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

STATES = ("active", "suspended", "left", "erased", "imported")


class Member(Model):
    """A person, for life. *imported* ones wrote elsewhere and can be claimed; *erased* ones are tombstones."""

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("state in ('active', 'suspended', 'left', 'erased', 'imported')", name="state"),
        CheckConstraint("name_mode in ('real', 'pseudonym')", name="name_mode"),
        UniqueConstraint("source", "source_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """Public, given once in the order of joining; shown with its check digit (`members.numbers`)."""
    handle: Mapped[str] = mapped_column(String(40), unique=True)
    """What others type after @ to mention the member."""
    name: Mapped[str] = mapped_column(String(80), index=True)
    name_mode: Mapped[str] = mapped_column(String(10), default="real")
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    """Lower-cased; empty for imported and erased members."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="active")
    suspended_until: Mapped[Moment | None]
    joined_at: Mapped[Moment]
    reviewed_at: Mapped[Moment]
    """When the member last said "still right"."""
    seen_week: Mapped[str] = mapped_column(String(8), default="")
    """The last ISO week the member was here, such as 2026-W47; nothing finer is kept."""

    about: Mapped[str] = mapped_column(default="")
    about_html: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="", index=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    links: Mapped[list[str]] = mapped_column(JSON, default=list)
    photo_key: Mapped[str] = mapped_column(String(40), default="")
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Site-wide offices held, kept here by `roles/` so that menus need no statement; acts ask `roles.queries` itself."""
    visibility: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Field → public, members or nobody; a field not named here has its default (`members.privacy`)."""

    locale: Mapped[str] = mapped_column(String(10), default="")
    time_zone: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(5), default="")

    totp_secret: Mapped[str] = mapped_column(String(64), default="")
    totp_step: Mapped[int] = mapped_column(default=0)
    """The last time step a code was taken from, so that no code works twice."""

    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(40))
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class MemberSession(Model):
    """One signed-in browser; the cookie holds a token of which only the hash stands here."""

    __tablename__ = "member_session"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Moment]
    touched_at: Mapped[Moment]
    expires_at: Mapped[Moment]


class Ticket(Model):
    """A one-time link or code: join, reset, e-mail change, affiliation, first administrator."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class Attempt(Model):
    """One try at a password, a code or a reset, counted exactly; *key* is a keyed hash of account or address."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_kind_key_at", "kind", "key", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[Moment]


class RecoveryCode(Model):
    """One of ten codes that stand in for the authenticator, each once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[Moment | None]


class Invitation(Model):
    """An address a member vouched for, where joining is by invitation."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    created_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class Application(Model):
    """Somebody who confirmed an address and waits for an administrator, where joining needs approval."""

    __tablename__ = "application"
    __table_args__ = (CheckConstraint("state in ('waiting', 'approved', 'declined')", name="state"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[Moment]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class Claim(Model):
    """A member's word that an imported author is they; an administrator decides."""

    __tablename__ = "claim"
    __table_args__ = (CheckConstraint("state in ('waiting', 'approved', 'declined')", name="state"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    imported_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    evidence: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[Moment]
    decided_at: Mapped[Moment | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class EmployerPush(Model):
    """How many of a year's newcomers said whether their employer asked them to join; no row knows a person.

    The *shown* pair follows the counted one in steps of twenty answers.
    """

    __tablename__ = "employer_push"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    shown_asked: Mapped[int] = mapped_column(default=0)
    shown_answered: Mapped[int] = mapped_column(default=0)
