"""The threads of a dump as threads here, made in batches: rendered, credited, and every row counted."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from iocop.contributions.detecting import detected
from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.core.text.sanitize import sanitize_many
from iocop.forums.models import Topic
from iocop.forums.services.append import BulkAddition
from iocop.forums.services.batch import BulkThread
from iocop.imports.batches import early
from iocop.imports.report import Report
from iocop.imports.stackexchange.counting import COMMENTS, POSTS, count_history, count_votes
from iocop.imports.stackexchange.drafting import draft_of
from iocop.imports.stackexchange.outcome import acceptance_of, ending_of, followers_of
from iocop.imports.stackexchange.plan.posts import title_of
from iocop.imports.stackexchange.texts import LONGEST_TITLE, post_key, written
from iocop.imports.stackexchange.threads import root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iocop.core.text.render import Rendered
    from iocop.forums.services.batch import BulkPost
    from iocop.imports.stackexchange.drafting import Draft
    from iocop.imports.stackexchange.records import Post
    from iocop.imports.stackexchange.texts import Item, Target
    from iocop.imports.stackexchange.threads import Piece

WEIGHT = 1000  # posts and comments a batch, or one longer thread
TOLD_BY = 300  # characters of a thread's title and question
USUAL = "en"

_TAG = re.compile(r"<(?:pre|code)[^>]*>.*?(?:</(?:pre|code)>|\Z)|<[^>]*>", re.DOTALL)


@dataclass
class Batch:
    """What one act writes.

    Attributes:
        cursor: the root of its last thread.
        weight: posts and comments read for it.
    """

    cursor: int
    weight: int
    threads: list[BulkThread] = field(default_factory=list)
    additions: list[BulkAddition] = field(default_factory=list)
    report: Report = field(default_factory=Report)


class Standing(NamedTuple):
    """Where something of this source stands already."""

    root_id: int
    position: int
    positions: int  # of the whole thread
    accepted_id: int | None


Known = dict[str, Standing]  # by source id


class _Group(NamedTuple):
    """The threads of one batch while their texts are formatted.

    Attributes:
        new: of each draft, what is not here yet.
    """

    batch: Batch
    drafts: list[Draft]
    known: Known
    new: list[list[Item]]


def make_batches(threads: Iterable[list[Piece]], target: Target) -> Iterator[Batch]:
    """Batches of what is not here yet, in the order of the threads; texts are formatted while others are read."""
    with ThreadPoolExecutor(max_workers=1) as formatting:
        groups = (_drafted(group, target) for group in _groups(threads))
        asked = ((group, formatting.submit(_texts, group, target.site.address)) for group in groups)
        for group, texts in early(asked):
            yield _batch(group, iter(texts.result()), target)


def _groups(threads: Iterable[list[Piece]]) -> Iterator[list[list[Piece]]]:
    group: list[list[Piece]] = []
    weight = 0
    for thread in threads:
        group.append(thread)
        weight += _weight(thread)
        if weight >= WEIGHT:
            yield group
            group, weight = [], 0
    if group:
        yield group


def _weight(thread: Iterable[Piece]) -> int:
    return sum(1 + len(piece.comments) for piece in thread)


def _drafted(group: Sequence[list[Piece]], target: Target) -> _Group:
    batch = Batch(root_of(group[-1][0].post), sum(map(_weight, group)))
    drafts = [draft for thread in group if (draft := draft_of(thread, target.filing.wikis, batch.report))]
    known = {} if target.is_fresh else _known(target.site.name, drafts)
    return _Group(
        batch, drafts, known, [[item for item in draft.items if item.key not in known] for draft in drafts]
    )


def _texts(group: _Group, address: str | None) -> list[Rendered]:
    return list(sanitize_many(item.html(address) for items in group.new for item in items))


def _batch(group: _Group, texts: Iterator[Rendered], target: Target) -> Batch:
    batch, drafts, known, new = group
    for draft, items, language in zip(drafts, new, _languages(drafts), strict=True):
        here = replace(target, language=language)
        if draft.items[0].key in known:
            addition = _addition(draft, items, texts, known, here)
            batch.additions += [addition] if addition else []
            posts = addition.posts if addition else ()
        else:
            thread = _thread(draft, texts, here)
            batch.threads.append(thread)
            posts = thread.posts
        _count(draft, known, posts, target, batch.report)
    return batch


def _languages(drafts: Sequence[Draft]) -> list[str]:
    """Return the language of each thread, told by how it begins; where it is not plain, the commonest of the batch."""
    found = [detected(_beginning(draft.question.post)) for draft in drafts]
    told = Counter(filter(None, found)).most_common(1)
    usual = told[0][0] if told else USUAL
    return [language or usual for language in found]


def _beginning(post: Post) -> str:
    return f"{post.title or ''}\n{_TAG.sub(' ', post.body[: 3 * TOLD_BY])}"[:TOLD_BY]


def _known(source: str, drafts: Sequence[Draft]) -> Known:
    keys = [item.key for draft in drafts for item in draft.items]
    place = (Topic.id, Contribution.position, Topic.posts, Topic.accepted_id)
    rows = db.session.execute(
        select(Contribution.source_id, *place)
        .join(Topic, Topic.id == Contribution.root_id)
        .where(Contribution.source == source, Contribution.source_id.in_(keys))
    )
    return {row[0] or "": Standing(*row[1:]) for row in rows}


def _thread(draft: Draft, texts: Iterator[Rendered], target: Target) -> BulkThread:
    post = draft.question.post
    places = {item.key: position for position, item in enumerate(draft.items, 1)}
    acceptance, ending = acceptance_of(draft), ending_of(draft, target)
    return BulkThread(
        kind="question",
        title=title_of(post).said(target.say)[:LONGEST_TITLE],
        space_id=target.space_id,
        posts=_posts(draft.items, texts, places, target),
        domain_ids=target.filing.domains_of(post.tags),
        tag_ids=target.filing.tags_of(post.tags),
        accepted=places[post_key(acceptance.post_id)] if acceptance else None,
        accepted_at=acceptance.at if acceptance else None,
        closed_at=ending.at if ending else None,
        closed_by_id=ending.by_id if ending else None,
        closed_reason=ending.reason if ending else "",
        views=post.view_count or 0,
        followers=list(followers_of(draft, target.authors)),
    )


def _addition(
    draft: Draft, items: Sequence[Item], texts: Iterator[Rendered], known: Known, target: Target
) -> BulkAddition | None:
    """What a newer dump adds to a thread; None where that is nothing."""
    root = known[draft.items[0].key]
    acceptance = acceptance_of(draft) if root.accepted_id is None else None
    if not items and acceptance is None:
        return None
    places = {key: standing.position for key, standing in known.items() if standing.root_id == root.root_id}
    places |= {item.key: position for position, item in enumerate(items, root.positions + 1)}
    return BulkAddition(
        root_id=root.root_id,
        standing=root.positions,
        posts=_posts(items, texts, places, target),
        accepted=places[post_key(acceptance.post_id)] if acceptance else None,
        accepted_at=acceptance.at if acceptance else None,
    )


def _posts(
    items: Iterable[Item], texts: Iterator[Rendered], places: Mapping[str, int], target: Target
) -> list[BulkPost]:
    return [written(item, next(texts), places[item.parent] if item.parent else 1, target) for item in items]


def _count(draft: Draft, known: Known, posts: Iterable[BulkPost], target: Target, report: Report) -> None:
    """Count what became of a thread's rows; *posts* are written for it."""
    is_new = draft.items[0].key not in known
    followed = Counter(followers_of(draft, target.authors).values()) if is_new else Counter[int]()
    marks = {post.source_id: len(post.marks) for post in posts}
    for piece in draft.live:
        post_id = piece.post.id
        fresh = post_key(post_id) not in known
        acts = marks.get(post_key(post_id), 0) + followed[post_id]
        (report.written if fresh else report.merged)(POSTS)
        count_history(report, piece, written=fresh)
        count_votes(report, piece, target.authors, acts=acts)
    comments = [item for item in draft.items if item.comment]
    there = sum(item.key in known for item in comments)
    report.written(COMMENTS, len(comments) - there)
    report.merged(COMMENTS, there)
