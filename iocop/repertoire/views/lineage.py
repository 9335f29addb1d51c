"""Whose words an article is, and where each paragraph comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from iocop.contributions.models import Contribution
from iocop.core.cache import fragments
from iocop.core.db import db
from iocop.core.login import public, viewer
from iocop.members.numbers import shown
from iocop.repertoire.queries.credits import credits_kept, credits_shown
from iocop.repertoire.queries.lineage import provenance, sources_of, threads_of
from iocop.repertoire.queries.page import article_for
from iocop.repertoire.services.crediting import credits_from, reckon
from iocop.repertoire.views import repertoire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from iocop.repertoire.models import Credit
    from iocop.repertoire.queries.credits import CreditRow


@repertoire.get("/a/<int:article_id>/credits")
@public
def credits_page(article_id: int) -> ResponseReturnValue:
    """Show the shares of persons and of organizations at that time, and the posts some words were taken from."""
    looking = viewer()
    article = article_for(looking, article_id)
    rows = credits_shown(_credits(article_id, article.number))
    posts = {source.post_id: source for source in sources_of(looking, article_id).values()}
    return render_template(
        "repertoire/credits.html", article=article, rows=rows, organizations=_by_organization(rows),
        posts=list(posts.values()), threads=threads_of(looking, article_id), number=shown,
    )  # fmt: skip


def _credits(article_id: int, version: int) -> Sequence[Credit]:
    """Return an article's credits; of an imported one, which has none written, as they are reckoned now."""
    kept = credits_kept(article_id)
    if kept:
        return kept
    key = ("credits", article_id, version)
    weights = fragments().remember(key, lambda: reckon(article_id))
    return credits_from(article_id, weights)


def _by_organization(rows: Sequence[CreditRow]) -> list[tuple[str, int]]:
    """Return organizations with their shares, the largest first; the empty name stands for those not named."""
    shares: dict[str, int] = {}
    for row in rows:
        shares[row.organization] = shares.get(row.organization, 0) + row.share
    return sorted(shares.items(), key=lambda each: (-each[1], each[0]))


@repertoire.get("/a/<int:article_id>/provenance")
@public
def provenance_page(article_id: int) -> ResponseReturnValue:
    """Show each paragraph with the posts it stems from, as far as the viewer may read them."""
    looking = viewer()
    article = article_for(looking, article_id)
    text = db.session.get_one(Contribution, article_id).text
    return render_template(
        "repertoire/provenance.html",
        article=article,
        paragraphs=provenance(looking, article_id, text),
        number=shown,
    )
