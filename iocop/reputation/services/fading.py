"""Standing fades by itself: each night what is kept of it is made anew, and the ladders look at it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select, tuple_, update

from iocop.core import clock
from iocop.reputation.fading import standing
from iocop.reputation.models import Balance, DayBalance
from iocop.reputation.queries.levels import Place
from iocop.reputation.services.laddering import look_at
from iocop.reputation.services.ledger import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

AT_ONCE: Final = 200
"""Balances that one act fades: so long nobody else earns anything."""

_FADE: Final = (
    update(Balance)
    .where(Balance.member_id == bindparam("member"), Balance.domain_id == bindparam("domain"))
    .values(standing_mp=bindparam("left"), standing_on=bindparam("today"))
)


def fade_some(after: Place | None = None) -> Place | None:
    """Fade the next balances and bring their rungs up to now; return the last of them, None when all are done.

    Args:
        after: what the call before returned.
    """
    today = clock.now().date()
    with writing() as ledger:  # nobody else moves a balance until the act is over
        session = ledger.session
        places = _next(session, after)
        if not places:
            return None
        rows = [
            {
                "member": place.member_id,
                "domain": place.domain_id,
                "left": standing(buckets, today),
                "today": today,
            }
            for place, buckets in _buckets(session, places).items()
        ]
        session.connection().execute(_FADE, rows)
        look_at(places)
    return places[-1]


def _next(session: Session, after: Place | None) -> list[Place]:
    """Return the next balances by their keys."""
    key = tuple_(Balance.member_id, Balance.domain_id)
    rows = select(Balance.member_id, Balance.domain_id).order_by(*key).limit(AT_ONCE)
    if after is not None:
        rows = rows.where(key > tuple_(*after))
    return [Place(*row) for row in session.execute(rows)]


def _buckets(session: Session, places: Sequence[Place]) -> dict[Place, dict[date, int]]:
    found: dict[Place, dict[date, int]] = {place: defaultdict(int) for place in places}
    rows = session.execute(
        select(DayBalance.member_id, DayBalance.domain_id, DayBalance.day, DayBalance.settled_mp).where(
            tuple_(DayBalance.member_id, DayBalance.domain_id).in_(places)
        )
    )
    for member_id, domain_id, day, settled in rows:
        found[Place(member_id, domain_id)][day] += settled
    return found
