"""What is done at night, and what ends by itself."""

from __future__ import annotations

from iocop.core.jobs import periodic
from iocop.members.services import attempts, sessions, standing, tickets


@periodic(minute="*/10")
def end_suspensions() -> None:
    """End the suspensions whose day has come."""
    standing.lift_ended()


@periodic(minute="43")
def forget() -> None:
    """Empty expired tickets, drop ended sessions and attempts that no longer count."""
    tickets.empty_expired()
    sessions.forget_ended()
    attempts.forget_old()
