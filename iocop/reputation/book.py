"""One member's ledger in memory: values what others did, enters rows, settles, undoes and restores. Pure.

The live site, its replay, the demo and the simulations all enter rows through it: there is one arithmetic.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.reputation.accounts import Account
from iocop.reputation.chains import Chain, Chains
from iocop.reputation.entries import Entry, Settled
from iocop.reputation.rules import DAILY_MOST, EDITS_A_DAY, RULES, WINDOW_DAYS
from iocop.reputation.weighing import WHOLE, amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from iocop.reputation.settling import Caps

WINDOW = timedelta(days=WINDOW_DAYS)
"""An endorsement of exactly this age no longer counts."""


class Tie(NamedTuple):
    """How giver and receiver stand to one another when something is given.

    Attributes:
        weight: a key of `weighing.ORGANIZATIONS`.
        organization_id: the giver's, whether proved or not.
        group_id: the group of the giver's organization, only where it is proved.
    """

    weight: str = "unproved"
    organization_id: int | None = None
    group_id: int | None = None
    recipient_organization_id: int | None = None


class Act(NamedTuple):
    """Something that earns or costs a member points.

    Attributes:
        member_id: whose points they are.
        domain_ids: one to three; each gets an equal part.
        source_id: the contribution it is about.
        actor_id: who gave it; empty where nobody else acted.
        at: when it happened.
        occasion: tells apart two acts of one person on one thing.
        share: of an article, in ten-thousandths.
        approvers: how many shared the approval.
        newcomer: whether a doubt cannot bring the member below nothing.
        sealed: whether the member gave it without their name: what it brings counts for nothing that others see.
    """

    rule: str
    member_id: int
    domain_ids: tuple[int, ...]
    source_id: int
    actor_id: int | None
    tie: Tie
    at: datetime
    occasion: str = ""
    share: int = WHOLE
    approvers: int = 1
    newcomer: bool = False
    sealed: bool = False


class Worth(NamedTuple):
    """A rule as it is in force."""

    version: int
    base_mp: int


class Book:
    """A member's ledger.

    Args:
        shares: tells the greatest shares of a group and a person on a day.
        number: gives the next row its id, each greater than the one before; without, rows can only be replayed.
    """

    def __init__(
        self, member_id: int, shares: Callable[[date], Caps], number: Callable[[], int] | None
    ) -> None:
        self.member_id = member_id
        self.accounts: dict[int, Account] = defaultdict(Account)
        self.chains = Chains(counting=number is not None)
        self.entered: list[Entry] = []
        self.settled: list[Settled] = []
        """What was entered and settled since the book was opened."""
        self.newest_id = 0
        """The row entered last, or recalled."""
        self._leaving: Chain | None = None

        self.open(shares, number)

    def open(self, shares: Callable[[date], Caps], number: Callable[[], int] | None) -> None:
        """Go on with other ways to learn the shares and to number rows; a book outlives who wrote in it."""
        self._shares = shares
        self._number = number or _no_number

    def recall(self, entries: Iterable[Entry], settlements: Iterable[Settled]) -> None:
        """Take in rows that stand and follow those it has, in their order, with what settled by them."""
        by_cause: dict[int, list[Settled]] = defaultdict(list)
        for settled in settlements:
            by_cause[settled.because_id].append(settled)
        for entry in entries:
            self._enter(entry)
            for settled in by_cause.get(entry.id, ()):
                chain = self.chains.of_row(settled.ledger_id)
                self.accounts[settled.domain_id].count(chain, settled.amount_mp, settled.day)
        for account in self.accounts.values():
            account.moved.clear()

    def replay(self, entry: Entry) -> tuple[Chain, Sequence[Settled]]:
        """Enter a row as it stands; return its chain and what settles by it."""
        before = len(self.settled)
        chain = self._append(entry)
        return chain, self.settled[before:]

    def record(self, act: Act, worth: Worth, levels: Mapping[int, int], mutual: int) -> None:
        """Enter what an act brings: once, however often it is told; again as it was, where it had been withdrawn.

        Args:
            levels: the giver's level by domain.
            mutual: how many endorsements went from this member to the giver in the 180 days before, for what was signed.
        """
        known = self.chains.of_act(act.rule, act.source_id, act.actor_id, act.occasion, sealed=act.sealed)
        if known:
            self._undo((chain for chain in known if chain.comes_back), "restored", act.at)
            return
        factors = self._factors(act, mutual)
        for domain_id in act.domain_ids:
            self._append(self._valued(act, domain_id, worth, factors, levels.get(domain_id, 0)))

    def reverse(self, chains: Iterable[Chain], because: str, at: datetime) -> None:
        """Undo what stands of some chains by exact negatives."""
        self._undo((chain for chain in chains if chain.live), because, at)

    def restore(self, chains: Iterable[Chain], at: datetime) -> None:
        """Bring back what was undone of some chains, as it was."""
        self._undo((chain for chain in chains if not chain.live), "restored", at)

    def move(self, chain: Chain, domain_id: int, at: datetime) -> None:
        """Carry a chain that stands into another domain: the same row there, settled as it was."""
        first = chain.first
        self._append(self._negative(chain, "moved", at))
        self._append(
            first._replace(id=self._number(), domain_id=domain_id, reverses_id=None, because="moved")
        )

    def _undo(self, chains: Iterable[Chain], because: str, at: datetime) -> None:
        for chain in list(chains):
            self._append(self._negative(chain, because, at))

    def _negative(self, chain: Chain, because: str, at: datetime) -> Entry:
        return chain.first._replace(
            id=self._number(), at=at, reverses_id=chain.last_id, because=because,
            amount_mp=-chain.first.amount_mp if chain.live else chain.first.amount_mp,
        )  # fmt: skip

    def _factors(self, act: Act, mutual: int) -> dict[str, Any]:
        given = {
            "org": act.tie.weight,
            "pair": self.chains.endorsements(act.actor_id, act.rule, act.at - WINDOW, sealed=act.sealed) + 1,
            "mutual": mutual,
            "item": self.chains.standing_on(act.source_id, act.rule, sealed=act.sealed) + 1,
            "share": act.share,
            "approvers": act.approvers,
        }
        weighed = RULES[act.rule].weighed
        seal = {"sealed": True} if act.sealed else {}
        return {"domains": len(act.domain_ids)} | {key: given[key] for key in given if key in weighed} | seal

    def _valued(self, act: Act, domain_id: int, worth: Worth, shared: Mapping[str, Any], level: int) -> Entry:
        factors = dict(shared)
        if "level" in RULES[act.rule].weighed:
            factors["level"] = level
        points = amount(worth.base_mp, factors)
        for bound, limit in self._bounds(act, domain_id):
            if abs(points) <= limit:
                continue
            bounded = amount(worth.base_mp, factors | {bound: limit})
            if bounded != points:  # a bound is written down only where it binds
                factors[bound], points = limit, bounded
        tie = act.tie
        return Entry(
            self._number(), act.at, self.member_id, domain_id, act.rule, worth.version, worth.base_mp, factors,
            points, act.source_id, act.occasion, act.actor_id, tie.organization_id, tie.group_id,
            tie.recipient_organization_id,
        )  # fmt: skip

    def _bounds(self, act: Act, domain_id: int) -> Iterable[tuple[str, int]]:
        day = act.at.date()
        if RULES[act.rule].daily:
            yield "most", max(0, DAILY_MOST - self.chains.brought_on(day, sealed=act.sealed))
        if act.rule == "edit_approved" and self._edited_enough(act):
            yield "most", 0
        if act.newcomer and "shield" in RULES[act.rule].weighed:
            account = self.accounts[domain_id]
            yield "shield", max(0, account.settled_mp if act.sealed else account.signed_mp)

    def _edited_enough(self, act: Act) -> bool:
        return self.chains.edits_on(act.at.date(), act.source_id, sealed=act.sealed) >= EDITS_A_DAY

    def _append(self, entry: Entry) -> Chain:
        """Enter a row, and let settle what can."""
        self.entered.append(entry)
        chain, account = self._enter(entry)
        if entry.because == "moved":
            self._carry(entry, account, chain)
            return chain
        if entry.reverses_id is not None:
            self._settle_back(entry, account, chain)
        elif not chain.pooled and entry.amount_mp:
            self._settle(entry, account, chain, entry.amount_mp, account.today)
        for row_id, points in account.pool.settle(self._shares(account.today)):
            self._settle(entry, account, self.chains.of_row(row_id), points, account.today)
        return chain

    def _enter(self, entry: Entry) -> tuple[Chain, Account]:
        self.newest_id = entry.id
        account = self.accounts[entry.domain_id]
        account.earned_mp += entry.amount_mp
        chain = self.chains.enter(entry)
        account.stand(chain, 1 if chain.live else -1)
        if not (entry.because == "moved" and chain.live):  # such a row keeps the time of the one it follows
            account.turn(entry.at.date())
        account.wait(chain)
        return chain, account

    def _carry(self, entry: Entry, account: Account, chain: Chain) -> None:
        if entry.reverses_id is not None:
            self._settle_back(entry, account, chain)
            self._leaving = chain
        elif self._leaving is not None:
            for day, points in self._leaving.undone.items():
                self._settle(entry, account, chain, points, day)

    def _settle_back(self, entry: Entry, account: Account, chain: Chain) -> None:
        """Take back what settled of a chain, or give it back, each under the day it had."""
        sign = 1 if chain.live else -1
        for day, points in list((chain.undone if chain.live else chain.days).items()):
            self._settle(entry, account, chain, sign * points, day)

    def _settle(self, entry: Entry, account: Account, chain: Chain, points: int, day: date) -> None:
        self.settled.append(
            Settled(entry.at, self.member_id, entry.domain_id, chain.first.id, entry.id, points, day)
        )
        account.count(chain, points, day)


def _no_number() -> int:
    raise RuntimeError("this book was opened for a replay: nothing is entered into it")
