"""Books that stay open between acts say what recalled ones say, and none outlives an act that came to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import current_app

from iocop.core.db import act
from iocop.reputation.book import Book
from iocop.reputation.queries import rows
from iocop.reputation.services import writing
from iocop.reputation.services.books import KEPT, Kept
from iocop.reputation.services.ledger import writing as opened
from tests.factories import make_member
from tests.forums.factories import make_domain
from tests.reputation.histories import History, sums
from tests.reputation.ledgers import (
    NOON,
    an_act,
    balance,
    differences,
    make_community,
    make_thing,
    make_things,
)
from tests.search.factories import statements

if TYPE_CHECKING:
    from iocop.members.models import Member
    from iocop.reputation.book import Act

pytestmark = pytest.mark.usefixtures("app")


def kept() -> Kept:
    found: Kept = current_app.extensions[KEPT]
    return found


def recalled(member: Member) -> Book:
    book = Book(member.id, lambda _day: pytest.fail("nothing settles"), None)
    book.recall(rows.entries_of(member.id), rows.settlements_of(member.id))
    return book


def same(book: Book | None, other: Book) -> bool:
    return book is not None and sums(book) == sums(other) and book.newest_id == other.newest_id


class Came(Exception):
    """Something else went wrong."""


def test_a_kept_book_is_what_its_rows_say_and_is_not_recalled_again() -> None:
    make_community(NOON.date())
    ada, domain = make_member(), make_domain().id
    for thing in make_things(ada, 3):
        writing.record([an_act(ada, make_member(), thing, (domain,))])
    book = kept().take(ada.id)
    assert same(book, recalled(ada))
    assert book is not None
    kept().put(book)

    thing, giver = make_thing(ada), make_member()
    with statements() as seen:
        writing.record([an_act(ada, giver, thing, (domain,))])
    assert not any("FROM settlement" in one for one in seen)
    assert kept().take(ada.id) is book
    assert same(book, recalled(ada))
    assert differences() == []


def comes_to_nothing(given: Act, *, inside: bool) -> None:
    with act():
        if inside:
            with opened() as ledger:
                ledger.record(given)
                raise Came
        writing.record([given])
        raise Came


@pytest.mark.parametrize("inside", [True, False], ids=["while it was written", "after it was written"])
def test_what_was_rolled_back_is_in_no_book(inside: bool) -> None:
    make_community(NOON.date())
    ada, domain = make_member(), make_domain().id
    first, second = make_things(ada, 2)
    givers = [make_member() for _ in range(3)]
    writing.record([an_act(ada, givers[0], first, (domain,))])

    with pytest.raises(Came):
        comes_to_nothing(an_act(ada, givers[1], first, (domain,)), inside=inside)
    writing.record([an_act(ada, givers[2], second, (domain,))])

    assert [entry.source_id for entry in rows.entries_of(ada.id)] == [first, second]
    assert same(kept().take(ada.id), recalled(ada))
    assert differences() == []


def test_what_went_wrong_in_an_act_that_goes_on_is_in_no_book() -> None:
    make_community(NOON.date())
    ada, domain = make_member(), make_domain().id
    first, second = make_things(ada, 2)
    with act():
        with pytest.raises(Came):
            comes_to_nothing(an_act(ada, make_member(), first, (domain,)), inside=True)
        writing.record([an_act(ada, make_member(), second, (domain,))])

    assert [entry.source_id for entry in rows.entries_of(ada.id)] == [second]
    assert same(kept().take(ada.id), recalled(ada))
    assert differences() == []


def test_what_another_process_entered_is_taken_in() -> None:
    make_community(NOON.date())
    ada, domain = make_member(), make_domain().id
    things = make_things(ada, 3)
    writing.record([an_act(ada, make_member(), things[0], (domain,))])
    ours = kept().take(ada.id)
    assert ours is not None
    writing.record(
        [an_act(ada, make_member(), things[1], (domain,))]
    )  # as another process would, with its own book
    kept().take(ada.id)
    kept().put(ours)

    writing.record([an_act(ada, make_member(), things[2], (domain,))])

    assert kept().take(ada.id) is ours
    assert same(ours, recalled(ada))
    assert balance(ada, domain).earned_mp == 15_000
    assert differences() == []


def test_a_book_whose_last_row_does_not_stand_is_recalled_anew() -> None:
    make_community(NOON.date())
    ada, domain = make_member(), make_domain().id
    first, second = make_things(ada, 2)
    writing.record([an_act(ada, make_member(), first, (domain,))])
    book = kept().take(ada.id)
    assert book is not None
    book.newest_id += 1000
    kept().put(book)

    writing.record([an_act(ada, make_member(), second, (domain,))])

    assert kept().take(ada.id) is not book
    assert differences() == []


def test_of_all_books_those_used_last_are_kept_up_to_a_number_of_events() -> None:
    shelf = History(3).live(60).shelf
    own = [book for book in shelf if len(book.chains)]
    for book in own:
        book.entered.clear()
        book.settled.clear()
    few = Kept(len(own[-1].chains) + len(own[-2].chains))
    for book in own:
        few.put(book)

    assert few.take(own[-1].member_id) is own[-1]
    assert few.take(own[-2].member_id) is own[-2]
    assert all(few.take(book.member_id) is None for book in own[:-2])


def test_a_long_book_is_kept_alone_and_an_unwritten_one_never() -> None:
    book = next(book for book in History(3).live(60).shelf if book.entered)
    few = Kept(1)
    few.put(book)
    assert few.take(book.member_id) is None
    book.entered.clear()
    book.settled.clear()
    few.put(book)
    assert few.take(book.member_id) is book
