"""Versions of things that pages show: a fragment's key carries them, so nothing stale is ever served."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core.db import act, db, is_postgresql
from iocop.core.models import Version

_VERSIONS = select(Version.key, Version.value).where(Version.key.in_(bindparam("keys", expanding=True)))


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
    found = {row.key: row.value for row in db.session.execute(_VERSIONS, {"keys": keys})}
    return tuple(found.get(key, 0) for key in keys)
