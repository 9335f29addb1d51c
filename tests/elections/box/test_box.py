"""The ballot box: nothing acknowledged is lost, nothing tells the order, nobody is rolled back."""

from __future__ import annotations

import hashlib
import random
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iocop.elections.box.engines import destroy, file_of
from iocop.elections.box.store import Box, BoxClosed
from iocop.elections.sealing.ballots import NO_BALLOT, Ballot
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIRE = 1151


def ballot(voter: int, revision: int = 1, previous: bytes = NO_BALLOT, mark: int = 0) -> Ballot:
    wire = random.Random(f"{voter} {revision} {mark}").randbytes(WIRE)
    key = hashlib.sha256(str(voter).encode()).digest()
    rest = {"randomizer": b"", "token": b"", "sealed": b"", "own": b"", "shares": ()}
    return Ballot(wire, hashlib.sha256(wire).digest(), 0, bytes(32), key, revision, previous, **rest)  # type: ignore[arg-type]


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> str:
    """Where the box stands: a folder, or a PostgreSQL database."""
    return database_url if database_url.startswith("postgresql") else str(tmp_path)


@pytest.fixture
def open_box(address: str) -> Iterator[Callable[[int], Box]]:
    opened: list[Box] = []

    def opening(minimum: int) -> Box:
        opened.append(Box(address, 1, minimum))
        return opened[-1]

    yield opening
    for box in opened:
        box.engine.dispose()
    destroy(address, 1)


def test_blocks_hold_the_least_number_and_are_sorted(open_box: Callable[[int], Box]) -> None:
    box = open_box(10)
    for voter in range(25):
        box.add(ballot(voter))
    assert box.block_numbers() == 2
    assert [len(box.block(number)) for number in (1, 2, 3)] == [10, 10, 0]
    assert all(box.block(number) == sorted(box.block(number)) for number in (1, 2))
    assert box.count() == 25
    box.close()
    box.close()
    assert len(box.block(3)) == 5
    with pytest.raises(BoxClosed):
        box.add(ballot(99))
    hashes = [hashlib.sha256(wire).digest() for wire in box.wires()]
    assert hashes == [hash_ for number in (1, 2, 3) for hash_ in box.block(number)]


def test_a_key_goes_on_only_from_its_newest_ballot(open_box: Callable[[int], Box]) -> None:
    box = open_box(2)
    first = ballot(1)
    box.add(first)
    box.add(first)
    second = ballot(1, 2, first.hash)
    box.add(second)
    box.add(second)
    for stale in (
        first,
        ballot(1, 2, first.hash, mark=7),
        ballot(1, 4, second.hash),
        ballot(1, 3, first.hash),
    ):
        with pytest.raises(Refused):
            box.add(stale)
    with pytest.raises(Refused):
        box.add(ballot(2, 2, NO_BALLOT))
    assert box.newest_of(first.key) == (2, second.wire)
    assert box.newest_of(bytes(32)) is None
    assert box.count() == 2


def test_two_boxes_of_two_processes_share_what_is_in_them(open_box: Callable[[int], Box]) -> None:
    here, there = open_box(3), open_box(3)
    here.add(ballot(1))
    there.add(ballot(2))
    with pytest.raises(Refused):
        there.add(ballot(1, mark=1))
    here.add(ballot(3))
    assert there.block(1) == sorted(ballot(voter).hash for voter in (1, 2, 3))


def test_threads_that_come_together_are_all_kept(open_box: Callable[[int], Box]) -> None:
    box = open_box(7)
    refusals: list[int] = []

    def cast(voter: int) -> None:
        for mark in range(3):
            try:
                box.add(ballot(voter, mark=mark))
            except Refused:
                refusals.append(voter)

    threads = [threading.Thread(target=cast, args=(voter,)) for voter in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert box.count() == 20
    assert sorted(refusals) == sorted([*range(20)] * 2)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(17)))
def test_a_copy_of_the_file_does_not_tell_the_order(tmp_path: Path, order: list[int]) -> None:
    """Not by a byte: any two orders of the same ballots, block by block, leave the same file."""
    files = []
    for name, voters in (("one", sorted(order[:10]) + sorted(order[10:])), ("two", order)):
        destroy(str(tmp_path / name), 1)
        box = Box(str(tmp_path / name), 1, 10)
        for voter in voters:
            box.add(ballot(voter))
        box.engine.dispose()
        folder = tmp_path / name
        files.append(file_of(str(folder), 1).read_bytes())
        assert [file.name for file in folder.iterdir() if file.stat().st_size] == ["election-1.sqlite"]
    assert files[0] == files[1]


def test_a_destroyed_box_is_empty(open_box: Callable[[int], Box], address: str) -> None:
    box = open_box(2)
    box.add(ballot(1))
    box.engine.dispose()
    destroy(address, 1)
    destroy(address, 1)
    assert open_box(2).count() == 0


@pytest.mark.only("sqlite")
def test_the_file_never_had_a_write_ahead_log(open_box: Callable[[int], Box]) -> None:
    """Bytes 18 and 19 of the file say so; the site's own database has one."""
    box = open_box(2)
    box.add(ballot(1))
    with box.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "truncate"
    assert file_of(str(Path(str(box.engine.url.database)).parent), 1).read_bytes()[18:20] == b"\x01\x01"
