"""How a box's own database is opened: an SQLite file that forgets what it overwrote, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

from iocop.core.db import Unprepared
from iocop.elections.box.tables import tables_of

PAGE = 65_536
"""Bytes of an SQLite page: a ballot never overflows into pages of its own, whose numbers would tell the order."""
PATIENCE_S = 20
"""How long a commit waits for another process's."""
DURABLE = f"-c synchronous_commit=on -c lock_timeout={PATIENCE_S * 1000}"
"""A ballot is acknowledged once it is on disk, whatever the cluster's own setting."""


def engine_of(address: str, election_id: int) -> Engine:
    """Open the database of one election's ballots.

    Args:
        address: a folder, for one file an election, or a PostgreSQL address, for two tables an election.
    """
    if address.startswith("postgresql"):
        return create_engine(
            make_url(address).set(drivername="postgresql+psycopg"),
            connect_args={"options": DURABLE},
            pool_pre_ping=True,
            hide_parameters=True,
        )
    folder = Path(address)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        f"sqlite:///{file_of(address, election_id)}",
        connect_args={
            "timeout": PATIENCE_S,
            "check_same_thread": False,
            "isolation_level": None,
            "factory": Unprepared,  # a write-ahead log would tell the order
        },
        hide_parameters=True,
    )
    event.listen(engine, "connect", _settle)
    return engine


def file_of(folder: str, election_id: int) -> Path:
    return Path(folder) / f"election-{election_id}.sqlite"


def turn_of(address: str, election_id: int) -> Path | None:
    """Return the file whose lock a writer holds, where the database itself lets those who wait sleep instead of queue."""
    return None if address.startswith("postgresql") else Path(address) / f"election-{election_id}.turn"


def _settle(connection: Any, _: object) -> None:
    for setting in (
        f"page_size = {PAGE}",
        "journal_mode = TRUNCATE",
        "synchronous = FULL",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {setting}")


def destroy(address: str, election_id: int) -> None:
    """Delete the ballots of a voided election; nothing, where there are none."""
    if address.startswith("postgresql"):
        engine = engine_of(address, election_id)
        tables_of(election_id).metadata.drop_all(engine)
        engine.dispose()
    else:
        file_of(address, election_id).unlink(missing_ok=True)
