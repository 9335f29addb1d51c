"""What the worker does for organizations by the clock."""

from __future__ import annotations

from iocop.core import jobs
from iocop.organizations import services


@jobs.periodic(minute="5", hour="0")
def turn_day() -> None:
    """Just after midnight, UTC."""
    services.turn_day()


@jobs.periodic(minute="*/10")
def forget_work_addresses() -> None:
    services.forget_work_addresses()
