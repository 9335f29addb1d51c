"""A casual vacancy: the papers of the earlier election, counted again without whoever left."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.elections import tallying
from iocop.elections.counting import countback
from iocop.elections.counting.capping import Cap
from iocop.elections.models import Election, Nomination
from iocop.elections.queries import candidacy, counted, elections, seats
from iocop.elections.queries.groups import main_groups
from iocop.elections.sealing.canonical import loads
from iocop.roles.queries import holds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.elections.counting.outcome import Outcome
    from iocop.elections.queries.counted import Result


class Countback(NamedTuple):
    """A vacancy as it would be filled today.

    Attributes:
        earlier: the result of the election whose papers these are.
        sitting, away: candidate numbers of who stays, and of who left, is unwilling or may not stand any more.
        held: seats of organization groups by those who stay and were no candidates of the earlier election.
    """

    earlier: Result
    outcome: Outcome
    sitting: tuple[int, ...]
    away: tuple[int, ...]
    held: Mapping[int, int]


def others(election: Election) -> list[Nomination]:
    """Return the candidates of the earlier election who were not elected in it, by number."""
    earlier = counted.result_of(election.earlier_id or 0)
    if earlier is None:
        return []
    rows = _numbered(election)
    return [row for number, row in rows.items() if number not in earlier.outcome.elected]


def _numbered(election: Election) -> dict[int, Nomination]:
    rows = select(Nomination).where(
        Nomination.election_id == election.earlier_id, Nomination.number.is_not(None)
    )
    found = db.session.scalars(rows.order_by(Nomination.number))
    return {row.number: row for row in found if row.number is not None}


def unanswered(election: Election) -> list[Nomination]:
    """Return the earlier candidates who have not said yet whether they would serve."""
    return [row for row in others(election) if row.serves is None]


def recounted(election: Election) -> Countback | None:
    """Count back as things stand today; None where there was no poll by Scottish rules, so that a by-election is due."""
    earlier = counted.result_of(election.earlier_id or 0)
    if earlier is None or earlier.outcome.rule != "scottish":
        return None
    rows = _numbered(election)
    sitting, away = _divided(election, earlier, rows)
    return _counted(election, earlier, sitting, away, _held(election, rows, sitting))


def kept(election: Election) -> Countback | None:
    """Return the countback as it was when two officers confirmed it; None before."""
    document = elections.document(election.id, "result.json")
    earlier = counted.result_of(election.earlier_id or 0)
    if document is None or earlier is None:
        return None
    told = cast("dict[str, Any]", loads(document.content))
    held = {row["group"]: row["seats"] for row in told["held"]}
    return _counted(election, earlier, set(told["sitting"]), set(told["away"]), held)


def _counted(
    election: Election, earlier: Result, sitting: set[int], away: set[int], held: Mapping[int, int]
) -> Countback:
    cap = tallying.cap_of(earlier.freeze)
    outcome = countback.count(
        earlier.profile,
        earlier.lot,
        sitting=sitting,
        away=away,
        vacancies=election.seats,
        cap=cap and Cap(cap.groups, cap.most, dict(held.items())),
    )
    return Countback(earlier, outcome, tuple(sorted(sitting)), tuple(sorted(away)), held)


def _divided(election: Election, earlier: Result, rows: dict[int, Nomination]) -> tuple[set[int], set[int]]:
    now = clock.now()
    sitting, away = set(), set()
    for number, row in rows.items():
        if row.member_id != election.vacated_by_id and holds(row.member_id, election.office, now):
            sitting.add(number)
        elif (
            number in earlier.outcome.elected
            or not row.serves
            or candidacy.why_not(election, row.member_id, now)
        ):
            away.add(number)
    return sitting, away


def _held(election: Election, rows: dict[int, Nomination], sitting: set[int]) -> Mapping[int, int]:
    """Return the seats of groups by those who stay and are no candidates of this count."""
    counted_here = {rows[number].member_id for number in sitting} | {election.vacated_by_id}
    now = clock.now()
    elsewhere = [one for one in seats.staying(election.office, now.date()) if one not in counted_here]
    return Counter(main_groups(elsewhere, now).values())
