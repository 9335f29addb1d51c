"""The authors of a dump as members who wrote elsewhere: claimable, told of nothing, unable to sign in."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2s
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.domains.slugs import slug
from iocop.imports.batches import batches
from iocop.imports.events import MembersLoaded
from iocop.imports.stackexchange.plan.posts import COMMUNITY, author_of
from iocop.imports.stackexchange.records import User
from iocop.imports.words import N_
from iocop.members.models import Member
from iocop.members.services import next_number
from iocop.organizations.models import MemberCard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from iocop.imports.runs import Run
    from iocop.imports.stackexchange.threads import Scratch

STAGE = "people"
USERS = "Users.xml"
BATCH = 1000
KEPT = 50_000  # authors in memory at once
NOBODY = "nobody"
LONGEST_NAME, LONGEST_HANDLE = 80, 28
CARD = ("member_id", "number", "handle", "name", "state")
_OF_CARD = (Member.id, Member.number, Member.handle, Member.name, Member.state)

SILENT = N_("accounts that wrote nothing")
OWN_ACCOUNT = N_("the other site's own account")


class Person(NamedTuple):
    key: str
    name: str
    since: datetime


def import_people(run: Run, scratch: Scratch) -> None:
    """Write the authors that are not here yet, and tell *scratch* who each one is."""
    if not run.is_done(STAGE):
        _import_accounts(run, scratch)
        _import_names(run, scratch)
        with act():
            _leave_silent(run, scratch)
            bump("people")
            run.keep(STAGE, done=True)
    scratch.keep_authors(_authors(run.source))


def user_key(user_id: int) -> str:
    return f"user-{user_id}"


def name_key(name: str | None) -> str:
    """Of an author known by name alone."""
    return f"name-{blake2s(name.encode(), digest_size=12).hexdigest()}" if name else NOBODY


class Authors:
    """Who wrote what, as members here; `in` asks whether an account of the dump is one."""

    def __init__(self, scratch: Scratch) -> None:
        self._find = lru_cache(KEPT)(scratch.author)

    def __contains__(self, user_id: object) -> bool:
        return isinstance(user_id, int) and user_id != COMMUNITY and self._find(user_key(user_id)) is not None

    def member(self, user_id: int | None, name: str | None = None) -> int:
        """The member who stands for an account, or for a name that an account left behind."""
        author = author_of(user_id, name, self)
        found = self._find(name_key(author.name) if author.user_id is None else user_key(author.user_id))
        assert found is not None  # noqa: S101 -- every author was written before
        return found[0]

    def name(self, user_id: int | None, name: str | None) -> str | None:
        """The name to credit; None for an author nobody can name."""
        author = author_of(user_id, name, self)
        if author.user_id is None:
            return author.name
        found = self._find(user_key(author.user_id))
        return found[1] if found else None


def _import_accounts(run: Run, scratch: Scratch) -> None:
    for users in batches(scratch.writers(after=run.cursor(STAGE)), BATCH):
        with act() as session:
            written = _write(session, run.source, [_person(user) for user in users])
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
            _write(session, run.source, list(persons.values()))


def _leave_silent(run: Run, scratch: Scratch) -> None:
    count = run.report.of(USERS)
    if next(scratch.select(User, "FROM user WHERE id = ?", COMMUNITY), None):
        run.report.skipped(USERS, OWN_ACCOUNT)
    if count.read > count.settled:
        run.report.skipped(USERS, SILENT, count.read - count.settled)


def _person(user: User) -> Person:
    name = " ".join(user.display_name.split())[:LONGEST_NAME]
    return Person(user_key(user.id), name or _("Former contributor"), user.creation_date)


def _write(session: Session, source: str, persons: Sequence[Person]) -> int:
    """Write those who are not here yet; return how many those are."""
    keys = [person.key for person in persons]
    here = select(Member.source_id).where(Member.source == source, Member.source_id.in_(keys))
    known = set(session.scalars(here))
    new = [person for person in persons if person.key not in known]
    if not new:
        return 0
    rows = _rows(session, source, new)
    session.execute(insert(Member.__table__), rows)  # type: ignore[arg-type]  # past the unit of work
    ours = (Member.source == source, Member.source_id.in_([person.key for person in new]))
    session.execute(insert(MemberCard).from_select(CARD, select(*_OF_CARD).where(*ours)))
    emit(MembersLoaded(actor_id=None, member_ids=tuple(session.scalars(select(Member.id).where(*ours)))))
    return len(new)


def _rows(session: Session, source: str, persons: Sequence[Person]) -> list[dict[str, Any]]:
    """Handles end in the member's number, so that the plain ones stay free for those who join."""
    numbered = [(number, person) for number, person in enumerate(persons, next_number())]
    handles = {number: f"{_word(person.name)}-{number}" for number, person in numbered}
    taken = set(session.scalars(select(Member.handle).where(Member.handle.in_(handles.values()))))
    return [
        {
            "number": number,
            "handle": f"author-{uuid4().hex}"[:LONGEST_HANDLE]
            if handles[number] in taken
            else handles[number],
            "name": person.name,
            "name_mode": "pseudonym",
            "state": "imported",
            "joined_at": person.since,
            "reviewed_at": person.since,
            "source": source,
            "source_id": person.key,
        }
        for number, person in numbered
    ]


def _word(name: str) -> str:
    return slug(name, LONGEST_HANDLE).strip("-") or "author"


def _authors(source: str) -> Iterator[tuple[str, int, str]]:
    """Key, member and name of each; whoever was claimed is the member who did."""
    here = select(Member.source_id, func.coalesce(Member.claimed_by_id, Member.id), Member.name)
    rows = db.session.execute(here.where(Member.source == source).execution_options(yield_per=BATCH))
    return ((key, member_id, name) for key, member_id, name in rows if key is not None)
