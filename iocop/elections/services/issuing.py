"""Voting tokens: one blind signature a member. An issue is no event, leaves no log line and carries no time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Gone
from iocop.core.policy import require
from iocop.elections.models import ElectionSecret, TokenIssue
from iocop.elections.queries import casting
from iocop.elections.sealing.chains import Entry, issue_head
from iocop.elections.sealing.tokens import Issuer
from iocop.elections.voting import is_open, may_have_token

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.models import RollEntry
    from iocop.elections.queries.casting import Poll


def issue(actor: Viewer, election_id: int, blinded: bytes) -> bytes:
    """Sign a member's blinded voting key; the same request has the same answer any number of times, for ever.

    Args:
        blinded: 384 bytes that say nothing about the key (RFC 9474).

    Raises:
        Refused: not on the roll, blocked, or suspended (`core.errors`); or no blinded message (`sealing.refusals`).
        Conflict: another request of this member was answered.
        Gone: votes are not taken now.
    """
    poll = casting.poll_of(election_id)
    entry = casting.entry_of(election_id, actor.id)
    if entry is not None and (earlier := casting.issue_of(entry.id)) is not None:
        return _again(earlier, blinded)
    verdict = is_open(poll, clock.now())
    if not verdict:
        raise Gone(verdict.reason)
    require(may_have_token(actor, entry))
    return _write(actor, poll, blinded, _signed(election_id, blinded))


def _signed(election_id: int, blinded: bytes) -> bytes:
    pem = db.session.scalar(
        select(ElectionSecret.issuer_key).where(ElectionSecret.election_id == election_id)
    )
    return Issuer.from_pem(_not_destroyed(pem)).sign(blinded)


def _not_destroyed(pem: bytes | None) -> bytes:
    if pem is None:
        raise Gone(_l("Voting is closed: the key that signs tokens has been destroyed."))
    return pem


def _write(actor: Viewer, poll: Poll, blinded: bytes, signature: bytes) -> bytes:
    with act() as session:
        # One register, one line: whoever comes at the same time waits here for the head before.
        secret = session.get_one(
            ElectionSecret, poll.election_id, with_for_update=True, populate_existing=True
        )
        _not_destroyed(secret.issuer_key)  # sealed meanwhile: the register has its last head
        entry = casting.entry_of(poll.election_id, actor.id)
        require(may_have_token(actor, entry))
        entry = cast("RollEntry", entry)
        if (earlier := casting.issue_of(entry.id)) is not None:
            return _again(earlier, blinded)
        number, head = casting.last_issue(poll)
        session.add(
            TokenIssue(
                election_id=poll.election_id,
                entry_id=entry.id,
                number=number + 1,
                blinded=blinded,
                blind_signature=signature,
                head=issue_head(head, Entry(entry.leaf, blinded, signature)),
            )
        )
    return signature


def _again(earlier: TokenIssue, blinded: bytes) -> bytes:
    if earlier.blinded != blinded:
        raise Conflict(
            _l(
                "A token was issued to you for another voting code. Only that code, or the browser that made it, can"
                " use it: nobody can take it back or issue a second one, for nobody knows which ballot is yours."
            )
        )
    return earlier.blind_signature
