"""Who confirms an article in practice, and under which conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from iocop.contributions.queries import own_marks
from iocop.core import clock
from iocop.core.login import public, viewer
from iocop.members.numbers import shown
from iocop.organizations.wording import SIZES
from iocop.repertoire.queries.boundary import citations
from iocop.repertoire.queries.confirmations import confirmed_at, named_confirmations
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.views import repertoire

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@repertoire.get("/a/<int:article_id>/confirmations")
@public
def confirmations(article_id: int) -> ResponseReturnValue:
    article, thing = readable_article(viewer(), article_id)
    acting = viewer().is_authenticated and not viewer().suspended and thing.author_id != viewer().id
    return render_template(
        "repertoire/confirmations.html", article=article, thing=thing, confirmed=confirmed_at(article_id),
        rows=named_confirmations(article_id), number=shown, sizes=SIZES, now=clock.now(),
        acting=acting and article.retired_at is None, cited=citations([article_id]).get(article_id),
        mine="works_here" in own_marks(viewer().id, [article_id]).get(article_id, ()),
    )  # fmt: skip
