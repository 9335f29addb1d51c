"""Opening the ballots with the keys of k officers: any k come to the same result.

From the opened shares S is combined, and from S every sealed byte is made again: C and all n sealed shares. A ballot
that differs anywhere is spoilt. If all n are what S makes of them, any k of them give this S; if one is not, it is not
for any S, so no k officers can read what others cannot.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from iocop.elections.sealing import exchange, freezing, sharing
from iocop.elections.sealing.ballots import Ballot, standing
from iocop.elections.sealing.envelope import SEED, Envelope
from iocop.elections.sealing.plaintexts import SPOILT, decode
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from iocop.elections.sealing.freezing import Freeze

SUPERSEDED = "superseded"
BATCH = 500  # ballots a process takes at a time

_UNOPENED = bytes(SEED)  # stands for a share that does not open


@dataclass(frozen=True, slots=True)
class Opened:
    """What the count says of one ballot.

    Attributes:
        ballot: its hash.
        state: ``counted``, ``blank``, ``superseded`` or ``spoilt:`` with ``sealing`` or a reason of `plaintexts.decode`.
        marks: the candidates' bytes in frozen order; none unless counted or blank.
    """

    ballot: bytes
    state: str
    marks: tuple[int, ...] = ()


class Opener:
    """k officers' keys, ready to open ballots."""

    def __init__(self, freeze: Freeze, keys: Mapping[int, bytes]) -> None:
        """Take the first k of *keys*, X25519 private keys by officer's number.

        Raises:
            Refused: reason ``keys``: fewer than k, or one that is not of the frozen officer.
        """
        if len(keys) < freeze.needed:
            raise Refused("keys", f"{len(keys)} keys of {freeze.needed} that are needed.")
        for number, private in keys.items():
            known = 1 <= number <= len(freeze.officers)
            if not known or exchange.public(private) != freeze.officers[number - 1].encryption:
                raise Refused("keys", f"The key of officer {number} is not the one in the freeze.")
        self._freeze = freeze
        self._keys = {
            number: X25519PrivateKey.from_private_bytes(keys[number])
            for number in sorted(keys)[: freeze.needed]
        }

    def open(self, ballot: Ballot) -> Opened:
        """Open one ballot that has been checked and is not superseded."""
        aad = ballot.key + bytes([ballot.revision])
        recipients = self._freeze.recipients
        shares = {
            number: recipients[number - 1].open(key, ballot.shares[number - 1], aad)
            for number, key in self._keys.items()
        }
        seed = sharing.combine({number: share or _UNOPENED for number, share in shares.items()})
        envelope = Envelope(seed, self._freeze, ballot.key, ballot.revision)
        try:
            plaintext = envelope.decrypt(ballot.sealed)
        except InvalidTag:
            return Opened(ballot.hash, f"{SPOILT}:sealing")
        if not all(
            _same(envelope, number, ballot.shares[number - 1], shares.get(number))
            for number in _numbers(ballot)
        ):
            return Opened(ballot.hash, f"{SPOILT}:sealing")
        paper = decode(plaintext, self._freeze)
        return Opened(ballot.hash, paper.state, paper.marks)


def _numbers(ballot: Ballot) -> range:
    return range(1, len(ballot.shares) + 1)


def _same(envelope: Envelope, number: int, sealed: bytes, opened: bytes | None) -> bool:
    """Say whether *sealed* is byte for byte what the seed makes for officer *number*.

    A share that was opened needs no second exchange: with the same ephemeral key both sides agree on the same secret,
    so the cipher's key is the same, and under one key and nonce only one ciphertext opens to one plaintext.
    """
    if opened is None:
        return envelope.sealed_share(number) == sealed
    ephemeral = envelope.ephemeral(number).public_key().public_bytes_raw()
    return sealed[: len(ephemeral)] == ephemeral and opened == envelope.share(number)


def open_box(
    freeze: Freeze,
    keys: Mapping[int, bytes],
    ballots: Iterable[Ballot],
    *,
    jobs: int = 1,
    progress: Callable[[int], None] = lambda _done: None,
) -> list[Opened]:
    """Open every ballot that counts, and name those that are superseded; all sorted by ballot hash.

    Args:
        keys: X25519 private keys of k or more officers by number; which of them makes no difference.
        ballots: checked ones.
        jobs: processes to share the work.
        progress: told every now and then how many more ballots are done.

    Raises:
        Refused: reason ``keys``; or two ballots of one revision, a gap: see `ballots.standing`.
    """
    opener = Opener(freeze, keys)
    box = list(ballots)
    counting = {ballot.hash for ballot in standing(box).values()}
    rows = [Opened(ballot.hash, SUPERSEDED) for ballot in box if ballot.hash not in counting]
    progress(len(rows))
    chosen = [ballot for ballot in box if ballot.hash in counting]
    batches = [chosen[place : place + BATCH] for place in range(0, len(chosen), BATCH)]
    for batch in _worked(opener, freeze, keys, batches, jobs):
        progress(len(batch))
        rows.extend(batch)
    return sorted(rows, key=lambda row: row.ballot)


def _worked(
    opener: Opener, freeze: Freeze, keys: Mapping[int, bytes], batches: Sequence[Sequence[Ballot]], jobs: int
) -> Iterable[list[Opened]]:
    if jobs < 2 or len(batches) < 2:
        for batch in batches:
            yield [opener.open(ballot) for ballot in batch]
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _equip, (freeze.raw, dict(keys))) as pool:
        yield from pool.map(_work, batches)


_equipped: list[Opener] = []


def _equip(raw: bytes, keys: Mapping[int, bytes]) -> None:
    _equipped[:] = [Opener(freezing.read(raw), keys)]


def _work(batch: Sequence[Ballot]) -> list[Opened]:
    return [_equipped[0].open(ballot) for ballot in batch]


def table(rows: Iterable[Opened]) -> bytes:
    """Write ``opened.csv`` from rows sorted by ballot hash."""
    lines = [f"{row.ballot.hex()},{row.state},{' '.join(map(str, row.marks))}\n" for row in rows]
    return ("ballot,state,marks\n" + "".join(lines)).encode()
