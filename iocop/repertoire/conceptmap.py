"""A concept map drawn from lines of text: ``First term -- leads to --> Second term``. Pure.

Source:
    Novak & Cañas (2008), The Theory Underlying Concept Maps: terms joined by linking words read as propositions.
"""

from __future__ import annotations

import re
from collections import deque
from html import escape, unescape
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MOST: Final = 80
"""Propositions drawn; the table below the drawing holds them all."""
_BLOCK: Final = re.compile(
    r'<div class="language-concept-map highlight"><pre[^>]*><code>(.*?)</code></pre></div>', re.DOTALL
)
_LINE: Final = re.compile(r"(.{1,80}?) ?-- ?(?:(.{1,80}?) ?--)?> ?(.{1,80})")
LONGEST_LINE: Final = 250
"""Letters, from which on a line is none of a map, whatever it holds."""
_MARKS: Final = re.compile(r"<sup\b.*?</sup>", re.DOTALL)
"""What stands behind a passage that somebody has commented on: a block's own text has no markup."""
WIDE, HIGH, GAP, DEEP = 176, 44, 40, 108
ROW: Final = 4
"""Terms side by side before a level is broken into another line."""


class Proposition(NamedTuple):
    """Two terms and the words between them, which read as a sentence."""

    start: str
    words: str
    end: str


def propositions(block: str) -> list[Proposition]:
    """Read a block's lines; a line of another form is left out."""
    lines = (" ".join(line.split()) for line in block.splitlines())
    found = (_LINE.fullmatch(line) for line in lines if len(line) <= LONGEST_LINE)
    return [Proposition(match[1], match[2] or "", match[3]) for match in found if match]


def figures(html: str, figure: Callable[[list[Proposition]], str]) -> str:
    """Put a figure in place of each block of a rendered text that is a map; one without a proposition stays.

    Marks of comments on its lines stand below it.

    Args:
        figure: gives a map's drawing and table as safe HTML.
    """

    def drawn_or_not(match: re.Match[str]) -> str:
        links = propositions(unescape(_MARKS.sub("", match[1])))
        marks = " ".join(_MARKS.findall(match[1]))
        return figure(links) + (f"<p>{marks}</p>" if marks else "") if links else match[0]

    return _BLOCK.sub(drawn_or_not, html)


def levels(links: Sequence[Proposition]) -> list[list[str]]:
    """Lay terms out in levels: a term stands one below the nearest one that leads to it; circles end somewhere."""
    order = list(dict.fromkeys(term for link in links for term in (link.start, link.end)))
    below: dict[str, list[str]] = {}
    for link in links:
        below.setdefault(link.start, []).append(link.end)
    reached = {link.end for link in links if link.end != link.start}
    depth: dict[str, int] = {}
    for root in [*(term for term in order if term not in reached), *order]:
        _walk(root, below, depth)
    found: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for term in order:
        found[depth[term]].append(term)
    return [row[at : at + ROW] for row in found for at in range(0, len(row), ROW)]


def _walk(root: str, below: dict[str, list[str]], depth: dict[str, int]) -> None:
    if root in depth:
        return
    depth[root] = 0
    waiting = deque([root])
    while waiting:
        term = waiting.popleft()
        for child in below.get(term, ()):
            if child not in depth:
                depth[child] = depth[term] + 1
                waiting.append(child)


def drawn(links: Sequence[Proposition], title: str) -> str:
    """Draw a map as SVG; its colours follow from classes, so light, dark and print are the style sheet's.

    Args:
        title: what a screen reader is told; the same propositions belong in a table beside it.
    """
    shown = links[:MOST]
    rows = levels(shown)
    widest = max((len(row) for row in rows), default=1)
    width = widest * WIDE + (widest + 1) * GAP
    height = len(rows) * HIGH + (len(rows) + 1) * (DEEP - HIGH)
    places = dict(_places(rows, width))
    parts = [
        *(_edge(link, places) for link in shown),
        *(_box(term, *place) for term, place in places.items()),
    ]
    return (
        f'<svg class="concept-map" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        '<defs><marker id="concept-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>' + "".join(parts) + "</svg>"
    )


def _places(rows: Iterable[Sequence[str]], width: int) -> Iterable[tuple[str, tuple[float, float]]]:
    for depth, row in enumerate(rows):
        start = (width - len(row) * WIDE - (len(row) - 1) * GAP) / 2
        for place, term in enumerate(row):
            yield term, (start + place * (WIDE + GAP), (DEEP - HIGH) + depth * DEEP)


def _edge(link: Proposition, places: dict[str, tuple[float, float]]) -> str:
    (ax, ay), (bx, by) = places[link.start], places[link.end]
    down = by > ay
    x1, y1 = ax + WIDE / 2, ay + (HIGH if down else 0)
    x2, y2 = bx + WIDE / 2, by + (0 if down else HIGH)
    if ay == by:  # beside each other: an arc above both
        y2 = by
        path = f"M{x1:.0f} {y1:.0f}Q{(x1 + x2) / 2:.0f} {y1 - DEEP / 2:.0f} {x2:.0f} {y2:.0f}"
        y1 -= DEEP / 4
        y2 -= DEEP / 4
    else:
        path = f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"
    words = (
        f'<text x="{(x1 + x2) / 2:.0f}" y="{(y1 + y2) / 2:.0f}">{escape(_short(link.words, 26))}</text>'
        if link.words
        else ""
    )
    return f'<path class="link" d="{path}" marker-end="url(#concept-arrow)"/>{words}'


def _box(term: str, x: float, y: float) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="8"/>'
        f'<text class="concept" x="{x + WIDE / 2:.0f}" y="{y + HIGH / 2 + 5:.0f}">{escape(_short(term, 24))}</text>'
    )


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
