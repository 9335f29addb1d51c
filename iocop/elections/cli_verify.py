"""`iocop elections verify` and `… watch`: for members and auditors; neither needs the site, its data or an account."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from iocop.elections.verifying import Report
    from iocop.elections.watching import Sight

MOST_SHOWN = 100  # findings
MOST_JOBS = 64
KEPT = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command
@click.argument("archive", type=click.Path(path_type=Path))
@click.option("--jobs", type=click.IntRange(1, MOST_JOBS), default=lambda: min(os.cpu_count() or 1, MOST_JOBS),
              show_default="as many as the machine has processors", help="Processes to share the work.")  # fmt: skip
@click.option("--heads", type=KEPT, help="A file with lines of heads.txt as they were mailed to you.")
def verify(archive: Path, jobs: int, heads: Path | None) -> None:
    """Check ARCHIVE (a zip or its folder) from the freeze to the result; exits 1 if anything differs, 2 if it is none."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from iocop.elections import archiving, verifying

    try:
        parts = archiving.read(archive)
    except archiving.NotAnArchive as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    mailed = heads.read_text(encoding="utf-8", errors="replace") if heads else None
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Checking ballots", total=None)
        report = verifying.verify(
            parts,
            lambda done, everything: progress.update(task, completed=done, total=everything),
            jobs,
            mailed,
        )
    _tell(report)


def _tell(report: Report) -> None:
    for finding in report.findings[:MOST_SHOWN]:
        click.echo(str(finding))
    if len(report.findings) > MOST_SHOWN:
        click.echo(f"… and {len(report.findings) - MOST_SHOWN} more.")
    for remark in report.remarks:
        click.echo(f"Remark: {remark}")
    if report.findings:
        click.echo("DIFFERS: this archive does not agree with itself.")
        sys.exit(1)
    words = "AGREES: {roll} on the roll, {tokens} tokens, {ballots} ballots, {papers} papers counted."
    click.echo(words.format(**report.numbers))


@click.command
@click.argument("url")
@click.option("--once", is_flag=True, help="Look once and end.")
@click.option(
    "--every", type=click.IntRange(10), default=600, show_default=True, help="Seconds between two looks."
)
@click.option("--state", type=click.Path(path_type=Path, dir_okay=False), default=Path("election-watch.json"),
              show_default=True, help="Where what was seen is kept.")  # fmt: skip
@click.option("--heads", type=KEPT, help="A file with lines of heads.txt as they were mailed to you.")
def watch(url: str, every: int, state: Path, heads: Path | None, *, once: bool) -> None:
    """Watch the election at URL from outside: booth page, freeze and heads are what they were; ends at the close.

    Exits 1 as soon as anything differs, 2 if the election cannot be reached (at the first look, or with --once).
    """
    from iocop.elections import watching

    kept = _kept(state)
    while True:
        try:
            sight = watching.look(url)
        except watching.Unreachable as problem:
            click.echo(f"Not reached: {problem}", err=True)
            if once or url not in kept:
                sys.exit(2)
            time.sleep(every)
            continue
        _compare(url, sight, kept, heads)
        state.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        if once or sight.closed:
            return
        time.sleep(every)


def _kept(state: Path) -> dict[str, Any]:
    if not state.exists():
        return {}
    try:
        kept = json.loads(state.read_text(encoding="utf-8"))
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise click.BadParameter(f"{state} is not a file that this command wrote.", param_hint="--state")
    return kept


def _compare(url: str, sight: Sight, kept: dict[str, Any], heads: Path | None) -> None:
    """Say what differs and end, or put down what was seen."""
    from iocop.elections.watching import Sight, differences

    try:
        before = Sight.from_json(kept[url]) if url in kept else None
    except (KeyError, TypeError):
        raise click.BadParameter("what it holds of this election is damaged.", param_hint="--state") from None
    mailed = heads.read_text(encoding="utf-8", errors="replace") if heads else ""
    found = list(differences(sight, before, mailed))
    for words in found:
        click.echo(f"DIFFERS: {words}")
    if found:
        sys.exit(1)
    if before != sight:
        last = sight.heads[-1].split()
        reached = "its close" if sight.closed else f"block {last[1]} and {last[4]} tokens"
        click.echo(f"As before. The freeze is {sight.freeze}; the board has come to {reached}.")
    kept[url] = sight.as_json()
