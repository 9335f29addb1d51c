"""What the repertoire says on a thread's page, and what its own pages say of where an article comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from iocop.core.login import viewer
from iocop.core.slots import fills
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.policy import suggestible_now
from iocop.repertoire.queries.boundary import citations
from iocop.repertoire.queries.lineage import outcomes, threads_beside
from iocop.repertoire.queries.listing import Wanted, latest
from iocop.repertoire.queries.notes import open_notes
from iocop.repertoire.wording import SUGGESTED

if TYPE_CHECKING:
    from collections.abc import Collection


@fills("topic_aside")
def beside_topics(topic_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """What a thread became in the repertoire, and for members the way to make it into an article."""
    looking = viewer()
    found = outcomes(topic_ids, for_guest=not looking.is_authenticated)
    writing = looking.is_authenticated and not looking.suspended
    filled = {}
    for topic_id in topic_ids:
        mine = [outcome for outcome in found if outcome.topic_id == topic_id]
        if mine or writing:
            page = render_template(
                "repertoire/_beside_topic.html", topic_id=topic_id, outcomes=mine, writing=writing
            )
            filled[topic_id] = Markup(page)  # noqa: S704 -- a template's own output
    return filled


@fills("article_aside")
def beside_article(article_ids: Collection[int], article: Any, **_about: Any) -> dict[int, Markup]:
    """The threads an article comes from or answers, its credits, and what is said of its passages."""
    (article_id,) = article_ids  # an article's page shows one
    looking = viewer()
    page = render_template(
        "repertoire/_beside_article.html", article=article, notes=open_notes(article_id),
        threads=threads_beside(article_id, article.space_id, for_guest=not looking.is_authenticated),
        writing=looking.is_authenticated and not looking.suspended,
    )  # fmt: skip
    return {article_id: Markup(page)}  # noqa: S704 -- a template's own output


@fills("article_facts")
def across(article_ids: Collection[int], **_about: Any) -> dict[int, Markup]:
    """Marks what several practices work with, each in its way."""
    words = _("Used across practices")
    return {
        article_id: Markup(' <a class="chip" href="/a/{}/confirmations">{}</a>').format(article_id, words)
        for article_id, cited in citations(article_ids).items()
        if cited.across
    }


@fills("article_aside")
def suggestible(article_ids: Collection[int], article: Any, **_about: Any) -> dict[int, Markup]:
    """What a member can suggest about an article besides another text."""
    (article_id,) = article_ids
    looking = viewer()
    if not looking.is_authenticated or looking.suspended:
        return {}
    acts = [act for act in SUGGESTED if suggestible_now(act, article)]
    page = render_template("repertoire/_suggestible.html", article=article, acts=acts, words=SUGGESTED)
    return {article_id: Markup(page)}  # noqa: S704 -- a template's own output


OF_A_DOMAIN = 5
"""Articles shown on a domain's page."""


@fills("domain_section")
def from_repertoire(domain_ids: Collection[int], domain: Any, **_about: Any) -> dict[int, Markup]:
    """The articles of a domain that were renewed last."""
    (domain_id,) = domain_ids  # a charter is one domain's
    page = latest(viewer(), Wanted(domain_id=domain_id), OF_A_DOMAIN)
    if not page.rows:
        return {}
    shown = render_template("repertoire/_domain.html", page=page, domain=domain, kinds=KINDS)
    return {domain_id: Markup(shown)}  # noqa: S704 -- a template's own output
