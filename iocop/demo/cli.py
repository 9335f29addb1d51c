"""`iocop run`, the first command a newcomer types, and `iocop demo`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from iocop.core.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.core.settings import Settings
    from iocop.demo.fill import Progress


@click.command
def run() -> None:
    """Start the site: bring the database up to date, fill an empty demo, serve until stopped."""
    from iocop.core import serve

    settings = _settings()
    with force_locale("en"):
        _migrate()
        if settings.demo:
            _fill_if_empty()
        click.echo(_welcome(settings))
    serve.serve(current_app._get_current_object())  # type: ignore[attr-defined]


@click.command
@click.option(
    "--size", type=click.IntRange(min=100), help="Posts of a generated corpus for benchmarks, ten a topic."
)
def demo(size: int | None) -> None:
    """Fill an empty site with the demo community."""
    from iocop.demo.corpus import fill_corpus
    from iocop.demo.fill import fill_demo

    with force_locale("en"), _refusals():
        _migrate()
        if size is None:
            with _bar(_("Writing the demo community")) as progress:
                fill_demo(progress)
        else:
            with _bar(_("Writing %(count)s posts", count=size)) as progress:
                fill_corpus(size, progress)
        click.echo(_("The demo is there. Start it with: IOCOP_DEMO=1 iocop run"))


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _migrate() -> None:
    from iocop.core import migrations  # alembic is not needed to serve

    if migrations.stands_at() != migrations.head():
        click.echo(_("The database is brought up to date."))
        migrations.upgrade()


def _fill_if_empty() -> None:
    from iocop.demo.queries import is_empty

    if is_empty():
        from iocop.demo.fill import fill_demo  # thread files and their reader are needed once

        with _bar(_("Writing the demo community")) as progress:
            fill_demo(progress)


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell a refusal as a sentence and exit 1."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(str(error.reason)) from error


@contextmanager
def _bar(title: str) -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _welcome(settings: Settings) -> str:
    """Return what stands on the terminal before the log begins."""
    lines = ["", _("The site is served at %(address)s (stop it with Ctrl+C).", address=settings.base_url)]
    if settings.demo:
        lines += _demo_lines(settings)
    else:
        lines += [
            _("Nothing made up is in it. While nobody administers it, a one-time link is printed below:"),
            _("join, sign in, open the link within 24 hours, and you are the first administrator."),
        ]
    return "\n  ".join([*lines, ""])


def _demo_lines(settings: Settings) -> list[str]:
    from iocop.demo.queries import roles

    people = [f"  {role.role!s:<16}{role.name}" for role in roles()[:4]]
    return [
        _("Sign in with one press, on this machine only: %(address)s/demo", address=settings.base_url),
        *people,
        _("Mail the site sends can be read at %(address)s/dev/mail", address=settings.base_url),
        "",
        _("A site of your own, without demo data:"),
        "  IOCOP_DEMO=0 IOCOP_DATA_DIR=/path/to/an/empty/folder .venv/bin/iocop run",
        _("It prints a one-time link by which whoever has joined becomes its first administrator."),
    ]
