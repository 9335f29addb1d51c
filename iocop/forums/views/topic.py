"""One topic's page, and the permalinks of its posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.contributions.policy import may_read
from iocop.contributions.services import note_read
from iocop.core.cache import guest_page
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page
from iocop.core.policy import fact
from iocop.core.slots import fill
from iocop.domains.slugs import slug
from iocop.forums.forms import LABEL_WORDS, PostForm
from iocop.forums.policy import KEEPERS
from iocop.forums.queries.topic import POSTS_A_PAGE, page_of, sheet, topic_for, waited
from iocop.forums.views import forums
from iocop.forums.views.asking import offer_labels
from iocop.forums.views.present import hours_words, posts_shown

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from iocop.core.login import Viewer


@forums.get("/t/<int:topic_id>")
@forums.get("/t/<int:topic_id>/<path:words>")
@public
@guest_page("topic:{topic_id}")
def topic(topic_id: int, words: str = "") -> ResponseReturnValue:
    del words
    looking = viewer()
    number, threaded = asked_page(), request.args.get("view") == "threaded"
    found = topic_for(looking, topic_id)
    shown = sheet(found, number, threaded)
    posts = posts_shown(found, shown, looking)
    _remember(looking, found, shown.posts[-1].row.position if shown.posts else 0)
    return render_template(
        "forums/topic.html", topic=found, sheet=shown, posts=posts, threaded=threaded, waited=waited(found),
        page=Page(posts, number, POSTS_A_PAGE, found.posts), canonical=f"/t/{topic_id}/{slug(found.title)}",
        form=_form(looking, found), keepers=frozenset(KEEPERS), label_words=LABEL_WORDS,
        first_answer_after=lambda hours: _("first after %(time)s", time=hours_words(hours)),
        topic_aside=fill("topic_aside", [topic_id], title=found.title).get(topic_id, ""),
    )  # fmt: skip


def _form(looking: Viewer, found: object) -> PostForm | None:
    if not looking.is_authenticated or looking.suspended or getattr(found, "closed_at", None):
        return None
    form = PostForm(formdata=None)
    return offer_labels(form, looking, getattr(found, "label", "members"))


def _remember(looking: Viewer, found: object, position: int) -> None:
    """Keep how far the member has read, where that is further than known; tell who counts what is unread."""
    if not looking.is_authenticated:
        return
    known = getattr(found, "read_to", None) or 0
    if position > known:
        note_read(looking, {getattr(found, "id", 0): position})
        fact("topic_seen", looking, getattr(found, "id", 0), default=None)


@forums.get("/p/<int:post_id>")
@public
def post(post_id: int) -> ResponseReturnValue:
    """Lead to a post where it stands, whatever page that is."""
    row = db.session.get(Contribution, post_id)
    if row is None or not may_read(viewer(), row):
        raise Missing(_l("There is no such post, or it is not open to you."))
    page = page_of(row.position)
    address = f"/t/{row.root_id or row.id}" + (f"?page={page}" if page > 1 else "")
    return redirect(f"{address}#post-{row.position}", 302)
