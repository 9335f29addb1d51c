"""What can still be done about a frozen roll: openly, by two officers, and without touching what was issued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.db import db
from iocop.core.errors import Conflict, Missing
from iocop.elections.models import RollEntry
from iocop.elections.queries.casting import issue_of

if TYPE_CHECKING:
    from iocop.elections.models import Election, ElectionAct


def check_entry(election: Election, entry_id: int | None) -> None:
    _entry(election, entry_id)


def check_unissued(election: Election, entry_id: int | None) -> None:
    _unissued(election, entry_id)


def _entry(election: Election, entry_id: int | None) -> RollEntry:
    found = db.session.get(RollEntry, entry_id or 0, with_for_update=True)
    if found is None or found.election_id != election.id:
        raise Missing(_l("There is no such entry on this election's roll."))
    return found


def _unissued(election: Election, entry_id: int | None) -> RollEntry:
    entry = _entry(election, entry_id)
    if issue_of(entry.id) is not None:
        raise Conflict(
            _l("The voting token was issued already: it stays valid, and nobody can take it back.")
        )
    return entry


def block_token(election: Election, row: ElectionAct) -> None:
    """Have no token issued to somebody on the roll, such as to a member suspended since the freeze.

    Raises:
        Conflict: it was issued already.
    """
    _unissued(election, row.subject_id).blocked_reason = row.note


def correct_roll(election: Election, row: ElectionAct) -> None:
    """Record that an entry should never have been on the roll. No token is issued for it any more; an issued one counts.

    The root of the roll stays as it was frozen: the decision stands beside it.
    """
    _entry(election, row.subject_id).blocked_reason = row.note
