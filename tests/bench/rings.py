"""A made-up community with people who endorse one another in a circle: what it brings them, and who is noticed.

`python -m tests.bench.rings [--write]`: 5,000 members of 300 organizations (their sizes by Zipf's law, every tenth member
without one), 20,000 answers in 730 days, every fifth endorsement from the author's own organization; four attacks in it,
three seeds.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.reputation.book import Act, Book, Tie, Worth
from iocop.reputation.fading import standing
from iocop.reputation.irregular import rings
from iocop.reputation.ladder import Evidence, level_of
from iocop.reputation.rules import POINT, RULES, WINDOW_DAYS
from iocop.reputation.settling import caps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START: Final = datetime(2024, 1, 1, tzinfo=UTC)
DAYS: Final = 730
CAMPAIGN_DAYS: Final = 180
"""In how many days an attack is carried out: slower ones escape the detector, as its description says."""
LOOK_EVERY: Final = 30
DOMAIN: Final = 1
RAW: Final = {"answer_endorsed": 10, "answer_accepted": 15}
"""What a Stack Exchange site gives for the same."""


class Size(NamedTuple):
    """How large a community is."""

    members: int = 5000
    organizations: int = 300
    answers: int = 20_000


class Given(NamedTuple):
    """Somebody endorsed or accepted an answer."""

    at: datetime
    rule: str
    giver: int
    answer: int
    author: int


class Attack(NamedTuple):
    """Who takes part, who gains by it, and what it is called."""

    words: str
    members: tuple[int, ...]
    gains: tuple[int, ...]
    must_find: bool


class Community:
    """Members, their organizations (0: none), and everything given."""

    def __init__(self, seed: int, size: Size) -> None:
        self.chance = random.Random(seed)
        self.size = size
        sizes = list(accumulate(1 / place for place in range(1, size.organizations + 1)))
        self.organization = [
            0 if self.chance.random() < 0.1 else 1 + self._drawn(sizes) for _ in range(size.members)
        ]
        self.given: list[Given] = []
        self._answers = count(1)
        self._live_honestly()

    def _drawn(self, sums: Sequence[float]) -> int:
        return self.chance.choices(range(len(sums)), cum_weights=sums)[0]

    def _live_honestly(self) -> None:
        size, chance = self.size, self.chance
        active = list(accumulate(chance.paretovariate(1.2) for _ in range(size.members)))
        good = [chance.gauss(0, 0.7) for _ in range(size.members)]
        colleagues: dict[int, list[int]] = defaultdict(list)
        for member, organization in enumerate(self.organization):
            colleagues[organization].append(member)
        for _ in range(size.answers):
            author, day = self._drawn(active), chance.uniform(0, DAYS - 10)
            worth = good[author] + chance.gauss(0, 0.7)
            givers = {
                chance.choice(colleagues[self.organization[author]])
                if self.organization[author] and chance.random() < 0.2
                else self._drawn(active)
                for _ in range(round(chance.expovariate(1 / 3.5) * 2.0**worth))
            }
            self.answer(
                author, day, givers - {author}, chance.randrange(size.members) if worth > 0.4 else None
            )

    def answer(
        self, author: int, day: float, givers: Iterator[int] | set[int] | Sequence[int], asker: int | None
    ) -> None:
        """Write an answer; some endorse it within ten days, and its asker accepts it where one is named."""
        key, at = next(self._answers), START + timedelta(days=day)
        for giver in givers:
            later = at + timedelta(days=self.chance.uniform(0, 9))
            self.given.append(Given(later, "answer_endorsed", giver, key, author))
        if asker is not None and asker != author:
            self.given.append(Given(at + timedelta(days=9), "answer_accepted", asker, key, author))

    def join(self, organizations: Sequence[int]) -> tuple[int, ...]:
        """Have attackers join, one for each organization named; return them."""
        first = len(self.organization)
        self.organization.extend(organizations)
        return tuple(range(first, first + len(organizations)))

    def conspire(self, givers: Sequence[int], authors: Sequence[int], posts: int) -> None:
        """Have each author write so many answers which all givers endorse, and one of them accepts."""
        begin = self.chance.uniform(0, DAYS - CAMPAIGN_DAYS - 10)
        for author in authors:
            others = [giver for giver in givers if giver != author]
            for _ in range(posts):
                day = begin + self.chance.uniform(0, CAMPAIGN_DAYS - 10)
                self.answer(author, day, others, self.chance.choice(others))


def attacked(community: Community) -> list[Attack]:
    """Add the four attacks."""
    free = community.size.organizations + 1
    ring = community.join([free] * 20)
    community.conspire(ring, ring, 15)
    spread = community.join(range(free + 1, free + 21))
    community.conspire(spread, spread, 15)
    star = community.join([free + 30] * 61)
    community.conspire(star[1:], star[:1], 40)
    socks = community.join([free + 31] + [0] * 30)
    community.conspire(socks[1:], socks[:1], 40)
    return [
        Attack("20 people of one company, 15 posts each", ring, ring, must_find=True),
        Attack("20 people of 20 companies, 15 posts each", spread, spread, must_find=True),
        Attack("60 colleagues for one star, 40 posts", star, star[:1], must_find=False),
        Attack("30 without a company for one star, 40 posts", socks, socks[:1], must_find=False),
    ]


class Ledger:
    """Everybody's book, and what the detector noticed on the way."""

    def __init__(self, community: Community) -> None:
        self.community = community
        shares = caps(len(set(community.organization)), len(community.organization))
        numbers = count(1)
        self.books = [
            Book(member, lambda _: shares, lambda: next(numbers))
            for member in range(len(community.organization))
        ]
        self.raw: Counter[int] = Counter()
        self.accepted: Counter[int] = Counter()
        self.noticed: set[int] = set()
        self._levels: dict[int, tuple[int, int]] = {}

    def run(self) -> None:
        """Enter everything in its order; look for rings every month."""
        look = START + timedelta(days=LOOK_EVERY)
        window: list[Given] = []
        for given in sorted(self.community.given):
            if given.at >= look:
                window = [one for one in window if one.at > look - timedelta(days=WINDOW_DAYS)]
                self._look(window)
                look += timedelta(days=LOOK_EVERY)
            window.append(given)
            self._enter(given)
        self._look([one for one in window if one.at > look - timedelta(days=WINDOW_DAYS)])

    def _look(self, window: Sequence[Given]) -> None:
        things = {(one.giver, one.author, one.answer) for one in window}
        for ring in rings(Counter((giver, author) for giver, author, _ in things)):
            self.noticed.update(ring.members)

    def _enter(self, given: Given) -> None:
        since = given.at - timedelta(days=WINDOW_DAYS)
        giver = self.books[given.giver]
        mutual = sum(giver.chains.endorsements(given.author, rule, since) for rule in RAW)
        act = Act(
            given.rule, given.author, (DOMAIN,), given.answer, given.giver,
            self._tie(given.giver, given.author), given.at,
        )  # fmt: skip
        worth = Worth(1, RULES[given.rule].points * POINT)
        self.books[given.author].record(act, worth, {DOMAIN: self.level(given.giver, given.at)}, mutual)
        self.raw[given.author] += RAW[given.rule]
        self.accepted[given.author] += given.rule == "answer_accepted"

    def _tie(self, giver: int, author: int) -> Tie:
        one, other = self.community.organization[giver], self.community.organization[author]
        weight = "unproved" if not (one and other) else "together" if one == other else "apart"
        return Tie(weight, one or None, one or None, other or None)

    def points(self, member: int) -> int:
        """Return a member's settled milli-points."""
        account = self.books[member].accounts.get(DOMAIN)
        return account.settled_mp if account else 0

    def level(self, member: int, at: datetime) -> int:
        """Return a member's level; it does not fall within the two years."""
        book = self.books[member]
        rows, level = self._levels.get(member, (0, 0))
        if rows != len(book.settled) and DOMAIN in book.accounts:
            account, accepted = book.accounts[DOMAIN], self.accepted[member]
            held = Evidence(standing(account.days, at.date()), account.organizations, accepted, 2 * accepted)
            level = max(level, level_of(held, self.community.size.organizations))
            self._levels[member] = len(book.settled), level
        return level


