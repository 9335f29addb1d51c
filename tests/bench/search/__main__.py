"""Measure, and with `--write` put the tables into docs/benchmarks.md.

python -m tests.bench.search [--posts 96000] [--only relevance|speed] [--no-others] [--write]
"""

from __future__ import annotations

import argparse
import platform
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from iocop import create_app
from iocop.core.settings import Settings
from tests.bench.search import relevance, speed
from tests.bench.servers import ROOT
from tests.servers import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--posts", type=int, default=96_000)
    arguments.add_argument("--only", choices=("relevance", "speed"))
    arguments.add_argument("--others", action=argparse.BooleanOptionalAction, default=True)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    with TemporaryDirectory() as folder, PostgresServer() as server, server.fresh_database() as url:
        app = create_app(Settings(data_dir=Path(folder), database_url=url, log_level="ERROR"))
        with app.app_context():
            if given.only != "speed":
                _tell("relevance", _relevance(relevance.lines(url)), write=given.write)
            if given.only != "relevance":
                measured = speed.lines(given.posts, url, others=given.others)
                _tell("search speed", _speed(measured, given.posts), write=given.write)


def _tell(name: str, lines: Iterable[str], *, write: bool) -> None:
    """Print a table as it comes, and keep it."""
    table = []
    for line in lines:
        print(line, flush=True)  # noqa: T201
        table.append(line)
    if write:
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, rest = DOCUMENT.read_text().split(begin, 1)
        DOCUMENT.write_text("\n".join([f"{before}{begin}", *table, f"{end}{rest.split(end, 1)[1]}"]))


def _measured() -> str:
    return f"Measured {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}"


def _relevance(lines: Iterable[relevance.Line]) -> Iterator[str]:
    absent = "".join(f"; {name} was not there" for name in relevance.missing())
    yield f"{_measured()}{absent}."
    yield ""
    yield "| collection | engine | nDCG@10 | MRR@10 | recall@100 | CPU ms p50/p95 |"
    yield "|---|---|---|---|---|---|"
    for line in lines:
        bar = (
            ""
            if line.bar is None
            else f" (bar {line.bar:.3f}{'' if line.ndcg >= line.bar else ', **missed**'})"
        )
        yield (
            f"| {line.collection} | {line.engine} | {line.ndcg:.4f}{bar} | {line.mrr:.3f} | {line.recall:.3f} |"
            f" {line.middle:.1f}/{line.slow:.1f} |"
        )


def _speed(lines: Iterable[speed.Line | speed.Further], posts: int) -> Iterator[str]:
    yield f"{_measured()}, {posts:,} posts."
    yield ""
    yield "| what | engine | CPU ms p50/p95 | first time | bar (p95) |"
    yield "|---|---|---|---|---|"
    further = []
    for line in lines:
        if isinstance(line, speed.Further):
            further.append(f"- {line.engine}: {line.words}")
            continue
        first = "" if line.first is None else f"{line.first[0]:.1f}/{line.first[1]:.1f}"
        bar = "" if line.bar is None else f"{line.bar:g}{'' if line.again[1] <= line.bar else ' **missed**'}"
        yield f"| {line.what} | {line.engine} | {line.again[0]:.1f}/{line.again[1]:.1f} | {first} | {bar} |"
    yield ""
    yield from further


if __name__ == "__main__":
    main()
