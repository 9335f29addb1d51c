"""Chains of rows: an event, what undid it, what restored it, and so on; and what still stands of them. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

from iocop.reputation.rules import RULES
from iocop.reputation.settling import POOLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from iocop.reputation.entries import Entry

Key: TypeAlias = "tuple[str, int, int | None, str, bool]"
"""Rule, source, actor, occasion, and whether it is sealed: what makes two events the same one."""

RETURNING = frozenset({"withdrawn", "removed", "restored"})
"""Undone for one of these, the same event brings it back; what was irregular or moved stays undone."""

_NOTHING: Mapping[date, int] = {}


class Chain:
    """One event of a member in one domain, with its reversals."""

    __slots__ = (
        "because",
        "days",
        "first",
        "group",
        "last_id",
        "live",
        "person",
        "pooled",
        "sealed",
        "settled_mp",
        "undone",
    )

    def __init__(self, first: Entry) -> None:
        self.first = first
        self.last_id = first.id
        self.because = first.because
        self.live = True
        self.sealed = "sealed" in first.factors
        """Whether it is about something given without a name: no figure that others see hangs on it."""
        self.person = first.actor_id or 0
        self.group = first.actor_group_id or POOLED
        self.pooled = RULES[first.rule].by_others and first.amount_mp > 0 and not self.sealed
        """Whether it settles only as far as no organization and no person dominates."""
        self.settled_mp = 0
        self.days: dict[date, int] = {}
        """What is settled of it, by the day from which it fades."""
        self.undone: Mapping[date, int] = _NOTHING
        """What was settled of it when it was undone."""

    @property
    def key(self) -> Key:
        first = self.first
        return first.rule, first.source_id, first.actor_id, first.occasion, self.sealed

    @property
    def comes_back(self) -> bool:
        return not self.live and self.because in RETURNING

    def turn(self, entry: Entry) -> None:
        """Be undone, or restored, by a further row."""
        self.last_id, self.because, self.live = entry.id, entry.because, not self.live
        if not self.live:
            self.undone = dict(self.days)

    def count(self, points: int, day: date) -> None:
        self.settled_mp += points
        left = self.days.get(day, 0) + points
        if left:
            self.days[day] = left
        else:
            del self.days[day]


class _Deed:
    """One event, with its chain in each domain."""

    __slots__ = ("at", "chains", "standing")

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.chains: list[Chain] = []
        self.standing = 0
        """How many of the chains stand."""


class Chains:
    """All chains of one member, and the counts that value the next event.

    What was given without a name is counted by itself: else who endorses both an unsigned answer and somebody's signed
    one would read from what the second brings whose the first is.

    Args:
        counting: without, nothing can be valued; a replay needs no counts.
    """

    def __init__(self, *, counting: bool = True) -> None:
        self._counting = counting
        self._by_first: dict[int, Chain] = {}
        self._by_last: dict[int, Chain] = {}
        self._deeds: dict[Key, _Deed] = {}
        self._by_pair: dict[tuple[int | None, str, bool], list[_Deed]] = defaultdict(list)
        self._on_thing: Counter[tuple[int, str, bool]] = Counter()
        self._brought: Counter[tuple[date, bool]] = Counter()
        self._edits: dict[tuple[date, bool], Counter[int]] = defaultdict(Counter)

    def __len__(self) -> int:
        return len(self._by_first)

    def __iter__(self) -> Iterator[Chain]:
        return iter(self._by_first.values())

    def enter(self, entry: Entry) -> Chain:
        """Take in a row.

        Raises:
            KeyError: it names a row to undo that is not the last of a chain.
        """
        if entry.reverses_id is None:
            chain = self._by_first[entry.id] = Chain(entry)
            if self._counting:
                self._open(chain)
        else:
            chain = self._by_last.pop(entry.reverses_id)
            chain.turn(entry)
        self._by_last[entry.id] = chain
        if self._counting:
            self._stand(chain, 1 if chain.live else -1)
        return chain

    def _open(self, chain: Chain) -> None:
        first, key = chain.first, chain.key
        deed = self._deeds.get(key)
        if deed is None:
            deed = self._deeds[key] = _Deed(first.at)
            self._by_pair[first.actor_id, first.rule, chain.sealed].append(deed)
        deed.chains.append(chain)

    def _stand(self, chain: Chain, by: int) -> None:
        first, sealed = chain.first, chain.sealed
        deed = self._deeds[chain.key]
        stood, deed.standing = bool(deed.standing), deed.standing + by
        self._on_thing[first.source_id, first.rule, sealed] += bool(deed.standing) - stood
        if RULES[first.rule].daily:
            self._brought[first.at.date(), sealed] += by * first.amount_mp
        elif first.rule == "edit_approved":
            self._edits[first.at.date(), sealed][first.source_id] += by

    def of_row(self, first_id: int) -> Chain:
        """Return the chain that begins with a row."""
        return self._by_first[first_id]

    def last(self, last_id: int) -> Chain:
        """Return the chain that ends with a row."""
        return self._by_last[last_id]

    def of_act(
        self, rule: str, source_id: int, actor_id: int | None, occasion: str, *, sealed: bool = False
    ) -> list[Chain]:
        """Return the chains of one event, in every domain it ever stood in."""
        deed = self._deeds.get((rule, source_id, actor_id, occasion, sealed))
        return list(deed.chains) if deed else []

    def about(self, source_id: int) -> list[Chain]:
        """Return every chain about one thing."""
        return [chain for chain in self._by_first.values() if chain.first.source_id == source_id]

    def endorsements(self, actor_id: int | None, rule: str, since: datetime, *, sealed: bool = False) -> int:
        """Return how many events of a rule stand that one member gave after a moment."""
        deeds = self._by_pair.get((actor_id, rule, sealed), ())
        return sum(1 for deed in deeds if deed.standing and deed.at > since)

    def standing_on(self, source_id: int, rule: str, *, sealed: bool = False) -> int:
        """Return how many events of a rule stand about one thing."""
        return self._on_thing[source_id, rule, sealed]

    def brought_on(self, day: date, *, sealed: bool = False) -> int:
        """Return what endorsements of one day bring, as far as they stand, in milli-points.

        Args:
            sealed: count what was given without a name beside the rest; else only the rest.
        """
        return self._brought[day, False] + (self._brought[day, True] if sealed else 0)

    def edits_on(self, day: date, but: int, *, sealed: bool = False) -> int:
        """Return of how many things suggested changes were approved on one day, not counting one of them."""
        things = self._edits[day, sealed].items()
        return sum(1 for source_id, rows in things if rows > 0 and source_id != but)
