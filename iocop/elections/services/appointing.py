"""Officers who come and go after the draft, so that an illness or a resignation stops no election."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid
from iocop.elections.models import ElectionOfficer
from iocop.elections.queries import elections, officers
from iocop.elections.services.creating import MOST_OFFICERS

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct

UNSIGNED: Final = _l(
    "The poll opens only with this officer's signature of the freeze: take the freeze back first, then relieve."
)


def check_named(election: Election, member_id: int | None) -> None:
    """Go on only if somebody can be an officer of an election.

    Raises:
        Invalid: they hold no office of returning officer, stand, or serve already.
        Conflict: there are as many officers as can be.
    """
    if not _can_serve(election, member_id):
        raise Invalid(
            _l("Choose among the returning officers who neither serve here nor stand."), "subject_id"
        )
    if len(elections.officers(election.id)) >= MOST_OFFICERS:
        raise Conflict(_l("An election has at most 15 officers."))


def _can_serve(election: Election, member_id: int | None) -> bool:
    return member_id in dict(officers.offered(election, clock.now()))


def name(election: Election, row: ElectionAct) -> None:
    """Let somebody serve as an officer. Before the freeze they make keys; whoever joins after it has no share in them.

    Raises:
        Conflict: they cannot serve any more; much may have happened since it was proposed.
    """
    member_id = row.subject_id or 0
    if elections.officer_of(election.id, member_id) is None:
        if not _can_serve(election, member_id):
            raise Conflict(
                _l("Who is named here cannot serve any more: take it back, and choose somebody else.")
            )
        last = max((one.number for one in elections.officers(election.id)), default=0)
        db.session.add(ElectionOfficer(election_id=election.id, member_id=member_id, number=last + 1))
        db.session.flush()
    if not elections.is_frozen(election.id):
        settle(election)


def check_relieved(election: Election, member_id: int | None) -> None:
    """Go on only if somebody is an officer whom the election can do without as it stands.

    Raises:
        Invalid: no officer of this election, or relieved already.
        Conflict: the freeze waits for their signature: the poll could never open.
    """
    row = elections.officer_of(election.id, member_id or 0)
    if row is None or officers.is_relieved(election.id, row.member_id):
        raise Invalid(_l("Choose one of the officers of this election."), "subject_id")
    if _freeze_waits_for(election, row):
        raise Conflict(UNSIGNED)


def _freeze_waits_for(election: Election, row: ElectionOfficer) -> bool:
    signs = bool(row.encryption_key) and not row.opening_signature
    return signs and election.state == "campaign" and elections.is_frozen(election.id)


def relieve(election: Election, row: ElectionAct) -> None:
    """Let an officer serve no more. Before the freeze nothing of theirs stays; what is frozen stays as it is.

    Raises:
        Conflict: the freeze waits for their signature.
    """
    gone = elections.officer_of(election.id, row.subject_id or 0)
    if gone is None:
        raise Conflict(_l("This is no officer of the election any more."))
    if _freeze_waits_for(election, gone):
        raise Conflict(UNSIGNED)
    for waiting in elections.waiting_acts(election.id):
        if waiting.first_id == gone.member_id and waiting.id != row.id:
            waiting.taken_back_at = clock.now()
    if not elections.is_frozen(election.id):
        settle(election)
    _pass_on_the_chair(election)


def settle(election: Election) -> None:
    """Without a freeze: strike who was relieved, number the others from 1, and ask for more than half of their keys.

    What is asked for never falls below two and rises with the officers; fewer than two officers freeze nothing.
    """
    for gone in db.session.scalars(
        select(ElectionOfficer).where(ElectionOfficer.election_id == election.id, officers.relieved())
    ).all():
        db.session.delete(gone)
    db.session.flush()
    left = elections.officers(election.id)
    for number, one in enumerate(left, 1):  # each moves to a number below its own, which is free by then
        one.number = number
        db.session.flush()
    election.needed = max(2, min(election.needed, len(left)), len(left) // 2 + 1)
    db.session.flush()
    _pass_on_the_chair(election)


def _pass_on_the_chair(election: Election) -> None:
    """Let the first who serves chair, where the chair does not any more."""
    posts = officers.posts(election, clock.now())
    if any(post.row.chairs and not post.hindrance for post in posts):
        return
    first = next((post.row for post in posts if not post.hindrance), None)
    for post in posts:
        post.row.chairs = post.row is first
    db.session.flush()
