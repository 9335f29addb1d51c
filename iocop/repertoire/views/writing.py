"""Writing an article, suggesting a change of one, and going on with a suggestion: the pages with the form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.queries import draft, revision
from iocop.contributions.services import Stale, discard_draft
from iocop.core.errors import Conflict, Invalid
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.core.text import diff
from iocop.repertoire import services
from iocop.repertoire.addresses import article_address, suggestion_address
from iocop.repertoire.fields import Fields
from iocop.repertoire.forms import ArticleForm
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.policy import may_propose, may_write_proposal
from iocop.repertoire.queries.current import fields_of
from iocop.repertoire.queries.drafting import base_text, overtaken, together
from iocop.repertoire.queries.freshness import readable_article
from iocop.repertoire.queries.suggestion import suggestion_for
from iocop.repertoire.sections import in_full, part, spliced, split
from iocop.repertoire.services.proposing import OF_TEXT, check_standing
from iocop.repertoire.views import repertoire
from iocop.repertoire.views.filling import fields_of_form, fill, offer, same_employer
from iocop.repertoire.views.resuming import draft_key
from iocop.safety.asking import warned

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.contributions.models import Contribution
    from iocop.core.text.diff import Segment
    from iocop.repertoire.models import Article, Proposal


READ: Final = ("title", "summary", "text", "note", "tags", "product", "standard", "region")
"""The fields of the form whose words others read: what is looked at before they are sent. Versions are numbers."""


class Clash(NamedTuple):
    """What was saved meanwhile beside what is being written; nothing of either is lost.

    Attributes:
        conflicts: the headings of the sections that both changed.
        segments: from their text to yours.
    """

    theirs: str
    conflicts: tuple[str, ...]
    segments: list[Segment]


@dataclass(frozen=True)
class Page:
    """What the page around the form says.

    Attributes:
        action: where the form goes.
        draft_key: under which the editor keeps what is typed; empty: nowhere.
        part: the heading whose section alone is edited.
        own: whether it is the member's own, who may also save it for later.
    """

    heading: str
    action: str
    back: str
    draft_key: str = ""
    part: str = ""
    own: bool = True


@repertoire.route("/repertoire/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Choose a kind, then write in its template."""
    actor = viewer()
    require(may_propose(actor))
    kind = request.values.get("kind", "")
    if kind not in KINDS and request.method == "GET":
        asked_for = {name: request.args[name][:200] for name in ("title", "request") if name in request.args}
        return render_template("repertoire/choose_kind.html", kinds=KINDS, asked_for=asked_for)
    form = offer(ArticleForm(), actor, "new")
    if request.method == "GET":
        begun = draft(actor.id, f"article:{kind}")
        title = request.args.get("title", "")[:200] or begun.get("title", "")
        fill(
            form, Fields(kind=kind, title=title, language=""), begun.get("text") or str(KINDS[kind].template)
        )
        form.answers.data = request.args.get("request", "")[:20]
    page = Page(_("Write an article"), "/repertoire/new", "/repertoire", f"article:{form.kind.data}")
    sent = form.validate_on_submit()
    asked = warned(form, actor, form.space.data, fields=READ) if sent else None
    if sent and asked is None:
        try:
            return _saved(
                services.propose(
                    actor, _sent(form, act="new", space_id=form.space.data, draft_key=page.draft_key)
                )
            )
        except Invalid as error:
            show_error(form, error)
    return _page(form, page, asked=asked)


