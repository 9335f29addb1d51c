"""An approved proposal is carried out: an article is published, changed or retired."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from iocop.contributions.models import Contribution, Revision
from iocop.contributions.services import (
    Saved,
    bring_forward,
    file_root,
    move_label,
    write_out,
    write_revision,
)
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.repertoire import policy
from iocop.repertoire.events import ArticlePublished
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article, ArticleAlias, Proposal, Review, Seal
from iocop.repertoire.queries.standing import active_groups, authors_of, voices
from iocop.repertoire.quorum import NEEDED, Outcome, outcome
from iocop.repertoire.renewal import review_date
from iocop.repertoire.services.accompanying import draw_labels_along
from iocop.repertoire.services.crediting import foresee, write_credits
from iocop.repertoire.services.requests import close_with
from iocop.repertoire.services.retiring import retire
from iocop.repertoire.services.rows import article_row, proposal_row
from iocop.repertoire.services.spells import begin_spell
from iocop.repertoire.services.tracing import bring_passages, keep_within, write_anchors, write_links
from iocop.repertoire.titles import key

if TYPE_CHECKING:
    from iocop.contributions.services import Written
    from iocop.core.login import Viewer
    from iocop.repertoire.services.crediting import Reckoned

RETIRING = {"obsolete": "obsolete", "merge": "merged", "delete": "deleted"}


class Ready(NamedTuple):
    """What was worked out before the act that may publish a proposal's text: it rendered, and whose words it is."""

    written: Written
    credits: Reckoned | None


def make_ready(proposal_id: int) -> Ready:
    """Work out, before the act, what carrying a proposal out needs.

    Raises:
        Missing: there is no such proposal.
    """
    thing = db.session.get(Contribution, proposal_id)
    if thing is None or thing.kind != "proposal":
        raise Missing(_l("There is no such suggestion, or it is not open to you."))
    return Ready(write_out(thing.text), foresee(proposal_id))


def publish(actor: Viewer, proposal_id: int) -> Proposal:
    """Carry an approved proposal out; normally its last approval does.

    Raises:
        Refused: the actor may not decide there.
        Conflict: two people of two organizations have not approved this round of it.
    """
    ready = make_ready(proposal_id)
    with act() as session:
        proposal = proposal_row(proposal_id)
        require(policy.may_review(actor, proposal, session.get_one(Contribution, proposal_id)))
        reached = outcome(voices(proposal.id, proposal.round), authors_of(proposal.id))
        if reached is Outcome.SEALED:
            carry_out(actor, proposal, ready, standing="sealed")
        elif reached is Outcome.ONE and may_be_provisional(proposal):
            carry_out(actor, proposal, ready, standing="provisional")
        else:
            raise Conflict(
                _l(
                    "Two people of two organizations, neither of them its author, approve before this is done."
                )
            )
    return proposal


def may_be_provisional(proposal: Proposal) -> bool:
    """Say whether one approval is enough for now: too few organizations are active for two, and it can be undone.

    What deletes, merges or relabels an article waits for two organizations whatever their number.
    """
    return proposal.act not in {"delete", "merge", "relabel"} and active_groups(clock.now()) < NEEDED


def carry_out(actor: Viewer, proposal: Proposal, ready: Ready, *, standing: str) -> None:
    """Do what an approved, locked proposal asks for.

    Raises:
        Conflict: the article changed meanwhile in a way that the proposal does not know.
    """
    with act() as session:
        proposal.status, proposal.decided_at = "published", clock.now()
        if proposal.act in RETIRING:
            retire(actor, proposal, RETIRING[proposal.act])
        else:
            article = _published(actor, proposal, ready.written, standing)
            proposal.article_id = article.id
            session.flush()
            _seal(article, proposal)
            write_credits(article.id, ready.credits)
            draw_labels_along(actor.id, article.id)
            close_with(actor, Fields.read(proposal.fields).request_id, article.id)
            emit(ArticlePublished(actor.id, article.id, proposal.id, standing))
        session.flush()
        bump("repertoire", f"topic:{proposal.id}", f"topic:{proposal.article_id}")


def _published(actor: Viewer, proposal: Proposal, written: Written, standing: str) -> Article:
    if proposal.act == "new":
        return _new(actor, proposal, written, standing)
    article = article_row(proposal.article_id)
    if article.retired_at is not None:
        raise Conflict(_l("This article was retired meanwhile."))
    if proposal.act == "edit":
        _rewrite(actor, article, proposal, written)
    elif proposal.act == "relabel":
        thing = db.session.get_one(Contribution, article.id)
        move_label(
            actor, thing, Fields.read(proposal.fields).label, Fields.read(proposal.fields).reason[:200]
        )
        keep_within(actor, thing)
        return article  # how far it is shared says nothing about whether it still holds
    _date(article, standing)
    return article


