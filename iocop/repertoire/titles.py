"""Titles as links in double brackets compare them. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 200

_LINK: Final = re.compile(r'href="/wiki/([^"#?]{1,1800})')


def key(title: str) -> str:
    """Return what two titles share that differ only in case, accents' encoding, underscores or spaces."""
    words = unicodedata.normalize("NFKC", title.replace("_", " "))
    return " ".join(words.split()).casefold()[:LONGEST]


def linked_titles(html: str) -> dict[str, str]:
    """Return the titles that rendered HTML links to in double brackets, by key, in order of appearance."""
    found: dict[str, str] = {}
    for match in _LINK.finditer(html):
        title = unquote(match[1])[:LONGEST]
        if key(title):
            found.setdefault(key(title), title)
    return found
