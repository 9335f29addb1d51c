"""How names become words in addresses: pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_TAG = 50
MARKS = {"Mn", "Mc"}
"""Accents and vowels that combine with the letter before them (Unicode 16, general category)."""
UNSEEN = re.compile("[\u200d\ufe00-\ufe0f]")
"""The joiner and the variants of a form: nobody sees whether they were typed."""
SPELLED = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "δ": "delta-"}
)
"""Letters that no decomposition makes ASCII, and the difference that engineers write."""

RESERVED = frozenset({"unanswered"})
"""Addresses below ``/forums/`` and ``/domains/`` that pages of the site have: no domain is called so."""


@lru_cache(1000)  # a topic's page asks it each time
def slug(name: str, longest: int = 60) -> str:
    """Return lower-case ASCII words joined by hyphens; letters without an ASCII form are dropped.

    Args:
        longest: most characters, cut at a word where one ends in the second half.

    Returns:
        ``"-"`` for a name without a single letter or digit that can be written so.
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(SPELLED))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    joined = "-".join(words)
    if len(joined) > longest:
        cut = joined[:longest]
        joined = cut[: cut.rfind("-")] if cut.rfind("-") > longest // 2 else cut
    return joined.strip("-") or "-"


def address(name: str, longest: int = 60) -> str:
    """Return what a part of the site is called in its address; may be empty.

    A name with letters that have no ASCII form keeps its own: two names in another script are two addresses.
    """
    dropped = any(letter.isalnum() and slug(letter) == "-" for letter in name)
    return (tag_slug(name)[:longest] if dropped else slug(name, longest)).strip("-.")


@lru_cache(5000)  # an import asks the same tags thousands of times
def tag_slug(word: str) -> str:
    """Return a tag's slug: in any script, with `+`, `#` and `.`, so that ``c++`` and ``c#`` differ; may be empty.

    A slug is its own slug. Marks stay with their letter, as in ``हिन्दी``.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).lower())
    joined = "-"
    for letter in UNSEEN.sub("", plain):
        joined += _written(joined[-1], letter)
    return re.sub(r"-{2,}", "-", joined).strip("-.")[:LONGEST_TAG].strip("-.")


def _written(before: str, letter: str) -> str:
    """Return a letter as it is written in a tag, after what stands before it; what cannot be there parts words."""
    if letter.isalnum() or letter in "+#.":
        return letter
    if unicodedata.category(letter) in MARKS:
        return letter if before.isalnum() or unicodedata.category(before) in MARKS else ""
    return "-"
