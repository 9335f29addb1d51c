"""Posts that were found become topics."""

from __future__ import annotations

from iocop.search.folding import favour_titles, fold
from iocop.search.port import Hit


def post(key: int, topic: int, score: float, *, all_words: bool = True) -> Hit:
    return Hit("post", key, topic, score, all_words)


def test_a_topic_counts_its_best_post_and_a_little_of_the_others() -> None:
    topics = fold([post(1, 10, 2.0), post(2, 20, 2.1), post(3, 10, 1.9)])

    assert [topic.topic_id for topic in topics] == [10, 20]
    assert topics[0].posts == (1, 3)
    assert topics[0].score == 2.0 + 0.1 * 1.9


def test_many_weak_posts_do_not_outweigh_one_strong() -> None:
    weak = [post(number, 10, 1.0) for number in range(200)]

    assert [topic.topic_id for topic in fold([*weak, post(999, 20, 1.4)])] == [20, 10]


def test_all_words_come_before_some_whatever_the_score() -> None:
    topics = fold([post(1, 10, 9.0, all_words=False), post(2, 20, 1.0)])

    assert [topic.topic_id for topic in topics] == [20, 10]


def test_a_title_that_is_the_query_is_raised() -> None:
    topics = fold([post(1, 10, 1.1), post(2, 20, 1.0)])

    raised = favour_titles(topics, {10: "Frost on coils", 20: "Frost, protection!"}, "frost Protection")

    assert [topic.topic_id for topic in raised] == [20, 10]
    assert [topic.topic_id for topic in favour_titles(topics, {}, "")] == [10, 20]
