"""What a batch of threads is made of: plain data, rendered and stamped before it is written.

Tuples, because imports make them by the hundred thousand and hand them from process to process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from iocop.core.text.render import RENDERER_VERSION
from iocop.organizations.queries import UNAFFILIATED, Stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from iocop.contributions.services.loading import BulkRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkMark:
    """One member's mark; *context* as `Mark` has it."""

    kind: Literal["helpful", "works_here", "outdated"]
    member_id: int
    at: datetime
    stamp: Stamp = UNAFFILIATED
    context: dict[str, Any] = field(default_factory=dict)


class BulkPost(NamedTuple):
    """One post, rendered already.

    Attributes:
        kind: ``answer`` or ``reply``; left out for a thread's first post, which has the thread's kind.
        parent: the position of the post a reply hangs under, from 1 (the thread's first post).
        imported_score: votes that came without their voters; *marks* are counted by themselves.
        revisions: oldest first; where there are none, the text as it stands becomes revision 1.
    """

    author_id: int
    created_at: datetime
    text: str
    html: str
    plain: str
    kind: Literal["", "answer", "reply"] = ""
    parent: int = 1
    stamp: Stamp = UNAFFILIATED
    label: str = "members"
    language: str = "en"
    licence: str = "CC BY-SA 4.0"
    renderer: int = RENDERER_VERSION
    state: str = "visible"
    state_reason: str = ""
    removed_at: datetime | None = None
    source: str | None = None
    source_id: str | None = None
    attribution: str = ""
    imported_score: int = 0
    marks: Sequence[BulkMark] = ()
    revisions: Sequence[BulkRevision] = ()


class BulkThread(NamedTuple):
    """A topic with all its posts in the order of their positions; the first is the topic's own.

    Attributes:
        accepted: the position of the accepted answer, from 2; None where there is none.
        followers: member ids; an author follows only when named here.
    """

    kind: Literal["question", "discussion", "announcement"]
    title: str
    space_id: int
    posts: Sequence[BulkPost]
    domain_ids: Sequence[int] = ()
    tag_ids: Sequence[int] = ()
    accepted: int | None = None
    accepted_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by_id: int | None = None
    closed_reason: str = ""
    pinned: bool = False
    views: int = 0
    followers: Sequence[int] = ()


class BulkLink(NamedTuple):
    """*kind* is ``linked``, ``quoted`` or ``duplicate``; both contributions stand already."""

    from_id: int
    to_id: int
    kind: str
    at: datetime
