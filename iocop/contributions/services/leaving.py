"""A member is erased: their name goes from what others wrote, and their own texts go where they wish it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from iocop.contributions.addresses import address
from iocop.contributions.events import FilesRemoved, Rewritten, StateChanged
from iocop.contributions.models import (
    Attachment,
    Contribution,
    Draft,
    Follow,
    LabelChange,
    Link,
    Mark,
    Mention,
    ReadMark,
    Revision,
)
from iocop.contributions.policy import governed_kinds
from iocop.core import clock
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.members.numbers import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMELESS = "…"
"""Stands for the words of a quotation's line, which hold the name."""


def forget_member(actor_id: int | None, member_id: int, *, with_texts: bool) -> None:
    """Remove what names a member from everything given.

    Args:
        with_texts: empty the member's own texts too; their places stay as stubs, so that replies stand.
    """
    with act() as session:
        member = session.get_one(Member, member_id)
        for table in (Draft, Follow, ReadMark):
            session.execute(delete(table).where(table.member_id == member_id))
        _remove_files(actor_id, member_id, with_texts=with_texts)
        named = session.scalars(
            select(Contribution).join(Mention, Mention.contribution_id == Contribution.id)
            .where(Mention.member_id == member_id)
        ).unique().all()  # fmt: skip
        for thing in named:
            _rename_mention(thing, f"/id/{shown(member.number)}", member.handle)
        quoting = _quoting(member_id)
        for thing, quoted_id in quoting:
            _unname_quotation(thing, quoted_id)
        own = _empty_texts(actor_id, member_id) if with_texts else []
        changed = {thing.id: thing for thing in (*named, *(thing for thing, _ in quoting), *own)}
        _tell(actor_id, changed.values())


def _remove_files(actor_id: int | None, member_id: int, *, with_texts: bool) -> None:
    """Remove a member's files, or only those that no contribution took."""
    own = Attachment.owner_id == member_id, Attachment.removed_at.is_(None)
    unused = () if with_texts else (Attachment.contribution_id.is_(None),)
    with act() as session:
        gone = tuple(session.scalars(select(Attachment.id).where(*own, *unused).order_by(Attachment.id)))
        session.execute(update(Attachment).where(*own, *unused).values(removed_at=clock.now(), name="file"))
        if gone:
            emit(FilesRemoved(actor_id, gone))


def _tell(actor_id: int | None, changed: Iterable[Contribution]) -> None:
    ids = tuple(thing.id for thing in changed)
    if ids:
        bump("topics", *{f"topic:{thing.root_id or thing.id}" for thing in changed})
        emit(Rewritten(actor_id, ids))


def _quoting(member_id: int) -> list[tuple[Contribution, int]]:
    """Return what quotes a member, with the id of what is quoted."""
    with act() as session:
        quoted = select(Contribution.id).where(Contribution.author_id == member_id)
        links = session.execute(
            select(Link.from_id, Link.to_id).where(Link.kind == "quoted", Link.to_id.in_(quoted))
        ).all()
        return [(session.get_one(Contribution, link.from_id), link.to_id) for link in links]


def _rename_mention(thing: Contribution, profile: str, handle: str) -> None:
    """Put a new handle where a text names somebody by the old one, which the rendered link tells."""
    link = re.compile(rf'(<a class="mention" href="{re.escape(profile)}">)@([^<]+)(</a>)')
    for old in {match[2] for match in link.finditer(thing.html)}:
        _replace(thing, re.compile(rf"(?<![\w@/.])@{re.escape(old)}(?![\w-])"), f"@{handle}")


def _unname_quotation(thing: Contribution, quoted_id: int) -> None:
    """Take the name out of the line that leads a quotation: ``[Alice wrote:](/p/12)``."""
    place = re.escape(address(quoted_id))
    link = re.compile(rf'<a [^>]*href="[^"]*{place}"[^>]*>([^<]*)</a>')
    words = {match[1] for match in link.finditer(thing.html)} - {NAMELESS}
    source = re.compile(rf"\[[^\]\n]*\](?=\(<?[^)\s>]*{place}>?\))")
    _replace_source(thing, source, f"[{NAMELESS}]")
    for old in words:
        thing.html = re.sub(
            rf"(<a [^>]*href=\"[^\"]*{place}\"[^>]*>){re.escape(old)}(</a>)", rf"\1{NAMELESS}\2", thing.html
        )
        thing.plain = thing.plain.replace(old, NAMELESS)


def _replace(thing: Contribution, old: re.Pattern[str], new: str) -> None:
    thing.html, thing.plain = old.sub(new, thing.html), old.sub(new, thing.plain)
    _replace_source(thing, old, new)


def _replace_source(thing: Contribution, old: re.Pattern[str], new: str) -> None:
    thing.text = old.sub(new, thing.text)
    with act() as session:
        for kept in session.scalars(select(Revision).where(Revision.contribution_id == thing.id)):
            kept.text, kept.title = old.sub(new, kept.text), old.sub(new, kept.title)


def _empty_texts(actor_id: int | None, member_id: int) -> list[Contribution]:
    """Empty a member's own texts and everything they once said; return them.

    What the community governs stays, without the name: its licence lets it, and others' words stand in it.
    """
    with act() as session:
        theirs = Contribution.author_id == member_id, Contribution.kind.not_in(governed_kinds())
        own = list(session.scalars(select(Contribution).where(*theirs)))
        ids = select(Contribution.id).where(*theirs)
        session.execute(
            update(Revision).where(Revision.contribution_id.in_(ids)).values(text="", title="", reason="")
        )
        session.execute(update(Revision).where(Revision.editor_id == member_id).values(reason=""))
        session.execute(update(Mark).where(Mark.member_id == member_id).values(context={}))
        session.execute(update(LabelChange).where(LabelChange.actor_id == member_id).values(reason=""))
        session.execute(delete(Mention).where(Mention.contribution_id.in_(ids)))
        for thing in own:
            old, thing.state = thing.state, "removed"
            thing.text = thing.html = thing.plain = thing.attribution = thing.state_reason = ""
            thing.state_by_id, thing.removed_at = member_id, clock.now()
            if old != "removed":
                emit(StateChanged(actor_id, thing.id, thing.root_id or thing.id, old, "removed"))
    return own
