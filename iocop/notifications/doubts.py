"""Telling an answer's author why somebody doubts it."""

from __future__ import annotations

from sqlalchemy import select

from iocop.contributions.events import Marked
from iocop.contributions.marks import DOUBT
from iocop.contributions.models import Mark
from iocop.core.db import db
from iocop.core.events import after
from iocop.notifications import queries, services
from iocop.notifications.listeners import who_may_read
from iocop.notifications.news import News


@after(Marked)
def tell_of_doubt(happened: Marked) -> None:
    """Tell an answer's author why somebody doubts it, and never who; not once it was taken back."""
    if happened.kind != DOUBT.key:
        return
    standing = db.session.scalar(
        select(Mark).where(
            Mark.contribution_id == happened.contribution_id, Mark.member_id == happened.actor_id, Mark.value < 0,
            Mark.withdrawn_at.is_(None),
        )
    )  # fmt: skip
    post = queries.post(happened.contribution_id)
    if standing is not None and post.is_shown:
        news = News(
            f"doubt:{standing.id}", contribution_id=post.id, root_id=post.root_id, matter="doubt",
            words=standing.context.get("reason", ""),
        )  # fmt: skip
        services.tell(news, who_may_read(post, [(post.author_id, "standing")]))
