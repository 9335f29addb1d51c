"""Two public hash chains: the register of tokens, entry by entry, and the board of ballots, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from iocop.elections.sealing import tokens
from iocop.elections.sealing.canonical import digest, dumps
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from iocop.elections.sealing.freezing import Freeze

ENTRY = 800  # bytes of one entry of the register


@dataclass(frozen=True, slots=True)
class Entry:
    """One token issued: the member's leaf (32 bytes), the blinded message and the blind signature (384 bytes each)."""

    leaf: bytes
    blinded: bytes
    blind_signature: bytes

    @property
    def raw(self) -> bytes:
        """The entry as it enters the chain and the archive, 800 bytes."""
        return self.leaf + self.blinded + self.blind_signature


def entries(data: bytes) -> list[Entry]:
    """Read the register as the archive holds it.

    Raises:
        Refused: reason ``register``: not a whole number of entries.
    """
    if len(data) % ENTRY:
        raise Refused("register", f"{len(data)} bytes are no whole number of entries of {ENTRY} bytes.")
    rows = (data[place : place + ENTRY] for place in range(0, len(data), ENTRY))
    return [Entry(row[:32], row[32:416], row[416:]) for row in rows]


def issue_start(freeze_hash: bytes) -> bytes:
    """Return the head of the register before any token is issued."""
    return digest(b"iocop-issues-1" + freeze_hash)


def issue_head(before: bytes, entry: Entry) -> bytes:
    """Return the head of the register after *entry*."""
    return digest(before + entry.raw)


def check_register(rows: Iterable[Entry], leaves: Container[bytes], freeze: Freeze) -> bytes:
    """Check that every entry is of the roll, the only one of its leaf, and rightly signed.

    Args:
        leaves: of the roll, as a set.

    Returns:
        The last head.

    Raises:
        Refused: reason ``leaf`` (not on the roll), ``twice`` or ``blind-signature``; the message says which entry.
    """
    seen: set[bytes] = set()
    head = issue_start(freeze.hash)
    for number, entry in enumerate(rows, 1):
        if entry.leaf not in leaves:
            raise Refused("leaf", f"Entry {number} of the register is of nobody on the roll.")
        if entry.leaf in seen:
            raise Refused("twice", f"Entry {number} of the register is the second of its member.")
        if not tokens.issued(entry.blinded, entry.blind_signature, freeze.modulus):
            raise Refused(
                "blind-signature", f"Entry {number} of the register bears no valid blind signature."
            )
        seen.add(entry.leaf)
        head = issue_head(head, entry)
    return head


def block_head(before: bytes, number: int, hashes: Sequence[bytes]) -> bytes:
    """Return the head of the board after block *number* (from 1) with the ballots *hashes*.

    Args:
        before: head of the block before; the freeze hash before block 1.
        hashes: sorted, each once.

    Raises:
        Refused: reason ``block``: hashes out of order or twice, which would tell when they came.
    """
    if any(left >= right for left, right in pairwise(hashes)):
        raise Refused("block", f"The ballots of block {number} are not sorted, or one stands twice.")
    head = b"iocop-block-1" + before + number.to_bytes(4) + len(hashes).to_bytes(4)
    return digest(head + b"".join(hashes))


def check_board(blocks: Sequence[Sequence[bytes]], freeze: Freeze) -> list[bytes]:
    """Check that every block but the last is large enough and no ballot stands in two.

    Returns:
        The heads, from block 1.

    Raises:
        Refused: reason ``block``; the message says which.
    """
    seen: set[bytes] = set()
    heads: list[bytes] = []
    for number, hashes in enumerate(blocks, 1):
        if len(hashes) < (freeze.block_minimum if number < len(blocks) else 1):
            raise Refused("block", f"Block {number} holds {len(hashes)} ballots, too few to hide among.")
        if not seen.isdisjoint(hashes):
            raise Refused("block", f"A ballot of block {number} stands in an earlier one too.")
        seen.update(hashes)
        heads.append(block_head(heads[-1] if heads else freeze.hash, number, hashes))
    return heads


def sealed_document(
    freeze_hash: bytes, board: bytes, blocks: int, ballots: int, issues: bytes, issued: int
) -> bytes:
    """Write ``sealed.json``: last heads of both chains (*board*, *issues*) and what they hold; its hash is X."""
    return dumps(
        {
            "format": "iocop-sealed-1",
            "freeze": freeze_hash.hex(),
            "board": board.hex(),
            "blocks": blocks,
            "ballots": ballots,
            "issues": issues.hex(),
            "issued": issued,
        }
    )


def closing_message(sealed_hash: bytes) -> bytes:
    """Return what every officer signs who opens the ballots; *sealed_hash* is X."""
    return b"iocop-close-1" + sealed_hash
