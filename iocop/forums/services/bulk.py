"""Whole threads written at once, for imports and the demo: one act and one event a call, no notices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iocop.contributions.events import ContributionsLoaded
from iocop.contributions.models import (
    Contribution,
    ContributionDomain,
    ContributionTag,
    Follow,
    Link,
    Mark,
    Revision,
)
from iocop.contributions.services.loading import BulkRevision, new_ids, write_rows
from iocop.core.db import act
from iocop.core.events import emit
from iocop.core.versions import bump
from iocop.forums.models import Topic
from iocop.forums.services.batch import BulkLink, BulkMark, BulkPost, BulkThread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["BulkLink", "BulkMark", "BulkPost", "BulkRevision", "BulkThread", "write_links", "write_threads"]


NO_MARKS: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A thread and the ids its posts are given."""

    thread: BulkThread
    ids: Sequence[int]

    @property
    def root_id(self) -> int:
        return self.ids[0]

    def posts(self) -> Iterator[tuple[int, BulkPost]]:
        return zip(self.ids, self.thread.posts, strict=True)


def write_threads(threads: Sequence[BulkThread]) -> list[int]:
    """Write threads in one act; return the ids of their topics, in order.

    Texts are rendered before. What counts is counted here: posts, answers, last post, marks.

    Raises:
        IntegrityError: a member, space, domain or tag that does not exist, or a source id that stands already.
        ValueError: a thread without a post.
    """
    if not all(thread.posts for thread in threads):
        raise ValueError("a thread without a post")
    if not threads:
        return []
    with act() as session:
        ids = iter(new_ids(session, sum(len(thread.posts) for thread in threads)))
        placed = [_Placed(thread, [next(ids) for _ in thread.posts]) for thread in threads]
        write_rows(session, Contribution, (row for each in placed for row in _contributions(each)))
        write_rows(session, Revision, (row for each in placed for row in _revisions(each)))
        write_rows(session, Mark, (row for each in placed for row in _marks(each)))
        write_rows(session, Topic, map(_topic, placed))
        write_rows(session, ContributionDomain, (row for each in placed for row in _domains(each)))
        write_rows(session, ContributionTag, (row for each in placed for row in _tags(each)))
        write_rows(session, Follow, (row for each in placed for row in _follows(each)))
        roots = [each.root_id for each in placed]
        bump("topics")
        emit(ContributionsLoaded(actor_id=None, root_ids=tuple(roots)))
    return roots


def write_links(links: Iterable[BulkLink]) -> None:
    """Write links between contributions that stand already; one that is known is an error of the caller."""
    with act() as session:
        write_rows(session, Link, (link._asdict() for link in links))


def _contributions(placed: _Placed) -> Iterator[dict[str, Any]]:
    for position, (key, post) in enumerate(placed.posts(), 1):
        marks = Counter(mark.kind for mark in post.marks) if post.marks else NO_MARKS
        revisions = max(1, len(post.revisions))
        yield {
            "id": key,
            "kind": post.kind or placed.thread.kind,
            "author_id": post.author_id,
            "affiliation_id": post.stamp.affiliation_id,
            "organization_id": post.stamp.organization_id,
            "org_group_id": post.stamp.org_group_id,
            "org_evidence": post.stamp.org_evidence,
            "root_id": placed.root_id,
            "parent_id": None if position == 1 else placed.ids[post.parent - 1],
            "position": position,
            "space_id": placed.thread.space_id,
            "label": post.label,
            "language": post.language,
            "licence": post.licence,
            "version": revisions,
            "state": post.state,
            "state_reason": post.state_reason,
            "submission_key": f"loaded-{key}",
            "source": post.source,
            "source_id": post.source_id,
            "attribution": post.attribution,
            "created_at": post.created_at,
            "edited_at": post.revisions[-1].at if revisions > 1 else None,
            "removed_at": post.removed_at,
            "helpful": marks["helpful"],
            "works_here": marks["works_here"],
            "outdated": marks["outdated"],
            "imported_score": post.imported_score,
            "text": post.text,
            "html": post.html,
            "plain": post.plain,
            "renderer": post.renderer,
        }


def _revisions(placed: _Placed) -> Iterator[dict[str, Any]]:
    for key, post in placed.posts():
        title = placed.thread.title if key == placed.root_id else ""
        first = BulkRevision(
            editor_id=post.author_id, at=post.created_at, text=post.text, title=title,
            organization_id=post.stamp.organization_id,
        )  # fmt: skip
        for number, revision in enumerate(post.revisions or (first,), 1):
            yield {
                "contribution_id": key,
                "number": number,
                "editor_id": revision.editor_id,
                "organization_id": revision.organization_id,
                "at": revision.at,
                "reason": revision.reason,
                "title": revision.title,
                "text": revision.text,
            }


def _marks(placed: _Placed) -> Iterator[dict[str, Any]]:
    for key, post in placed.posts():
        for mark in post.marks:
            yield {
                "contribution_id": key,
                "member_id": mark.member_id,
                "kind": mark.kind,
                "value": 1,
                "context": mark.context,
                "organization_id": mark.stamp.organization_id,
                "org_group_id": mark.stamp.org_group_id,
                "org_evidence": mark.stamp.org_evidence,
                "at": mark.at,
            }


def _topic(placed: _Placed) -> dict[str, Any]:
    thread = placed.thread
    first = thread.posts[0]
    live = [(key, post) for key, post in placed.posts() if post.state == "visible"]
    last_id, last = live[-1] if live else (placed.root_id, first)
    answered = [post.created_at for _, post in live if post.kind == "answer"]
    return {
        "id": placed.root_id,
        "kind": thread.kind,
        "title": thread.title,
        "listed": first.state == "visible",
        "pinned": thread.pinned,
        "opened_at": first.created_at,
        "closed_at": thread.closed_at,
        "closed_by_id": thread.closed_by_id,
        "closed_reason": thread.closed_reason,
        "accepted_id": placed.ids[thread.accepted - 1] if thread.accepted else None,
        "accepted_at": thread.accepted_at,
        "first_answer_at": min(answered, default=None),
        "posts": len(thread.posts),
        "answers": len(answered),
        "last_post_at": last.created_at,
        "last_post_id": last_id,
        "last_author_id": last.author_id,
        "views": thread.views,
    }


def _domains(placed: _Placed) -> Iterator[dict[str, Any]]:
    for position, key in enumerate(placed.thread.domain_ids):
        yield {"contribution_id": placed.root_id, "domain_id": key, "position": position}


def _tags(placed: _Placed) -> Iterator[dict[str, Any]]:
    for key in placed.thread.tag_ids:
        yield {"contribution_id": placed.root_id, "tag_id": key}


def _follows(placed: _Placed) -> Iterator[dict[str, Any]]:
    for key in placed.thread.followers:
        yield {"member_id": key, "root_id": placed.root_id, "since": placed.thread.posts[0].created_at}
