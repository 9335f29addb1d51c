"""What can happen in a forum; what is true of every contribution, `contributions.events` tells."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class TopicOpened(Event):
    """*kind* is ``question``, ``discussion`` or ``announcement``."""

    topic_id: int
    kind: str


@dataclass(frozen=True)
class Answered(Event):
    topic_id: int
    post_id: int


@dataclass(frozen=True)
class Replied(Event):
    """*parent_id* is the post replied to; it may be the topic itself."""

    topic_id: int
    post_id: int
    parent_id: int


@dataclass(frozen=True)
class AnswerAccepted(Event):
    topic_id: int
    post_id: int
    author_id: int


@dataclass(frozen=True)
class AcceptanceWithdrawn(Event):
    topic_id: int
    post_id: int
    author_id: int


@dataclass(frozen=True)
class TopicClosed(Event):
    topic_id: int


@dataclass(frozen=True)
class TopicReopened(Event):
    topic_id: int


@dataclass(frozen=True)
class TopicsMerged(Event):
    """All that stood in the topic stands in *into_id* now, and its address leads there."""

    topic_id: int
    into_id: int


@dataclass(frozen=True)
class TopicRetitled(Event):
    topic_id: int
