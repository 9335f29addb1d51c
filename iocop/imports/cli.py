"""`iocop import …`: bring in what a community gathered elsewhere."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import gettext as _

from iocop.imports.report import Report
from iocop.imports.stackexchange.reader import Dump, survey
from iocop.imports.stackexchange.rows import BrokenDump


@click.group("import")
def imports() -> None:
    """Bring in what a community gathered elsewhere."""


@imports.command("survey")
@click.argument("folder", type=click.Path(path_type=Path))
def survey_(folder: Path) -> None:
    """Read the Stack Exchange dump in FOLDER to its end, write nothing, and say what is in it."""
    try:
        dump = Dump(folder)
        with click.progressbar(length=dump.size, label=_("Reading")) as bar:
            found = survey(dump, bar.update)
    except BrokenDump as broken:
        raise click.ClickException(broken.said(_)) from None
    report = Report()
    for file, rows in found.rows.items():
        report.read(file, rows)
    report.unknown.update(found.unknown)
    click.echo(report.as_text(_), nl=False)
    for name in dump.foreign:
        click.echo(_("%(file)s belongs to no table and stays unread.", file=name))
