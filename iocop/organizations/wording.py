"""How organizations and affiliations are put in words, the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from iocop.core.policy import Sentence

TYPES: dict[str, Sentence] = {
    "firm": _l("Company"),
    "sme": _l("Small or medium company"),  # codespell:ignore sme
    "public": _l("Public body"),
    "third": _l("Association or charity"),
    "academic": _l("University or research"),
    "vendor": _l("Vendor"),
    "intermediary": _l("Intermediary"),
}
SIZES: dict[str, Sentence] = {
    "": _l("Not said"),
    "1": _l("Sole practitioner"),
    "2-9": _l("2 to 9 people"),
    "10-49": _l("10 to 49 people"),
    "50-249": _l("50 to 249 people"),
    "250-999": _l("250 to 999 people"),
    "1000+": _l("1,000 people or more"),
}
RELATIONS: dict[str, Sentence] = {
    "parent": _l("Parent"),
    "subsidiary": _l("Subsidiary"),
    "successor": _l("Successor"),
    "predecessor": _l("Predecessor"),
    "supplier": _l("Supplier"),
    "customer": _l("Customer"),
    "competitor": _l("Competitor"),
}
VISIBILITIES: dict[str, Sentence] = {
    "public": _l("Everybody"),
    "members": _l("Members"),
    "board": _l("Me and the board"),
    "self": _l("Only me"),
}
BECAUSE: dict[str, Sentence] = {
    "name": _l("sounds alike"),
    "alias": _l("is also known by this name"),
    "domain": _l("has the same internet domain"),
}


def country_name(code: str) -> str:
    """Return a country's name in the reader's language; the code itself where it is unknown."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((code, country_name(code)) for code in codes), key=lambda choice: choice[1])


def all_countries() -> list[tuple[str, str]]:
    """Return every country with its name in the reader's language."""
    locale = get_locale()
    names = locale.territories if locale else {}
    return country_choices(
        code for code in names if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    )


NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""Codes of the list that name no country."""


def month(day: date | datetime) -> str:
    return str(format_date(day, "MMMM y"))


def evidence(proved: bool, domain: str, at: datetime | None) -> str:
    """Say how an affiliation is known; never by which address."""
    if not proved:
        return str(_("self-stated"))
    if not domain or at is None:
        return str(_("verified"))
    return str(_("verified by @%(domain)s, %(month)s", domain=domain, month=month(at)))


def span(start: date, end: date | None) -> str:
    """Put half-open days in words by the month."""
    if end is None:
        return str(_("since %(month)s", month=month(start)))
    return str(_("%(start)s to %(end)s", start=month(start), end=month(end)))


def then_and_now(then: str, now: str) -> str:
    """Say where an author worked when writing, and where now; the same place is named once."""
    if then and now and then != now:
        return str(_("then at %(then)s, now at %(now)s", then=then, now=now))
    if then:
        return then
    return str(_("now at %(now)s", now=now)) if now else ""