class Outcome(NamedTuple):
    """What became of one attack.

    Attributes:
        points: the most any of those who gain by it has, settled.
        percentile: of that among everybody's.
        raw, raw_percentile: the same by a Stack Exchange site's rule.
        level: the highest of those who gain.
        found: how many of its members the detector noticed.
    """

    attack: Attack
    points: int
    percentile: int
    raw: int
    raw_percentile: float
    level: int
    found: int


class Result(NamedTuple):
    """What became of everybody, for one seed."""

    outcomes: list[Outcome]
    accused: int
    """Honest members whom the detector noticed."""
    levels: list[int]
    """Honest members on each level."""


def simulate(seed: int, size: Size = Size()) -> Result:  # noqa: B008 -- never changed
    """Live through one community."""
    community = Community(seed, size)
    attacks = attacked(community)
    ledger = Ledger(community)
    ledger.run()
    end = START + timedelta(days=DAYS)
    everybody = [ledger.points(member) for member in range(len(community.organization))]
    raw = [ledger.raw[member] for member in range(len(community.organization))]
    outcomes = [
        Outcome(
            attack,
            max(everybody[member] for member in attack.gains) // POINT,
            round(_below(everybody, max(everybody[member] for member in attack.gains))),
            max(raw[member] for member in attack.gains),
            round(_below(raw, max(raw[member] for member in attack.gains)), 1),
            max(ledger.level(member, end) for member in attack.gains),
            len(ledger.noticed & set(attack.members)),
        )
        for attack in attacks
    ]
    levels = Counter(ledger.level(member, end) for member in range(size.members))
    return Result(
        outcomes,
        sum(member < size.members for member in ledger.noticed),
        [levels[level] for level in range(5)],
    )


