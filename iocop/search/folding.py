"""From documents that match to what is shown: posts become topics, a member stands there once. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from iocop.search.analysis import parts, words
from iocop.search.port import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from iocop.search.port import Flags, Integers, Kind, Matches, Numbers

Order: TypeAlias = Literal["best", "latest", "helpful"]

FURTHER: Final = 0.1
"""What each further post adds, as a share of its own score."""
MOST_FURTHER: Final = 3
RECENT: Final = 0.1
"""What stands in a post or article of this moment adds, as a share of its score; half of it after each `HALF_LIFE`."""
HALF_LIFE: Final = 2 * 365.25 * 86_400
TITLE: Final = 0.25
"""What a title that is the query adds, as a share of the topic's score."""
SPARE: Final = 6
"""Marks and blanks by which a title may be longer or shorter than the same words typed, besides twice as long."""
DEEPEST: Final = 1000
"""Results that are put in order: what the pages reach."""
_DATED: Final = frozenset({"post", "article"})


@dataclass(frozen=True)
class Folded:
    """What was found of one kind, each once.

    Attributes:
        keys: topics, or else the ids of what was found, best first; at most `DEEPEST` of them.
        best: of each the id of the document that matches best.
        scores, whole: of each; those with all words stand before those with some, whatever the scores.
        found: every topic or id that was found, in no order.
        firsts: of each of *found*, the place in the `Matches` of the document that matches best.
        rows: of all its documents, the places there; *owners*: whose they are, as places in *found*.
    """

    keys: Integers
    best: Integers
    scores: Numbers
    whole: Flags
    found: Integers
    firsts: Integers
    rows: Integers
    owners: Integers

    @property
    def total(self) -> int:
        """How many there are, those that are not put in order too."""
        return len(self.found)

    def without(self, gone: Collection[int]) -> Folded:
        """Leave out some topics, or what else was found, by key."""
        if not gone:
            return self
        left = np.array(sorted(gone), np.int64)
        shown, stays = ~np.isin(self.keys, left), ~np.isin(self.found, left)
        counted = stays[self.owners]
        return Folded(
            self.keys[shown], self.best[shown], self.scores[shown], self.whole[shown], self.found[stays],
            self.firsts[stays], self.rows[counted], (np.cumsum(stays) - 1)[self.owners[counted]],
        )  # fmt: skip


def fold(matches: Matches, kind: Kind, order: Order = "best", now: float = 0) -> Folded:
    """Gather what was found of a kind: posts into their topics, all else by itself.

    The best post's score counts, and a little of the next three; what is recent is raised by a tenth at most.

    Args:
        order: ``best``, or by what was written last or found most helpful in the topic.
        now: seconds since 1970.
    """
    rows = rows_of(matches, kind)
    ids = matches.ids[rows]
    owners, found = grouped(matches.topics[rows] if kind == "post" else ids)
    scores, whole = matches.scores[rows], matches.whole[rows]
    best, total = _scored(
        owners, len(found), ids, scores, whole, further=MOST_FURTHER if kind == "post" else 0
    )
    if kind in _DATED:
        total *= _recency(matches.at[rows][best], now)
    by = total if order == "best" else _most(owners, len(found), _column(matches, order)[rows])
    ranked = _ranked(by, whole[best] if order == "best" else None, found)
    shown = best[ranked]
    return Folded(found[ranked], ids[shown], total[ranked], whole[shown], found, rows[best], rows, owners)


def count(matches: Matches, kind: Kind) -> int:
    """Return how many topics, or else members, articles and so on, were found."""
    rows = rows_of(matches, kind)
    return len(grouped((matches.topics if kind == "post" else matches.ids)[rows])[1])


def rows_of(matches: Matches, kind: Kind) -> Integers:
    return np.flatnonzero(matches.kinds == KINDS.index(kind))


def grouped(keys: Integers) -> tuple[Integers, Integers]:
    """Return for each key its place among the distinct ones, and those; without sorting, for keys that lie close."""
    if not len(keys):
        return keys, keys
    low = int(keys.min())
    if (
        int(keys.max()) - low > 64 * len(keys) + 1_000_000
    ):  # a table of them would be larger than they deserve
        found, owners = np.unique(keys, return_inverse=True)
        return owners, found
    here = np.arange(len(keys))
    table = np.empty(int(keys.max()) - low + 1, np.int64)  # only places that are written are read
    table[keys - low] = here
    stands_for = table[keys - low]
    own = stands_for == here
    return (np.cumsum(own) - 1)[stands_for], keys[own]


