"""What links to an article, which threads ask what it answers, and which links lead nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page
from iocop.core.policy import require
from iocop.repertoire.policy import may_link, may_see_broken_links
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.queries.lineage import threads_of
from iocop.repertoire.queries.links import PER_PAGE, broken, what_links_here
from iocop.repertoire.services.distilling import link_evidence, unlink_evidence
from iocop.repertoire.views import repertoire

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ADDRESS = re.compile(r"(?:^|/)(\d{1,18})(?:[/?#]|$)")


@repertoire.get("/a/<int:article_id>/links")
@public
def links_here(article_id: int) -> ResponseReturnValue:
    return _page(article_id, "", "")


def _page(article_id: int, asked: str, error: str) -> ResponseReturnValue:
    looking = viewer()
    article, thing = readable_article(looking, article_id)
    page = render_template(
        "repertoire/links.html", article=article, threads=threads_of(looking, article_id),
        referring=what_links_here(looking, article), may_link=may_link(looking, article, thing), asked=asked,
        error=error,
    )  # fmt: skip
    return page, 422 if error else 200


@repertoire.post("/a/<int:article_id>/threads")
def link_thread(article_id: int) -> ResponseReturnValue:
    """Note a thread that asks the same, by its address or number, or take it back."""
    asked = request.form.get("topic", "")
    found = _ADDRESS.search(asked.strip())
    if found is None:
        return _page(article_id, asked, _("Give the number or the address of a topic."))
    change = unlink_evidence if request.form.get("how") == "remove" else link_evidence
    change(viewer(), article_id, int(found[1]))
    flash(
        _("The article and the thread lead to each other.")
        if change is link_evidence
        else _("They no longer do.")
    )
    return redirect(f"/a/{article_id}/links", 303)


@repertoire.get("/repertoire/links")
def broken_links() -> ResponseReturnValue:
    looking, number = viewer(), asked_page()
    require(may_see_broken_links(looking))
    report = broken(looking, number)
    page = Page(report.rows, number, PER_PAGE, report.unwritten + report.gone)
    return render_template("repertoire/broken_links.html", report=report, page=page)
