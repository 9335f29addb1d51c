"""A pseudo-language: every translated sentence stands in ⟦brackets⟧, so that a bare one is seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from babel import Locale
from babel.support import NullTranslations
from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString
from sqlalchemy import JSON, String, Text, select

from iocop.core.db import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import NavigableString

LOCALE = "eo"
"""A language the site has no catalogue for; Babel knows no invented ones."""
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "label")
NO_PROSE = ("script", "style", "code", "kbd", "pre", "time", "samp", "textarea")
MEMBER_NUMBER = re.compile(r"\bIOCOP-\d{4}-\d{3}[\dX]\b")
WORD = re.compile(r"[^\W\d_]{2,}")


def wrapped(words: str) -> str:
    return f"⟦{words}⟧"


class PseudoTranslations(NullTranslations):
    """Translates everything by putting it in brackets."""

    def gettext(self, message: str) -> str:
        return wrapped(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return wrapped(msgid1 if n == 1 else msgid2)

    def upgettext(self, context: str, message: str) -> str:  # noqa: ARG002 -- gettext's signature
        return wrapped(message)

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:  # noqa: ARG002
        return wrapped(singular if num == 1 else plural)

    def ugettext(self, message: str) -> str:
        return wrapped(message)

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return wrapped(singular if num == 1 else plural)


def names_of_the_world() -> set[str]:
    """Countries and languages as the library names them, languages as they call themselves, and time zones."""
    here = Locale(LOCALE)
    zones = {zone.replace("_", " ") for zone in available_timezones()}
    languages = {
        Locale(code).language_name or "" for code in ("en", "de", "fr", "pt", "es", "it", "nl", "sv", "da")
    }
    languages |= {
        Locale(code).language_name or "" for code in ("nb", "no", "fi", "pl", "cs", "tr", "ja", "zh")
    }
    return {
        *here.territories.values(), *here.languages.values(), *zones,
        *languages, *(name.capitalize() for name in languages),
    }  # fmt: skip


def data_strings() -> set[str]:
    """Every string of the database: what a person or a setting wrote is shown as it is."""
    found: set[str] = set()
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, (String, Text, JSON))]
        for row in db.session.execute(select(*columns)).all() if columns else ():
            found |= set(_strings(list(row)))
    return {squeezed(text) for text in found if text}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _strings(item)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def bare_texts(html: str, data: set[str]) -> list[str]:
    """Return what a reader of a page in the pseudo-language reads without brackets and is not data."""
    page = BeautifulSoup(html, "html.parser")
    found = [text for tag in page.find_all(True) for text in _bare_attributes(tag)]
    depth = 0
    for node in page.find_all(string=True):
        outside, depth = _outside(str(node), depth)
        if not _is_no_prose(node):
            found.append(outside)
    return [text for text in map(squeezed, found) if WORD.search(text) and not _is_data(text, data)]


def _bare_attributes(tag: Tag) -> Iterator[str]:
    for name in ATTRIBUTES:
        yield _outside(str(tag.get(name, "")), 0)[0]
    if tag.name == "input" and tag.get("type") in {"submit", "button", "reset"}:
        yield _outside(str(tag.get("value", "")), 0)[0]
    if tag.name == "meta" and tag.get("name") == "description":
        yield _outside(str(tag.get("content", "")), 0)[0]


def _is_no_prose(node: NavigableString) -> bool:
    if isinstance(node, PreformattedString):  # a comment, the document type
        return True
    return any(
        parent.name in NO_PROSE
        or (parent.name != "html" and parent.has_attr("lang"))
        or parent.get("aria-hidden") == "true"  # decoration, such as a monogram
        for parent in node.parents
    )


def _outside(text: str, depth: int) -> tuple[str, int]:
    """Return what of a text stands outside brackets, and how many are open after it."""
    kept = []
    for letter in text:
        if letter == "⟧":
            depth -= 1
        elif letter == "⟦":
            depth += 1
            kept.append(" ")
        elif depth == 0:
            kept.append(letter)
    return "".join(kept), depth


def _is_data(text: str, data: set[str]) -> bool:
    """Data, or several pieces of it beside each other."""
    if text in data:
        return True
    text = MEMBER_NUMBER.sub("", text)
    pieces = [piece.strip() for piece in re.split(r"[·,:;()/|–—]", text)]
    return all(piece in data or not WORD.search(piece) for piece in pieces)
