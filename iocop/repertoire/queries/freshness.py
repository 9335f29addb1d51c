"""What is fresh, what is stale, and how quickly the repertoire renews itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.queries import contribution_for
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.repertoire.models import Article

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer


def readable_article(viewer: Viewer, article_id: int) -> tuple[Article, Contribution]:
    """Return an article the viewer may read, with its contribution.

    Raises:
        Missing: there is none, or it is not open to the viewer.
    """
    article = db.session.get(Article, article_id)
    if article is None:
        raise Missing(_l("There is no such article, or it is not open to you."))
    return article, contribution_for(viewer, article_id)
