"""Facets as the page shows them: figures with names, each a link that types its operator into the box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import literal, select, union_all

from iocop.core.cache import kept_with_people
from iocop.core.db import db
from iocop.domains.models import Tag
from iocop.domains.queries import all_domains
from iocop.organizations.models import Organization
from iocop.search import facets
from iocop.search.query import Filter, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iocop.search.facets import Figure
    from iocop.search.folding import Folded
    from iocop.search.port import Matches
    from iocop.search.query import FilterName, SearchQuery

NARROWED: Final = ("topics", "articles", "files")
"""Tabs with facets: of people and places there are too few of a kind to count them."""


class Called(NamedTuple):
    """A facet's value: as people read it, and as it stands behind its operator."""

    words: str
    value: str


class Choice(NamedTuple):
    """One value of a facet.

    Attributes:
        text: what the box holds once it is chosen, or no longer chosen.
    """

    words: str
    number: int
    text: str
    chosen: bool


class Facet(NamedTuple):
    """A list of choices; the *further* ones are shown when asked for."""

    name: str
    words: str
    choices: Sequence[Choice]

    @property
    def first(self) -> Sequence[Choice]:
        return self.choices[: facets.SHOWN]

    @property
    def further(self) -> Sequence[Choice]:
        return self.choices[facets.SHOWN :]


def narrow(query: SearchQuery, matches: Matches, folded: Folded) -> list[Facet]:
    """Return the facets by which results can be narrowed; what all of them share narrows nothing, unless chosen."""
    if not folded.total or matches.from_titles:
        return []
    counted = facets.count(matches, folded)
    names = _names(counted)
    found = []
    for name, words in _words().items():
        choices = [
            _choice(query, name, figure, names[figure.key]) for figure in counted[name] if figure.key in names
        ]
        if len(choices) > 1 or any(one.chosen or one.number < folded.total for one in choices):
            found.append(Facet(name, words, sorted(choices, key=lambda one: not one.chosen)))
    return found


def _words() -> dict[FilterName, str]:
    return {
        "status": _("Questions"), "domain": _("Domain"), "tag": _("Tag"), "product": _("Product"),
        "version": _("Version"), "org": _("Organization at the time"), "year": _("Year"),
    }  # fmt: skip


def _choice(query: SearchQuery, name: FilterName, figure: Figure, called: Called) -> Choice:
    chosen = _chosen(query, name, called)
    if chosen:
        text = query.without(*(piece for piece in query.pieces if piece.filter in chosen))
    else:
        text = _with(query, name, figure.value, called)
    return Choice(called.words, figure.number, text, bool(chosen))


def _chosen(query: SearchQuery, name: FilterName, called: Called) -> list[Filter]:
    return [
        one for one in query.filters
        if one.name == name and not one.negated
        and one.value.casefold() in {called.words.casefold(), called.value.casefold()}
    ]  # fmt: skip


def _with(query: SearchQuery, name: FilterName, value: str, called: Called) -> str:
    if name == "version":  # a version says nothing without its product
        product = Filter("product", value.partition(" ")[0])
        query = parse(query.with_filter(product))
    return query.with_filter(Filter(name, called.value))


def _names(counted: Mapping[str, Sequence[Figure]]) -> dict[str, Called]:
    """Return what the values of facets are called, read in one statement at most; what is gone has no name."""
    names = {f"domain={row.id}": Called(row.name, row.slug) for row in all_domains()}
    solved = {"solved": _("Solved"), "open": _("Open")}
    names |= {figure.key: Called(solved[figure.value], figure.value) for figure in counted["status"]}
    for name in ("product", "year"):
        names |= {figure.key: Called(figure.value, figure.value) for figure in counted[name]}
    names |= {
        figure.key: Called(figure.value, figure.value.partition(" ")[2]) for figure in counted["version"]
    }
    tags = tuple(sorted(int(figure.value) for figure in counted["tag"]))
    firms = tuple(sorted(int(figure.value) for figure in counted["org"]))
    return names | (
        kept_with_people(("facet names", tags, firms), lambda: _read(tags, firms)) if tags or firms else {}
    )


def _read(tags: Sequence[int], firms: Sequence[int]) -> dict[str, Called]:
    both = union_all(
        select(literal("tag").label("name"), Tag.id, Tag.slug, Tag.slug.label("words")).where(
            Tag.id.in_(tags)
        ),
        select(literal("org"), Organization.id, Organization.slug, Organization.name).where(
            Organization.id.in_(firms)
        ),
    )
    return {f"{name}={key}": Called(words, slug) for name, key, slug, words in db.session.execute(both)}
