"""Sealed ballots on the wire: sealing, reading, checking, following one another, acknowledging."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from iocop.elections.sealing import edwards, tokens
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.envelope import Envelope
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.elections.sealing.codes import Voter
    from iocop.elections.sealing.freezing import Freeze

VERSION = 1
BROWSER, SERVER = 0, 1
MOST_REVISIONS = 20
NO_BALLOT = bytes(32)  # the hash before the first revision

_SIGNATURE = 64
_SHARES = 847  # where the sealed shares begin


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot taken apart; nothing is believed of it before `check`.

    Attributes:
        hash: B.
        origin: 0 sealed by a browser, 1 by the server.
        key: V, the voter's public key.
        previous: hash of the ballot one revision earlier, zeros for the first.
        sealed: C.
        own: the voter's own copy of S.
        shares: sealed shares, officer 1 first.
    """

    wire: bytes = field(repr=False)
    hash: bytes
    origin: int
    freeze_hash: bytes
    key: bytes
    revision: int
    previous: bytes
    randomizer: bytes = field(repr=False)
    token: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    own: bytes = field(repr=False)
    shares: tuple[bytes, ...] = field(repr=False)


def seal(
    voter: Voter,
    token: bytes,
    plaintext: bytes,
    revision: int,
    previous: bytes,
    freeze: Freeze,
    origin: int = BROWSER,
) -> bytes:
    """Seal *plaintext* (256 bytes) and sign it; the same arguments give the same bytes.

    Args:
        token: the finalized signature, 384 bytes.
        revision: 1 to 20.
        previous: hash of the ballot of the revision before; `NO_BALLOT` for the first.
    """
    if not 1 <= revision <= MOST_REVISIONS or (revision == 1) != (previous == NO_BALLOT):
        raise ValueError(f"Revisions are 1 to {MOST_REVISIONS}; all but the first name the one before.")
    envelope = Envelope(voter.ballot_seed(revision, digest(plaintext)), freeze, voter.key, revision)
    own = AESGCM(voter.own_key).encrypt(envelope.own_nonce, envelope.seed, envelope.aad)
    shares = b"".join(envelope.sealed_share(officer.number) for officer in freeze.officers)
    body = (
        bytes([VERSION, origin]) + freeze.hash + voter.key + bytes([revision]) + previous + voter.randomizer + token
        + envelope.encrypt(plaintext) + envelope.own_nonce + own + shares
    )  # fmt: skip
    return body + edwards.sign(voter.seed, b"iocop-ballot-1" + body)


def parse(wire: bytes, freeze: Freeze) -> Ballot:
    """Take a ballot apart.

    Raises:
        Refused: reason ``length`` (the one length all ballots of the election have) or ``version``.
    """
    if len(wire) != freeze.wire_length:
        raise Refused("length", f"A ballot of this election is {freeze.wire_length} bytes, not {len(wire)}.")
    if wire[0] != VERSION:
        raise Refused("version", f"Version {wire[0]} of ballots is not known.")
    shares = wire[_SHARES:-_SIGNATURE]
    return Ballot(
        wire=wire,
        hash=digest(wire),
        origin=wire[1],
        freeze_hash=wire[2:34],
        key=wire[34:66],
        revision=wire[66],
        previous=wire[67:99],
        randomizer=wire[99:131],
        token=wire[131:515],
        sealed=wire[515:787],
        own=wire[787:_SHARES],
        shares=tuple(shares[place : place + 80] for place in range(0, len(shares), 80)),
    )


