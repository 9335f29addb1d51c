"""A thread becomes an article: its posts by paragraph beside the draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.labels import NAMES
from iocop.contributions.services import Stale
from iocop.core.errors import Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.forums.queries.topic import topic_for
from iocop.repertoire.addresses import suggestion_address
from iocop.repertoire.fields import Fields
from iocop.repertoire.policy import may_propose, may_write_proposal
from iocop.repertoire.queries.current import fields_of
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.queries.lineage import threads_of
from iocop.repertoire.queries.material import Given, offered
from iocop.repertoire.queries.page import filed_under
from iocop.repertoire.queries.suggestion import suggestion_for
from iocop.repertoire.queries.titles import titled
from iocop.repertoire.services.distilling import Distillate, distil
from iocop.repertoire.tracing_forms import DistilForm
from iocop.repertoire.views import repertoire
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from iocop.core.login import Viewer

_ADDRESS = re.compile(r"(?:^|/)(\d{1,18})(?:[/?#]|$)")


@dataclass(frozen=True)
class Target:
    """What the paragraphs go into.

    Attributes:
        article_id, proposal_id: None for a new article.
        version: of the article or the draft.
    """

    fields: Fields
    text: str = ""
    article_id: int | None = None
    proposal_id: int | None = None
    version: int | None = None


@repertoire.route("/t/<int:topic_id>/distil", methods=["GET", "POST"])
def distil_topic(topic_id: int) -> ResponseReturnValue:
    actor = viewer()
    topic = topic_for(actor, topic_id)
    require(may_propose(actor))
    form, posts = DistilForm(), offered(actor, topic_id, topic.accepted_id)
    target = _target(actor, topic)
    if request.method == "GET":
        _begin(form, target)
    taken, adding = _taken(posts), request.form.get("how") == "add"
    if adding:
        form.text.data = _with_chosen(form.text.data or "", posts, taken)
    sent = not adding and form.validate_on_submit()
    asked = warned(form, actor, topic.space_id, before=_said(topic, target, posts)) if sent else None
    if sent and asked is None:
        try:
            proposal = distil(actor, _made(topic_id, form, target, tuple(taken)))
        except Stale as error:
            form.version.data = str(error.version)
            show_error(form, Invalid(error.reason, "text"))
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("The draft is kept with where each paragraph comes from. Go on writing, then submit it."))
            return redirect(suggestion_address(proposal.id), 303)
    page = render_template(
        "repertoire/distil.html", topic=topic, form=form, posts=posts, taken=taken, target=target, label_names=NAMES,
        asked=asked,
    )  # fmt: skip
    return page, 422 if form.errors or asked else 200


def _said(topic: Any, target: Target, posts: Sequence[Given]) -> str:
    """Return what others read already: the thread, and what stood in the text."""
    passages = (text for post in posts for _mark, text in post.passages)
    return "\n\n".join((topic.title, target.fields.title, target.text, *passages))


@repertoire.get("/a/<int:article_id>/distil")
def distil_into(article_id: int) -> ResponseReturnValue:
    """Ask which thread's paragraphs go into an article."""
    actor = viewer()
    article, thing = readable_article(actor, article_id)
    require(may_propose(actor, thing))
    asked, error = request.args.get("topic", ""), ""
    if asked:
        found = _ADDRESS.search(asked.strip())
        if found is not None:
            return redirect(f"/t/{found[1]}/distil?article={article_id}")
        error = _("Give the number or the address of a topic.")
    threads = threads_of(actor, article_id)
    page = render_template(
        "repertoire/distil_into.html", article=article, threads=threads, asked=asked, error=error
    )
    return page, 422 if error else 200


def _target(actor: Viewer, topic: Any) -> Target:
    """Return what the address or the form names: an own draft, an article, or a new one filed as the topic is."""
    article, proposal = (request.values.get(name, "").strip() for name in ("article", "proposal"))
    if proposal.isdecimal():
        row, thing = suggestion_for(actor, int(proposal[:18]))
        require(may_write_proposal(actor, row, thing))
        article_id = row.article_id if row.act == "edit" else None
        return Target(Fields.read(row.fields), thing.text, article_id, row.id, thing.version)
    if article:
        standing, thing = readable_article(actor, _article_named(actor, article))
        return Target(fields_of(standing.id), thing.text, standing.id, None, thing.version)
    domains, tags = filed_under(topic.id)
    return Target(
        Fields(
            title=topic.title, language=topic.language, tags=tuple(tags),
            domain_ids=tuple(domain.id for domain in domains), kind="how-to",
        )
    )  # fmt: skip


def _article_named(actor: Viewer, words: str) -> int:
    found = _ADDRESS.search(words)
    if found is not None:
        return int(found[1])
    row = titled(actor, words)
    if row is None:
        raise Invalid(_l("There is no article of this title that you may read."), "article")
    return int(row.id)


def _begin(form: DistilForm, target: Target) -> None:
    form.title.data, form.kind.data, form.text.data = target.fields.title, target.fields.kind, target.text
    form.article.data, form.proposal.data, form.version.data = (
        str(key or "") for key in (target.article_id, target.proposal_id, target.version)
    )


def _taken(posts: Sequence[Given]) -> dict[tuple[int, str], None]:
    """Return the paragraphs that are in the draft already, in the order they were taken."""
    there = {f"{post.id}-{mark}": (post.id, mark) for post in posts for mark, _text in post.passages}
    return {there[key]: None for key in request.form.getlist("taken") if key in there}


def _with_chosen(text: str, posts: Sequence[Given], taken: dict[tuple[int, str], None]) -> str:
    """Return the draft with the chosen paragraphs behind it, and note them as taken."""
    chosen = set(request.form.getlist("take"))
    parts = [text.rstrip()] if text.strip() else []
    for post in posts:
        for mark, passage in post.passages:
            wanted = f"{post.id}" in chosen or f"{post.id}-{mark}" in chosen
            if wanted and (post.id, mark) not in taken:
                taken[post.id, mark] = None
                parts.append(passage)
    return "\n\n".join(parts) + "\n" if parts else ""


def _made(topic_id: int, form: DistilForm, target: Target, taken: tuple[tuple[int, str], ...]) -> Distillate:
    asked = form.version.data or ""
    version = int(asked) if asked.isdecimal() else None
    return Distillate(
        topic_id=topic_id, taken=taken, text=form.text.data or "", submission_key=form.submission_key.data or "",
        fields=replace(target.fields, title=(form.title.data or "").strip(), kind=form.kind.data),
        article_id=target.article_id, proposal_id=target.proposal_id, note=form.note.data or "",
        base_version=version if target.proposal_id is None else None,
        version=version if target.proposal_id is not None else None,
    )  # fmt: skip
