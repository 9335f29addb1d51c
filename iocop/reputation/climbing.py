"""What moves a member's points moves the rung that stands on them, in the same act."""

from __future__ import annotations

from iocop.core.events import within
from iocop.reputation.events import StandingChanged
from iocop.reputation.queries.levels import Place
from iocop.reputation.services.laddering import look_at


@within(StandingChanged)
def climb(happened: StandingChanged) -> None:
    look_at([Place(happened.member_id, domain_id) for domain_id in happened.domain_ids])
