"""Comments on passages of an article: read by passage, written, settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from iocop.contributions import presenting
from iocop.contributions.presenting import author_of
from iocop.core.errors import Invalid
from iocop.core.forms import show_error
from iocop.core.login import public, viewer
from iocop.core.policy import require
from iocop.organizations.queries.cards import cards
from iocop.repertoire.anchoring import Quote
from iocop.repertoire.policy import may_discuss, may_settle
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.queries.notes import choices, notes_of
from iocop.repertoire.services.noting import comment, settle
from iocop.repertoire.tracing_forms import NoteForm
from iocop.repertoire.views import repertoire
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from iocop.contributions.presenting import Author
    from iocop.repertoire.queries.notes import Note


@repertoire.get("/a/<int:article_id>/notes")
@public
def notes(article_id: int) -> ResponseReturnValue:
    looking = viewer()
    article, thing = readable_article(looking, article_id)
    found = notes_of(looking, article_id, thing.html)
    return render_template(
        "repertoire/notes.html", article=article, notes=found, authors=_authors(found),
        settling={note.row.id for note in found if may_settle(looking, article, note.row)},
        may_write=may_discuss(looking, thing),
    )  # fmt: skip


def _authors(found: Sequence[Note]) -> dict[int, Author]:
    names, said = cards({note.row.author_id for note in found}), presenting.words()
    return {note.row.id: author_of(note.row, names, said, Markup(), {}) for note in found}


@repertoire.route("/a/<int:article_id>/notes/new", methods=["GET", "POST"])
def new_note(article_id: int) -> ResponseReturnValue:
    """Write about a passage: one that was selected on the page, or one chosen from the paragraphs."""
    actor = viewer()
    article, thing = readable_article(actor, article_id)
    require(may_discuss(actor, thing))
    form, paragraphs = NoteForm(), choices(thing.plain, thing.html)
    quote = _chosen(paragraphs)
    form.quote.data, form.before.data, form.after.data = quote
    sent = form.validate_on_submit()
    asked = warned(form, actor, thing.space_id) if sent else None
    if sent and asked is None:
        try:
            note = comment(actor, article_id, quote, form.text.data or "", form.submission_key.data or "")
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("Your comment stands beside its passage."))
            return redirect(f"/a/{article_id}/notes#note-{note.id}", 303)
    page = render_template(
        "repertoire/new_note.html",
        article=article,
        form=form,
        paragraphs=paragraphs,
        quote=quote,
        asked=asked,
    )
    return page, 422 if form.errors or asked else 200


def _chosen(paragraphs: Sequence[Quote]) -> Quote:
    """Return the passage that was selected, or the paragraph that was chosen by its number."""
    number = request.values.get("paragraph", "")
    if number.isdecimal() and 0 < int(number[:6]) <= len(paragraphs):
        return paragraphs[int(number[:6]) - 1]
    return Quote(*(request.values.get(name, "")[:2000] for name in ("quote", "before", "after")))


@repertoire.post("/a/<int:article_id>/notes/<int:note_id>")
def settle_note(article_id: int, note_id: int) -> ResponseReturnValue:
    settled = request.form.get("how") != "reopen"
    settle(viewer(), note_id, settled=settled)
    flash(_("The comment is settled.") if settled else _("The comment is open again."))
    return redirect(f"/a/{article_id}/notes#note-{note_id}", 303)
