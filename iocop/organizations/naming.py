"""How organizations' names are compared and written in addresses. Pure."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

ALIKE = 0.86
"""Least share of common text, 0 to 1, from which two folded names are suggested as the same organization."""

LONGEST_SLUG = 60
_FORMS = """
    ab ag aps as asa bhd bv co corp corporation cv doo eirl ev gbr gmbh inc incorporated kft kg kk lda limitada limited
    llc llp lp ltd ltda mbh nv oy oyj plc pte pty sa sarl sas sl spa srl sro zoo
"""
LEGAL_FORMS = frozenset(_FORMS.split())
"""Words that say how a business is set up; they tell nobody apart."""

RESERVED = frozenset({"new"})
"""Words of addresses below /organizations."""


def folded(name: str) -> str:
    """Return a name without case, accents, punctuation and legal form, for comparing and searching."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).replace("&", " and ")
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    words = re.sub(r"[^\w\s]", "", letters.replace("-", " ").replace("/", " ")).split()
    telling = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(telling or words)


def likeness(one: str, other: str) -> float:
    """Return how alike two folded names are, 0 to 1; a whole name inside another counts as alike."""
    if not one or not other:
        return 0.0
    if f" {one} " in f" {other} " or f" {other} " in f" {one} ":
        return max(ALIKE, SequenceMatcher(None, one, other).ratio())
    return SequenceMatcher(None, one, other).ratio()


def slug(name: str) -> str:
    """Return a name as it stands in an address: words of letters and digits, joined by hyphens."""
    made = "-".join(folded(name).split()).replace("_", "-")[:LONGEST_SLUG].strip("-")
    ascii_only = made.encode("ascii", "ignore").decode().strip("-")
    return (
        ascii_only if ascii_only and ascii_only not in RESERVED else f"organization-{ascii_only}".rstrip("-")
    )


def free_slug(name: str, taken: set[str]) -> str:
    """Return a slug nobody has: the name's own, or the first with a number behind it that is free."""
    wanted = slug(name)
    number = 2
    found = wanted
    while found in taken:
        found = f"{wanted}-{number}"
        number += 1
    return found
