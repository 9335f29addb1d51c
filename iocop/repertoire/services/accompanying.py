"""What holds an article's words is no more open than the article: the suggestions it was made and changed by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from iocop.contributions.labels import freer
from iocop.contributions.models import Contribution
from iocop.contributions.services import draw_along
from iocop.core import clock
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, ArticleRequest, Proposal
from iocop.repertoire.services.proposing import OF_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


NAMELESS = "…"
"""Stands for the title of what its author took along."""


def draw_states_along(article_id: int, old: str) -> None:
    """Bring an article's place in lists, and the suggestions that hold its text, into the state it has now.

    Args:
        old: the state it had; a suggestion that stands otherwise was brought there by somebody, and stays so.
    """
    with act() as session:
        article = session.get(Article, article_id)
        if article is None:
            return
        thing = session.get_one(Contribution, article_id)
        article.listed = thing.state == "visible"
        for suggestion in _suggestions(article_id, of_text=True):
            if suggestion.state == old:
                suggestion.state, suggestion.state_reason = thing.state, thing.state_reason
                suggestion.state_by_id, suggestion.removed_at = thing.state_by_id, thing.removed_at
                bump(f"topic:{suggestion.id}")
        session.flush()
        bump("repertoire", f"topic:{article_id}")


def draw_labels_along(actor_id: int, article_id: int) -> None:
    """Share what was suggested about an article no further than it is shared now."""
    with act() as session:
        if session.get(Article, article_id) is None:
            return
        label = session.get_one(Contribution, article_id).label
        for suggestion in _suggestions(article_id, of_text=False):
            if freer(suggestion.label, label):
                draw_along(actor_id, suggestion, label, "")


def keep_label(contribution_ids: Collection[int]) -> None:
    """Write into suggestions how far they are shared now; what was approved of a waiting one counts no more."""
    with act() as session:
        found = select(Proposal).where(Proposal.id.in_(contribution_ids), Proposal.act.in_(OF_TEXT))
        for proposal in session.scalars(found.order_by(Proposal.id).with_for_update()):
            label = session.get_one(Contribution, proposal.id).label
            proposal.fields = replace(Fields.read(proposal.fields), label=label).stored()
            proposal.round += proposal.status == "waiting"
            bump("repertoire", f"topic:{proposal.id}")
        session.flush()


def forget_fields(member_id: int) -> None:
    """Take out of an erased member's suggestions and requests what stands beside their texts; open ones are withdrawn.

    What was published stays with its article.
    """
    with act() as session:
        own = select(Contribution.id).where(Contribution.author_id == member_id)
        for proposal in session.scalars(select(Proposal).where(Proposal.id.in_(own)).with_for_update()):
            fields = Fields.read(proposal.fields)
            bare = Fields(
                kind=fields.kind, label=fields.label, language=fields.language, domain_ids=fields.domain_ids
            )
            proposal.title, proposal.fields = NAMELESS, bare.stored()
            if proposal.status not in {"published", "withdrawn"}:
                proposal.status, proposal.decided_at = "withdrawn", clock.now()
        session.execute(update(ArticleRequest).where(ArticleRequest.id.in_(own)).values(title=NAMELESS))
        session.flush()
        bump("repertoire")


def _suggestions(article_id: int, *, of_text: bool) -> Sequence[Contribution]:
    with act() as session:
        about = select(Proposal.id).where(Proposal.article_id == article_id)
        if of_text:
            about = about.where(Proposal.act.in_(OF_TEXT))
        found = select(Contribution).where(Contribution.id.in_(about)).order_by(Contribution.id)
        return session.scalars(found.with_for_update()).all()
