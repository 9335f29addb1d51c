"""Does standing foretell whose answer is accepted? A dump replayed; earlier days alone judge each question. Pure.

Source:
    The protocol of the practice ledger's validation: at each question the answerers are scored from what had
    happened on strictly earlier days; the target is the accepted one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date  # noqa: TC003  (a NamedTuple reads it while the program runs)
from typing import TYPE_CHECKING, NamedTuple

import numpy

from iocop.reputation.ranking import ELSEWHERE, score
from iocop.reputation.rules import HALF_LIFE_DAYS, POINT, RULES
from iocop.reputation.weighing import amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from numpy import float64
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[float64]

    from iocop.imports.stackexchange.records import Post, Vote

ACCEPTANCE, UP, DOWN = 1, 2, 3
"""Kinds of vote in a dump."""
RAW_UP, RAW_ACCEPTED, RAW_DOWN = 10, 15, -2
"""What a Stack Exchange site gives."""
HISTORY = 0.25
"""The part of a dump's days that is history only: before it there is too little to judge by."""
BOOTSTRAPS = 1000
DRAWN_AT_ONCE = 20
"""Bootstraps drawn together; it divides them."""
DOMAINS = 30
SCORES = ("raw points", "standing", "who to ask", "… all domains' rate")


class Contest(NamedTuple):
    """A question whose accepted answer can be foretold: scores of its answerers, the accepted one's first."""

    scores: tuple[tuple[float, ...], ...]
    """One row for each of `SCORES`."""


class Figures(NamedTuple):
    """How well one score foretells.

    Attributes:
        auc: the share of pairs (accepted, other) that it orders rightly, a tie counting half.
        top: the share of questions whose accepted answerer it puts first, ties shared.
        gain: its AUC less that of raw points, with the bounds within which 95 % of the bootstraps lie.
    """

    name: str
    auc: float
    top: float
    gain: tuple[float, float, float]


class _Thread(NamedTuple):
    asker: int | None
    day: int
    domain: str
    answerers: dict[int, int]
    """Answer id by answerer: each one's first."""
    accepted_id: int | None


class _Person:
    """What somebody has gathered; faded sums are kept as they would weigh on the last day, so that days need no work."""

    __slots__ = ("accepted", "by_domain", "contested", "lifted", "raw")

    def __init__(self) -> None:
        self.raw = 0
        self.lifted = 0.0
        self.by_domain: dict[str, float] = defaultdict(float)
        self.accepted: Counter[str] = Counter()
        self.contested: Counter[str] = Counter()

    def earn(self, points_mp: int, domain: str, day: int) -> None:
        weight = points_mp * 2.0 ** (day / HALF_LIFE_DAYS)
        self.lifted += weight
        self.by_domain[domain] += weight

    def scores(self, domain: str, day: int) -> tuple[float, ...]:
        """Return `SCORES` as they stood on the morning of a day, for a question in a domain."""
        faded = 2.0 ** (-day / HALF_LIFE_DAYS)
        here, everywhere = round(self.by_domain.get(domain, 0.0) * faded), round(self.lifted * faded)
        return (
            self.raw,
            here + ELSEWHERE * everywhere,
            score(here, everywhere, self.accepted[domain], self.contested[domain]),
            score(here, everywhere, self.accepted.total(), self.contested.total()),
        )


