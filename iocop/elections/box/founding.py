"""How one election's tables are made: the first ballots may reach many processes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from iocop.elections.box.tables import Tables

FOUNDING = 6_300_111
"""Whoever makes tables on PostgreSQL holds this lock."""

_PLAIN = "ADD COLUMN {} bytea NOT NULL, ALTER COLUMN {} SET STORAGE PLAIN"


def found(engine: Engine, tables: Tables) -> None:
    """Make the tables, unless another process has."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(FOUNDING)))
            _found_waiting(connection, tables.waiting.name)
        tables.metadata.create_all(connection)
        connection.commit()


def _found_waiting(connection: Connection, name: str) -> None:
    """Make the waiting ones' table of PostgreSQL with one file instead of five: each is made anew with every commit.

    A column that is told of its storage in the statement that adds it gets no table for long values. A row has room
    for 8 KB; a ballot of 15 officers, the most an election has, is 2 KB.
    """
    if inspect(connection).has_table(name):
        return
    columns = [_PLAIN.format(column, column) for column in ("hash", "voter", "wire")]
    columns.insert(2, "ADD COLUMN revision integer NOT NULL")
    connection.execute(text(f"CREATE TABLE {name} ()"))
    connection.execute(text(f"ALTER TABLE {name} {', '.join(columns)}"))
