"""The glossary: terms, what else they are called and by whom, and the words that search and articles know them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import or_, select

from iocop.contributions.models import Contribution
from iocop.core.cache import fragments
from iocop.core.db import db
from iocop.core.versions import versions
from iocop.organizations.models import Organization
from iocop.repertoire.models import Article, TermName, TermUse
from iocop.repertoire.titles import key
from iocop.repertoire.tooltips import Term, compiled
from iocop.spaces.models import Space
from iocop.spaces.policy import readable
from iocop.spaces.queries import Scope, scope_of

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Mapping, Sequence

    from iocop.core.login import Viewer

LONGEST_MEANING = 240
"""Characters of a meaning on a tooltip."""
KEPT_UNDER: Final = ("repertoire", "spaces")
"""The things under whose versions the words of terms are kept."""

_TERMS = (
    select(
        Article.id, Article.title, Article.summary, Contribution.plain, Contribution.language, TermUse.hits,
        Contribution.space_id, Contribution.label,
    )
    .join(Contribution, Contribution.id == Article.id)
    .outerjoin(TermUse, TermUse.article_id == Article.id)
    .where(Article.kind == "term", Article.listed, Article.retired_how == "", Contribution.state == "visible")
    .order_by(Article.title_key, Article.id)
)  # fmt: skip
_NAMES = (
    select(
        TermName.id, TermName.article_id, TermName.word, TermName.language, TermName.sector, TermName.added_by_id,
        TermName.organization_id, Organization.name.label("organization"), Organization.slug,
    )
    .outerjoin(Organization, Organization.id == TermName.organization_id)
    .order_by(TermName.key, TermName.id)
)  # fmt: skip


class Entry(NamedTuple):
    """A term with its other names, those of the viewer's own organizations first."""

    row: Any
    names: Sequence[Any]


def entries(viewer: Viewer, words: str = "", letter: str = "", own: Collection[int] = ()) -> list[Entry]:
    """Return the terms a viewer may read whose title or other names hold *words* or begin with *letter*.

    Args:
        own: the viewer's organizations.
    """
    scope = scope_of(viewer)
    rows = _TERMS.where(readable(scope, Contribution.space_id, Contribution.label))
    if words:
        held = key(words)
        named = select(TermName.article_id).where(TermName.key.contains(held, autoescape=True))
        rows = rows.where(or_(Article.title_key.contains(held, autoescape=True), Article.id.in_(named)))
    if letter:
        rows = rows.where(Article.title_key.startswith(letter.casefold(), autoescape=True))
    found = db.session.execute(rows).all()
    names = names_of([row.id for row in found])
    return [
        Entry(row, sorted(names.get(row.id, ()), key=lambda name: name.organization_id not in own))
        for row in found
    ]


def letters(viewer: Viewer) -> list[str]:
    """Return the first letters of the terms a viewer may read."""
    titles = db.session.scalars(
        select(Article.title_key)
        .join(Contribution, Contribution.id == Article.id)
        .where(
            Article.kind == "term", Article.listed, Article.retired_how == "", Contribution.state == "visible",
            readable(scope_of(viewer), Contribution.space_id, Contribution.label),
        )
    )  # fmt: skip
    return sorted({title[0].upper() for title in titles if title})


def names_of(article_ids: Collection[int]) -> dict[int, list[Any]]:
    """Return what terms are called besides their titles."""
    if not article_ids:
        return {}
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(_NAMES.where(TermName.article_id.in_(article_ids))):
        found.setdefault(row.article_id, []).append(row)
    return found


class Words(NamedTuple):
    """The glossary as articles and search use it.

    Attributes:
        terms: by word in lower case: every title and every other name.
        pattern: of all these words.
        together: for each word's key, the keys that mean the same, itself left out.
    """

    terms: Mapping[str, Term]
    pattern: re.Pattern[str] | None
    together: Mapping[str, tuple[str, ...]]


def words_for(viewer: Viewer) -> Words:
    """Return the words of all terms a viewer may read; kept while nothing in the repertoire or a space changes."""
    return words_within(scope_of(viewer))


def words_beside(space_id: int, *, for_guest: bool) -> Words:
    """Return the words of the terms that whoever reads a space may read: what a page shows to many."""
    open_to = ("public",) if for_guest else ("public", "members")
    open_spaces = db.session.scalars(select(Space.id).where(Space.audience.in_(open_to)))
    return words_within(Scope(not for_guest, frozenset({space_id, *open_spaces})))


def words_within(scope: Scope, at: tuple[int, ...] | None = None) -> Words:
    """Return the words of the terms within a scope; kept as those above.

    Args:
        at: the versions of `KEPT_UNDER`, where the caller has read them already.
    """
    place = ("glossary", at or versions(*KEPT_UNDER), scope.member, scope.spaces)
    return fragments().remember(place, lambda: _words(scope))


def _words(scope: Scope) -> Words:
    rows = db.session.execute(_TERMS.where(readable(scope, Contribution.space_id, Contribution.label))).all()
    names = names_of([row.id for row in rows])
    terms: dict[str, Term] = {}
    together: dict[str, tuple[str, ...]] = {}
    for row in rows:
        meaning = (row.summary or row.plain)[:LONGEST_MEANING]
        called = [row.title, *(name.word for name in names.get(row.id, ()))]
        for word in called:
            terms.setdefault(word.lower(), Term(f"/a/{row.id}", meaning, word.isupper()))
        keys = tuple(dict.fromkeys(key(word) for word in called))
        for each in keys:
            together.setdefault(each, tuple(other for other in keys if other != each))
    return Words(terms, compiled(terms), {word: others for word, others in together.items() if others})
