"""How far evidence carries where people have a word in it: level 3 is looked at, sellers reach no level 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iocop.core.db import act
from iocop.core.events import emit
from iocop.reputation.events import LevelReviewOpened
from iocop.reputation.ladder import REVIEWED, UNSOLD, reachable
from iocop.reputation.models import LevelReview
from iocop.reputation.promotion import AGAIN
from iocop.reputation.queries.candidates import latest_reviews, looked_at_since
from iocop.reputation.queries.vendors import sold_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from iocop.reputation.ladder import Evidence
    from iocop.reputation.models import Rung
    from iocop.reputation.queries.levels import Place

_GRANTED: Final = "granted"


def held_back(
    levels: Mapping[Place, int], rungs: Mapping[Place, Rung], shown: Mapping[Place, Evidence], now: datetime
) -> dict[Place, int]:
    """Return levels as far as they are reached; of who comes to level 3 for the first time, two people are asked.

    Nothing is asked where nobody stands so high, which is nearly always; what was reached before the rule stays.

    Args:
        levels: as far as the evidence carries.
    """
    found = dict(levels)
    high = [place for place, level in levels.items() if level >= REVIEWED]
    since = looked_at_since() if high else None
    if since is None:
        return found
    new = [place for place in high if _highest(rungs.get(place)) < REVIEWED]
    reviews = latest_reviews(new) if new else {}
    top = [place for place in high if levels[place] >= UNSOLD and not _stood_before(rungs.get(place), since)]
    sold = sold_at(top) if top else {}
    for place in high:
        review = reviews.get(place)
        granted = review is not None and review.state == _GRANTED
        found[place] = reachable(
            levels[place], _highest(rungs.get(place)), granted=granted, sells=place in sold
        )
        if place in new and _is_due(review, now):
            _open(place, shown[place], now)
    return found


def _highest(rung: Rung | None) -> int:
    return 0 if rung is None else rung.highest


def _stood_before(rung: Rung | None, since: datetime) -> bool:
    """Say whether somebody held level 4 before the rule, and has held it since."""
    return rung is not None and rung.level >= UNSOLD and rung.since < since


def _is_due(review: LevelReview | None, now: datetime) -> bool:
    if review is None:
        return True
    return review.state == "declined" and review.closed_at is not None and review.closed_at + AGAIN <= now


def _open(place: Place, evidence: Evidence, now: datetime) -> None:
    with act() as session:
        review = LevelReview(
            member_id=place.member_id, domain_id=place.domain_id, opened_at=now, evidence=evidence._asdict()
        )
        session.add(review)
        session.flush()
        emit(LevelReviewOpened(None, review.id, place.member_id, place.domain_id))
