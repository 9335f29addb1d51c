"""Links to a section lead to what took its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iocop.repertoire import anchors
from iocop.repertoire.anchors import followed, moved, sections, with_gone_sections, with_old_anchors

if TYPE_CHECKING:
    from collections.abc import Sequence


def text(*parts: tuple[str, str]) -> str:
    return "".join(
        f'<h3 id="c-{name.lower().replace(" ", "-")}">{name}</h3>\n<p>{below}</p>\n' for name, below in parts
    )


VALVES = ("Valves", "Open every valve and measure the flow.")
PUMPS = ("Pumps", "Vent the pump at its top, twice.")
CHECKS = ("Checks", "Look at the gauge weekly.")


def test_sections_are_read_with_what_stands_below_them() -> None:
    (first, second) = sections(
        '<p>x</p><h3 id="c-a"><em>A</em> &amp; b</h3><p>one</p><h4 id="c-c">C</h4><p>two</p>'
    )

    assert (first.level, first.anchor, first.heading, first.words) == (3, "c-a", "A & b", frozenset({"one"}))
    assert (second.level, second.words) == (4, frozenset({"two"}))


def test_a_renamed_heading_is_known_by_what_stands_below_it() -> None:
    assert moved(text(VALVES, PUMPS), text(("Balancing", VALVES[1]), PUMPS)) == {"c-valves": "c-balancing"}


def test_a_renamed_heading_is_known_by_its_likeness_and_wherever_it_went() -> None:
    new = text(PUMPS, ("All valves", "Nothing is as it was."))

    assert moved(text(VALVES, PUMPS), new) == {"c-valves": "c-all-valves"}


def test_what_was_wholly_rewritten_is_known_by_its_place() -> None:
    new = text(VALVES, ("Circulators", "Entirely different."), CHECKS)

    assert moved(text(VALVES, PUMPS, CHECKS), new) == {"c-pumps": "c-circulators"}


def test_what_went_without_a_trace_leads_nowhere() -> None:
    assert moved(text(VALVES, PUMPS), text(VALVES)) == {}
    assert moved(text(VALVES, PUMPS), text(VALVES, ("Xyz", "Qqq."), ("Uvw", "Rrr."))) == {}


def test_a_heading_that_only_moved_keeps_its_anchor() -> None:
    assert moved(text(VALVES, PUMPS), text(PUMPS, VALVES)) == {}


def test_anchors_too_long_to_be_kept_are_left_out() -> None:
    assert moved(text(("V" * 130, "same words here")), text(("Short", "same words here"))) == {}


def test_very_many_sections_are_compared_by_place_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "MOST", 0)

    assert moved(text(VALVES, PUMPS), text(PUMPS, ("Valves all", VALVES[1]))) == {}
    assert moved(text(VALVES), text(("Valves all", VALVES[1]))) == {"c-valves": "c-valves-all"}


def test_anchors_are_followed_through_several_edits() -> None:
    html = text(("Third", "x"), ("Back", "y"))

    kept = {"c-first": "c-second", "c-back": "c-second", "c-lost": "c-none"}
    before = text(("Second", "x"), ("Gone", "z"))
    assert followed(kept, {"c-second": "c-third"}, before, html) == {
        "c-first": "c-third",
        "c-second": "c-third",
        "c-lost": "",
        "c-gone": "",
    }


def test_what_is_gone_stays_gone_until_it_stands_in_the_text_again() -> None:
    first = followed({}, {}, text(VALVES, PUMPS), text(VALVES))
    again = followed(first, {}, text(VALVES), text(VALVES, CHECKS))

    assert first == again == {"c-pumps": ""}
    assert followed(again, {}, text(VALVES), text(VALVES, PUMPS)) == {}


def test_links_to_sections_that_are_gone_lead_to_the_top() -> None:
    html = text(VALVES)
    kept = {"c-pumps": "", 'c-b"': "", "c-valves": "", "c-flow": "c-valves"}

    marked = with_gone_sections(html, kept, "<p>Gone.</p>")

    assert marked == (
        '<div class="gone-sections"><span class="old-anchor" id="c-b&quot;"></span>'
        f'<span class="old-anchor" id="c-pumps"></span><p>Gone.</p></div>{html}'
    )
    assert with_gone_sections(html, {"c-flow": "c-valves"}, "<p>Gone.</p>") == html
    assert "c-pumps" not in with_old_anchors(html, kept)


def test_old_anchors_stand_inside_the_headings_that_took_their_place() -> None:
    html = text(("Third", "x"), PUMPS)

    marked = with_old_anchors(html, {"c-first": "c-third", "c-pumps": "c-third", 'c-b"': "c-third"})

    assert marked.startswith(
        '<h3 id="c-third"><span class="old-anchor" id="c-b&quot;"></span>'
        '<span class="old-anchor" id="c-first"></span>Third</h3>'
    )
    assert marked.count('id="c-pumps"') == 1
    assert with_old_anchors(html, {"c-third": "c-pumps"}) == html


NAMES = st.lists(
    st.sampled_from(["A", "B", "Flow", "Flow rate", "Pumps", "Checks", "Zz"]), unique=True, max_size=7
)


@given(NAMES, NAMES)
def test_what_leads_on_always_arrives(old: Sequence[str], new: Sequence[str]) -> None:
    before, after = (
        text(*((name, f"about {name}") for name in old)),
        text(*((name, f"on {name}") for name in new)),
    )
    found = moved(before, after)
    ids = {each.anchor for each in sections(after)}

    assert all(anchor not in ids and now in ids for anchor, now in found.items())
    every = followed({}, found, before, after)
    assert set(every) == {each.anchor for each in sections(before)} - ids
    assert len(set(found.values())) == len(found)
    marked = with_old_anchors(after, found)
    assert all(marked.count(f'id="{anchor}"') == 1 for anchor in ids | set(found))
