"""From the freeze to the seal: the poll opens when every officer has signed, and closes by two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.elections.models import ElectionDocument
from iocop.elections.queries.elections import officers
from iocop.elections.sealing import edwards, freezing
from iocop.elections.services import closing

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct


def open_voting(election: Election, _act: ElectionAct) -> None:
    """Open the poll.

    Raises:
        Conflict: an officer has not loaded the key file again and signed this freeze.
    """
    frozen = db.session.get_one(ElectionDocument, (election.id, "freeze.json"))
    message = freezing.opening_message(bytes.fromhex(frozen.hash))
    for officer in officers(election.id):
        signature, key = officer.opening_signature, officer.signing_key
        if key is None:  # named after the freeze: none of the frozen keys is theirs
            continue
        if signature is None or not edwards.verify(key, message, signature):
            raise Conflict(
                _l("Every officer loads the key file again and signs the freeze before the poll opens.")
            )


def close_voting(election: Election, _act: ElectionAct) -> None:
    """Seal the box: what was acknowledged is in the last block, and no token is issued any more."""
    closing.close(election)


def void(election: Election, row: ElectionAct) -> None:
    """End an election as its officers decided, with their reason."""
    end(election, row.note)


def end(election: Election, reason: str) -> None:
    """End an election without a result: the reason stays, its ballots go, nobody's key is ever published."""
    election.reason = reason
    for officer in officers(election.id):
        officer.private_key = None
    closing.discard(election)