def check(ballot: Ballot, freeze: Freeze, *, inside: bool = False) -> None:
    """Refuse a ballot that cannot be of this election, cheapest question first.

    Args:
        inside: it comes from the board or from the server itself, so it may have been sealed by the server.

    Raises:
        Refused: reason ``election``, ``origin``, ``revision``, ``many``, ``previous``, ``token`` or ``signature``.
    """
    if ballot.freeze_hash != freeze.hash:
        raise Refused("election", "This ballot is of another election.")
    if ballot.origin != BROWSER and not (ballot.origin == SERVER and inside and freeze.plain_ballots):
        raise Refused("origin", "Only the server says of a ballot that the server sealed it.")
    _check_revision(ballot)
    said = tokens.message(freeze.hash, ballot.key)
    if not tokens.verify(said, ballot.randomizer, ballot.token, freeze.modulus):
        raise Refused("token", "The voting token is not of this election's issuer and for this voting key.")
    body, signature = ballot.wire[:-_SIGNATURE], ballot.wire[-_SIGNATURE:]
    if not edwards.verify(ballot.key, b"iocop-ballot-1" + body, signature):
        raise Refused("signature", "The signature is not of this voting key.")


def _check_revision(ballot: Ballot) -> None:
    if ballot.revision > MOST_REVISIONS:
        raise Refused("many", f"A voting key has at most {MOST_REVISIONS} ballots.")
    if ballot.revision == 0 or (ballot.origin == SERVER and ballot.revision > 1):
        raise Refused("revision", "Revisions begin at 1; a ballot sealed by the server has no second.")
    if (ballot.revision == 1) != (ballot.previous == NO_BALLOT):
        raise Refused("previous", "Every revision but the first names the ballot before it.")


def follow(ballot: Ballot, latest_revision: int, latest_hash: bytes) -> None:
    """Refuse a ballot that does not directly follow the latest one of its voter key (0 and `NO_BALLOT`: none yet).

    Ask first whether these very bytes are in the box already: then the answer is the same as before.

    Raises:
        Refused: reason ``superseded`` (a lower or equal revision), ``gap`` or ``previous``.
    """
    if ballot.revision <= latest_revision:
        raise Refused("superseded", f"Revision {latest_revision} of this voting key is in the box already.")
    if ballot.revision > latest_revision + 1:
        raise Refused("gap", f"Revision {latest_revision + 1} of this voting key is missing.")
    if ballot.previous != latest_hash:
        raise Refused("previous", "This ballot names another one before it than the box holds.")


def standing(ballots: Iterable[Ballot]) -> dict[bytes, Ballot]:
    """Return the ballot that counts for each voter key: the highest revision, wherever it stands.

    Raises:
        Refused: as `follow`: two ballots of one revision, a gap, or a chain that does not hold.
    """
    latest: dict[bytes, Ballot] = {}
    for ballot in sorted(ballots, key=lambda one: one.revision):
        before = latest.get(ballot.key)
        follow(ballot, before.revision if before else 0, before.hash if before else NO_BALLOT)
        latest[ballot.key] = ballot
    return latest


def open_own(voter: Voter, ballot: Ballot, freeze: Freeze) -> bytes:
    """Return the plaintext of the voter's own ballot.

    Raises:
        Refused: reason ``own``: not sealed with this voting code.
    """
    aad = ballot.key + bytes([ballot.revision])
    try:
        seed = AESGCM(voter.own_key).decrypt(ballot.own[:12], ballot.own[12:], aad)
        plaintext = Envelope(seed, freeze, ballot.key, ballot.revision).decrypt(ballot.sealed)
    except InvalidTag as problem:
        raise Refused("own", "This ballot was not sealed with this voting code.") from problem
    if ballot.key != voter.key or seed != voter.ballot_seed(ballot.revision, digest(plaintext)):
        raise Refused("own", "This ballot was not sealed with this voting code.")
    return plaintext


def acknowledge(seed: bytes, freeze_hash: bytes, ballot_hash: bytes) -> bytes:
    """Sign, with the acknowledger's *seed*, that the ballot is in the box; 64 bytes that carry no time."""
    return edwards.sign(seed, b"iocop-ack-1" + freeze_hash + ballot_hash)


def check_acknowledgement(freeze: Freeze, ballot_hash: bytes, signature: bytes) -> bool:
    """Say whether the server owes the inclusion of this ballot."""
    return edwards.verify(freeze.acknowledger, b"iocop-ack-1" + freeze.hash + ballot_hash, signature)