@repertoire.route("/a/<int:article_id>/edit", methods=["GET", "POST"])
def edit(article_id: int) -> ResponseReturnValue:
    """Suggest another text for an article, or for one section of it."""
    actor = viewer()
    article, thing = readable_article(actor, article_id)
    require(may_propose(actor, thing))
    check_standing("edit", article)
    form = offer(ArticleForm(), actor, "edit")
    if request.method == "GET":
        _begin(form, article, thing)
    sent = form.validate_on_submit()
    before = _read_before(fields_of(article.id), thing)
    asked = warned(form, actor, thing.space_id, fields=READ, before=before) if sent else None
    page, clash = _about_edit(form, article, thing), None
    if sent and asked is None:
        try:
            clash = _brought_together(form, article_id, thing, _whole_text(form, article_id))
            if clash is None:
                given = _sent(form, act="edit", article_id=article_id, draft_key=page.draft_key)
                return _saved(services.propose(actor, given))
        except Invalid as error:
            show_error(form, error)
    return _page(
        form, page if form.section.data else _about_edit(form, article, thing), asked=asked, clash=clash
    )


def _read_before(fields: Fields, thing: Contribution) -> str:
    about = (fields.title, fields.summary, *fields.tags, fields.product, fields.standard, fields.region)
    return "\n\n".join((*about, thing.text))


def _begin(form: ArticleForm, article: Article, thing: Contribution) -> None:
    """Fill the form with the article as it stands, with one section of it, or with an earlier text to bring back."""
    fields, section = fields_of(article.id), in_full(thing.text, request.args.get("section", ""))
    earlier = request.args.get("from", "")
    text = thing.text
    if earlier.isascii() and earlier.isdigit():
        text = revision(article.id, int(earlier[:6])).text
        form.note.data = _("Brings back version %(number)s", number=int(earlier[:6]))
    begun = draft(viewer().id, draft_key(article.id, section)) if not earlier else {}
    one, kept = part(text, section), begun.get("text")
    if section and one is None and kept:
        flash(_("This section is there no more: what you had written of it stands at the end."))
        text, kept = f"{text.rstrip()}\n\n{kept}", None
    form.section.data = section if one is not None else ""
    fill(form, replace(fields, base=fields.stored()), kept or (one if one is not None else text))
    form.base_version.data = str(thing.version)


def _whole_text(form: ArticleForm, article_id: int) -> str:
    """Return the article's whole text as the member would have it, where the form holds one section."""
    typed, section = (form.text.data or "").replace("\r\n", "\n"), form.section.data or ""
    if not section:
        return typed
    whole = spliced(base_text(article_id, _number(form.base_version.data)) or "", section, typed)
    if whole is None:
        raise Invalid(
            _l("This section is there no more: copy your text, and edit the whole article."), "text"
        )
    return whole


def _number(sent: str | None) -> int:
    return int(sent) if sent and sent.isascii() and sent.isdigit() and len(sent) < 7 else 0


def _brought_together(form: ArticleForm, article_id: int, thing: Contribution, yours: str) -> Clash | None:
    """Leave the form with a text that knows what was published meanwhile; where it cannot, return both."""
    started, fields = _number(form.base_version.data), fields_of_form(form)
    if started == thing.version:
        fill(form, fields, yours)
        form.section.data = ""
        return None
    found = together(article_id, started, yours, fields)
    whole = found.merged.whole
    fill(form, found.fields, found.merged.text if whole else yours)
    form.section.data, form.base_version.data = "", str(found.version)
    if whole:
        flash(_("The article was changed while you were writing: both changes are in your suggestion."))
        return None
    return Clash(found.theirs, found.merged.conflicts, diff.word_diff(found.theirs, yours))


def _about_edit(form: ArticleForm, article: Article, thing: Contribution) -> Page:
    anchor = form.section.data or ""
    words = next((one.words for one in split(thing.text) if anchor and one.anchor == anchor), "")
    return Page(
        _("Suggest an edit"), f"/a/{article.id}/edit", article_address(article.id, article.title),
        draft_key(article.id, anchor), words,
    )  # fmt: skip


