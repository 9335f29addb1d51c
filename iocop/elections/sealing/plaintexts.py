"""What a paper says, in exactly 256 bytes, and why another one is spoilt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iocop.elections.sealing.freezing import Freeze

LENGTH = 256
VERSION = 1
_MARKS = 34  # where the candidates' bytes begin: version, kind and freeze hash stand before

COUNTED, BLANK, SPOILT = "counted", "blank", "spoilt"
REASONS = ("sealing", "version", "election", "kind", "padding", "value")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its state (``counted``, ``blank`` or ``spoilt:reason``) and the candidates' bytes in frozen order."""

    state: str
    marks: tuple[int, ...] = ()


def encode(marks: Sequence[int], freeze: Freeze) -> bytes:
    """Write a paper.

    Args:
        marks: one number a candidate in frozen order: a rank, 0 or 1, or an answer, as the election's kind has it.

    Raises:
        ValueError: not one number a candidate, or one the kind does not know.
    """
    if len(marks) != len(freeze.candidates):
        raise ValueError(f"{len(marks)} marks for {len(freeze.candidates)} candidates: give one each.")
    if not all(0 <= mark <= freeze.highest_mark for mark in marks):
        raise ValueError(f"Marks are 0 to {freeze.highest_mark} in this election.")
    return (bytes([VERSION, freeze.ballot_kind]) + freeze.hash + bytes(marks)).ljust(LENGTH, b"\x00")


def decode(plaintext: bytes, freeze: Freeze) -> Paper:
    """Read a paper; the first reason that holds spoils it, in the order of `REASONS`.

    Raises:
        ValueError: not 256 bytes, which sealing does not let happen.
    """
    if len(plaintext) != LENGTH:
        raise ValueError(f"A paper is {LENGTH} bytes, not {len(plaintext)}.")
    end = _MARKS + len(freeze.candidates)
    marks = plaintext[_MARKS:end]
    faults = {
        "version": plaintext[0] != VERSION,
        "election": plaintext[2:_MARKS] != freeze.hash,
        "kind": plaintext[1] != freeze.ballot_kind,
        "padding": plaintext.count(0, end) < LENGTH - end,
        "value": max(marks) > freeze.highest_mark,
    }
    for reason, holds in faults.items():
        if holds:
            return Paper(f"{SPOILT}:{reason}")
    return Paper(COUNTED if any(marks) else BLANK, tuple(marks))
