"""One election's ballots on disk: many at a time, durable before they are acknowledged, without their order.

What a copy of the files shows depends on which ballots are in them and how many came with each commit, never on which
came first: those that wait are deleted and written anew, sorted by hash, with every commit; a block is written sorted.
SQLite keeps a rollback journal that is cut off after each commit, since a write-ahead log tells the order; deleted
content is overwritten. On PostgreSQL TRUNCATE gives the waiting ones a new file and one transaction number.
"""

from __future__ import annotations

import fcntl
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from sqlalchemy import DDL, bindparam, delete, func, insert, literal, select, union_all

from iocop.elections.box.engines import engine_of, turn_of
from iocop.elections.box.tables import Tables, tables_of
from iocop.elections.sealing.ballots import NO_BALLOT, follow
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from iocop.elections.sealing.ballots import Ballot


_EMPTY = DDL("TRUNCATE TABLE %(fullname)s")  # type: ignore[no-untyped-call]

FOUNDING = 6_300_111
"""Whoever makes tables on PostgreSQL holds this lock."""


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
        self._newest_rows = _newest_rows(self.tables)
        self._waiting_rows = select(self.tables.waiting)
        self._found()

    def _found(self) -> None:
        """Make the tables, unless another process has: the first ballots may reach many at once."""
        with self.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(select(func.pg_advisory_xact_lock(FOUNDING)))
            self.tables.metadata.create_all(connection)
            connection.commit()

    def add(self, ballot: Ballot) -> None:
        """Put a ballot in; when this returns, it is on disk. The same ballot again changes nothing.

        Threads that come while another commits are committed together by the first of them to get through.

        Raises:
            Refused: reason ``superseded``, ``gap`` or ``previous``: another ballot of the key stands there.
            BoxClosed: it came after the last block.
        """
        waiter = _Waiter(ballot)
        with self._queueing:
            self._queue.append(waiter)
        with self._committing:
            if not waiter.done:
                with self._queueing:
                    batch, self._queue = self._queue, []
                self._commit(batch)
        if waiter.error is not None:
            raise waiter.error

    def _commit(self, batch: list[_Waiter]) -> None:
        try:
            with self._writing() as connection:
                self._take(connection, batch)
        except Exception as error:  # noqa: BLE001 -- every thread that waits for this commit is told
            for waiter in batch:
                waiter.error = waiter.error or error
        finally:
            for waiter in batch:
                waiter.done = True

    def _take(self, connection: Connection, batch: list[_Waiter]) -> None:
        if self._closed(connection):
            raise BoxClosed
        waiting = [dict(row) for row in connection.execute(self._waiting_rows).mappings()]
        newest = self._newest(connection, {waiter.ballot.key for waiter in batch})
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
                fresh.append(_row(ballot))
        if fresh:
            self._keep(connection, waiting + fresh)

    def _keep(self, connection: Connection, rows: list[dict[str, Any]], *, last: bool = False) -> None:
        """Write the waiting ones anew, or all of them as a block where there are enough."""
        rows.sort(key=lambda row: row["hash"])
        emptied = connection.dialect.name == "postgresql"
        waiting = self.tables.waiting
        connection.execute(_EMPTY.against(waiting) if emptied else delete(waiting))
        if not rows:
            return
        if last or len(rows) >= self.minimum:
            number = self._last_block(connection) + 1
            connection.execute(insert(self.tables.boxed), [row | {"block": number} for row in rows])
        else:
            connection.execute(insert(self.tables.waiting), rows)

    def close(self) -> None:
        """Make the last block of whatever waits, and take no ballot any more; again: nothing."""
        with self._committing, self._writing() as connection:
            if self._closed(connection):
                return
            rows = [dict(row) for row in connection.execute(self._waiting_rows).mappings()]
            self._keep(connection, rows, last=True)
            connection.execute(insert(self.tables.lid), [{"closed": True}])

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

    def _newest(self, connection: Connection, voters: set[bytes]) -> dict[bytes, tuple[int, bytes]]:
        found: dict[bytes, tuple[int, bytes]] = {}
        for chosen in _portions(sorted(voters), 500):
            for voter, revision, hash_ in connection.execute(self._newest_rows, {"voters": chosen}):
                found[voter] = max(found.get(voter, (0, b"")), (revision, hash_))
        return found

    def _closed(self, connection: Connection) -> bool:
        return connection.execute(select(self.tables.lid)).first() is not None

    def _last_block(self, connection: Connection) -> int:
        last = select(func.coalesce(func.max(self.tables.boxed.c.block), literal(0)))
        return int(connection.execute(last).scalar_one())

    def _writing(self) -> Any:
        return _Writing(self.engine, self._election_id, self._turn)


class _Writing:
    """One write to the box, alone among all processes, from its beginning."""

    def __init__(self, engine: Engine, election_id: int, turn: Path | None) -> None:
        self._engine = engine
        self._election_id = election_id
        self._turn = turn
        self._rest = ExitStack()

    def __enter__(self) -> Connection:
        with ExitStack() as opened:
            if self._turn is not None:
                # SQLite wakes who waits after up to 100 ms; this queue at once, and a killed process leaves it.
                fcntl.flock(opened.enter_context(self._turn.open("ab")), fcntl.LOCK_EX)
            self._connection = opened.enter_context(self._engine.connect())
            if self._turn is not None:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                self._connection.execute(select(func.pg_advisory_xact_lock(self._election_id)))
            self._rest = opened.pop_all()
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._rest:
            if kind is None:
                self._connection.commit()
            else:
                self._connection.rollback()


def _newest_rows(tables: Tables) -> Any:
    """Return what reads the ballots of some keys, written once: to write it anew would cost more than to ask."""
    wanted: Any = bindparam("voters", expanding=True)
    return union_all(
        *(
            select(table.c.voter, table.c.revision, table.c.hash).where(table.c.voter.in_(wanted))
            for table in (tables.boxed, tables.waiting)
        )
    )


def _row(ballot: Ballot) -> dict[str, Any]:
    return {"hash": ballot.hash, "voter": ballot.key, "revision": ballot.revision, "wire": ballot.wire}


def _portions(items: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
