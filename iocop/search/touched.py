"""Which documents an event touches. Pure; what is not named here touches none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.core.events import Event

TOUCHES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "Contributed": (("posts", "contribution_id"),),
    "Revised": (("posts", "contribution_id"),),
    "Rewritten": (("posts", "contribution_ids"),),
    "LabelChanged": (("threads", "contribution_ids"),),
    "StateChanged": (("threads", "contribution_id"),),
    "ContributionsLoaded": (("threads", "root_ids"),),
    "TopicOpened": (("posts", "topic_id"),),
    "ArticlePublished": (("posts", "article_id"),),
    "ArticleRetired": (("posts", "article_id"), ("posts", "successor_id")),
    "MemberJoined": (("members", "member_id"),),
    "MemberChanged": (("members", "member_id"),),
    "MemberReturned": (("members", "member_id"),),
    "MemberClaimed": (("members", "member_id"), ("members", "imported_id")),
    "MemberLeft": (("members", "member_id"),),
    "MemberErased": (("members", "member_id"),),
    "MembersLoaded": (("members", "member_ids"),),
    "AffiliationRecorded": (("members", "member_id"),),
    "AffiliationCorrected": (("members", "member_id"),),
    "AffiliationEnded": (("members", "member_id"),),
    "OrganizationFounded": (("organizations", "organization_id"),),
    "OrganizationChanged": (("organizations", "organization_id"),),
    "OrganizationMerged": (("organizations", "organization_id"), ("organizations", "into_id")),
}
"""Event → (what, the field that names it). A *thread* is a contribution with all that stands under it; what is named
as a post may be an article."""


@dataclass(frozen=True)
class Touched:
    """Keys of what has to be read again."""

    posts: frozenset[int] = field(default_factory=frozenset)
    threads: frozenset[int] = field(default_factory=frozenset)
    members: frozenset[int] = field(default_factory=frozenset)
    organizations: frozenset[int] = field(default_factory=frozenset)

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.posts | other.posts,
            self.threads | other.threads,
            self.members | other.members,
            self.organizations | other.organizations,
        )

    def __len__(self) -> int:
        return len(self.posts) + len(self.threads) + len(self.members) + len(self.organizations)


def touched_by(event: Event) -> Touched:
    """Return what an event touches."""
    named: dict[str, frozenset[int]] = {}
    for what, key in TOUCHES.get(type(event).__name__, ()):
        named[what] = named.get(what, frozenset()) | frozenset(_keys(getattr(event, key, None)))
    return Touched(**named)


def _keys(value: object) -> Iterable[int]:
    if isinstance(value, int):
        return (value,)
    return value if isinstance(value, tuple | list) else ()
