"""What a member is writing is kept while they write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from iocop.contributions.models import Draft
from iocop.contributions.policy import may_attach
from iocop.core import clock
from iocop.core.db import act, is_postgresql
from iocop.core.errors import Conflict, Invalid, TooLarge
from iocop.core.policy import require
from iocop.core.text.render import MARKDOWN_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.login import Viewer

MOST_DRAFTS = 100
LONGEST_KEY = 60
ROOM = 2 * MARKDOWN_LIMIT
"""Most bytes of one draft, as JSON."""


def save_draft(actor: Viewer, key: str, fields: Mapping[str, str]) -> None:
    """Keep a draft under a key such as ``topic`` or ``answer:12``; an empty one is dropped.

    Raises:
        Invalid: the key cannot be.
        TooLarge: more text than could be posted.
        Conflict: a hundred drafts are kept already.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid(_l("The draft has no name: reload the page."), "key")
    if len(json.dumps(dict(fields), ensure_ascii=False).encode()) > ROOM:
        raise TooLarge(_l("This is longer than a post may be, so the draft is not kept."))
    if not any(words.strip() for words in fields.values()):
        discard_draft(actor, key)
        return
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    kept = insert(Draft).values(member_id=actor.id, key=key, fields=dict(fields), updated_at=clock.now())
    with act() as session:
        require(may_attach(actor))
        others = select(func.count()).where(Draft.member_id == actor.id, Draft.key != key)
        if (session.scalar(others) or 0) >= MOST_DRAFTS:
            raise Conflict(_l("You keep a hundred drafts already: discard one first."))
        session.execute(
            kept.on_conflict_do_update(
                index_elements=["member_id", "key"],
                set_={"fields": kept.excluded.fields, "updated_at": kept.excluded.updated_at},
            )
        )


def discard_draft(actor: Viewer, key: str) -> None:
    """Drop a draft; one that is gone already is no error."""
    with act() as session:
        session.execute(delete(Draft).where(Draft.member_id == actor.id, Draft.key == key))
