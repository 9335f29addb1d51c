"""Which documents are worth scoring: a plan becomes a `tsquery`, as wide as a number of documents allows. Pure.

Where a plan's words stand in few documents the query asks for all that match. Where they stand in many, each word is
asked for in three strengths (it stands there; `1:`; `2:`, see `lexemes`), and from how rare a word is follows the least
that a document with each combination scores. The query asks for the combinations that score most, as many as fit.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from iocop.search.postgres_engine.lexemes import LETTER, LONG, STRONG, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iocop.search.plan import Group, Part, Phrase, Plan, Way, Word
    from iocop.search.port import Flags, Mask, Numbers

LEAST: Final = (0.5, *STRONG)
"""What a word about counts in a document that has it, by strength."""
CLOSELY: Final = 5
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
    """A group in its strengths: the query for each, and about how many documents have it."""

    queries: tuple[str, ...]
    counts: tuple[float, ...]


def lexeme(word: Word, strength: int = 0) -> str:
    letter = str(strength) if strength and word.field == "stem" else LETTER[word.field]
    return f"{letter}:{word.text}"


def lexemes_of(plan: Plan, mask: Mask) -> set[str]:
    """Return all lexemes that have to be known to ask for a plan."""
    words = {word for group in plan.groups for way in group for part in way for word in part}
    strengths = range(len(LEAST))
    exact = {text for phrase in (*plan.phrases, *plan.excluded) for text in phrase}
    keys = {key for keys in (*plan.bounds.all_of, plan.bounds.none_of) for key in keys}
    return (
        {lexeme(word, strength) for word in words for strength in strengths}
        | {f"{letter}:{text}" for text in exact for letter in "xe"}
        | {f"k:{key}" for key in keys}
        | {"k:split", "k:label=public"}
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


def loosely(plan: Plan, known: Known) -> str:
    """Ask for any word of a plan at all."""
    words = {lexeme(word) for group in plan.groups for way in group for part in way for word in part}
    exact = {f"{letter}:{text}" for phrase in plan.phrases for text in phrase for letter in "xe"}
    return " | ".join(quoted(word) for word in sorted(words | exact) if word in known.counts)


# ---------------------------------------------------------------- bounds


def _bounded(plan: Plan, mask: Mask, known: Known) -> tuple[list[str] | None, float]:
    """Return the parts of the query that are no words, and about what share of all documents they leave."""
    phrases = [_phrase(phrase, known) for phrase in plan.phrases]
    keys = [
        _any(f"k:{key}" for key in sorted(keys) if f"k:{key}" in known.counts) for keys in plan.bounds.all_of
    ]
    if not all(phrases) or not all(keys):
        return None, 0.0
    sets = [[f"k:{key}" for key in keys] for keys in plan.bounds.all_of]
    spaces, share = _spaces(mask, known)
    without = [f"!{part}" for phrase in plan.excluded if (part := _phrase(phrase, known, surely=True))]
    without += [f"!{quoted(f'k:{key}')}" for key in sorted(plan.bounds.none_of) if f"k:{key}" in known.counts]
    share *= math.prod(_share(some, known) for some in sets)
    return [*phrases, *keys, *spaces, *without], share * (
        1.0 if mask.member else _share(["k:label=public"], known)
    )


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
    ways = [way for way in group if all(_stands(part, known) for part in way)]
    if not ways:
        return None
    strengths = range(len(LEAST))
    return _Strong(
        tuple(f"({' | '.join(_way(way, strength, known) for way in ways)})" for strength in strengths),
        tuple(
            min(float(known.documents), sum(_way_count(way, strength, known) for way in ways))
            for strength in strengths
        ),
    )


def _stands(part: Part, known: Known) -> bool:
    return any(lexeme(word) in known.counts for word in part)


def _here(part: Part, strength: int, known: Known) -> list[str]:
    return sorted({name for word in part if (name := lexeme(word, strength)) in known.counts})


def _way(way: Way, strength: int, known: Known) -> str:
    parts = [_here(part, strength, known) or _here(part, 0, known) for part in way]
    return "(" + " & ".join(map(_any, parts)) + ")"


def _way_count(way: Way, strength: int, known: Known) -> int:
    parts = [_here(part, strength, known) or _here(part, 0, known) for part in way]
    return min(sum(known.counts[name] for name in part) for part in parts)


def _worth(groups: list[_Strong], documents: int, room: float, *, whole: bool) -> tuple[str, bool]:
    """Return the query for the best combinations of groups that fit, and whether those are all."""
    groups = sorted(groups, key=lambda group: group.counts[0])
    least = _at_least(groups, documents, whole=whole)
    if least <= room:
        return _joined(groups, " & " if whole else " | "), True
    near, far = groups[:CLOSELY], groups[CLOSELY:] if whole else []
    expected, scores = _combinations(near, documents)
    if whole:
        here = tuple(slice(1, None) for _ in near)
        expected, scores = expected[here], scores[here]
    order = np.argsort(-scores, axis=None, kind="stable")
    fits = np.cumsum(expected.ravel()[order]) <= room
    fits[0] = True
    kept = np.zeros(scores.size, np.bool_)
    kept[order[fits]] = True
    taken = kept.reshape(scores.shape)
    if not whole:
        taken[(0,) * len(near)] = False
    asked = " | ".join(_combined(near, [place + whole for place in places]) for places in _lowest(taken))
    return " & ".join([f"({asked})", *(group.queries[0] for group in far)]), False


def _at_least(groups: Sequence[_Strong], documents: int, *, whole: bool) -> float:
    counts = [group.counts[0] for group in groups]
    return documents * math.prod(count / documents for count in counts) if whole else sum(counts)


def _joined(groups: Iterable[_Strong], word: str) -> str:
    return "(" + word.join(group.queries[0] for group in groups) + ")"


def _combinations(groups: Sequence[_Strong], documents: int) -> tuple[Numbers, Numbers]:
    """Return how many documents to expect with each combination of strengths (0: absent), and what they score."""
    shares = [np.array([1.0, *(count / documents for count in group.counts), 0.0]) for group in groups]
    exactly = [np.maximum(share[:-1] - share[1:], 0.0) for share in shares]
    rare = [math.log(documents / (group.counts[0] + 1)) + 1 for group in groups]
    scores = [np.array([0.0, *(max(rarity, 0.1) * least for least in LEAST)]) for rarity in rare]
    return documents * _outer(np.multiply.outer, exactly), _outer(np.add.outer, scores)


def _outer(join: Callable[[Numbers, Numbers], Numbers], axes: Sequence[Numbers]) -> Numbers:
    return reduce(join, axes)


def _lowest(taken: Flags) -> Iterator[tuple[int, ...]]:
    """Give the combinations none of whose words could be weaker; the stronger ones are within these."""
    lowest = taken.copy()
    for axis in range(taken.ndim):
        below = np.roll(taken, 1, axis)
        below[tuple(0 if other == axis else slice(None) for other in range(taken.ndim))] = False
        lowest &= ~below
    yield from (tuple(map(int, places)) for places in np.argwhere(lowest))


def _combined(groups: Sequence[_Strong], places: Sequence[int]) -> str:
    parts = [group.queries[place - 1] for group, place in zip(groups, places, strict=True) if place]
    return "(" + " & ".join(parts) + ")"
