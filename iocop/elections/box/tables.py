"""The box's two tables: ballots that wait for a block, and those in one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, Table, UniqueConstraint


@dataclass(frozen=True)
class Tables:
    """`waiting` is written anew, sorted by hash, with every commit; `boxed` grows by whole sorted blocks."""

    metadata: MetaData
    waiting: Table
    boxed: Table
    lid: Table


def tables_of(election_id: int) -> Tables:
    """Name one election's tables. SQLite keeps them without row numbers, which would count the ballots as they came."""
    metadata = MetaData()

    def ballots(name: str, *more: Column[int]) -> Table:
        return Table(
            f"{name}_{election_id}",
            metadata,
            Column("hash", LargeBinary, primary_key=True),
            Column("voter", LargeBinary, nullable=False),
            Column("revision", Integer, nullable=False),
            *more,
            Column("wire", LargeBinary, nullable=False),
            UniqueConstraint("voter", "revision", name=f"uq_{name}_{election_id}"),
            sqlite_with_rowid=False,
        )

    lid = Table(f"lid_{election_id}", metadata, Column("closed", Boolean, primary_key=True))
    return Tables(
        metadata, ballots("waiting"), ballots("boxed", Column("block", Integer, nullable=False)), lid
    )
