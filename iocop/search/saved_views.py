"""The pages of saved searches, their feeds, and the button that tidies what was looked for in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.core.errors import Busy, Invalid
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.members.mails import link
from iocop.search import policy, queries, services
from iocop.search.feed import as_atom
from iocop.search.port import EngineDown
from iocop.search.saved_forms import ChangeForm, SaveForm
from iocop.search.views import search
from iocop.search.wording import tab_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.search.models import SavedSearch

COME_BACK = 120
"""Seconds after which a feed is worth asking again while the index is built."""


@search.get("/search/saved")
def saved() -> ResponseReturnValue:
    require(policy.may_save_search(viewer()))
    rows = queries.saved_of(viewer())
    return render_template("search/saved.html", rows=rows, tab_words=tab_words(), told_of=services.TOLD_OF)


@search.route("/search/saved/new", methods=["GET", "POST"])
def save() -> ResponseReturnValue:
    """Save a search: with a press beside the results, or here, where something was wrong with it."""
    form = SaveForm(request.args) if request.method == "GET" else SaveForm()
    if form.validate_on_submit():
        alert = "mail" if form.alert.data else "none"
        try:
            services.save_search(
                viewer(), form.given("text"), form.given("kind"), name=form.given("name"), alert=alert
            )
        except Invalid as error:
            form.take(error)
        else:
            flash(_("The search is saved."))
            return redirect(url_for(".saved"), 303)
    page = render_template("search/save.html", form=form, told_of=services.TOLD_OF)
    return page, 422 if form.is_submitted() else 200


@search.route("/search/saved/<int:saved_id>", methods=["GET", "POST"])
def change_saved(saved_id: int) -> ResponseReturnValue:
    row = queries.saved_search(viewer(), saved_id)
    form = ChangeForm(data={"name": row.name, "alert": row.alert != "none"})
    if form.validate_on_submit():
        try:
            services.change_saved(
                viewer(), saved_id, name=form.given("name"), alert="mail" if form.alert.data else "none"
            )
        except Invalid as error:
            form.take(error)
        else:
            flash(_("Changed."))
            return redirect(url_for(".saved"), 303)
    return _change_page(row, form), 422 if form.is_submitted() else 200


def _change_page(row: SavedSearch, form: ChangeForm, address: str = "") -> str:
    return render_template(
        "search/change_saved.html", row=row, form=form, address=address, tab_words=tab_words(),
        told_of=services.TOLD_OF,
    )  # fmt: skip


@search.post("/search/saved/<int:saved_id>/delete")
def delete_saved(saved_id: int) -> ResponseReturnValue:
    services.delete_saved(viewer(), saved_id)
    flash(_("The saved search is deleted."))
    return redirect(url_for(".saved"), 303)


@search.post("/search/saved/<int:saved_id>/feed")
def renew_feed(saved_id: int) -> ResponseReturnValue:
    """Give the feed a new address, and show it this once: only its hash is kept."""
    token = services.renew_feed(viewer(), saved_id)
    row = queries.saved_search(viewer(), saved_id)
    form = ChangeForm(formdata=None, data={"name": row.name, "alert": row.alert != "none"})
    return _change_page(row, form, link("search.feed", token=token))


@search.post("/search/saved/<int:saved_id>/feed/end")
def end_feed(saved_id: int) -> ResponseReturnValue:
    services.end_feed(viewer(), saved_id)
    flash(_("The feed has ended: its address leads nowhere now."))
    return redirect(url_for(".change_saved", saved_id=saved_id), 303)


@search.get("/search/feed/<token>")
@public
def feed(token: str) -> ResponseReturnValue:
    """Show a saved search to a feed reader, which cannot sign in: as its owner reads it, where labels allow."""
    row, owner = queries.owner_of_feed(token)
    try:
        body = as_atom(row, owner, link("search.feed", token=token))
    except EngineDown:
        raise Busy(_l("The search index is being built: ask again in a while."), COME_BACK) from None
    response = Response(body, mimetype="application/atom+xml")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)


@search.post("/search/missed/<int:text_id>/drop")
def drop_missed(text_id: int) -> ResponseReturnValue:
    services.drop_missed(viewer(), text_id)
    flash(_("It is off the list."))
    return redirect(url_for("repertoire.request_list"), 303)
