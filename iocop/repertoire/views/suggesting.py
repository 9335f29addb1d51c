"""Anyone suggests what changes no text: a seal, another label, that an article is retired, merged or deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.labels import MEANINGS, offered
from iocop.core.db import LARGEST_ID, db
from iocop.core.errors import Invalid, Missing
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.repertoire import services
from iocop.repertoire.addresses import article_address, suggestion_address
from iocop.repertoire.fields import Fields
from iocop.repertoire.policy import may_propose
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.queries.titles import titled
from iocop.repertoire.review_forms import SuggestForm
from iocop.repertoire.services.proposing import check_standing
from iocop.repertoire.views import repertoire
from iocop.repertoire.wording import SUGGESTED
from iocop.safety.asking import warned
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.contributions.models import Contribution
    from iocop.repertoire.models import Article, Proposal

WITH_SUCCESSOR: Final = frozenset({"obsolete", "merge"})


@repertoire.route("/a/<int:article_id>/suggest/<act>", methods=["GET", "POST"])
def suggest(article_id: int, act: str) -> ResponseReturnValue:
    if act not in SUGGESTED:
        raise Missing(_l("There is no such page."))
    article, thing = readable_article(viewer(), article_id)
    require(may_propose(viewer(), thing))
    check_standing(act, article)
    form = _form(act, thing)
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), thing.space_id, fields=("reason",)) if sent else None
    if sent and asked is None:
        try:
            proposal = _proposed(form, act, article)
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("It waits for its reviews now: two people of two organizations decide."))
            return redirect(suggestion_address(proposal.id), 303)
    page = render_template(
        "repertoire/suggest.html", form=form, act=act, words=SUGGESTED[act], article=article,
        address=article_address(article.id, article.title), asked=asked,
    )  # fmt: skip
    return page, 422 if form.errors or asked else 200


def _form(act: str, thing: Contribution) -> SuggestForm:
    form = SuggestForm()
    possible = offered(db.session.get_one(Space, thing.space_id).audience)
    form.label.choices = [SelectChoice(label, MEANINGS[label]) for label in possible if label != thing.label]
    if act != "relabel":
        del form.label
    if act not in WITH_SUCCESSOR:
        del form.successor
    return form


def _proposed(form: SuggestForm, act: str, article: Article) -> Proposal:
    label = form.label.data if form.label else ""
    successor = _successor(form.successor.data or "") if form.successor else None
    fields = Fields(
        kind=article.kind,
        title=article.title,
        reason=form.reason.data or "",
        label=label,
        successor_id=successor,
    )
    return services.propose(
        viewer(),
        services.Sent(
            act=act, article_id=article.id, fields=fields, submission_key=form.submission_key.data or "",
        ),
    )  # fmt: skip


def _successor(words: str) -> int | None:
    """Return the article meant by a title, an address or a number; None where nothing was said.

    Raises:
        Invalid: there is none the member may read.
    """
    said = words.strip()
    if not said:
        return None
    number = re.fullmatch(r"(?:.*/a/)?(\d{1,18})(?:/[^/]*)?", said)
    try:
        if number:
            return readable_article(viewer(), min(int(number[1]), LARGEST_ID))[0].id
    except Missing:
        pass
    else:
        called = titled(viewer(), said)
        if called is not None:
            return int(called.id)
    raise Invalid(_l("There is no such article, or it is not open to you."), "successor")
