"""A second count by Scottish rules, paper by paper, slow and plain: it shares no line with the site's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from iocop.elections.counting.capping import Cap
    from iocop.elections.counting.outcome import Outcome
    from iocop.elections.counting.papers import Profile


@dataclass
class Slip:
    """One sheet of paper on the table of one candidate, or of nobody."""

    wishes: list[int]
    worth: Fraction = Fraction(1)
    lies_with: int | None = None


@dataclass
class Table:
    """A hall in which slips are carried from table to table."""

    seats: int
    lot: Sequence[int]
    hopeful: list[int]
    slips: list[Slip]
    cap: Cap | None
    sitting: Collection[int]
    vacancies: int
    quota: int = 0
    settled: set[int] = field(default_factory=set)  # whose surplus was passed on: they keep a quota
    surplus: list[int] = field(default_factory=list)
    winners: list[int] = field(default_factory=list)
    losers: list[int] = field(default_factory=list)
    sheets: list[dict[int, Fraction]] = field(default_factory=list)
    rests: list[tuple[Fraction, Fraction]] = field(default_factory=list)
    ties: list[tuple[int, str, tuple[int, ...], int, int | None]] = field(default_factory=list)
    everybody: list[int] = field(default_factory=list)

    def has(self, candidate: int) -> Fraction:
        if candidate in self.settled:
            return Fraction(self.quota)
        return sum((slip.worth for slip in self.slips if slip.lies_with == candidate), Fraction(0))

    def carry(self, slip: Slip) -> None:
        slip.lies_with = next((wish for wish in slip.wishes if wish in self.hopeful), None)

    def barred(self) -> list[int]:
        if self.cap is None:
            return []
        cap, full = self.cap, set()
        for group in set(cap.groups.values()):
            placed = [who for who in {*self.winners, *self.sitting} if cap.groups.get(who) == group]
            if len(placed) + cap.already.get(group, 0) >= cap.most:
                full.add(group)
        return [who for who in self.hopeful if who not in self.sitting and cap.groups.get(who) in full]

    def pick(self, why: str, among: Sequence[int], *, high: bool) -> int:
        sign = 1 if high else -1
        now = {who: self.has(who) for who in among}
        top = max(sign * votes for votes in now.values())
        level = sorted(who for who in among if sign * now[who] == top)
        if len(level) == 1:
            return level[0]
        number = len(self.sheets) + (1 if why == "elected" else 0)
        left, at = level, None
        for stage in reversed(range(1, number)):
            sheet = self.sheets[stage - 1]
            best = sorted(left, key=lambda who: sign * sheet[who])[-1]
            left = [who for who in left if sheet[who] == sheet[best]]
            if len(left) == 1:
                at = stage
                break
        ranked = [who for who in self.lot if who in left]
        chosen = ranked[0] if high else ranked[-1]
        self.ties.append((number, why, tuple(level), chosen, at))
        return chosen

    def seat(self) -> None:
        while self.vacancies > 0:
            barred = self.barred()
            ready = [who for who in self.hopeful if who not in barred and self.has(who) >= self.quota]
            others = [who for who in self.hopeful if who not in self.sitting]
            if not ready and not barred and len(others) <= self.vacancies:
                ready = others
            if not ready:
                return
            who = self.pick("elected", ready, high=True)
            self.hopeful.remove(who)
            if self.has(who) > self.quota:
                self.surplus.append(who)
            if who not in self.sitting:
                self.winners.append(who)
                self.vacancies -= 1

    def note(self) -> None:
        self.seat()
        sheet = {who: self.has(who) for who in self.everybody}
        nobody = sum((slip.worth for slip in self.slips if slip.lies_with is None), Fraction(0))
        self.sheets.append(sheet)
        self.rests.append((nobody, len(self.slips) - nobody - sum(sheet.values(), Fraction(0))))

    def step(self) -> None:
        barred = self.barred()
        others = [who for who in self.hopeful if who not in self.sitting]
        if barred:
            self.drop("cap", barred)
        elif self.surplus:
            self.share()
        else:
            self.drop("exclusion", others)
        self.note()

    def drop(self, why: str, among: Sequence[int]) -> None:
        who = self.pick(why, among, high=False)
        self.hopeful.remove(who)
        self.losers.append(who)
        for slip in self.slips:
            if slip.lies_with == who:
                self.carry(slip)

    def share(self) -> None:
        who = self.pick("surplus", self.surplus, high=True)
        self.surplus.remove(who)
        total = self.has(who)
        for slip in self.slips:
            if slip.lies_with == who:
                worth = (total - self.quota) * slip.worth / total
                slip.worth = Fraction(floor(worth * 100_000), 100_000)
                self.carry(slip)
        self.settled.add(who)


def wishes_of(ranks: Sequence[Sequence[int]], withdrawn: Collection[int]) -> list[int]:
    wishes: list[int] = []
    for rank in ranks:
        here = [who for who in rank if who not in withdrawn]
        if len(rank) == 0 or len(here) >= 2:
            return wishes
        wishes += here
    return wishes


def counted(
    profile: Profile, lot: Sequence[int], cap: Cap | None = None,
    *, sitting: Collection[int] = (), vacancies: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Count on paper, and return what `found` returns of the site's own count."""
    everybody = [who + 1 for who in range(len(profile.candidates)) if who + 1 not in profile.withdrawn]
    slips = [
        Slip(wishes_of(paper.ranks, profile.withdrawn))
        for paper in profile.papers
        for _ in range(paper.count)
    ]
    good = [slip for slip in slips if slip.wishes]
    table = Table(
        profile.seats, lot, list(everybody), good, cap, sitting,
        profile.seats if vacancies is None else vacancies, everybody=everybody,
    )  # fmt: skip
    table.quota = floor(Fraction(len(good), profile.seats + 1)) + 1
    if good:
        for slip in good:
            table.carry(slip)
        table.note()
        while table.vacancies > 0 and any(who not in sitting for who in table.hopeful):
            table.step()
    return {
        "papers": (len(good), len(slips) - len(good), table.quota if good else None),
        "elected": table.winners, "excluded": table.losers, "vacant": table.vacancies,
        "sheets": table.sheets, "rests": table.rests, "ties": table.ties,
    }  # fmt: skip


def found(outcome: Outcome) -> dict[str, Any]:
    """Return what the site's own count found in the form of `counted`."""
    unit = Fraction(1, outcome.units)
    return {
        "papers": (outcome.valid, outcome.invalid, None if outcome.quota is None else outcome.quota * unit),
        "elected": list(outcome.elected), "excluded": list(outcome.excluded), "vacant": outcome.vacant,
        "sheets": [{who: units * unit for who, units in stage.totals.items()} for stage in outcome.stages],
        "rests": [(stage.nontransferable * unit, stage.lost * unit) for stage in outcome.stages],
        "ties": [(tie.stage, tie.purpose, tie.tied, tie.chosen, tie.decided_at) for tie in outcome.ties],
    }  # fmt: skip
