"""Articles by their titles, as links in double brackets name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.repertoire.models import Article, ArticleAlias
from iocop.repertoire.titles import key
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from sqlalchemy import Row

    from iocop.core.login import Viewer


def titled(viewer: Viewer, title: str) -> Row[*tuple[Any, ...]] | None:
    """Return the article of a title the viewer may read (id and title): one called so, else one it leads to.

    Of several called the same, one that is not retired comes first, then the oldest.
    """
    scope = scope_of(viewer)
    open_to_them = (
        select(Article.id, Article.title, Article.retired_how)
        .join(Contribution, Contribution.id == Article.id)
        .where(Article.listed, readable(scope, Contribution.space_id, Contribution.label))
    )
    wanted = key(title)
    for ids in (
        select(Article.id).where(Article.title_key == wanted),
        select(ArticleAlias.article_id).where(ArticleAlias.key == wanted),
    ):
        known = list(
            db.session.scalars(ids)
        )  # by itself, so that the title's index is used whatever else is asked
        called = db.session.execute(open_to_them.where(Article.id.in_(known))).all() if known else []
        if called:
            return min(called, key=lambda row: (row.retired_how != "", row.id))
    return None
