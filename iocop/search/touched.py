"""Which documents an event touches. Pure; what is not named here touches none."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.core.events import Event

TOUCHES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "Contributed": (("posts", "contribution_id"),),
    "Revised": (("posts", "contribution_id"),),
    "Rewritten": (("posts", "contribution_ids"),),
    "Marked": (("posts", "contribution_id"),),
    "MarkWithdrawn": (("posts", "contribution_id"),),
    "LabelChanged": (("threads", "contribution_ids"),),
    "StateChanged": (("threads", "contribution_id"),),
    "ContributionsLoaded": (("threads", "root_ids"),),
    "DomainDivided": (("threads", "root_ids"),),
    "FilesRemoved": (("files", "attachment_ids"),),
    "FilesRead": (("files", "attachment_ids"),),
    "TopicOpened": (("posts", "topic_id"),),
    "TopicRetitled": (("posts", "topic_id"),),
    "AnswerAccepted": (("threads", "topic_id"),),
    "AcceptanceWithdrawn": (("threads", "topic_id"),),
    "TopicsMerged": (("threads", "into_id"),),
    "TagsMerged": (("tags", "into_id"),),
    "ArticlePublished": (("posts", "article_id"),),
    "ArticleRenewed": (("posts", "article_id"),),
    "ArticleRetired": (("posts", "article_id"), ("posts", "successor_id")),
    "MemberJoined": (("members", "member_id"),),
    "MemberChanged": (("members", "member_id"),),
    "MemberReturned": (("members", "member_id"),),
    "MemberClaimed": (("members", "member_id"), ("members", "imported_id")),
    "MemberLeft": (("members", "member_id"),),
    "MemberErased": (("members", "member_id"),),
    "MembersLoaded": (("members", "member_ids"),),
    "DomainsChosen": (("members", "member_id"),),
    "AffiliationRecorded": (("members", "member_id"),),
    "AffiliationBegan": (("members", "member_id"),),
    "AffiliationCorrected": (("members", "member_id"),),
    "AffiliationEnded": (("members", "member_id"),),
    "OrganizationFounded": (("organizations", "organization_id"),),
    "OrganizationChanged": (("organizations", "organization_id"),),
    "OrganizationMerged": (("organizations", "organization_id"), ("organizations", "into_id")),
    "SpaceOpened": (("spaces", "space_id"),),
    "SpaceChanged": (("spaces", "space_id"),),
    "AudienceChanged": (("audiences", "space_id"),),
}
"""Event → (what, the field that names it). What is named as a post may be an article, and its files go with it."""


@dataclass(frozen=True)
class Touched:
    """Keys of what has to be read again.

    Attributes:
        posts: posts and articles by themselves.
        threads: contributions with all that stands under them.
        organizations: with those who work for them.
        files: attachments, whatever they hang on.
        tags, audiences: tags and spaces with all that stands under or in them.
    """

    posts: frozenset[int] = field(default_factory=frozenset)
    threads: frozenset[int] = field(default_factory=frozenset)
    members: frozenset[int] = field(default_factory=frozenset)
    organizations: frozenset[int] = field(default_factory=frozenset)
    spaces: frozenset[int] = field(default_factory=frozenset)
    files: frozenset[int] = field(default_factory=frozenset)
    tags: frozenset[int] = field(default_factory=frozenset)
    audiences: frozenset[int] = field(default_factory=frozenset)

    def __or__(self, other: Touched) -> Touched:
        return Touched(**{name: getattr(self, name) | getattr(other, name) for name in _NAMES})

    def __len__(self) -> int:
        return sum(len(getattr(self, name)) for name in _NAMES)


_NAMES: Final = tuple(each.name for each in fields(Touched))


def touched_by(event: Event) -> Touched:
    """Return what an event touches."""
    if type(event).__name__ == "TagsMerged" and getattr(event, "tag_id", 0) == getattr(event, "into_id", 1):
        return Touched()  # another word for a tag: nothing moved
    named: dict[str, frozenset[int]] = {}
    for what, key in TOUCHES.get(type(event).__name__, ()):
        named[what] = named.get(what, frozenset()) | frozenset(_keys(getattr(event, key, None)))
    return Touched(**named)


def _keys(value: object) -> Iterable[int]:
    if isinstance(value, int):
        return (value,)
    return value if isinstance(value, tuple | list) else ()
