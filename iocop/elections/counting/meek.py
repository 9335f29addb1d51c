"""Meek's rule as the Proportional Representation Foundation wrote it down for computers, in whole units of 1e-9.

Source: Proportional Representation Foundation, "Reference Meek Rule" (prfound.org); letters and numbers in the
comments are its steps. It defeats one candidate at a time, never several sure losers at once. It says nothing about
equal ranks: there the paper's weight is divided evenly among those of the rank who continue, and what they do not
keep goes on to the next rank together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iocop.elections.counting.bundles import bundled
from iocop.elections.counting.levels import by_lot, by_votes
from iocop.elections.counting.outcome import Outcome, Stage, Tie
from iocop.elections.counting.piles import Piles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.elections.counting.bundles import Bundles
    from iocop.elections.counting.papers import Profile

MEEK_UNITS: Final = 10**9
"""One paper."""
OMEGA: Final = 10**3
"""A surplus of all the elected together below this, in units, is none (step A: 0.000001 of a paper)."""


def meek(profile: Profile, lot: Sequence[int]) -> Outcome:
    """Count by Meek's rule.

    Args:
        lot: candidates, the favoured one first; among those tied for defeat the last of it is defeated, of those
            elected at once with equal votes the first is named first, as the tie rule of both.

    Returns:
        One stage a round: ``first``, then ``iteration`` after an election and ``exclusion`` after a defeat, and
        ``fill`` where the rest are elected with nothing transferred. The quota is the last one; the notes have, a
        stage each, ``quotas``, ``keep_factors`` (candidate to units, 10**9 keeps all) and ``iterations``. No valid
        paper: nobody is elected.

    Raises:
        ValueError: the lot does not name somebody it has to choose among.
    """
    bundles = bundled(profile)
    count = _Count(bundles, profile.seats, lot)
    if bundles.valid:
        count.run()
    return Outcome(
        "meek", MEEK_UNITS, count.quota if bundles.valid else None, bundles.valid, bundles.invalid,
        tuple(count.stages), tuple(count.elected), tuple(count.excluded),
        vacant=profile.seats - len(count.elected), ties=tuple(count.ties), notes=count.notes,
    )  # fmt: skip


class _Count:
    def __init__(self, bundles: Bundles, seats: int, lot: Sequence[int]) -> None:
        self.seats, self.lot = seats, lot
        self.papers = bundles.valid * MEEK_UNITS
        self.hopeful = list(bundles.standing)
        self.elected: list[int] = []
        self.excluded: list[int] = []
        self.keep = dict.fromkeys(bundles.standing, MEEK_UNITS)  # A
        self.piles = Piles(bundles.papers, MEEK_UNITS)
        self.votes = dict.fromkeys(bundles.standing, 0)
        self.quota = self.surplus = self.ended = self.rounds = 0
        self.stages: list[Stage] = []
        self.ties: list[Tie] = []
        self.quotas: list[int] = []
        self.iterations: list[int] = []
        self.keep_factors: list[dict[int, int]] = []
        self.notes: dict[str, object] = {
            "quotas": self.quotas, "keep_factors": self.keep_factors, "iterations": self.iterations,
        }  # fmt: skip

    def run(self) -> None:
        """Go through the rounds (B), then elect who is left if there are seats for them (C)."""
        kind, moved, defeated = "first", tuple[int, ...](), tuple[int, ...]()
        while not self._complete():  # B.1
            reached = self._iterate()  # B.2
            self._stage(kind, moved, reached, defeated)
            kind, moved, defeated = "iteration", tuple(self.elected), ()
            if not reached:
                low = self._defeat_low()  # B.3
                kind, moved, defeated = "exclusion", (low,), (low,)
        if not self.stages:
            self._distribute()
            self._stage(kind, moved, [], defeated)
        if self.hopeful and len(self.elected) < self.seats:  # C: nothing more is transferred
            self._stage("fill", (), self.hopeful[:], defeated)

    def _complete(self) -> bool:
        vacancies = self.seats - len(self.elected)
        return not vacancies or len(self.hopeful) <= vacancies

    def _iterate(self) -> list[int]:
        """Distribute and mend the keep factors until somebody reaches the quota or the surplus is nothing.

        Returns:
            Who reached the quota.
        """
        before = None
        while True:
            self._distribute()
            reached = [number for number in self.hopeful if self.votes[number] >= self.quota]  # B.2.c
            over = sum(self.votes[number] - self.quota for number in [*self.elected, *reached])
            self.surplus = max(0, over)  # B.2.d
            if reached or self.surplus < OMEGA or (before is not None and self.surplus >= before):  # B.2.e
                return reached
            before = self.surplus
            for number in self.elected:  # B.2.f
                kept = _up(self.keep[number] * self.quota, MEEK_UNITS)
                self.keep[number] = _up(kept * MEEK_UNITS, self.votes[number])

    def _distribute(self) -> None:
        self.rounds += 1
        self.votes, self.ended = self.piles.hand_out(self.keep)  # B.2.a
        self.quota = sum(self.votes.values()) // (self.seats + 1) + 1  # B.2.b

    def _defeat_low(self) -> int:
        """Defeat the lowest; all who are no further above than the surplus could lift are tied with them (B.3, T)."""
        reach = min(self.votes[number] for number in self.hopeful) + self.surplus
        tied = [number for number in self.hopeful if self.votes[number] <= reach]
        low = tied[0] if len(tied) == 1 else by_lot(tied, self.lot)[-1]
        if len(tied) > 1:
            self.ties.append(self._tie("exclusion", tied, low))
        self.hopeful.remove(low)
        self.excluded.append(low)
        self.keep[low] = 0
        self.piles.without(low)
        return low

    def _tie(self, purpose: str, tied: list[int], chosen: int) -> Tie:
        return Tie(len(self.stages) + 1, purpose, tuple(sorted(tied)), chosen, None)

    def _stage(
        self, kind: str, moved: tuple[int, ...], reached: list[int], defeated: tuple[int, ...]
    ) -> None:
        placed = []
        for level in by_votes({number: self.votes[number] for number in reached}):
            favoured = by_lot(level, self.lot)
            placed += favoured
            choices = range(len(favoured) - 1)
            self.ties += [self._tie("elected", favoured[at:], favoured[at]) for at in choices]
        self.keep_factors.append(dict(self.keep))
        self.quotas.append(self.quota)
        self.iterations.append(self.rounds)
        self.rounds = 0
        for number in placed:
            self.hopeful.remove(number)
            self.elected.append(number)
            self.piles.opened(number)
        lost = self.papers - sum(self.votes.values()) - self.ended
        self.stages.append(Stage(kind, moved, self.votes, self.ended, lost, tuple(placed), defeated))


def _up(units: int, divisor: int) -> int:
    return -(-units // divisor)
