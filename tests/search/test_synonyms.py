"""Stretches of what was typed that the glossary knows by other words."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire.titles import key
from iocop.search.synonyms import Meaning, meanings

TOGETHER = {"low-loss header": ("weiche",), "weiche": ("low-loss header",), "header": ("manifold",)}


def test_the_longest_stretch_counts() -> None:
    assert meanings(["Low-loss", "Header", "noise"], TOGETHER, key) == (Meaning(0, 2, ("weiche",)),)
    assert meanings(["noise", "header"], TOGETHER, key) == (Meaning(1, 2, ("manifold",)),)


def test_without_a_glossary_nothing_is_added() -> None:
    assert meanings(["header"], {}, key) == ()


@given(st.lists(st.sampled_from(["low-loss", "header", "weiche", "x"]), max_size=12))
def test_stretches_never_overlap(terms: list[str]) -> None:
    found = meanings(terms, TOGETHER, key)

    assert all(before.end <= after.start for before, after in pairwise(found))
