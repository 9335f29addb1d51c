"""Elections as tests need them: a draft, its officers, its acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.core.db import act
from iocop.elections import life
from iocop.elections.queries.rules import rules_on
from iocop.elections.services import acting, creating
from tests.factories import viewer_of
from tests.people import officer, person

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct, ElectionOfficer
    from iocop.members.models import Member

BEGINS = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""When nominations open, where a test says nothing else."""
OFFICERS = ("Olga Oak", "Otis Olive", "Omar Osier")


def make_officers(names: tuple[str, ...] = OFFICERS) -> list[Member]:
    """Returning officers, in the order of their numbers."""
    with act():
        return [officer(person(name), "returning_officer") for name in names]


def make_election(people: list[Member] | None = None, **given: Any) -> Election:
    """A draft of a board election whose nominations open at `BEGINS`, prepared by the first of its officers."""
    people = people or make_officers()
    kind = given.get("kind", "board")
    begins = given.pop("begins", BEGINS)
    usual: dict[str, Any] = {
        "kind": kind,
        "title": "Board 2027",
        "dates": life.proposed(kind, begins, rules_on(kind, clock.now().date())),
        "officers": tuple(row.id for row in people),
        "term_starts_on": (begins + timedelta(days=60)).date(),
        "seats": 1 if kind in {"office", "motion"} else 3,
        "question": "Do we do it?" if kind == "motion" else "",
    }
    return creating.create_election(viewer_of(people[0]), creating.Draft(**usual | given))


def done(
    election: Election, verb: str, officers: list[Member], note: str = "", subject_id: int | None = None
) -> ElectionAct:
    """An act proposed by the first officer and confirmed by the second, now."""
    proposed = acting.propose(viewer_of(officers[0]), election.id, verb, note, subject_id)
    return acting.confirm(viewer_of(officers[1]), proposed.id)


def key_of(row: ElectionOfficer, kind: str) -> bytes:
    """A private key for tests: 32 bytes that follow from the officer's number."""
    return bytes([row.number]) * 31 + {"encryption": b"\x40", "signing": b"\x01", "nonce": b"\x02"}[kind]
