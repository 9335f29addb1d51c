"""A document as lexemes. Pure.

A lexeme is a letter for its place, a colon and the word: `s:pump` in the text, stemmed; `e:pump` as written; `t:` and
`x:` the same in the title; `o:pump` as written in what everybody may read; `k:status=solved` a key.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.search.analysis import analyse
from iocop.search.keys import OPEN
from iocop.search.plan import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iocop.search.port import Document

VERSION: Final = 2
"""Change what is written here or in `packing`, raise the version: the worker then builds the index anew."""

LETTER: Final[dict[Field, str]] = {"title_stem": "t", "stem": "s", "title_exact": "x", "exact": "e"}


class Entry(NamedTuple):
    """What the index keeps of a document.

    Attributes:
        lengths: in words, of each of `FIELDS`.
        times: lexemes that are scored by, and how often each stands there.
        further: lexemes that are only counted.
        sequence: exact words of the title and of the text in their order, as lexemes.
        title: its exact words, as PostgreSQL reads a `tsvector`.
    """

    document: Document
    lengths: tuple[int, ...]
    times: Mapping[str, int]
    further: Sequence[str]
    keys: Sequence[str]
    sequence: tuple[Sequence[str], Sequence[str]]
    title: str

    @property
    def all(self) -> list[str]:
        """Every lexeme it is counted for, each once."""
        return [*self.times, *self.further, *self.keys]


def entry_of(document: Document) -> Entry:
    title = analyse(document.title, document.language)
    text = analyse(document.text, document.language)
    told: dict[Field, Sequence[str]] = {
        "title_stem": title.stems, "stem": text.stems, "title_exact": title.exact, "exact": text.exact,
    }  # fmt: skip
    written = {field: [f"{LETTER[field]}:{word}" for word in told[field]] for field in FIELDS}
    open_to_all = OPEN in document.own_keys
    return Entry(
        document=document,
        lengths=tuple(len(told[field]) for field in FIELDS),
        times=Counter(lexeme for field in FIELDS for lexeme in written[field]),
        further=[f"o:{word}" for word in {*title.exact, *text.exact}] if open_to_all else [],
        keys=[f"k:{key}" for key in sorted(document.keys)],
        sequence=(written["title_exact"], written["exact"]),
        title=as_vector(title.exact),
    )


def as_vector(words: Iterable[str]) -> str:
    """Write words as PostgreSQL reads a `tsvector`."""
    return " ".join(map(quoted, sorted(set(words))))


def quoted(word: str) -> str:
    """Write a word as PostgreSQL reads it in a `tsvector` or `tsquery`, whatever letters it has."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
