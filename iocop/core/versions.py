"""Versions of things that pages show: a fragment's key carries them, so nothing stale is ever served."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core.db import act, db, is_postgresql, placed, places
from iocop.core.models import Version

if TYPE_CHECKING:
    from sqlalchemy import Select


@cache
def _statement(count: int) -> Select[str, int]:
    """Return the statement for so many keys, made once: this is all that a kept page costs."""
    table = Version.__table__
    return select(table.c.key, table.c.value).where(table.c.key.in_(places(count)))


def bump(*keys: str) -> None:
    """Say, inside the changing act, that these things look different now."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    with act() as session:
        for key in sorted(keys):  # one order everywhere: two acts never wait for each other
            statement = insert(Version).values(key=key, value=1)
            session.execute(
                statement.on_conflict_do_update(index_elements=["key"], set_={"value": Version.value + 1})
            )


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
