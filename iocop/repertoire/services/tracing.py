"""What a published text comes from and leads to: passages, links, anchors it had before; how far it may go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from iocop.contributions.labels import freer
from iocop.contributions.models import Contribution, Link
from iocop.contributions.services import draw_along, move_label
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid
from iocop.core.policy import provides
from iocop.core.versions import bump
from iocop.repertoire.anchors import followed, moved
from iocop.repertoire.links import things_linked
from iocop.repertoire.models import OldAnchor, Passage, Proposal, TextLink, WikiLink
from iocop.repertoire.queries.lineage import Bound, bound_by_posts
from iocop.repertoire.titles import linked_titles
from iocop.spaces.labels import strictest

if TYPE_CHECKING:
    from collections.abc import Collection

    from iocop.core.login import Viewer


LESS_FAR: Final = _l("It holds words of posts that are shared less far.")
ELSEWHERE: Final = _l("It holds words that are for another space only now: they should be taken out.")


def bring_passages(proposal_id: int, article_id: int) -> None:
    """Write at an article which posts a proposal's words were taken from."""
    with act() as session:
        taken = select(Passage).where(Passage.contribution_id == proposal_id).order_by(Passage.position)
        session.add_all(
            Passage(
                contribution_id=article_id, post_id=each.post_id, position=each.position, text=each.text, at=each.at
            )
            for each in session.scalars(taken).all()
        )  # fmt: skip
        session.flush()


def keep_within(actor: Viewer, thing: Contribution) -> None:
    """Share a text no further than the posts whose words it holds.

    Raises:
        Conflict: some were said for another space only.
    """
    bound = bound_by_posts(thing.id, thing.text)
    if bound.space_id not in {None, thing.space_id}:
        raise Conflict(_l("It holds words that were said for another space only: take them out."))
    if freer(thing.label, bound.label):
        move_label(actor, thing, bound.label, str(LESS_FAR))


def draw_made_along(actor_id: int, post_ids: Collection[int]) -> None:
    """Share articles and suggestions no further than the posts whose words they hold, when those become stricter.

    One made of words that may not leave another space any more gets the strictest label; its history says why.
    """
    with act() as session:
        made = select(Passage.contribution_id).where(Passage.post_id.in_(post_ids))
        found = select(Contribution).where(Contribution.id.in_(made)).order_by(Contribution.id)
        for thing in session.scalars(found.with_for_update()).all():
            bound = bound_by_posts(thing.id, thing.text)
            reason = LESS_FAR if bound.space_id in {None, thing.space_id} else ELSEWHERE
            if freer(thing.label, bound.label):
                draw_along(actor_id, thing, bound.label, str(reason))


@provides("bound_by_posts")
def bound_now(thing: Contribution) -> Bound:
    """Return the freest label a proposal or an article may have, and the space it may not leave."""
    bound = bound_by_posts(thing.id, thing.text)
    proposal = db.session.get(Proposal, thing.id) if thing.kind == "proposal" else None
    if proposal is None or proposal.article_id is None:
        return bound
    article = db.session.get_one(Contribution, proposal.article_id)
    return Bound(strictest(bound.label, article.label), bound.space_id)


def check_label(thing: Contribution, label: str) -> None:
    """Say whether a proposal's or an article's words may be shared so far.

    Raises:
        Invalid: they were taken from posts that are shared less far.
    """
    if freer(label, bound_by_posts(thing.id, thing.text).label):
        raise Invalid(_l("It holds words of posts that are shared less far: choose their label."), "label")


def write_links(article_id: int, html: str) -> None:
    """Keep what an article's text links to, by title and by address."""
    base_url = current_app.extensions["settings"].base_url
    with act() as session:
        for table in (WikiLink, TextLink):
            session.execute(delete(table).where(table.article_id == article_id))
        session.add_all(
            WikiLink(article_id=article_id, key=found, title=title)
            for found, title in linked_titles(html).items()
        )
        session.add_all(
            TextLink(article_id=article_id, kind=kind, target_id=target)
            for kind, target in things_linked(html, base_url)
        )
        session.flush()


def write_anchors(article_id: int, old: str, new: str) -> None:
    """Have links into a text's earlier sections lead on after an edit.

    Args:
        old, new: the text before and after, as rendered.
    """
    step = moved(old, new)
    with act() as session:
        standing = session.execute(
            select(OldAnchor.anchor, OldAnchor.now).where(OldAnchor.article_id == article_id)
        )
        every = followed({row.anchor: row.now for row in standing}, step, old, new)
        session.execute(delete(OldAnchor).where(OldAnchor.article_id == article_id))
        session.add_all(
            OldAnchor(article_id=article_id, anchor=anchor, now=now) for anchor, now in every.items()
        )
        session.flush()


def retell(*contribution_ids: int | None) -> None:
    """Have the pages of the threads that articles or proposals were made of, or answer, say what became of them."""
    with act() as session:
        made_of = (
            select(Contribution.root_id)
            .join(Passage, Passage.post_id == Contribution.id)
            .where(Passage.contribution_id.in_(contribution_ids))
        )
        answered = select(Link.from_id).where(Link.to_id.in_(contribution_ids), Link.kind == "duplicate")
        bump(*(f"topic:{topic_id}" for topic_id in session.scalars(made_of.union(answered))))


def retell_around(root_id: int) -> None:
    """Have the pages of articles made of a thread, or of threads an article was made of, show each other anew."""
    with act() as session:
        made_of_it = (
            select(Passage.contribution_id)
            .join(Contribution, Contribution.id == Passage.post_id)
            .where(Contribution.root_id == root_id)
        )
        answers_it = select(Link.to_id).where(Link.from_id == root_id, Link.kind == "duplicate")
        bump(*(f"topic:{each}" for each in session.scalars(made_of_it.union(answers_it))))
    retell(root_id)
