"""Small words for templates: names of countries, pairs for filter bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import get_locale

if TYPE_CHECKING:
    from flask import Flask


def territory(code: str) -> tuple[str, str]:
    """Return a country's code and its name in the reader's language; the code itself where it is unknown."""
    locale = get_locale()
    names = locale.territories if locale else {}
    return code, str(names.get(code.upper(), code))


def pair(row: Any, value: str, words: str) -> tuple[str, str]:
    """Return a row as a choice of a filter bar."""
    return str(getattr(row, value)), str(getattr(row, words))


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(territory=territory, pair=pair)
