"""An article's headings: its table of contents, and a way to edit each section. Pure."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Final, NamedTuple
from urllib.parse import quote

_HEADING: Final = re.compile(r'<h([3-6]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
_MARK: Final = re.compile(r'<sup class="note-mark".*?</sup>', re.DOTALL)
"""A comment's, which is none of a heading's words."""
_LEVEL: Final = re.compile(r"<(/?)h([3-6])\b")

_VERSIONED: Final = re.compile(r'(\b(?:id="|href="#)c-)[0-9a-f]{8}-')

FEWEST: Final = 2
"""Headings from which on a table of contents helps."""


class Entry(NamedTuple):
    """One line of a table of contents.

    Attributes:
        level: 2 to 5, as the page shows it.
        anchor: as the address of the heading has it, behind the #.
    """

    level: int
    anchor: str
    words: str


def stable(html: str) -> str:
    """Return stored HTML with anchors that hang on no version of the text, as ``[[Title#heading]]`` names them.

    The renderer tells the ids of each text apart from those of all others; an article stands alone on its page.
    Call it once: a heading may itself begin with eight digits.
    """
    return _VERSIONED.sub(r"\1", html)


def contents(html: str) -> list[Entry]:
    """Return the headings of rendered Markdown in order."""
    return [
        Entry(int(found[1]) - 1, unescape(found[2]), " ".join(unescape(_TAG.sub("", found[3])).split()))
        for found in _HEADING.finditer(html)
    ]


def as_page(html: str, edit_address: str = "", edit_words: str = "", edit_title: str = "%s") -> str:
    """Return rendered Markdown as an article's page shows it: its highest headings stand right below the title.

    Args:
        edit_address: of the page that edits a section; nothing: no way to edit stands at the headings.
        edit_words: what the link says.
        edit_title: the same in full, with ``%s`` for the heading's words.
    """
    if edit_address:

        def with_link(found: re.Match[str]) -> str:
            words = " ".join(unescape(_TAG.sub("", _MARK.sub("", found[3]))).split())
            title = escape(edit_title.replace("%s", words))
            target = f"{edit_address}?section={quote(unescape(found[2]), safe='')}"
            link = f'class="link-button no-print" href="{escape(target)}" aria-label="{title}"'
            return f'<div class="section-head">{found[0]}<a {link}>{escape(edit_words)}</a></div>'

        html = _HEADING.sub(with_link, html)
    return _LEVEL.sub(lambda found: f"<{found[1]}h{int(found[2]) - 1}", html)