@repertoire.route("/repertoire/suggestions/<int:proposal_id>/edit", methods=["GET", "POST"])
def rewrite(proposal_id: int) -> ResponseReturnValue:
    """Go on with a suggestion that nobody has decided: an own one, or another's that is in the queue."""
    actor = viewer()
    proposal, thing = suggestion_for(actor, proposal_id)
    require(may_write_proposal(actor, proposal, thing))
    if proposal.act not in OF_TEXT:
        raise Conflict(_l("This suggestion changes no text: withdraw it, and make another."))
    address = suggestion_address(proposal_id)
    page = _about_suggestion(address, proposal_id, own=thing.author_id == actor.id)
    form = offer(ArticleForm(), actor, proposal.act, thing)
    clash = _resume(form, proposal, thing) if request.method == "GET" else None
    sent = form.validate_on_submit()
    before = _read_before(Fields.read(proposal.fields), thing)
    asked = warned(form, actor, thing.space_id, fields=READ, before=before) if sent else None
    if sent and asked is None:
        try:
            clash = _kept_up(form, proposal)
            if clash is None:
                saved = _save(form, proposal_id)
                discard_draft(actor, page.draft_key)
                return _saved(saved)
        except Stale as stale:
            form.version.data = str(stale.version)
            clash = Clash(stale.theirs, (), diff.word_diff(stale.theirs, stale.yours))
        except Invalid as error:
            show_error(form, error)
    return _page(form, page, asked=asked, clash=clash)


def _about_suggestion(address: str, proposal_id: int, *, own: bool) -> Page:
    heading = _("Go on with your suggestion") if own else _("Help with this suggestion")
    return Page(heading, f"{address}/edit", address, f"suggestion:{proposal_id}", own=own)


def _resume(form: ArticleForm, proposal: Proposal, thing: Contribution) -> Clash | None:
    """Fill the form with a suggestion, brought together with what was published since it began."""
    begun = draft(viewer().id, f"suggestion:{proposal.id}")
    fill(form, Fields.read(proposal.fields), begun.get("text") or thing.text)
    form.version.data, form.base_version.data = str(thing.version), str(proposal.base_version or "")
    return _kept_up(form, proposal)


def _kept_up(form: ArticleForm, proposal: Proposal) -> Clash | None:
    if proposal.article_id is None or overtaken(proposal) is None:
        return None
    article, thing = readable_article(viewer(), proposal.article_id)
    return _brought_together(form, article.id, thing, (form.text.data or "").replace("\r\n", "\n"))


def _save(form: ArticleForm, proposal_id: int) -> Proposal:
    return services.save_proposal(
        viewer(), proposal_id, fields=fields_of_form(form), text=form.text.data or "", note=form.note.data or "",
        version=_number(form.version.data) or None, base_version=_number(form.base_version.data) or None,
        submit=_submits(),
    )  # fmt: skip


def _sent(form: ArticleForm, **about: Any) -> services.Sent:
    employer = form.affiliation.data if "affiliation" in form else ""
    return services.Sent(
        fields=fields_of_form(form), text=form.text.data or "", note=form.note.data or "", submit=_submits(),
        submission_key=form.submission_key.data or "", affiliation_id=int(employer) if employer else None,
        base_version=_number(form.base_version.data) or None, **about,
    )  # fmt: skip


def _submits() -> bool:
    """Say whether the last button pressed was the one that asks for a review."""
    return request.form.getlist("how")[-1:] != ["later"]


def _saved(proposal: Proposal) -> ResponseReturnValue:
    if proposal.status == "waiting":
        flash(_("Your suggestion waits for two people of two organizations; you will be told what they say."))
    else:
        flash(_("Saved as work in progress: others see it as such, and nobody reviews it yet."))
    if same_employer(Fields.read(proposal.fields)):
        flash(_("Owner and deputy work for one organization: better somebody of another stands in."))
    return redirect(suggestion_address(proposal.id), 303)


def _page(
    form: ArticleForm, page: Page, *, asked: Any = None, clash: Clash | None = None
) -> ResponseReturnValue:
    later = request.method == "POST" and not _submits()
    shown = render_template(
        "repertoire/write.html", form=form, page=page, asked=asked, clash=clash, later=later
    )
    if clash and request.method == "POST":
        return shown, 409
    return shown, 422 if form.errors or asked else 200
