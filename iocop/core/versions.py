"""Versions of things that pages show: a fragment's key carries them, so nothing stale is ever served."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.core.db import act, acting, as_the_last, db, is_postgresql, kept_in_act, placed, places
from iocop.core.models import Version

if TYPE_CHECKING:
    from sqlalchemy import Insert, Select

BUMPED: Final = "versions bumped"


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
    """Say, inside the changing act, that these things look different now; it is written as the last of the act."""
    with act():
        kept = kept_in_act()
        if BUMPED not in kept:
            kept[BUMPED] = set[str]()
            as_the_last(_write_bumped)
        kept[BUMPED].update(keys)


def _write_bumped() -> None:
    bumped = kept_in_act()[BUMPED]
    if bumped:
        session = db.session()
        session.flush()
        # one order everywhere: two acts never wait for each other
        raised = [{"key": key, "value": 1} for key in sorted(bumped)]
        session.connection().execute(_bumping(is_postgresql()), raised)
        bumped.clear()


def versions(*keys: str) -> tuple[int, ...]:
    """Return the versions of things in one statement; 0 for one that never changed."""
    given = placed(keys)
    if db.session.registry.has() and db.session().in_transaction():
        if acting() and BUMPED in kept_in_act():
            _write_bumped()  # an act reads what it wrote
        rows = db.session.connection().execute(_statement(len(keys)), given).all()
    else:  # a kept page needs no session
        with db.engine.connect() as connection:
            rows = connection.execute(_statement(len(keys)), given).all()
    found = {row[0]: row[1] for row in rows}
    return tuple(found.get(key, 0) for key in keys)
