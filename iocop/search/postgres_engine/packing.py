"""What a document is scored by, packed into bytes: thousands of rows become one array of numbers each. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.port import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iocop.search.port import Integers
    from iocop.search.postgres_engine.lexemes import Entry

KIND, ID, TOPIC, AT, VOTES, LENGTHS = range(6)
"""Columns of facts; from the last on, the four lengths."""
FACTS: Final = LENGTHS + 4
BETWEEN: Final = 0
"""Stands in a sequence between title and text; no word has this number."""


class Packed(NamedTuple):
    """The packed columns of `search_document`."""

    facts: bytes
    keys: bytes
    stems: bytes
    exacts: bytes
    sequence: bytes


class Told(NamedTuple):
    """Pairs of many documents: *row* says whose, *word* the word's number, *times* how often."""

    row: Integers
    word: np.ndarray[tuple[int], np.dtype[np.int32]]
    times: np.ndarray[tuple[int], np.dtype[np.int32]]


def packed(entry: Entry, numbers: Mapping[str, int]) -> Packed:
    """Pack a document; *numbers* has one for each of its lexemes."""
    one = entry.document
    facts = (KINDS.index(one.kind), one.id, one.topic_id, one.at, one.votes, *entry.lengths)
    title, text = ([numbers[lexeme] for lexeme in field] for field in entry.sequence)
    return Packed(
        facts=np.array(facts, "<i8").tobytes(),
        keys=_short([numbers[key] for key in entry.keys]),
        stems=_pairs(entry.stems, numbers),
        exacts=_pairs({**entry.exacts, **dict.fromkeys(entry.further, 0)}, numbers),
        sequence=_short([*title, BETWEEN, *text]),
    )


def _short(numbers: Sequence[int]) -> bytes:
    return np.array(numbers, "<i4").tobytes()


def _pairs(times: Mapping[str, int], numbers: Mapping[str, int]) -> bytes:
    pairs = [(numbers[lexeme], count) for lexeme, count in times.items()]
    return np.array(pairs, "<i4").tobytes()


def facts_of(rows: Sequence[bytes]) -> Integers:
    """Return a line of facts for each document."""
    return np.frombuffer(b"".join(rows), "<i8").reshape(-1, FACTS)


def told_of(rows: Sequence[bytes]) -> Told:
    """Return all pairs of some documents."""
    pairs = np.frombuffer(b"".join(rows), "<i4").reshape(-1, 2)
    return Told(_owners(rows, 8), pairs[:, 0], pairs[:, 1])


def only(wanted: Sequence[int], told: Told) -> Told:
    """Keep the pairs of some words: a look at a table for each is ten times quicker than a comparison a word."""
    words = told.word.copy()
    last = int(words.max(initial=0))
    table = np.zeros(last + 1, np.bool_)
    table[[number for number in wanted if number <= last]] = True
    at = np.flatnonzero(table[words])
    return Told(told.row[at], words[at], told.times[at])


def keys_of(rows: Sequence[bytes]) -> tuple[Integers, Integers]:
    """Return whose each key is, and its number."""
    return _owners(rows, 4), np.frombuffer(b"".join(rows), "<i4").astype(np.int64)


def _owners(rows: Sequence[bytes], width: int) -> Integers:
    sizes = np.fromiter((len(row) for row in rows), np.int64, len(rows)) // width
    return np.repeat(np.arange(len(rows)), sizes)


def words_in(packed: Packed) -> Integers:
    """Return the numbers of all lexemes that a document is counted for, each once."""
    pairs = np.frombuffer(packed.stems + packed.exacts, "<i4")[::2]
    return np.concatenate([pairs, np.frombuffer(packed.keys, "<i4")]).astype(np.int64)


def stands(phrase: Sequence[int], sequence: bytes, *, title: bool) -> bool:
    """Say whether words, by their numbers, stand in a row; the numbers of a title's words are its own."""
    words = np.frombuffer(sequence, "<i4")
    end = int(np.flatnonzero(words == BETWEEN)[0])
    words = words[:end] if title else words[end + 1 :]
    starts = len(words) - len(phrase) + 1
    if starts < 1:
        return False
    here = np.ones(starts, np.bool_)
    for place, word in enumerate(phrase):
        here &= words[place : place + starts] == word
    return bool(here.any())
