"""`make bench`: measure, and write the table of docs/benchmarks.md between its markers."""

from __future__ import annotations

import argparse
import platform
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.pages import Line, pages
from tests.bench.servers import ROOT, Spent
from tests.bench.starting import start

DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- pages -->", "<!-- /pages -->"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--folder", type=Path, default=ROOT / "var" / "bench", help="where the corpus lies"
    )
    arguments.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = arguments.parse_args()
    hello, lines, memory = pages(given.folder)
    table = as_table(hello, lines, memory, start())
    print(table)  # noqa: T201
    if given.write:
        text = DOCUMENT.read_text()
        before, rest = text.split(BEGIN, 1)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{table}{END}{rest.split(END, 1)[1]}")


def as_table(hello: Spent, lines: list[Line], memory: float, seconds: float) -> str:
    """Write the figures as Markdown, each beside its bar."""
    measured = (
        f"Measured {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, two workers of four threads; "
        f"hello: {hello.cpu_ms:.3f} ms of CPU a request, {hello.per_second:.0f} a second."
    )
    rows = [
        measured,
        "",
        "| page | who | CPU ms | × hello | bar | requests/s | KB |",
        "|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        met = "" if line.ratio <= line.bar else " **missed**"
        rows.append(
            f"| {line.page} | {line.who} | {line.spent.cpu_ms:.2f} | {line.ratio:.2f}{met} | {line.bar} |"
            f" {line.spent.per_second:.0f} | {line.spent.bytes / 1024:.0f} |"
        )
    rows += [
        "",
        f"`iocop serve` with two web workers, all its processes: {memory:.0f} MB proportional (bar 300).",
        f"A start, `create_app` included: {seconds:.2f} s of CPU (bar 0.8).",
        "",
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
