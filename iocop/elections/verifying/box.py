"""The ballots: on the board, valid, each following the one before it, and opened with the officers' keys."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING

from iocop.elections.sealing import ballots, freezing
from iocop.elections.sealing.canonical import digest
from iocop.elections.sealing.opening import BATCH, SUPERSEDED, Opened, Opener
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iocop.elections.sealing.ballots import Ballot
    from iocop.elections.sealing.freezing import Freeze
    from iocop.elections.verifying.chains import Board
    from iocop.elections.verifying.report import Report

    Work = tuple[Ballot, bool]

FILE = "ballots.bin"
WORTH_IT = 8  # batches: for fewer, starting other processes takes longer than they save


@dataclass(slots=True)
class Box:
    """The ballots of an archive that could be read, by hash, in their order.

    Attributes:
        rows: where each stands in the file, from 1.
        opened: what each says.
    """

    ballots: dict[bytes, Ballot] = field(default_factory=dict)
    rows: dict[bytes, int] = field(default_factory=dict)
    opened: list[Opened] = field(default_factory=list)

    def newest(self) -> set[bytes]:
        """Return the hashes of the ballots that count: the highest revision of every key."""
        by_revision = sorted(self.ballots.values(), key=lambda one: one.revision)
        return {one.hash for one in {one.key: one for one in by_revision}.values()}


def read(data: bytes, freeze: Freeze, board: Board, report: Report) -> Box:
    """Check that the file holds what is on the board, in its order."""
    size, box = freeze.wire_length, Box()
    wires = [data[start : start + size] for start in range(0, len(data), size)]
    hashes = [digest(wire) for wire in wires]
    _check_order(hashes, board, report)
    for row, (one, wire) in enumerate(zip(hashes, wires, strict=True), 1):
        if one in box.ballots:
            report.wrong(FILE, f"ballot {row}", f"it is the same as ballot {box.rows[one]}")
            continue
        try:
            box.ballots[one] = ballots.parse(wire, freeze)
            box.rows[one] = row
        except Refused as refused:
            report.wrong(FILE, f"ballot {row}", str(refused))
    _check_revisions(box, report)
    return box


def _check_order(found: Sequence[bytes], board: Board, report: Report) -> None:
    there, expected = frozenset(found), list(board.places)
    for one in expected:
        if one not in there:
            report.wrong("blocks.json", board.places[one], f"ballots.bin has no ballot {one.hex()}")
    for row, one in enumerate(found, 1):
        if one not in board.places:
            report.wrong(FILE, f"ballot {row}", f"its hash {one.hex()} is not on the board")
    if Counter(found) == Counter(expected):
        for row, (one, other) in enumerate(zip(found, expected, strict=True), 1):
            if one != other:
                words = f"in the order of the board, ballot {other.hex()} belongs here"
                report.wrong(FILE, f"ballot {row}", words)


def _check_revisions(box: Box, report: Report) -> None:
    first: dict[tuple[bytes, int], Ballot] = {}
    for ballot in box.ballots.values():
        twin = first.setdefault((ballot.key, ballot.revision), ballot)
        if twin is not ballot:
            words = f"it is revision {ballot.revision} of its key, and so is ballot {box.rows[twin.hash]}"
            report.wrong(FILE, f"ballot {box.rows[ballot.hash]}", words)
    for ballot in box.ballots.values():
        row, before = f"ballot {box.rows[ballot.hash]}", first.get((ballot.key, ballot.revision - 1))
        if before is None and ballot.revision > 1:
            missing = ballot.revision - 1
            report.wrong(
                FILE, row, f"it is revision {ballot.revision} of its key; revision {missing} is missing"
            )
        elif ballot.previous != (before.hash if before else ballots.NO_BALLOT):
            report.wrong(FILE, row, "it does not name the hash of the revision before it")


def open_all(
    box: Box,
    freeze: Freeze,
    keys: Mapping[int, bytes],
    report: Report,
    jobs: int,
    progress: Callable[[int], None],
) -> None:
    """Check every ballot's token and signature, and open those that count.

    Args:
        jobs: processes to share the work, where there is enough of it.
        progress: told how many more ballots are done.
    """
    newest = box.newest()
    work = [(ballot, ballot.hash in newest) for ballot in box.ballots.values()]
    batches = [work[start : start + BATCH] for start in range(0, len(work), BATCH)]
    for batch in _worked(Worker(freeze, keys), batches, jobs):
        for fault, opened in batch:
            if fault:
                report.wrong(FILE, f"ballot {box.rows[opened.ballot]}", fault)
            box.opened.append(opened)
        progress(len(batch))
    box.opened.sort(key=lambda one: one.ballot)


class Worker:
    """Checks and opens ballots, one after the other."""

    def __init__(self, freeze: Freeze, keys: Mapping[int, bytes]) -> None:
        self.freeze = freeze
        self.keys = dict(keys)
        self.opener = Opener(freeze, keys)

    def work(self, batch: Sequence[Work]) -> list[tuple[str, Opened]]:
        """Return of each (ballot, whether it counts) what is wrong with it, and what it says."""
        return [self._one(ballot, counts=counts) for ballot, counts in batch]

    def _one(self, ballot: Ballot, *, counts: bool) -> tuple[str, Opened]:
        fault = ""
        try:
            ballots.check(ballot, self.freeze, inside=True)
        except Refused as refused:
            fault = str(refused)
        return fault, self.opener.open(ballot) if counts else Opened(ballot.hash, SUPERSEDED)


def _worked(
    worker: Worker, batches: Sequence[Sequence[Work]], jobs: int
) -> Iterator[list[tuple[str, Opened]]]:
    if jobs < 2 or len(batches) < WORTH_IT:
        yield from map(worker.work, batches)
        return
    given = (worker.freeze.raw, worker.keys)
    with ProcessPoolExecutor(min(jobs, len(batches)), get_context("spawn"), _equip, given) as pool:
        yield from pool.map(_work, batches)


_equipped: list[Worker] = []


def _equip(raw: bytes, keys: Mapping[int, bytes]) -> None:
    _equipped[:] = [Worker(freezing.read(raw), keys)]


def _work(batch: Sequence[Work]) -> list[tuple[str, Opened]]:
    return _equipped[0].work(batch)
