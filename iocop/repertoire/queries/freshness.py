"""What is stale, has no seal or no keeper; and what the articles' history says about how long they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Text, and_, cast, extract, false, func, or_, select

from iocop.contributions.models import Contribution, ContributionDomain
from iocop.contributions.queries import contribution_for
from iocop.core import clock
from iocop.core.db import alias_of, db, is_postgresql, read
from iocop.core.errors import Missing
from iocop.core.pages import Page, offset
from iocop.members.models import Member
from iocop.repertoire.models import Article, Proposal, Spell
from iocop.repertoire.queries.waiting import days_since, open_to
from iocop.repertoire.renewal import (
    FEWEST,
    RENEWAL_WINDOW,
    Decay,
    Life,
    decay,
    median_life,
    renewal_rate,
    survival,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from iocop.core.login import Viewer
    from iocop.repertoire.renewal import Step

ROWS: Final = 25
DAY: Final = 86_400
"""Seconds."""
ENDS: Final = frozenset({"stale", "outdated", "retired"})
"""How a spell ends because the article holds no more."""

_Owner, _Deputy = alias_of(Member), alias_of(Member)
_DOMAIN_IDS = (
    select(func.aggregate_strings(cast(ContributionDomain.domain_id, Text), ","))
    .where(ContributionDomain.contribution_id == Article.id)
    .correlate(Article)
    .scalar_subquery()
)
_ARTICLES = (
    select(
        Article.id, Article.kind, Article.title, Article.standing, Article.review_by, Article.renewed_at,
        Contribution.outdated, _DOMAIN_IDS.label("domain_ids"), _Owner.name.label("owner"),
        _Owner.state.label("owner_state"), _Deputy.name.label("deputy"), _Deputy.state.label("deputy_state"),
        select(func.count()).where(Proposal.article_id == Article.id, Proposal.status == "waiting")
        .correlate(Article).scalar_subquery().label("waiting"),
        select(Spell.ended_by).where(Spell.article_id == Article.id).order_by(Spell.id.desc()).limit(1)
        .correlate(Article).scalar_subquery().label("ended_by"),
    )
    .join(Contribution, Contribution.id == Article.id)
    .outerjoin(_Owner, _Owner.id == Article.owner_id)
    .outerjoin(_Deputy, _Deputy.id == Article.deputy_id)
)  # fmt: skip


def readable_article(viewer: Viewer, article_id: int) -> tuple[Article, Contribution]:
    """Return an article the viewer may read, with its contribution.

    Raises:
        Missing: there is none, or it is not open to the viewer.
    """
    article = db.session.get(Article, article_id)
    if article is None:
        raise Missing(_l("There is no such article, or it is not open to you."))
    return article, contribution_for(viewer, article_id)


@dataclass(frozen=True)
class Due:
    """An article that needs somebody.

    Attributes:
        days: since its review date; negative before it.
        outdated: whether another organization says that it is.
    """

    row: Any
    domain_ids: frozenset[int]
    days: int
    outdated: bool
    owner: str
    deputy: str


def standing_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that an article stands and the viewer may read it."""
    return and_(Article.listed, Article.retired_how == "", open_to(viewer))


def _condition(show: str) -> ColumnElement[bool]:
    if show == "stale":
        return Article.review_by <= clock.now()
    if show == "unsealed":
        return Article.standing != "sealed"
    if show == "unkept":
        return or_(Article.owner_id.is_(None), _Owner.state != "active")
    return false()


def articles(viewer: Viewer, show: str, domain_id: int | None, number: int) -> Page[Due]:
    """Return one page of the articles that need somebody, the longest due first.

    Args:
        show: ``stale``, ``unsealed`` (imported or provisional) or ``unkept`` (no owner, or one who is not here).
    """
    conditions = [standing_to(viewer), _condition(show)]
    if domain_id is not None:
        filed = select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id == domain_id)
        conditions.append(Article.id.in_(filed))
    rows = db.session.execute(
        _ARTICLES.where(*conditions)
        .order_by(Article.review_by, Article.id)
        .limit(ROWS)
        .offset(offset(number, ROWS))
    ).all()
    total = _counted(conditions) if len(rows) == ROWS or number > 1 else len(rows)
    return Page([_due(row) for row in rows], number, ROWS, total)


def _counted(conditions: Sequence[ColumnElement[bool]]) -> int:
    statement = (
        select(func.count())
        .select_from(Article)
        .join(Contribution, Contribution.id == Article.id)
        .outerjoin(_Owner, _Owner.id == Article.owner_id)
    )
    return db.session.scalar(statement.where(*conditions)) or 0


def _due(row: Any) -> Due:
    return Due(
        row, _ids(row.domain_ids), days_since(row.review_by), row.ended_by == "outdated",
        row.owner if row.owner_state == "active" else "", row.deputy if row.deputy_state == "active" else "",
    )  # fmt: skip


