"""Links into a text survive its edits: which section took an earlier one's place. Pure."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz import fuzz

from iocop.repertoire.contents import stable
from iocop.repertoire.paragraphs import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HEADING: Final = re.compile(r'<h([1-6]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")

ALIKE: Final = 60
"""How alike two sections must be, from 0 to 100: their headings, or the words below them."""
LONGEST: Final = 120
"""Characters of an anchor that is kept."""
MOST: Final = 300
"""Sections of a text that are compared; of more, only those in the same place."""


class Section(NamedTuple):
    """A heading with what stands below it up to the next one.

    Attributes:
        level: 1 to 6.
        anchor: the heading's id.
        words: those below it.
    """

    level: int
    anchor: str
    heading: str
    words: frozenset[str]


def sections(html: str) -> list[Section]:
    """Return the sections of a stored text in order, with the anchors that its page shows."""
    html = stable(html)
    found = list(_HEADING.finditer(html))
    ends = [*(match.start() for match in found[1:]), len(html)][: len(found)]
    return [
        Section(
            int(match[1]),
            unescape(match[2]),
            _plain(match[3]),
            frozenset(words(_plain(html[match.end() : end]))),
        )
        for match, end in zip(found, ends, strict=True)
    ]


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def moved(old: str, new: str) -> dict[str, str]:
    """Return the anchors of *old* that *new* lacks, each with the one that took its place.

    A section's place is taken by what says most of the same under another heading, or has a heading much like it;
    else by what stands between the same two sections, where as many went as came. What has neither is left out.
    """
    before, after = sections(old), sections(new)
    known, present = {each.anchor for each in before}, {each.anchor for each in after}
    gone = [each for each in before if each.anchor not in present]
    came = [each for each in after if each.anchor not in known]
    found = _alike(gone, came) if max(len(gone), len(came)) <= MOST else {}
    found |= _in_place(before, after, found)
    return {anchor: now for anchor, now in found.items() if len(anchor) <= LONGEST and len(now) <= LONGEST}


def _alike(gone: Sequence[Section], came: Sequence[Section]) -> dict[str, str]:
    """Pair sections by how alike they are, the most alike first."""
    scores = sorted(
        ((-_likeness(a, b), i, j) for i, a in enumerate(gone) for j, b in enumerate(came)),
    )
    pairs: dict[int, int] = {}
    for score, i, j in scores:
        if -score >= ALIKE and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return {gone[i].anchor: came[j].anchor for i, j in pairs.items()}


def _likeness(a: Section, b: Section) -> float:
    """Say how alike two sections are, from 0 to 100: the better of headings and words below them."""
    larger = max(len(a.words), len(b.words))
    below = 100 * len(a.words & b.words) / larger if larger else 0
    return max(fuzz.ratio(a.heading.casefold(), b.heading.casefold()), below)


def _in_place(
    before: Sequence[Section], after: Sequence[Section], found: Mapping[str, str]
) -> dict[str, str]:
    """Pair those left over that stand between the same two sections, in order, where as many went as came."""
    stand = {each.anchor: each.anchor for each in after}
    gone = _gaps(before, stand | dict(found))
    came = _gaps(after, {each.anchor: each.anchor for each in before} | {now: now for now in found.values()})
    return {
        old: now
        for place, anchors in gone.items()
        if len(anchors) == len(came.get(place, ()))
        for old, now in zip(anchors, came[place], strict=True)
    }


def _gaps(text: Sequence[Section], known: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the anchors that are not known, by what the last known one before them is now called."""
    gaps: dict[str, list[str]] = {}
    last = ""
    for each in text:
        if each.anchor in known:
            last = known[each.anchor]
        else:
            gaps.setdefault(last, []).append(each.anchor)
    return gaps


def followed(kept: Mapping[str, str], step: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """Return all earlier anchors of a text with what leads on from each now: nothing where its section is gone.

    Args:
        kept: those of earlier edits.
        step: those of this one, from `moved`.
        old, new: the text before and after; an anchor that stands in it again leads nowhere else.
    """
    present = {each.anchor for each in sections(new)}
    before = {each.anchor: each.anchor for each in sections(old) if len(each.anchor) <= LONGEST}
    every = {anchor: step.get(now, now) for anchor, now in (before | dict(kept)).items()}
    found = {anchor: now for anchor, now in every.items() if anchor not in present}
    gone = [anchor for anchor, now in found.items() if now not in present][:MOST]
    return {anchor: now for anchor, now in found.items() if now in present} | dict.fromkeys(gone, "")


def with_old_anchors(html: str, kept: Mapping[str, str]) -> str:
    """Return HTML in which earlier anchors lead to the headings that took their place: empty targets inside them.

    Args:
        kept: earlier anchor → present anchor, or nothing for what is gone (`with_gone_sections`).
    """
    targets: dict[str, list[str]] = {}
    present = {unescape(match[2]) for match in _HEADING.finditer(html)}
    for anchor, now in sorted(kept.items()):
        if anchor not in present and now:
            targets.setdefault(now, []).append(_target(anchor))
    if not targets:
        return html

    def with_targets(match: re.Match[str]) -> str:
        return f'<h{match[1]} id="{match[2]}">{"".join(targets.get(unescape(match[2]), ()))}{match[3]}</h{match[1]}>'

    return _HEADING.sub(with_targets, html)


def _target(anchor: str) -> str:
    return f'<span class="old-anchor" id="{escape(anchor)}"></span>'


def with_gone_sections(html: str, kept: Mapping[str, str], words: str) -> str:
    """Return HTML that begins with the targets of sections that are gone, and with words only who follows one sees.

    Args:
        kept: as `with_old_anchors` takes it.
        words: HTML; shown by the style sheet while one of the targets before it is the page's.
    """
    present = {unescape(match[2]) for match in _HEADING.finditer(html)}
    gone = [_target(anchor) for anchor, now in sorted(kept.items()) if not now and anchor not in present]
    return f'<div class="gone-sections">{"".join(gone)}{words}</div>{html}' if gone else html
