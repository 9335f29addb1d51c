"""What waits for reviewers and keepers: everything a curator of thousands of articles works from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from iocop.core.cache import guest_page
from iocop.core.frame import page_address
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.domains.queries import all_domains
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.policy import may_see_broken_links
from iocop.repertoire.queries import freshness, queue
from iocop.repertoire.queries.reviewers import reviewer_of
from iocop.repertoire.queries.waiting import oldest, waiting_times
from iocop.repertoire.views import repertoire
from iocop.repertoire.wording import ACTS, PARTS, SEALS

if TYPE_CHECKING:
    from datetime import timedelta

    from flask.typing import ResponseReturnValue

    from iocop.core.policy import Sentence

OF_PROPOSALS: dict[str, Sentence] = {"waiting": _l("Waiting for review"), "changes": _l("Asked for changes")}
OF_ARTICLES: dict[str, Sentence] = {
    "stale": _l("Not confirmed lately"), "unsealed": _l("Without a seal"), "unkept": _l("Without a keeper"),
}  # fmt: skip
ELSEWHERE: dict[str, Sentence] = {
    "repertoire.broken_links": _l("Broken links"),
    "repertoire.request_list": _l("Requests"),
}


@repertoire.get("/repertoire/queue", endpoint="queue")
@public
@guest_page("repertoire", "topics")
def waiting_list() -> ResponseReturnValue:
    """One tab of the queue, narrowed as the address asks."""
    tab = request.args.get("show", "")
    tab = tab if tab in OF_PROPOSALS | OF_ARTICLES else "waiting"
    domains = {row.id: row for row in all_domains()}
    chosen = next((row.id for row in domains.values() if row.slug == request.args.get("domain")), None)
    about = _proposals(tab, chosen) if tab in OF_PROPOSALS else _articles(tab, chosen)
    return render_template(
        "repertoire/queue.html", tab=tab, tabs=_tabs(), domains=domains, kinds=KINDS, acts=ACTS, seals=SEALS,
        parts=PARTS, selects=_selects(tab, domains, chosen), waited=waiting_times(viewer()), oldest=oldest(viewer()),
        days=days_words, **about,
    )  # fmt: skip


def _proposals(tab: str, domain_id: int | None) -> dict[str, Any]:
    asked = request.args
    act = asked.get("act", "")
    wanted = queue.Wanted(
        tab, domain_id, act if act in ACTS else "", mine=asked.get("for") == "me", newest=asked.get("sort") == "newest",
    )  # fmt: skip
    return {"page": queue.items(viewer(), wanted, asked_page()), "of_articles": False}


def _articles(tab: str, domain_id: int | None) -> dict[str, Any]:
    return {"page": freshness.articles(viewer(), tab, domain_id, asked_page()), "of_articles": True}


def _tabs() -> list[tuple[str, Sentence, str, int | None]]:
    counts = freshness.counts(viewer())
    here = page_address("repertoire.queue")
    own = [
        (key, words, f"{here}?show={key}", counts[key]) for key, words in (OF_PROPOSALS | OF_ARTICLES).items()
    ]
    return [
        *own,
        *((name, words, page_address(name), None) for name, words in ELSEWHERE.items() if _open_here(name)),
    ]


def _open_here(name: str) -> bool:
    return name != "repertoire.broken_links" or bool(may_see_broken_links(viewer()))


def _selects(tab: str, domains: dict[int, Any], chosen: int | None) -> list[Any]:
    """Return the filters as the filter bar takes them."""
    by_domain = [("", _("All")), *((row.slug, row.name) for row in domains.values() if not row.retired)]
    found: list[Any] = [
        ("show", _("List"), [(key, words) for key, words in (OF_PROPOSALS | OF_ARTICLES).items()], tab),
        ("domain", _("Domain"), by_domain, domains[chosen].slug if chosen is not None else ""),
    ]
    if tab in OF_ARTICLES:
        return found
    asked = request.args
    found.append(("act", _("What it suggests"), [("", _("All")), *ACTS.items()], asked.get("act", "")))
    found.append(
        ("sort", _("Order"), [("", _("Oldest first")), ("newest", _("Newest first"))], asked.get("sort", ""))
    )
    if tab == "waiting" and reviewer_of(viewer()).reviews:
        whose = [("", _("Everybody's")), ("me", _("Mine to decide"))]
        found.append(("for", _("Whose turn"), whose, asked.get("for", "")))
    return found


def days_words(time: timedelta) -> str:
    """Say how long something took, in whole days, or in hours below two."""
    hours = time.total_seconds() / 3600
    if hours < 48:
        return str(ngettext("%(num)s hour", "%(num)s hours", max(1, round(hours))))
    return str(ngettext("%(num)s day", "%(num)s days", round(hours / 24)))
