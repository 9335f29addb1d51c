"""A document as lexemes, and what PostgreSQL takes them as. Pure.

A lexeme is a letter for its place, a colon and the word: `s:pump` in the text, stemmed; `e:pump` as written; `t:` and
`x:` the same in the title; `k:status=solved` a key. `1:pump`, `2:pump` and `3:pump` say that the word makes up much of
the text: where a word is too frequent to look at every document, those are looked at that it says most about.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.search.analysis import analyse
from iocop.search.keys import OPEN
from iocop.search.plan import FIELDS, K1, B, Field, usual_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iocop.search.port import Document

VERSION: Final = 1
"""Change what is written here or in `packing`, raise the version: the worker then builds the index anew."""

LETTER: Final[dict[Field, str]] = {"title_stem": "t", "stem": "s", "title_exact": "x", "exact": "e"}
STRONG: Final = tuple(share * (K1 + 1) for share in (0.42, 0.58, 0.75))
"""From which weight (`weight`) on a word of the text gets the lexemes `1:`, `2:` and `3:`."""
LONG: Final = "k:long"
"""Some of the places of its words are beyond what PostgreSQL keeps: its own answer about phrases is not the last."""
SPLIT: Final = "k:split"
"""Some of its words lie in `search_overflow`."""

LAST_PLACE: Final = 16_383
MOST_PLACES: Final = 255
MOST_BYTES: Final = 900_000
"""A `tsvector` holds 1 MB of letters and places."""


class Entry(NamedTuple):
    """What the index keeps of a document.

    Attributes:
        lengths: in words, of each of `FIELDS`.
        stems, exacts: lexemes and how often each stands there.
        further: lexemes that are counted, but not scored by.
        sequence: exact words of the title and of the text in their order, as lexemes.
        vectors: what PostgreSQL reads as `tsvector`; those after the first are overflow.
    """

    document: Document
    lengths: tuple[int, ...]
    stems: Mapping[str, int]
    exacts: Mapping[str, int]
    further: Sequence[str]
    keys: Sequence[str]
    sequence: tuple[Sequence[str], Sequence[str]]
    vectors: Sequence[str]


def entry_of(document: Document, average: float) -> Entry:
    """Analyse a document; *average* is how long texts are by now, in words, and 0 where that is not known yet."""
    title = analyse(document.title, document.language)
    text = analyse(document.text, document.language)
    told: dict[Field, list[str]] = {
        "title_stem": title.stems, "stem": text.stems, "title_exact": title.exact, "exact": text.exact,
    }  # fmt: skip
    written = {field: [f"{LETTER[field]}:{word}" for word in told[field]] for field in FIELDS}
    stems = Counter(written["title_stem"]) + Counter(written["stem"])
    sequence = written["title_exact"], written["exact"]
    places = _places(sequence)
    strong = list(_strong(Counter(text.stems), len(text.stems), average))
    keys = [f"k:{key}" for key in sorted(document.keys)]
    vectors = _vectors([*keys, *_marks(sequence)], [*stems, *strong], places)
    open_to_all = OPEN in document.own_keys
    return Entry(
        document=document,
        lengths=tuple(len(told[field]) for field in FIELDS),
        stems=stems,
        exacts=Counter(sequence[0]) + Counter(sequence[1]),
        further=[*strong, *(f"o:{word}" for word in {*title.exact, *text.exact} if open_to_all)],
        keys=[*keys, *_marks(sequence), *([SPLIT] if len(vectors) > 1 else [])],
        sequence=sequence,
        vectors=vectors,
    )


def weight(times: float, length: float, usual: float) -> float:
    """Return how much a word's occurrences count in a text: BM25 without how rare the word is, below K1 + 1."""
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length / usual))


def _strong(times: Mapping[str, int], length: int, average: float) -> Iterator[str]:
    usual = usual_length("stem", average or length)
    for word, count in times.items():
        reached = weight(count, length, usual)
        yield from (f"{strength}:{word}" for strength, least in enumerate(STRONG, 1) if reached >= least)


def _places(sequence: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    """Return where each exact word stands, counted from 1 as PostgreSQL does, as far as it keeps that."""
    places: dict[str, list[int]] = {}
    for field in sequence:
        for place, lexeme in enumerate(field, 1):
            known = places.setdefault(lexeme, [])
            if place <= LAST_PLACE and len(known) < MOST_PLACES:
                known.append(place)
    return places


def _marks(sequence: tuple[Sequence[str], Sequence[str]]) -> list[str]:
    long = any(
        len(field) > LAST_PLACE or max(Counter(field).values(), default=0) > MOST_PLACES for field in sequence
    )
    return [LONG] if long else []


def _vectors(keys: Iterable[str], plain: Iterable[str], placed: Mapping[str, Sequence[int]]) -> list[str]:
    """Write lexemes as `tsvector`; keys come first, so that they stand in the first of them."""
    pieces = [(lexeme, ()) for lexeme in keys] + [(lexeme, ()) for lexeme in plain] + list(placed.items())
    parts: list[list[str]] = [[]]
    room = MOST_BYTES
    for lexeme, places in pieces:
        size = len(lexeme.encode()) + 4 + 2 * len(places)
        if size > room:
            parts.append([])
            room = MOST_BYTES
        room -= size
        parts[-1].append(f"{quoted(lexeme)}:{','.join(map(str, places))}" if places else quoted(lexeme))
    if len(parts) > 1:
        parts[0].append(quoted(SPLIT))
    return [" ".join(part) for part in parts]


def quoted(lexeme: str) -> str:
    """Write a lexeme as PostgreSQL reads it in a `tsvector` or `tsquery`, whatever letters it has."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
