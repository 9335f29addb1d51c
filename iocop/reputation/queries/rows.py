"""The ledger's rows as `book` takes them, in the order they were entered."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, bindparam, cast, func, select, text
from sqlalchemy.types import TypeDecorator

from iocop.core.db import db, is_postgresql, read
from iocop.reputation.book import WINDOW, Worth
from iocop.reputation.chains import Chains
from iocop.reputation.entries import Entry, Settled
from iocop.reputation.models import LedgerRow, RuleVersion, Settlement
from iocop.reputation.rules import ENDORSING, POINT, RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Dialect
    from sqlalchemy.orm import Session

    from iocop.reputation.chains import Chain


def is_sealed(row: type[LedgerRow]) -> ColumnElement[bool]:
    """Return the condition that a row is about what its member gave without their name."""
    sealed: ColumnElement[bool] = row.factors["sealed"].as_boolean().is_(True)
    return sealed


@lru_cache(maxsize=16_384)
def _read_factors(written: str) -> Mapping[str, Any]:
    """Return factors as they are written; the same few are met again and again."""
    factors: Mapping[str, Any] = json.loads(written)
    return factors


class _Factors(TypeDecorator["Mapping[str, Any]"]):
    """Factors that are only read, and shared by all rows that have them."""

    impl = Text
    cache_ok = True

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[Any], Mapping[str, Any]]:
        return _read_factors


ENTRIES = select(
    *(
        cast(LedgerRow.factors, _Factors) if name == "factors" else getattr(LedgerRow, name)
        for name in Entry._fields
    )
)
SETTLEMENTS = select(*(getattr(Settlement, name) for name in Settled._fields))

_ENTRIES_OF = ENTRIES.where(
    LedgerRow.member_id == bindparam("member"), LedgerRow.id >= bindparam("since")
).order_by(LedgerRow.id)
_SETTLEMENTS_OF = SETTLEMENTS.where(
    Settlement.member_id == bindparam("member"), Settlement.because_id >= bindparam("since")
).order_by(Settlement.id)
_BETWEEN = ENTRIES.where(
    LedgerRow.member_id == bindparam("member"), LedgerRow.actor_id == bindparam("actor")
).order_by(LedgerRow.id)


def entries_of(member_id: int, since: int = 0) -> list[Entry]:
    """Return a member's rows, from one of them on."""
    return [Entry._make(row) for row in read(_ENTRIES_OF, {"member": member_id, "since": since}).all()]


def settlements_of(member_id: int, since: int = 0) -> list[Settled]:
    """Return what settled of them, by which row from one on."""
    return [Settled._make(row) for row in read(_SETTLEMENTS_OF, {"member": member_id, "since": since}).all()]


def mutual(member_id: int, actor_id: int, at: datetime) -> int:
    """Return how many endorsements of signed things stand that a member gave an actor in the 180 days before a moment."""
    chains = Chains()
    for row in read(_BETWEEN, {"member": actor_id, "actor": member_id}).all():
        chains.enter(Entry._make(row))
    return sum(chains.endorsements(member_id, rule, at - WINDOW) for rule in ENDORSING)


def worth(rule: str, at: datetime) -> Worth:
    """Return a rule as it was in force at a moment."""
    found = db.session.execute(
        select(RuleVersion.version, RuleVersion.base_mp)
        .where(RuleVersion.rule == rule, RuleVersion.since <= at)
        .order_by(RuleVersion.since.desc())
        .limit(1)
    ).first()
    return Worth(found.version, found.base_mp) if found else Worth(1, RULES[rule].points * POINT)


def members_with(session: Session, source_id: int, rule: str = "", actor_id: int | None = None) -> list[int]:
    """Return who has rows about a contribution, of one rule and one actor where they are given."""
    rows = select(LedgerRow.member_id).where(LedgerRow.source_id == source_id).distinct()
    if rule:
        rows = rows.where(LedgerRow.rule == rule)
    if actor_id is not None:
        rows = rows.where(LedgerRow.actor_id == actor_id)
    return list(session.scalars(rows.order_by(LedgerRow.member_id)))


def firsts(session: Session, chains: Iterable[Chain]) -> list[LedgerRow]:
    """Return the rows some chains begin with."""
    ids = [chain.first.id for chain in chains]
    return list(session.scalars(select(LedgerRow).where(LedgerRow.id.in_(ids)))) if ids else []


def newest_id(session: Session) -> int:
    return session.scalar(select(func.max(LedgerRow.id))) or 0


def catch_up(session: Session) -> None:
    """Have PostgreSQL's sequence go on behind rows that were given their ids."""
    if is_postgresql():
        behind = "select setval(pg_get_serial_sequence('ledger', 'id'), (select max(id) from ledger))"
        session.execute(text(behind))
