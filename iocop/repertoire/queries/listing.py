"""Lists of articles inside what the viewer may read; kept under the repertoire's version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import g
from sqlalchemy import Text, cast, func, literal_column, select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag
from iocop.core import clock
from iocop.core.cache import fragments
from iocop.core.db import alias_of, db
from iocop.core.pages import Page, offset
from iocop.core.versions import versions
from iocop.domains.models import Tag
from iocop.repertoire.models import Article
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from sqlalchemy import Select, SQLColumnExpression

    from iocop.core.login import Viewer
    from iocop.spaces.queries import Scope

ARTICLES_A_PAGE = 30
SORTS = ("renewed", "title", "confirmed")
SHOWN = ("", "stale", "obsolete")

_Tagged = alias_of(Tag)
_Confirmed = alias_of(Contribution)
_CONFIRMED = select(_Confirmed.id).where(_Confirmed.works_here > literal_column("0"))  # as its index has it
_DOMAIN_IDS = (
    select(func.aggregate_strings(cast(ContributionDomain.domain_id, Text), ","))
    .where(ContributionDomain.contribution_id == Article.id)
    .correlate(Article)
    .scalar_subquery()
)
_ROWS = select(
    Article.id, Article.kind, Article.title, Article.summary, Article.standing, Article.product, Article.versions,
    Article.renewed_at, Article.review_by, Article.retired_how, Contribution.works_here, Contribution.label,
    _DOMAIN_IDS.label("domain_ids"),
).join(Contribution, Contribution.id == Article.id)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; every field left out narrows nothing.

    Attributes:
        show: ``stale``: what nobody confirmed in time; ``obsolete``: what was retired; else all that stands.
        sort: one of `SORTS`; ``confirmed`` leaves out what nobody confirmed.
    """

    kind: str = ""
    domain_id: int | None = None
    tag: str = ""
    standing: str = ""
    product: str = ""
    owner_id: int | None = None
    show: str = ""
    sort: str = "renewed"


@dataclass(frozen=True)
class Listed:
    """An article as a list shows it."""

    row: Any
    domain_ids: tuple[int, ...]
    stale: bool


def articles(viewer: Viewer, wanted: Wanted, number: int, size: int = ARTICLES_A_PAGE) -> Page[Listed]:
    """Return one page of a list of articles, renewed last first unless asked otherwise."""
    return _kept_page(viewer, wanted, number, size, _version)


def latest(viewer: Viewer, wanted: Wanted, size: int) -> Page[Listed]:
    """Return the first few of a list, for a page that asks for little: under the version read along with the viewer."""
    return _kept_page(viewer, wanted, 1, size, lambda: (viewer.topics_version,))


def _kept_page(
    viewer: Viewer, wanted: Wanted, number: int, size: int, version: Callable[[], tuple[int, ...]]
) -> Page[Listed]:
    scope = scope_of(viewer)
    if not viewer.is_authenticated:
        return _read_page(wanted, scope, number, size)  # the whole page is kept
    key = ("articles", version(), clock.now().date(), wanted, scope, number, size)
    return fragments().remember(key, lambda: _read_page(wanted, scope, number, size))


def _version() -> tuple[int, ...]:
    """Ask for the versions once a request."""
    if "repertoire_version" not in g:
        g.repertoire_version = versions("repertoire", "topics")
    found: tuple[int, ...] = g.repertoire_version
    return found


def list_version(viewer: Viewer) -> tuple[tuple[int, ...], date, Scope]:
    """Return what a member's lists of articles hang on."""
    return _version(), clock.now().date(), scope_of(viewer)


def _read_page(wanted: Wanted, scope: Scope, number: int, size: int) -> Page[Listed]:
    conditions = _conditions(wanted, scope)
    statement = _ROWS.where(*conditions).order_by(*_order(wanted)).limit(size).offset(offset(number, size))
    rows = db.session.execute(statement).all()
    now = clock.now()
    listed = [
        Listed(
            row, tuple(int(key) for key in (row.domain_ids or "").split(",") if key),
            not row.retired_how and row.review_by <= now,
        )
        for row in rows
    ]  # fmt: skip
    if len(rows) < size and (rows or number == 1):
        return Page(listed, number, size, offset(number, size) + len(rows))
    if replace(wanted, kind="", sort="renewed") == Wanted():  # a whole section: counted already
        counts = _counts(scope)
        return Page(listed, number, size, counts.get(wanted.kind, 0) if wanted.kind else sum(counts.values()))
    total = select(func.count()).select_from(Article).join(Contribution, Contribution.id == Article.id)
    return Page(listed, number, size, db.session.scalar(total.where(*conditions)) or 0)


def _order(wanted: Wanted) -> Sequence[Any]:
    if wanted.sort == "title":
        return [Article.title_key, Article.id]
    if wanted.sort == "confirmed":
        return [Contribution.works_here.desc(), Contribution.id.desc()]
    return [Article.renewed_at.desc(), Article.id.desc()]


def _conditions(wanted: Wanted, scope: Scope) -> list[SQLColumnExpression[bool]]:
    found: list[SQLColumnExpression[bool]] = [
        Article.listed, readable(scope, Contribution.space_id, Contribution.label), _standing_now(wanted.show),
    ]  # fmt: skip
    for column, value in (
        (Article.kind, wanted.kind), (Article.standing, wanted.standing), (Article.owner_id, wanted.owner_id),
    ):  # fmt: skip
        if value:
            found.append(column == value)
    if wanted.sort == "confirmed":
        found.append(Article.id.in_(_CONFIRMED))
    if wanted.show == "stale":
        found.append(Article.review_by <= clock.now())
    if wanted.product:
        found.append(func.lower(Article.product) == wanted.product.lower())
    if wanted.domain_id is not None:
        found.append(Article.id.in_(_within(wanted.domain_id)))
    if wanted.tag:
        found.append(Article.id.in_(_tagged(wanted.tag)))
    return found


def _standing_now(show: str) -> SQLColumnExpression[bool]:
    return Article.retired_how == ("obsolete" if show == "obsolete" else "")


def _within(domain_id: int) -> Select[int]:
    return select(ContributionDomain.contribution_id).where(ContributionDomain.domain_id == domain_id)


def _tagged(slug: str) -> Select[int]:
    return (
        select(ContributionTag.contribution_id)
        .join(_Tagged, _Tagged.id == ContributionTag.tag_id)
        .where(_Tagged.slug == slug)
    )


def counts_by_kind(viewer: Viewer) -> dict[str, int]:
    """Return how many articles that stand the viewer may read in each section, in one statement."""
    return _counts(scope_of(viewer))


def _counts(scope: Scope) -> dict[str, int]:
    def count() -> dict[str, int]:
        rows = db.session.execute(
            select(Article.kind, func.count())
            .join(Contribution, Contribution.id == Article.id)
            .where(
                Article.listed, Article.retired_how == "",
                readable(scope, Contribution.space_id, Contribution.label),
            )
            .group_by(Article.kind)
        )  # fmt: skip
        return {row[0]: row[1] for row in rows}

    return fragments().remember(("articles by kind", _version(), scope), count)
