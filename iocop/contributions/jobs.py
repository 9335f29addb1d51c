"""Periodic work on what was given."""

from __future__ import annotations

from iocop.contributions.services import purge_files
from iocop.core import jobs


@jobs.periodic(minute="41", hour="3")
def purge() -> None:
    """Delete files that were removed, or that nothing took within a week."""
    while purge_files():
        pass
