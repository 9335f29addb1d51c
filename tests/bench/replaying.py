"""How long `iocop reputation replay --check` takes on a large ledger.

    python -m tests.bench.replaying [ROWS] [--database URL]

makes ROWS (1,000,000) rows of 5,000 members through the books, writes them past every service into an empty site, and
measures the CPU of a replay of all of them. The bar is 60 s a million rows.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from iocop import create_app
from iocop.contributions.models import Contribution
from iocop.core import clock, migrations
from iocop.core.db import Model, db, is_postgresql
from iocop.core.settings import Settings
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.organizations.models import Organization
from iocop.reputation.book import Act, Book, Tie, Worth
from iocop.reputation.fading import standing
from iocop.reputation.models import Balance, CommunityDay, DayBalance, LedgerRow, Settlement
from iocop.reputation.rules import POINT, RULES
from iocop.reputation.services import replaying
from iocop.reputation.settling import caps
from iocop.reputation.shelf import Shelf
from tests.forums.factories import make_space

BAR = 60.0
MEMBERS, ORGANIZATIONS, DOMAINS, DAYS = 5_000, 300, 20, 1_095
BEGAN = datetime(2023, 1, 1, tzinfo=UTC)
KINDS = {"answer_endorsed": 85, "answer_accepted": 10, "article_endorsed": 5}
A_SOURCE = 4
"""Acts about each thing."""
WITHDRAWN = 0.03


def history(rows: int) -> Shelf:
    """Return books with about so many rows: of few members many, over three years."""
    rng = random.Random(5)  # the same in every run
    shelf = Shelf(lambda _day: caps(ORGANIZATIONS, MEMBERS))
    worths = {rule: Worth(1, RULES[rule].points * POINT) for rule in KINDS}
    acts = int(rows / (1.2 + WITHDRAWN))
    members = rng.choices(range(1, MEMBERS + 1), [1 / (1 + n) ** 0.7 for n in range(MEMBERS)], k=acts)
    rules = rng.choices(list(KINDS), list(KINDS.values()), k=acts)
    moments = sorted(rng.random() for _ in range(acts))
    levels = {domain: domain % 3 for domain in range(1, DOMAINS + 1)}
    for number, (member, rule, moment) in enumerate(zip(members, rules, moments, strict=True)):
        at = BEGAN + timedelta(days=DAYS * moment)
        actor = rng.randrange(1, MEMBERS + 1)
        domain = (member + rng.choice((0, 0, 0, 1, 2))) % DOMAINS + 1
        domains = (domain, domain % DOMAINS + 1) if rng.random() < 0.2 else (domain,)
        # three of a member's things are talked of at a time
        source = member + MEMBERS * int(moment * rows / A_SOURCE / MEMBERS * rng.choice((1, 0.99)))
        shelf.record(Act(rule, member, domains, source, actor, _tie(actor, member), at), worths[rule], levels)
        if rng.random() < WITHDRAWN:
            book = shelf.book(member)
            book.reverse(book.chains.of_act(rule, source, actor, ""), "withdrawn", at)
        if number % 50_000 == 0:
            print(f"{number} acts", flush=True)  # noqa: T201
    return shelf


def _tie(actor: int, member: int) -> Tie:
    group = actor % ORGANIZATIONS + 1 if actor % 10 else None
    if group is None:
        return Tie("unproved")
    own = member % ORGANIZATIONS + 1
    return Tie("together" if group == own else "apart", group, group, own)


def write(shelf: Shelf) -> int:
    """Write the books and what they rest on; return the number of rows."""
    space_id = make_space().id
    books = list(shelf)
    sources = {entry.source_id for book in books for entry in book.entered}
    with db.engine.begin() as connection:
        if is_postgresql():
            connection.exec_driver_sql("set local session_replication_role = replica")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        for model, rows in _all(books, sources, space_id):
            batch: list[dict[str, Any]] = []
            for row in rows:
                batch.append(row)
                if len(batch) == 5_000:
                    connection.execute(insert(model), batch)
                    batch = []
            if batch:
                connection.execute(insert(model), batch)
    return sum(len(book.entered) for book in books)


def _all(
    books: list[Book], sources: set[int], space_id: int
) -> Iterator[tuple[type[Model], Iterator[dict[str, Any]]]]:
    now = clock.now()
    yield Member, (_member(number) for number in range(1, MEMBERS + 1))
    yield (
        Organization,
        (
            {
                "id": n,
                "slug": f"o{n}",
                "name": f"O {n}",
                "folded": f"o {n}",
                "type": "firm",
                "created_at": now,
            }
            for n in range(1, ORGANIZATIONS + 1)
        ),
    )
    yield Domain, ({"id": n, "slug": f"d{n}", "name": f"D {n}"} for n in range(1, DOMAINS + 1))
    yield Contribution, (_thing(number, space_id) for number in sorted(sources))
    yield CommunityDay, (_day(BEGAN.date() + timedelta(days=number)) for number in range(DAYS + 1))
    yield LedgerRow, (row._asdict() for book in books for row in book.entered)
    yield Settlement, (row._asdict() for book in books for row in book.settled)
    yield Balance, (row for book in books for row in _balances(book, now.date()))
    yield (
        DayBalance,
        (
            {"member_id": book.member_id, "domain_id": domain_id, "day": day, "settled_mp": points}
            for book in books
            for domain_id, account in book.accounts.items()
            for day, points in account.standing_days.items()
        ),
    )


def _member(number: int) -> dict[str, Any]:
    moments = {"joined_at": BEGAN, "reviewed_at": BEGAN}
    return {"id": number, "number": number, "name": f"M {number}", "handle": f"m{number}"} | moments


def _thing(number: int, space_id: int) -> dict[str, Any]:
    return {
        "id": number, "kind": "answer", "author_id": (number - 1) % MEMBERS + 1, "space_id": space_id,
        "submission_key": f"k{number}", "created_at": BEGAN,
    }  # fmt: skip


def _day(day: date) -> dict[str, Any]:
    return {"day": day, "organizations": ORGANIZATIONS, "people": MEMBERS}


def _balances(book: Book, today: date) -> Iterator[dict[str, Any]]:
    for domain_id, account in book.accounts.items():
        yield {
            "member_id": book.member_id, "domain_id": domain_id, "earned_mp": account.earned_mp,
            "settled_mp": account.settled_mp, "organizations": account.organizations,
            "participation": account.participation, "standing_on": today,
            "standing_mp": standing(account.standing_days, today),
        }  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("rows", type=int, nargs="?", default=1_000_000)
    arguments.add_argument("--database", default="")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=given.database, log_level="ERROR")
        app = create_app(settings, TESTING=True)
        with app.app_context():
            migrations.upgrade()
            began = time.process_time()
            shelf = history(given.rows)
            made = time.process_time() - began
            rows = write(shelf)
            settled = sum(len(book.settled) for book in shelf)
            del shelf
            print(f"{rows} rows, {settled} settlements, entered in {made:.1f} s of CPU")  # noqa: T201
            began, walled = time.process_time(), time.monotonic()
            found = [each for step in replaying.replay(check=True) for each in step.found]
            spent, waited = time.process_time() - began, time.monotonic() - walled
    words = f"replayed in {spent:.1f} s of CPU, {waited:.1f} s in all (bar {BAR * rows / 1e6:.1f})"
    print(f"{words}; {len(found)} differences {found[:3]}")  # noqa: T201


if __name__ == "__main__":
    main()
