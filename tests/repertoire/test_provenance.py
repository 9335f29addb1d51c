"""Which posts a paragraph stems from: found again through edits, and never made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire.paragraphs import fingerprint, paragraphs, words
from iocop.repertoire.provenance import sources

if TYPE_CHECKING:
    from collections.abc import Sequence

VALVES = "Open every valve and measure the flow through each radiator before you close anything again."
PUMPS = "A pump that hums has air in it: vent it at the top, wait ten minutes, vent it again."
POSTS = {11: VALVES, 12: PUMPS}


def test_a_paragraph_stems_from_the_post_it_was_taken_from() -> None:
    assert sources([PUMPS, VALVES], POSTS) == [(12,), (11,)]


def test_an_edited_paragraph_still_does() -> None:
    assert sources([VALVES.replace("Open every valve", "First open all valves")], POSTS) == [(11,)]


def test_joined_paragraphs_stem_from_both_the_longer_first() -> None:
    assert sources([f"{VALVES} {PUMPS}"], POSTS) == [(12, 11)]


def test_halves_stem_from_the_whole() -> None:
    assert sources([VALVES[:45], VALVES[45:]], POSTS) == [(11,), (11,)]


def test_other_words_stem_from_nowhere() -> None:
    assert sources(["Insulate the pipes first.", "", "It"], POSTS) == [(), (), ()]


def test_a_heading_of_one_word_is_no_proof_for_a_paragraph_that_has_it() -> None:
    assert sources(["Steps", "The steps are many"], {7: "Steps"}) == [(7,), ()]


@given(
    st.lists(st.sampled_from([VALVES, PUMPS, "Insulate the pipes first of all.", "", "## x"]), max_size=6),
    st.text(max_size=80),
)
def test_there_is_an_answer_for_every_paragraph_and_only_about_passages(
    texts: Sequence[str], more: str
) -> None:
    found = sources([*texts, more], POSTS)

    assert len(found) == len(texts) + 1
    assert all(set(each) <= set(POSTS) and len(set(each)) == len(each) for each in found)
    assert all(11 in each for text, each in zip(texts, found, strict=False) if text == VALVES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("one\n\ntwo\nthree\n\n\nfour", ["one", "two\nthree", "four"]),
        ("```\na\n\nb\n```\n\nc", ["```\na\n\nb\n```", "c"]),
        ("~~~\na\n\n```\n\nb", ["~~~\na\n\n```\n\nb"]),
        ("- a\n- b\n\n  \n", ["- a\n- b"]),
        ("", []),
    ],
    ids=["empty lines", "a fence holds its empty lines", "an open fence goes on", "a list is one", "nothing"],
)
def test_paragraphs(source: str, expected: list[str]) -> None:
    assert paragraphs(source) == expected


@given(st.text(alphabet="ab `~\n#-"))
def test_no_word_is_lost_between_paragraphs(source: str) -> None:
    assert words("\n\n".join(paragraphs(source))) == words(source)


def test_a_fingerprint_outlasts_other_spaces() -> None:
    assert fingerprint("a  b\nc") == fingerprint("a b c") != fingerprint("a b d")
