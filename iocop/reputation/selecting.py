"""A member's ledger narrowed and added up: by domain, by kind, by organization. Pure.

An organization is named only where at least five people of it stand behind its figure and no fewer behind what the
selection leaves out: else a second selection would tell, by subtraction, what a single person gave.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from iocop.reputation.remedy import NOTHING, Source, remedy
from iocop.reputation.rules import KINDS, RULES
from iocop.reputation.settling import POOLED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from iocop.reputation.remedy import Remedy
    from iocop.reputation.settling import Caps

FEWEST: Final = 5
"""People behind an organization's name."""

Key = TypeVar("Key")
Thing = TypeVar("Thing")


class Tally(NamedTuple):
    """What stands in a ledger of one person, then of one group, by one rule in one domain and year.

    Attributes:
        rows: events; what was undone and what undid it are events too.
        first: the first of them.
        settled: stands in the year of what was given, also where it was undone in another one.
        recent: what settled within 365 days.
        sealed: whether it is about what the member gave without their name; nothing of it ever waits.
    """

    domain_id: int
    rule: str
    year: int
    actor_id: int | None
    group_id: int | None
    organization: str | None
    rows: int
    first: int
    earned: int
    settled: int
    recent: int
    sealed: bool = False


class Part(NamedTuple):
    """A tally with what of it waits; never shown one by one.

    Attributes:
        waiting: milli-points that wait until others agree, never negative.
        stands: whether what was given is more or less than what was taken back.
    """

    tally: Tally
    waiting: int
    stands: bool


def parts_of(tallies: Iterable[Tally]) -> list[Part]:
    """Return tallies with what waits: of what one gave by one rule in one domain, over all years, the latest first."""
    found: list[Part] = []
    for rows in _grouped(tallies, _giving).values():
        left, earned = sum(row.earned - row.settled for row in rows), sum(row.earned for row in rows)
        for row in sorted(rows, key=lambda row: -row.year):
            waiting = max(0, min(left, row.earned - row.settled))
            left -= waiting
            found.append(Part(row, waiting, bool(earned)))
    return found


def _giving(row: Tally) -> tuple[int, str, int | None, int | None, bool]:
    return row.domain_id, row.rule, row.actor_id, row.group_id, row.sealed


@dataclass(frozen=True)
class Wanted:
    """What the page is narrowed to; None: not narrowed."""

    domain_id: int | None = None
    kind: str | None = None
    rule: str | None = None
    year: int | None = None

    @property
    def rules(self) -> frozenset[str] | None:
        """The rules that are wanted; None: all."""
        if self.rule is None and self.kind is None:
            return None
        return frozenset(
            name
            for name, rule in RULES.items()
            if self.rule in {None, name} and self.kind in {None, rule.kind}
        )

    def takes(self, part: Part) -> bool:
        return (
            self.domain_id in {None, part.tally.domain_id}
            and self.year in {None, part.tally.year}
            and (self.rules is None or part.tally.rule in self.rules)
        )


class Sum(NamedTuple):
    """Milli-points, and events, some of them undone ones.

    Attributes:
        settled: lifetime points.
        waiting: what waits until others agree.
    """

    rows: int = 0
    settled: int = 0
    waiting: int = 0


class ByOrganization(NamedTuple):
    """What came from organizations: named ones, and the others together.

    Attributes:
        named: by name, the greatest first.
        others: of how many further organizations, and what they gave.
        unproved: from people without a proved organization.
        alone: what rests on nobody else's act, such as a confirmation one gave.
    """

    named: Sequence[tuple[str, Sum]]
    others: tuple[int, Sum]
    unproved: Sum
    alone: Sum


def summed(parts: Iterable[Part]) -> Sum:
    rows = earned = waiting = 0
    for part in parts:
        rows, earned, waiting = rows + part.tally.rows, earned + part.tally.earned, waiting + part.waiting
    return Sum(rows, earned - waiting, waiting)


def _grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, list[Thing]]:
    found: defaultdict[Key, list[Thing]] = defaultdict(list)
    for thing in things:
        found[key(thing)].append(thing)
    return found


def by_domain(parts: Iterable[Part]) -> dict[int, Sum]:
    """Return sums by domain, the greatest first."""
    sums = {key: summed(found) for key, found in _grouped(parts, lambda part: part.tally.domain_id).items()}
    return dict(sorted(sums.items(), key=lambda one: -one[1].settled))


def by_kind(parts: Iterable[Part]) -> dict[str, Sum]:
    """Return sums by kind, all kinds in their order."""
    found = _grouped(parts, lambda part: RULES[part.tally.rule].kind)
    return {kind: summed(found.get(kind, ())) for kind in KINDS}


def by_organization(parts: Sequence[Part], wanted: Wanted) -> ByOrganization:
    """Return who, by organization, stands behind what is wanted of a ledger.

    Args:
        parts: the whole ledger.
    """
    given = [part for part in parts if part.tally.actor_id is not None]
    inside = _grouped(filter(wanted.takes, given), _group)
    outside = _grouped((part for part in given if not wanted.takes(part)), _group)
    proved = {group: found for group, found in inside.items() if group and _people(found)}
    told = {group for group, found in proved.items() if _hides_everybody(found, outside.get(group, ()))}
    named = [
        (found[0].tally.organization or "", summed(found)) for group, found in proved.items() if group in told
    ]
    rest = [part for group, found in inside.items() if group and group not in told for part in found]
    return ByOrganization(
        sorted(named, key=lambda one: (-one[1].settled, one[0])),
        (len(proved) - len(told), summed(rest)),
        summed(inside.get(None, ())),
        summed(part for part in parts if part.tally.actor_id is None and wanted.takes(part)),
    )


def _group(part: Part) -> int | None:
    return part.tally.group_id


def _hides_everybody(inside: Iterable[Part], outside: Iterable[Part]) -> bool:
    """Say whether an organization's figure, and what it leaves out, have enough people behind them."""
    return len(_people(inside)) >= FEWEST and not 0 < len(_people(outside)) < FEWEST


def _people(parts: Iterable[Part]) -> set[int]:
    """Return whose acts still stand."""
    return {part.tally.actor_id for part in parts if part.tally.actor_id and part.stands}


def waiting_in(parts: Iterable[Part], shares: Caps) -> dict[int, Remedy]:
    """Return, for each domain in which points wait, what would release them."""
    others = (part for part in parts if RULES[part.tally.rule].by_others and not part.tally.sealed)
    remedies = {
        domain_id: remedy(_sources(found), shares)
        for domain_id, found in _grouped(others, lambda part: part.tally.domain_id).items()
    }
    return {domain_id: found for domain_id, found in remedies.items() if found is not NOTHING}


def _sources(parts: Iterable[Part]) -> list[Source]:
    by_source = _grouped(parts, lambda part: (_group(part) or POOLED, part.tally.actor_id or 0))
    return [
        Source(
            group, person, sum(part.tally.recent for part in found), sum(part.waiting for part in found),
            min(part.tally.first for part in found),
        )
        for (group, person), found in by_source.items()
    ]  # fmt: skip
