"""What the box offers while somebody types: titles, names, tags and terms within what they may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from iocop.contributions.models import Contribution, ContributionTag
from iocop.core.db import db
from iocop.domains.models import Tag
from iocop.domains.slugs import tag_slug
from iocop.members.numbers import shown
from iocop.organizations.models import MemberCard
from iocop.repertoire.queries.glossary import words_for
from iocop.search import analysis, documents, reading, titles
from iocop.search.indexer import engine
from iocop.search.port import EVERYWHERE, EngineDown, Mask
from iocop.spaces.policy import readable
from iocop.spaces.queries import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.core.login import Viewer
    from iocop.search.port import Kind
    from iocop.spaces.queries import Scope

LEAST: Final = 2
"""Letters before anything is offered."""
LONGEST: Final = 80
MOST: Final = 10
_OF_A_KIND: Final[dict[Kind, int]] = {"post": 4, "article": 3, "member": 3, "organization": 2, "space": 2}
_TERMS = _TAGS = 2
_ASKED: Final = 30
"""Topics are many: articles and spaces are to be among so few."""


class Suggestion(NamedTuple):
    """One line of the list: what it is called, what it is, where it leads."""

    words: str
    kind: str
    address: str


def suggestions(viewer: Viewer, typed: str) -> list[Suggestion]:
    """Return what begins as somebody typed it, each place once; at most ten."""
    words = [part for word in analysis.words(typed[:LONGEST]) for part in analysis.parts(word.written)]
    if sum(map(len, words)) < LEAST:
        return []
    scope = scope_of(viewer)
    once: dict[str, Suggestion] = {}
    for suggestion in (*_titles(scope, words), *_terms(viewer, typed), *_tags(scope, typed)):
        once.setdefault(suggestion.address, suggestion)
    return list(once.values())[:MOST]


def _terms(viewer: Viewer, typed: str) -> list[Suggestion]:
    begun = " ".join(typed.lower().split())
    known = words_for(viewer).terms
    named = sorted((word for word in known if word.startswith(begun)), key=len)[:_TERMS]
    return [Suggestion(word, _("Term"), known[word].address) for word in named]


def _titles(scope: Scope, words: Sequence[str]) -> Iterator[Suggestion]:
    by_kind: dict[Kind, list[int]] = {kind: [] for kind in _OF_A_KIND}
    for kind, key in _found(scope, words):
        if key not in by_kind.get(kind, [key]) and len(by_kind[kind]) < _OF_A_KIND[kind]:
            by_kind[kind].append(key)
    for kind, keys in by_kind.items():
        if keys:
            lines = dict(_READ[kind](keys, scope))
            yield from (lines[key] for key in keys if key in lines)


def _found(scope: Scope, words: Sequence[str]) -> list[tuple[Kind, int]]:
    """Ask for what stands in spaces, and for people and organizations, which would not come up among so much."""
    masks = (Mask(scope.spaces, scope.member), Mask(frozenset({EVERYWHERE}), scope.member))
    try:
        return [(one.kind, one.id) for mask in masks for one in engine().suggest(words, mask, _ASKED)]
    except EngineDown:
        return titles.beginning(words, Mask(scope.spaces, scope.member), _ASKED)


def _topics(keys: Sequence[int], scope: Scope) -> Iterator[tuple[int, Suggestion]]:
    for row in reading.standing("post", keys, scope).values():
        yield row.id, Suggestion(row.title, _("Topic"), url_for("forums.topic", topic_id=row.root_id))


def _articles(keys: Sequence[int], scope: Scope) -> Iterator[tuple[int, Suggestion]]:
    for row in reading.standing("article", keys, scope).values():
        yield row.id, Suggestion(row.title, _("Term") if row.kind == "term" else _("Article"), f"/a/{row.id}")


def _members(keys: Sequence[int], scope: Scope) -> Iterator[tuple[int, Suggestion]]:
    """Whom the directory lists, for those who may open it."""
    if not scope.member:
        return
    listed = select(
        MemberCard.member_id, MemberCard.name, MemberCard.number, MemberCard.organization_name
    ).where(MemberCard.member_id.in_(keys), MemberCard.state == "active")
    for row in db.session.execute(listed):
        words = f"{row.name}, {row.organization_name}" if row.organization_name else row.name
        yield (
            row.member_id,
            Suggestion(words, _("Member"), url_for("members.profile", number=shown(row.number))),
        )


def _organizations(keys: Sequence[int], _scope: Scope) -> Iterator[tuple[int, Suggestion]]:
    for row in documents.organizations(keys):
        yield row.id, Suggestion(row.name, _("Organization"), url_for("organizations.show", slug=row.slug))


def _spaces(keys: Sequence[int], scope: Scope) -> Iterator[tuple[int, Suggestion]]:
    for row in reading.spaces(keys, scope):
        yield row.id, Suggestion(row.name, _("Space"), url_for("forums.space", slug=row.slug))


_READ: Final = {
    "post": _topics, "article": _articles, "member": _members, "organization": _organizations, "space": _spaces,
}  # fmt: skip


def _tags(scope: Scope, typed: str) -> list[Suggestion]:
    """Return tags under which something is filed that the viewer may read, the most used first."""
    begun = tag_slug(typed)
    if len(begun) < LEAST:
        return []
    found = (
        select(Tag.slug)
        .join(ContributionTag, ContributionTag.tag_id == Tag.id)
        .join(Contribution, Contribution.id == ContributionTag.contribution_id)
        .where(
            Tag.slug.startswith(begun, autoescape=True), Tag.merged_into_id.is_(None), Contribution.state == "visible",
            readable(scope, Contribution.space_id, Contribution.label),
        )
        .group_by(Tag.id, Tag.slug)
        .order_by(func.count().desc(), Tag.slug)
        .limit(_TAGS)
    )  # fmt: skip
    return [
        Suggestion(slug, _("Tag"), url_for("forums.tagged", tag=slug)) for slug in db.session.scalars(found)
    ]
