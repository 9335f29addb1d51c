"""What was asked and came to nothing is let go in time."""

from __future__ import annotations

from iocop.core import jobs
from iocop.reputation.services.asking import lapse_requests


@jobs.periodic(minute="41")
def let_go() -> None:
    """Let requests and promises of more than 14 days ago lapse."""
    lapse_requests()
