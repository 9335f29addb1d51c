"""Every write to what was given; one module a kind of act."""

from iocop.contributions.services.following import follow, mute, note_read, unfollow
from iocop.contributions.services.revising import Stale, revise
from iocop.contributions.services.text import Written, write_out
from iocop.contributions.services.writing import Given, contribute

__all__ = [
    "Given",
    "Stale",
    "Written",
    "contribute",
    "follow",
    "mute",
    "note_read",
    "revise",
    "unfollow",
    "write_out",
]
