"""The repertoire's sections and its lists; and titles in double brackets, which lead to articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core.cache import guest_page
from iocop.core.errors import Missing
from iocop.core.frame import kept_parts
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.domains.queries import all_domains
from iocop.domains.slugs import tag_slug
from iocop.repertoire.addresses import article_address
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.models.articles import STANDINGS
from iocop.repertoire.queries.listing import SHOWN, SORTS, Wanted, articles, counts_by_kind, list_version
from iocop.repertoire.queries.members import member_called
from iocop.repertoire.queries.titles import titled
from iocop.repertoire.views import repertoire
from iocop.repertoire.wording import SEALS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.core.policy import Sentence

LONGEST_WORDS = 80

SHOWN_WORDS: dict[str, Sentence] = {
    "": _l("All that stand"), "stale": _l("Not confirmed lately"), "obsolete": _l("Obsolete"),
}  # fmt: skip
SORT_WORDS: dict[str, Sentence] = {
    "renewed": _l("Renewed last"), "title": _l("Title"), "confirmed": _l("Most confirmed"),
}  # fmt: skip


@repertoire.get("/repertoire")
@public
@guest_page("repertoire", "topics")
def menu() -> ResponseReturnValue:
    """All sections, and the list of all articles, narrowed as the address asks."""
    return _listed("", _("Repertoire"))


@repertoire.get("/repertoire/<kind>")
@public
@guest_page("repertoire", "topics")
def section(kind: str) -> ResponseReturnValue:
    if kind not in KINDS:
        raise Missing(_l("There is no such section."))
    return _listed(kind, str(KINDS[kind].section))


def _listed(kind: str, heading: str) -> ResponseReturnValue:
    looking, number, wanted = viewer(), asked_page(), _wanted(kind)
    page = articles(looking, wanted, number)
    narrowed = wanted != Wanted(kind=kind)
    about = {
        "heading": heading,
        "kind": KINDS.get(kind),
        "wanted": wanted,
        "page": page,
        "narrowed": narrowed,
    }
    key: Any = ("repertoire", wanted, number)
    if looking.is_authenticated:
        key = (*key, looking.site_version, looking.people_version, *list_version(looking))
    parts = kept_parts(("main", "aside"), key, lambda part: _part(part, about))
    return render_template("repertoire/menu.html", number=number, parts=parts, **about)


def _part(part: str, about: dict[str, Any]) -> str:
    names = {row.id: row for row in all_domains()}
    wanted: Wanted = about["wanted"]
    return render_template(
        f"repertoire/_menu_{part}.html", domains=names, kinds=KINDS, counts=counts_by_kind(viewer()),
        seals=SEALS, selects=_selects(wanted, names), address=request.path, **about,
    )  # fmt: skip


def _selects(wanted: Wanted, domains: dict[int, Any]) -> list[tuple[str, str, list[tuple[str, Any]], str]]:
    """Return the filters as the filter bar takes them."""
    chosen = domains[wanted.domain_id].slug if wanted.domain_id in domains else ""
    by_domain = [("", _("All")), *((row.slug, row.name) for row in domains.values() if not row.retired)]
    by_standing = [("", _("All")), *((key, words) for key, (words, _tone) in SEALS.items())]
    return [
        ("domain", _("Domain"), by_domain, chosen), ("standing", _("Review"), by_standing, wanted.standing),
        ("show", _("Show"), list(SHOWN_WORDS.items()), wanted.show),
        ("sort", _("Order"), list(SORT_WORDS.items()), wanted.sort),
    ]  # fmt: skip


def _wanted(kind: str) -> Wanted:
    """Read what the address asks for; what cannot be narrows nothing."""
    given = request.args
    domains = {row.slug: row.id for row in all_domains()}
    owner = member_called(given["owner"]) if given.get("owner") else None
    return Wanted(
        kind=kind or (given.get("kind", "") if given.get("kind") in KINDS else ""),
        domain_id=domains.get(given.get("domain", "")),
        tag=tag_slug(given.get("tag", "")),
        standing=_one_of(given.get("standing", ""), STANDINGS),
        product=given.get("product", "").strip()[:LONGEST_WORDS],
        owner_id=owner.id if owner else None,
        show=_one_of(given.get("show", ""), SHOWN),
        sort=_one_of(given.get("sort", ""), SORTS) or SORTS[0],
    )


def _one_of(asked: str, possible: tuple[str, ...]) -> str:
    return asked if asked in possible else ""


@repertoire.get("/wiki/<path:title>")
@public
def wiki(title: str) -> ResponseReturnValue:
    """Lead from a title in double brackets to its article, or offer to write or request it."""
    found = titled(viewer(), title)
    if found is not None:
        return redirect(article_address(found.id, found.title), 302)
    words = " ".join(title.replace("_", " ").split())[:200]
    if not words:
        raise Missing(_l("There is no such article, or it is not open to you."))
    return render_template("repertoire/nothing_here.html", words=words), 404
