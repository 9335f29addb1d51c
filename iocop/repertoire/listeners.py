"""What happens below, and what it does to the repertoire."""

from __future__ import annotations

from sqlalchemy import update

from iocop.contributions.events import Marked, MarkWithdrawn
from iocop.core.db import act
from iocop.core.events import within
from iocop.members.events import MemberErased
from iocop.repertoire.models import Article, Review
from iocop.repertoire.services.renewing import weigh_mark, weigh_withdrawal
from iocop.repertoire.services.requests import forget_votes

WEIGHED = {"works_here", "outdated"}


@within(Marked)
def weigh(happened: Marked) -> None:
    """Another organization's *works here* renews an article, its *outdated* ends the time it was taken to hold."""
    if happened.kind in WEIGHED and happened.contribution_id == happened.root_id and happened.actor_id:
        weigh_mark(happened.actor_id, happened.contribution_id, happened.kind)


@within(MarkWithdrawn)
def weigh_again(happened: MarkWithdrawn) -> None:
    """What is taken back renews, and ends, nothing."""
    if happened.kind in WEIGHED and happened.contribution_id == happened.root_id:
        weigh_withdrawal(happened.contribution_id, happened.kind)


@within(MemberErased)
def release(happened: MemberErased) -> None:
    """Who is gone keeps no article, and the reasons they gave as a reviewer go with their texts."""
    with act() as session:
        gone = happened.member_id
        session.execute(update(Article).where(Article.owner_id == gone).values(owner_id=None))
        session.execute(update(Article).where(Article.deputy_id == gone).values(deputy_id=None))
        forget_votes(gone)
        if happened.with_texts:
            session.execute(update(Review).where(Review.reviewer_id == gone).values(reason=""))
