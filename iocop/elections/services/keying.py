"""Officers' keys of one election: the public part is given here, the private one never leaves the officer's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Conflict, Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections import policy
from iocop.elections.events import KeyGiven, OpeningSigned
from iocop.elections.models import ElectionOfficer
from iocop.elections.queries.elections import document, locked, officer_of
from iocop.elections.sealing import edwards, exchange, freezing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from iocop.core.login import Viewer

FAULTS: Final = {
    "length": _l("A key has 32 bytes, written as 64 hexadecimal digits. Make your keys again with the button."),
    "non-canonical": _l("This key is not in its canonical form. Make your keys again with the button."),
    "low-order": _l("This key keeps nothing secret (it is of low order). Make your keys again with the button."),
    "off-curve": _l("This is no key: it lies off the curve. Make your keys again with the button."),
}  # fmt: skip


def give_keys(
    actor: Viewer, election_id: int, encryption: bytes, signing: bytes, nonce: bytes
) -> ElectionOfficer:
    """Keep an officer's public keys and nonce; until the freeze they can be given anew.

    Args:
        encryption, signing: X25519 and Ed25519 public keys, 32 bytes each.
        nonce: the officer's part of the lot, 32 bytes.

    Raises:
        Refused: no officer of this election, or it is frozen.
        Invalid: a key that cannot be, or that was given before, in this election or another.
    """
    _check_fault(exchange.key_fault(encryption), "encryption")
    _check_fault(edwards.key_fault(signing), "signing")
    if len(nonce) != 32:
        raise Invalid(FAULTS["length"], "nonce")
    with act() as session:
        election = locked(election_id)
        require(policy.may_give_key(actor, election, clock.now()))
        own = _own(election.id, actor)
        _check_fresh(session, own.id, encryption, signing, nonce)
        own.encryption_key, own.signing_key, own.nonce, own.opening_signature = (
            encryption,
            signing,
            nonce,
            None,
        )
        session.flush()
        audit.record("election.give_keys", actor.id, f"election:{election.id}", officer=own.number)
        emit(KeyGiven(actor.id, election_id=election.id, officer_id=own.id))
    return own


def _own(election_id: int, actor: Viewer) -> ElectionOfficer:
    own = officer_of(election_id, actor.id)
    if own is None:  # policy has asked already
        raise LookupError(f"member {actor.id} is no officer of election {election_id}")
    return own


def _check_fault(fault: str | None, field: str) -> None:
    if fault is not None:
        raise Invalid(FAULTS[fault], field)


def _check_fresh(session: Session, own_id: int, encryption: bytes, signing: bytes, nonce: bytes) -> None:
    """Keys are of one election and one officer: whoever copied another's would decide with two voices."""
    same = or_(
        ElectionOfficer.encryption_key == encryption,
        ElectionOfficer.signing_key == signing,
        ElectionOfficer.nonce == nonce,
    )
    if session.scalar(select(ElectionOfficer.id).where(same, ElectionOfficer.id != own_id).limit(1)):
        raise Invalid(
            _l("These keys were given before, here or in another election. Make new ones with the button."),
            "encryption",
        )


def sign_opening(actor: Viewer, election_id: int, signature: bytes) -> ElectionOfficer:
    """Keep an officer's signature of the freeze, made with the reloaded key file.

    Raises:
        Refused: no officer of this election, or it is not frozen.
        Invalid: not a signature of this freeze by the frozen key.
        Conflict: the election is not frozen.
    """
    with act() as session:
        election = locked(election_id)
        require(policy.may_sign_opening(actor, election, clock.now()))
        own = _own(election.id, actor)
        frozen = document(election.id, "freeze.json")
        if frozen is None or own.signing_key is None:
            raise Conflict(_l("The election is not frozen."))
        message = freezing.opening_message(bytes.fromhex(frozen.hash))
        if not edwards.verify(own.signing_key, message, signature):
            raise Invalid(
                _l("This is no signature of this freeze by your key: choose the file you saved for this election."),
                "signature",
            )  # fmt: skip
        own.opening_signature = signature
        session.flush()
        audit.record("election.sign_opening", actor.id, f"election:{election.id}", officer=own.number)
        emit(OpeningSigned(actor.id, election_id=election.id, officer_id=own.id))
    return own
