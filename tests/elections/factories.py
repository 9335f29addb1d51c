"""Elections as tests need them: a draft, its officers, its acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from iocop.core import clock
from iocop.core.db import act, db
from iocop.elections import life
from iocop.elections.models import Nomination, Seconding
from iocop.elections.queries.elections import dates_of, document
from iocop.elections.queries.elections import officers as officers_of
from iocop.elections.queries.rules import rules_on
from iocop.elections.sealing import edwards, exchange, freezing
from iocop.elections.services import acting, creating, keying
from iocop.members.models import Member
from tests.factories import saved, viewer_of
from tests.people import officer, person

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.models import Election, ElectionAct, ElectionOfficer

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


def give_all_keys(election: Election) -> None:
    """Every officer gives keys that follow from the number."""
    for row in officers_of(election.id):
        keying.give_keys(
            _viewer(row),
            election.id,
            exchange.public(key_of(row, "encryption")),
            edwards.public(key_of(row, "signing")),
            key_of(row, "nonce"),
        )


def sign_all(election: Election) -> None:
    """Every officer signs the freeze."""
    for row in officers_of(election.id):
        keying.sign_opening(_viewer(row), election.id, signature_of(election, row))


def signature_of(election: Election, row: ElectionOfficer) -> bytes:
    """The officer's signature of the freeze as it stands."""
    frozen = document(election.id, "freeze.json")
    assert frozen is not None
    return edwards.sign(key_of(row, "signing"), freezing.opening_message(bytes.fromhex(frozen.hash)))


def _viewer(row: ElectionOfficer) -> Viewer:
    return viewer_of(db.session.get_one(Member, row.member_id))


def stand(election: Election, member: Member, state: str = "admitted", **given: Any) -> Nomination:
    """A nomination as it is, past every rule."""
    usual = {"nominated_by_id": member.id, "nominated_at": clock.now(), "statement": "I stand."}
    return saved(Nomination(election_id=election.id, member_id=member.id, state=state, **(usual | given)))


def second(nomination: Nomination, members: list[Member]) -> None:
    """Members who want to see the candidate stand."""
    for member in members:
        saved(Seconding(nomination_id=nomination.id, member_id=member.id, seconded_at=clock.now()))


def brought_to(state: str, traveller: Any, people: list[Member] | None = None, **given: Any) -> Election:
    """An election that its officers brought to a state, each act at its earliest date; the clock stands there.

    Without *candidates* (members) as many stand as there are seats and one more.
    """
    people = people or make_officers()
    candidates = given.pop("candidates", None)
    election = make_election(people, **given)
    for step in life.STEPS:
        if election.state == state or step not in life.steps_from(election.state, election.kind):
            continue
        dates = dates_of(election)
        traveller.move_to(life.earliest(step.verb, dates) or clock.now())
        if step.verb == "close_nominations":
            for member in candidates or [person(f"{name} Candidate") for name in NAMES[: election.seats + 1]]:
                stand(election, member)
        if step.verb == "open_voting":
            freeze(election, people, traveller)
            traveller.move_to(dates.opens_at)
        done(election, step.verb, people)
    return election


def freeze(election: Election, people: list[Member], traveller: Any) -> None:
    """Keys, freeze and signatures, a day before the poll opens."""
    traveller.move_to(election.opens_at - timedelta(days=1))
    give_all_keys(election)
    done(election, "freeze", people)
    sign_all(election)


NAMES = ("Ann", "Bela", "Cem", "Dora", "Eve", "Finn", "Gil", "Hana")
