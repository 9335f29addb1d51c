"""Taking a sealed ballot. No event, no log line, no member, no address, no time: only the ballot, in its box."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iocop.core import clock
from iocop.core.errors import Gone
from iocop.elections.box.store import BoxClosed
from iocop.elections.queries import casting
from iocop.elections.sealing import ballots
from iocop.elections.sealing.refusals import Refused
from iocop.elections.services.boxes import box_of
from iocop.elections.voting import is_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from iocop.elections.sealing.ballots import Ballot
    from iocop.elections.sealing.freezing import Freeze


class Acknowledged(NamedTuple):
    """Proof that the site owes a ballot's inclusion; both are bytes, and neither carries a time."""

    ballot: bytes
    signature: bytes


def cast(election_id: int, length: int | None, body: Callable[[], bytes]) -> Acknowledged:
    """Put a sealed ballot into the box; the same bytes again have the same answer, also after the close.

    Args:
        length: what the request says of its length; another than the election's is refused before a byte is read.
        body: reads it. A ballot counts whose body has arrived before the close.

    Raises:
        Refused: of `sealing.refusals`, reason ``length``, ``version``, ``election``, ``origin``, ``revision``,
            ``previous``, ``token``, ``signature``, ``superseded`` or ``gap``: certainly not held.
        Gone: votes are not taken now.
    """
    poll, seed = casting.taking(election_id)
    freeze = casting.freeze_of(poll)
    if length != freeze.wire_length:
        raise Refused("length", f"A ballot of this election is {freeze.wire_length} bytes, not {length}.")
    wire = body()
    arrived = clock.now()
    ballot = ballots.parse(wire, freeze)
    verdict = is_open(poll, arrived)
    if not verdict:
        if poll.state != "void" and _is_held(ballot, freeze):
            return acknowledge(seed, ballot.hash, freeze)
        raise Gone(verdict.reason)
    ballots.check(ballot, freeze)
    try:
        box_of(freeze).add(ballot)
    except BoxClosed as late:
        raise Gone(is_open(poll._replace(state="sealed"), arrived).reason) from late
    return acknowledge(seed, ballot.hash, freeze)


def _is_held(ballot: Ballot, freeze: Freeze) -> bool:
    newest = box_of(freeze).newest_of(ballot.key)
    return newest is not None and newest[1] == ballot.wire


def acknowledge(seed: bytes | None, ballot_hash: bytes, freeze: Freeze) -> Acknowledged:
    """Sign that a ballot is in the box.

    Args:
        seed: of the election's acknowledger.

    Raises:
        Gone: the election is over and the key destroyed.
    """
    if seed is None:
        raise Gone("The key that acknowledged ballots has been destroyed; the board shows every ballot.")
    return Acknowledged(ballot_hash, ballots.acknowledge(seed, freeze.hash, ballot_hash))
