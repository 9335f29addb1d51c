"""What happens to posts changes their topic's counts, in the same act."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from iocop.contributions.events import StateChanged
from iocop.contributions.models import Contribution, ContributionTag
from iocop.core.db import act
from iocop.core.events import emit, within
from iocop.core.versions import bump
from iocop.domains.events import TagsMerged
from iocop.forums.counts import recount
from iocop.forums.events import AcceptanceWithdrawn
from iocop.forums.models import Topic
from iocop.members.events import MemberErased

NAMELESS = "…"
"""Stands for the title of a topic whose author took it along."""


@within(StateChanged)
def count_again(happened: StateChanged) -> None:
    """A post that is held, hidden, removed or back counts anew; an accepted answer that is gone is accepted no more."""
    with act() as session:
        topic = session.get(Topic, happened.root_id, with_for_update=True)
        if topic is None:
            return  # a topic whose very first post is held right now: `open_topic` sees its state
        recount(topic)
        if topic.accepted_id == happened.contribution_id and happened.new != "visible":
            author_id = session.get_one(Contribution, happened.contribution_id).author_id
            topic.accepted_id = topic.accepted_at = None
            emit(AcceptanceWithdrawn(happened.actor_id, topic.id, happened.contribution_id, author_id))
        bump("topics", f"topic:{topic.id}")


@within(TagsMerged)
def file_under_survivor(happened: TagsMerged) -> None:
    """What stood under a merged tag stands under its survivor."""
    if happened.tag_id == happened.into_id:
        return
    with act() as session:
        old = select(ContributionTag.contribution_id).where(ContributionTag.tag_id == happened.tag_id)
        both = select(ContributionTag.contribution_id).where(ContributionTag.tag_id == happened.into_id)
        moving = session.scalars(old.where(ContributionTag.contribution_id.not_in(both))).all()
        session.execute(delete(ContributionTag).where(ContributionTag.tag_id == happened.tag_id))
        session.add_all(ContributionTag(contribution_id=root, tag_id=happened.into_id) for root in moving)
        session.flush()
        bump("topics", *(f"topic:{root}" for root in moving))


@within(MemberErased)
def forget_titles(happened: MemberErased) -> None:
    """Titles are texts: they go with the texts of who is erased."""
    if happened.with_texts:
        own = select(Contribution.id).where(Contribution.author_id == happened.member_id)
        with act() as session:
            session.execute(update(Topic).where(Topic.id.in_(own)).values(title=NAMELESS))
