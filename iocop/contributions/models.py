"""What every given thing has in common, once: the contribution, its revisions, marks, files, drafts and followers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment
from iocop.core.models import BigKey


class Contribution(Model):
    """Something a member gave: a question, an answer, an article, a wish, a motion's text.

    The author's organization is stamped when it is written and never rewritten. A topic is its own root; position is
    dense per root and never used again, so that a removed post leaves its stub.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        CheckConstraint("label in ('space', 'members', 'take-home', 'public')", name="label"),
        CheckConstraint("byline in ('named', 'employer_hidden', 'sealed')", name="byline"),
        CheckConstraint("state in ('visible', 'held', 'hidden', 'removed')", name="state"),
        UniqueConstraint("root_id", "position"),
        UniqueConstraint("author_id", "submission_key"),
        UniqueConstraint("source", "source_id"),
        Index("ix_contribution_author_id_created_at", "author_id", "created_at"),
        Index("ix_contribution_confirmed", "works_here", "id",
              sqlite_where=text("works_here > 0"), postgresql_where=text("works_here > 0")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    org_group_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_evidence: Mapped[str | None] = mapped_column(String(10))
    byline: Mapped[str] = mapped_column(String(16), default="named")

    root_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    position: Mapped[int] = mapped_column(default=1)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"), index=True)
    label: Mapped[str] = mapped_column(String(10), default="members")
    language: Mapped[str] = mapped_column(String(8), default="en")
    licence: Mapped[str] = mapped_column(String(40), default="CC BY-SA 4.0")
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(8), default="visible")
    state_reason: Mapped[str] = mapped_column(String(400), default="")
    state_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Who brought it into its state; empty for the site itself, or while nobody did."""

    submission_key: Mapped[str] = mapped_column(String(40))
    """Made with the form: sending it twice makes one contribution."""
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(40))
    attribution: Mapped[str] = mapped_column(String(400), default="")
    """Where it came from and under which terms, for what was imported."""

    created_at: Mapped[Moment]
    edited_at: Mapped[Moment | None]
    removed_at: Mapped[Moment | None]

    helpful: Mapped[int] = mapped_column(default=0)
    works_here: Mapped[int] = mapped_column(default=0)
    outdated: Mapped[int] = mapped_column(default=0)
    imported_score: Mapped[int] = mapped_column(default=0)

    text: Mapped[str] = mapped_column(default="")
    """Markdown as its author wrote it; empty where an import gave only HTML."""
    html: Mapped[str] = mapped_column(default="")
    """Rendered and sanitised when it was written."""
    plain: Mapped[str] = mapped_column(default="")
    renderer: Mapped[int] = mapped_column(default=0)


class ContributionDomain(Model):
    """A root stands in one to three domains."""

    __tablename__ = "contribution_domain"
    __table_args__ = (Index("ix_contribution_domain_domain_id", "domain_id", "contribution_id"),)

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class ContributionTag(Model):
    __tablename__ = "contribution_tag"
    __table_args__ = (Index("ix_contribution_tag_tag_id", "tag_id", "contribution_id"),)

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True)


class Revision(Model):
    """One saved state of a contribution, with its editor's organization at that time. Number 1 is the first."""

    __tablename__ = "revision"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[Moment]
    reason: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(default="")


class Mark(Model):
    """One member's *helpful*, *works here* or *outdated* on one contribution; withdrawn, never deleted."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("kind in ('helpful', 'works_here', 'outdated')", name="kind"),
        Index("uq_mark_live", "contribution_id", "member_id", "kind", unique=True,
              sqlite_where=text("withdrawn_at is null"), postgresql_where=text("withdrawn_at is null")),
        Index("ix_mark_member_id", "member_id", "contribution_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[int] = mapped_column(default=1)
    """Of *helpful*: 1, or -1 for a doubt with a reason."""
    context: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """For *works here*: version and conditions; for *outdated* and a doubt: the reason."""
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_group_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    org_evidence: Mapped[str | None] = mapped_column(String(10))
    at: Mapped[Moment]
    withdrawn_at: Mapped[Moment | None]


class Attachment(Model):
    """A file under a generated name; it belongs to its owner's draft until a contribution takes it."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    small_key: Mapped[str] = mapped_column(String(40), default="")
    """Of a smaller copy, where it is a large picture."""
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[Moment]
    removed_at: Mapped[Moment | None]


class Draft(Model):
    """What a member is writing, kept while they write: *key* says where, such as ``topic`` or ``answer:12``."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("member_id", "key"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    key: Mapped[str] = mapped_column(String(60))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[Moment]


class Follow(Model):
    """A member who wants to be told of what happens under a root."""

    __tablename__ = "follow"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True, index=True)
    muted: Mapped[bool] = mapped_column(default=False)
    since: Mapped[Moment]


class ReadMark(Model):
    """How far a member has read under a root: the position of the last post seen."""

    __tablename__ = "read_mark"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    position: Mapped[int]


class Mention(Model):
    """A member named with @ in a contribution."""

    __tablename__ = "mention"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)


class LabelChange(Model):
    """A contribution was carried further, or called back: every move of label or space stands here."""

    __tablename__ = "label_change"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[Moment]
    old_label: Mapped[str] = mapped_column(String(10))
    new_label: Mapped[str] = mapped_column(String(10))
    old_space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    new_space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")


class Link(Model):
    """One contribution refers to another: as a plain link, a quotation or a duplicate."""

    __tablename__ = "link"
    __table_args__ = (CheckConstraint("kind in ('linked', 'quoted', 'duplicate')", name="kind"),)

    from_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[Moment]
