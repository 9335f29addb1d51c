"""Ballots a second over HTTP, acknowledged once on disk: `python -m tests.bench.casting [--write]`.

The shipped gunicorn settings with two workers; eight clients with kept connections send ballots that were sealed
before, one after the other; a roll of 2,000, so blocks of 20. For a box in a file, and one in a PostgreSQL that syncs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from iocop import create_app
from iocop.core import migrations
from iocop.core.db import db
from iocop.core.settings import Settings
from iocop.elections.sealing import ballots, codes, plaintexts
from tests.bench.servers import ROOT, Server
from tests.elections.held import hold
from tests.elections.served import Line, served
from tests.elections.vectors.ballots import World
from tests.servers import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

CLIENTS, ROLL = 8, 2000
BAR_PER_SECOND, BAR_MS = 200, 250
BEGIN, END = "<!-- casting -->", "<!-- /casting -->"


class Syncing(PostgresServer):
    """A PostgreSQL that syncs as an operator's does."""

    def command(self) -> Sequence[str | Path]:
        return [*super().command(), "--fsync=on", "--synchronous_commit=on", "--full_page_writes=on"]


class Took(NamedTuple):
    """What casting came to.

    Attributes:
        waited: milliseconds by ballot.
        seconds: in all.
        cpu_ms: of the site and of its database server, by ballot.
    """

    box: str
    waited: list[float]
    seconds: float
    cpu_ms: tuple[float, float]

    def line(self) -> str:
        rate = len(self.waited) / self.seconds
        worst = statistics.quantiles(self.waited, n=20)[-1]
        slow = " **missed**" if rate < BAR_PER_SECOND else ""
        late = " **missed**" if worst > BAR_MS else ""
        middle = statistics.median(self.waited)
        site, server = self.cpu_ms
        core = 1000 / (site + server)
        return (
            f"| {self.box} | {rate:.0f}{slow} | {middle:.0f} | {worst:.0f}{late} | {site:.1f} + {server:.1f} |"
            f" {core:.0f} |"
        )


def measure(many: int, *, postgresql: bool) -> Took:
    """Cast so many ballots of as many voters."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url, databases = "", Syncing() if postgresql else None
        if databases:
            url = stack.enter_context(stack.enter_context(databases).fresh_database())
        app, number, world = stack.enter_context(_election(Path(folder), url))
        wires = _sealed(world, many)
        site = stack.enter_context(served(app, Path(folder), IOCOP_LOG_LEVEL="WARNING"))
        _cast(number, site.port, wires[: 2 * CLIENTS])  # the box is open, the freeze is read
        watched = [Server(site.process, site.port)]
        if databases:
            watched.append(Server(databases.process, databases.port))
        return _timed("PostgreSQL" if postgresql else "a file", number, watched, wires[2 * CLIENTS :])


@contextmanager
def _election(folder: Path, url: str) -> Iterator[tuple[Flask, int, World]]:
    settings = Settings(
        data_dir=folder / "data", database_url=url, ballot_box_url=url, base_url="http://localhost", log_level="ERROR"
    )  # fmt: skip
    settings.folder(".")
    app = create_app(settings, TESTING=True)
    with app.app_context():
        migrations.upgrade()
        held = hold(3, 12, roll={"root": "00" * 32, "size": ROLL}, block_minimum=ROLL // 100)
        db.session.remove()
        db.engine.dispose()  # the clients are forked off this process, and would close what they inherit
        yield app, held.world.freeze.election, held.world
        db.engine.dispose()


def _sealed(world: World, many: int) -> list[bytes]:
    forking = multiprocessing.get_context("fork")
    with forking.Pool(initializer=_known.append, initargs=(world,)) as pool:
        return pool.map(_one, range(many), chunksize=20)


_known: list[World] = []
"""The election, in a process that seals: its keys cannot be sent there."""


def _one(place: int) -> bytes:
    world = _known[-1]
    voter = codes.voter(place.to_bytes(16, "big"), world.freeze)
    paper = plaintexts.encode([1 + (place + at) % 12 for at in range(12)], world.freeze)
    return ballots.seal(voter, world.token(voter)[2], paper, 1, ballots.NO_BALLOT, world.freeze)


def _timed(box: str, number: int, watched: Sequence[Server], wires: Sequence[bytes]) -> Took:
    """Cast; the first of those whose time is taken is the site."""
    before, began = [one.cpu_seconds() for one in watched], time.monotonic()
    waited = _cast(number, watched[0].port, wires)
    seconds = time.monotonic() - began
    spent = [one.cpu_seconds() - then for one, then in zip(watched, before, strict=True)]
    site, server = [one / len(wires) * 1000 for one in [*spent, 0.0]][:2]
    return Took(box, waited, seconds, (site, server))


def _cast(number: int, port: int, wires: Sequence[bytes]) -> list[float]:
    """Send everything by all clients at once, in processes of their own; return how long each ballot took, in ms."""
    parts = [wires[place::CLIENTS] for place in range(CLIENTS)]
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        found = pool.starmap(_client, [(number, port, part) for part in parts], chunksize=1)
    return [one for part in found for one in part]


def _client(number: int, port: int, wires: Sequence[bytes]) -> list[float]:
    line, waited = Line(port), []
    for wire in wires:
        began = time.monotonic()
        answer = line.cast(number, wire)
        waited.append((time.monotonic() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(answer.body)
    line.close()
    return waited


def table(found: Sequence[Took]) -> str:
    """Return the figures as a Markdown table."""
    columns = [
        "ballots lie in", f"a second (bar {BAR_PER_SECOND})", "median ms", f"p95 ms (bar {BAR_MS})",
        "CPU ms: site + database server", "for a second of CPU",
    ]  # fmt: skip
    head = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    return "\n".join([*head, *(one.line() for one in found)])


def main() -> None:
    """Measure, print the table, and with `--write` put it into docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ballots", type=int, default=2000)
    given = parser.parse_args()
    found = table([measure(given.ballots, postgresql=kind) for kind in (False, True)])
    sys.stdout.write(found + "\n")
    if given.write:
        page = ROOT / "docs/benchmarks.md"
        before, _, rest = page.read_text().partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{found}\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
