"""Asking, answering, replying and editing: the pages with an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from iocop.contributions.labels import MEANINGS, offered
from iocop.contributions.language_choice import languages_offered
from iocop.contributions.models import Contribution, Revision
from iocop.contributions.policy import may_revise
from iocop.contributions.queries import contribution_for, draft
from iocop.contributions.services import Given, Stale, revise
from iocop.core import clock
from iocop.core.db import db, read
from iocop.core.errors import Invalid, Missing
from iocop.core.forms import show_error
from iocop.core.login import viewer
from iocop.core.policy import require
from iocop.core.text.quote import quote
from iocop.domains.queries import open_domains
from iocop.forums import services
from iocop.forums.forms import KIND_WORDS, AskForm, EditForm, PostForm
from iocop.forums.models import Topic
from iocop.forums.policy import may_announce, may_open_topics, may_post_under
from iocop.forums.queries.topic import stands_in
from iocop.forums.views import forums
from iocop.organizations.models import Organization
from iocop.organizations.queries import current_affiliations
from iocop.safety.asking import warned
from iocop.spaces.models import Space
from iocop.spaces.queries import default_space, scope_of, spaces_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.core.login import Viewer

_NAMED = select(Organization.id, Organization.name).where(
    Organization.id.in_(bindparam("ids", expanding=True))
)

Form = TypeVar("Form", bound=PostForm)


@forums.route("/ask", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    require(may_open_topics(viewer()))
    form = _prepared(AskForm())
    if request.method == "GET":
        begun = draft(viewer().id, "topic")
        form.title.data = request.args.get("title", begun.get("title", ""))[:200]
        form.text.data = begun.get("text")
    form.language.choices = languages_offered(f"{form.title.data or ''}\n{form.text.data or ''}")
    sent = form.validate_on_submit()
    asked = warned(form, viewer(), form.space.data) if sent else None
    if sent and asked is None:
        try:
            topic = services.open_topic(viewer(), _given(form))
        except Invalid as error:
            show_error(form, error)
        else:
            _tell_if_held(topic.id)
            return redirect(f"/t/{topic.id}", 303)
    return render_template("forums/ask.html", form=form, asked=asked), 422 if form.errors or asked else 200


def _prepared(form: AskForm) -> AskForm:
    """Fill in what may be chosen: kinds, domains, spaces, labels, employers."""
    actor = viewer()
    kinds = [kind for kind in KIND_WORDS if kind != "announcement" or may_announce(actor)]
    form.kind.choices = [SelectChoice(kind, KIND_WORDS[kind]) for kind in kinds]
    form.domains.choices = [SelectChoice(domain.id, domain.name) for domain in open_domains()]
    spaces = spaces_of(scope_of(actor))
    form.space.choices = [SelectChoice(space.id, space.name) for space in spaces]
    if request.method == "GET":
        form.space.data = default_space().id
        wanted = request.args.get("domain", "")
        form.domains.data = [domain.id for domain in open_domains() if domain.slug == wanted]
    chosen = next((space for space in spaces if space.id == form.space.data), None)
    return offer_labels(form, actor, "public", chosen.audience if chosen else "public")


def offer_labels(form: Form, actor: Viewer, most: str, audience: str = "public") -> Form:
    """Offer the labels that are possible, and the employers the actor may write as somebody of."""
    labels = offered(audience, most)
    usual = (
        _("As the topic")
        if most != "public" or not isinstance(form, AskForm)
        else _("As usual in this space")
    )
    form.label.choices = [
        SelectChoice("", usual),
        *(SelectChoice(label, MEANINGS[label]) for label in labels),
    ]
    held = current_affiliations(actor.id, clock.now())
    names = _names({row.organization_id for row in held})
    main = next((row for row in held if row.is_main), held[0] if held else None)
    others = [SelectChoice(str(row.id), names[row.organization_id]) for row in held if row is not main]
    usually = names[main.organization_id] if main else _("no organization")
    form.affiliation.choices = [SelectChoice("", usually), *others]
    return form


def _names(organization_ids: set[int]) -> dict[int, str]:
    if not organization_ids:
        return {}
    return {row.id: row.name for row in read(_NAMED, {"ids": list(organization_ids)})}


def _given(form: PostForm, **more: Any) -> Given:
    common: dict[str, Any] = {
        "text": form.text.data or "",
        "submission_key": form.submission_key.data or "",
        "label": form.label.data or None,
        "affiliation_id": int(form.affiliation.data) if form.affiliation.data else None,
    }
    if isinstance(form, AskForm):
        common |= {
            "kind": form.kind.data, "title": form.title.data or "", "domain_ids": tuple(form.domains.data or ()),
            "tags": tuple(word for word in (form.tags.data or "").split(",") if word.strip()),
            "space_id": form.space.data, "language": form.language.data or "", "draft_key": "topic",
        }  # fmt: skip
    return Given(**{"kind": "reply"} | common | more)


def _tell_if_held(post_id: int) -> None:
    post = db.session.get(Contribution, post_id)
    if post is not None and post.state == "held":
        flash(_("Thank you. First posts with links wait for a moderator; you will be told."))
    else:
        flash(_("It is posted."))


@forums.route("/t/<int:topic_id>/answer", methods=["GET", "POST"])
def answer(topic_id: int) -> ResponseReturnValue:
    """Answer a question; the form stands under every question too."""
    topic = db.session.get(Topic, stands_in(topic_id))
    if topic is None:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    return _post_under(topic, topic_id, "answer" if topic.kind == "question" else "reply")


@forums.route("/p/<int:post_id>/reply", methods=["GET", "POST"])
def reply(post_id: int) -> ResponseReturnValue:
    parent = contribution_for(viewer(), post_id)
    topic = db.session.get(Topic, parent.root_id)
    if topic is None:
        raise Missing(_l("There is no such post, or it is not open to you."))
    return _post_under(topic, post_id, "reply")


def _post_under(topic: Topic, parent_id: int, kind: str) -> ResponseReturnValue:
    actor, root = viewer(), contribution_for(viewer(), topic.id)
    require(may_post_under(actor, topic, root))
    space = db.session.get_one(Space, root.space_id)
    form = offer_labels(PostForm(), actor, root.label, space.audience)
    parent = contribution_for(actor, parent_id)
    if request.method == "GET":
        begun = draft(actor.id, f"{kind}:{parent_id}").get("text", "")
        form.text.data = begun or (_quotation(parent) if request.args.get("quote") else None)
    sent = not request.form.get("more") and form.validate_on_submit()
    asked = warned(form, actor, space.id) if sent else None
    if sent and asked is None:
        given = _given(form, draft_key=f"{kind}:{parent_id}")
        try:
            if kind == "answer":
                post = services.answer(actor, parent_id, given)
            else:
                post = services.reply(actor, parent_id, given)
        except Invalid as error:
            show_error(form, error)
        else:
            _tell_if_held(post.id)
            return redirect(f"/p/{post.id}", 303)
    page = render_template("forums/reply.html", form=form, topic=topic, parent=parent, kind=kind, asked=asked)
    return page, 422 if form.errors or asked else 200


def _quotation(parent: Contribution) -> str:
    from iocop.organizations.models import MemberCard

    card = db.session.get(MemberCard, parent.author_id)
    author = card.name if card and parent.byline != "sealed" else _("A member")
    return quote(parent.text or parent.plain, author=author, url=f"/p/{parent.id}") + "\n\n"


@forums.route("/p/<int:post_id>/edit", methods=["GET", "POST"])
def edit(post_id: int) -> ResponseReturnValue:
    actor, post = viewer(), contribution_for(viewer(), post_id)
    require(may_revise(actor, post))
    topic = db.session.get(Topic, post_id) if post.root_id == post_id else None
    form = EditForm()
    theirs = ""
    if request.method == "GET":
        form.title.data = topic.title if topic else _title(post)
        form.text.data, form.version.data = post.text, str(post.version)
    sent = form.validate_on_submit()
    asked = warned(form, actor, post.space_id, before=_as_it_is(post, topic)) if sent else None
    if sent and asked is None:
        try:
            _save(actor, post_id, form, is_topic=topic is not None)
        except Stale as stale:
            theirs = stale.theirs
            form.version.data = str(stale.version)
            form.form_errors.append(str(stale))
        except Invalid as error:
            show_error(form, error)
        else:
            flash(_("Your edit is saved."))
            return redirect(f"/p/{post_id}", 303)
    page = render_template("forums/edit.html", form=form, post=post, topic=topic, theirs=theirs, asked=asked)
    return page, 409 if theirs else 422 if form.errors or asked else 200


def _as_it_is(post: Contribution, topic: Topic | None) -> str:
    return f"{topic.title if topic else ''}\n\n{post.text}"


def _save(actor: Viewer, post_id: int, form: EditForm, *, is_topic: bool) -> None:
    sent = form.version.data or ""
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None
    text, reason = form.text.data or "", form.reason.data or ""
    if is_topic:
        services.edit_topic(
            actor, post_id, title=form.title.data or "", text=text, reason=reason, version=version
        )
    else:
        revise(actor, post_id, text, reason=reason, version=version)


def _title(post: Contribution) -> str:
    found = db.session.get(Revision, (post.id, post.version))
    return found.title if found else ""
