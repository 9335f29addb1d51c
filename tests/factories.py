"""What tests need to exist: plain functions; a test names only what matters to it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from iocop.core import clock
from iocop.core.db import Model, act
from iocop.core.login import Viewer
from iocop.members.models import Member

if TYPE_CHECKING:
    from iocop.organizations.models import Organization

Row = TypeVar("Row", bound=Model)

_numbers = count(1)


def saved(row: Row) -> Row:
    """Write a row as it is, past every service."""
    with act() as session:
        session.add(row)
        session.flush()  # whoever saves several in one act needs their keys
    return row


def make_member(**given: Any) -> Member:
    """An active member; the password is the one of `PASSWORD` when `password_hash` is not given."""
    from iocop.organizations import services as organizations

    number = next(_numbers)
    usual = {
        "number": number, "name": f"Member {number}", "handle": f"member-{number}", "email": f"m{number}@example.org",
        "joined_at": clock.now(), "reviewed_at": clock.now(),
    }  # fmt: skip
    with act():
        member = saved(Member(**usual | given))
        organizations.refresh_card(member.id)
    return member


def viewer_of(member: Member) -> Viewer:
    """The member as services take them: as *actor*."""
    from iocop.members import queries

    found = queries.viewer_of(member.id)
    assert found is not None
    return found


def make_organization(**given: Any) -> Organization:
    from iocop.organizations.models import Organization

    number = next(_numbers)
    usual = {
        "name": f"Organization {number}",
        "slug": f"organization-{number}",
        "type": "firm",
        "created_at": clock.now(),
    }
    return saved(Organization(**usual | given))
