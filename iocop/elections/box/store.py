"""One election's ballots on disk: many at a time, durable before they are acknowledged, without their order.

What a copy of the files shows depends on which ballots are in them and how many came with each commit, never on which
came first: those that wait are deleted and written anew, sorted by hash, with every commit; a block is written sorted.
SQLite keeps a rollback journal that is cut off after each commit, since a write-ahead log tells the order; deleted
content is overwritten. On PostgreSQL TRUNCATE gives the waiting ones a new file and one transaction number.
"""

from __future__ import annotations

import fcntl
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select

from iocop.elections.box.engines import engine_of, turn_of
from iocop.elections.box.founding import found
from iocop.elections.box.hands import FileHand, ServerHand
from iocop.elections.box.tables import Tables, tables_of
from iocop.elections.sealing.ballots import NO_BALLOT, follow
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from iocop.elections.box.hands import Hand, Row, Sight
    from iocop.elections.sealing.ballots import Ballot


class BoxClosed(Exception):
    """The last block has been made."""


class _Waiter:
    """One ballot on its way: whether its commit is done, and what refused it."""

    __slots__ = ("ballot", "done", "error")

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot
        self.done = False
        self.error: Exception | None = None


class Box:
    """The ballots of one election.

    Args:
        address: a folder (one SQLite file an election) or a PostgreSQL address.
        minimum: how many ballots a block holds at least, until the last one.
    """

    def __init__(self, address: str, election_id: int, minimum: int) -> None:
        self.minimum = minimum
        self._election_id = election_id
        self.tables: Tables = tables_of(election_id)
        self.engine: Engine = engine_of(address, election_id)
        self._queue: list[_Waiter] = []
        self._queueing = threading.Lock()
        self._committing = threading.Lock()
        self._turn = turn_of(address, election_id)
        self._hand: type[Hand] = FileHand if self._turn else ServerHand
        found(self.engine, self.tables)

    def add(self, ballot: Ballot) -> None:
        """Put a ballot in; when this returns, it is on disk. The same ballot again changes nothing.

        Threads that come while another process commits, or another thread of this one, are committed together by the
        first of them to get through.

        Raises:
            Refused: reason ``superseded``, ``gap`` or ``previous``: another ballot of the key stands there.
            BoxClosed: it came after the last block.
        """
        waiter = _Waiter(ballot)
        with self._queueing:
            self._queue.append(waiter)
        with self._committing:
            if not waiter.done:
                self._commit()
        if waiter.error is not None:
            raise waiter.error

    def _queued(self) -> list[_Waiter]:
        """Take all that came until now."""
        with self._queueing:
            batch, self._queue = self._queue, []
        return batch

    def _commit(self) -> None:
        batch: list[_Waiter] = []
        try:
            with self._writing() as hand:
                batch = self._queued()
                self._take(hand, batch)
        except Exception as error:  # noqa: BLE001 -- every thread that waits for this commit is told
            batch = batch or self._queued()
            for waiter in batch:
                waiter.error = waiter.error or error
        finally:
            for waiter in batch:
                waiter.done = True

    def _take(self, hand: Hand, batch: list[_Waiter]) -> None:
        sight = hand.look({waiter.ballot.key for waiter in batch})
        if sight.closed:
            raise BoxClosed
        newest = _newest(sight)
        fresh = []
        for waiter in batch:
            ballot = waiter.ballot
            revision, last = newest.get(ballot.key, (0, NO_BALLOT))
            if ballot.hash == last:
                continue
            try:
                follow(ballot, revision, last)
            except Refused as error:
                waiter.error = error
            else:
                newest[ballot.key] = (ballot.revision, ballot.hash)
                fresh.append((ballot.hash, ballot.key, ballot.revision, ballot.wire))
        if fresh:
            self._keep(hand, sorted(sight.waiting + fresh))

    def _keep(self, hand: Hand, rows: list[Row]) -> None:
        """Write the waiting ones anew, or all of them as a block where there are enough."""
        if len(rows) >= self.minimum:
            hand.box(rows, last=False)
        else:
            hand.wait(rows)

    def close(self) -> None:
        """Make the last block of whatever waits, and take no ballot any more; again: nothing."""
        with self._committing, self._writing() as hand:
            sight = hand.look(())
            if not sight.closed:
                hand.box(sorted(sight.waiting), last=True)

    def newest_of(self, voter: bytes) -> tuple[int, bytes] | None:
        """Return revision and wire of a key's newest ballot, boxed or waiting."""
        with self.engine.connect() as connection:
            found = None
            for table in (self.tables.boxed, self.tables.waiting):
                of_key = (
                    select(table).where(table.c.voter == voter).order_by(table.c.revision.desc()).limit(1)
                )
                found = connection.execute(of_key).one_or_none() or found
        return (found.revision, found.wire) if found else None

    def count(self) -> int:
        """Return how many ballots came, superseded ones and those that wait included."""
        with self.engine.connect() as connection:
            counted = select(
                *(
                    select(func.count()).select_from(table).scalar_subquery()
                    for table in (self.tables.boxed, self.tables.waiting)
                )
            )
            return sum(connection.execute(counted).one())

    def block_numbers(self) -> int:
        """Return how many blocks there are."""
        with self.engine.connect() as connection:
            return self._last_block(connection)

    def block(self, number: int) -> list[bytes]:
        """Return a block's ballot hashes, sorted; none: there is no such block."""
        boxed = self.tables.boxed.c
        with self.engine.connect() as connection:
            return list(
                connection.scalars(select(boxed.hash).where(boxed.block == number).order_by(boxed.hash))
            )

    def wires(self) -> Iterator[bytes]:
        """Give the boxed ballots in the order of the blocks."""
        boxed = self.tables.boxed.c
        with self.engine.connect() as connection:
            yield from connection.execution_options(yield_per=1000).scalars(
                select(boxed.wire).order_by(boxed.block, boxed.hash)
            )

    def _last_block(self, connection: Connection) -> int:
        last = select(func.coalesce(func.max(self.tables.boxed.c.block), literal(0)))
        return int(connection.execute(last).scalar_one())

    @contextmanager
    def _writing(self) -> Iterator[Hand]:
        """Write to the box, alone among all processes; what the body leaves unfinished is rolled back."""
        with ExitStack() as opened:
            if self._turn is not None:
                # SQLite wakes who waits after up to 100 ms; this queue at once, and a killed process leaves it.
                fcntl.flock(opened.enter_context(self._turn.open("ab")), fcntl.LOCK_EX)
            lent = self.engine.raw_connection()
            opened.callback(lent.close)
            hand = self._hand(lent.driver_connection, self._election_id)
            hand.begin()
            yield hand


def _newest(sight: Sight) -> dict[bytes, tuple[int, bytes]]:
    """Return revision and hash of the newest ballot of each key, boxed or waiting."""
    newest: dict[bytes, tuple[int, bytes]] = {}
    for voter, revision, hash_ in [*sight.boxed, *((row[1], row[2], row[0]) for row in sight.waiting)]:
        newest[voter] = max(newest.get(voter, (0, b"")), (revision, hash_))
    return newest
