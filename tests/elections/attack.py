"""The attack script: given everything on disk, all logs and the officers' keys, whose ballot is which?

The voters cast at once, in the order of the roll, as an attacker would wish. The attacker knows in which order tokens
were issued (the register is public) and tries every order that can be read from what is stored: where a ballot's bytes
stand in any file, the order in which tables give their rows, transaction numbers, events, mails, log lines. The mails
that tell members of their tokens put the voters in another order, which the attacker tries as well.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from sqlalchemy import select, text

from iocop.core.db import db
from iocop.core.models import MailRow
from iocop.elections.models import RollEntry, TokenIssue
from iocop.elections.services import boxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.elections.held import Held

Order = list[bytes]
"""Ballot hashes in an order somebody might have cast them in."""


def orders(held: Held, folders: Sequence[Path], logs: str) -> Iterator[tuple[str, Order]]:
    """Give every order of ballots that what is stored suggests, each with where it was found."""
    box = boxes.box_of(held.freeze)
    blocks = [box.block(number) for number in range(1, box.block_numbers() + 1)]
    wires = dict(zip((one for block in blocks for one in block), box.wires(), strict=True))
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield f"bytes of {file.name}", _by_place(wires, _content(file))
    yield "log lines", _by_place(wires, logs.encode())
    yield from _tables(held)


def _content(file: Path) -> bytes:
    """Read a file in another process: were SQLite's closed in this one, all its locks on them would go."""
    return subprocess.run(["cat", file], check=True, capture_output=True).stdout


def _by_place(wires: Mapping[bytes, bytes], content: bytes) -> Order:
    """Order ballots by where their bytes stand; those whose newest copy is not there, not at all."""
    places = {}
    for hash_, wire in wires.items():
        found = [content.rfind(part) for part in (wire[-64:], hash_, hash_.hex().encode(), wire[34:66])]
        if max(found) >= 0:
            places[hash_] = max(found)
    return sorted(places, key=places.__getitem__)


def _tables(held: Held) -> Iterator[tuple[str, Order]]:
    box = boxes.box_of(held.freeze)
    named = [box.tables.boxed.name, box.tables.waiting.name]
    keys = ["block"] if box.engine.dialect.name == "sqlite" else ["xmin::text::bigint", "ctid"]
    with box.engine.connect() as connection:
        for name in named:
            yield (
                f"rows of {name}",
                [bytes(row.hash) for row in connection.execute(text(f"select hash from {name}"))],
            )
            for key in keys if name == named[0] else ():
                rows = connection.execute(text(f"select hash from {name} order by {key}"))
                yield f"{name} by {key}", [bytes(row.hash) for row in rows]
    for table in ("event", "audit", "mail"):
        found = db.session.execute(text(f"select * from {table}")).all()
        content = "\n".join(map(str, found)).encode()
        yield f"rows of {table}", _by_place(dict(_all(held)), content)


def _all(held: Held) -> list[tuple[bytes, bytes]]:
    box = boxes.box_of(held.freeze)
    hashes = [one for number in range(1, box.block_numbers() + 1) for one in box.block(number)]
    return list(zip(hashes, box.wires(), strict=True))


def queues(held: Held, ballots: Mapping[int, bytes]) -> Iterator[tuple[str, Order]]:
    """Give every order of voters that is stored, each voter as the own ballot: of the register, and of the mails.

    Args:
        ballots: of each member, which the attacker would like to know.
    """
    issues = (
        select(RollEntry.member_id)
        .join(TokenIssue, TokenIssue.entry_id == RollEntry.id)
        .where(TokenIssue.election_id == held.id)
        .order_by(TokenIssue.number)
    )
    yield "the register", [ballots[member] for member in db.session.scalars(issues) if member is not None]
    told = select(MailRow.recipient_id).where(MailRow.event_key == f"token:{held.id}")
    for column in (MailRow.id, MailRow.due_at, MailRow.message_id):
        yield f"mails by {column.key}", [ballots[one] for one in db.session.scalars(told.order_by(column))]


def hits(held: Held, order: Order, register: Sequence[bytes], queue: Sequence[bytes] = ()) -> int:
    """Return how many voters an order links to their ballots, block by block.

    Args:
        register: the ballots in the order their voters took tokens, which tells who is in a block.
        queue: another order of the voters within their blocks; none: the register's.
    """
    box = boxes.box_of(held.freeze)
    linked = 0
    start = 0
    for number in range(1, box.block_numbers() + 1):
        members = set(box.block(number))
        guessed = [one for one in order if one in members]
        there = register[start : start + len(members)]
        people = [one for one in queue if one in there] or there
        linked += sum(a == b for a, b in zip(guessed, people, strict=False))
        start += len(members)
    return linked
