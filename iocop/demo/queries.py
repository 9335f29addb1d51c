"""The people of the demo as they stand in the database, and the mails in the folder."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select

from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.core.mail import mail_folder
from iocop.core.pages import Page, offset
from iocop.demo.personas import NEWCOMER, PERSONAS
from iocop.members.models import Member

if TYPE_CHECKING:
    from email.message import EmailMessage

    from iocop.core.policy import Sentence

MAILS_A_PAGE = 50

_MADE_UP = select(Member.id, Member.handle, Member.name).where(
    Member.password_hash.is_(None), Member.state == "active", Member.email.like("%.example")
)
"""Members whom the demo made: nobody who joined by themselves can be played."""


def is_empty() -> bool:
    """Say whether the site has no member at all, not even an imported one."""
    return not db.session.scalar(select(exists().where(Member.id.is_not(None))))


@dataclass(frozen=True)
class Role:
    """A persona as the sign-in page offers it; *handle* is the member's own."""

    member_id: int
    handle: str
    name: str
    role: Sentence
    what: Sentence


def roles() -> list[Role]:
    """Return who can be played here; nobody on a site that the demo did not fill."""
    handles = [persona.handle for persona in PERSONAS]
    found = {row.handle: row for row in db.session.execute(_MADE_UP.where(Member.handle.in_(handles)))}
    newest = db.session.execute(_MADE_UP.order_by(Member.joined_at.desc(), Member.id.desc()).limit(1)).first()
    if found and newest:
        found[NEWCOMER] = newest
    rows = ((persona, found[persona.handle]) for persona in PERSONAS if persona.handle in found)
    return [Role(row.id, row.handle, row.name, persona.role, persona.what) for persona, row in rows]


@dataclass(frozen=True)
class Letter:
    """A mail as the folder holds it; *body* is its plain text."""

    number: int
    sender: str
    recipient: str
    subject: str
    date: str
    body: str


def letters(number: int) -> Page[Letter]:
    """Return a page of the mails in the folder, newest first."""
    paths = sorted(mail_folder().glob("*.eml"), reverse=True)
    start = offset(number, MAILS_A_PAGE)
    rows = [letter(int(path.stem)) for path in paths[start : start + MAILS_A_PAGE]]
    return Page(rows, number, MAILS_A_PAGE, len(paths))


def letter(number: int) -> Letter:
    """Return one mail.

    Raises:
        Missing: no mail of this number.
    """
    path = mail_folder() / f"{number:08d}.eml"
    if not path.is_file():
        raise Missing(_l("There is no such mail."))
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return _letter(number, message)


def _letter(number: int, message: EmailMessage) -> Letter:
    part = message.get_body(("plain",))
    sender, recipient, subject, date = (
        str(message.get(name, "")) for name in ("From", "To", "Subject", "Date")
    )
    return Letter(number, sender, recipient, subject, date, body=str(part.get_content()) if part else "")
