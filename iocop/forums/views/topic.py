"""One topic's page, and the permalinks of its posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from iocop.contributions.addresses import place, shows
from iocop.contributions.labels import NAMES
from iocop.contributions.models import Contribution
from iocop.contributions.policy import doubts_in, may_read
from iocop.contributions.presenting import unranked
from iocop.contributions.queries import own_marks
from iocop.contributions.services import note_read
from iocop.core.cache import guest_page, kept_with_people
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.frame import forget_header, header, kept_parts
from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page
from iocop.core.policy import fact
from iocop.core.slots import fill
from iocop.domains.slugs import slug
from iocop.forums.forms import PostForm
from iocop.forums.models import KINDS
from iocop.forums.policy import KEEPERS, masters
from iocop.forums.queries.topic import POSTS_A_PAGE, Merged, sheet, topic_for, waited
from iocop.forums.views import forums
from iocop.forums.views.present import NONE, Trust, address_in, hours_words, merged_shown, posts_shown

if TYPE_CHECKING:
    from collections.abc import Hashable

    from flask.typing import ResponseReturnValue

    from iocop.core.login import Viewer
    from iocop.forums.queries.topic import Sheet


@forums.get("/t/<int:topic_id>")
@forums.get("/t/<int:topic_id>/<path:words>")
@public
@guest_page("topic:{topic_id}")
def topic(topic_id: int, words: str = "") -> ResponseReturnValue:
    del words
    looking = viewer()
    number, threaded = asked_page(), request.args.get("view") == "threaded"
    try:
        found = topic_for(looking, topic_id)
    except Merged as merged:
        return redirect(_in_topic(merged.into_id, merged.position), 301)
    shown = sheet(found, number, threaded)
    marks = own_marks(looking.id, shown.ids)
    trust = _trust(looking, found, shown)
    domain_ids = [row.id for row in shown.domains]
    call = fill("topic_call", [found.id], topic=found, domain_ids=domain_ids).get(found.id, Markup())
    key = ("topic", topic_id, number, threaded, trust, call, *_hangs_on(looking, found, shown, marks))
    parts = kept_parts(
        ("crumbs", "main", "aside"),
        key,
        lambda part: _part(part, found, shown, marks, trust, call, number, threaded),
    )
    whole = len(shown.posts) >= found.posts  # by thread, the last post shown is seldom the newest
    _remember(looking, found, found.posts if whole else shown.posts[-1].row.position)
    canonical = f"/t/{topic_id}/{slug(found.title)}" + (f"?page={number}" if number > 1 else "")
    return render_template("forums/topic.html", topic=found, number=number, canonical=canonical, parts=parts)


def _trust(looking: Viewer, found: Any, shown: Sheet) -> Trust:
    """Return what the viewer is trusted with here, as long as nobody's level changes."""
    if not looking.is_authenticated or looking.suspended:
        return NONE
    ids = tuple(row.id for row in shown.domains)
    kept = kept_with_people(("trust", looking.id, ids), lambda: _trusted(looking, ids))
    return kept if found.answers else kept._replace(doubts=False)


def _trusted(looking: Viewer, ids: tuple[int, ...]) -> Trust:
    doubts = doubts_in(looking, ids)
    able: frozenset[str] = fact("abilities", looking.id, default=frozenset())
    merges = doubts and masters(looking, ids)  # who masters a domain doubts there as well
    return Trust(doubts, merges or "flag" in able, "edit" in able, merges)


def _hangs_on(
    looking: Viewer, found: Any, shown: Sheet, marks: dict[int, frozenset[str]]
) -> tuple[Hashable, ...]:
    """Return all that a topic's parts hang on: versions, the viewer's standing, and what is the viewer's own."""
    own = looking.id if looking.id in shown.author_ids or looking.id == found.author_id else 0
    return (
        found.version, looking.people_version, looking.site_version, looking.is_authenticated, looking.suspended,
        looking.roles, own, found.muted, frozenset(marks.items()), unranked(post.row for post in shown.posts),
    )  # fmt: skip


def _part(
    part: str, found: Any, shown: Sheet, marks: dict[int, frozenset[str]], trust: Trust, call: Markup,
    number: int, threaded: bool,
) -> str:  # fmt: skip
    looking = viewer()
    writing = looking.is_authenticated and not looking.suspended and not found.closed_at
    keeping = bool(looking.roles.intersection(KEEPERS))
    return render_template(
        f"forums/_topic_{part}.html", topic=found, sheet=shown, threaded=threaded, waited=waited(found),
        posts=posts_shown(found, shown, looking, marks, trust) if part == "main" else [],
        page=Page(shown.posts, number, POSTS_A_PAGE, found.posts),
        writing=writing, form=PostForm(formdata=None, meta={"csrf": False}) if writing else None,
        closes=trust.closes or keeping, merges=trust.merges or keeping, label_names=NAMES,
        merged=merged_shown(found, shown) if part == "main" else [],
        first_answer_after=lambda hours: _("first after %(time)s", time=hours_words(hours)),
        topic_aside=_beside(found) if part == "aside" else "", topic_call=call,
    )  # fmt: skip


def _beside(found: Any) -> str:
    return fill("topic_aside", [found.id], title=found.title, label=found.label).get(found.id, Markup())


def _remember(looking: Viewer, found: Any, position: int) -> None:
    """Keep how far the member has read, where that is further than known; tell who counts what is unread."""
    if not looking.is_authenticated:
        return
    further = position > (found.read_to or 0)
    if further:
        note_read(looking, {found.id: position})
    waiting = header()
    if further or (waiting and waiting.unread):
        fact("topic_seen", looking, found.id, default=None)
        forget_header()


@forums.get("/p/<int:post_id>")
@public
def post(post_id: int) -> ResponseReturnValue:
    """Lead to a post where it stands, whatever page that is and whichever feature shows it."""
    row = db.session.get(Contribution, post_id)
    if row is None or not may_read(viewer(), row):
        raise Missing(_l("There is no such post, or it is not open to you."))
    root = row if row.root_id in {None, row.id} else db.session.get_one(Contribution, row.root_id)
    found = place(row.kind, root.id, row.position) or place(root.kind, root.id, row.position)
    if found is None:
        raise Missing(_l("There is no such post, or it is not open to you."))
    return redirect(found, 302)


@shows(*KINDS)
def _in_topic(topic_id: int, position: int) -> str:
    return address_in(topic_id, position)
