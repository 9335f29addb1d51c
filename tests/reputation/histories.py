"""Random histories of a small community, in memory, and what must hold after each."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from iocop.reputation.book import Act, Book, Tie, Worth
from iocop.reputation.chains import Chain
from iocop.reputation.entries import Entry, Settled
from iocop.reputation.rules import POINT, RULES
from iocop.reputation.settling import Caps, caps
from iocop.reputation.shelf import Shelf
from iocop.reputation.weighing import amount

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
MEMBERS, DOMAINS = 6, 3
THINGS = {thing: thing % 3 + 1 for thing in range(1, 10)}
"""Thing → who wrote it."""
SEALED = frozenset({4, 8})
"""Given without their author's name."""
GIVEN = ("answer_endorsed", "answer_endorsed", "answer_accepted", "answer_doubted", "article_endorsed")
STEPS = ("give",) * 10 + (
    "withdraw", "withdraw", "again", "remove", "restore", "irregular", "work", "merge", "rule", "move",
    "confirm", "edit",
)  # fmt: skip


@dataclass
class History:
    """A community whose members do things at random; everything goes through the books."""

    seed: int
    organizations: int = 5
    people: int = 12
    now: datetime = BEGAN
    worths: dict[str, Worth] = field(default_factory=dict)
    given: list[Act] = field(default_factory=list)
    groups: dict[int, int | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.shelf = Shelf(self.shares)
        self.worths = {rule: Worth(1, each.points * POINT) for rule, each in RULES.items()}
        self.groups = {member: self.rng.choice((None, 1, 2, 3, 4)) for member in range(1, MEMBERS + 1)}

    def shares(self, day: date) -> Caps:
        return caps(self.organizations + day.day % 3, self.people + day.month)

    def live(self, steps: int) -> History:
        for _ in range(steps):
            self.now += timedelta(hours=self.rng.choice((1, 5, 30, 24 * 45)))
            getattr(self, f"_{self.rng.choice(STEPS)}")()
        return self

    def _act(self, rule: str, thing: int, actor: int) -> Act:
        domains = tuple(self.rng.sample(range(1, DOMAINS + 1), self.rng.choice((1, 1, 2, 3))))
        group = self.groups[actor]
        weight = (
            "unproved" if group is None else "together" if group == self.groups[THINGS[thing]] else "apart"
        )
        return Act(
            rule, THINGS[thing], domains, thing, actor, Tie(weight, group, group), self.now,
            share=self.rng.choice((10_000, 3_333)), newcomer=self.rng.random() < 0.5, sealed=thing in SEALED,
        )  # fmt: skip

    def _record(self, act: Act) -> None:
        levels = {domain: self.rng.randrange(6) for domain in act.domain_ids}
        self.shelf.record(act, self.worths[act.rule], levels)

    def _give(self) -> None:
        thing, actor = self.rng.choice(list(THINGS)), self.rng.randint(1, MEMBERS)
        act = self._act(self.rng.choice(GIVEN), thing, actor)
        self.given.append(act)
        self._record(act)

    def _edit(self) -> None:
        thing, actor = self.rng.choice(list(THINGS)), self.rng.randint(1, MEMBERS)
        act = self._act("edit_approved", thing, actor)._replace(approvers=2)
        self._record(act)

    def _confirm(self) -> None:
        thing, actor = self.rng.choice(list(THINGS)), self.rng.randint(1, MEMBERS)
        self._record(self._act("article_confirmed", thing, actor)._replace(occasion=f"{self.now.year}"))

    def _again(self) -> None:
        if self.given:
            self._record(self.rng.choice(self.given)._replace(at=self.now))

    def _chains(self) -> list[tuple[Book, Chain]]:
        return [(book, chain) for book in self.shelf for chain in book.chains]

    def _withdraw(self) -> None:
        for book, chain in self.rng.sample(self._chains(), min(3, len(self._chains()))):
            book.reverse([chain], "withdrawn", self.now)

    def _irregular(self) -> None:
        for book, chain in self.rng.sample(self._chains(), min(2, len(self._chains()))):
            book.reverse([chain], "irregular", self.now)

    def _remove(self) -> None:
        thing = self.rng.choice(list(THINGS))
        book = self.shelf.book(THINGS[thing])
        about = [chain for chain in book.chains.about(thing) if chain.first.rule != "content_removed"]
        book.reverse(about, "removed", self.now)
        removal = Act("content_removed", THINGS[thing], (1,), thing, None, Tie(), self.now)
        self._record(removal._replace(sealed=thing in SEALED))

    def _restore(self) -> None:
        thing = self.rng.choice(list(THINGS))
        book = self.shelf.book(THINGS[thing])
        about = book.chains.about(thing)
        book.restore([chain for chain in about if not chain.live and chain.because == "removed"], self.now)
        book.reverse(
            [chain for chain in about if chain.first.rule == "content_removed"], "restored", self.now
        )

    def _move(self) -> None:
        for book, chain in self.rng.sample(self._chains(), min(2, len(self._chains()))):
            if chain.live:
                book.move(chain, chain.first.domain_id % DOMAINS + 1, self.now)

    def _work(self) -> None:
        self.groups[self.rng.randint(1, MEMBERS)] = self.rng.choice((None, 1, 2, 3, 4))

    def _merge(self) -> None:
        """Two organizations become one group; what was entered keeps the one it had."""
        self.groups = {member: 1 if group == 2 else group for member, group in self.groups.items()}

    def _rule(self) -> None:
        rule = self.rng.choice(GIVEN)
        old = self.worths[rule]
        self.worths[rule] = Worth(old.version + 1, old.base_mp + 1_000 * (1 if old.base_mp > 0 else -1))


def replayed(book: Book, shelf: History) -> Book:
    again = Book(book.member_id, shelf.shares, None)
    for entry in book.entered:
        again.replay(entry)
    return again


def sums(book: Book) -> dict[int, tuple[int, int, int, dict[date, int]]]:
    return {
        domain: (account.earned_mp, account.settled_mp, account.organizations, account.standing_days)
        for domain, account in book.accounts.items()
        if account.earned_mp or account.standing_days or account.organizations
    }


def added(entries: list[Entry], settled: list[Settled]) -> dict[int, tuple[int, int, int, dict[date, int]]]:
    """What the rows sum to, reckoned without any book."""
    earned: Counter[int] = Counter()
    days: dict[int, Counter[date]] = defaultdict(Counter)
    standing: dict[int, Entry] = {}
    for entry in entries:
        earned[entry.domain_id] += entry.amount_mp
        if entry.reverses_id is None or standing.pop(entry.reverses_id, None) is None:
            standing[entry.id] = entry
    sealed = {entry.id for entry in entries if entry.source_id in SEALED}
    whole: Counter[int] = Counter()
    for each in settled:
        whole[each.domain_id] += each.amount_mp
        if each.ledger_id not in sealed:
            days[each.domain_id][each.day] += each.amount_mp
    groups: dict[int, set[int]] = defaultdict(set)
    for entry in standing.values():
        if entry.actor_group_id and RULES[entry.rule].by_others and entry.source_id not in SEALED:
            groups[entry.domain_id].add(entry.actor_group_id)
    return {
        domain: (
            earned[domain], whole[domain], len(groups[domain]),
            {day: points for day, points in days[domain].items() if points},
        )
        for domain in earned
        if earned[domain] or groups[domain] or any(days[domain].values())
    }  # fmt: skip


def is_worth(entries: list[Entry]) -> bool:
    """Say whether every amount is what its factors give, and every reversal the exact negative of what it names."""
    by_id = {entry.id: entry for entry in entries}
    for entry in entries:
        if entry.reverses_id is not None:
            if entry.amount_mp != -by_id[entry.reverses_id].amount_mp:
                return False
        elif entry.amount_mp != amount(entry.base_mp, entry.factors):
            return False
    return True
