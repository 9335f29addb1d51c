"""The authors of an export as members who wrote elsewhere; all without an account are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from iocop.core.db import act
from iocop.core.versions import bump
from iocop.imports.batches import batches
from iocop.imports.mediawiki.plan.people import UNREGISTERED
from iocop.imports.people import LONGEST_NAME, Person, authors_of, write_people

if TYPE_CHECKING:
    from iocop.imports.mediawiki.scratch import Scratch
    from iocop.imports.runs import Run

STAGE = "people"
BATCH = 1000


def import_people(run: Run, scratch: Scratch) -> None:
    """Write the authors that are not here yet, and tell *scratch* who each one is.

    They stand in no file of their own, so they are not counted.
    """
    if not run.is_done(STAGE):
        for some in batches(scratch.authors(), BATCH):
            persons = [Person(key, name[:LONGEST_NAME] or _unnamed(key), since) for key, name, since in some]
            with act() as session:
                write_people(session, run.source, persons)
        with act():
            bump("people")
            run.keep(STAGE, done=True)
    scratch.keep_authors(authors_of(run.source))


def _unnamed(key: str) -> str:
    return str(_("Unregistered contributors") if key == UNREGISTERED else _("Former contributor"))
