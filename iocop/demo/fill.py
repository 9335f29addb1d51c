"""Writes the demo community into an empty site, in one act: killed half-way, nothing was written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.core.text.render import render_many
from iocop.core.versions import bump
from iocop.demo import personas
from iocop.demo.chatter import Chatter
from iocop.demo.electing import hold_elections
from iocop.demo.places import COMMONS
from iocop.demo.playing import play_stories
from iocop.demo.queries import is_empty
from iocop.demo.settle import Settlement, settle
from iocop.demo.stories import tell
from iocop.demo.talk import Stage
from iocop.forums.services.bulk import BulkMark, BulkPost, BulkThread, write_threads
from iocop.moderation.models import Report
from iocop.notifications.models import Notice
from iocop.reputation.services.bulk import begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from iocop.core.text.render import Rendered
    from iocop.demo.talk import Said, Talk

POSTS = 2500
TOLD = timedelta(days=90)
"""How far back inboxes go; what is older than `UNREAD` was read."""
UNREAD = timedelta(days=2)
REPORTED = "Please look at this: the site can be guessed from the figures and the date."

Progress: TypeAlias = "Callable[[int, int], None]"
"""Told how many texts are done, and of how many."""


def fill_demo(progress: Progress = lambda _done, _all: None) -> None:
    """Fill the site with the Plantroom Guild.

    Raises:
        Conflict: the site has members, and the demo mixes with nobody.
    """
    require_empty()
    now = clock.now()
    stage = Stage(now)
    talks = tell(stage, stage.talks())
    talks = Chatter(stage).spread(talks, POSTS - sum(len(talk.posts) for talk in talks))
    rendered = _rendered(talks, progress)
    with act() as session:
        tags = (tag for talk in talks for tag in talk.tags)
        settlement = settle(session, stage.community, now.date(), tags)
        roots = write_threads([_thread(settlement, talk, rendered) for talk in talks])
        _write_notices(session, settlement, talks, roots, now)
        _write_report(session, settlement, talks, roots, now)
        play_stories(settlement, now, {talk.title: root for talk, root in zip(talks, roots, strict=True)})
        hold_elections(settlement, now)
        begin()
        bump("site", "people", "topics", "domains", "spaces", "repertoire")


def require_empty() -> None:
    """Go on only if nobody is here.

    Raises:
        Conflict: somebody is.
    """
    if not is_empty():
        raise Conflict(
            _l(
                "This site has members already: the demo fills only an empty one. Name another IOCOP_DATA_DIR."
            )
        )


def _rendered(talks: Sequence[Talk], progress: Progress) -> Iterator[Rendered]:
    texts = [post.text for talk in talks for post in talk.posts]
    done = []
    for number, rendered in enumerate(render_many(texts), 1):
        done.append(rendered)
        progress(number, len(texts))
    return iter(done)


def _thread(settlement: Settlement, talk: Talk, rendered: Iterator[Rendered]) -> BulkThread:
    posts = [_post(settlement, talk, post, next(rendered)) for post in talk.posts]
    writers = dict.fromkeys(post.author for post in talk.posts)
    return BulkThread(
        kind=talk.kind, title=talk.title, space_id=settlement.spaces[talk.space], posts=posts,
        domain_ids=[settlement.domains[slug] for slug in talk.domains],
        tag_ids=list(dict.fromkeys(settlement.tags[tag] for tag in talk.tags)),
        accepted=talk.accepted, accepted_at=talk.accepted_at,
        followers=[settlement.members[handle] for handle in writers],
        views=sum(len(post.helpful) for post in talk.posts) * 7 + 11,
    )  # fmt: skip


def _post(settlement: Settlement, talk: Talk, post: Said, rendered: Rendered) -> BulkPost:
    return BulkPost(
        author_id=settlement.members[post.author], created_at=post.at, text=post.text, html=rendered.html,
        plain=rendered.plain, kind=post.kind, parent=post.parent, stamp=settlement.stamp(post.author, post.at),
        label=talk.label, language=talk.language, marks=list(_marks(settlement, post)),
    )  # fmt: skip


def _marks(settlement: Settlement, post: Said) -> Iterator[BulkMark]:
    for handle, at in post.helpful:
        stamp = settlement.stamp(handle, at)
        yield BulkMark(kind="helpful", member_id=settlement.members[handle], at=at, stamp=stamp)
    for handle, conditions, at in post.works_here:
        stamp, context = settlement.stamp(handle, at), {"conditions": conditions}
        yield BulkMark(
            kind="works_here", member_id=settlement.members[handle], at=at, stamp=stamp, context=context
        )


def _ids(session: Session, root_id: int) -> dict[int, int]:
    rows = session.execute(
        select(Contribution.position, Contribution.id).where(Contribution.root_id == root_id)
    )
    return {row.position: row.id for row in rows}


def _write_notices(
    session: Session, settlement: Settlement, talks: Sequence[Talk], roots: Sequence[int], now: datetime
) -> None:
    """Fill the inboxes with what was answered and replied lately; no mail is sent for it."""
    for talk, root_id in zip(talks, roots, strict=True):
        if talk.posts[-1].at < now - TOLD or talk.space != COMMONS:
            continue
        ids = _ids(session, root_id)
        for position, post in enumerate(talk.posts, 1):
            told = talk.posts[post.parent - 1].author
            if position > 1 and told != post.author and post.at > now - TOLD:
                session.add(
                    Notice(
                        member_id=settlement.members[told], event_key=f"posted:{ids[position]}",
                        kind="answer" if post.kind == "answer" else "reply", root_id=root_id,
                        actor_id=settlement.members[post.author], contribution_id=ids[position], at=post.at,
                        read_at=None if post.at > now - UNREAD else post.at + timedelta(hours=9),
                    )
                )  # fmt: skip
    session.flush()


def _write_report(
    session: Session, settlement: Settlement, talks: Sequence[Talk], roots: Sequence[int], now: datetime
) -> None:
    """Leave one report in the queue, on the newest answer of somebody who does not moderate."""
    candidates = (
        (post, root_id, position)
        for talk, root_id in zip(talks, roots, strict=True)
        for position, post in enumerate(talk.posts, 1)
        if _reportable(talk, post, now)
    )
    post, root_id, position = max(candidates, key=lambda found: found[0].at)
    session.add(
        Report(
            contribution_id=_ids(session, root_id)[position], reporter_id=settlement.members[personas.MEMBER],
            reason="confidential", note=REPORTED, at=min(now, post.at + timedelta(hours=2)),
        )
    )  # fmt: skip
    session.flush()


def _reportable(talk: Talk, post: Said, now: datetime) -> bool:
    strangers = personas.MEMBER not in {talk.author, post.author} and post.author != personas.MODERATOR
    return (
        strangers and talk.space == COMMONS and post.kind == "answer" and post.at < now - timedelta(hours=6)
    )
