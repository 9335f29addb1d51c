"""The search page, its help, what the box offers, and similar topics for the page where questions are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from iocop.core import clock
from iocop.core.limits import limiter
from iocop.core.login import public, viewer
from iocop.core.slots import fill
from iocop.core.web import hears_nul
from iocop.members.numbers import shown
from iocop.repertoire.kinds import KINDS
from iocop.search import alike, looking, results, suggesting
from iocop.search.chips import chips
from iocop.search.query import parse
from iocop.search.resolving import Resolved, resolve
from iocop.search.wording import answers_in_words, reasons_in_words, tab_words, timer
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.search.query import SearchQuery
    from iocop.search.results import Tab

search = Blueprint("search", __name__)

LEAST_TITLE: Final = 8
"""Characters of a title before similar topics are looked for."""
MOST_TITLE: Final = 200
SHOWN: Final = 1000
"""Characters of the box that its page shows again."""


@search.get("/search", endpoint="results")
@public
@hears_nul
def show() -> ResponseReturnValue:
    typed = _asked("q")
    query = parse(typed, request.args.get("order", ""), request.args.get("page", ""))
    tab = _tab(query)
    found = None if query.is_empty else results.find(viewer(), query, tab)
    if found and not found.from_titles:
        looking.note_search(viewer(), query, found=any(found.counts.values()))
    rows = found.page.rows if found else ()
    people = [one.row.id for one in rows] if tab == "members" else []
    resolved = found.resolved if found else _resolved(query)
    if any(piece.role == "order" for piece in query.pieces):
        typed = query.without_role("order")  # the menu beside the box shows it, and changes it
    return render_template(
        "search/results.html", typed=typed[:SHOWN], query=found.query if found else query, tab=tab, found=found,
        chips=chips(query, resolved.names, resolved.problems), shown=shown,
        chips_of=fill("member_chip", people), said=reasons_in_words(reason for one in rows for reason in one.reasons),
        answers=answers_in_words(one.row.answers for one in rows) if tab == "topics" else {}, time=timer(),
        tab_words=tab_words(), bare=_without_tab(query), order_words=_order_words(), kinds=KINDS, now=clock.now(),
    )  # fmt: skip


@search.get("/search/help")
@public
def help() -> ResponseReturnValue:  # noqa: A001 -- its address
    return render_template("search/help.html", now=clock.now())


@search.get("/search/suggest")
@public
@limiter.limit("240 per minute")
@hears_nul
def suggest() -> ResponseReturnValue:
    """List what goes on as somebody typed it: a fragment, empty where nothing does."""
    found = suggesting.suggestions(viewer(), _asked("q"))
    said = ngettext("%(num)s suggestion", "%(num)s suggestions", len(found)) if found else _("No suggestions")
    return render_template("search/suggest.html", suggestions=found, said=said)


@search.get("/search/similar")
@limiter.limit("120 per minute")
@hears_nul
def similar() -> ResponseReturnValue:
    title = _asked("title").strip()[:MOST_TITLE]
    if len(title) < LEAST_TITLE:
        return ""
    rows, articles = alike.similar(viewer(), title)
    return render_template("search/similar.html", rows=rows, articles=articles) if rows or articles else ""


def _asked(name: str) -> str:
    """Return what the address asks, NUL as the blank it is to the parser."""
    return request.args.get(name, "").replace("\0", " ")


def _resolved(query: SearchQuery) -> Resolved:
    """Return what the filters mean of a query that looks for nothing by itself."""
    return resolve(viewer(), scope_of(viewer()), query) if query.filters else Resolved()


def _tab(query: SearchQuery) -> Tab:
    """Return the tab that the box picks, else the address, else topics."""
    asked = query.tab or request.args.get("kind", "")
    return asked if asked in results.TABS else "topics"


def _without_tab(query: SearchQuery) -> str:
    """Return what the links to the tabs type: a ``kind:`` in the box would hold its own tab open."""
    return query.without(*(piece for piece in query.pieces if piece.filter and piece.filter.name == "kind"))


def _order_words() -> list[tuple[str, str]]:
    return [("best", _("Best match")), ("latest", _("Newest")), ("helpful", _("Most helpful"))]
