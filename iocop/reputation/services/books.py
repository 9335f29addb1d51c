"""Members' books stay in this process from one act to the next: a long ledger is recalled once, then added to."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from flask import current_app

from iocop.core.db import kept_in_act, when_committed
from iocop.reputation.book import Book
from iocop.reputation.queries import rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from iocop.reputation.settling import Caps

KEPT = "ledger_books"
MOST_EVENTS = 40_000
"""Events in the books one process keeps: some 50 MB."""


class Kept:
    """The books used last, of all members together no more than so many events; shared by a process's threads."""

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self._most = most
        self._books: OrderedDict[int, Book] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, member_id: int) -> Book | None:
        """Hand a book out: nobody else gets it until it is put back."""
        with self._lock:
            return self._books.pop(member_id, None)

    def put(self, book: Book) -> None:
        """Keep a book all of whose rows are committed."""
        if book.entered or book.settled:
            return  # something went wrong before they were written
        with self._lock:
            self._books[book.member_id] = book
            self._books.move_to_end(book.member_id)
            events = sum(len(each.chains) for each in self._books.values())
            while events > self._most and len(self._books) > 1:
                events -= len(self._books.popitem(last=False)[1].chains)


def open_book(member_id: int, shares: Callable[[date], Caps], number: Callable[[], int]) -> Book:
    """Return a member's book with all that stands in it; the writers of one act share it."""
    open_now: dict[int, Book] = kept_in_act().setdefault(KEPT, {})
    book = open_now.get(member_id)
    if book is None:
        kept: Kept = current_app.extensions[KEPT]
        found = kept.take(member_id)
        book = found if found and _caught_up(found) else _recalled(member_id, shares, number)
        open_now[member_id] = book
        when_committed(lambda: kept.put(book))
    book.open(shares, number)
    return book


def drop_open() -> None:
    """Forget the books of the act under way: what was entered in them may not stand."""
    kept_in_act().pop(KEPT, None)


def _recalled(member_id: int, shares: Callable[[date], Caps], number: Callable[[], int]) -> Book:
    book = Book(member_id, shares, number)
    book.recall(rows.entries_of(member_id), rows.settlements_of(member_id))
    return book


def _caught_up(book: Book) -> bool:
    """Take in what other processes entered meanwhile; say whether the book's last row stands at all."""
    newer = rows.entries_of(book.member_id, book.newest_id)
    if not newer or newer[0].id != book.newest_id:
        return False
    if len(newer) > 1:
        book.recall(newer[1:], rows.settlements_of(book.member_id, newer[1].id))
    return True
