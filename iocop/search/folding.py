"""From documents that match to what is shown: posts become topics, a member stands there once. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

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
ROUNDED: Final = 1 + 1e-9
"""More than sums of the same numbers in another order differ by."""
SPREAD: Final = 64
"""Keys do not lie close that are spread over more than so many times their number: a table of them would be too large."""
_DATED: Final = frozenset({"post", "article"})


@dataclass(frozen=True)
class Folded:
    """What was found of one kind, each once.

    Attributes:
        keys: topics, or else the ids of what was found, best first; as many as were asked for.
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


def fold(matches: Matches, kind: Kind, order: Order = "best", now: float = 0, depth: int = DEEPEST) -> Folded:
    """Gather what was found of a kind: posts into their topics, all else by itself.

    The best post's score counts, and a little of the next three; what is recent is raised by a tenth at most.

    Args:
        order: ``best``, or by what was written last or found most helpful in the topic.
        now: seconds since 1970.
        depth: how many are put in order.
    """
    rows = rows_of(matches, kind)
    mine = rows if len(rows) < len(matches.kinds) else slice(None)  # mostly all are, and need not be copied
    owners, found = grouped((matches.topics if kind == "post" else matches.ids)[mine])
    posts = _Posts(owners, len(found), matches.scores[mine], matches.whole[mine])
    best = posts.best(matches.ids[mine])
    raised = _recency(matches.at[rows[best]], now) if kind in _DATED else np.ones(len(found))
    if order == "best":
        some, scores = posts.within_reach(best, raised, depth, MOST_FURTHER if kind == "post" else 0)
        ranked = some[_ranked(scores[some], posts.whole[best[some]], found[some], depth)]
    else:
        scores = posts.scores[best] * raised
        ranked = _ranked(_most(owners, len(found), _column(matches, order)[mine]), None, found, depth)
    shown = best[ranked]
    return Folded(
        found[ranked], matches.ids[rows[shown]], scores[ranked], posts.whole[shown], found, rows[best], rows, owners,
    )  # fmt: skip


def count(matches: Matches, kind: Kind) -> int:
    """Return how many topics, or else members, articles and so on, were found."""
    rows = rows_of(matches, kind)
    return len(grouped((matches.topics if kind == "post" else matches.ids)[rows])[1])


def rows_of(matches: Matches, kind: Kind) -> Integers:
    return np.flatnonzero(matches.kinds == KINDS.index(kind))


def grouped(keys: Integers) -> tuple[Integers, Integers]:
    """Return for each key its place among the distinct ones, and those."""
    found = distinct(keys)
    if not len(keys):
        return keys, found
    low, high = int(found[0]), int(found[-1])
    if high - low > SPREAD * len(keys):
        return np.searchsorted(found, keys), found
    places = np.empty(high - low + 1, np.int64)  # of which only those of keys are written, and read
    places[found - low] = np.arange(len(found))
    return places.take(keys - low), found


def distinct(keys: Integers) -> Integers:
    """Return each key once, in rising order; without sorting, where they lie close."""
    if not len(keys):
        return keys
    low, high = int(keys.min()), int(keys.max())
    if high - low > SPREAD * len(keys):
        return np.unique(keys)
    there = np.zeros(high - low + 1, np.bool_)
    there[keys - low] = True
    return np.flatnonzero(there) + low


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


class _Posts(NamedTuple):
    """What was found of some groups, such as the posts of topics: of each whose it is, and what it is worth.

    Attributes:
        number: how many groups there are.
    """

    owners: Integers
    number: int
    scores: Numbers
    whole: Flags

    def best(self, ids: Integers) -> Integers:
        """Return the best of each group, whole ones first; of equals the one with the least id."""
        return _strongest(self.owners, _whole_first(self.scores, self.whole), self.number, ids)

    def within_reach(
        self, best: Integers, raised: Numbers, depth: int, further: int
    ) -> tuple[Integers, Numbers]:
        """Return the groups that may be among the first *depth*, and scores of all: theirs exact, the others' too low.

        What the next posts add is looked for in those alone. It is at least what as many average ones add, and at most
        what as many like the best one or all the others do.

        Args:
            raised: what the score of each group is multiplied by.
        """
        scores = self.scores[best]
        if not further or len(best) == len(self.owners):
            return np.arange(self.number), scores * raised
        others = np.bincount(self.owners, self.scores, self.number) - scores
        counts = np.bincount(self.owners, minlength=self.number) - 1
        first = self.whole[best]
        mixed = first & (not self.whole.all())  # its best one need not have the highest score
        least = np.where(mixed, 0, others * np.minimum(1, further / np.maximum(counts, 1)))
        most = np.where(mixed, others, np.minimum(others, further * scores)) * ROUNDED
        some = _reaching(
            (scores + FURTHER * least) * raised, (scores + FURTHER * most) * raised, first, depth
        )
        fed = some[others[some] > 0]
        scores[fed] += FURTHER * self._next(best, fed, further)
        return some, scores * raised

    def _next(self, best: Integers, some: Integers, further: int) -> Numbers:
        """Return what the next posts after the best one are worth together, of some groups."""
        wanted = np.zeros(self.number, np.bool_)
        wanted[some] = True
        others = wanted.take(self.owners)
        others[best] = False
        rows = np.flatnonzero(others)
        owners, scores = np.searchsorted(some, self.owners[rows]), self.scores[rows]
        ranks = _whole_first(scores, self.whole[rows])
        total = np.zeros(len(some))
        for _ in range(further):
            taken = _strongest(owners, ranks, len(some))
            total[owners[taken]] += scores[taken]
            ranks[taken] = -np.inf  # what is taken twice is worth nothing
            scores[taken] = 0
        return total


def _reaching(least: Numbers, most: Numbers, first: Flags, depth: int) -> Integers:
    """Return the places of what may be among the first *depth*, given what each is worth at least and at most."""
    if len(least) <= depth:
        return np.arange(len(least))
    above = first * (float(most.max()) + 1)
    bar = np.partition(least + above, len(least) - depth)[len(least) - depth]
    return np.flatnonzero(most + above >= bar)


def _whole_first(scores: Numbers, whole: Flags) -> Numbers:
    """Return scores by which all that is whole outranks all that is not."""
    if whole.all() or not whole.any():
        return scores
    return scores + whole * (float(scores.max() - scores.min()) + 1)


def _strongest(owners: Integers, ranks: Numbers, count: int, ids: Integers | None = None) -> Integers:
    """Return of each group that has rows the one that ranks first, by groups; of equals the one with the least id."""
    highest = np.full(count, -np.inf)
    np.maximum.at(highest, owners, ranks)
    tied = np.flatnonzero(ranks == highest.take(owners))
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


def _ranked(by: Numbers, whole: Flags | None, found: Integers, depth: int) -> Integers:
    """Return the places of the best, in order; of equals the least key first, where it is not scores the newest."""
    key = by if whole is None else _whole_first(by, whole)
    some = np.arange(len(key))
    if len(key) > depth:
        least = np.partition(key, len(key) - depth)[len(key) - depth]
        some = np.flatnonzero(key >= least)
    ties = found[some] if whole is not None else -found[some]
    return some[np.lexsort((ties, -key[some]))][:depth]
