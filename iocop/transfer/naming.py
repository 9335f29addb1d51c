"""Names in texts: found whatever their case and accents, and replaced by roles. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.organizations.naming import LEGAL_FORMS
from iocop.transfer.sentences import begins_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

WORD: Final = re.compile(r"[^\W_]+")
_BETWEEN: Final = re.compile(r"[^\w\n]{1,3}|_")
"""What may stand between the words of one name: as in "Hollen Marsh", "hollen-marsh", "Alder, Ann"."""
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_TELEPHONE: Final = re.compile(r"(?<![\w.])\+\d(?:[ ()/-]?\d){7,14}(?!\w)")
_MENTION: Final = re.compile(r"(?<![\w@/.])@[^\W_](?:[\w-]{0,62}\w)?")
SHORTEST: Final = 4
"""A name of one word that is written small counts from so many letters: an organization called IT is not every "it"."""


class Name(NamedTuple):
    """A name that must not travel.

    Attributes:
        words: as `words_of` gives them.
        role: what stands in its place.
        cased: it counts only where it is written with a capital, because it is an ordinary word too.
    """

    words: tuple[str, ...]
    role: str
    cased: bool = False


class Found(NamedTuple):
    """A name in a text, from *start* to *end*.

    Attributes:
        sure: nobody would write this word so if they did not mean the name: it cannot be put back.
    """

    start: int
    end: int
    role: str
    sure: bool


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """Return a word without case and accents."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def words_of(name: str) -> tuple[str, ...]:
    """Return a name's words as they are compared, without what only says how a business is set up."""
    words = [folded(word) for word in WORD.findall(name)]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return tuple(words)


class Names:
    """All the names that must not travel, ready to be looked for: a text is read once, however many there are."""

    def __init__(self, names: Iterable[Name], handles: Mapping[str, str], someone: str, contact: str) -> None:
        """Take the names.

        Args:
            handles: the role of each known handle, in small letters.
            someone: stands for a handle nobody is known by.
            contact: stands for an e-mail address or a telephone number.
        """
        self.by_first: dict[str, list[Name]] = {}
        for name in names:
            if name.words and len("".join(name.words)) > 1:
                self.by_first.setdefault(name.words[0], []).append(name)
        for known in self.by_first.values():
            known.sort(key=lambda name: -len(name.words))
        self.handles, self.someone, self.contact = handles, someone, contact

    def found(self, text: str) -> list[Found]:
        """Return the names in a text in their order; none overlaps another."""
        spans = self._contacts(text) if "@" in text or "+" in text else []
        words = list(WORD.finditer(text))
        number = 0
        while number < len(words):
            match = self._at(text, words, number)
            if match is None:
                number += 1
                continue
            used, span = match
            if not any(one.start < span.end and span.start < one.end for one in spans):
                spans.append(span)
            number += used
        return sorted(spans)

    def _contacts(self, text: str) -> list[Found]:
        spans = [
            Found(match.start(), match.end(), self.contact, sure=True)
            for pattern in (_ADDRESS, _TELEPHONE)
            for match in pattern.finditer(text)
        ]
        for match in _MENTION.finditer(text):
            role = self.handles.get(match[0][1:].lower())
            spans.append(Found(match.start(), match.end(), role or self.someone, sure=role is not None))
        return spans

    def _at(self, text: str, words: Sequence[re.Match[str]], number: int) -> tuple[int, Found] | None:
        for name in self.by_first.get(folded(words[number][0]), ()):
            here = words[number : number + len(name.words)]
            if not _same(text, here, name.words):
                continue
            sure = _surely(text, here)
            if sure is None or (name.cased and not here[0][0][0].isupper()):
                continue
            end, used = _with_legal_form(text, words, number + len(here))
            return used - number, Found(here[0].start(), end, name.role, sure)
        return None


def _same(text: str, here: Sequence[re.Match[str]], words: tuple[str, ...]) -> bool:
    if len(here) < len(words) or any(
        folded(found[0]) != word for found, word in zip(here, words, strict=True)
    ):
        return False
    return all(_BETWEEN.fullmatch(text, one.end(), other.start()) for one, other in pairwise(here))


def _surely(text: str, here: Sequence[re.Match[str]]) -> bool | None:
    """Say whether the words here are surely the name; None where they surely are not."""
    if len(here) > 1:
        return True
    word = here[0][0]
    if not any(letter.isupper() for letter in word):
        return False if len(word) >= SHORTEST else None
    return not begins_sentence(text, here[0].start())


def _with_legal_form(text: str, words: Sequence[re.Match[str]], after: int) -> tuple[int, int]:
    """Return where a name ends, a legal form behind it included, and the number of the next word."""
    end = words[after - 1].end()
    if after < len(words):
        form = words[after]
        near = _BETWEEN.fullmatch(text, end, form.start())
        if near and form[0][0].isupper() and folded(form[0]) in LEGAL_FORMS:
            return form.end(), after + 1
    return end, after
