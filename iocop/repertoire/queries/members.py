"""Members as somebody types them where one is chosen."""

from __future__ import annotations

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.members.models import Member
from iocop.members.numbers import parse

MOST = 5


def members_called(words: str) -> list[Member]:
    """Return the active members of a handle (with or without @), a member number, or exactly this name: at most five."""
    typed = words.strip().removeprefix("@")
    if not typed:
        return []
    number = parse(typed)
    active = select(Member).where(Member.state == "active").order_by(Member.id).limit(MOST)
    if number is not None:
        return list(db.session.scalars(active.where(Member.number == number)))
    by_handle = list(db.session.scalars(active.where(Member.handle == typed.lower())))
    return by_handle or list(
        db.session.scalars(active.where(func.lower(Member.name) == " ".join(typed.split()).lower()))
    )


def member_called(words: str) -> Member | None:
    """Return the one active member called so; None where there is none, or more than one."""
    found = members_called(words)
    return found[0] if len(found) == 1 else None
