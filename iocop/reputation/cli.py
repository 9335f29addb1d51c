"""`iocop reputation …`: enter the whole ledger anew, and say what differs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from iocop.reputation.services import replaying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@click.group
def reputation() -> None:
    """Look after the practice ledger."""


@reputation.command
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if anything differs.")
def replay(check: bool) -> None:
    """Compare the ledger with a replay and make balances that differ anew; exits 1 if something stays wrong."""
    rows, different, lasting = 0, 0, 0
    with _bar(_("Replaying"), replaying.count()) as advance:
        for step in replaying.replay(check=check):
            rows += step.rows
            different += len(step.found)
            lasting += sum(1 for found in step.found if check or found.place is None)
            for found in step.found:
                click.echo(found.words)
            advance(step.rows)
    click.echo(_("%(rows)s rows: %(different)s differences.", rows=rows, different=different))
    if lasting:
        raise SystemExit(1)


@contextmanager
def _bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns) as bar:
        task = bar.add_task(title, total=total)
        yield lambda rows: bar.advance(task, rows)
