"""Languages, countries and time zones, by the names people call them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale


def _locale() -> Locale:
    return get_locale() or Locale("en")


@cache
def _countries(locale: Locale) -> tuple[tuple[str, str], ...]:
    named = [(code, name) for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()]
    return tuple(
        sorted(
            (pair for pair in named if pair[0] not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}), key=_name
        )
    )


def _name(pair: tuple[str, str]) -> str:
    return pair[1]


def countries() -> list[tuple[str, str]]:
    """Return (code, name) pairs in the reader's language, by name."""
    return list(_countries(_locale()))


def country_name(code: str) -> str:
    return str(_locale().territories.get(code, code))


def language_name(code: str) -> str:
    return str(_locale().languages.get(code, code))


def own_name(code: str) -> str:
    """Return a language's name in itself."""
    return str(Locale.parse(code).get_display_name() or code)


@cache
def _language_codes(locale: Locale) -> dict[str, str]:
    named = {str(code): str(name) for code, name in locale.languages.items() if len(str(code)) == 2}
    own = {own_name(code).casefold(): code for code in named if _is_known(code)}
    return own | {name.casefold(): code for code, name in named.items()} | {code: code for code in named}


def _is_known(code: str) -> bool:
    from babel import UnknownLocaleError  # some languages have a name but no data of their own

    try:
        Locale(code)
    except UnknownLocaleError:
        return False
    return True


def language_code(text: str) -> str | None:
    """Return the code of a language named in the reader's language, in itself, or by its code."""
    return _language_codes(_locale()).get(text.strip().casefold())


@cache
def time_zones() -> tuple[str, ...]:
    """Return the IANA names of places, such as ``Europe/Vienna``."""
    elsewhere = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/")
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and not name.startswith(elsewhere))
    )
