"""From posts that were found to topics that are shown. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from iocop.search.analysis import parts, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iocop.search.port import Hit

FURTHER: Final = 0.1
"""What each further post adds, as a share of its own score."""
MOST_FURTHER: Final = 3
TITLE: Final = 0.25
"""What a title that is the query adds, as a share of the topic's score."""


@dataclass(frozen=True)
class TopicHit:
    """A topic with the posts that were found in it, best first."""

    topic_id: int
    score: float
    posts: tuple[int, ...]
    all_words: bool


def fold(hits: Iterable[Hit]) -> list[TopicHit]:
    """Gather posts into topics: the best post's score and a little for each further one; best topic first."""
    by_topic: dict[int, list[Hit]] = {}
    for hit in hits:
        by_topic.setdefault(hit.topic_id, []).append(hit)
    topics = [_folded(topic_id, found) for topic_id, found in by_topic.items()]
    return sorted(topics, key=_rank)


def _folded(topic_id: int, found: list[Hit]) -> TopicHit:
    ranked = sorted(found, key=lambda hit: (not hit.all_words, -hit.score, hit.id))
    further = sum(hit.score for hit in ranked[1 : 1 + MOST_FURTHER])
    return TopicHit(
        topic_id,
        max(hit.score for hit in found) + FURTHER * further,
        tuple(hit.id for hit in ranked),
        ranked[0].all_words,
    )


def _rank(topic: TopicHit) -> tuple[bool, float, int]:
    return not topic.all_words, -topic.score, topic.topic_id


def favour_titles(topics: Iterable[TopicHit], titles: Mapping[int, str], typed: str) -> list[TopicHit]:
    """Raise topics whose title is what was typed, word for word."""
    wanted = _bare(typed)
    raised = [
        TopicHit(topic.topic_id, topic.score * (1 + TITLE), topic.posts, topic.all_words)
        if wanted and _bare(titles.get(topic.topic_id, "")) == wanted
        else topic
        for topic in topics
    ]
    return sorted(raised, key=_rank)


def _bare(text: str) -> list[str]:
    return [part for word in words(text) for part in parts(word.written)]
