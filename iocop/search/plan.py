"""What an engine is asked for: words, where they may stand and what they weigh, made once for every engine. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from typing import Final, Literal, NamedTuple, TypeAlias

Field: TypeAlias = Literal["title_stem", "stem", "title_exact", "exact"]
FIELDS: Final[tuple[Field, ...]] = ("title_stem", "stem", "title_exact", "exact")

Needs: TypeAlias = Literal["all", "any", "all, else any"]
"""How many groups a document must have. *all, else any*: where few documents have all of them, those with some follow."""

FEW_HITS: Final = 10
"""Fewer documents than this with all words are few."""

K1: Final = 1.6
"""How much more a word says that stands there again: the second time adds a third to a half, the third less."""
B: Final = 0.85
"""How much a text's length counts, from 0 to 1."""
TITLE_LENGTH: Final = 10
"""What a title's length is measured against, in words. Most posts have none, so that the average would say nothing.

K1, B, this and `planning.TITLE_WEIGHT` were chosen on two collections at once (docs/benchmarks.md), in the middle of
where both are answered well: K1 from 1.6 to 2, B from .75 to .9, titles of 8 to 12 words that weigh 1.25 to 1.5 change
either's nDCG@10 by .004 at most.
"""


class Word(NamedTuple):
    """An entry of an index: it scores *weight* × the BM25 of the word in that field.

    BM25 is `rarity` × tf (K1 + 1) / (tf + K1 (1 - B + B × length / `usual_length`)).
    """

    field: Field
    text: str
    weight: float = 1.0


def rarity(documents: int, having: int) -> float:
    """Return how much a word tells that *having* of all live documents have in the field: above 0, the rarer the more.

    Source:
        Robertson, Zaragoza: The probabilistic relevance framework: BM25 and beyond (2009), 3.1, with 1 added inside
        the logarithm, so that no word counts against a document.
    """
    return log(1 + (documents - having + 0.5) / (having + 0.5))


def usual_length(field: Field, average: float) -> float:
    """Return what a field's length is measured against, given how long it is on average, in words."""
    return TITLE_LENGTH if field.startswith("title") else average or 1.0


Part: TypeAlias = tuple[Word, ...]
"""One word of a text in its spellings and places: any of them. Scores the sum of those that stand there."""

Way: TypeAlias = tuple[Part, ...]
"""Parts that must all stand somewhere in the document to count, such as those of a synonym of two words."""

Group: TypeAlias = tuple[Way, ...]
"""What one typed word may stand as: any of the ways. Scores the sum of the ways it stands as."""

Phrase: TypeAlias = tuple[str, ...]
"""Exact words in a row, all in the text or all in the title; one word is a phrase too."""


@dataclass(frozen=True)
class Bounds:
    """What limits a search besides words. Keys are those of `port.Document.keys`.

    Attributes:
        all_of: of each set a document must have one; an empty set is one nothing has, so nothing is found.
        none_of: keys that a found document does not have.
        after, before: seconds since 1970; found is what was written at `after` or later, and earlier than `before`.
    """

    all_of: tuple[frozenset[str], ...] = ()
    none_of: frozenset[str] = frozenset()
    after: int | None = None
    before: int | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.all_of or self.none_of or self.after is not None or self.before is not None)


@dataclass(frozen=True)
class Plan:
    """A search as engines take it. Without groups and phrases everything within the bounds matches, with score 0.

    Attributes:
        phrases: all must stand there; each scores the sum of its words' BM25 in the fields it stands in.
        excluded: none may stand there.
    """

    groups: tuple[Group, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    needs: Needs = "all, else any"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for: what to leave out is not enough."""
        return not (self.groups or self.phrases or self.bounds.all_of
                    or self.bounds.after is not None or self.bounds.before is not None)  # fmt: skip
