"""Keeping the tags: for curators, moderators and administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from iocop.core.errors import Conflict, Invalid
from iocop.core.login import viewer
from iocop.core.pages import asked_page
from iocop.core.policy import require
from iocop.domains import services
from iocop.domains.policy import may_curate_tags
from iocop.domains.queries import resolve_tags
from iocop.domains.slugs import tag_slug
from iocop.forums.forms import MergeForm, SynonymForm
from iocop.forums.queries.tags import kept_tag, kept_tags
from iocop.forums.views import forums
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.domains.models import Tag


@forums.get("/tags")
def tags() -> ResponseReturnValue:
    require(may_curate_tags(viewer()))
    sought = tag_slug(request.args.get("q", ""))
    return render_template("forums/tags.html", page=kept_tags(viewer(), sought, asked_page()), sought=sought)


@forums.route("/tags/<int:tag_id>/words", methods=["GET", "POST"])
def tag_words(tag_id: int) -> ResponseReturnValue:
    """The words that stand for a tag, and another one."""
    require(may_curate_tags(viewer()))
    kept, form = kept_tag(viewer(), tag_id), SynonymForm()
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), None, fields=("word",)) if sent else None
    if sent and asked is None:
        try:
            services.add_synonym(viewer(), form.word.data or "", tag_id)
        except Conflict as error:
            form.word.errors = [str(error)]
        else:
            flash(_("The word stands for this tag now."))
            return redirect(url_for(".tag_words", tag_id=tag_id), 303)
    page = render_template("forums/tag_words.html", tag=kept, form=form, asked=asked)
    return page, 422 if form.errors or asked else 200


@forums.route("/tags/<int:tag_id>/merge", methods=["GET", "POST"])
def merge_tag(tag_id: int) -> ResponseReturnValue:
    """Make a tag another word for one that stays: named first, then confirmed."""
    require(may_curate_tags(viewer()))
    kept, form, into = kept_tag(viewer(), tag_id), MergeForm(), None
    if form.validate_on_submit():
        try:
            into = _other(form.into.data or "", tag_id)
            if "confirmed" in request.form:
                services.merge_tags(viewer(), tag_id, into.id)
                flash(_("The two are one tag now."))
                return redirect(url_for(".tag_words", tag_id=into.id), 303)
        except (Conflict, Invalid) as error:
            form.into.errors = [str(error)]
    page = render_template("forums/merge_tag.html", tag=kept, form=form, into=into)
    return page, 422 if form.errors else 200


def _other(word: str, tag_id: int) -> Tag:
    """Return the tag that a word stands for.

    Raises:
        Invalid: none, or the one that shall go.
    """
    (into,) = resolve_tags([word]) or (None,)
    if into is None or into.id == tag_id:
        raise Invalid(_("There is no other tag of this name."), "into")
    return into
