"""The box's two tables: ballots that wait for a block, and those in one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint


@dataclass(frozen=True)
class Tables:
    """`waiting` is written anew, sorted by hash, with every commit; `boxed` grows by whole sorted blocks."""

    metadata: MetaData
    waiting: Table
    boxed: Table
    lid: Table


def tables_of(election_id: int) -> Tables:
    """Name one election's tables. SQLite keeps them without row numbers, which would count the ballots as they came.

    Those that wait have no index but the order they lie in: each would be written anew with them, and whoever writes
    reads them all.
    """
    metadata = MetaData()

    def ballots(name: str, *more: Column[int] | UniqueConstraint | Index) -> Table:
        return Table(
            f"{name}_{election_id}",
            metadata,
            Column("hash", LargeBinary, primary_key=True),
            Column("voter", LargeBinary, nullable=False),
            Column("revision", Integer, nullable=False),
            *more,
            Column("wire", LargeBinary, nullable=False),
            sqlite_with_rowid=False,
        )

    lid = Table(f"lid_{election_id}", metadata, Column("closed", Boolean, primary_key=True))
    boxed = ballots(
        "boxed",
        Column("block", Integer, nullable=False),
        UniqueConstraint("voter", "revision", name=f"uq_boxed_{election_id}"),
        Index(f"ix_boxed_{election_id}_block", "block"),
    )
    return Tables(metadata, ballots("waiting"), boxed, lid)
