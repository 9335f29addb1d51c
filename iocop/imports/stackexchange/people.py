"""The authors of a dump as members who wrote elsewhere: claimable, told of nothing, unable to sign in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from iocop.core import clock
from iocop.core.db import act
from iocop.core.versions import bump
from iocop.imports.batches import batches
from iocop.imports.people import LONGEST_NAME, Person, authors_of, name_key, write_people
from iocop.imports.stackexchange.plan.posts import COMMUNITY, author_of
from iocop.imports.stackexchange.records import User
from iocop.imports.words import N_

if TYPE_CHECKING:
    from iocop.imports.runs import Run
    from iocop.imports.stackexchange.threads import Scratch

STAGE = "people"
USERS = "Users.xml"
BATCH = 1000
KEPT = 20_000  # authors in memory at once

SILENT = N_("accounts that wrote nothing")
OWN_ACCOUNT = N_("the other site's own account")


def import_people(run: Run, scratch: Scratch) -> None:
    """Write the authors that are not here yet, and tell *scratch* who each one is."""
    if not run.is_done(STAGE):
        _import_accounts(run, scratch)
        _import_names(run, scratch)
        with act():
            _leave_silent(run, scratch)
            bump("people")
            run.keep(STAGE, done=True)
    scratch.keep_authors(authors_of(run.source))


def user_key(user_id: int) -> str:
    return f"user-{user_id}"


class Authors:
    """Who wrote what, as members here; `in` asks whether an account of the dump is one."""

    def __init__(self, scratch: Scratch) -> None:
        self._find = lru_cache(KEPT)(scratch.author)
        self._found = lru_cache(KEPT)(self._look_up)

    def __contains__(self, user_id: object) -> bool:
        return isinstance(user_id, int) and user_id != COMMUNITY and self._find(user_key(user_id)) is not None

    def member(self, user_id: int | None, name: str | None = None) -> int:
        """The member who stands for an account, or for a name that an account left behind."""
        return self._found(user_id, name)[0]

    def name(self, user_id: int | None, name: str | None) -> str | None:
        """The name to credit; None for an author nobody can name."""
        return self._found(user_id, name)[1]

    def _look_up(self, user_id: int | None, name: str | None) -> tuple[int, str | None]:
        author = author_of(user_id, name, self)
        found = self._find(name_key(author.name) if author.user_id is None else user_key(author.user_id))
        assert found is not None  # noqa: S101 -- every author was written before
        return found[0], author.name if author.user_id is None else found[1]


def _import_accounts(run: Run, scratch: Scratch) -> None:
    for users in batches(scratch.writers(after=run.cursor(STAGE)), BATCH):
        with act() as session:
            written = write_people(session, run.source, [_person(user) for user in users])
            run.report.written(USERS, written)
            run.report.merged(USERS, len(users) - written)
            run.keep(STAGE, users[-1].id)


def _import_names(run: Run, scratch: Scratch) -> None:
    """Those whose accounts are gone: one author a name; they stand in no file, so they are not counted."""
    since = clock.now()
    for names in batches(scratch.names(), BATCH):
        clean = [author_of(None, name, ()).name for name in names]
        persons = {
            name_key(name): Person(name_key(name), name or _("Former contributor"), since) for name in clean
        }
        with act() as session:
            write_people(session, run.source, list(persons.values()))


def _leave_silent(run: Run, scratch: Scratch) -> None:
    count = run.report.of(USERS)
    if next(scratch.select(User, "FROM user WHERE id = ?", COMMUNITY), None):
        run.report.skipped(USERS, OWN_ACCOUNT)
    if count.read > count.settled:
        run.report.skipped(USERS, SILENT, count.read - count.settled)


def _person(user: User) -> Person:
    name = " ".join(user.display_name.split())[:LONGEST_NAME]
    return Person(user_key(user.id), name or _("Former contributor"), user.creation_date)
