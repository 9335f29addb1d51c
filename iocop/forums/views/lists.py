"""Lists of topics: all, by domain, by tag, by space, unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.core.cache import fragments, guest_page
from iocop.core.frame import kept_parts
from iocop.core.login import public, viewer
from iocop.core.pages import asked_page
from iocop.core.slots import fill
from iocop.domains.policy import TAG_KEEPERS, may_write_charter
from iocop.domains.queries import (
    all_domains,
    charter_is_fresh,
    domain_by_slug,
    domain_row,
    resolve_tags,
    sub_topics,
)
from iocop.domains.slugs import tag_slug
from iocop.forums.models import KINDS
from iocop.forums.queries.listing import (
    Wanted,
    time_to_first_answer,
    topics,
    topics_by_domain,
    topics_by_tag,
    unread,
)
from iocop.forums.views import forums
from iocop.forums.views.present import hours_words
from iocop.members.numbers import shown
from iocop.organizations.queries.cards import cards
from iocop.spaces.queries import scope_of, space_by_slug

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.core.login import Viewer


@forums.get("/forums")
@public
@guest_page("topics")
def index() -> ResponseReturnValue:
    asked = request.args.get("kind", "")
    kind = asked if asked in KINDS else ""
    return _listed("all", _("Forums"), Wanted(kind=kind), kind=kind)


@forums.get("/forums/unanswered")
@public
@guest_page("topics")
def unanswered() -> ResponseReturnValue:
    return _listed("unanswered", _("Unanswered questions"), Wanted(unanswered=True))


@forums.get("/tags/<path:tag>")
@public
@guest_page("topics")
def tagged(tag: str) -> ResponseReturnValue:
    standing = [found.slug for found in resolve_tags([tag])]
    if standing and standing[0] != tag:
        return redirect(url_for(".tagged", tag=standing[0]), 301)
    return _listed("tag", tag, Wanted(tag=tag_slug(tag) or "-"))  # no tag is called "-"


@forums.get("/forums/<slug>")
@public
@guest_page("topics")
def domain(slug: str) -> ResponseReturnValue:
    found = domain_row(slug)
    return _listed("domain", found.name, Wanted(domain_id=found.id), domain=found)


@forums.get("/spaces/<slug>")
@public
@guest_page("topics")
def space(slug: str) -> ResponseReturnValue:
    found = space_by_slug(slug, scope_of(viewer()))
    return _listed("space", found.name, Wanted(space_id=found.id), space=found)


def _listed(which: str, heading: str, wanted: Wanted, **about: Any) -> ResponseReturnValue:
    looking, number = viewer(), asked_page()
    page = topics(looking, wanted, number)
    news = unread(looking, page) if looking.is_authenticated else frozenset()
    versions = (looking.topics_version, looking.people_version, looking.site_version)
    key = ("list", which, wanted, number, versions, looking.is_authenticated, scope_of(looking), news)
    shown = {"which": which, "heading": heading, "page": page, "unread": news} | about
    parts = kept_parts(("main", "aside"), key, lambda part: _part(part, shown))
    keeps = which == "tag" and not looking.roles.isdisjoint(TAG_KEEPERS)
    return render_template(
        "forums/list.html", which=which, heading=heading, number=number, parts=parts, keeps=keeps
    )


def _part(part: str, shown: dict[str, Any]) -> str:
    names = {row.id: row for row in all_domains()}
    return render_template(f"forums/_list_{part}.html", domains=names, **shown)


@forums.get("/domains")
@public
@guest_page("topics")
def domains() -> ResponseReturnValue:
    """The practice on one page: its domains and how much each holds."""
    counts = topics_by_domain(viewer())
    return render_template("forums/domains.html", domains=all_domains(), counts=counts)


@forums.get("/domains/<slug>")
@public
@guest_page("topics", "repertoire")
def charter(slug: str) -> ResponseReturnValue:
    """A domain's charter: what for, whose, how fresh, with its sub-topics."""
    found, looking = domain_by_slug(slug), viewer()
    owner = cards([found.charter_owner_id]).get(found.charter_owner_id) if found.charter_owner_id else None
    tags = sub_topics(found.id)
    return render_template(
        "forums/charter.html", domain=found, tags=tags, fresh=charter_is_fresh(found), hours=hours_words,
        owner=owner, owner_number=shown(owner.number) if owner else "",
        domain_section=fill("domain_section", [found.id], domain=found).get(found.id, ""),
        writes=looking.is_authenticated and may_write_charter(looking, found.id),
        **_figures(looking, found.id, [tag.id for tag in tags]),
    )  # fmt: skip


def _figures(looking: Viewer, domain_id: int, tag_ids: list[int]) -> dict[str, Any]:
    """Count a domain's topics and waiting times; for members once for each version of the topics and scope."""

    def count() -> dict[str, Any]:
        return {
            "counts": topics_by_tag(looking, tag_ids), "topics": topics_by_domain(looking).get(domain_id, 0),
            "answered": time_to_first_answer(looking, domain_id),
        }  # fmt: skip

    if not looking.is_authenticated:
        return count()  # the whole page is kept
    key = ("charter", looking.topics_version, scope_of(looking), domain_id, tuple(tag_ids))
    return fragments().remember(key, count)
