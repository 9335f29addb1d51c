"""What is kept of searches: those a member saved, what was new for them, and, without anybody's name, what was missed."""

from __future__ import annotations

from datetime import date  # noqa: TC003 -- the mapping reads the annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class SavedSearch(Model):
    """What a member looks for again and again: the text of the box and the tab."""

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint(
            "kind in ('topics', 'articles', 'members', 'organizations', 'files', 'spaces')", name="kind"
        ),
        CheckConstraint("alert in ('none', 'mail')", name="alert"),
        UniqueConstraint("member_id", "kind", "text"),
        Index("ix_saved_search_alert", "alert", "id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(400))
    kind: Mapped[str] = mapped_column(String(16))
    alert: Mapped[str] = mapped_column(String(4), default="none")
    """*mail*: its member is told of what is new, in the inbox and by mail as chosen for this kind of notice."""
    feed_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the token in its feed's address; empty while it has none."""
    created_at: Mapped[Moment]
    alert_at: Mapped[Moment | None]
    """Since when its member wants to be told: nothing written earlier is new."""
    told_at: Mapped[Moment | None]
    """When its member was last told."""


class SearchMatch(Model):
    """One document that was new for a saved search: found once, told once."""

    __tablename__ = "search_match"
    __table_args__ = (
        Index("ix_search_match_told_key", "told_key"),
        Index("ix_search_match_contribution_id", "contribution_id"),
    )

    saved_search_id: Mapped[int] = mapped_column(ForeignKey("saved_search.id"), primary_key=True)
    ref: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The document, such as ``post:12``."""
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    """What it is; of a file, what shows it."""
    at: Mapped[Moment]
    told_key: Mapped[str] = mapped_column(String(80), default="")
    """The `event_key` of the notice and mail that told of it; empty while it waits."""


class SearchRound(Model):
    """How far in the outbox saved searches were looked through: one row."""

    __tablename__ = "search_round"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    xid: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(BigInteger)


class MissedSearch(Model):
    """A text nothing was found for in a week, as a digest under the week's key, which is not in the database."""

    __tablename__ = "missed_search"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    week: Mapped[str] = mapped_column(String(8), index=True)
    people: Mapped[int]
    """How many different ones looked for it; all guests together are one."""
    sides: Mapped[int]
    """How many different organizations they are of; who has none proved is one of their own."""


class MissedMark(Model):
    """That a person, or an organization, is counted for a text in a week: one digest of both, under the week's key."""

    __tablename__ = "missed_mark"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    week: Mapped[str] = mapped_column(String(8), index=True)


class MissedText(Model):
    """What at least five different people looked for in vain in one week, in words everybody may read."""

    __tablename__ = "missed_text"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    text: Mapped[str] = mapped_column(String(200), unique=True)
    times: Mapped[int]
    """How often it was looked for; the same person counts once a week."""
    last_on: Mapped[date] = mapped_column(index=True)
    dropped: Mapped[bool] = mapped_column(default=False)
    """Taken from the board by a curator; it does not come back."""


class SearchDay(Model):
    """How searching went on a day (UTC): sums, nobody's."""

    __tablename__ = "search_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    searches: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    """Nothing was found under any tab."""
    by_members: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    """A member opened a result within five minutes."""
