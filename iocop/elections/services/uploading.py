"""The officers' keys after the close: each gives the own one, and nobody sees any before enough are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask_babel import lazy_gettext as _l

from iocop.core import audit, clock
from iocop.core.db import act
from iocop.core.errors import Gone, Invalid, Refused
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.elections.events import KeysPublished, KeyUploaded
from iocop.elections.queries import casting, elections
from iocop.elections.sealing import edwards, exchange
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.chains import closing_message
from iocop.elections.voting import may_give_private_key

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.elections.models import Election, ElectionOfficer


def give_key(actor: Viewer, election_id: int, private: bytes, signature: bytes) -> ElectionOfficer:
    """Take an officer's private key for opening the ballots, with the signature of the final heads.

    Args:
        private: the X25519 key whose public part is in the freeze, 32 bytes.
        signature: of "iocop-close-1" and the hash of sealed.json, by the officer's signing key in the freeze.

    Raises:
        Refused: not an officer whose key is in the freeze, or the election is not sealed.
        Gone: the day until which keys are taken has passed.
        Invalid: another key than the one in the freeze, or a signature of other heads.
    """
    with act() as session:
        now = clock.now()
        election = elections.locked(election_id)
        found = elections.officer_of(election_id, actor.id)
        require(may_give_private_key(actor, election, found))
        if now >= election.keys_until:
            raise Gone(_l("Keys were taken until %(day)s.", day=election.keys_until.date()))
        officer = cast("ElectionOfficer", found)
        _check(election, officer, private, signature)
        officer.private_key, officer.closing_signature = private, signature
        session.flush()
        audit.record("give_election_key", actor.id, f"election:{election_id}", officer=officer.number)
        emit(KeyUploaded(actor_id=actor.id, election_id=election_id, officer_id=officer.id))
        if len(given(election_id)) == election.needed:
            emit(KeysPublished(actor_id=actor.id, election_id=election_id))
    return officer


def _check(election: Election, officer: ElectionOfficer, private: bytes, signature: bytes) -> None:
    freeze = casting.freeze_of(casting.poll_of(election.id))
    if officer.number > len(freeze.officers):
        raise Refused(_l("You became an officer after the freeze: none of the frozen keys is yours."))
    frozen = freeze.officers[officer.number - 1]
    if len(private) != 32 or exchange.public(private) != frozen.encryption:
        raise Invalid(
            _l("This is not the key you made for this election; choose the file you saved then."), "key"
        )
    sealed = elections.document(election.id, "sealed.json")
    if sealed is None or not edwards.verify(
        frozen.signing, closing_message(digest(sealed.content)), signature
    ):
        raise Invalid(
            _l("The signature is not of the final heads. Load this page again and press once more."),
            "signature",
        )


def given(election_id: int) -> dict[int, bytes]:
    """Return the keys that were given, by officer's number."""
    return {
        officer.number: officer.private_key
        for officer in elections.officers(election_id)
        if officer.private_key is not None
    }
