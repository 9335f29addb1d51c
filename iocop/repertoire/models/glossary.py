"""What else a term is called, and by whom; what the practice still asks to have written."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

REQUEST_STATUSES = ("open", "taken", "answered", "declined")


class TermName(Model):
    """Another word for a glossary term: *we* call it so, where an organization, a sector or a language says it."""

    __tablename__ = "term_name"
    __table_args__ = (Index("ix_term_name_article_id_key", "article_id", "key"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    word: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120), index=True)
    """As words are compared (`repertoire.titles.key`)."""
    language: Mapped[str] = mapped_column(String(8), default="")
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    sector: Mapped[str] = mapped_column(String(12), default="")
    """An organization's type; empty: wherever the language is spoken."""
    added_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[Moment]


class TermUse(Model):
    """In how many visible contributions a term, or another word for it, occurs; counted every night."""

    __tablename__ = "term_use"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    hits: Mapped[int]
    at: Mapped[Moment]


class ArticleRequest(Model):
    """Something the repertoire lacks: asked for, voted on, taken by somebody, closed by an article.

    Why it is wanted stands in its contribution.
    """

    __tablename__ = "article_request"
    __table_args__ = (
        CheckConstraint("status in ('open', 'taken', 'answered', 'declined')", name="status"),
        CheckConstraint("origin in ('member', 'search', 'article')", name="origin"),
        Index("ix_article_request_listing", "status", "votes", "id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(8), default="open")
    origin: Mapped[str] = mapped_column(String(8), default="member")
    about_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    """The article in which something is missing."""
    votes: Mapped[int] = mapped_column(default=1)
    """Members who want it, who asked included."""
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    taken_at: Mapped[Moment | None]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    closed_at: Mapped[Moment | None]
    closed_reason: Mapped[str] = mapped_column(String(400), default="")


class RequestVote(Model):
    """A member wants it too."""

    __tablename__ = "request_vote"

    request_id: Mapped[int] = mapped_column(ForeignKey("article_request.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    at: Mapped[Moment]
