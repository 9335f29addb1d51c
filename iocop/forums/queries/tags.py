"""The tags as their keepers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, or_, select

from iocop.contributions.models import Contribution, ContributionTag
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.pages import Page, offset
from iocop.domains.models import Tag, TagSynonym
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import SQLColumnExpression

    from iocop.core.login import Viewer

TAGS_A_PAGE = 50


class KeptTag(NamedTuple):
    """A tag, what the viewer may read under it, and the words that stand for it."""

    id: int
    slug: str
    sub_topic: bool
    uses: int
    words: tuple[str, ...]


def kept_tags(viewer: Viewer, words: str, number: int) -> Page[KeptTag]:
    """Return one page of tags by name, without those met only where the viewer may not read.

    Args:
        words: part of a tag, or of a word that stands for one; empty for all.
    """
    found = _kept(viewer, *_holding(words)).subquery()
    rows = db.session.execute(
        select(found, func.count().over().label("total"))
        .order_by(found.c.slug)
        .limit(TAGS_A_PAGE)
        .offset(offset(number, TAGS_A_PAGE))
    ).all()
    stand = _words_for([row.id for row in rows])
    kept = [KeptTag(row.id, row.slug, row.sub_topic, row.uses, stand.get(row.id, ())) for row in rows]
    return Page(kept, number, TAGS_A_PAGE, rows[0].total if rows else 0)


def kept_tag(viewer: Viewer, tag_id: int) -> KeptTag:
    """Return one tag.

    Raises:
        Missing: there is none, it was merged, or the viewer may read nothing of what stands under it.
    """
    row = db.session.execute(_kept(viewer, Tag.id == tag_id)).one_or_none()
    if row is None:
        raise Missing(_l("There is no such tag."))
    return KeptTag(row.id, row.slug, row.sub_topic, row.uses, _words_for([tag_id]).get(tag_id, ()))


def _kept(viewer: Viewer, *conditions: SQLColumnExpression[bool]) -> Any:
    may_be_read = readable(scope_of(viewer), Contribution.space_id, Contribution.label)
    uses = func.count(case((may_be_read, Contribution.id)))
    return (
        select(Tag.id, Tag.slug, Tag.sub_topic, uses.label("uses"))
        .outerjoin(ContributionTag, ContributionTag.tag_id == Tag.id)
        .outerjoin(Contribution, Contribution.id == ContributionTag.contribution_id)
        .where(Tag.merged_into_id.is_(None), *conditions)
        .group_by(Tag.id, Tag.slug, Tag.sub_topic)
        .having(or_(uses > 0, func.count(Contribution.id) == 0))
    )


def _holding(words: str) -> list[SQLColumnExpression[bool]]:
    if not words:
        return []
    synonyms = select(TagSynonym.tag_id).where(TagSynonym.slug.contains(words, autoescape=True))
    merged = select(Tag.merged_into_id).where(
        Tag.merged_into_id.is_not(None), Tag.slug.contains(words, autoescape=True)
    )
    return [or_(Tag.slug.contains(words, autoescape=True), Tag.id.in_(synonyms), Tag.id.in_(merged))]


def _words_for(tag_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the synonyms of some tags and the tags that were merged into them, by name."""
    synonyms = select(TagSynonym.tag_id, TagSynonym.slug).where(TagSynonym.tag_id.in_(tag_ids))
    merged = select(Tag.merged_into_id, Tag.slug).where(Tag.merged_into_id.in_(tag_ids))
    found: dict[int, list[str]] = {}
    for tag_id, word in db.session.execute(synonyms.union(merged)):
        found.setdefault(tag_id, []).append(word)
    return {tag_id: tuple(sorted(stand)) for tag_id, stand in found.items()}
