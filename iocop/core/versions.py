"""Versions of things that pages show: a fragment's key carries them, so nothing stale is ever served."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core.db import act, db, is_postgresql, placed, places
from iocop.core.models import Version

if TYPE_CHECKING:
    from sqlalchemy import Insert, Select


@cache
def _statement(count: int) -> Select[str, int]:
    """Return the statement for so many keys, made once: this is all that a kept page costs."""
    table = Version.__table__
    return select(table.c.key, table.c.value).where(table.c.key.in_(places(count)))


@cache
def _bumping(for_postgresql: bool) -> Insert:
    """Return what raises one version, made once: nearly every act bumps several."""
    table = Version.__table__
    insert = (postgresql.insert if for_postgresql else sqlite.insert)(table)  # type: ignore[arg-type]
    return insert.on_conflict_do_update(index_elements=["key"], set_={"value": table.c.value + 1})


def bump(*keys: str) -> None:
    """Say, inside the changing act, that these things look different now."""
    with act() as session:
        session.flush()
        connection, statement = session.connection(), _bumping(is_postgresql())
        for key in sorted(keys):  # one order everywhere: two acts never wait for each other
            connection.execute(statement, {"key": key, "value": 1})


def versions(*keys: str) -> tuple[int, ...]:
    """Return the versions of things in one statement; 0 for one that never changed."""
    given = placed(keys)
    if db.session.registry.has() and db.session().in_transaction():
        rows = db.session.connection().execute(_statement(len(keys)), given).all()
    else:  # a kept page needs no session
        with db.engine.connect() as connection:
            rows = connection.execute(_statement(len(keys)), given).all()
    found = {row[0]: row[1] for row in rows}
    return tuple(found.get(key, 0) for key in keys)
