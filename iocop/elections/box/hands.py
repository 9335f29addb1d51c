"""What writes into a box, by the drivers themselves: while one writes all others wait, so every statement counts.

A hand has begun a transaction, alone among all processes, looks once, and writes once or not at all. It ends the
transaction with what it writes; one that writes nothing is rolled back when its connection is given back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

Row = tuple[bytes, bytes, int, bytes]
"""Hash, voter's key, revision and wire: they sort by hash."""


class Sight(NamedTuple):
    """What lies in the box.

    Attributes:
        closed: the last block has been made.
        waiting: the ballots that wait for a block.
        boxed: revision and hash of what is in a block of the keys that were asked for, in no order.
    """

    closed: bool
    waiting: list[Row]
    boxed: list[tuple[bytes, int, bytes]]


class Hand(Protocol):
    """A writer of one election's ballots."""

    def __init__(self, connection: Any, election_id: int) -> None:
        """Take a connection of the driver."""

    def begin(self) -> None:
        """Wait until no other process writes, then begin."""

    def look(self, voters: Collection[bytes]) -> Sight:
        """Read what decides about ballots of these keys."""

    def wait(self, rows: Sequence[Row]) -> None:
        """Let exactly these ballots wait, and commit."""

    def box(self, rows: Sequence[Row], *, last: bool) -> None:
        """Make a block of these ballots, let none wait, close the box if it is the last, and commit."""


class FileHand:
    """Writes into an SQLite file."""

    def __init__(self, connection: Any, election_id: int) -> None:
        self._connection = connection
        self._names = {name: f"{name}_{election_id}" for name in ("waiting", "boxed", "lid")}

    def _execute(self, statement: str, *given: Any) -> Any:
        return self._connection.execute(statement.format_map(self._names), given)

    def begin(self) -> None:
        self._execute("BEGIN IMMEDIATE")

    def look(self, voters: Collection[bytes]) -> Sight:
        newest = "SELECT voter, revision, hash FROM {boxed} WHERE voter = ? ORDER BY revision DESC LIMIT 1"
        return Sight(
            self._execute("SELECT 1 FROM {lid}").fetchone() is not None,
            self._execute("SELECT hash, voter, revision, wire FROM {waiting}").fetchall(),
            [row for voter in voters for row in self._execute(newest, voter)],
        )

    def wait(self, rows: Sequence[Row]) -> None:
        self._execute("DELETE FROM {waiting}")
        self._insert("INSERT INTO {waiting} (hash, voter, revision, wire) VALUES (?, ?, ?, ?)", rows)
        self._connection.commit()

    def box(self, rows: Sequence[Row], *, last: bool) -> None:
        self._execute("DELETE FROM {waiting}")
        (number,) = self._execute("SELECT coalesce(max(block), 0) + 1 FROM {boxed}").fetchone()
        insertion = "INSERT INTO {boxed} (block, hash, voter, revision, wire) VALUES (?, ?, ?, ?, ?)"
        self._insert(insertion, [(number, *row) for row in rows])
        if last:
            self._execute("INSERT INTO {lid} (closed) VALUES (1)")
        self._connection.commit()

    def _insert(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        self._connection.executemany(statement.format_map(self._names), rows)


class ServerHand:
    """Writes into PostgreSQL: what needs no answer in between goes there and back once."""

    def __init__(self, connection: Any, election_id: int) -> None:
        self._connection = connection
        self._number = election_id
        self._names = {name: f"{name}_{election_id}" for name in ("waiting", "boxed", "lid")}
        self._names["given"] = "unnest(%b::bytea[], %b::bytea[], %b::int[], %b::bytea[])"

    def _execute(self, statement: str, *given: Any) -> Any:
        return self._connection.execute(statement.format_map(self._names), given, binary=True)

    def begin(self) -> None:
        with self._connection.pipeline():
            self._execute("SELECT pg_advisory_xact_lock(%b::bigint)", self._number)

    def look(self, voters: Collection[bytes]) -> Sight:
        with self._connection.pipeline():
            lid = self._execute("SELECT 1 FROM {lid}")
            waiting = self._execute("SELECT hash, voter, revision, wire FROM {waiting}")
            boxed = self._execute(
                "SELECT voter, revision, hash FROM {boxed} WHERE voter = ANY(%b::bytea[])", list(voters)
            )
        return Sight(lid.fetchone() is not None, waiting.fetchall(), boxed.fetchall())

    def wait(self, rows: Sequence[Row]) -> None:
        with self._connection.pipeline():
            self._execute("TRUNCATE {waiting}")
            insertion = "INSERT INTO {waiting} (hash, voter, revision, wire) SELECT * FROM {given}"
            self._execute(insertion, *_columns(rows))
            self._connection.commit()

    def box(self, rows: Sequence[Row], *, last: bool) -> None:
        with self._connection.pipeline():
            self._execute("TRUNCATE {waiting}")
            self._execute(
                "INSERT INTO {boxed} (hash, voter, revision, wire, block)"
                " SELECT *, (SELECT coalesce(max(block), 0) + 1 FROM {boxed}) FROM {given}",
                *_columns(rows),
            )
            if last:
                self._execute("INSERT INTO {lid} (closed) VALUES (true)")
            self._connection.commit()


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(4)]
