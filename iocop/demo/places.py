"""The demo's spaces, and who may be in them on a day. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from iocop.demo.people import Person

COMMONS, WORKSHOP, PROVED, WING = "commons", "workshop", "verified", "ellerwald-wing"
WING_ORGANIZATIONS = ("ellerwald", "wendelstrom")

SPACES = (
    (
        COMMONS,
        "Commons",
        "Open to everybody; the label of each post says how far it may be carried.",
        "public",
    ),
    (WORKSHOP, "Workshop", "Half-finished thoughts, for members.", "members"),
    (
        PROVED,
        "Verified practitioners",
        "For members whose employer is verified: care sites speak freely.",
        "verified",
    ),
    (
        WING,
        "Ellerwald new wing",
        "Klinikum Ellerwald and Wendelstrom, while the new wing is commissioned.",
        "named",
    ),
)
"""Name in the address, name, what it is for, audience."""


def admits(space: str, person: Person, day: date) -> bool:
    """Say whether somebody may be in a space on a day."""
    job = person.job(day)
    if space == WING:
        return job is not None and job.verified and job.organization in WING_ORGANIZATIONS
    return space != PROVED or (job is not None and job.verified)
