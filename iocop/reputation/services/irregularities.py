"""What looks irregular is laid before people: found at night, told to whom it concerns, answered, decided."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.reputation import policy
from iocop.reputation.events import (
    IrregularityAnswered,
    IrregularityDecided,
    IrregularityFound,
    IrregularityTold,
)
from iocop.reputation.irregular import jumps, rings
from iocop.reputation.models import Irregularity, IrregularityParty
from iocop.reputation.queries import irregularities as queries
from iocop.reputation.rules import WINDOW_DAYS
from iocop.reputation.services.writing import reverse_given

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.core.login import Viewer
    from iocop.reputation.irregular import Ring

LONGEST_ANSWER = 2000
LONGEST_NOTE = 1000
WINDOW = timedelta(days=WINDOW_DAYS)


def find() -> int:
    """Look for rings among the endorsements of the window and for jumps on the last whole day; return how many are new.

    What waits for its members' answers or was decided within the window is left alone, unless others joined in.
    """
    now = clock.now()
    day = now.date() - timedelta(days=1)
    circles = rings(queries.endorsements(now))  # half a year of rows is read before anybody has to wait
    jumped = jumps(queries.settled_days(day), day.toordinal())
    with act():
        found = [_keep_ring(ring, now) for ring in circles]
        found += [
            _open("jump", [member], {"day": day.isoformat(), "amount_mp": amount}, now)
            for member, amount in jumped.items()
            if not queries.with_parties("jump", [member], now - timedelta(days=1))
        ]
    return sum(found)


def _keep_ring(ring: Ring, now: datetime) -> bool:
    """Open a ring, or bring one that nobody was told of yet to how it is now."""
    evidence = {
        "from": (now - WINDOW).isoformat(),
        "to": now.isoformat(),
        "pairs": [[*pair, count] for pair, count in ring.pairs.items()],
        "inside": {str(member): counts for member, counts in ring.inside.items()},
    }
    known = queries.with_parties("ring", ring.members, now - WINDOW)
    for row in known:
        if row.state == "open":
            row.evidence = evidence
            _keep_parties(row, ring.members)
            return False
    judged = {party.member_id for row in known for party in queries.parties_of(row.id)}
    return not set(ring.members) <= judged and _open("ring", ring.members, evidence, now)


def _open(kind: str, member_ids: Iterable[int], evidence: dict[str, Any], now: datetime) -> bool:
    members = sorted(member_ids)
    name = sha256(repr((kind, now.date(), members)).encode()).hexdigest()[:40]
    with act() as session:
        if session.scalar(select(Irregularity.id).where(Irregularity.key == name)) is not None:
            return False
        row = Irregularity(kind=kind, key=name, found_at=now, evidence=evidence)
        session.add(row)
        session.flush()
        _keep_parties(row, members)
        emit(IrregularityFound(None, row.id))
    return True


def _keep_parties(row: Irregularity, member_ids: Iterable[int]) -> None:
    """Have it concern these members, and none of those it concerned before."""
    gone = {party.member_id: party for party in queries.parties_of(row.id)}
    with act() as session:
        for member_id in member_ids:
            if gone.pop(member_id, None) is None:
                session.add(IrregularityParty(irregularity_id=row.id, member_id=member_id))
        for party in gone.values():
            session.delete(party)
        session.flush()


def tell(actor: Viewer, irregularity_id: int) -> None:
    """Let its members read what was found, and answer, before anything is decided.

    Raises:
        Refused: not a moderator, a party or a party's colleague, or they were told already.
        Missing: there is none.
    """
    with act() as session:
        row = _locked(irregularity_id)
        require(policy.may_tell_of_irregularity(actor, row))
        row.state, row.told_at, row.told_by_id = "told", clock.now(), actor.id
        session.flush()
        told = tuple(party.member_id for party in queries.parties_of(row.id))
        audit.record("irregularity.tell", actor.id, f"irregularity:{row.id}")
        emit(IrregularityTold(actor.id, row.id, told))


def answer(actor: Viewer, irregularity_id: int, text: str) -> None:
    """Say as one of its members what there is to say; saying it again replaces the first, until it is decided.

    Raises:
        Invalid: nothing, or more than 2,000 characters.
        Refused: it does not concern the actor, or is decided.
        Missing: there is none.
    """
    text = text.strip()
    if not text:
        raise Invalid(_l("Write what whoever decides should know."), "answer")
    if len(text) > LONGEST_ANSWER:
        raise Invalid(_l("Keep it to 2,000 characters."), "answer")
    with act() as session:
        row = _locked(irregularity_id)
        require(policy.may_answer_irregularity(actor, row))
        party = session.get_one(IrregularityParty, (row.id, actor.id))
        party.answer, party.answered_at = text, clock.now()
        session.flush()
        emit(IrregularityAnswered(actor.id, row.id, actor.id))


def forget_answers(member_id: int) -> None:
    """Empty what an erased member answered; that they did stays, so that nobody waits for them."""
    with act() as session:
        own = update(IrregularityParty).where(IrregularityParty.member_id == member_id)
        session.execute(own.values(answer=""))


def decide(actor: Viewer, irregularity_id: int, *, upheld: bool, note: str) -> None:
    """Uphold it, which takes back what its members gave one another, or close it as unfounded.

    Args:
        note: what its members read of the decision.

    Raises:
        Invalid: no note, or more than 1,000 characters.
        Refused: not a moderator, a party or a party's colleague; or its members had no time to answer yet.
        Missing: there is none.
    """
    note = note.strip()
    if not note:
        raise Invalid(_l("Say why: its members read it."), "note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(_l("Keep it to 1,000 characters."), "note")
    with act() as session:
        row = _locked(irregularity_id)
        require(policy.may_decide_irregularity(actor, row))
        row.state = "upheld" if upheld else "unfounded"
        row.decided_at, row.decided_by_id, row.note = clock.now(), actor.id, note
        session.flush()
        if upheld:
            _take_back(row)
        audit.record("irregularity.decide", actor.id, f"irregularity:{row.id}", upheld=upheld)
        emit(IrregularityDecided(actor.id, row.id, upheld))


def _take_back(row: Irregularity) -> None:
    """Reverse the endorsements the evidence speaks of; the endorsers' marks stay as they are."""
    if row.kind == "ring":
        pairs = {(giver, receiver) for giver, receiver, _ in row.evidence["pairs"]}
        given = queries.given_between(pairs, datetime.fromisoformat(row.evidence["from"]))
    else:
        start = datetime.combine(datetime.fromisoformat(row.evidence["day"]), time.min, UTC)
        (party,) = queries.parties_of(row.id)
        given = queries.given_on(party.member_id, start, start + timedelta(days=1))
    reverse_given(given, "irregular", clock.now())


def _locked(irregularity_id: int) -> Irregularity:
    with act() as session:
        row = session.get(Irregularity, irregularity_id, with_for_update=True)
    if row is None:
        raise Missing(_l("There is nothing here, or it is not open to you."))
    return row
