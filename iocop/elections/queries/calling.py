"""What an election asks of a member today: to vote, to propose, to act as an officer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import and_, bindparam, exists, select

from iocop.core.db import db, fixed, read
from iocop.core.login import along
from iocop.elections.models import (
    Election,
    ElectionAct,
    ElectionDocument,
    ElectionOfficer,
    Nomination,
    RollEntry,
    TokenIssue,
)
from iocop.elections.queries.officers import relieved
from iocop.members.queries import read_along

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import BindParameter, Row

    from iocop.core.login import Viewer


_UNDER_WAY = Election.state.not_in(fixed(("certified", "void")))
read_along("elections", exists().where(_UNDER_WAY))


class Call(NamedTuple):
    """One thing to do.

    Attributes:
        what: ``vote``; ``voted``: a token was fetched, and only the browser knows more; ``nominate``, ``answer``: they
            were proposed; ``confirm``: another officer proposed an act; ``keys``, ``sign`` or ``give``: their own key is
            missing, the freeze unsigned, or the ballots wait for it.
        until: by when; None: as soon as can be.
        row_id: the nomination's, for ``answer``.
    """

    what: Literal["vote", "voted", "nominate", "answer", "confirm", "keys", "sign", "give"]
    election_id: int
    title: str
    until: datetime | None
    row_id: int = 0


def calls(actor: Viewer, at: datetime) -> list[Call]:
    """Return what elections ask of a member at a moment; nothing where none is under way. One statement at most."""
    if not along(actor, "elections", lambda _actor: True):
        return []
    return [call for row in read(_under_way(), {"member": actor.id}) for call in _of(row, actor, at)]


@cache
def _under_way() -> Any:
    """Return the statement, made once: every front page of a member asks it."""
    own: BindParameter[int] = bindparam("member")
    entry = and_(RollEntry.election_id == Election.id, RollEntry.member_id == own)
    proposed = and_(
        Nomination.election_id == Election.id, Nomination.member_id == own, Nomination.state == "proposed"
    )
    officer = and_(ElectionOfficer.election_id == Election.id, ElectionOfficer.member_id == own)
    frozen = exists().where(
        ElectionDocument.election_id == Election.id, ElectionDocument.name == "freeze.json"
    )
    waiting = exists().where(
        ElectionAct.election_id == Election.id, ElectionAct.second_id.is_(None), ElectionAct.first_id != own,
        ElectionAct.taken_back_at.is_(None),
    )  # fmt: skip
    issued = exists().where(TokenIssue.entry_id == RollEntry.id)
    return (
        select(
            Election.id, Election.title, Election.state, Election.kind, Election.opens_at, Election.closes_at,
            Election.keys_until, Election.nominations_close_at, RollEntry.id.label("entry"),
            RollEntry.blocked_reason, Nomination.id.label("proposed"), ElectionOfficer.id.label("officer"),
            ElectionOfficer.encryption_key, ElectionOfficer.opening_signature, ElectionOfficer.private_key,
            issued.label("issued"), frozen.label("frozen"), waiting.label("waiting"), relieved().label("relieved"),
        )
        .outerjoin(RollEntry, entry)
        .outerjoin(Nomination, proposed)
        .outerjoin(ElectionOfficer, officer)
        .where(_UNDER_WAY)
        .order_by(Election.closes_at, Election.id)
    )  # fmt: skip


def _of(row: Row[*tuple[Any, ...]], actor: Viewer, at: datetime) -> Iterator[Call]:
    if row.officer is not None:
        yield from _of_officer(row)
    if row.state == "nominations" and at < row.nominations_close_at:
        if row.proposed is not None:
            yield Call("answer", row.id, row.title, row.nominations_close_at, row.proposed)
        elif row.officer is None:
            yield Call("nominate", row.id, row.title, row.nominations_close_at)
    if row.state == "voting" and row.entry is not None and at < row.closes_at:
        if row.issued:
            yield Call("voted", row.id, row.title, row.closes_at)
        elif not row.blocked_reason and not actor.suspended:
            yield Call("vote", row.id, row.title, row.closes_at)


def _of_officer(row: Row[*tuple[Any, ...]]) -> Iterator[Call]:
    if row.waiting and not row.relieved:
        yield Call("confirm", row.id, row.title, None)
    if row.kind == "vacancy":
        return
    if row.state == "campaign" and not row.frozen and row.encryption_key is None:
        yield Call("keys", row.id, row.title, row.opens_at)
    if row.encryption_key is None:  # named after the freeze: none of the frozen keys is theirs
        return
    if row.state == "campaign" and row.frozen and row.opening_signature is None and not row.relieved:
        yield Call("sign", row.id, row.title, row.opens_at)
    if row.state == "sealed" and row.private_key is None:
        yield Call("give", row.id, row.title, row.keys_until)


def open_to_all() -> list[Election]:
    """Return the elections in which members propose, ask or vote at the moment."""
    rows = select(Election).where(Election.state.in_(("nominations", "campaign", "voting")))
    return list(db.session.scalars(rows.order_by(Election.closes_at, Election.id)))
