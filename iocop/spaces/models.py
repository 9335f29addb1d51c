"""Spaces: who may be where."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

AUDIENCES = ("public", "members", "verified", "named")


class Space(Model):
    """A room with an audience: everybody, members, verified members, or named organizations and people."""

    __tablename__ = "space"
    __table_args__ = (
        CheckConstraint("audience in ('public', 'members', 'verified', 'named')", name="audience"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    about: Mapped[str] = mapped_column(String(400), default="")
    audience: Mapped[str] = mapped_column(String(10), default="public")
    created_at: Mapped[Moment]
    archived_at: Mapped[Moment | None]


class SpaceGrant(Model):
    """A person, or everybody verified of an organization, who may be in a named space."""

    __tablename__ = "space_grant"
    __table_args__ = (
        CheckConstraint("(member_id is null) <> (organization_id is null)", name="one"),
        Index("uq_space_grant_member", "space_id", "member_id", unique=True,
              sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null")),
        Index("uq_space_grant_organization", "space_id", "organization_id", unique=True,
              sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    granted_at: Mapped[Moment]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    ended_at: Mapped[Moment | None]
