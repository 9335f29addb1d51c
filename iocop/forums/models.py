"""Topics: what a forum adds to a contribution. A topic is its own first post."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from iocop.core.db import Model, Moment

KINDS = ("question", "discussion", "announcement")
POST_KINDS = ("answer", "reply")


class Topic(Model):
    """A question, discussion or announcement; counts and last post are kept by the writing services."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("kind in ('question', 'discussion', 'announcement')", name="kind"),
        Index("ix_topic_listing", "listed", "pinned", "last_post_at", "id"),
        Index("ix_topic_unanswered", "listed", "kind", "answers", "opened_at"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    listed: Mapped[bool] = mapped_column(default=True)
    """False while the first post is held, hidden or removed."""
    pinned: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[Moment]

    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    closed_reason: Mapped[str] = mapped_column(String(300), default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    """Where it goes on. Of a merged topic, whose first post stands under another root, what it was merged into;
    the two above say when and by whom."""

    accepted_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    accepted_at: Mapped[Moment | None]
    first_answer_at: Mapped[Moment | None]

    posts: Mapped[int] = mapped_column(default=1)
    """Positions given so far, the topic's own included; stubs count."""
    answers: Mapped[int] = mapped_column(default=0)
    """Live answers."""
    last_post_at: Mapped[Moment]
    last_post_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    views: Mapped[int] = mapped_column(default=0)
