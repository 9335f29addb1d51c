"""Facets count topics, whatever number of posts of theirs was found."""

from __future__ import annotations

from iocop.search import facets
from iocop.search.folding import fold
from iocop.search.matches import Listed, Row


def row(key: int, topic: int, *keys: str) -> Row:
    return Row("post", key, topic, keys=frozenset(keys))


def counted(*rows: Row) -> dict[str, list[tuple[str, int]]]:
    matches = Listed(rows)
    found = facets.count(matches, fold(matches, "post"))
    return {
        name: [(figure.key, figure.number) for figure in figures]
        for name, figures in found.items()
        if figures
    }


def test_a_topic_counts_once_for_each_of_its_keys() -> None:
    rows = [row(key, 10, "domain=1", "tag=3", "org=5", "year=2025") for key in (1, 2, 3)]

    assert counted(*rows, row(4, 20, "domain=1", "status=solved", "year=2026")) == {
        "domain": [("domain=1", 2)],
        "tag": [("tag=3", 1)],
        "org": [("org=5", 1)],
        "status": [("status=solved", 1)],
        "year": [("year=2026", 1), ("year=2025", 1)],
    }


def test_a_topic_counts_for_the_organization_of_every_post_that_was_found() -> None:
    rows = (
        row(1, 10, "org=5", "year=2024"),
        row(2, 10, "org=6", "year=2025"),
        row(3, 20, "org=6", "year=2025"),
    )

    assert counted(*rows) == {
        "org": [("org=6", 2), ("org=5", 1)],
        "year": [("year=2025", 2), ("year=2024", 1)],
    }


def test_the_longest_lists_are_cut() -> None:
    rows = [row(key, key, f"tag={key}") for key in range(1, facets.MOST + 9)]

    assert len(counted(*rows)["tag"]) == facets.MOST


def test_nothing_has_no_figures() -> None:
    assert counted() == {}
