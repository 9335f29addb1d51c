"""`iocop bench reputation`: whether standing foretells on a community's own past whose answers are accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from iocop.search.benching.cli import bench

if TYPE_CHECKING:
    from datetime import datetime

BAR = 0.010
"""By how much who-to-ask shall beat raw points on a large site."""
LARGE = 1000
"""Questions from which on a site is large enough to judge by."""


@bench.command
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge questions from this day on; by default after the first quarter of the dump's days.",
)
def reputation(folder: Path, since: datetime | None) -> None:
    """Replay the Stack Exchange dump in FOLDER and say how well scores foretell the accepted answer.

    Every question is judged by what had happened on strictly earlier days.
    """
    from iocop.imports.foretelling import BOOTSTRAPS, Site, judged
    from iocop.imports.stackexchange.reader import Dump
    from iocop.imports.stackexchange.records import Post, Vote
    from iocop.imports.stackexchange.rows import BrokenDump

    try:
        dump = Dump(folder)
        if not dump.has(Vote):
            raise click.ClickException(_("Votes.xml is missing: who was trusted, votes alone can tell."))
        with click.progressbar(length=dump.size, label=_("Reading")) as bar:
            site = Site(dump.read(Post, bar.update), dump.read(Vote, bar.update))
    except BrokenDump as error:
        raise click.ClickException(str(error)) from error
    contests = list(site.contests(since.date() if since else None))
    if not contests:
        raise click.ClickException(
            _(
                "No question can be judged: none that was asked then has answers of two members and an accepted one"
                " of somebody else than who asked."
            )
        )
    figures = judged(contests)
    click.echo(
        _(
            "%(questions)s questions, %(bootstraps)s bootstraps.",
            questions=len(contests),
            bootstraps=BOOTSTRAPS,
        )
    )
    for each in figures:
        gain, low, high = each.gain
        click.echo(
            f"{each.name:<20}  AUC {each.auc:.4f}  top-1 {each.top:.3f}  {gain:+.4f} [{low:+.4f}, {high:+.4f}]"
        )
    if len(contests) < LARGE:
        click.echo(_("Too few questions to judge by: the intervals say how little is known."))
    else:
        met = _("met") if figures[2].gain[0] >= BAR else _("missed")
        click.echo(_("The bar of +%(bar)s over raw points: %(met)s.", bar=f"{BAR:.3f}", met=met))
