"""What is kept of searches, as its pages and notices read it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.policy import provides, require
from iocop.forums.models import Topic
from iocop.members.queries import viewer_of
from iocop.members.tokens import hashed
from iocop.repertoire.models import Article
from iocop.search import policy
from iocop.search.asking import ROOT, STANDS
from iocop.search.models import MissedText, SavedSearch, SearchDay, SearchMatch
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Row

    from iocop.core.login import Viewer

ON_THE_BOARD = 20
"""Texts of missed searches the board of requests shows."""

_WAITING = (
    select(
        SearchMatch.ref, Contribution.id, Contribution.root_id, Contribution.label, Contribution.created_at,
        ROOT.label.label("root_label"), func.coalesce(Topic.title, Article.title).label("title"),
    )
    .join(Contribution, Contribution.id == SearchMatch.contribution_id)
    .join(ROOT, ROOT.id == Contribution.root_id)
    .outerjoin(Topic, Topic.id == ROOT.id)
    .outerjoin(Article, Article.id == ROOT.id)
    .where(SearchMatch.told_key == "")
    .order_by(Contribution.created_at.desc(), Contribution.id.desc())
)  # fmt: skip


def saved_of(viewer: Viewer) -> Sequence[SavedSearch]:
    """Return the viewer's saved searches, by name."""
    mine = select(SavedSearch).where(SavedSearch.member_id == viewer.id)
    return db.session.scalars(mine.order_by(func.lower(SavedSearch.name), SavedSearch.id)).all()


def saved_search(viewer: Viewer, saved_id: int) -> SavedSearch:
    """Return one of the viewer's saved searches.

    Raises:
        Missing: there is none.
        Refused: it is somebody else's.
    """
    saved = db.session.get(SavedSearch, saved_id)
    if saved is None:
        raise Missing(_l("There is no such saved search."))
    require(policy.may_change_saved(viewer, saved))
    return saved


def waiting(viewer: Viewer, saved_id: int) -> tuple[Sequence[Row[*tuple[Any, ...]]], list[str]]:
    """Return what a member is still to be told of: the rows they may read at this moment, and the refs of all.

    Each root stands there once, by its newest match.
    """
    scope, this = scope_of(viewer), SearchMatch.saved_search_id == saved_id
    refs = list(db.session.scalars(select(SearchMatch.ref).where(this, SearchMatch.told_key == "")))
    shown = _WAITING.where(
        this,
        STANDS,
        readable(scope, Contribution.space_id, Contribution.label),
        readable(scope, ROOT.space_id, ROOT.label),
    )
    rows = {row.root_id: row for row in reversed(db.session.execute(shown).all())} if refs else {}
    return list(reversed(rows.values())), refs


def due(before: timedelta) -> list[int]:
    """Return the saved searches with something to tell whose member was last told so long ago, or never."""
    quiet = SavedSearch.told_at.is_(None) | (SavedSearch.told_at <= clock.now() - before)
    waits = select(SearchMatch.saved_search_id).where(SearchMatch.told_key == "")
    return list(
        db.session.scalars(
            select(SavedSearch.id).where(SavedSearch.alert == "mail", quiet, SavedSearch.id.in_(waits))
        )
    )


def owner_of_feed(token: str) -> tuple[SavedSearch, Viewer]:
    """Return the saved search of a feed's address, and its member as they stand at this moment.

    Raises:
        Missing: no such feed, or its member is suspended, has left or was erased.
    """
    saved = db.session.scalar(select(SavedSearch).where(SavedSearch.feed_hash == hashed(token)))
    owner = viewer_of(saved.member_id) if saved else None
    if saved is None or owner is None or owner.suspended:
        raise Missing(_l("There is no such feed: its owner may have ended it."))
    return saved, owner


@provides("missed_texts")
def missed_texts(viewer: Viewer) -> Sequence[MissedText]:
    """Return what members looked for in vain, the most wanted first; nothing for guests."""
    if not viewer.is_authenticated:
        return ()
    wanted = select(MissedText).where(MissedText.dropped.is_(False))
    return db.session.scalars(
        wanted.order_by(MissedText.times.desc(), MissedText.last_on.desc(), MissedText.id).limit(ON_THE_BOARD)
    ).all()


DAYS: Final = 30
"""Of which it is said how searching went."""


class Rates(NamedTuple):
    """How searching went over some days; a rate of nothing is None.

    Attributes:
        without_result: share of all searches that found nothing under any tab.
        found: share of members' searches after which a result was opened within five minutes.
    """

    searches: int
    by_members: int
    without_result: Fraction | None
    found: Fraction | None


def rates(days: int) -> Rates:
    """Return how searching went over the last so many days (UTC), today among them."""
    since = clock.now().date() - timedelta(days=days - 1)
    sums = (SearchDay.searches, SearchDay.empty, SearchDay.by_members, SearchDay.opened)
    row = db.session.execute(
        select(*(func.coalesce(func.sum(each), 0) for each in sums)).where(SearchDay.day >= since)
    ).one()
    searches, empty, by_members, opened = map(int, row)
    return Rates(searches, by_members, _share(empty, searches), _share(opened, by_members))


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