def _new(actor: Viewer, proposal: Proposal, written: Written, standing: str) -> Article:
    source = db.session.get_one(Contribution, proposal.id)
    row = bring_forward(actor, source, "article", proposal.title, written)
    with act() as session:
        article = Article(id=row.id, standing=standing, **_columns(Fields.read(proposal.fields)))
        _date(article, standing)
        session.add(article)
        session.flush()
        _trace(actor, proposal, row)
    return article


def _trace(actor: Viewer, proposal: Proposal, thing: Contribution, before: str = "") -> None:
    """Keep what an article's new text comes from and leads to.

    Args:
        before: the text it replaces, as rendered.
    """
    bring_passages(proposal.id, thing.id)
    keep_within(actor, thing)
    write_links(thing.id, thing.html)
    write_anchors(thing.id, before, thing.html)


def _columns(fields: Fields) -> dict[str, object]:
    return {
        "kind": fields.kind, "title": fields.title.strip(), "title_key": key(fields.title),
        "summary": fields.summary.strip(), "product": fields.product.strip(),
        "versions": fields.versions.strip(), "standard": fields.standard.strip(),
        "region": fields.region.strip(), "owner_id": fields.owner_id, "deputy_id": fields.deputy_id,
    }  # fmt: skip


def _date(article: Article, standing: str) -> None:
    """Begin a new time for an article's text."""
    now = clock.now()
    article.standing = standing
    article.published_at = article.renewed_at = now
    article.review_by = review_date(article.kind, now)


def _rewrite(actor: Viewer, article: Article, proposal: Proposal, written: Written) -> None:
    fields = Fields.read(proposal.fields)
    thing = db.session.get_one(Contribution, article.id, with_for_update=True, populate_existing=True)
    if thing.version != proposal.base_version:
        raise Conflict(
            _l("The article was changed since this was written: its author brings the two together first.")
        )
    source = db.session.get_one(Contribution, proposal.id)
    if article.title != fields.title.strip():
        keep_title(article)
    for name, value in _columns(fields).items():
        setattr(article, name, value)
    note, before = _last_note(proposal.id), thing.html
    organization_id = source.organization_id if source.byline == "named" else None
    saved = Saved(source.author_id, organization_id, article.title, note)
    write_revision(actor, thing, written, saved)
    thing.language = fields.language
    file_root(article.id, fields.domain_ids, fields.tags)
    _trace(actor, proposal, thing, before)


def _last_note(proposal_id: int) -> str:
    newest = (
        select(Revision.reason)
        .where(Revision.contribution_id == proposal_id, Revision.reason != "")
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return db.session.scalar(newest) or ""


def keep_title(article: Article) -> None:
    """Have an article's title lead to it from now on, whatever it is called next."""
    with act() as session:
        standing = session.scalar(select(ArticleAlias).where(ArticleAlias.key == article.title_key))
        if standing is None:
            session.add(ArticleAlias(key=article.title_key, title=article.title, article_id=article.id))
        else:
            standing.article_id = article.id


def _seal(article: Article, proposal: Proposal) -> None:
    """Write whose approvals the present text rests on, and begin the time it is taken to hold."""
    if proposal.act == "relabel":
        return
    with act() as session:
        session.execute(delete(Seal).where(Seal.article_id == article.id))
        number = session.get_one(Contribution, article.id).version
        approvals = session.scalars(
            select(Review)
            .where(
                Review.proposal_id == proposal.id, Review.round == proposal.round, Review.verdict == "approve"
            )
            .order_by(Review.id)
        )
        session.add_all(
            Seal(
                article_id=article.id,
                number=number,
                member_id=review.reviewer_id,
                at=review.at,
                organization_id=review.organization_id,
                org_group_id=review.org_group_id,
                org_evidence=review.org_evidence,
            )
            for review in approvals
        )
        begin_spell(article, "published")
        others = update(Proposal).where(
            Proposal.article_id == article.id, Proposal.id != proposal.id, Proposal.act == "seal",
            Proposal.status == "waiting",
        )  # fmt: skip
        session.execute(others.values(status="withdrawn", decided_at=clock.now()))
