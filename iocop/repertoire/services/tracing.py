"""What a published text comes from and leads to: passages, links, anchors it had before; how far it may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from iocop.contributions.labels import freer
from iocop.contributions.services import move_label
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.core.policy import provides
from iocop.repertoire.anchors import followed, moved
from iocop.repertoire.links import things_linked
from iocop.repertoire.models import OldAnchor, Passage, TextLink, WikiLink
from iocop.repertoire.queries.lineage import bound_by_posts
from iocop.repertoire.titles import linked_titles

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer


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
        move_label(actor, thing, bound.label, str(_l("It holds words of posts that are shared less far.")))


@provides("bound_by_posts")
def bound_now(thing: Contribution) -> tuple[str, int | None]:
    """Return the freest label a proposal or an article may have, and the space it may not leave."""
    return tuple(bound_by_posts(thing.id, thing.text))


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
        every = followed({row.anchor: row.now for row in standing}, step, new)
        session.execute(delete(OldAnchor).where(OldAnchor.article_id == article_id))
        session.add_all(
            OldAnchor(article_id=article_id, anchor=anchor, now=now) for anchor, now in every.items()
        )
        session.flush()
