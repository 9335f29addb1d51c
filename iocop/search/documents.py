"""What is indexed, read from the database: what is visible now, under the stricter of a post's and its topic's label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import Row, Select, func, or_, select

from iocop.contributions.models import Contribution
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.members.privacy import is_seen
from iocop.organizations.models import MemberCard, Offer, Organization, OrganizationAlias
from iocop.repertoire.models import Article, ArticleAlias
from iocop.search.port import EVERYWHERE, Document, Label, ref
from iocop.spaces.labels import strictest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from iocop.search.touched import Touched

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"

STEP: Final = 500
"""Rows read at once; also below what either database takes in one list of keys."""

FOUND_STATES: Final = ("active", "suspended", "imported")
"""Members who can be found; who left or was erased cannot."""

_root = alias_of(Contribution)

_POSTS = (
    select(
        Contribution.id, Contribution.root_id, Contribution.space_id, Contribution.label,
        _root.label.label("root_label"), Contribution.author_id, Contribution.language, Contribution.plain,
        Topic.id.label("topic_id"), Topic.title,
    )
    .join(_root, _root.id == Contribution.root_id)
    .join(Topic, Topic.id == Contribution.root_id)
    .where(Contribution.state == "visible", _root.state == "visible", Topic.listed)
    .order_by(Contribution.id)
)  # fmt: skip
_ARTICLES = (
    select(
        Article.id, Article.title, Article.summary, Article.product, Article.versions, Article.standard,
        Article.region, Contribution.space_id, Contribution.label, Contribution.author_id, Contribution.language,
        Contribution.plain,
    )
    .join(Contribution, Contribution.id == Article.id)
    .where(Contribution.state == "visible", Article.listed, Article.retired_how != "merged")
    .order_by(Article.id)
)  # fmt: skip
_MEMBERS = (
    select(
        Member.id, Member.number, Member.name, Member.handle, Member.about, Member.visibility,
        MemberCard.organization_name, Member.photo_key,
    )
    .outerjoin(MemberCard, MemberCard.member_id == Member.id)
    .where(Member.state.in_(FOUND_STATES), Member.claimed_by_id.is_(None))
    .order_by(Member.id)
)  # fmt: skip
_ORGANIZATIONS = (
    select(
        Organization.id, Organization.slug, Organization.name, Organization.about, Organization.industry,
        Organization.city, Organization.country,
    )
    .where(Organization.merged_into_id.is_(None))
    .order_by(Organization.id)
)  # fmt: skip


def everything() -> Iterator[Document]:
    """Read every document of the site, a few hundred rows at a time."""
    for row in _all(_POSTS, Contribution.id):
        yield _post(row)
    for keys in _steps(list(db.session.scalars(select(Article.id)))):
        yield from _articles(keys)
    for row in _all(_MEMBERS, Member.id):
        yield from _member(row)
    for rows in _steps(list(db.session.scalars(select(Organization.id)))):
        yield from _organizations(rows)


def count() -> int:
    """Return about how many documents `everything` gives, for a progress bar."""
    tables = (Contribution.id, Article.id, Member.id, Organization.id)
    return sum(db.session.scalar(select(func.count(key))) or 0 for key in tables)


def refs_of(touched: Touched) -> set[str]:
    """Return the refs of all that was touched, whether it is still to be found or not."""
    return (
        {ref(kind, key) for key in _posts_of(touched) for kind in ("post", "article")}
        | {ref("member", key) for key in touched.members}
        | {ref("organization", key) for key in touched.organizations}
    )


def of(touched: Touched) -> Iterator[Document]:
    """Read again what was touched; what may no longer be found is left out."""
    for keys in _steps(_posts_of(touched)):
        for row in db.session.execute(_POSTS.where(Contribution.id.in_(keys))):
            yield _post(row)
        yield from _articles(keys)
    for keys in _steps(sorted(touched.members)):
        for row in members(keys):
            yield from _member(row)
    for keys in _steps(sorted(touched.organizations)):
        yield from _organizations(keys)


def members(keys: Collection[int]) -> Sequence[AnyRow]:
    """Return the members among some keys who can be found."""
    return db.session.execute(_MEMBERS.where(Member.id.in_(keys))).all()


def organizations(keys: Collection[int]) -> Sequence[AnyRow]:
    """Return the organizations among some keys that can be found."""
    return db.session.execute(_ORGANIZATIONS.where(Organization.id.in_(keys))).all()


def about_seen(row: AnyRow, *, for_members: bool) -> str:
    """Return what a member says about themselves, as far as guests or members may see it."""
    return row.about if is_seen(row.visibility, "about", by_owner=False, by_member=for_members) else ""


def _profile_text(row: AnyRow, *, for_members: bool) -> str:
    lines = (
        about_seen(row, for_members=for_members),
        row.organization_name,
        f"@{row.handle}",
        shown(row.number),
    )
    return "\n".join(filter(None, lines))


def _posts_of(touched: Touched) -> list[int]:
    keys = set(touched.posts)
    for roots in _steps(sorted(touched.threads)):
        inside = or_(Contribution.id.in_(roots), Contribution.root_id.in_(roots))
        keys |= set(db.session.scalars(select(Contribution.id).where(inside)))
    return sorted(keys)


def _all(rows: Select[*tuple[Any, ...]], key: Any) -> Iterator[AnyRow]:
    last = 0
    while some := db.session.execute(rows.where(key > last).limit(STEP)).all():
        yield from some
        last = some[-1].id


def _steps(keys: Collection[int]) -> Iterator[list[int]]:
    listed = list(keys)
    for start in range(0, len(listed), STEP):
        yield listed[start : start + STEP]


def _post(row: AnyRow) -> Document:
    public = strictest(row.label, row.root_label) == "public"
    return Document(
        ref=ref("post", row.id), kind="post", id=row.id, topic_id=row.root_id, space_id=row.space_id,
        label="public" if public else "members", author_id=row.author_id, language=row.language,
        title=row.title if row.id == row.topic_id else "", text=row.plain,
    )  # fmt: skip


def _articles(keys: list[int]) -> Iterator[Document]:
    """Retired articles too, which say so; a merged one is found as what it was merged into."""
    known_as = _names(ArticleAlias.article_id, ArticleAlias.title, keys)
    for row in db.session.execute(_ARTICLES.where(Article.id.in_(keys))):
        about = (row.summary, row.product, row.versions, row.standard, row.region, row.plain)
        yield Document(
            ref=ref("article", row.id), kind="article", id=row.id, topic_id=row.id, space_id=row.space_id,
            label="public" if row.label == "public" else "members", author_id=row.author_id,
            language=row.language, title=" / ".join((row.title, *known_as.get(row.id, ()))),
            text="\n".join(filter(None, about)),
        )  # fmt: skip


def _member(row: AnyRow) -> Iterator[Document]:
    """One document of what everybody sees, and one of what members see where that is more."""
    public, inside = _profile_text(row, for_members=False), _profile_text(row, for_members=True)
    yield _profile(row, "public", public)
    if inside != public:
        yield _profile(row, "members", inside)


def _profile(row: AnyRow, label: Label, text: str) -> Document:
    return Document(
        ref=ref("member", row.id), kind="member", id=row.id, topic_id=0, space_id=EVERYWHERE, label=label,
        author_id=row.id, language="en", title=row.name, text=text,
    )  # fmt: skip


def _organizations(keys: list[int]) -> Iterator[Document]:
    named = _names(OrganizationAlias.organization_id, OrganizationAlias.name, keys)
    sold = _names(Offer.organization_id, Offer.name, keys)
    for row in organizations(keys):
        lines = [row.about, row.industry, row.city, *named.get(row.id, ()), *sold.get(row.id, ())]
        yield Document(
            ref=ref("organization", row.id), kind="organization", id=row.id, topic_id=0, space_id=EVERYWHERE,
            label="public", author_id=0, language="en", title=row.name, text="\n".join(filter(None, lines)),
        )  # fmt: skip


def _names(owner: Any, name: Any, keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, text in db.session.execute(select(owner, name).where(owner.in_(keys))):
        found.setdefault(key, []).append(text)
    return found
