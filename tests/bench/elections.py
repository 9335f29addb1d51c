"""How quickly elections are counted, sealed and verified: `python -m tests.bench.elections [--write] [--ballots N]`.

Counting takes papers as real wards have them (drawn again from one of ../shared/data/elections, where that is there)
and papers that all differ. Sealing and verifying take N ballots of N voters, three officers of whom two give their
keys, and are told for 100,000: every ballot costs the same, so they are scaled, and say so. All figures are seconds of
one core's CPU; the archive's own verifier is slow by design and is asked with 20 ballots.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iocop.elections import archiving
from iocop.elections.counting import blt, scottish
from iocop.elections.counting.papers import Paper, Profile
from iocop.elections.sealing import ballots, codes, plaintexts
from iocop.elections.verifying import verify
from tests.elections.counting.large import file_of
from tests.elections.vectors.ballots import World
from tests.elections.verifying import made

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[2]
WARDS: Final = ROOT.parent / "shared/data/elections/scottish-2017"
WARD: Final = WARDS / "glasgow_2017_ward4.blt"
FULL: Final = 100_000


class Row(NamedTuple):
    """One measured thing.

    Attributes:
        bar: seconds it may take; None where there is no bar.
    """

    what: str
    seconds: float
    bar: float | None
    remark: str = ""

    def line(self) -> str:
        missed = " **missed**" if self.bar is not None and self.seconds > self.bar else ""
        bar = "–" if self.bar is None else f"{self.bar:g}"
        return f"| {self.what} | {self.seconds:.2f}{missed} | {bar} | {self.remark} |"


def spent(act: Callable[[], object], times: int = 3) -> float:
    """Return the CPU seconds of the cheapest of several runs: whatever else the machine does can only add."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


def counting() -> list[Row]:
    """Count large elections from their ballot files, reading included."""
    rows = []
    if WARD.exists():
        ward = resampled(blt.read(WARD.read_bytes()), FULL)
        remark = f"{len(ward.candidates)} candidates, {ward.seats} seats, drawn again from a ward of Glasgow"
        rows.append(Row("count 100,000 ballots of a real shape", _count(blt.write(ward).encode()), 1, remark))
    for many, bar in ((FULL, 5.0), (10 * FULL, 15.0)):
        data = file_of(many, candidates=20, seats=7)
        rows.append(
            Row(f"count {many:,} ballots, all different", _count(data), bar, "20 candidates, 7 seats")
        )
    return rows


def _count(data: bytes) -> float:
    """Count as the command does, which looks for no garbage meanwhile."""

    def count() -> None:
        profile = blt.read(data)
        scottish.count(profile, range(1, len(profile.candidates) + 1))

    gc.disable()
    try:
        return spent(count, times=2)
    finally:
        gc.enable()


def resampled(profile: Profile, papers: int) -> Profile:
    """Return an election of as many papers as wanted, each drawn from the given ones."""
    drawn = random.Random(2017).choices(
        profile.papers, weights=[paper.count for paper in profile.papers], k=papers
    )
    singly = tuple(Paper(paper.ranks) for paper in drawn)
    return Profile(profile.seats, profile.candidates, singly, profile.withdrawn, profile.title)


def commanded() -> list[Row]:
    """Count a ward from the command line: user and system time of the whole process."""
    if not WARD.exists():
        return []
    command = [str(Path(sys.executable).with_name("iocop")), "elections", "count", str(WARD), "--json"]
    best = float("inf")
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    remark = "the interpreter's start included"
    return [Row("count a ward from the command line", best, 0.5, remark)]


def sealing(many: int) -> list[Row]:
    """Seal, verify and open; told for 100,000 ballots."""
    began = time.process_time()
    whole = made.election(voters=many, members=many + many // 10, candidates=12, seats=5)
    building = time.process_time() - began
    each = FULL / many
    remark = f"scaled from {many:,}" if many != FULL else ""
    rows = [
        Row(
            "seal 100,000 ballots",
            _seal(min(many, 500)) * FULL / min(many, 500),
            None,
            "as a plain ballot is sealed",
        ),
        Row("issue tokens, seal, close, open and count 100,000", building * each, None, remark),
        Row("verify the archive of 100,000 ballots", spent(lambda: _agrees(whole)) * each, 120, remark),
    ]
    small = made.election(voters=20, members=24)
    rows.append(
        Row(
            "the archive's own verifier, 22 ballots",
            _own(small),
            None,
            "the whole process; plain Python is slow",
        )
    )
    return rows


def _seal(many: int) -> float:
    world = World(candidates=12)
    voter = codes.voter(bytes(16), world.freeze)
    token = world.token(voter)[2]
    paper = plaintexts.encode(list(range(1, 13)), world.freeze)

    def seal() -> None:
        for _ in range(many):
            ballots.seal(voter, token, paper, 1, ballots.NO_BALLOT, world.freeze)

    return spent(seal)


def _agrees(whole: made.Made) -> None:
    report = verify(whole.parts)
    if report.findings:
        raise SystemExit(f"the archive does not agree: {report.findings[0]}")


def _own(small: made.Made) -> float:
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder, "archive.zip")
        packed.write_bytes(archiving.write(small.parts))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-I", "-S", str(archiving.VERIFIER), str(packed)]
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(rows: list[Row]) -> str:
    """Return the figures as a Markdown table."""
    head = ["| what | seconds of CPU | bar | |", "|---|---|---|---|"]
    return "\n".join([*head, *(row.line() for row in rows)])


def main() -> None:
    """Measure, print the table, and with `--write` put it into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--ballots", type=int, default=2000, help="sealed ballots to make; 100000 takes an hour"
    )
    given = parser.parse_args()
    found = table([*counting(), *commanded(), *sealing(given.ballots)])
    sys.stdout.write(found + "\n")
    if given.write:
        page = ROOT / "docs/benchmarks.md"
        before, _, rest = page.read_text().partition("<!-- elections -->")
        page.write_text(
            f"{before}<!-- elections -->\n{found}\n<!-- /elections -->{rest.partition('<!-- /elections -->')[2]}"
        )


if __name__ == "__main__":
    main()
