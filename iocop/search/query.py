"""The one parser: what stands in the box becomes a `SearchQuery`; no text is an error. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

if TYPE_CHECKING:
    from iocop.search.synonyms import Meaning

Order: TypeAlias = Literal["best", "latest", "helpful"]

MOST_CHARACTERS: Final = 400
MOST_TERMS: Final = 32
LAST_PAGE: Final = 50
ORDERS: Final = ("best", "latest", "helpful")

_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("−–—", "-"))
_PIECE: Final = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+)')


@dataclass(frozen=True)
class SearchQuery:
    """What somebody looks for.

    Attributes:
        terms: words as typed, each once.
        phrases: what stood in quotes: must occur exactly so.
        excluded: words and phrases that must not occur.
        also: what else stretches of the terms are called, from the glossary.
        page: from 1 to 50.
        shortened: more was typed than is used.
    """

    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    also: tuple[Meaning, ...] = ()
    order: Order = "best"
    page: int = 1
    shortened: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for; what to leave out is not enough."""
        return not self.terms and not self.phrases


def parse(text: str, order: str = "", page: str = "") -> SearchQuery:
    """Read the box and the address; what makes no sense is left out, never an error."""
    clean = _cleaned(text)
    terms: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    for piece in _PIECE.finditer(clean[:MOST_CHARACTERS]):
        kept, words = _sorted_in(piece, terms, phrases, excluded)
        if _says_something(words):
            kept.append(words)
    return SearchQuery(
        terms=_few(terms),
        phrases=_few(phrases),
        excluded=_few(excluded),
        order=cast("Order", order) if order in ORDERS else "best",
        page=page_of(page),
        shortened=len(clean) > MOST_CHARACTERS or len(set(terms)) > MOST_TERMS,
    )


def page_of(text: str) -> int:
    """Return the page an address asks for: from 1 to 50, whatever stands there."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:6]), 1), LAST_PAGE)


def _cleaned(text: str) -> str:
    spaced = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text[:20_000])
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", spaced).translate(_QUOTES)).strip()


def _sorted_in(
    piece: re.Match[str], terms: list[str], phrases: list[str], excluded: list[str]
) -> tuple[list[str], str]:
    if piece["word"] is None:
        return (excluded if piece["minus"] else phrases), piece["phrase"].strip()
    word = piece["word"]
    if word.startswith("-") and not word.startswith("--"):  # a flag such as --force is a word
        return excluded, word[1:]
    return terms, word


def _says_something(words: str) -> bool:
    return any(letter.isalnum() for letter in words)


def _few(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:MOST_TERMS]
