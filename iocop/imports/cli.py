"""`iocop import …`: bring in what a community gathered elsewhere.

What only a command needs it imports itself: the site starts without it.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from iocop.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.imports.services import Outcome
    from iocop.imports.stackexchange.reader import Dump

LONGEST_SOURCE = 80


@click.group("import")
def imports() -> None:
    """Bring in what a community gathered elsewhere."""


@imports.command("survey")
@click.argument("folder", type=click.Path(path_type=Path))
def survey_(folder: Path) -> None:
    """Read the Stack Exchange dump in FOLDER to its end, write nothing, and say what is in it."""
    from iocop.imports.report import Report
    from iocop.imports.stackexchange.reader import Dump, survey

    with _said():
        dump = Dump(folder)
        with click.progressbar(length=dump.size, label=_("Reading")) as bar:
            found = survey(dump, bar.update)
    report = Report()
    for file, rows in found.rows.items():
        report.read(file, rows)
    report.unknown.update(found.unknown)
    click.echo(report.as_text(_), nl=False)
    _say_foreign(dump)


@imports.command("stackexchange")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--source", default="", help="The site's name; by default, the folder's.")
@click.option("--address", help="The site's own address, for links to where the texts came from.")
@click.option("--domain", help="The domain of all topics; by default, one called after the source.")
@click.option("--tags", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A TOML file that says which tags make which domains.")  # fmt: skip
@click.option("--space", default="", help="The space's slug; by default, the site's first.")
@click.option("--report", "report_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the report as JSON as well.")  # fmt: skip
def stackexchange(
    folder: Path, source: str, address: str | None, domain: str | None, tags: Path | None, space: str,
    report_file: Path | None,
) -> None:  # fmt: skip
    """Import the Stack Exchange dump in FOLDER: authors, questions, answers, comments, history, votes, links.

    Stopped at any moment, it goes on where it was; run again, it adds only what is new.
    """
    from iocop.imports.services import Wanted, import_stackexchange
    from iocop.imports.stackexchange.reader import Dump

    wanted = Wanted(
        folder=folder, source=(source or folder.resolve().name)[:LONGEST_SOURCE], address=address, domain=domain,
        tags=tags.read_text(encoding="utf-8") if tags else "", space=space,
    )  # fmt: skip
    with _said(), _Bar() as bar:
        outcome = import_stackexchange(wanted, bar)
    _show(outcome, report_file)
    _say_foreign(Dump(folder))


@imports.command("mediawiki")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--source", default="", help="What the wiki is known by here; by default, the name in the file."
)
@click.option("--licence", default="", help="The licence of its texts, where its address does not tell it.")
@click.option("--domain", help="The domain of all articles; by default, one called after the source.")
@click.option("--tags", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A TOML file that says which categories make which domains.")  # fmt: skip
@click.option("--space", default="", help="The space's slug; by default, the site's first.")
@click.option("--report", "report_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the report as JSON as well.")  # fmt: skip
def mediawiki(
    file: Path,
    source: str,
    licence: str,
    domain: str | None,
    tags: Path | None,
    space: str,
    report_file: Path | None,
) -> None:
    """Import the MediaWiki export FILE (XML, or packed by bzip2, gzip or xz): articles, history, authors, redirects.

    Stopped at any moment, it goes on where it was; run again, it adds only what is new.
    """
    from iocop.imports.mediawiki.services import WikiWanted, import_mediawiki

    wanted = WikiWanted(
        file=file, source=source[:LONGEST_SOURCE], licence=licence, domain=domain,
        tags=tags.read_text(encoding="utf-8") if tags else "", space=space,
    )  # fmt: skip
    with _said(), _Bar() as bar:
        outcome = import_mediawiki(wanted, bar)
    _show(outcome, report_file)


@imports.command("repertoire")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--source", default="", help="What its people are known by here; by default, the folder's name."
)
@click.option("--report", "report_file", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the report as JSON as well.")  # fmt: skip
def repertoire(folder: Path, source: str, report_file: Path | None) -> None:
    """Import the FOLDER that `iocop export repertoire` wrote: articles, history, seals, people, what waits."""
    from iocop.imports.folders.services import import_repertoire

    with _said(), _Bar() as bar:
        outcome = import_repertoire(folder, (source or folder.resolve().name)[:LONGEST_SOURCE], bar)
    _show(outcome, report_file)


@click.group("export")
def exports() -> None:
    """Write what the community has into files that anything can read."""


@exports.command("repertoire")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--label", type=click.Choice(["public", "take-home", "members"]), default="public",
              help="The strictest sharing label that is taken along.")  # fmt: skip
def export_repertoire_(folder: Path, label: str) -> None:
    """Write all articles into FOLDER, which is empty: Markdown with their history, and pages for any browser.

    What waits for review, what is asked for, and the posts whose words articles hold go along.
    What is shared with one space alone is never taken along.
    """
    from iocop.imports.folders.services import export_repertoire

    with _said():
        count = export_repertoire(folder, label)
    click.echo(_("%(count)s articles were written.", count=count))


def _show(outcome: Outcome, report_file: Path | None) -> None:
    if report_file:
        report_file.parent.mkdir(parents=True, exist_ok=True)
        report_file.write_text(outcome.report.as_json() + "\n", encoding="utf-8")
    click.echo(outcome.report.as_text(_), nl=False)
    for sentence in _sentences(outcome):
        click.echo(sentence)


class _Bar:
    """Shows on the terminal how far an import has come."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True))

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._progress.stop()

    def reading(self, total: int) -> None:
        self._task = self._progress.add_task(_("Reading"), total=total)

    def read(self, count: int) -> None:
        self._progress.advance(self._task, count)

    def writing(self, total: int) -> None:
        self._task = self._progress.add_task(_("Writing"), total=total)

    def wrote(self, count: int) -> None:
        self._progress.advance(self._task, count)


@contextmanager
def _said() -> Iterator[None]:
    """Tell what went wrong in one sentence, and exit with 1."""
    from iocop.imports.stackexchange.plan.tags import BadChoices
    from iocop.imports.stackexchange.rows import BrokenDump

    try:
        yield
    except BrokenDump as broken:
        raise click.ClickException(broken.said(_)) from None
    except BadChoices as bad:
        raise click.ClickException(bad.reason.said(_)) from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None


def _say_foreign(dump: Dump) -> None:
    for name in dump.foreign:
        click.echo(_("%(file)s belongs to no table and stays unread.", file=name))


def _sentences(outcome: Outcome) -> Iterator[str]:
    from iocop.imports.runs import Start

    if outcome.start is Start.RESUMED:
        yield _("It went on where it was stopped.")
    if outcome.start is Start.CHANGED:
        yield _("The folder has changed since the import was stopped, so it was read from the beginning.")
    if not outcome.report.has_written:
        yield _("Nothing was new: everything stands here already.")