class Site:
    """A dump's questions, answers and votes, as far as they say who was trusted."""

    def __init__(self, posts: Iterable[Post], votes: Iterable[Vote]) -> None:
        questions: dict[int, Post] = {}
        self.answers: dict[int, tuple[int, int, int]] = {}
        use: Counter[str] = Counter()
        for post in posts:
            if post.post_type_id == 1:
                questions[post.id] = post._replace(body="")
                use.update(post.tags)
            elif post.post_type_id == 2 and post.parent_id is not None and post.owner_user_id is not None:
                self.answers[post.id] = (post.parent_id, post.owner_user_id, post.creation_date.toordinal())
        domains = dict(sorted(use.items(), key=lambda each: (-each[1], each[0]))[:DOMAINS])
        self.threads = {key: _thread(post, domains) for key, post in questions.items()}
        for key, (question, owner, _) in sorted(self.answers.items(), key=lambda each: (each[1][2], each[0])):
            if question in self.threads:
                self.threads[question].answerers.setdefault(owner, key)
        self.votes: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for vote in votes:
            if vote.vote_type_id in {ACCEPTANCE, UP, DOWN} and vote.creation_date is not None:
                self.votes[vote.creation_date.toordinal()].append((vote.vote_type_id, vote.post_id))

    def contests(self, since: date | None = None) -> Iterator[Contest]:
        """Replay it day by day; yield each question that can be foretold.

        Args:
            since: the first day whose questions are judged; by default after the first quarter of the days.
        """
        asked: dict[int, list[_Thread]] = defaultdict(list)
        for thread in self.threads.values():
            asked[thread.day].append(thread)
        days = sorted(asked.keys() | self.votes.keys())
        if not days:
            return
        first = since.toordinal() if since else days[0] + int(HISTORY * (days[-1] - days[0]))
        people: dict[int, _Person] = defaultdict(_Person)
        nth: Counter[int] = Counter()
        for day in days:
            for thread in asked[day] if day >= first else ():
                contest = self._contest(thread, people, day - days[-1])
                if contest is not None:
                    yield contest
            for kind, post_id in self.votes[day]:
                self._count(kind, post_id, people, nth, day - days[-1])

    def _contest(self, thread: _Thread, people: dict[int, _Person], day: int) -> Contest | None:
        winner = self.answers.get(thread.accepted_id or 0)
        if winner is None or winner[1] == thread.asker or len(thread.answerers) < 2:
            return None
        order = sorted(thread.answerers, key=lambda person: person != winner[1])
        found = [people[person].scores(thread.domain, day) for person in order]
        return Contest(tuple(zip(*found, strict=True)))

    def _count(
        self, kind: int, post_id: int, people: dict[int, _Person], nth: Counter[int], day: int
    ) -> None:
        answer = self.answers.get(post_id)
        if answer is None:
            self._count_question(kind, post_id, people)
            return
        question, owner, _ = answer
        thread = self.threads.get(question)
        domain = thread.domain if thread else ""
        person = people[owner]
        if kind == UP:
            nth[post_id] += 1
            person.raw += RAW_UP
            person.earn(amount(_worth("answer_endorsed"), {"item": nth[post_id]}), domain, day)
        elif kind == DOWN:
            person.raw += RAW_DOWN
            person.earn(_worth("answer_doubted"), domain, day)
        elif thread is not None and owner != thread.asker:
            person.raw += RAW_ACCEPTED
            person.earn(_worth("answer_accepted"), domain, day)
            person.accepted[domain] += 1
            for each in thread.answerers:
                people[each].contested[domain] += 1

    def _count_question(self, kind: int, post_id: int, people: dict[int, _Person]) -> None:
        thread = self.threads.get(post_id)
        if thread is not None and thread.asker is not None and kind in {UP, DOWN}:
            people[thread.asker].raw += RAW_UP if kind == UP else RAW_DOWN


def _thread(post: Post, domains: Mapping[str, int]) -> _Thread:
    """Take the most used tags for domains, which a dump has none of: a practice has at most 30."""
    domain = max((tag for tag in post.tags if tag in domains), key=domains.__getitem__, default="")
    return _Thread(post.owner_user_id, post.creation_date.toordinal(), domain, {}, post.accepted_answer_id)


def _worth(rule: str) -> int:
    return RULES[rule].points * POINT


def judged(contests: Sequence[Contest], seed: int = 1) -> list[Figures]:
    """Return how well each of `SCORES` foretells, with bootstraps over questions.

    Raises:
        ValueError: no question can be foretold.
    """
    if not contests:
        raise ValueError("no question with two registered answerers and an accepted answer of another member")
    wins = numpy.array([[_wins(row) for row in contest.scores] for contest in contests])
    tops = numpy.array([[_top(row) for row in contest.scores] for contest in contests])
    pairs = numpy.array([len(contest.scores[0]) - 1 for contest in contests], dtype=float)
    areas = numpy.concatenate(list(_areas(wins, pairs, seed)))
    found = []
    for place, name in enumerate(SCORES):
        area, raw = wins[:, place].sum() / pairs.sum(), wins[:, 0].sum() / pairs.sum()
        low, high = numpy.percentile(areas[:, place] - areas[:, 0], [2.5, 97.5])
        found.append(
            Figures(
                name, float(area), float(tops[:, place].mean()), (float(area - raw), float(low), float(high))
            )
        )
    return found


def _areas(wins: Floats, pairs: Floats, seed: int) -> Iterator[Floats]:
    """Yield the AUC of each score in each bootstrap, a few at a time: of 50,000 questions all draws are 400 MB."""
    draw, count = numpy.random.default_rng(seed), len(pairs)
    for _ in range(0, BOOTSTRAPS, DRAWN_AT_ONCE):
        drawn = draw.multinomial(count, numpy.full(count, 1 / count), size=DRAWN_AT_ONCE).astype(float)
        yield (drawn @ wins) / (drawn @ pairs)[:, None]


def _wins(row: Sequence[float]) -> float:
    """Count the others whom the accepted answerer, first in the row, outscores; a tie is half a win."""
    return sum(1.0 if row[0] > other else 0.5 if row[0] == other else 0.0 for other in row[1:])


def _top(row: tuple[float, ...]) -> float:
    best = max(row)
    return 1 / row.count(best) if row[0] == best else 0.0
