"""All that an import wrote, free of the keys that the database gives."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from iocop.contributions.models import (
    Contribution,
    ContributionDomain,
    ContributionTag,
    Follow,
    Link,
    Mark,
    Revision,
)
from iocop.core.db import db
from iocop.domains.models import Domain, Tag, TagSynonym
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.organizations.models import MemberCard

Post, Other, Author = aliased(Contribution), aliased(Contribution), aliased(Member)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Rows by what they are, each named by its source id."""
    key, other, author = Post.source_id, Other.source_id, Author.source_id
    statements = {
        "members": select(Author.source, author, Author.name, Author.state),
        "cards": select(author, MemberCard.name, MemberCard.state).join(Author, Author.id == MemberCard.member_id),
        "posts": select(
            key, author, Other.source_id, Post.position, Post.kind, Post.html, Post.plain, Post.text, Post.label,
            Post.licence, Post.attribution, Post.created_at, Post.edited_at, Post.version, Post.helpful,
            Post.imported_score,
        ).join(Author, Author.id == Post.author_id).join(Other, Other.id == Post.root_id),
        "parents": select(key, other).join(Other, Other.id == Post.parent_id),
        "topics": select(
            key, Topic.title, Topic.posts, Topic.answers, Topic.closed_at, Topic.closed_reason, Topic.accepted_at,
            Topic.first_answer_at, Topic.last_post_at, Topic.views, Topic.listed,
        ).join(Post, Post.id == Topic.id),
        "accepted": select(key, other).join(Topic, Topic.id == Post.id).join(Other, Other.id == Topic.accepted_id),
        "successors": select(key, other).join(Topic, Topic.id == Post.id).join(Other, Other.id == Topic.successor_id),
        "revisions": select(
            key, author, Revision.number, Revision.at, Revision.title, Revision.text, Revision.reason
        ).join(Post, Post.id == Revision.contribution_id).join(Author, Author.id == Revision.editor_id),
        "marks": select(key, author, Mark.kind, Mark.at)
        .join(Post, Post.id == Mark.contribution_id).join(Author, Author.id == Mark.member_id),
        "follows": select(key, author).join(Follow, Follow.root_id == Post.id)
        .join(Author, Author.id == Follow.member_id),
        "links": select(key, other, Link.kind, Link.at).join(Post, Post.id == Link.from_id)
        .join(Other, Other.id == Link.to_id),
        "tags": select(key, Tag.slug).join(ContributionTag, ContributionTag.contribution_id == Post.id)
        .join(Tag, Tag.id == ContributionTag.tag_id),
        "domains": select(key, Domain.name).join(ContributionDomain, ContributionDomain.contribution_id == Post.id)
        .join(Domain, Domain.id == ContributionDomain.domain_id),
        "words": select(Tag.slug, Tag.about),
        "synonyms": select(TagSynonym.slug, Tag.slug).join(Tag, Tag.id == TagSynonym.tag_id),
    }  # fmt: skip
    return {
        name: sorted((tuple(row) for row in db.session.execute(statement)), key=repr)
        for name, statement in statements.items()
    }
