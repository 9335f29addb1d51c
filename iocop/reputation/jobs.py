"""What time does to standing; each may be run again and again."""

from __future__ import annotations

from iocop.core import clock
from iocop.core.jobs import periodic
from iocop.reputation.services import irregularities
from iocop.reputation.services.community import shares_on
from iocop.reputation.services.fading import fade_some
from iocop.reputation.services.stewarding import tell_of_lapsed, tell_of_silent


@periodic(minute="13", hour="2")
def fade() -> None:
    """Fade standing, tell whose conditions no longer hold, and lower what was told 60 days ago."""
    shares_on(clock.now().date())  # how many organizations a level asks for hangs on how many are active
    place = fade_some()
    while place is not None:
        place = fade_some(place)


@periodic(minute="33", hour="2")
def look_after_stewards() -> None:
    """Say that terms have ended, and tell the board of stewards who have been silent."""
    tell_of_lapsed()
    tell_of_silent()


@periodic(minute="48", hour="2")
def look_for_irregularities() -> None:
    """Lay rings and jumps before moderators; nothing follows from them by itself."""
    irregularities.find()
