"""A text's words that the glossary explains become links to their terms, each once. Pure."""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST: Final = 40
"""Terms marked in one text: beyond that, marks would be all one sees."""
SHORTEST: Final = 2
_LEFT_ALONE: Final = frozenset(
    {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "abbr", "kbd", "samp"}
)


class Term(NamedTuple):
    """What a word leads to.

    Attributes:
        address: the term's page.
        meaning: one sentence.
        capitals: the word is written in capitals alone: what is called IT is not every "it".
    """

    address: str
    meaning: str
    capitals: bool = False


class _Marker(HTMLParser):
    """Passes sanitised, well-formed HTML on exactly, but for words of the glossary in running text."""

    def __init__(self, terms: Mapping[str, Term], pattern: re.Pattern[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.terms, self.pattern = terms, pattern
        self.out: list[str] = []
        self.inside = 0
        self.marked: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.inside += tag in _LEFT_ALONE
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in _LEFT_ALONE
        self.out.append(f"</{tag}>")

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_data(self, data: str) -> None:
        self.out.append(data if self.inside > 0 else self.pattern.sub(self._mark, data))

    def _mark(self, match: re.Match[str]) -> str:
        term = self.terms.get(unescape(match[0]).lower())
        if term is None or term.address in self.marked or len(self.marked) == MOST:
            return match[0]
        if term.capitals and match[0].islower():
            return match[0]
        self.marked.add(term.address)
        return f'<a class="term" href="{escape(term.address)}" title="{escape(term.meaning)}">{match[0]}</a>'


def compiled(terms: Mapping[str, Term]) -> re.Pattern[str] | None:
    """Return the pattern of all words, longest first; None where there are none. To be kept with the glossary."""
    words = sorted((word for word in terms if len(word) >= SHORTEST), key=len, reverse=True)
    if not words:
        return None
    either = "|".join(re.escape(escape(word, quote=False)) for word in words)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


def with_terms(
    html: str, terms: Mapping[str, Term], pattern: re.Pattern[str] | None, besides: str = ""
) -> str:
    """Link the first occurrence of each term outside links, code and headings.

    Args:
        html: sanitised and well formed.
        terms: by word in lower case.
        pattern: what `compiled` made of them.
        besides: an address that is not linked: the term's own page.
    """
    if pattern is None:
        return html
    marker = _Marker(terms, pattern)
    marker.marked.add(besides)
    marker.feed(html)
    marker.close()
    return "".join(marker.out)
