"""What a rule says: where, which words, and because of what. Pure."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

RULES = ("confidential", "client", "money", "address", "file")
"""Every rule, in the order a warning names them."""


class Finding(NamedTuple):
    """Some words that may be better left out.

    Attributes:
        rule: the rule that found them, one of `RULES`.
        start, end: where they stand in the text, in characters; both 0 for what stands in a file.
        words: the words themselves.
        because: the key of the reason (`safety.wording.REASONS`).
        where: the name of the file they stand in; empty for the text itself.
    """

    rule: str
    start: int
    end: int
    words: str
    because: str
    where: str = ""


MOST = 100
"""Findings of one kind after which a rule stops: a member reads no more, and a hostile text gains nothing."""

Item = TypeVar("Item")


def few(found: Iterable[Item]) -> list[Item]:
    """Return the first of many."""
    return list(islice(found, MOST))


def apart(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of the text; of two that overlap the one that begins, or is given, first."""
    taken: list[Finding] = []
    ranked = sorted(enumerate(findings), key=lambda item: (item[1].start, item[0]))
    for _, found in ranked:
        if not taken or found.start >= taken[-1].end:
            taken.append(found)
    return taken
