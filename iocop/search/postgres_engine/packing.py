"""What is told of documents, packed into bytes: thousands of rows become one array of numbers each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from iocop.search.port import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from iocop.search.port import Integers
    from iocop.search.postgres_engine.lexemes import Entry

FACTS: Final = np.dtype([
    ("id", "<i8"), ("topic", "<i8"), ("space", "<i8"), ("at", "<i8"), ("number", "<i4"), ("votes", "<i4"),
    ("title_stem", "<i4"), ("stem", "<i4"), ("title_exact", "<i4"), ("exact", "<i4"), ("keys", "<i4"),
    ("kind", "i1"), ("public", "i1"),
])  # fmt: skip
"""What is told of a document: those named as fields are how long it is in words; *keys*: how many it has."""
POSTING: Final = np.dtype([("number", "<i4"), ("times", "<u2")])
"""A document that a word stands in, and how often."""
MOST_TIMES: Final = 2**16 - 1
BETWEEN: Final = 0
"""Stands in a sequence between title and text; no word has this number."""


class Packed(NamedTuple):
    """A document by the numbers of its lexemes.

    Attributes:
        keys: those it has.
        words: all others it is counted for, in rising order.
        sequence: exact words of the title and of the text, in their order.
    """

    keys: bytes
    words: bytes
    sequence: bytes


def packed(entry: Entry, numbers: Mapping[str, int]) -> Packed:
    """Pack a document; *numbers* has one for each of its lexemes."""
    title, text = ([numbers[lexeme] for lexeme in field] for field in entry.sequence)
    return Packed(
        keys=_short([numbers[key] for key in entry.keys]),
        words=_short(sorted(numbers[lexeme] for lexeme in (*entry.times, *entry.further))),
        sequence=_short([*title, BETWEEN, *text]),
    )


def facts(entry: Entry, number: int) -> bytes:
    """Pack what is told of a document that has a number."""
    one = entry.document
    told = (
        one.id, one.topic_id, one.space_id, one.at, number, one.votes, *entry.lengths, len(entry.keys),
        KINDS.index(one.kind), one.label == "public",
    )  # fmt: skip
    return np.array([told], FACTS).tobytes()


def _short(numbers: Sequence[int]) -> bytes:
    return np.array(numbers, "<i4").tobytes()


def facts_of(rows: bytes) -> NDArray[Any]:
    """Return a line of facts for each document."""
    return np.frombuffer(rows, FACTS)


def numbers_of(column: bytes) -> NDArray[np.int32]:
    return np.frombuffer(column, "<i4")


def postings_of(column: bytes) -> NDArray[Any]:
    """Return postings, in the order of their documents."""
    return np.frombuffer(column, POSTING)


def in_a_row(numbers: Sequence[int]) -> bytes:
    """Return what a sequence holds where words stand in a row; it may hold that by chance too, between numbers."""
    return _short(numbers)


def standing(phrase: Sequence[int], sequences: Sequence[bytes]) -> Integers:
    """Return in which sequences words stand in a row, by their numbers; those of a title's words are its own."""
    ends = np.cumsum([len(sequence) // 4 for sequence in sequences])
    words = numbers_of(b"".join(sequences))
    starts = max(0, len(words) - len(phrase) + 1)
    begun = np.flatnonzero(words[:starts] == phrase[0])
    for place, word in enumerate(phrase[1:], 1):
        begun = begun[words[begun + place] == word]
    return np.unique(np.searchsorted(ends, begun, side="right"))
