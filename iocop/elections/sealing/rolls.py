"""The roll as a Merkle tree over salted leaves: everybody finds the own one, nobody reads another's.

Source: RFC 6962, sections 2.1 and 2.1.1 (SHA-256).
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from iocop.elections.sealing.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SALT = 32


def leaf(salt: bytes, member: int) -> bytes:
    """Return the leaf of the member with the public number *member*; it says nothing once *salt* is destroyed."""
    return hmac.digest(salt, str(member).encode(), "sha256")


def ordered(leaves: Iterable[bytes]) -> list[bytes]:
    """Return leaves as the tree has them.

    Raises:
        ValueError: a leaf stands twice, or is not 32 bytes.
    """
    rows = sorted(leaves)
    if len(set(rows)) < len(rows) or any(len(row) != 32 for row in rows):
        raise ValueError("Leaves are 32 bytes, and each stands once.")
    return rows


def _node(left: bytes, right: bytes) -> bytes:
    return digest(b"\x01" + left + right)


def _split(size: int) -> int:
    """The largest power of two below *size*."""
    return 1 << (size - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over sorted *leaves*, 32 bytes; of an empty roll the hash of nothing."""
    if not leaves:
        return digest(b"")
    level = [digest(b"\x00" + row) for row in leaves]
    while len(level) > 1:  # an odd one out rises as it is: the same tree as by splitting at powers of two
        pairs = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def proof(leaves: Sequence[bytes], own: bytes) -> tuple[int, list[bytes]]:
    """Return the place (from 0) of the *own* leaf among sorted *leaves* and its audit path, lowest node first.

    Raises:
        ValueError: the leaf is not on the roll.
    """
    place = leaves.index(own)
    path: list[bytes] = []
    first, last = 0, len(leaves)
    while last - first > 1:
        middle = first + _split(last - first)
        if place < middle:
            path.append(root(leaves[middle:last]))
            last = middle
        else:
            path.append(root(leaves[first:middle]))
            first = middle
    return place, path[::-1]


def included(own: bytes, place: int, path: Sequence[bytes], size: int, head: bytes) -> bool:
    """Say whether *path* leads from the *own* leaf at *place* to the root *head* of a roll of *size*."""
    if not 0 <= place < size:
        return False
    sides: list[bool] = []  # whether the sibling stands to the left, highest first
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        sides.append(place >= middle)
        first, last = (middle, last) if place >= middle else (first, middle)
    if len(sides) != len(path):
        return False
    node = digest(b"\x00" + own)
    for left, sibling in zip(reversed(sides), path, strict=True):
        node = _node(sibling, node) if left else _node(node, sibling)
    return node == head