def favour_titles(folded: Folded, titles: Mapping[int, str], typed: str) -> Folded:
    """Raise, among the best, topics whose title is what was typed, word for word.

    Args:
        titles: of the first topics of *folded*; the others stay where they are.
    """
    some = len(titles)
    same = np.array([is_typed(titles.get(int(key), ""), typed) for key in folded.keys[:some]], np.bool_)
    if not same.any():
        return folded
    scores = folded.scores.copy()
    scores[:some][same] *= 1 + TITLE
    first = np.lexsort((folded.keys[:some], -scores[:some], ~folded.whole[:some]))
    order = np.concatenate((first, np.arange(some, len(folded.keys))))
    return replace(
        folded,
        keys=folded.keys[order],
        best=folded.best[order],
        scores=scores[order],
        whole=folded.whole[order],
    )


def is_typed(title: str, typed: str) -> bool:
    """Say whether a title is what was typed, word for word."""
    if not len(typed) / 2 <= len(title) + SPARE <= 2 * (len(typed) + SPARE):
        return False  # most are, and need not be taken apart
    wanted = _bare(typed)
    return bool(wanted) and _bare(title) == wanted


def _bare(text: str) -> list[str]:
    return [part for word in words(text) for part in parts(word.written)]


def _scored(
    owners: Integers, count: int, ids: Integers, scores: Numbers, whole: Flags, *, further: int
) -> tuple[Integers, Numbers]:
    """Return of each group its best row and its score: that row's, and a share of the next ones', whole ones first."""
    ranks = _whole_first(scores, whole)
    best = _strongest(owners, ranks, count, ids)
    total = scores[best]
    if len(best) == len(owners):
        return best, total
    left = np.ones(len(owners), np.bool_)
    left[best] = False
    rows = np.flatnonzero(left)
    owners, scores, ranks = owners[rows], scores[rows], ranks[rows]
    for turn in range(further):
        next_best = _strongest(owners, ranks, count)
        total[owners[next_best]] += FURTHER * scores[next_best]
        if turn + 1 < further:
            ranks[next_best] = -np.inf  # taken: what is taken twice is worth nothing
            scores[next_best] = 0
    return best, total


def _whole_first(scores: Numbers, whole: Flags) -> Numbers:
    """Return scores by which all that is whole outranks all that is not."""
    return scores + whole * (float(scores.max() - scores.min()) + 1) if len(scores) else scores


def _strongest(owners: Integers, ranks: Numbers, count: int, ids: Integers | None = None) -> Integers:
    """Return of each group that has rows the one that ranks first, by groups; of equals the one with the least id."""
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, owners, ranks)
    tied = np.flatnonzero(ranks == highest[owners])
    if ids is not None and len(tied) > count:
        tied = tied[np.argsort(-ids[tied], kind="stable")]  # the last one written stays
    one = np.full(count, -1)
    one[owners[tied]] = tied
    return one if ids is not None else one[one >= 0]


def _recency(at: Integers, now: float) -> Numbers:
    age = np.maximum(now - at, 0.0)
    return np.where(at > 0, 1 + RECENT * np.exp2(-age / HALF_LIFE), 1.0)


def _column(matches: Matches, order: Order) -> Integers:
    return matches.at if order == "latest" else matches.votes


def _most(owners: Integers, count: int, values: Integers) -> Numbers:
    most = np.full(count, -np.inf)
    np.maximum.at(most, owners, values.astype(np.float64))
    return most


def _ranked(by: Numbers, whole: Flags | None, found: Integers) -> Integers:
    """Return the places of the best, in order; of equals the least key first, where it is not scores the newest."""
    key = by if whole is None else _whole_first(by, whole)
    some = np.arange(len(key))
    if len(key) > DEEPEST:
        least = np.partition(key, len(key) - DEEPEST)[len(key) - DEEPEST]
        some = np.flatnonzero(key >= least)
    ties = found[some] if whole is not None else -found[some]
    return some[np.lexsort((ties, -key[some]))][:DEEPEST]
