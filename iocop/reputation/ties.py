"""How two members stand to one another on the day one of them gives something: what weighs an event. Pure.

Organizations are those of that day, and count as groups: what stands under one topmost parent is one. What somebody
states of themselves holds against them without a proof; only a proof counts for them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from iocop.organizations import history
from iocop.reputation.book import Tie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

COLLEAGUES_DAYS = 365
"""How long who left is taken for a colleague of those who stayed."""
TALLEST_GROUP = 8
"""Parents above parents that are followed; what an import left in a circle ends here."""


class Spell(NamedTuple):
    """A member's affiliation as it is known now; *valid_to* is the first day it no longer held."""

    id: int
    member_id: int
    organization_id: int
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    superseded_at: datetime | None
    is_main: bool
    evidence: str
    expires_at: datetime | None

    def is_proved(self, at: datetime) -> bool:
        return self.evidence != "self" and (self.expires_at is None or at < self.expires_at)


class Relation(NamedTuple):
    """*a* is, from one day until and without another, the *kind* of *b*."""

    a_id: int
    b_id: int
    kind: str
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class Network:
    """Every declared relation between organizations.

    Args:
        merged: records that turned out to be another organization's, with that one.
    """

    def __init__(self, relations: Iterable[Relation], merged: Mapping[int, int]) -> None:
        self._merged = merged
        self._parents: dict[int, list[Relation]] = defaultdict(list)
        self._dealings: list[Relation] = []
        self._dealing: dict[date, frozenset[tuple[int, int]]] = {}
        for relation in relations:
            if relation.kind == "parent":
                self._parents[relation.b_id].append(relation)
            else:
                self._dealings.append(relation)

    def group(self, organization_id: int, on: date) -> int:
        """Return an organization's topmost parent on a day; itself where it has none."""
        top = self._merged.get(organization_id, organization_id)
        if top not in self._parents:
            return top  # nearly all: asked for every pair of a whole history
        for _ in range(TALLEST_GROUP):
            above = [relation.a_id for relation in self._parents.get(top, ()) if relation.holds(on)]
            if not above:
                break
            top = min(above)
        return top

    def groups(self, spells: Iterable[Spell], on: date) -> frozenset[int]:
        return frozenset(self.group(spell.organization_id, on) for spell in spells)

    def deal(self, ones: frozenset[int], others: frozenset[int], on: date) -> bool:
        """Say whether groups declared to be supplier, customer, competitor or successor of one another on a day."""
        if not ones or not others or not self._dealings:
            return False
        pairs = self._dealing.get(on)
        if pairs is None:
            pairs = self._dealing[on] = self._dealing_on(on)
        return any((one, other) in pairs for one in ones for other in others)

    def _dealing_on(self, on: date) -> frozenset[tuple[int, int]]:
        """Return the groups that deal with one another on a day, either way round."""
        pairs = [
            (self.group(relation.a_id, on), self.group(relation.b_id, on))
            for relation in self._dealings
            if relation.holds(on)
        ]
        return frozenset([*pairs, *((b, a) for a, b in pairs)])

    def could_be_one(self, a_id: int, b_id: int) -> bool:
        """Say whether two organizations could be in one group on any day: nearly none are, and that is told at once."""
        a, b = self._merged.get(a_id, a_id), self._merged.get(b_id, b_id)
        return a == b or a in self._parents or b in self._parents


class _Place(NamedTuple):
    """Where a member works on a day: everything they hold, what is proved of it, and what speaks for them."""

    groups: frozenset[int]
    speaking: Spell | None
    proved: bool


def tie(
    giver: Sequence[Spell],
    receiver: Sequence[Spell],
    network: Network,
    at: datetime,
    *,
    conflict: bool = False,
) -> Tie:
    """Return how a giver stands to a receiver at a moment.

    Args:
        giver, receiver: all spells of either, ended and coming ones too.
        conflict: whether the giver has a declared interest in the very thing that is given for.

    Returns:
        ``together`` in one group today; ``interest`` where their groups are declared to deal with one another, or
        with *conflict*; ``colleagues_before`` where they were in one group within 365 days; ``apart`` in two proved
        groups; else ``unproved``.
    """
    on = at.date()
    gives, receives = _place(giver, network, at), _place(receiver, network, at)
    if gives.groups & receives.groups:
        weight = "together"
    elif conflict or network.deal(gives.groups, receives.groups, on):
        weight = "interest"
    elif _were_colleagues(giver, receiver, network, on):
        weight = "colleagues_before"
    else:
        weight = "apart" if gives.proved and receives.proved else "unproved"
    spoken = gives.speaking
    return Tie(
        weight,
        spoken.organization_id if spoken else None,
        network.group(spoken.organization_id, on) if spoken and gives.proved else None,
        receives.speaking.organization_id if receives.speaking else None,
    )


def held(spells: Sequence[Spell], on: date) -> list[Spell]:
    """Return the spells that hold on a day, the main one first; a short gap between two is bridged."""
    rows = [spell for spell in spells if history.holds(spell, on)]
    if len(rows) > 1:
        rows = sorted(history.held(rows, on), key=lambda spell: not spell.is_main)
    bridged = None if rows else history.bridged(spells, on)
    return [bridged] if bridged else rows


def _place(spells: Sequence[Spell], network: Network, at: datetime) -> _Place:
    now = held(spells, at.date())
    proved = [spell for spell in now if spell.is_proved(at)]
    return _Place(network.groups(now, at.date()), next(iter(proved or now), None), bool(proved))


def _were_colleagues(giver: Sequence[Spell], receiver: Sequence[Spell], network: Network, on: date) -> bool:
    since = on - timedelta(days=COLLEAGUES_DAYS)
    for one in giver:
        for other in receiver:
            if not network.could_be_one(one.organization_id, other.organization_id):
                continue
            for day in _shared(one, other, since, on):
                if network.group(one.organization_id, day) == network.group(other.organization_id, day):
                    return True
    return False


def _shared(one: Spell, other: Spell, since: date, until: date) -> Iterator[date]:
    """Return the first and the last day of a time that two spells share."""
    first = max(one.valid_from, other.valid_from, since)
    ends = [end - timedelta(days=1) for end in (one.valid_to, other.valid_to) if end is not None]
    last = min([*ends, until])
    if first <= last:
        yield first
        yield last
