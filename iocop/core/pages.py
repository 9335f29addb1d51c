"""Stable numbered pages: what stands on page 3 today stands there tomorrow, unless the list itself changed."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Generic, TypeVar

from flask import request

from iocop.core.errors import Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

Row = TypeVar("Row")

LAST_PAGE = 10_000
AROUND = 2


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a longer list.

    Attributes:
        number: from 1.
        size: rows a page holds.
        total: rows in the whole list.
    """

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, ceil(self.total / self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.count else None

    def numbers(self) -> list[int | None]:
        """Return the page numbers a pager shows; None stands for a gap."""
        near = range(max(1, self.number - AROUND), min(self.count, self.number + AROUND) + 1)
        shown = sorted({1, *near, self.count})
        spaced: list[int | None] = []
        for number in shown:
            if spaced and spaced[-1] is not None and number - spaced[-1] > 1:
                spaced.append(None)
            spaced.append(number)
        return spaced


def offset(number: int, size: int) -> int:
    """Return how many rows lie before a page."""
    return (number - 1) * size


def asked_page() -> int:
    """Return the page number the address asks for, from 1.

    Raises:
        Missing: not a number from 1 to 10,000.
    """
    text = request.args.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= LAST_PAGE:
        raise Missing(_l("There is no such page."))
    return int(text)


def asked_version(name: str, otherwise: int) -> int:
    """Return the number of a revision that the address asks for by a parameter; *otherwise* where it says nothing.

    Raises:
        Missing: not a number of up to six digits.
    """
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Missing(_l("There is no such version."))
    return int(text)
