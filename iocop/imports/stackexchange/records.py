"""What a dump says, typed.

Each class is its schema: field `owner_user_id` is attribute OwnerUserId; one without a default is required.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  (the schema is read from the annotations while the program runs)
from typing import Any, NamedTuple

Record = tuple[Any, ...]  # any of the classes below


class User(NamedTuple):
    id: int
    creation_date: datetime
    display_name: str = ""
    reputation: int = 0
    location: str | None = None
    about_me: str | None = None
    website_url: str | None = None
    account_id: int | None = None


class Post(NamedTuple):
    id: int
    post_type_id: int
    creation_date: datetime
    body: str = ""
    title: str | None = None
    tags: tuple[str, ...] = ()
    score: int = 0
    view_count: int | None = None
    parent_id: int | None = None
    accepted_answer_id: int | None = None
    owner_user_id: int | None = None
    owner_display_name: str | None = None
    last_editor_user_id: int | None = None
    last_editor_display_name: str | None = None
    last_edit_date: datetime | None = None
    last_activity_date: datetime | None = None
    closed_date: datetime | None = None
    community_owned_date: datetime | None = None
    deletion_date: datetime | None = None
    content_license: str | None = None


class Comment(NamedTuple):
    id: int
    post_id: int
    text: str
    creation_date: datetime
    score: int = 0
    user_id: int | None = None
    user_display_name: str | None = None
    content_license: str | None = None


class Vote(NamedTuple):
    id: int
    post_id: int
    vote_type_id: int
    creation_date: datetime | None = None
    user_id: int | None = None
    bounty_amount: int | None = None


class History(NamedTuple):
    id: int
    post_history_type_id: int
    post_id: int
    revision_guid: str
    creation_date: datetime
    user_id: int | None = None
    user_display_name: str | None = None
    comment: str | None = None
    text: str | None = None
    close_reason_id: int | None = None
    content_license: str | None = None


class Tag(NamedTuple):
    id: int
    tag_name: str
    excerpt_post_id: int | None = None
    wiki_post_id: int | None = None


class TagSynonym(NamedTuple):
    id: int
    source_tag_name: str
    target_tag_name: str
    creation_date: datetime | None = None
    approval_date: datetime | None = None


class Link(NamedTuple):
    id: int
    post_id: int
    related_post_id: int
    link_type_id: int
    creation_date: datetime | None = None


class Badge(NamedTuple):
    id: int
    user_id: int
    name: str
