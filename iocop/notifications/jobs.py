"""What is told by the clock."""

from __future__ import annotations

from iocop.core.jobs import periodic
from iocop.notifications.searches import tell_due


@periodic(minute="*/20")
def tell_of_searches() -> None:
    """Tell what gathered in saved searches that told their members a day ago or longer."""
    tell_due()
