"""Whose words an article's text is: what the shares are reckoned from, and as its page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.contributions.models import Contribution, Revision
from iocop.core.db import db
from iocop.organizations.models import MemberCard, Organization
from iocop.repertoire.blame import Saved
from iocop.repertoire.models import Credit, Passage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime


def revisions_saved(article_id: int) -> list[Saved]:
    """Return an article's revisions, oldest first, as `blame.weigh` takes them."""
    rows = db.session.execute(
        select(Revision.number, Revision.at, Revision.text)
        .where(Revision.contribution_id == article_id)
        .order_by(Revision.number)
    )
    return [Saved(("revision", row.number), row.at, row.text) for row in rows]


def passages_taken(contribution_id: int) -> list[Saved]:
    """Return the passages of posts that were taken into a proposal or an article, likewise."""
    rows = db.session.execute(
        select(Passage.post_id, Passage.at, Passage.text)
        .where(Passage.contribution_id == contribution_id)
        .order_by(Passage.position, Passage.id)
    )
    return [Saved(("post", row.post_id), row.at, row.text) for row in rows]


class Giver(NamedTuple):
    """Who gave some words, and when.

    Attributes:
        organization_id: at that time; None where it was not named.
        sealed: whether the words were given without a name.
    """

    member_id: int
    organization_id: int | None
    sealed: bool
    at: datetime


def givers(article_id: int, origins: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Giver]:
    """Return who gave the words of each origin: a revision's editor, or a post's author."""
    numbers = {"revision": set[int](), "post": set[int]()}
    for kind, number in origins:
        numbers[kind].add(number)
    return _editors(article_id, numbers["revision"]) | _authors(numbers["post"])


def _editors(article_id: int, numbers: Collection[int]) -> dict[tuple[str, int], Giver]:
    rows = db.session.execute(
        select(
            Revision.number, Revision.editor_id, Revision.organization_id, Revision.at, Contribution.author_id,
            Contribution.byline,
        )
        .join(Contribution, Contribution.id == Revision.contribution_id)
        .where(Revision.contribution_id == article_id, Revision.number.in_(numbers))
    )  # fmt: skip
    return {
        ("revision", row.number): Giver(
            row.editor_id,
            None if row.byline != "named" and row.editor_id == row.author_id else row.organization_id,
            row.byline == "sealed" and row.editor_id == row.author_id,
            row.at,
        )
        for row in rows
    }


def _authors(post_ids: Collection[int]) -> dict[tuple[str, int], Giver]:
    rows = db.session.execute(
        select(
            Contribution.id, Contribution.author_id, Contribution.organization_id, Contribution.byline,
            Contribution.created_at,
        ).where(Contribution.id.in_(post_ids))
    )  # fmt: skip
    return {
        ("post", row.id): Giver(
            row.author_id,
            row.organization_id if row.byline == "named" else None,
            row.byline == "sealed",
            row.created_at,
        )
        for row in rows
    }


class CreditRow(NamedTuple):
    """A person's share in an article, in ten-thousandths; without a name where the words were given without one."""

    name: str
    member_number: int
    organization: str
    share: int


def credits_shown(credits_: Sequence[Credit]) -> list[CreditRow]:
    """Return credits with names and organizations, in their order."""
    members = {each.member_id for each in credits_}
    names = {
        row.member_id: row
        for row in db.session.execute(
            select(MemberCard.member_id, MemberCard.name, MemberCard.number).where(
                MemberCard.member_id.in_(members)
            )
        )
    }
    called = select(Organization.id, Organization.name).where(
        Organization.id.in_({each.organization_id for each in credits_ if each.organization_id})
    )
    organizations = {row.id: row.name for row in db.session.execute(called)}
    return [
        CreditRow(
            "" if each.sealed else names[each.member_id].name, names[each.member_id].number,
            organizations.get(each.organization_id or 0, ""), each.share,
        )
        for each in credits_
        if each.member_id in names
    ]  # fmt: skip


def credits_kept(article_id: int) -> Sequence[Credit]:
    """Return an article's credits, the largest share first."""
    return db.session.scalars(
        select(Credit).where(Credit.article_id == article_id).order_by(Credit.share.desc(), Credit.id)
    ).all()