def _ids(listed: str | None) -> frozenset[int]:
    return frozenset(int(key) for key in (listed or "").split(",") if key)


def counts(viewer: Viewer) -> dict[str, int]:
    """Return how much waits under each tab of the queue."""
    found = {
        show: _counted([standing_to(viewer), _condition(show)]) for show in ("stale", "unsealed", "unkept")
    }
    waits = (
        select(Proposal.status, func.count())
        .join(Contribution, Contribution.id == Proposal.id)
        .where(Proposal.status.in_(("waiting", "changes")), open_to(viewer))
        .group_by(Proposal.status)
    )
    return {"waiting": 0, "changes": 0} | found | {row[0]: row[1] for row in db.session.execute(waits)}


@dataclass(frozen=True)
class Freshness:
    """What the history of some articles says; None stands for a figure of too few articles, or one not yet known.

    Attributes:
        articles: that stand now.
        stale: of them, past their review date.
        renewed: of them, new, revised or confirmed by another organization within a year.
        watched: articles, retired ones too, whose times the survival curve is made of.
        median: days until half hold no longer (Kaplan-Meier).
    """

    articles: int
    stale: int | None
    renewed: int | None
    rate: Fraction | None
    watched: int
    steps: Sequence[Step]
    median: float | None
    decay: Decay | None


def figures(viewer: Viewer) -> dict[int | None, Freshness]:
    """Return how fresh the articles are that a viewer may read, and how quickly they renew themselves.

    By domain, and under None for all; in two statements, however many domains there are.
    """
    articles, lives = _histories(viewer), _lives(viewer)
    found: dict[int | None, list[_History]] = {None: articles}
    for history in articles:
        for domain_id in history.domain_ids:
            found.setdefault(domain_id, []).append(history)
    return {domain_id: _figure(histories, lives) for domain_id, histories in found.items()}


class _History(NamedTuple):
    """An article, or a retired one, as the figures need it."""

    id: int
    stands: bool
    stale: bool
    domain_ids: frozenset[int]


class _Time(NamedTuple):
    life: Life
    renews: bool


def _histories(viewer: Viewer) -> list[_History]:
    now = clock.now()
    rows = db.session.execute(
        select(Article.id, Article.listed, Article.retired_how, Article.review_by, _DOMAIN_IDS)
        .join(Contribution, Contribution.id == Article.id)
        .where(open_to(viewer))
        .order_by(Article.id)
    )
    return [
        _History(key, listed and not how, review_by <= now, _ids(domains))
        for key, listed, how, review_by, domains in rows
        if listed or how
    ]


def _lives(viewer: Viewer) -> dict[int, list[_Time]]:
    """Return by article, in whole days, how long it was taken to hold; what still runs is cut off now.

    The days are counted in the database: making moments of hundreds of thousands of them is what would take long.
    """
    now = clock.now()
    rows: Sequence[Any] = read(
        select(
            Spell.article_id,
            _seconds(func.coalesce(Spell.ended_at, now), Spell.began_at),
            Spell.ended_by.in_(ENDS),
            and_(
                Spell.began_by != "imported", Spell.began_at > now - RENEWAL_WINDOW
            ),  # what was imported is not new
        )
        .join(Contribution, Contribution.id == Spell.article_id)
        .where(open_to(viewer))
        .order_by(Spell.id)
    ).all()
    found: dict[int, list[_Time]] = {}
    for row in rows:
        life = Life(max(0, round(row[1]) // DAY), bool(row[2]))
        found.setdefault(row[0], []).append(_Time(life, bool(row[3])))
    return found


def _seconds(later: ColumnElement[Any], earlier: Any) -> ColumnElement[Any]:
    passed: ColumnElement[Any] = (
        extract("epoch", later - earlier)
        if is_postgresql()
        else (func.julianday(later) - func.julianday(earlier)) * DAY
    )
    return passed


def _figure(histories: Sequence[_History], lives: Mapping[int, Sequence[_Time]]) -> Freshness:
    standing = [history for history in histories if history.stands]
    total = len(standing)
    renewed = sum(any(time.renews for time in lives.get(history.id, ())) for history in standing)
    watched = [times for history in histories if (times := lives.get(history.id))]
    few, unwatched = total < FEWEST, len(watched) < FEWEST
    every = [] if unwatched else [time.life for times in watched for time in times]
    steps = survival(every)
    return Freshness(
        total, None if few else sum(history.stale for history in standing), None if few else renewed,
        None if few else renewal_rate(renewed, total), len(watched), steps, median_life(steps),
        None if unwatched else decay(every),
    )  # fmt: skip


NOTHING: Final = Freshness(0, None, None, None, 0, (), None, None)
"""Of a domain without articles."""
