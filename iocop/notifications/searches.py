"""Telling members what is new in their saved searches: at once where nothing was told for a day, else gathered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import or_, select

from iocop.contributions.events import Rewritten
from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, alias_of, db
from iocop.core.events import after, within
from iocop.core.mail import forget_mails, queue_mail
from iocop.core.models import MailRow
from iocop.core.site import site
from iocop.members.events import MemberErased
from iocop.members.mails import link, write
from iocop.members.models import Member
from iocop.members.queries import viewer_of
from iocop.notifications import queries, services, tokens
from iocop.notifications.news import News
from iocop.notifications.words import KINDS
from iocop.search import queries as searches
from iocop.search.events import SearchMatched
from iocop.search.models import SavedSearch, SearchMatch
from iocop.search.services import settle_matches
from iocop.spaces.labels import Channel, carries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from iocop.core.login import Viewer

EVERY: Final = timedelta(days=1)
"""A saved search tells at most so often."""
LISTED: Final = 20
"""Lines of a mail; more are a link away."""
KEPT_IN: Final = "-"
"""The key of what was not to be told after all."""

_root = alias_of(Contribution)
_LISTING = (
    select(MailRow.id)
    .join(SearchMatch, SearchMatch.told_key == MailRow.event_key)
    .join(Contribution, Contribution.id == SearchMatch.contribution_id)
    .join(_root, _root.id == Contribution.root_id)
)
"""Mails about saved searches, beside what each lists."""


@after(SearchMatched)
def tell_of_matches(happened: SearchMatched) -> None:
    tell_of_search(happened.saved_search_id)


@within(MemberErased)
def forget_mails_listing(happened: MemberErased) -> None:
    """A list of titles that somebody else was sent goes with those who gave them."""
    theirs = or_(Contribution.author_id == happened.member_id, _root.author_id == happened.member_id)
    forget_mails(db.session.scalars(_LISTING.where(theirs).distinct()).all())


@within(Rewritten)
def forget_mails_of_old_titles(happened: Rewritten) -> None:
    ids = happened.contribution_ids
    forget_mails(db.session.scalars(_LISTING.where(or_(Contribution.id.in_(ids), _root.id.in_(ids)))).all())


def tell_of_search(saved_id: int) -> None:
    """Tell a member what waits in a saved search, as far as it is open to them now; not twice in a day."""
    saved = db.session.get(SavedSearch, saved_id, populate_existing=True)
    if saved is None or saved.alert == "none" or not _is_time(saved):
        return
    viewer = viewer_of(saved.member_id)
    if viewer is None:
        return
    rows, refs = searches.waiting(viewer, saved_id)
    rows = [row for row in rows if viewer.id not in queries.muted_by(row.root_id)]
    if not refs:
        return
    with act():
        key = f"search:{saved_id}:{clock.now():%Y%m%d%H%M%S}" if rows else KEPT_IN
        if rows:
            _tell(saved, viewer, rows, key)
        settle_matches(saved_id, refs, key)


def tell_due() -> None:
    """Tell of what gathered since a saved search last told its member."""
    for saved_id in searches.due(EVERY):
        tell_of_search(saved_id)


def _is_time(saved: SavedSearch) -> bool:
    return saved.told_at is None or saved.told_at <= clock.now() - EVERY


def _tell(saved: SavedSearch, viewer: Viewer, rows: Sequence[Row[*tuple[Any, ...]]], key: str) -> None:
    newest = rows[0]
    news = News(
        key, contribution_id=newest.id, root_id=newest.root_id, words=saved.name, mailed=False,
        matter="one" if len(rows) == 1 else "several",
    )  # fmt: skip
    services.tell(news, [(viewer.id, "search")])
    member = db.session.get_one(Member, viewer.id)
    _inbox, mail = queries.choices([viewer.id]).get((viewer.id, "search"), services.BOTH)
    if mail and member.email and member.state == "active":
        _queue(saved, member, rows, key)


def _queue(saved: SavedSearch, member: Member, rows: Sequence[Row[*tuple[Any, ...]]], key: str) -> None:
    """Queue the mail, in the current act; a title goes only as far as its label lets it."""
    chosen = member.locale or current_app.config["BABEL_DEFAULT_LOCALE"]
    unsubscribe = link("notifications.unsubscribe", token=tokens.sign(member.id, "search"))
    with force_locale(chosen):
        queue_mail(
            event_key=key, recipient_id=member.id, kind="notice", address=member.email or "",
            subject=f"{_('New in “%(name)s”', name=saved.name)} · {site().name}",
            body=write(
                "notices/search", chosen, name=member.name, saved=saved.name, lines=list(map(_line, rows[:LISTED])),
                more=len(rows) > LISTED, results=link("search.results", q=saved.text, kind=saved.kind),
                searches=link("search.saved"), kind=KINDS["search"], unsubscribe=unsubscribe,
                choices=link("notifications.settings"),
            ),
            headers={
                "List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )  # fmt: skip


def _line(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    """Return a title, empty where its label keeps it on the site, and where it stands."""
    carried = carries(Channel.MAIL, row.label) and carries(Channel.MAIL, row.root_label)
    return (row.title or "") if carried else "", link("forums.post", post_id=row.id)
