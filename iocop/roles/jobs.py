"""What the worker does for offices by the clock."""

from __future__ import annotations

from iocop.core import jobs
from iocop.roles import services


@jobs.periodic()
def turn_offices() -> None:
    """Every minute: offices begin and lapse by themselves."""
    services.turn_offices()
