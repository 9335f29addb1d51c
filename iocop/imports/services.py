"""Bring a Stack Exchange dump in: stage by stage, each batch written with its own place in the run."""

from __future__ import annotations

import gc
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services.loading import roomy
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.core.text.worker import worker
from iocop.forums.services.append import append_posts
from iocop.forums.services.bulk import write_threads
from iocop.imports.batches import Aside, ahead
from iocop.imports.places import choices_for, place_of
from iocop.imports.runs import Run, Start, alone, fingerprint_of, open_run
from iocop.imports.stackexchange.counting import COMMENTS, ORPHANS, POSTS
from iocop.imports.stackexchange.filing import import_filing
from iocop.imports.stackexchange.leading import lead_home
from iocop.imports.stackexchange.links import LINKS, import_links, import_successors
from iocop.imports.stackexchange.people import Authors, import_people
from iocop.imports.stackexchange.plan.licences import site
from iocop.imports.stackexchange.posting import make_batches
from iocop.imports.stackexchange.reader import Dump
from iocop.imports.stackexchange.texts import Target
from iocop.imports.stackexchange.threads import LARGE, Again, Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from flask import Flask

    from iocop.imports.report import Report
    from iocop.imports.stackexchange.filing import Filing
    from iocop.imports.stackexchange.plan.licences import Site
    from iocop.imports.stackexchange.posting import Batch
    from iocop.imports.stackexchange.reader import Survey

STAGE = "threads"
SELDOM = 50_000
"""Objects made and not forgotten between two looks for garbage."""


class Order(NamedTuple):
    """What the threads of a dump are made of, and for where; fit for another process."""

    scratch: Path
    after: int | None
    site: Site
    space_id: int
    label: str
    filing: Filing
    is_fresh: bool


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to import, and where to.

    Attributes:
        source: the site's name; what it has brought once is known by it.
        address: the site's own, for links to where the texts came from.
        domain: of all topics that *tags*, a mapping in TOML, gives no other.
        space: its slug; empty: the default one.
    """

    folder: Path
    source: str
    address: str | None = None
    domain: str | None = None
    tags: str = ""
    space: str = ""


class Watch(Protocol):
    """Is told how far an import has come."""

    def reading(self, total: int) -> None: ...
    def read(self, count: int) -> None: ...
    def writing(self, total: int) -> None: ...
    def wrote(self, count: int) -> None: ...


class Outcome(NamedTuple):
    report: Report
    start: Start


def import_stackexchange(wanted: Wanted, watch: Watch) -> Outcome:
    """Import a dump, or go on with it where it was stopped; what stands here already stays as it is.

    Raises:
        BrokenDump, BadChoices: nothing was written.
        Invalid: *address* is not one of the web.
        Missing: there is no such space.
        Refused: there would be too many domains; nothing was written.
        Conflict: another import of this source is under way.
    """
    origin = _origin(wanted)
    choices = choices_for(wanted.source, wanted.tags, wanted.domain)
    space_id, label = place_of(wanted.space)
    dump = Dump(wanted.folder)
    with frozen(), _aside(dump) as aside, alone(wanted.source) as path, Scratch(path) as scratch:
        watch.reading(dump.size)
        survey = scratch.fill(dump, watch.read)
        run = open_run(wanted.source, fingerprint_of(dump.files))
        _take_survey(run, survey)
        watch.writing(survey.rows[POSTS] + survey.rows.get(COMMENTS, 0))
        filing = import_filing(run, dump, scratch, choices)
        import_people(run, scratch)
        order = Order(path, run.cursor(STAGE), origin, space_id, label, filing, _is_fresh(wanted.source))
        _import_threads(run, scratch, aside.made(order) if aside else _ahead(scratch, order), watch)
        import_links(run, scratch)
        import_successors(run, scratch)
        lead_home(run, origin.address)
        run.finish()
    return Outcome(run.report, run.start)


@contextmanager
def frozen() -> Iterator[None]:
    """Millions of rows pass by, few of which hold each other: garbage is looked for seldom, and not in the program."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _origin(wanted: Wanted) -> Site:
    try:
        return site(wanted.source, wanted.address)
    except ValueError:
        raise Invalid(_l("The site's address must begin with http:// or https://."), "address") from None


def _take_survey(run: Run, survey: Survey) -> None:
    for file, rows in survey.rows.items():
        run.report.of(file).read = rows
    run.report.unknown.clear()
    run.report.unknown.update(survey.unknown)


def _aside(dump: Dump) -> AbstractContextManager[Aside[Batch] | None]:
    return Aside(_app(), _made_aside) if dump.size >= LARGE else nullcontext()


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # for another thread or process
    return app


def _is_fresh(source: str) -> bool:
    here = select(Contribution.id).where(Contribution.source == source).limit(1)
    return db.session.scalar(here) is None


def _made_aside(order: Order) -> Iterator[Batch]:
    """In a process of its own, whose formatting process ends with it."""
    with Again(order.scratch) as scratch:
        yield from ahead(_app(), _made(scratch, order))
    worker.close()


def _ahead(scratch: Scratch, order: Order) -> Iterator[Batch]:
    return ahead(_app(), _made(scratch, order))


def _made(scratch: Scratch, order: Order) -> Iterator[Batch]:
    target = Target(
        order.site, order.space_id, order.label, order.filing, Authors(scratch), cache(_), is_fresh=order.is_fresh
    )  # fmt: skip
    return make_batches(scratch.threads(after=order.after), target)


def _import_threads(run: Run, scratch: Scratch, batches: Iterator[Batch], watch: Watch) -> None:
    if run.is_done(STAGE):
        return
    with roomy():
        for batch in batches:
            _write(run, batch)
            watch.wrote(batch.weight)
    with act():
        _leave_orphans(run.report, scratch)
        run.keep(STAGE, done=True)


def _write(run: Run, batch: Batch) -> None:
    with act():
        write_threads(batch.threads)
        append_posts(batch.additions)
        run.report.add(batch.report)
        run.keep(STAGE, batch.cursor)


def _leave_orphans(report: Report, scratch: Scratch) -> None:
    for file, rows in scratch.orphans().items():
        if rows and file != LINKS:  # links are counted one by one
            report.skipped(file, ORPHANS, rows)
