"""What the desk of an election shows, and the time line its public page shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.elections import life
from iocop.elections.models import Election, ElectionAct, ElectionDocument, ElectionOfficer
from iocop.elections.queries import elections, seats
from iocop.elections.queries.officers import relieved
from iocop.members.models import Member

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from iocop.core.login import Viewer


class Stage(NamedTuple):
    """One state on the way.

    Attributes:
        begins: when it can begin at the earliest; None: as soon as the one before is done.
        place: ``past``, ``now`` or ``coming``.
    """

    state: str
    begins: datetime | None
    place: str


BEGINS = {
    "nominations": "nominations_open_at",
    "screening": "nominations_close_at",
    "voting": "opens_at",
    "sealed": "closes_at",
    "certified": "complaints_until",
}


def timeline(election: Election) -> list[Stage]:
    """Return the states an election goes through, those behind it first; a void one ends where it was voided."""
    states = life.path(election.kind, poll=_with_poll(election))
    if election.state not in states:
        return [Stage(election.state, election.state_since, "now")]
    here = states.index(election.state)
    return [
        Stage(
            state,
            election.state_since if place == here else _begins(election, state),
            "now" if place == here else "past" if place < here else "coming",
        )
        for place, state in enumerate(states)
    ]


def _begins(election: Election, state: str) -> datetime | None:
    moment: datetime | None = getattr(election, BEGINS[state]) if state in BEGINS else None
    return moment


def _with_poll(election: Election) -> bool:
    if election.state in {"counted", "certified"}:
        return elections.is_frozen(election.id)
    return election.state != "screening" or seats.has_poll(election)


@dataclass(frozen=True)
class Next:
    """What comes next on the way of an election.

    Attributes:
        verb: the act that leads on; empty: none does.
        earliest, latest: when it can be confirmed; None: at once, without end.
        proposed: the act, where an officer has proposed it already.
        without_keys, unsigned: officers who have not given keys, or not signed the freeze.
        keys_lacking: how many officers' keys are still needed to open the ballots.
        needs_freeze: whether the freeze is what comes first.
    """

    verb: str
    earliest: datetime | None = None
    latest: datetime | None = None
    proposed: ElectionAct | None = None
    without_keys: tuple[int, ...] = ()
    unsigned: tuple[int, ...] = ()
    keys_lacking: int = 0
    needs_freeze: bool = False

    @property
    def late(self) -> bool:
        """Whether the last moment for it has passed."""
        return self.latest is not None and self.latest < clock.now()


def coming(election: Election) -> Next:
    """Return what two officers do next, from when until when, and who else must act before."""
    steps = life.steps_from(election.state, election.kind, poll=_with_poll(election))
    if not steps:
        return Next("")
    step, dates, rules = steps[0], elections.dates_of(election), elections.rules_of(election)
    needs_freeze = election.state == "campaign" and not elections.is_frozen(election.id)
    verb = "freeze" if needs_freeze else step.verb
    named = elections.officers(election.id)
    return Next(
        verb=verb,
        earliest=None if needs_freeze else life.earliest(verb, dates),
        latest=dates.opens_at if needs_freeze else life.latest(verb, dates, rules),
        proposed=next((row for row in elections.waiting_acts(election.id) if row.verb == verb), None),
        without_keys=tuple(row.member_id for row in named if row.encryption_key is None)
        if needs_freeze
        else (),
        unsigned=_unsigned(named) if verb == "open_voting" else (),
        keys_lacking=_lacking(election, named) if verb == "count" else 0,
        needs_freeze=needs_freeze,
    )


def _unsigned(named: Iterable[ElectionOfficer]) -> tuple[int, ...]:
    """Return who still signs; whoever was named after the freeze has no key in it."""
    return tuple(row.member_id for row in named if row.signing_key and row.opening_signature is None)


def _lacking(election: Election, named: Iterable[ElectionOfficer]) -> int:
    return max(0, election.needed - sum(row.private_key is not None for row in named))


def names(member_ids: Iterable[int | None]) -> dict[int, str]:
    """Return members' names."""
    asked = {member_id for member_id in member_ids if member_id}
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(asked)))
    return {row.id: row.name for row in rows}


def parties(done: Iterable[ElectionAct]) -> list[int | None]:
    """Return the members some acts name: who did them, and who became an officer by them or is none any more."""
    return [
        member_id
        for row in done
        for member_id in (
            row.first_id,
            row.second_id,
            row.subject_id if row.verb in life.APPOINTING else None,
        )
    ]


def done_acts(election_id: int) -> list[ElectionAct]:
    """Return what two officers did, the latest first: everybody may read it."""
    rows = select(ElectionAct).where(
        ElectionAct.election_id == election_id, ElectionAct.second_id.is_not(None)
    )
    return list(db.session.scalars(rows.order_by(ElectionAct.second_at.desc(), ElectionAct.id.desc())))


def freezes(election_id: int) -> list[ElectionDocument]:
    """Return every freeze there was, the one that holds last."""
    rows = select(ElectionDocument).where(
        ElectionDocument.election_id == election_id, ElectionDocument.name.like("freeze%")
    )
    return list(db.session.scalars(rows.order_by(ElectionDocument.made_at)))


def desks(actor: Viewer) -> list[Election]:
    """Return the elections a member is an officer of, those under way first."""
    rows = (
        select(Election)
        .join(ElectionOfficer, ElectionOfficer.election_id == Election.id)
        .where(ElectionOfficer.member_id == actor.id, ~relieved())
    )
    found = db.session.scalars(rows.order_by(Election.id.desc())).all()
    return sorted(found, key=lambda row: row.state in life.END)
