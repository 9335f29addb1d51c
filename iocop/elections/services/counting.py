"""Opening the ballots with the officers' keys, and the documents of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core.db import act, db
from iocop.core.errors import Conflict
from iocop.elections import tallying
from iocop.elections.models import Election, ElectionDocument
from iocop.elections.queries import casting, elections
from iocop.elections.sealing import ballots, seeds
from iocop.elections.sealing.ballots import SERVER
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.opening import open_box
from iocop.elections.services.boxes import box_of
from iocop.elections.services.closing import write_document
from iocop.elections.services.uploading import given

if TYPE_CHECKING:
    from collections.abc import Callable

    from iocop.elections.tallying import Tally


def open_ballots(election_id: int, progress: Callable[[int], None] = lambda _done: None) -> Tally:
    """Open and count; nothing is written, so it can be done before any act and again after a kill.

    Raises:
        Conflict: fewer officers than needed gave their keys.
    """
    freeze = casting.freeze_of(casting.poll_of(election_id))
    keys = given(election_id)
    if len(keys) < freeze.needed:
        raise Conflict(
            _l(
                "Not enough officers gave their keys yet: %(given)d of %(needed)d.",
                given=len(keys),
                needed=freeze.needed,
            )
        )
    sealed = elections.document(election_id, "sealed.json")
    if sealed is None:
        raise Conflict(_l("The election is not sealed."))
    boxed = [ballots.parse(wire, freeze) for wire in box_of(freeze).wires()]
    opened = open_box(freeze, keys, boxed, progress=progress)
    by_server = sum(ballot.origin == SERVER for ballot in boxed)
    return tallying.tally(freeze, opened, seeds.recover(keys, freeze), digest(sealed.content), by_server)


def keep(election: Election, tally: Tally) -> None:
    """Write the documents of a result inside an act; those that stand already are the same."""
    for name, content in tally.documents.items():
        if db.session.get(ElectionDocument, (election.id, name)) is None:
            write_document(election.id, name, content)


def open_what_can_be() -> None:
    """Open and count every sealed election whose keys are there: before any officer's act, so that none waits for it."""
    sealed = select(Election.id, Election.needed).where(Election.state == "sealed")
    for election_id, needed in db.session.execute(sealed).all():
        if len(given(election_id)) < needed or elections.document(election_id, "result.json"):
            continue
        tally = open_ballots(election_id)
        with act():
            keep(elections.locked(election_id), tally)


def count(election: Election) -> None:
    """Open and count inside the officers' act, unless the worker has done so since the last key came."""
    if elections.document(election.id, "result.json") is None:
        keep(election, open_ballots(election.id))
