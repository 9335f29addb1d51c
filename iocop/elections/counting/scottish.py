"""Single transferable vote by Scottish rules, in whole units of 1e-5; with one seat it is the alternative vote.

Source:
    SSI 2011/399 (Scottish Local Government Elections Order 2011), Schedule 1: quota ⌊valid ÷ (seats + 1)⌋ + 1; all papers
    of a candidate above the quota move, at surplus × paper value ÷ total, cut off after five decimals; one surplus a
    stage, largest first; then the lowest is excluded, singly; once those who continue equal the vacancies they are
    elected and nothing more is transferred. The cap and the countback are the community's own rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from iocop.elections.counting.capping import Held
from iocop.elections.counting.outcome import UNITS, Outcome, Stage, Tie, Transfer
from iocop.elections.counting.reading import preferences
from iocop.elections.counting.ties import decided

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from iocop.elections.counting.capping import Cap
    from iocop.elections.counting.papers import Profile

    Pile = dict[str, int]  # preferences (see `reading`) to how many papers have them
    Piles = defaultdict[int, list[Pile]]  # by the value at which the papers were received, in units


def count(profile: Profile, lot: Sequence[int], cap: Cap | None = None) -> Outcome:
    """Count by Scottish rules.

    Without one valid paper nobody is elected. Under a cap, whoever's group has no seat left is excluded before any
    further transfer, one stage each, lowest first, and a seat nobody may take stays vacant.

    Args:
        lot: all candidates who are not withdrawn, the favoured first.

    Raises:
        ValueError: the lot does not name each of them once.
    """
    return Count(profile, lot, cap).outcome()


class Count:
    """One count under way.

    Args:
        sitting: candidates who hold a seat already, can neither be excluded nor barred, and fill no vacancy.
        vacancies: how many others are to be elected; by default, all seats.
    """

    def __init__(
        self, profile: Profile, lot: Sequence[int], cap: Cap | None = None,
        *, sitting: Collection[int] = (), vacancies: int | None = None,
    ) -> None:  # fmt: skip
        reading = preferences(profile)
        if sorted(set(lot) - profile.withdrawn) != list(reading.standing) or len(set(lot)) < len(lot):
            raise ValueError("the lot names every candidate once")
        self._lot = lot
        self._valid, self._invalid = reading.valid, reading.invalid
        self._quota = (reading.valid // (profile.seats + 1) + 1) * UNITS
        self._vacancies = profile.seats if vacancies is None else vacancies
        self._sitting = frozenset(sitting)
        self._held = Held(cap)
        for candidate in sorted(self._sitting):
            self._held.take(candidate)
        self._continuing = set(reading.standing)
        self._surpluses: set[int] = set()
        self._elected: list[int] = []
        self._excluded: list[int] = []
        self._gone: dict[int, None] = {}  # a table for `str.translate`: who receives no papers any more
        self._piles: dict[int, Piles] = {candidate: defaultdict(list) for candidate in reading.standing}
        self._totals = dict.fromkeys(reading.standing, 0)
        self._nontransferable = self._lost = 0
        self._stages: list[Stage] = []
        self._ties: list[Tie] = []
        self._deal(UNITS, reading.texts, reading.numbers)

    def outcome(self) -> Outcome:
        """Count to the end; without a valid paper nothing is counted."""
        if self._valid:
            self._end_stage("first")
        while self._valid and self._vacancies and self._others():
            self._next_stage()
        return Outcome(
            rule="scottish",
            units=UNITS,
            quota=self._quota if self._valid else None,
            valid=self._valid,
            invalid=self._invalid,
            stages=tuple(self._stages),
            elected=tuple(self._elected),
            excluded=tuple(self._excluded),
            vacant=self._vacancies,
            ties=tuple(self._ties),
        )

    # ------------------------------------------------------------ stages

    def _next_stage(self) -> None:
        if barred := self._barred():
            self._exclude("cap", barred)
        elif self._surpluses:
            self._transfer_surplus()
        else:
            self._exclude("exclusion", self._others())

    def _transfer_surplus(self) -> None:
        source = self._choose("surplus", self._surpluses)
        self._surpluses.remove(source)
        total = self._totals[source]
        surplus = total - self._quota
        transfers = self._transfer(source, lambda value: surplus * value // total)
        self._totals[source] = self._quota
        self._lost += surplus - sum(transfer.units for transfer in transfers)
        self._end_stage("surplus", source, transfers=transfers)

    def _exclude(self, kind: str, among: Collection[int]) -> None:
        source = self._choose(kind, among)
        self._leave(source)
        self._excluded.append(source)
        transfers = self._transfer(source, lambda value: value)
        self._totals[source] = 0
        self._end_stage(kind, source, excluded=(source,), transfers=transfers)

    def _end_stage(
        self, kind: str, *moved: int, excluded: tuple[int, ...] = (), transfers: tuple[Transfer, ...] = ()
    ) -> None:
        """Elect whoever is to be elected now, and write down how everybody stands."""
        elected = self._elect()
        self._stages.append(
            Stage(
                kind,
                moved,
                dict(self._totals),
                self._nontransferable,
                self._lost,
                elected,
                excluded,
                transfers,
            )
        )

    # ------------------------------------------------------------ electing

    def _elect(self) -> tuple[int, ...]:
        """Elect one at a time, largest vote first: those who reach the quota, then those who fill the last vacancies."""
        elected = []
        while self._vacancies and (ready := self._reached() or self._filling()):
            candidate = self._choose("elected", ready)
            elected.append(candidate)
            self._leave(candidate)
            if self._totals[candidate] > self._quota:
                self._surpluses.add(candidate)
            if candidate not in self._sitting:
                self._elected.append(candidate)
                self._vacancies -= 1
                self._held.take(candidate)
        return tuple(elected)

    def _reached(self) -> list[int]:
        barred = self._barred()
        return [
            candidate for candidate in self._continuing
            if self._totals[candidate] >= self._quota and candidate not in barred
        ]  # fmt: skip

    def _filling(self) -> set[int]:
        """Return the others who continue once they are no more than the vacancies; whoever is barred has to go first."""
        others = self._others()
        return others if len(others) <= self._vacancies and not self._barred() else set()

    def _barred(self) -> set[int]:
        return {candidate for candidate in self._others() if self._held.bars(candidate)}

    def _others(self) -> set[int]:
        return self._continuing - self._sitting

    def _choose(self, purpose: str, among: Collection[int]) -> int:
        """Take the one with the largest vote, where somebody is to be excluded the one with the least."""
        favoured = purpose in {"elected", "surplus"}
        bound = (max if favoured else min)(self._totals[candidate] for candidate in among)
        tied = sorted(candidate for candidate in among if self._totals[candidate] == bound)
        if len(tied) == 1:
            return tied[0]
        number = len(self._stages) + (purpose == "elected")  # the stage at whose end they stand equal
        earlier = [stage.totals for stage in self._stages[: number - 1]]
        chosen, decided_at = decided(tied, earlier, self._lot, favoured=favoured)
        self._ties.append(Tie(number, purpose, tuple(tied), chosen, decided_at))
        return chosen

    def _leave(self, candidate: int) -> None:
        self._continuing.remove(candidate)
        self._gone[candidate] = None

    # ------------------------------------------------------------ papers

    def _transfer(self, source: int, value_of: Callable[[int], int]) -> tuple[Transfer, ...]:
        """Move all papers of a candidate to the next who continues.

        The papers of one value are struck together, as one text: the time goes into moving them, not into each.
        """
        papers: Counter[int | None] = Counter()
        units: Counter[int | None] = Counter()
        for value, piles in self._piles.pop(source).items():
            texts = "\0".join("\0".join(pile) for pile in piles).translate(self._gone).split("\0")
            numbers = [number for pile in piles for number in pile.values()]
            moved = value_of(value)
            for target, many in self._deal(moved, texts, numbers).items():
                papers[target] += many
                units[target] += many * moved
        self._nontransferable += units[None]
        return tuple(
            Transfer(source, target, papers[target], units[target])
            for target in sorted(papers, key=lambda target: target or len(self._lot) + 1)
            if papers[target]
        )

    def _deal(self, value: int, texts: Iterable[str], numbers: Iterable[int]) -> dict[int | None, int]:
        """Lay papers with whoever each now names first, and count them there; return how many went to whom."""
        dealt: defaultdict[str, Pile] = defaultdict(dict)
        for text, number in zip(texts, numbers, strict=True):
            pile = dealt[text[:1]]
            pile[text] = pile.get(text, 0) + number
        went: dict[int | None, int] = {None: sum(dealt.pop("", {}).values())}
        for letter, pile in dealt.items():
            target = ord(letter)
            went[target] = sum(pile.values())
            self._piles[target][value].append(pile)
            self._totals[target] += went[target] * value
        return went
