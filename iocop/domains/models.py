"""The practice: up to 30 domains with charters, and tags below them."""

from __future__ import annotations

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

MOST_DOMAINS = 30


class Domain(Model):
    """A part of the practice that members learn in, with a charter that says what for."""

    __tablename__ = "domain"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    summary: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[Moment | None]

    charter: Mapped[str] = mapped_column(default="")
    charter_html: Mapped[str] = mapped_column(default="")
    charter_owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    charter_at: Mapped[Moment | None]
    learning_questions: Mapped[list[str]] = mapped_column(JSON, default=list)


class Tag(Model):
    """A word members file contributions under; a *sub-topic* of a domain is a tag the domain's page lists."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    slug: Mapped[str] = mapped_column(String(50), unique=True)
    about: Mapped[str] = mapped_column(default="")
    domain_id: Mapped[int | None] = mapped_column(ForeignKey("domain.id"), index=True)
    sub_topic: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))


class TagSynonym(Model):
    """Another word for a tag; who types it gets the tag."""

    __tablename__ = "tag_synonym"

    slug: Mapped[str] = mapped_column(String(50), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), index=True)


class MemberDomain(Model):
    """A domain a member says is theirs."""

    __tablename__ = "member_domain"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), primary_key=True, index=True)
