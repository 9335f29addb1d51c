"""What an inbox and old mails forget with a member, or with words that are no longer said."""

from __future__ import annotations

from sqlalchemy import delete, update

from iocop.contributions.events import Rewritten
from iocop.core.db import act
from iocop.core.events import within
from iocop.core.mail import forget_mails
from iocop.members.events import MemberErased
from iocop.notifications import queries
from iocop.notifications.models import Notice, NoticeChoice


@within(MemberErased)
def forget_inbox(happened: MemberErased) -> None:
    """An erased member's inbox and choices go with the rest, and so do the mails that quote them to others."""
    with act() as session:
        for table in (Notice, NoticeChoice):
            session.execute(delete(table).where(table.member_id == happened.member_id))
        if happened.with_texts:
            session.execute(
                update(Notice)
                .where(Notice.event_key.in_(queries.reasons_of(happened.member_id)))
                .values(words="")
            )
        forget_mails(queries.mails_about(happened.member_id) + queries.mails_quoting(happened.member_id))


@within(Rewritten)
def forget_mails_of_old_words(happened: Rewritten) -> None:
    """What no longer names somebody is not kept in a mail that does."""
    forget_mails(queries.mails_of(happened.contribution_ids))
