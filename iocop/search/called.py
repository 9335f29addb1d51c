"""Who and what is called as somebody typed it: people, organizations, tags, domains, spaces and products.

Each answers in one statement at most, whatever was asked, and knows only of what the viewer may know of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from flask_babel import gettext as _
from sqlalchemy import func, literal, or_, select, union

from iocop.contributions.models import Contribution, ContributionTag
from iocop.core.db import alias_of, db
from iocop.domains.models import Tag, TagSynonym
from iocop.domains.queries import all_domains
from iocop.domains.slugs import slug, tag_slug
from iocop.members import numbers
from iocop.members.models import Member
from iocop.organizations.models import Offer, Organization, OrganizationAlias
from iocop.organizations.naming import folded
from iocop.repertoire.models import Article
from iocop.search.documents.people import FOUND_STATES
from iocop.search.keys import key, product_slug, version_key, version_numbers
from iocop.spaces.models import Space
from iocop.spaces.policy import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from iocop.core.login import Viewer
    from iocop.search.query import FilterName
    from iocop.spaces.queries import Scope


class Called(NamedTuple):
    """What a word stands for: the keys that documents have, and its name as people read it."""

    keys: frozenset[str]
    name: str


@dataclass
class Asked:
    """Who asks, and what they typed behind each operator."""

    viewer: Viewer
    scope: Scope
    values: Mapping[FilterName, Collection[str]]
    _products: Sequence[tuple[str, str]] | None = field(default=None, init=False)

    def products(self) -> Sequence[tuple[str, str]]:
        """Return names and versions of the products that readable articles are about or somebody sells, read once."""
        if self._products is None:
            self._products = _products(self.scope)
        return self._products


Found: TypeAlias = "dict[str, Called]"


def people(asked: Asked) -> Found:
    """Find members by handle, else by number or exact name; ``me`` is who asks."""
    wanted = asked.values["by"]
    lowered = [word.lower() for word in wanted]
    numbered = {word: number for word in wanted if (number := numbers.parse(word))}
    rows = db.session.execute(
        select(Member.id, Member.handle, Member.name, Member.number)
        .where(
            Member.state.in_(FOUND_STATES),
            Member.claimed_by_id.is_(None),
            or_(
                Member.handle.in_(lowered),
                Member.name.in_(wanted),
                func.lower(Member.name).in_(lowered),
                Member.number.in_(numbered.values()),
            ),
        )
        .order_by(Member.id)
    ).all()
    found: Found = {}
    for word in wanted:
        same = [row for row in rows if row.handle == word.lower()] or [
            row for row in rows if row.name.lower() == word.lower() or row.number == numbered.get(word)
        ]
        if same:
            found[word] = Called(frozenset(key("author", row.id) for row in same), same[0].name)
        elif word.lower() == "me" and asked.viewer.is_authenticated:
            found[word] = Called(frozenset({key("author", asked.viewer.id)}), _("me"))
    return found


_other_organization = alias_of(Organization)
_other_tag = alias_of(Tag)


def _family(table: Any, other: Any, matching: ColumnElement[bool]) -> Select[Any]:
    """Return the ids of the rows that match, of all they were merged into and of all that were merged into those."""
    found = select(table.id, table.merged_into_id).where(matching).cte("family", recursive=True)
    kin = or_(other.merged_into_id == found.c.id, other.id == found.c.merged_into_id)
    return select(found.union(select(other.id, other.merged_into_id).where(kin)).c.id)


def organizations(asked: Asked) -> Found:
    """Find organizations by the name in their address, else by any name they have or had.

    What was merged counts with what it became: posts keep the stamp of their day.
    """
    wanted = asked.values["org"]
    slugs, names = [word.lower() for word in wanted], [folded(word) for word in wanted]
    matching = or_(
        Organization.slug.in_(slugs),
        Organization.folded.in_(names),
        Organization.id.in_(
            select(OrganizationAlias.organization_id).where(OrganizationAlias.folded.in_(names))
        ),
    )
    rows = db.session.execute(
        select(
            Organization.id, Organization.slug, Organization.name, Organization.folded,
            Organization.merged_into_id, OrganizationAlias.folded.label("alias"),
        )
        .outerjoin(OrganizationAlias, OrganizationAlias.organization_id == Organization.id)
        .where(Organization.id.in_(_family(Organization, _other_organization, matching)))
        .order_by(Organization.id)
    ).all()  # fmt: skip
    return _merged(
        "org", wanted, rows,
        lambda row, word: row.slug == word.lower(),
        lambda row, word: folded(word) in {row.folded, row.alias},
    )  # fmt: skip


def tags(asked: Asked) -> Found:
    """Find tags through synonyms and merges, but for those that only what is closed to the viewer is filed under."""
    wanted = asked.values["tag"]
    slugs = [tag_slug(word) for word in wanted]
    synonyms = select(TagSynonym.tag_id).where(TagSynonym.slug.in_(slugs))
    matching = or_(Tag.slug.in_(slugs), Tag.id.in_(synonyms))
    filed = select(ContributionTag.tag_id).where(ContributionTag.tag_id == Tag.id)
    shown = filed.join(Contribution, Contribution.id == ContributionTag.contribution_id).where(
        readable(asked.scope, Contribution.space_id, Contribution.label)
    )
    rows = db.session.execute(
        select(
            Tag.id, Tag.slug.label("name"), Tag.merged_into_id, TagSynonym.slug.label("synonym"),
            filed.exists().label("filed"), shown.exists().label("shown"),
        )
        .outerjoin(TagSynonym, TagSynonym.tag_id == Tag.id)
        .where(Tag.id.in_(_family(Tag, _other_tag, matching)))
        .order_by(Tag.id)
    ).all()  # fmt: skip
    found = _merged("tag", wanted, rows, lambda row, word: tag_slug(word) in {row.name, row.synonym})
    return {word: called for word, called in found.items() if _may_be_known(rows, called)}


def _may_be_known(rows: Iterable[Any], called: Called) -> bool:
    """Say of a tag that something readable is filed under it, or nothing at all: its name may be a project's."""
    family = [row for row in rows if key("tag", row.id) in called.keys]
    return any(row.shown for row in family) or not any(row.filed for row in family)


