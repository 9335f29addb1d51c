"""The command line: `iocop …`. Features add their own commands to the application's."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iocop.core import heaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from flask.cli import FlaskGroup


def main(words: Sequence[str] | None = None) -> None:
    """Do what the words say, by default those of the command line; what needs no application makes none."""
    from iocop import APART  # the package above; only the command line makes an application

    given = list(sys.argv[1:] if words is None else words)
    if " ".join(given[:2]) in APART:
        feature, *rest = given
        group: click.Group = getattr(import_module(f"iocop.{feature}.cli"), feature)
        group(rest, prog_name=f"iocop {feature}")
    else:
        if given[:1] in (["serve"], ["run"]):
            heaps.keep_little()
        _site()(given)


def _site() -> FlaskGroup:
    """Return the commands of the application, which is made when one of them is looked for."""
    from flask.cli import FlaskGroup

    from iocop import create_app

    return FlaskGroup(
        name="iocop", create_app=create_app, add_default_commands=False, add_version_option=False,
        help="Keep an inter-organizational community of practice.", set_debug_flag=False, load_dotenv=False,
    )  # fmt: skip


def init_app(app: Flask) -> None:
    for command in (migrate, serve, worker, doctor, backup, restore, verify, config):
        app.cli.add_command(command)


@click.command
@click.option("--to", "revision", default="head", help="A revision, or head.")
def migrate(revision: str) -> None:
    """Bring the database's schema to where the code wants it."""
    from iocop.core import migrations  # alembic is not needed to serve

    migrations.upgrade(revision)
    click.echo(f"The database stands at {migrations.stands_at()}.")


@click.command
def serve() -> None:
    """Serve the site: gunicorn and one worker process, until stopped."""
    from flask import current_app

    from iocop.core.serve import serve as run

    run(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command
def worker() -> None:
    """Run a worker alone: deliver events, send mail, run periodic jobs."""
    from flask import current_app

    from iocop.core.worker import Worker

    Worker(current_app._get_current_object()).run()  # type: ignore[attr-defined]


@click.command
def doctor() -> None:
    """Say in words what is wrong, and how to mend it; exits 1 when something is."""
    from iocop.core import health

    found = [*health.findings(), health.security_log()]
    for finding in found:
        click.echo(f"{'well ' if finding.well else 'WRONG'}  {finding.name}: {finding.words}")
    sys.exit(0 if all(finding.well for finding in found) else 1)


@click.command
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy the live site into a new FOLDER: database, attachments, and checksums of both."""
    from iocop.core import backup as backups

    with _said_plainly():
        click.echo(f"{backups.backup(folder)} files are in {folder}.")
        for name in backups.key_fingerprints():
            click.echo(f"Not in it: {name} in the data folder. Keep it elsewhere; no backup replaces it.")


@click.command
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def restore(folder: Path) -> None:
    """Put the backup in FOLDER in place of an empty site."""
    from iocop.core import backup as backups

    with _said_plainly():
        backups.restore(folder)
        click.echo("Restored. Start the site and run: iocop search rebuild")
        for name in backups.missing_keys(folder):
            click.echo(
                f"Put {name} of the old site into the data folder: what it sealed cannot be read without it."
            )


@click.command
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
def verify(folder: Path) -> None:
    """Say whether the backup in FOLDER is whole."""
    from iocop.core import backup as backups

    with _said_plainly():
        manifest = backups.verify(folder)
        click.echo(f"Whole: made {manifest['made']}, schema {manifest['revision']}.")


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn a backup's error into one line and exit 1."""
    from iocop.core.backup import BackupError

    try:
        yield
    except BackupError as error:
        raise click.ClickException(str(error)) from error


@click.command
def config() -> None:
    """Print every setting as the table of docs/configuration.md."""
    from iocop.core.settings import as_markdown

    click.echo(as_markdown(), nl=False)


if __name__ == "__main__":
    main()
