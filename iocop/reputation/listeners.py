"""What happens below is told to the ledger by one listener, so that its rows stand in the order of what happened."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from iocop.contributions.events import Contributed, Marked, MarkWithdrawn, StateChanged
from iocop.core.db import act
from iocop.core.events import after
from iocop.forums.events import AcceptanceWithdrawn, AnswerAccepted, TopicsMerged
from iocop.members.events import MemberClaimed
from iocop.repertoire.events import ArticlePublished, ArticleRenewed
from iocop.reputation.services import sources
from iocop.reputation.services.counting import count_answers, count_answers_of
from iocop.transfer.events import TakeHomeConfirmed, TakeHomeKept

if TYPE_CHECKING:
    from iocop.core.events import Event

WORDS = {"helpful", "doubt"}


@after(
    Marked, MarkWithdrawn, AnswerAccepted, AcceptanceWithdrawn, Contributed, StateChanged, ArticlePublished,
    ArticleRenewed, TakeHomeConfirmed, TakeHomeKept, MemberClaimed, TopicsMerged,
)  # fmt: skip
def enter(happened: Event) -> None:
    """Bring the ledger, and the counts of answers, to how things stand."""
    with act():
        _enter(happened)


@singledispatch
def _enter(happened: Event) -> None:
    """Do what a kind of event means here."""
    raise TypeError(f"no ledger is kept of {type(happened).__name__}")


@_enter.register(Marked)
@_enter.register(MarkWithdrawn)
def _(happened: Marked | MarkWithdrawn) -> None:
    """A confirmation is entered where it renews the article (`ArticleRenewed`); taken back, it is so here."""
    if happened.actor_id is None:
        return
    if happened.kind in WORDS:
        sources.weigh_word(happened.contribution_id, happened.actor_id)
    elif happened.kind == "works_here" and isinstance(happened, MarkWithdrawn):
        sources.weigh_confirmation(happened.contribution_id, happened.actor_id)


@_enter.register(AnswerAccepted)
@_enter.register(AcceptanceWithdrawn)
def _(happened: AnswerAccepted | AcceptanceWithdrawn) -> None:
    sources.weigh_acceptance(happened.post_id)
    count_answers(happened.topic_id)


@_enter.register
def _(happened: Contributed) -> None:
    """A further answer to a question that is solved already was one more that could have been accepted."""
    if happened.kind == "answer":
        count_answers(happened.root_id)


@_enter.register
def _(happened: TopicsMerged) -> None:
    """Points stay as they were earned; what was answered there could have been accepted here."""
    count_answers(happened.into_id)


@_enter.register
def _(happened: StateChanged) -> None:
    sources.weigh_state(happened.contribution_id)
    count_answers(happened.root_id)


@_enter.register
def _(happened: ArticlePublished) -> None:
    sources.weigh_publication(happened.proposal_id, happened.standing)


@_enter.register
def _(happened: ArticleRenewed) -> None:
    if happened.actor_id is not None:
        sources.weigh_confirmation(happened.article_id, happened.actor_id)


@_enter.register
def _(happened: TakeHomeConfirmed) -> None:
    sources.weigh_taking_home(happened.record_id, happened.member_id, happened.contribution_ids)


@_enter.register
def _(happened: TakeHomeKept) -> None:
    giver_id = happened.member_id if happened.actor_id is None else happened.actor_id
    sources.weigh_keeping(happened.record_id, giver_id, happened.contribution_ids)


@_enter.register
def _(happened: MemberClaimed) -> None:
    """What was earned under an imported author's name is the claimant's; what was given under it stands."""
    sources.adopt_earned(happened.imported_id, happened.member_id)
    count_answers_of({happened.imported_id, happened.member_id})
