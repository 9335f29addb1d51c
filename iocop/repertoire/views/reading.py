"""One article's page.

Higher features, and this one's other pages, stand on it through slots: ``article_facts`` (the quiet line below the
title), ``article_foot`` (sections below the text) and ``article_aside`` (beside it). They are filled when the page's
parts are made, so what they show may hang on nothing but the article's version, people, the site, and the viewer's
offices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import redirect, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from iocop.contributions import presenting
from iocop.contributions.labels import NAMES
from iocop.contributions.presenting import author_of, unranked
from iocop.contributions.queries import own_marks
from iocop.core import clock
from iocop.core.cache import guest_page
from iocop.core.frame import forget_header, header, kept_parts
from iocop.core.login import public, viewer
from iocop.core.pages import Page, asked_page
from iocop.core.policy import fact
from iocop.core.slots import fill
from iocop.members.numbers import shown as shown_number
from iocop.organizations.queries.cards import cards
from iocop.repertoire.addresses import POSTS_A_PAGE, article_address
from iocop.repertoire.contents import FEWEST, contents
from iocop.repertoire.forms import ReplyForm
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.queries.page import article_for, sheet, successor_for
from iocop.repertoire.views import repertoire
from iocop.repertoire.views.body import body
from iocop.repertoire.views.discussion import posts_shown
from iocop.repertoire.wording import SEALS
from iocop.spaces.queries import VERIFIED

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from flask.typing import ResponseReturnValue

    from iocop.contributions.presenting import Author
    from iocop.core.login import Viewer
    from iocop.repertoire.queries.page import Sheet

SLOTS = ("article_facts", "article_foot", "article_aside")


@repertoire.get("/a/<int:article_id>")
@repertoire.get("/a/<int:article_id>/<words>")
@public
@guest_page("topic:{article_id}", "repertoire", "organizations")
def article(article_id: int, words: str = "") -> ResponseReturnValue:
    del words
    looking, number = viewer(), asked_page()
    found = article_for(looking, article_id)
    successor = successor_for(looking, found)
    if found.retired_how == "merged" and successor:
        return redirect(article_address(found.successor_id, successor), 301)
    shown = sheet(found, number)
    marks = own_marks(looking.id, (found.id, *shown.talk.ids))
    stale = found.retired_at is None and found.review_by <= clock.now()
    looked_at = _Page(found, shown, marks, number, successor)
    key = ("article", article_id, number, stale, successor, *_hangs_on(looking, found, shown, marks))
    parts = kept_parts(("crumbs", "main", "aside"), key, lambda part: _part(part, looked_at, stale))
    _remember(looking, article_id)
    canonical = article_address(article_id, found.title) + (f"?page={number}" if number > 1 else "")
    return render_template(
        "repertoire/article.html", article=found, number=number, canonical=canonical, parts=parts
    )


def _hangs_on(
    looking: Viewer, found: Any, shown: Sheet, marks: Mapping[int, frozenset[str]]
) -> tuple[Hashable, ...]:
    """Return all that an article's parts hang on: versions, the viewer's standing, and what is the viewer's own."""
    concerned = {
        found.author_id,
        found.owner_id,
        found.deputy_id,
        *(row.author_id for row in shown.talk.posts),
    }
    return (
        found.version, found.waiting, looking.people_version, looking.site_version,
        looking.is_authenticated, looking.suspended, looking.roles, looking.id if looking.id in concerned else 0,
        found.muted, frozenset(marks.items()), unranked(shown.talk.posts),
    )  # fmt: skip


@dataclass
class _Page:
    """What is shown, with the names on it asked for once, if any part is made at all."""

    found: Any
    shown: Sheet
    marks: Mapping[int, frozenset[str]]
    number: int
    successor: str

    @cached_property
    def names(self) -> dict[int, Any]:
        found, shown = self.found, self.shown
        return cards(frozenset({
            found.author_id, found.retired_by_id or 0, found.owner_id or 0, found.deputy_id or 0, shown.editor.author_id,
            *(seal.author_id for seal in shown.seals), *(row.author_id for row in shown.talk.posts),
        }))  # fmt: skip


def _part(part: str, page: _Page, stale: bool) -> str:
    looking, found = viewer(), page.found
    about: dict[str, Any] = {
        "article": found, "sheet": page.shown, "kind": KINDS[found.kind], "stale": stale,
        "acting": looking.is_authenticated and not looking.suspended, "standing": SEALS[found.standing],
        "address": article_address(found.id, found.title), "successor": page.successor,
    }  # fmt: skip
    made = {"crumbs": lambda _page: {}, "main": _main, "aside": _aside}[part](page)
    return render_template(f"repertoire/_article_{part}.html", **about | made)


def _main(page: _Page) -> dict[str, Any]:
    looking, found, shown, talk, names = viewer(), page.found, page.shown, page.shown.talk, page.names
    address = article_address(found.id, found.title) + (f"?page={page.number}" if page.number > 1 else "")
    acting = looking.is_authenticated and not looking.suspended
    entries = contents(shown.html)
    edit_address = f"/a/{found.id}/edit" if acting and not found.retired_at else ""
    writers = frozenset({found.author_id, *(row.author_id for row in talk.posts)})
    chips = fill("author_chip", writers, topic_id=found.id)
    return {
        "body": body(looking, found.id, found.space_id, shown.html, edit_address),
        "contents": entries if len(entries) >= FEWEST else [],
        "author": author_of(found, names, presenting.words(), Markup(), chips),
        "editor": _signed(shown.editor, names), "retirer": names.get(found.retired_by_id),
        "seals": [_signed(seal, names) for seal in shown.seals], "own": looking.id == found.author_id,
        "mine": page.marks.get(found.id, frozenset()), "label_names": NAMES,
        "posts": posts_shown(address, talk, looking, page.marks, names, chips),
        "page": Page(talk.posts, page.number, POSTS_A_PAGE, talk.last - 1),
        "form": ReplyForm(formdata=None, meta={"csrf": False}) if acting else None,
        "article_facts": _slot("article_facts", found), "article_foot": _slot("article_foot", found),
    }  # fmt: skip


def _aside(page: _Page) -> dict[str, Any]:
    found, names = page.found, page.names
    keepers = [
        (words, names.get(key))
        for words, key in ((_("Owner"), found.owner_id), (_("Deputy"), found.deputy_id))
    ]
    return {"keepers": keepers, "number": shown_number, "article_aside": _slot("article_aside", found)}


def _slot(name: str, found: Any) -> Markup:
    return fill(name, [found.id], article=found).get(found.id, Markup())


class Signed(NamedTuple):
    """Somebody who approved or edited: called as now, from where they were then.

    Attributes:
        proved: whether that affiliation was verified.
    """

    author: Author
    at: Any
    proved: bool


def _signed(row: Any, names: Mapping[int, Any]) -> Signed:
    by = _Named(row.author_id, getattr(row, "byline", "named"), row.organization_id, row.organization_name)
    author = author_of(by, names, presenting.words(), Markup(), {})
    return Signed(author, row.at, getattr(row, "org_evidence", None) in VERIFIED)


class _Named(NamedTuple):
    author_id: int
    byline: str
    organization_id: int | None
    organization_name: str | None


def _remember(looking: Viewer, article_id: int) -> None:
    """Tell who counts what is unread that the member has seen what stands here."""
    if not looking.is_authenticated:
        return
    waiting = header()
    if waiting and waiting.unread:
        fact("topic_seen", looking, article_id, default=None)
        forget_header()
