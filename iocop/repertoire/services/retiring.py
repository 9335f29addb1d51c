"""An article is retired: it stays reachable, says why, and leads on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from iocop.contributions.events import StateChanged
from iocop.contributions.models import Contribution, Link
from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.repertoire.events import ArticleRetired, ProposalWithdrawn
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import ArticleAlias, Proposal
from iocop.repertoire.services.rows import article_row
from iocop.repertoire.services.spells import end_spell

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.repertoire.models import Article


def retire(actor: Viewer, proposal: Proposal, how: str) -> None:
    """Carry an approved, locked proposal out that retires its article.

    Args:
        how: ``obsolete`` (it stays readable under a banner), ``merged`` (its address and titles lead to the
            successor) or ``deleted`` (a page says that it was removed, and why).
    """
    fields = Fields.read(proposal.fields)
    with act() as session:
        article = article_row(proposal.article_id)
        thing = session.get_one(Contribution, article.id, with_for_update=True)
        _check_still_stands(article, how, fields.successor_id)
        article.retired_at, article.retired_how = clock.now(), how
        article.retired_reason = fields.reason.strip()[:400]
        article.retired_by_id = session.get_one(Contribution, proposal.id).author_id
        article.successor_id = fields.successor_id
        if how == "merged":
            _lead_on(article)
        if how == "deleted":
            _remove(actor, article, thing)
        _let_go_of(proposal, how)
        end_spell(article.id, "retired")
        bump("topics")  # it is listed no more
        session.flush()
        emit(ArticleRetired(actor.id, article.id, proposal.id, how, article.successor_id))


def _let_go_of(proposal: Proposal, how: str) -> None:
    """Withdraw what else was suggested about an article that is retired now; what is obsolete may still be deleted."""
    others = select(Proposal).where(
        Proposal.article_id == proposal.article_id,
        Proposal.id != proposal.id,
        Proposal.status.in_(("draft", "waiting", "changes")),
    )
    if how == "obsolete":
        others = others.where(Proposal.act != "delete")
    with act() as session:
        for other in session.scalars(others.with_for_update()).all():
            other.status, other.decided_at = "withdrawn", clock.now()
            bump(f"topic:{other.id}")
            emit(ProposalWithdrawn(None, proposal_id=other.id))


def _check_still_stands(article: Article, how: str, successor_id: int | None) -> None:
    """Say whether what was suggested can still be done: each of two articles merged into the other leads nowhere.

    Raises:
        Conflict: the article was retired meanwhile, or what takes over was.
    """
    if article.retired_how == "deleted" or (article.retired_at is not None and how != "deleted"):
        raise Conflict(_l("This article was retired meanwhile."))
    if successor_id is not None and article_row(successor_id).retired_at is not None:
        raise Conflict(_l("The article that was to take over was retired meanwhile."))


def _lead_on(article: Article) -> None:
    """Have an article's title and its other titles lead to what it was merged into."""
    if article.successor_id is None:
        return
    with act() as session:
        session.execute(
            update(ArticleAlias)
            .where(ArticleAlias.article_id == article.id)
            .values(article_id=article.successor_id)
        )
        known = session.scalar(select(ArticleAlias).where(ArticleAlias.key == article.title_key))
        if known is None:
            session.add(
                ArticleAlias(key=article.title_key, title=article.title, article_id=article.successor_id)
            )
        if session.get(Link, (article.id, article.successor_id, "duplicate")) is None:
            session.add(
                Link(from_id=article.id, to_id=article.successor_id, kind="duplicate", at=clock.now())
            )


def _remove(actor: Viewer, article: Article, thing: Contribution) -> None:
    """Remove the text from where readers find it; two organizations have agreed."""
    old, thing.state = thing.state, "removed"
    thing.state_reason, thing.state_by_id, thing.removed_at = article.retired_reason, actor.id, clock.now()
    article.listed = False
    emit(StateChanged(actor.id, thing.id, thing.id, old, "removed"))
