"""Many at once: one token a member, one row a ballot, one winner a revision, on threads of their own."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pytest

from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.elections.queries import casting
from iocop.elections.sealing import ballots, chains, plaintexts
from iocop.elections.sealing.refusals import Refused
from iocop.elections.services import boxes, issuing
from iocop.elections.services.casting import cast
from tests.elections.held import Held, entries, hold
from tests.factories import viewer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask

T = TypeVar("T")


def together(app: Flask, works: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do everything at once, each on a thread and in a context of its own; return what each came to."""
    found: list[T | Exception | None] = [None] * len(works)
    ready = threading.Barrier(len(works))

    def do(place: int, work: Callable[[], T]) -> None:
        with app.app_context():
            ready.wait(30)
            try:
                found[place] = work()
            except Exception as error:  # noqa: BLE001 -- it is looked at below
                found[place] = error

    db.session.rollback()
    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return [one for one in found if one is not None]


@contextmanager
def box_beside(app: Flask) -> Iterator[None]:
    """Keep ballots where the test's database is: on PostgreSQL in it, else in a file."""
    settings = app.extensions["settings"]
    url = settings.database if settings.database.startswith("postgresql") else ""
    app.extensions["settings"] = replace(settings, ballot_box_url=url)
    try:
        yield
    finally:
        boxes.destroy(1)
        app.extensions["settings"] = settings


@pytest.fixture
def held(app: Flask) -> Iterator[Held]:
    with box_beside(app):
        yield hold()


def test_point_02_one_token_a_member_under_fifty_concurrent_requests(app: Flask, held: Held) -> None:
    member, number = held.voters[0], held.id
    actor, first = viewer_of(member), held.blinded(member)
    held.codes[member.id] = bytes(16)
    second = held.blinded(member)

    def asking(blinded: bytes) -> Callable[[], bytes]:
        return lambda: issuing.issue(actor, number, blinded)

    came = together(app, [asking(first if place % 2 else second) for place in range(50)])

    answers = {answer for answer in came if isinstance(answer, bytes)}
    assert len(answers) == 1, came
    assert len([answer for answer in came if isinstance(answer, bytes)]) == 25
    assert len([answer for answer in came if isinstance(answer, Conflict)]) == 25
    rows = list(casting.register(number))
    assert [row.blind_signature for row in rows] == list(answers)
    chains.check_register(rows, {entry.leaf for entry in entries(held)}, held.freeze)


def test_point_02_everybody_at_once_makes_one_chain(app: Flask, held: Held) -> None:
    number = held.id
    asked = [(viewer_of(member), held.blinded(member)) for member in held.voters]

    def asking(place: int) -> Callable[[], bytes]:
        actor, blinded = asked[place % len(asked)]
        return lambda: issuing.issue(actor, number, blinded)

    came = together(app, [asking(place) for place in range(20)])

    assert len({answer for answer in came if isinstance(answer, bytes)}) == len(asked), came
    rows = list(casting.register(number))
    head = chains.check_register(rows, {entry.leaf for entry in entries(held)}, held.freeze)
    assert casting.last_issue(casting.poll_of(number)) == (len(asked), head)


def test_twenty_casts_of_one_ballot_are_one_row_and_have_one_answer(app: Flask, held: Held) -> None:
    number, wire = held.id, held.wire(held.voters[0], [1, 2, 3])

    came = together(app, [lambda: cast(number, len(wire), lambda: wire)] * 20)

    assert len(came) == 20
    assert set(came) == {held.send(wire)}
    assert boxes.box_of(held.freeze).count() == 1


def test_of_different_ballots_of_one_key_one_wins_each_revision(app: Flask, held: Held) -> None:
    number, member = held.id, held.voters[0]
    voter, token = held.voter(member), held.token(member)
    before = ballots.NO_BALLOT
    for revision in (1, 2, 3):
        papers = [plaintexts.encode([1 + place % 3, 0, 0], held.freeze) for place in range(3)]
        wires = [ballots.seal(voter, token, paper, revision, before, held.freeze) for paper in papers]

        def casting_of(wire: bytes) -> Callable[[], object]:
            return lambda: cast(number, len(wire), lambda: wire)

        came = together(app, [casting_of(wire) for wire in wires * 3])

        taken = {one for one in came if not isinstance(one, Exception)}
        reasons = {one.reason for one in came if isinstance(one, Refused)}
        assert (len(came), len(taken), reasons) == (9, 1, {"superseded"})
        before = taken.pop().ballot  # type: ignore[attr-defined]
    newest = boxes.box_of(held.freeze).newest_of(voter.key)
    assert newest is not None
    assert newest[0] == 3
    assert boxes.box_of(held.freeze).count() == 3
