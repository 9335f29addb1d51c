"""Which documents are worth scoring: a plan becomes a `tsquery`, as wide as a number of documents allows. Pure.

Where a plan's words stand in few documents the query asks for all that match. Where they stand in many, each word is
asked for in six strengths, each a part of the one before: it stands there; `1:`, `2:` or `3:` (see `lexemes`) or in the
title; in the title; there and `2:`. How rare the words are says what a document with each combination scores at least,
and the query asks for the combinations that score most, as many as fit.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.plan import rarity
from iocop.search.postgres_engine.lexemes import LETTER, LONG, SPLIT, STRONG, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iocop.search.plan import Group, Part, Phrase, Plan, Way, Word
    from iocop.search.port import Flags, Mask, Numbers

IN_TITLE: Final = len(STRONG) + 1
LEAST: Final = (STRONG[0] / 2, *STRONG)
"""What a word about counts in the text of a document that has it, by strength."""
TITLE: Final = 1.25 * STRONG[1]
"""And in the title."""
STRENGTHS: Final = range(IN_TITLE + 2)
CLOSELY: Final = 4
"""So many words, the rarest, are looked at in combination."""
FEW_SPACES: Final = 50


class Known(NamedTuple):
    """What the index says of lexemes: their numbers, and in how many of all documents they stand."""

    generation: int
    documents: int
    averages: Mapping[str, float]
    numbers: Mapping[str, int]
    counts: Mapping[str, int]


class Chosen(NamedTuple):
    """A `tsquery`; *every*: it finds all that match. None where nothing can match."""

    query: str | None
    every: bool


class _Strong(NamedTuple):
    """A group in its strengths: the query for each, and about how many documents have it; 0 and empty for none."""

    queries: tuple[str, ...]
    counts: tuple[float, ...]


def lexeme(word: Word, strength: int = 0) -> str:
    letter = str(strength) if strength and word.field == "stem" else LETTER[word.field]
    return f"{letter}:{word.text}"


def lexemes_of(plan: Plan, mask: Mask) -> set[str]:
    """Return all lexemes that have to be known to ask for a plan."""
    words = {word for group in plan.groups for way in group for part in way for word in part}
    strengths = range(IN_TITLE)
    exact = {text for phrase in (*plan.phrases, *plan.excluded) for text in phrase}
    keys = {key for keys in (*plan.bounds.all_of, plan.bounds.none_of) for key in keys}
    return (
        {lexeme(word, strength) for word in words for strength in strengths}
        | {f"{letter}:{text}" for text in exact for letter in "xe"}
        | {f"k:{key}" for key in keys}
        | {SPLIT, "k:label=public"}
        | {f"k:space={space}" for space in mask.spaces if len(mask.spaces) <= FEW_SPACES}
    )


def chosen(plan: Plan, mask: Mask, known: Known, room: float, *, whole: bool) -> Chosen:
    """Choose about so many documents as there is room for, within the mask; *whole*: those with all groups."""
    bounds, share = _bounded(plan, mask, known)
    if bounds is None:
        return Chosen(None, every=True)
    room /= max(share, 1e-6)
    groups = [_strong(group, known) for group in plan.groups]
    found = [group for group in groups if group is not None]
    if (whole and len(found) < len(groups)) or (groups and not found):
        return Chosen(None, every=True)
    words, every = _worth(found, known.documents, room, whole=whole) if found else ("", True)
    return Chosen(" & ".join(filter(None, (words, *bounds))), every)


class Split(NamedTuple):
    """How to ask for documents whose words lie in more than one place: what bounds them, and any of the words."""

    bounds: str
    words: str


def split(plan: Plan, mask: Mask, known: Known) -> Split | None:
    """Ask for documents of more words than one `tsvector` holds; None where there are none."""
    keys = _keys(plan, known)
    if SPLIT not in known.counts or keys is None:
        return None
    words = {lexeme(word) for group in plan.groups for way in group for part in way for word in part}
    exact = {f"{letter}:{text}" for phrase in plan.phrases for text in phrase for letter in "xe"}
    here = sorted(word for word in words | exact if word in known.counts)
    if not here:
        return None
    return Split(" & ".join([quoted(SPLIT), *keys, *_spaces(mask, known)[0]]), " | ".join(map(quoted, here)))


# ---------------------------------------------------------------- bounds


def _bounded(plan: Plan, mask: Mask, known: Known) -> tuple[list[str] | None, float]:
    """Return the parts of the query that are no words, and about what share of all documents they leave."""
    phrases = [_phrase(phrase, known) for phrase in plan.phrases]
    keys = _keys(plan, known)
    if not all(phrases) or keys is None:
        return None, 0.0
    spaces, share = _spaces(mask, known)
    without = [f"!{part}" for phrase in plan.excluded if (part := _phrase(phrase, known, surely=True))]
    share *= math.prod(_share([f"k:{key}" for key in some], known) for some in plan.bounds.all_of)
    share *= 1.0 if mask.member else _share(["k:label=public"], known)
    return [*phrases, *keys, *spaces, *without], share


def _keys(plan: Plan, known: Known) -> list[str] | None:
    """Ask for the keys; None where no document has one that is wanted."""
    here = [[f"k:{key}" for key in sorted(keys)] for keys in (*plan.bounds.all_of, plan.bounds.none_of)]
    *wanted, unwanted = ([key for key in keys if key in known.counts] for keys in here)
    if not all(wanted):
        return None
    return [*map(_any, wanted), *(f"!{quoted(key)}" for key in unwanted)]


def _spaces(mask: Mask, known: Known) -> tuple[list[str], float]:
    """Ask for the spaces within the index where they are few of many; the rows are looked at in any case."""
    if len(mask.spaces) > FEW_SPACES:
        return [], 1.0
    names = [f"k:space={space}" for space in sorted(mask.spaces)]
    share = _share(names, known)
    here = [name for name in names if name in known.counts]
    return ([_any(here)] if here and share < 0.5 else []), share


def _share(names: Iterable[str], known: Known) -> float:
    return min(1.0, sum(known.counts.get(name, 0) for name in names) / max(known.documents, 1))


def _phrase(phrase: Phrase, known: Known, *, surely: bool = False) -> str:
    """Ask for words in a row, in title or text; *surely*: only where PostgreSQL knows all places of the words."""
    ways: list[str] = []
    for letter in "xe":
        words = [f"{letter}:{text}" for text in phrase]
        if any(word not in known.counts for word in words):
            continue
        ways.append("(" + " <-> ".join(map(quoted, words)) + ")")
        if len(words) > 1 and not surely:
            ways.append("(" + " & ".join(map(quoted, [LONG, *words])) + ")")
    return "(" + " | ".join(ways) + ")" if ways else ""


def _any(names: Iterable[str]) -> str:
    asked = " | ".join(map(quoted, names))
    return f"({asked})" if asked else ""


# ---------------------------------------------------------------- words


def _strong(group: Group, known: Known) -> _Strong | None:
    """Return a group in its strengths; None where no document can have it."""
    queries, counts = [], [float(known.documents)]
    for strength in STRENGTHS:
        ways = [asked for way in group if (asked := _way(way, strength, known))[1]]
        queries.append(f"({' | '.join(query for query, _ in ways)})" if ways else "")
        counts.append(min(counts[-1], sum(count for _, count in ways)))
    return _Strong(tuple(queries), tuple(counts[1:])) if queries[0] else None


def _way(way: Way, strength: int, known: Known) -> tuple[str, float]:
    parts = [_part(part, strength, known) for part in way]
    return "(" + " & ".join(query for query, _ in parts) + ")", min(count for _, count in parts)


def _part(part: Part, strength: int, known: Known) -> tuple[str, float]:
    if strength < IN_TITLE:
        return _counted({lexeme(word, strength) for word in part}, known)
    titles = {lexeme(word) for word in part if word.field.startswith("title")}
    query, count = _counted(titles, known)
    if strength == IN_TITLE:
        return query, count
    strong, often = _counted({lexeme(word, 2) for word in part} - titles, known)
    return f"({query} & {strong})", count * often / max(known.documents, 1)


def _counted(names: set[str], known: Known) -> tuple[str, float]:
    here = sorted(name for name in names if name in known.counts)
    return _any(here), float(sum(known.counts[name] for name in here))


def _worth(groups: list[_Strong], documents: int, room: float, *, whole: bool) -> tuple[str, bool]:
    """Return the query for the best combinations of groups that fit, and whether those are all."""
    groups = sorted(groups, key=lambda group: group.counts[0])
    least = _at_least(groups, documents, whole=whole)
    if least <= room:
        return _joined(groups, " & " if whole else " | "), True
    near, far = groups[:CLOSELY], groups[CLOSELY:]
    taken, expected, all_fit = _fitting(near, documents, room, whole=whole)
    asked = [_combined(near, places) for places in _lowest(taken, whole=whole)]
    if whole:
        return " & ".join([f"({' | '.join(asked)})", *(group.queries[0] for group in far)]), all_fit
    return f"({' | '.join([*asked, *_besides(far, room - expected)])})", all_fit and not far


def _besides(groups: Iterable[_Strong], room: float) -> Iterator[str]:
    """Ask for frequent words too, each in the least strength that still fits."""
    for group in groups:
        for query, count in zip(group.queries, group.counts, strict=True):
            if query and count <= room:
                room -= count
                yield query
                break


def _fitting(
    groups: Sequence[_Strong], documents: int, room: float, *, whole: bool
) -> tuple[Flags, float, bool]:
    """Say which combinations fit, those that score most first: one in any case, the last by half.

    Returns:
        The combinations, how many documents to expect, and whether all fit.
    """
    expected, scores, possible = _combinations(groups, documents)
    if whole:
        possible = possible & np.logical_and.reduce(np.indices(possible.shape) > 0)
    else:
        possible[(0,) * len(groups)] = False
    order = np.argsort(np.where(possible, -scores, np.inf), axis=None, kind="stable")[: int(possible.sum())]
    more = expected.ravel()[order]
    sums = np.cumsum(more)
    fits = (sums <= room) | ((sums - more < room) & (sums <= 1.5 * room))
    fits[0] = True
    taken = np.zeros(scores.size, np.bool_)
    taken[order[fits]] = True
    return taken.reshape(scores.shape), float(more[fits].sum()), bool(fits.all())


def _at_least(groups: Sequence[_Strong], documents: int, *, whole: bool) -> float:
    counts = [group.counts[0] for group in groups]
    return (
        documents * math.prod(count / documents for count in counts) if whole else min(documents, sum(counts))
    )


def _joined(groups: Iterable[_Strong], word: str) -> str:
    return "(" + word.join(group.queries[0] for group in groups) + ")"


def _combinations(groups: Sequence[_Strong], documents: int) -> tuple[Numbers, Numbers, Flags]:
    """Return of each combination of strengths (0: absent) how many documents to expect, their score, and if any can."""
    shares = [np.array([documents, *group.counts, 0.0]) / documents for group in groups]
    exactly = [np.maximum(share[:-1] - share[1:], 0.0) for share in shares]
    scores = [_scores(group, documents) for group in groups]
    return (
        documents * reduce(np.multiply.outer, exactly),
        reduce(np.add.outer, scores),
        reduce(np.logical_and.outer, [share[:-1] > 0 for share in shares]),
    )


def _scores(group: _Strong, documents: int) -> Numbers:
    """Return about what a group scores where it is absent, and in each strength."""
    text, title = (rarity(documents, int(group.counts[strength])) for strength in (0, IN_TITLE))
    in_text = [text * least for least in LEAST]
    in_title = max(title * TITLE, 1.01 * in_text[-1])
    return np.array([0.0, *in_text, in_title, in_title + in_text[2]])


def _lowest(taken: Flags, *, whole: bool) -> Iterator[tuple[int, ...]]:
    """Give the combinations none of whose words could be weaker; the stronger ones are within these."""
    lowest = taken.copy()
    for axis in range(taken.ndim):
        below = np.roll(taken, 1, axis)
        below[tuple(int(whole) if other == axis else slice(None) for other in range(taken.ndim))] = False
        lowest &= ~below
    yield from (tuple(map(int, places)) for places in np.argwhere(lowest))


def _combined(groups: Sequence[_Strong], places: Sequence[int]) -> str:
    parts = [group.queries[place - 1] for group, place in zip(groups, places, strict=True) if place]
    return "(" + " & ".join(parts) + ")"
