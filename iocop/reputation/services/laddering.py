"""Members step up a ladder at once, to level 3 after two people have looked, and down slowly, after a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, tuple_

from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.reputation.events import LevelLowered, LevelNoticed, LevelReached
from iocop.reputation.ladder import Evidence, Standing, Step, level_of, next_step
from iocop.reputation.models import Rung, RungChange
from iocop.reputation.queries.levels import Place, active_organizations, evidence_of
from iocop.reputation.services.candidates import held_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

_NOTHING: Final = Evidence()


def look(member_id: int, domain_id: int) -> None:
    """Bring a member's rung in a domain to what its conditions say now: up at once; down, and told, as time allows."""
    look_at([Place(member_id, domain_id)])


def look_at(places: Sequence[Place]) -> None:
    """Do the same in several places, in one act and in two statements where nothing moves."""
    with act() as session:
        session.flush()
        active, now = active_organizations(), clock.now()
        shown = evidence_of(places, locked=True)
        rungs = _rungs(session, places)
        levels = {place: level_of(shown.get(place, _NOTHING), active) for place in places}
        for place, level_now in held_back(levels, rungs, shown, now).items():
            evidence = shown.get(place, _NOTHING)
            rung = rungs.get(place)
            stands = Standing() if rung is None else Standing(rung.level, rung.noticed_at, rung.lowered_at)
            step = next_step(stands, level_now, now)
            if step is not Step.STAY:
                _TAKE[step](rung or _begun(session, place, now), level_now, evidence, now)


def _rungs(session: Session, places: Sequence[Place]) -> dict[Place, Rung]:
    rows = session.scalars(
        select(Rung)
        .where(tuple_(Rung.member_id, Rung.domain_id).in_(places))
        .execution_options(populate_existing=True)
    )
    return {Place(row.member_id, row.domain_id): row for row in rows}


def _begun(session: Session, place: Place, now: datetime) -> Rung:
    rung = Rung(member_id=place.member_id, domain_id=place.domain_id, level=0, highest=0, since=now)
    session.add(rung)
    return rung


def _rise(rung: Rung, level_now: int, evidence: Evidence, now: datetime) -> None:
    _write(rung, level_now, "reached", evidence, now)
    emit(LevelReached(None, member_id=rung.member_id, domain_id=rung.domain_id, level=level_now))


def _lower(rung: Rung, _level_now: int, evidence: Evidence, now: datetime) -> None:
    _write(rung, rung.level - 1, "lowered", evidence, now)
    rung.lowered_at = now
    emit(LevelLowered(None, member_id=rung.member_id, domain_id=rung.domain_id, level=rung.level))


def _write(rung: Rung, level: int, why: str, evidence: Evidence, now: datetime) -> None:
    with act() as session:
        session.add(
            RungChange(
                member_id=rung.member_id, domain_id=rung.domain_id, at=now, old=rung.level, new=level, why=why,
                evidence=evidence._asdict(),
            )
        )  # fmt: skip
        rung.level, rung.since, rung.noticed_at = level, now, None
        rung.highest = max(rung.highest, level)


def _notice(rung: Rung, _level_now: int, _evidence: Evidence, now: datetime) -> None:
    rung.noticed_at = now
    emit(LevelNoticed(None, member_id=rung.member_id, domain_id=rung.domain_id, level=rung.level))


def _clear(rung: Rung, _level_now: int, _evidence: Evidence, _now: datetime) -> None:
    rung.noticed_at = None


_TAKE: Final[dict[Step, Callable[[Rung, int, Evidence, datetime], None]]] = {
    Step.RISE: _rise,
    Step.NOTICE: _notice,
    Step.CLEAR: _clear,
    Step.LOWER: _lower,
}
