"""The repertoire's pages a browser looks at: the demo's articles and suggestions, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import Given
from iocop.core.db import db
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.repertoire import services
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.fields import Fields
from iocop.repertoire.services.glossary import name_term
from iocop.repertoire.services.noting import comment
from tests.browser.links import inside
from tests.browser.person import MEMBER
from tests.factories import viewer_of

if TYPE_CHECKING:
    from tests.browser.site import Site

CURATOR = "dieter.brandl"
NOTHING_WRITTEN = "/wiki/Nobody wrote this"
"""Answered with 404 and an offer to write it."""

OF_KIND = "select id from article where kind = ? and retired_at is null order by id limit 1"
STALE = "select id from article where review_by < datetime() and retired_at is null order by id limit 1"
RETIRED = "select id from article where retired_how = 'obsolete' order by id limit 1"
SUGGESTED = "select id from proposal where status = ? order by id limit 1"
UNREVIEWED = """select id from proposal where status = 'waiting'
                and id not in (select proposal_id from review) order by id limit 1"""
REQUESTED = "select id from article_request order by id limit 1"


def article(site: Site, kind: str = "how-to") -> int:
    """Return the first article of a kind."""
    return int(site.value(OF_KIND, kind))


def want_more(site: Site) -> None:
    """Leave what the demo lacks: a request nobody took, another name of a term, a comment on a passage, a draft."""
    if site.rows(SUGGESTED, "draft"):
        return
    term, how_to = article(site, "term"), article(site)
    with inside(site):
        member = viewer_of(db.session.scalars(select(Member).where(Member.handle == MEMBER)).one())
        domain = db.session.scalars(select(Domain.id).order_by(Domain.id)).first() or 0
        wanted = Given(
            kind="request", title="Defrost cycles explained", text="Every winter we guess how long one may take.",
            submission_key="wanted", domain_ids=(domain,),
        )  # fmt: skip
        services.ask_for(member, wanted)
        name_term(member, term, "hydraulic separator", language="en")
        words = db.session.get_one(Contribution, how_to).plain.split("\n")[0]
        comment(member, how_to, Quote(words, "", ""), "Which meter did you use?", "asked")
        fields = Fields(title="Begun and not sent", label="public", domain_ids=(domain,))
        begun = services.Sent(
            act="new", submission_key="begun", fields=fields, text="## Steps\n\nNone yet.\n", submit=False
        )
        services.propose(member, begun)


def of_everybody(site: Site) -> list[str]:
    """Return what a guest sees too."""
    want_more(site)
    first = f"/a/{article(site)}"
    shown = [article(site, kind) for kind in ("term", "map", "tradition")]
    shown += [site.value(STALE), site.value(RETIRED)]
    suggestions = [site.value(SUGGESTED, status) for status in ("waiting", "published")]
    return [
        first, *(f"/a/{one}" for one in shown), *(f"/repertoire/suggestions/{one}" for one in suggestions),
        *(f"{first}/{page}" for page in ("history", "history/1", "compare", "compare?view=sides", "confirmations")),
        *(f"{first}/{page}" for page in ("credits", "provenance", "links", "notes")),
        "/repertoire/how-to", "/repertoire/queue?show=stale", "/repertoire?tag=zzzz", NOTHING_WRITTEN,
        f"/repertoire/requests/{site.value(REQUESTED)}", "/glossary?q=zzzz", f"/c/{article(site)}/take-home",
    ]  # fmt: skip


def of_member(site: Site, topic: int) -> list[str]:
    """Return what a member writes, suggests and asks."""
    first, waiting = f"/a/{article(site)}", site.value(SUGGESTED, "waiting")
    draft = site.value(SUGGESTED, "draft")
    acts = ("relabel", "obsolete", "merge", "delete")
    return [
        *(f"{first}/suggest/{act}" for act in acts), f"/a/{site.value(STALE)}/suggest/seal",
        f"{first}/edit", f"{first}/edit?section=c-steps", f"{first}/distil", f"/t/{topic}/distil",
        f"{first}/notes/new", f"/c/{article(site, 'map')}/marks/works_here", f"/a/{article(site, 'case')}",
        "/repertoire/new?kind=how-to", f"/repertoire/requests/new?about={article(site)}",
        f"/repertoire/discussion/{waiting}",
        f"/glossary/{article(site, 'term')}/names",
        *(f"/repertoire/suggestions/{draft}{page}" for page in ("", "/edit")),
    ]  # fmt: skip


def of_curator(site: Site) -> list[str]:
    """Return what those who decide see."""
    waiting = site.value(UNREVIEWED)
    return [
        f"/a/{article(site)}", f"/a/{article(site)}/keepers", f"/repertoire/suggestions/{waiting}",
        f"/repertoire/suggestions/{waiting}/review", "/repertoire/queue", "/repertoire/queue?show=unkept",
    ]  # fmt: skip
