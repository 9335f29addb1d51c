"""Authors as members who wrote elsewhere: claimable, told of nothing, unable to sign in."""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from sqlalchemy import func, insert, select

from iocop.core.db import db
from iocop.core.events import emit
from iocop.domains.slugs import slug
from iocop.imports.events import MembersLoaded
from iocop.members.models import Member
from iocop.members.services import next_number
from iocop.organizations.models import MemberCard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

BATCH = 1000
NOBODY = "nobody"
LONGEST_NAME, LONGEST_HANDLE = 80, 28
CARD = ("member_id", "number", "handle", "name", "state")
_OF_CARD = (Member.id, Member.number, Member.handle, Member.name, Member.state)


class Person(NamedTuple):
    key: str
    name: str
    since: datetime


def name_key(name: str | None) -> str:
    """Of an author known by name alone."""
    return f"name-{blake2s(name.encode(), digest_size=12).hexdigest()}" if name else NOBODY


def write_people(session: Session, source: str, persons: Sequence[Person]) -> int:
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


def authors_of(source: str) -> Iterator[tuple[str, int, str]]:
    """Key, member and name of each; whoever was claimed is the member who did."""
    here = select(Member.source_id, func.coalesce(Member.claimed_by_id, Member.id), Member.name)
    rows = db.session.execute(here.where(Member.source == source).execution_options(yield_per=BATCH))
    return ((key, member_id, name) for key, member_id, name in rows if key is not None)
