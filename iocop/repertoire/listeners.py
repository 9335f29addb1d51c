"""What happens below, and what it does to the repertoire."""

from __future__ import annotations

from sqlalchemy import update

from iocop.contributions.events import LabelChanged, Marked, MarkWithdrawn, Revised, StateChanged
from iocop.core.db import act
from iocop.core.events import within
from iocop.core.versions import bump
from iocop.members.events import MemberClaimed, MemberErased
from iocop.repertoire.events import (
    ArticlePublished,
    ArticleRetired,
    ProposalReviewed,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from iocop.repertoire.models import Article, Proposal, Review
from iocop.repertoire.services.accompanying import (
    draw_labels_along,
    draw_states_along,
    forget_fields,
    keep_label,
)
from iocop.repertoire.services.crediting import adopt_credits
from iocop.repertoire.services.renewing import weigh_mark, weigh_withdrawal
from iocop.repertoire.services.requests import forget_wishes
from iocop.repertoire.services.tracing import draw_made_along, retell, retell_around

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
        forget_wishes(gone)
        if happened.with_texts:
            session.execute(update(Review).where(Review.reviewer_id == gone).values(reason=""))
            forget_fields(gone)


@within(ProposalSubmitted, ProposalWithdrawn, ProposalReviewed)
def say_what_becomes(happened: ProposalSubmitted | ProposalWithdrawn | ProposalReviewed) -> None:
    """Threads say whether they are being made into an article."""
    retell(happened.proposal_id)


@within(ArticlePublished, ArticleRetired)
def say_what_became(happened: ArticlePublished | ArticleRetired) -> None:
    """Threads say what they were made into."""
    retell(happened.article_id, happened.proposal_id)


@within(LabelChanged)
def follow_sources(happened: LabelChanged) -> None:
    """What was made of posts is shared no further than they are now, nor what was suggested about an article."""
    if happened.actor_id is not None:
        draw_made_along(happened.actor_id, happened.contribution_ids)
        draw_labels_along(happened.actor_id, happened.root_id)


@within(LabelChanged, StateChanged)
def show_each_other_anew(happened: LabelChanged | StateChanged) -> None:
    """What is shared otherwise, or is gone, stands beside an article or a thread no longer than it may."""
    retell_around(happened.root_id)


@within(StateChanged)
def stand_or_fall_together(happened: StateChanged) -> None:
    """An article that is held, hidden or removed is listed nowhere, and read in no suggestion either."""
    if happened.contribution_id == happened.root_id:
        draw_states_along(happened.contribution_id, happened.old)


@within(Revised)
def begin_round(happened: Revised) -> None:
    """Whoever saves another text of a suggestion, wherever: what was approved of the last one counts no more."""
    with act() as session:
        proposal = session.get(Proposal, happened.contribution_id, with_for_update=True)
        if proposal is not None:
            proposal.round += 1
            bump("repertoire")


@within(LabelChanged)
def begin_round_of_label(happened: LabelChanged) -> None:
    """The same where a suggestion is shared otherwise than its reviewers read, and it says so from then on."""
    keep_label(happened.contribution_ids)


@within(MemberClaimed)
def adopt(happened: MemberClaimed) -> None:
    """An imported author's credits are the member's."""
    adopt_credits(happened.imported_id, happened.member_id)
