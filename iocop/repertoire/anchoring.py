"""A quoted stretch of a text is found again after the text was edited, or said to be gone. Pure.

Source:
    W3C Web Annotation Data Model, 4.2.4 (text quote selector: the words, and some before and after them).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz import fuzz

from iocop.repertoire.texts import seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST: Final = 400
"""Letters of a quotation."""
AROUND: Final = 80
"""Letters kept before and after it."""
ALIKE: Final = 72
"""How alike the words must still be, from 0 to 100, to be taken for the same."""
MOST_PLACES: Final = 50
"""Places where the very words stand that are compared by what is around them."""
LONGEST_TEXT: Final = 200_000
"""Letters of a text in which words are looked for that are not there exactly."""


class Quote(NamedTuple):
    """A stretch of a text on one line, with what stood around it."""

    words: str
    before: str = ""
    after: str = ""


class Place(NamedTuple):
    """Where a stretch stands, in letters of the text; *changed*: in other words than it was quoted."""

    start: int
    end: int
    changed: bool


def one_line(text: str) -> str:
    return " ".join(text.split())


def quoted(text: str, start: int, end: int) -> Quote:
    """Return a stretch of a one-line text as it is kept."""
    end = min(end, start + LONGEST)
    return Quote(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


def find(text: str, quote: Quote) -> Place | None:
    """Return where a quotation stands in a one-line text now; None when its words are gone.

    The very words come first; where they stand several times, what is around them decides. Else the stretch that is
    most like them counts, if it is at least `ALIKE`, or if what was around it still encloses something like it.
    """
    words = one_line(quote.words)
    if not words:
        return None
    exact = list(islice(_everywhere(text, words), MOST_PLACES))
    if exact:
        start = max(exact, key=lambda place: (_fits(text, place, place + len(words), quote), -place))
        return Place(start, start + len(words), changed=False)
    return _rewritten(text, words, quote) if len(text) <= LONGEST_TEXT else None


def _everywhere(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _fits(text: str, start: int, end: int, quote: Quote) -> float:
    """Say how alike what is around a place is to what was around the quotation, from 0 to 200."""
    before = text[max(0, start - len(quote.before)) : start]
    after = text[end : end + len(quote.after)]
    return fuzz.ratio(before, quote.before) + fuzz.ratio(after, quote.after)


def _rewritten(text: str, words: str, quote: Quote) -> Place | None:
    between = _between(text, quote)
    if between is not None and fuzz.ratio(text[between.start : between.end], words) >= ALIKE / 2:
        return between
    found = fuzz.partial_ratio_alignment(words, text, score_cutoff=ALIKE)
    if found is None or len(words) > len(text):
        return None
    return Place(*_whole_words(text, found.dest_start, found.dest_end), changed=True)


def _between(text: str, quote: Quote) -> Place | None:
    """Return what stands between the two surroundings of a quotation, where both still stand, once and near."""
    before, after = quote.before[-AROUND // 2 :], quote.after[: AROUND // 2]
    if not before.strip() or not after.strip() or text.count(before) != 1:
        return None
    start = text.index(before) + len(before)
    end = text.find(after, start, start + 2 * len(quote.words) + len(after))
    return Place(start, end, changed=True) if end > start else None


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def with_marks(html: str, marks: Sequence[tuple[Quote, str]]) -> str:
    """Return HTML with a piece of markup right behind each quotation that still stands in it.

    Args:
        marks: each quotation with the markup that stands behind it.
    """
    if not marks:
        return html
    view = seen(html)
    placed = [(place, markup) for quote, markup in marks if (place := find(view.text, quote)) is not None]
    for end, markup in sorted(((view.ends[place.end - 1], markup) for place, markup in placed), reverse=True):
        at = _outside_links(html, end)
        html = html[:at] + markup + html[at:]
    return html


def _outside_links(html: str, at: int) -> int:
    """Return the place behind the link that a place is inside of: a link holds no link."""
    opened, closed = html.rfind("<a ", 0, at), html.rfind("</a>", 0, at)
    end = html.find("</a>", at)
    return end + 4 if opened > closed and end >= 0 else at
