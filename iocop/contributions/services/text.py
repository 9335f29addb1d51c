"""A member's Markdown is worked on before the act begins: rendered, its mentions and references found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from iocop.contributions import policy
from iocop.contributions.models import Contribution, Link, Mention
from iocop.contributions.references import attached, references
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid
from iocop.core.text.render import RENDERER_VERSION, TooLong, render
from iocop.members.numbers import shown
from iocop.members.queries import members_by_handles
from iocop.spaces.labels import LABELS, Channel, carries, strictest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.login import Viewer
    from iocop.core.policy import Sentence

MOST_MENTIONS = 20


@dataclass(frozen=True)
class Written:
    """A text as it will be stored, ready before the act.

    Attributes:
        notice: what to tell the author where the text is shown as typed.
        mentioned: the ids of the members named with @.
        references: the ids of the contributions it links to, each ``linked`` or ``quoted``.
        attachments: the ids of the files it shows.
    """

    text: str
    html: str
    plain: str
    mentioned: frozenset[int]
    references: Mapping[int, str]
    attachments: frozenset[int]
    notice: Sentence | None = None
    renderer: int = RENDERER_VERSION


def write_out(text: str) -> Written:
    """Render a member's Markdown; call it outside `act`, because it may take two seconds.

    Raises:
        Invalid: empty, too long, or too many people are named in it.
    """
    ids: dict[str, int] = {}

    def addresses(handles: set[str]) -> dict[str, str]:
        found = members_by_handles(handles)
        ids.update({handle: member.id for handle, member in found.items()})
        return {handle: f"/id/{shown(member.number)}" for handle, member in found.items()}

    if not text.strip():
        raise Invalid(_l("Write your text before you send it."), "text")
    try:
        rendered = render(text, mentions=addresses)
    except TooLong as error:
        raise Invalid(error.args[0], "text") from error
    if len(rendered.mentions) > MOST_MENTIONS:
        raise Invalid(_l("At most 20 people can be mentioned in one text."), "text")
    base_url = current_app.extensions["settings"].base_url
    return Written(
        text=text,
        html=rendered.html,
        plain=rendered.plain,
        mentioned=frozenset(ids[handle] for handle in rendered.mentions),
        references=references(rendered.html, base_url),
        attachments=frozenset(attached(rendered.html)),
        notice=rendered.notice,
        renderer=rendered.version,
    )


def readable_references(actor: Viewer, written: Written) -> list[Contribution]:
    """Return the contributions a text refers to, as far as its author may read them; others stay unknown."""
    if not written.references:
        return []
    found = db.session.scalars(select(Contribution).where(Contribution.id.in_(written.references)))
    return [thing for thing in found if policy.may_read(actor, thing)]


def quoted_label(referred: list[Contribution], written: Written, space_id: int) -> str:
    """Return the strictest label among what is quoted: the quoting text inherits it.

    Raises:
        Invalid: something is quoted that may not leave its space.
    """
    quoted = [thing for thing in referred if written.references[thing.id] == "quoted"]
    if any(thing.space_id != space_id and not carries(Channel.QUOTE, thing.label) for thing in quoted):
        raise Invalid(
            _l("You quote something that was said for its own space only: take the quotation out."), "text"
        )
    return strictest(LABELS[-1], *(thing.label for thing in quoted))


def write_references(thing_id: int, referred: list[Contribution], written: Written) -> None:
    """Replace a contribution's links and quotations; duplicates, which moderators note, stay."""
    with act() as session:
        session.execute(delete(Link).where(Link.from_id == thing_id, Link.kind != "duplicate"))
        add_references(thing_id, referred, written)


def add_references(thing_id: int, referred: list[Contribution], written: Written) -> None:
    """Give a new contribution its links and quotations."""
    with act() as session:
        now = clock.now()
        session.add_all(
            Link(from_id=thing_id, to_id=other.id, kind=written.references[other.id], at=now)
            for other in referred
            if other.id != thing_id
        )


def write_mentions(thing_id: int, written: Written) -> set[int]:
    """Replace a contribution's mentions; return the members who are named in it for the first time."""
    with act() as session:
        known = set(session.scalars(select(Mention.member_id).where(Mention.contribution_id == thing_id)))
        if gone := known - written.mentioned:
            session.execute(
                delete(Mention).where(Mention.contribution_id == thing_id, Mention.member_id.in_(gone))
            )
        fresh = set(written.mentioned) - known
        session.add_all(Mention(contribution_id=thing_id, member_id=member) for member in sorted(fresh))
    return fresh
