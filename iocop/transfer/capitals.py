"""What remains capitalised once the known names are gone: shown to the member, who knows what it is. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.transfer.naming import WORD
from iocop.transfer.sentences import SENTENCE_WORDS, begins_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

NOUNS_ARE_CAPITALISED: Final = frozenset({"de", "lb"})
"""Languages in which a capital alone says nothing: there two in a row, and words all in capitals, are shown."""
AROUND: Final = 36
_UNITS: Final = frozenset(
    [
        "Hz",
        "Pa",
        "MPa",
        "GPa",
        "MW",
        "GW",
        "MJ",
        "GJ",
        "MWh",
        "GWh",
        "KB",
        "MB",
        "GB",
        "TB",
        "Nm",
        "Wh",
        "Ah",
        "Ws",
        "Mbit",
        "Gbit",
    ]
)
_JOINED: Final = re.compile(r" |-|’|'|\.? (?=\w)")


class Left(NamedTuple):
    """A word, or some in a row, that remains capitalised.

    Attributes:
        context: the words around it, where it stands first.
        stands_out: it is capitalised within a sentence; others only ever begin one.
    """

    word: str
    times: int
    context: str
    stands_out: bool


class Seen(NamedTuple):
    """A capitalised word where it stands."""

    start: int
    end: int
    begins: bool


def capitalised(
    text: str, language: str, small: Collection[str] = (), *, code: bool = False
) -> Iterator[Seen]:
    """Yield the capitalised words of a text, those in a row as one.

    Args:
        small: words that are written small somewhere: one that begins a sentence is no part of a name behind it.
    """
    row: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if row and not _JOINED.fullmatch(text, row[-1].end(), word.start()):
            yield from _told(text, row, language, small)
            row = []
        if _is_capitalised(word[0], code=code):
            row.append(word)
        else:
            yield from _told(text, row, language, small)
            row = []
    yield from _told(text, row, language, small)


def _is_capitalised(word: str, *, code: bool) -> bool:
    if len(word) < 2 or not word[0].isupper() or not word.isalpha() or word in _UNITS:
        return False
    return word[1:].islower() and len(word) > 2 if code else True


def _told(text: str, row: list[re.Match[str]], language: str, small: Collection[str]) -> Iterator[Seen]:
    while row and row[0][0].lower() in SENTENCE_WORDS:
        row = row[1:]
    while row and row[-1][0].lower() in SENTENCE_WORDS:
        row = row[:-1]
    if len(row) > 1 and row[0][0].lower() in small and begins_sentence(text, row[0].start()):
        row = row[1:]
    if not row:
        return
    if language in NOUNS_ARE_CAPITALISED and len(row) == 1 and not row[0][0].isupper():
        return
    begins = len(row) == 1 and begins_sentence(text, row[0].start())
    yield Seen(row[0].start(), row[-1].end(), begins)


def remaining(texts: Iterable[tuple[str, bool]], language: str) -> list[Left]:
    """Return what remains capitalised in some texts, each with whether it is code; what stands out comes first.

    A word that only begins sentences and is written small elsewhere is an ordinary word, and left out.
    """
    pieces = [(text, code) for text, code in texts if text]
    small = {word for text, _ in pieces for word in WORD.findall(text) if word.islower()}
    found: dict[str, Left] = {}
    for text, code in pieces:
        for seen in capitalised(text, language, small, code=code):
            word = text[seen.start : seen.end]
            known = found.get(word) or Left(word, 0, _around(text, seen), stands_out=False)
            found[word] = known._replace(
                times=known.times + 1, stands_out=known.stands_out or not seen.begins
            )
    told = [left for left in found.values() if left.stands_out or left.word.lower() not in small]
    return sorted(told, key=lambda left: (not left.stands_out, -left.times, left.word))


def _around(text: str, seen: Seen) -> str:
    start, end = max(0, seen.start - AROUND), min(len(text), seen.end + AROUND)
    words = " ".join(text[start:end].split())
    return ("… " if start else "") + words + (" …" if end < len(text) else "")
