"""Where a notice leads that is about no contribution."""

from __future__ import annotations

from typing import Any, Final

IRREGULARITY: Final = ("reputation.own_irregularity", "irregularity_id")
OWN_REVIEW: Final = ("reputation.own_review", "review_id")

PLACES: Final = {
    "irregular": IRREGULARITY,
    "judged": IRREGULARITY,
    "candidate": ("reputation.candidate", "review_id"),
    "promotion": OWN_REVIEW,
    "promoted": OWN_REVIEW,
}
"""Page and the name of its key, by what stands before the colon of an event key."""
OWN: Final = {"level": "reputation.standing", "noticed": "reputation.standing"}
"""The member's own page, likewise."""
CANDIDATE: Final = ("elections.candidate", ("election_id", "nomination_id"))
ELECTION: Final = ("elections.show", ("election_id",))
OF_ELECTIONS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "nominated": CANDIDATE,
    "nomination": CANDIDATE,
    "mailing": CANDIDATE,
    "officers": ("elections.desk", ("election_id",)),
    "complaint": ELECTION,
    "election": ELECTION,
}
"""Page and the names of its keys, which follow one another in the event key."""


def place(event_key: str) -> tuple[str, dict[str, Any]] | None:
    """Return the page and its values for what an event key names; None where it has no page of its own."""
    about, _, key = event_key.partition(":")
    if about in OWN:
        return OWN[about], {}
    if about in OF_ELECTIONS:
        page, names = OF_ELECTIONS[about]
        return page, dict(zip(names, map(int, key.split(":")), strict=False))
    if about not in PLACES or not key.isdigit():
        return None
    page, name = PLACES[about]
    return page, {name: int(key)}
