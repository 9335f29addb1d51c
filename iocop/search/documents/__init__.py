"""What is indexed, read from the database: what is visible now, under the stricter of a post's and its topic's label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from iocop.contributions.models import Attachment, Contribution, ContributionTag
from iocop.core.db import db
from iocop.members.models import Member
from iocop.organizations.models import MemberCard, Organization
from iocop.search.documents.files import files, in_contributions
from iocop.search.documents.given import AnyRow, articles, posts
from iocop.search.documents.people import (
    FOUND_STATES,
    about_seen,
    member_documents,
    members,
    organization_documents,
    organizations,
    space_documents,
    spaces,
)
from iocop.search.port import ref
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from iocop.search.port import Document
    from iocop.search.touched import Touched

__all__ = [
    "FOUND_STATES",
    "AnyRow",
    "about_seen",
    "count",
    "everything",
    "members",
    "of",
    "organizations",
    "refs_of",
    "spaces",
]

STEP: Final = 500
"""Rows read at once; also below what either database takes in one list of keys."""


def everything() -> Iterator[Document]:
    """Read every document of the site, a few hundred rows at a time."""
    for column, made in _readers():
        for keys in _all(column):
            yield from made(keys)


def count() -> int:
    """Return about how many documents `everything` gives, for a progress bar."""
    found = [db.session.scalar(select(func.count(column))) or 0 for column, _made in _readers()]
    return sum(found)


def refs_of(touched: Touched) -> set[str]:
    """Return the refs of all that was touched, whether it is still to be found or not."""
    given = _given_in(touched)
    return (
        {ref(kind, key) for key in given for kind in ("post", "article")}
        | {ref("file", key) for key in _files_in(touched, given)}
        | {ref("member", key) for key in _members_in(touched)}
        | {ref("organization", key) for key in touched.organizations}
        | {ref("space", key) for key in touched.spaces}
    )


def of(touched: Touched) -> Iterator[Document]:
    """Read again what was touched; what may no longer be found is left out."""
    given = _given_in(touched)
    yield from _read(_contributions, given)
    yield from _read(files, _files_in(touched, given))
    yield from _read(member_documents, _members_in(touched))
    yield from _read(organization_documents, touched.organizations)
    yield from _read(space_documents, touched.spaces)


def _readers() -> tuple[tuple[Any, Callable[[list[int]], Iterator[Document]]], ...]:
    return (
        (Contribution.id, _contributions),
        (Attachment.id, files),
        (Member.id, member_documents),
        (Organization.id, organization_documents),
        (Space.id, space_documents),
    )


def _contributions(keys: list[int]) -> Iterator[Document]:
    yield from posts(keys)
    yield from articles(keys)


def _read(made: Callable[[list[int]], Iterator[Document]], keys: Iterable[int]) -> Iterator[Document]:
    for some in _steps(keys):
        yield from made(some)


def _given_in(touched: Touched) -> set[int]:
    keys = set(touched.posts)
    for roots in _steps(touched.threads):
        keys |= _contributions_where(or_(Contribution.id.in_(roots), Contribution.root_id.in_(roots)))
    for tags in _steps(touched.tags):
        filed = select(ContributionTag.contribution_id).where(ContributionTag.tag_id.in_(tags))
        keys |= _contributions_where(Contribution.root_id.in_(filed))
    for rooms in _steps(touched.audiences):
        keys |= _contributions_where(Contribution.space_id.in_(rooms))
    return keys


def _contributions_where(condition: Any) -> set[int]:
    return set(db.session.scalars(select(Contribution.id).where(condition)))


def _files_in(touched: Touched, given: Collection[int]) -> set[int]:
    return {*touched.files, *(key for keys in _steps(given) for key in in_contributions(keys))}


def _members_in(touched: Touched) -> set[int]:
    """Who was touched, and who works for an organization that was: its name stands in theirs."""
    keys = set(touched.members)
    for firms in _steps(touched.organizations):
        employed = select(MemberCard.member_id).where(MemberCard.organization_id.in_(firms))
        keys |= set(db.session.scalars(employed))
    return keys


def _all(column: Any) -> Iterator[list[int]]:
    last = 0
    while keys := list(db.session.scalars(select(column).where(column > last).order_by(column).limit(STEP))):
        yield keys
        last = keys[-1]


def _steps(keys: Iterable[int]) -> Iterator[list[int]]:
    listed = sorted(keys)
    for start in range(0, len(listed), STEP):
        yield listed[start : start + STEP]
