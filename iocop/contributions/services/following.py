"""Members follow topics, mute them, and are remembered how far they have read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from iocop.contributions import policy
from iocop.contributions.events import Followed
from iocop.contributions.models import Contribution, Follow, ReadMark
from iocop.core import clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.errors import Missing, Refused
from iocop.core.events import emit
from iocop.core.policy import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.core.login import Viewer

log = structlog.get_logger(__name__)


def follow(actor: Viewer, root_id: int) -> None:
    """Have the actor told of what happens under a root."""
    _set(actor, root_id, muted=False)


def mute(actor: Viewer, root_id: int) -> None:
    """Tell the actor nothing more of what happens under a root, not even answers to own posts."""
    _set(actor, root_id, muted=True)


def unfollow(actor: Viewer, root_id: int) -> None:
    """Tell the actor of answers to own posts only, as if they had never followed."""
    with act() as session:
        found = session.get(Follow, (actor.id, root_id))
        if found is not None:
            session.delete(found)
            emit(Followed(actor.id, root_id, "unfollowed"))


def _set(actor: Viewer, root_id: int, *, muted: bool) -> None:
    with act() as session:
        root = session.get(Contribution, root_id)
        if root is None or root.root_id != root.id:
            raise Missing(_l("There is no such topic."))
        if not actor.is_authenticated:
            raise Refused(_l("Join or sign in to do this."))
        require(policy.may_read(actor, root))
        session.merge(Follow(member_id=actor.id, root_id=root_id, muted=muted, since=clock.now()))
        emit(Followed(actor.id, root_id, "muted" if muted else "followed"))


def note_read(actor: Viewer, positions: Mapping[int, int]) -> None:
    """Remember how far the actor has read under some roots; never back, and never failing the page.

    Args:
        positions: by root, the position of the last post seen; call it only where that is further than known.
    """
    if not positions or not actor.is_authenticated:
        return
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    rows = [
        {"member_id": actor.id, "root_id": root, "position": seen} for root, seen in sorted(positions.items())
    ]
    statement = insert(ReadMark).values(rows)
    further = statement.on_conflict_do_update(
        index_elements=["member_id", "root_id"],
        set_={"position": statement.excluded.position},
        where=ReadMark.position < statement.excluded.position,
    )
    try:
        with act() as session:
            session.execute(further)
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("read_mark_lost", error=type(error).__name__)
