"""The names a text is looked through for: the directory's, made once for each version of it, and the member's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from babel import Locale
from flask_babel import get_locale
from sqlalchemy import bindparam, select

from iocop.core.cache import fragments
from iocop.core.db import db, read
from iocop.core.versions import versions
from iocop.domains.models import Domain
from iocop.organizations.models import Affiliation, Offer, Organization, OrganizationAlias
from iocop.organizations.naming import LEGAL_FORMS
from iocop.organizations.queries.standing import holding_on
from iocop.safety.queries.lists import roles_of
from iocop.safety.rules import Names
from iocop.safety.rules.words import first_words, name_words

if TYPE_CHECKING:
    from datetime import datetime

_HELD: Final = select(Affiliation.organization_id, Affiliation.visibility).where(
    Affiliation.member_id == bindparam("member"), holding_on(bindparam("today"))
)


class _Directory(NamedTuple):
    """What is the same for all: names by first word, those of each organization, and names that give nothing away."""

    by_first_word: dict[str, list[tuple[str, ...]]]
    of: dict[int, list[tuple[str, ...]]]
    open: frozenset[tuple[str, ...]]


def names_for(member_id: int, at: datetime) -> Names:
    """Return what a member's text is looked through for.

    A current employer that the member's affiliation makes public gives nothing away: it stands in the author line. One
    the member keeps private is named as such.
    """
    directory = _directory()
    public: set[tuple[str, ...]] = set(directory.open)
    unspoken: set[tuple[str, ...]] = set()
    for held in read(_HELD, {"member": member_id, "today": at.date()}):
        names = directory.of.get(held.organization_id, ())
        (public if held.visibility == "public" else unspoken).update(names)
    return Names(
        own=roles_of(member_id), directory=directory.by_first_word, unspoken=frozenset(unspoken - public),
        open=frozenset(public - unspoken),
    )  # fmt: skip


def _directory() -> _Directory:
    key = ("safety", versions("organizations", "site"), str(get_locale()))
    kept: _Directory = fragments().remember(key, _made)
    return kept


def _made() -> _Directory:
    of: dict[int, list[tuple[str, ...]]] = {}
    clients: set[tuple[str, ...]] = set()
    makers: set[tuple[str, ...]] = set()
    names = select(Organization.id, Organization.name, Organization.type)
    aliases = select(Organization.id, OrganizationAlias.name, Organization.type).join(
        OrganizationAlias, OrganizationAlias.organization_id == Organization.id
    )
    for organization_id, name, kind in db.session.execute(names.union_all(aliases)):
        words = _bare(name)
        of.setdefault(organization_id, []).append(words)
        (makers if kind == "vendor" else clients).add(words)
    return _Directory(
        first_words(clients - makers - {()}), of, frozenset(makers | _places_and_products()) - {()}
    )


def _bare(name: str) -> tuple[str, ...]:
    """Return a name's folded words without the legal form at its end, such as *GmbH* or *B.V.*"""
    words = list(name_words(name))
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or len(words[-1]) == len(words[-2]) == 1):
        words.pop()
        if len(words) > 1 and len(words[-1]) == 1:
            words.pop()
    return tuple(words)


def _places_and_products() -> set[tuple[str, ...]]:
    """Return countries, in English and the reader's language, products, and the practice's domains."""
    names = set(db.session.scalars(select(Offer.name).union(select(Domain.name))))
    for locale in (Locale("en"), get_locale()):
        names |= {str(name) for name in (locale.territories if locale else {}).values()}
    return {name_words(name) for name in names}