def _below(values: Sequence[int], value: int) -> float:
    return 100 * sum(one < value for one in values) / len(values)


def table(results: dict[int, Result]) -> str:
    """Return the outcomes as a Markdown table."""
    lines = [
        "| attack | seed | usual rule: points, percentile | practice ledger: points, percentile, level | noticed |",
        "|---|---|---|---|---|",
    ]
    for seed, result in results.items():
        for one in result.outcomes:
            noticed = f"{one.found} of {len(one.attack.members)}" + (
                "" if one.attack.must_find else " (not needed)"
            )
            lines.append(
                f"| {one.attack.words} | {seed} | {one.raw:,}, {one.raw_percentile} | {one.points:,}, {one.percentile},"
                f" **L{one.level}** | {noticed} |"
            )
    for seed, result in results.items():
        honest = " / ".join(f"{count_:,}" for count_ in result.levels)
        lines.append(f"| honest members, L0 to L4 | {seed} | | {honest} | {result.accused} accused |")
    return "\n".join(lines)


def main() -> None:
    """Run three seeds, print the table, and with `--write` put it into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--write", action="store_true")
    found = table({seed: simulate(seed) for seed in (1, 2, 3)})
    sys.stdout.write(found + "\n")
    if parser.parse_args().write:
        page = Path(__file__).parents[2] / "docs/benchmarks.md"
        before, _, rest = page.read_text().partition("<!-- rings -->")
        page.write_text(
            f"{before}<!-- rings -->\n{found}\n<!-- /rings -->{rest.partition('<!-- /rings -->')[2]}"
        )


if __name__ == "__main__":
    main()
