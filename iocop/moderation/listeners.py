"""A newcomer's first post with links waits for a moderator; an erased member's words to moderators are forgotten."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import update

from iocop.contributions.events import Contributed, Revised
from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import within
from iocop.members.events import MemberErased
from iocop.members.models import Member
from iocop.moderation import newcomers, queries, services
from iocop.moderation.models import Report
from iocop.roles.queries import current_roles


@within(Contributed, Revised)
def hold_first_links(happened: Contributed | Revised) -> None:
    """Hold a visible post that links elsewhere, of a newcomer whose links nobody has looked at."""
    post = db.session.get_one(Contribution, happened.contribution_id)
    if post.state == "visible" and post.author_id == happened.actor_id and _waits(post):
        services.hold(post.id)


def _waits(post: Contribution) -> bool:
    if not newcomers.leads_elsewhere(post.html, current_app.extensions["settings"].base_url):
        return False
    now = clock.now()
    joined_at = db.session.get_one(Member, post.author_id).joined_at
    known = queries.has_visible_posts(post.author_id, besides=post.id)
    if not newcomers.is_newcomer(joined_at, now, has_posted=known):
        return False
    return not current_roles(post.author_id, now) and not queries.links_are_trusted(
        post.author_id, besides=post.id
    )


@within(MemberErased)
def forget_notes(happened: MemberErased) -> None:
    """The reports stay, because others' posts hang on them; what the member wrote in them goes."""
    with act() as session:
        session.execute(update(Report).where(Report.reporter_id == happened.member_id).values(note=""))
