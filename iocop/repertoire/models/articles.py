"""Articles: what the repertoire adds to a contribution, and how long each is taken to hold."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey

STANDINGS = ("sealed", "provisional", "imported")


class Article(Model):
    """A published article; its text, author, label and history stand in its contribution.

    It exists from its publication on: what waits for review is a `Proposal`.
    """

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint(
            "kind in ('how-to', 'reference', 'troubleshooting', 'case', 'term', 'routine', 'map', 'tradition',"
            " 'coping', 'conduct')",
            name="kind",
        ),
        CheckConstraint("standing in ('sealed', 'provisional', 'imported')", name="standing"),
        CheckConstraint("retired_how in ('', 'obsolete', 'merged', 'deleted')", name="retired_how"),
        CheckConstraint("(retired_at is null) = (retired_how = '')", name="retired"),
        CheckConstraint("owner_id is null or deputy_id is null or owner_id <> deputy_id", name="deputy"),
        Index("ix_article_listing", "listed", "retired_how", "kind", "published_at", "id"),
        Index("ix_article_renewed", "listed", "retired_how", "renewed_at", "id"),
        Index("ix_article_titles", "listed", "retired_how", "title_key", "id"),
        Index("ix_article_review", "listed", "retired_how", "review_by", "id"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    title_key: Mapped[str] = mapped_column(String(200), index=True)
    """The title as links in double brackets are compared (`repertoire.titles.key`)."""
    summary: Mapped[str] = mapped_column(String(400), default="")
    listed: Mapped[bool] = mapped_column(default=True)
    """False while its contribution is held, hidden or removed."""
    standing: Mapped[str] = mapped_column(String(12))

    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    """Who keeps it true; empty for an import nobody has taken, or when the owner left."""
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)

    product: Mapped[str] = mapped_column(String(80), default="")
    versions: Mapped[str] = mapped_column(String(80), default="")
    standard: Mapped[str] = mapped_column(String(120), default="")
    region: Mapped[str] = mapped_column(String(80), default="")

    published_at: Mapped[Moment]
    """When its present text was published."""
    renewed_at: Mapped[Moment]
    """When it was last published, revised or confirmed by another organization."""
    review_by: Mapped[Moment]
    """From then on it is stale, until another organization confirms it or a new text is published."""

    retired_at: Mapped[Moment | None]
    retired_how: Mapped[str] = mapped_column(String(8), default="")
    retired_reason: Mapped[str] = mapped_column(String(400), default="")
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Who suggested it: retiring what no longer holds is a contribution too."""
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))


class ArticleAlias(Model):
    """Another title that leads to an article: an earlier one, a redirect, or that of one merged into it."""

    __tablename__ = "article_alias"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)


class WikiLink(Model):
    """A link in double brackets from a published text to a title, whether there is such an article or not."""

    __tablename__ = "wiki_link"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)
    title: Mapped[str] = mapped_column(String(200))


class TextLink(Model):
    """A link by address from a published text to something of this site, whether that is there or not."""

    __tablename__ = "text_link"
    __table_args__ = (CheckConstraint("kind in ('a', 't', 'p', 'c', 'attachments')", name="kind"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    """As the address begins."""
    target_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    """A contribution's key or, of ``attachments``, a file's; what it names may never have been here."""


class OldAnchor(Model):
    """A heading's earlier anchor, and the one that took its place, so that a link into a text survives an edit."""

    __tablename__ = "old_anchor"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    anchor: Mapped[str] = mapped_column(String(120), primary_key=True)
    now: Mapped[str] = mapped_column(String(120))
    """Empty where its section is gone: the link then leads to the top, where a line says so."""


class Seal(Model):
    """One of the two approvals an article's present text rests on, with the organization at that time."""

    __tablename__ = "seal"
    __table_args__ = (UniqueConstraint("article_id", "member_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    """The revision that was approved."""
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_group_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_evidence: Mapped[str | None] = mapped_column(String(10))
    at: Mapped[Moment]


class Spell(Model):
    """A time during which an article was taken to hold: what the half-life is computed from.

    It begins with a publication or a confirmation. It ends as an event (``stale``, ``outdated``, ``retired``) or is
    cut off (``renewed``: confirmed or published anew while it still held).
    """

    __tablename__ = "spell"
    __table_args__ = (
        CheckConstraint("began_by in ('published', 'confirmed', 'imported')", name="began_by"),
        CheckConstraint("ended_by in ('', 'stale', 'outdated', 'retired', 'renewed')", name="ended_by"),
        CheckConstraint("(ended_at is null) = (ended_by = '')", name="ended"),
        Index("ix_spell_open", "ended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    began_at: Mapped[Moment]
    began_by: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    ended_by: Mapped[str] = mapped_column(String(10), default="")


class Reminder(Model):
    """The owner, or later the deputy, was told that a spell ends."""

    __tablename__ = "reminder"
    __table_args__ = (CheckConstraint("kind in ('owner', 'deputy')", name="kind"),)

    spell_id: Mapped[int] = mapped_column(ForeignKey("spell.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[Moment]
