"""The search page, and similar topics for the page where questions are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.login import public, viewer
from iocop.members.numbers import shown
from iocop.repertoire.kinds import KINDS
from iocop.search import documents, results
from iocop.search.query import parse
from iocop.search.snippets import Marker

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.search.results import Tab

search = Blueprint("search", __name__)

LEAST_TITLE = 8
"""Characters of a title before similar topics are looked for."""
MOST_TITLE = 200


@search.get("/search", endpoint="results")
@public
def show() -> ResponseReturnValue:
    typed = request.args.get("q", "")
    query = parse(typed, request.args.get("order", ""), request.args.get("page", ""))
    tab = cast("Tab", request.args.get("kind") if request.args.get("kind") in results.TABS else "topics")
    found = None if query.is_empty else results.find(viewer(), query, tab)
    return render_template(
        "search/results.html", typed=typed[:1000], query=query, tab=tab, found=found, marker=Marker(query),
        about_seen=documents.about_seen, shown=shown, tab_words=_tab_words(), order_words=_order_words(),
        kinds=KINDS, now=clock.now(),
    )  # fmt: skip


@search.get("/search/similar")
def similar() -> ResponseReturnValue:
    title = request.args.get("title", "").strip()[:MOST_TITLE]
    if len(title) < LEAST_TITLE:
        return ""
    rows, articles = (results.similar(viewer(), title, tab) for tab in ("topics", "articles"))
    return render_template("search/similar.html", rows=rows, articles=articles) if rows or articles else ""


def _tab_words() -> dict[str, str]:
    return {
        "topics": _("Topics"),
        "articles": _("Articles"),
        "members": _("Members"),
        "organizations": _("Organizations"),
    }


def _order_words() -> list[tuple[str, str]]:
    return [("best", _("Best match")), ("latest", _("Newest")), ("helpful", _("Most helpful"))]
