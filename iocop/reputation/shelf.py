"""All members' books in memory at once: for histories that are entered as a whole. Pure."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from iocop.reputation.book import WINDOW, Book
from iocop.reputation.rules import ENDORSING, RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime

    from iocop.reputation.book import Act, Worth
    from iocop.reputation.settling import Caps


class Shelf:
    """Every member's book; rows are numbered from *first* in the order they are entered.

    Args:
        shares: tells the greatest shares of a group and a person on a day.
    """

    def __init__(self, shares: Callable[[date], Caps], first: int = 1) -> None:
        self._shares = shares
        self._number = count(first).__next__
        self._books: dict[int, Book] = {}

    def __iter__(self) -> Iterator[Book]:
        return iter(self._books.values())

    def book(self, member_id: int) -> Book:
        """Return a member's book; an empty one where there is none yet."""
        found = self._books.get(member_id)
        if found is None:
            found = self._books[member_id] = Book(member_id, self._shares, self._number)
        return found

    def record(self, act: Act, worth: Worth, levels: Mapping[int, int]) -> None:
        """Enter what an act brings; what somebody gives themselves brings nothing.

        Args:
            levels: the giver's level by domain.
        """
        if act.actor_id == act.member_id:
            return
        mutual = 0
        if act.actor_id is not None and "mutual" in RULES[act.rule].weighed:
            mutual = self._given(act.member_id, act.actor_id, act.at - WINDOW)
        self.book(act.member_id).record(act, worth, levels, mutual)

    def _given(self, actor_id: int, member_id: int, since: datetime) -> int:
        """Return how many endorsements stand that one member gave another after a moment."""
        book = self._books.get(member_id)
        return sum(book.chains.endorsements(actor_id, rule, since) for rule in ENDORSING) if book else 0
