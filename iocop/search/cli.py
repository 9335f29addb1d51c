"""`iocop search …`: build the index anew, say how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from iocop.search import documents, indexer, queries

if TYPE_CHECKING:
    from fractions import Fraction

    from iocop.search.queries import Rates


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
    """Say how many documents the index holds, how far it is behind, how searching goes; exits 1 if all is not well."""
    found = indexer.look()
    click.echo(found.words)
    click.echo(_how_it_goes(queries.rates(queries.DAYS)))
    if not found.well:
        raise SystemExit(1)


def _how_it_goes(rates: Rates) -> str:
    words: str = _(
        "The last %(days)s days: %(searches)s searches, %(empty)s of them without result; after %(found)s of members'"
        " searches a result was opened within five minutes.",
        days=queries.DAYS, searches=rates.searches, empty=_percent(rates.without_result), found=_percent(rates.found),
    )  # fmt: skip
    return words


def _percent(share: Fraction | None) -> str:
    return "–" if share is None else f"{round(share * 100)} %"
