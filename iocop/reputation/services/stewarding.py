"""What time does to stewards: their terms end, and their silence is told to the board."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.reputation.events import StewardSilent
from iocop.reputation.models import StewardTold
from iocop.reputation.queries.stewards import lapsed_untold, last_deed, serving
from iocop.roles.services import tell_of_lapse

if TYPE_CHECKING:
    from datetime import datetime

SILENCE: Final = timedelta(days=60)


def tell_of_lapsed() -> None:
    """Say, once, that a term has ended on its day."""
    for grant in lapsed_untold(clock.now()):
        with act():
            if _first_told(grant.id, "lapsed", grant.valid_to):
                tell_of_lapse(grant.id)


def tell_of_silent() -> None:
    """Tell the board, once for each silence, whose domain's steward has done nothing there for 60 days."""
    now = clock.now()
    for grant in serving(now):
        since = max(last_deed(grant.member_id, grant.scope_id, now) or grant.valid_from, grant.valid_from)
        if now - since >= SILENCE:
            with act():
                if _first_told(grant.id, "silent", since):
                    emit(StewardSilent(None, member_id=grant.member_id, domain_id=grant.scope_id))


def _first_told(grant_id: int, matter: str, since: datetime) -> bool:
    """Note that something is told of a term; say whether it is news."""
    with act() as session:
        if session.get(StewardTold, (grant_id, matter, since)) is not None:
            return False
        session.add(StewardTold(grant_id=grant_id, matter=matter, since=since, at=clock.now()))
        session.flush()
    return True
