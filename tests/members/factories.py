"""Members with a password, and what a mail said to them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from iocop.core.db import db
from iocop.core.models import MailRow
from iocop.members import passwords
from tests.factories import make_member

if TYPE_CHECKING:
    from iocop.members.models import Member

PASSWORD = "velvet-harbour-91-lantern"
OTHER_PASSWORD = "quiet-gasket-74-meadow"


@cache
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def make_account(**given: Any) -> Member:
    """A member who can sign in with `PASSWORD`."""
    return make_member(**{"password_hash": password_hash()} | given)


def mails_to(address: str) -> list[MailRow]:
    """Return the mails queued for an address, oldest first."""
    return list(db.session.scalars(select(MailRow).where(MailRow.address == address).order_by(MailRow.id)))


def link_in(mail: MailRow) -> str:
    """Return the path of the link in a mail."""
    found = re.search(r"http://localhost(/\S+)", mail.body)
    assert found is not None, mail.body
    return found[1]
