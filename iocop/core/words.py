"""Sentences that pure rules hand upward untranslated; whoever speaks to a person brings the translator."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

Value = str | int


class Phrase(NamedTuple):
    """A sentence with named gaps and what fills them; hashable, so that equal reasons count together."""

    words: str
    values: tuple[tuple[str, Value], ...] = ()

    def said(self, translate: Callable[[str], str] = str) -> str:
        return translate(self.words) % dict(self.values)

    def __str__(self) -> str:
        return self.said()


def N_(words: str, **values: Value) -> Phrase:  # noqa: N802  (the name by which the catalogue finds it)
    return Phrase(words, tuple(values.items()))
