"""A text as words with their places, and how words are compared. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_APART: Final = frozenset('.!?;:()"|[]<>*`\t')


class Word(NamedTuple):
    """One word of a text.

    Attributes:
        folded: as words are compared, without case, accents and apostrophes.
        start, end: its place, in characters.
    """

    text: str
    folded: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def marked(self) -> bool:
        """It has a capital or a digit, so it may be a name."""
        return not self.text.islower()

    @property
    def spoken(self) -> bool:
        """A capital, then small letters: a name rather than an abbreviation."""
        return self.capital and any(letter.islower() for letter in self.text[1:])


@lru_cache(20_000)
def fold(word: str) -> str:
    """Return a word as it is compared; an ampersand is an *and*."""
    if word == "&":
        return "and"
    if word.isascii():
        return word.lower().replace("'", "")
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(letter for letter in bare if letter.isalnum())


def words_of(text: str) -> list[Word]:
    """Return a text's words; hyphens, dots and underscores part them."""
    return [Word(found[0], fold(found[0]), *found.span()) for found in _WORD.finditer(text)]


def name_words(name: str) -> tuple[str, ...]:
    """Return a name as its folded words: what phrases are compared by."""
    return tuple(word.folded for word in words_of(name))


def beside(text: str, left: Word, right: Word) -> bool:
    """Say whether two words stand beside each other in one sentence."""
    gap = text[left.end : right.start]
    return len(gap) <= 3 and _APART.isdisjoint(gap) and gap.count("\n") < 2


def first_words(phrases: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Return phrases by their first word, the longest first: what `phrase_at` looks into."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def phrase_at(
    text: str, words: list[Word], at: int, known: Mapping[str, list[tuple[str, ...]]]
) -> tuple[str, ...] | None:
    """Return the longest known phrase that begins at a word."""
    for phrase in known.get(words[at].folded, ()):
        here = words[at : at + len(phrase)]
        if tuple(word.folded for word in here) == phrase and all(
            beside(text, left, right) for left, right in pairwise(here)
        ):
            return phrase
    return None
