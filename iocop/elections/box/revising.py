"""Which of a voter key's ballots follows which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_REVISIONS = 20
FIRST = bytes(32)
"""What the first ballot of a key names as the one before it."""


@dataclass(frozen=True, slots=True)
class BallotIn:
    """A ballot whose token and signature hold: its hash, its key, its revision (1 to 20), the hash before it."""

    hash: bytes
    voter: bytes
    revision: int
    previous: bytes
    wire: bytes


class OutOfTurn(Exception):
    """Another ballot of this key stands where this one would.

    Attributes:
        newest: the hash of the key's newest ballot, None without one; the browser goes on from there.
    """

    def __init__(self, newest: bytes | None) -> None:
        super().__init__("another ballot of this key stands there")
        self.newest = newest


def admit(ballot: BallotIn, newest: Mapping[bytes, tuple[int, bytes]]) -> bool:
    """Say whether a ballot is new (True) or the newest one come again (False).

    So nobody rolls a voter back by posting an old ballot anew, and of two tabs one wins.

    Args:
        newest: voter key to revision and hash of its newest ballot.

    Raises:
        OutOfTurn: a lower or equal revision, a gap, or another ballot before it than the newest.
    """
    revision, last = newest.get(ballot.voter, (0, FIRST))
    if ballot.hash == last:
        return False
    if ballot.revision != revision + 1 or ballot.previous != last or ballot.revision > MOST_REVISIONS:
        raise OutOfTurn(last if revision else None)
    return True
