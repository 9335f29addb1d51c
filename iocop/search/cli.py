"""`iocop search …`: build the index anew, say how it stands."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from iocop.search import documents, indexer


@click.group
def search() -> None:
    """Look after the search index."""


@search.command
def rebuild() -> None:
    """Build the index anew beside the old one and put it in its place; the site stays up."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    taken = -1
    with Progress(*columns) as progress:
        task = progress.add_task(_("Indexing"), total=documents.count())
        for taken in indexer.rebuild():
            progress.update(task, completed=taken)
        progress.update(task, total=max(taken, 0), completed=max(taken, 0))
    if taken < 0:
        raise click.ClickException(_("The index is being built already: wait for it."))
    click.echo(_("%(count)s documents can be found.", count=taken))


@search.command
def status() -> None:
    """Say how many documents the index holds and how far it is behind; exits 1 when something is wrong."""
    found = indexer.look()
    click.echo(found.words)
    if not found.well:
        raise SystemExit(1)