def _merged(
    name: str, wanted: Iterable[str], rows: Sequence[Any], *ways: Callable[[Any, str], bool]
) -> Found:
    """Return what each word stands for by the first way that knows it, with all it was merged with."""
    by_id = {row.id: row for row in rows}

    def root(row: Any) -> Any:
        return root(by_id[row.merged_into_id]) if row.merged_into_id else row

    found: Found = {}
    for word in wanted:
        known = next(filter(None, ([row for row in rows if way(row, word)] for way in ways)), [])
        roots = {root(row).id for row in known}
        if roots:
            keys = frozenset(key(name, row.id) for row in rows if root(row).id in roots)
            found[word] = Called(keys, root(known[0]).name)
    return found


def domains(asked: Asked) -> Found:
    """Find domains by name, or by the name in their address; retired ones too."""
    found: Found = {}
    for word in asked.values["domain"]:
        for row in all_domains():
            if row.slug in {word.lower(), slug(word)} or row.name.casefold() == word.casefold():
                found[word] = Called(frozenset({key("domain", row.id)}), row.name)
    return found


def spaces(asked: Asked) -> Found:
    """Find spaces by name, or by the name in their address, among those that the viewer may be in."""
    rows = db.session.execute(
        select(Space.id, Space.slug, Space.name).where(Space.id.in_(asked.scope.spaces))
    ).all()
    return {
        word: Called(frozenset({key("space", row.id)}), row.name)
        for word in asked.values["space"]
        for row in rows
        if row.slug == word.lower() or row.name.casefold() == word.casefold()
    }


def products(asked: Asked) -> Found:
    """Find products that readable articles are about, or that somebody sells."""
    names = {product_slug(name): name for name, _versions in asked.products()}
    return {
        word: Called(frozenset({key("product", slugged)}), names[slugged])
        for word in asked.values["product"]
        if (slugged := product_slug(word)) in names
    }


def versions(asked: Asked) -> Found:
    """Find versions: of the products asked for too, else of any."""
    among = {product_slug(word) for word in asked.values.get("product", ())}
    known = {
        (product_slug(name), number)
        for name, written in asked.products()
        for number in version_numbers(written)
    }
    found: Found = {}
    for word in asked.values["version"]:
        numbers_typed = set(version_numbers(word))
        keys = frozenset(
            version_key(product, number)
            for product, number in known
            if number in numbers_typed and (not among or product in among)
        )
        if keys:
            found[word] = Called(keys, word)
    return found


def _products(scope: Scope) -> list[tuple[str, str]]:
    about = (
        select(Article.product, Article.versions)
        .join(Contribution, Contribution.id == Article.id)
        .where(
            Article.product != "", Article.listed, Contribution.state == "visible",
            readable(scope, Contribution.space_id, Contribution.label),
        )
    )  # fmt: skip
    sold = select(Offer.name, literal(""))
    return [(name, written) for name, written in db.session.execute(union(about, sold))]


LOOKUPS: Final[dict[FilterName, Callable[[Asked], Found]]] = {
    "by": people, "org": organizations, "domain": domains, "tag": tags, "space": spaces, "product": products,
    "version": versions,
}  # fmt: skip
"""Who knows what stands behind each operator whose values are names."""
