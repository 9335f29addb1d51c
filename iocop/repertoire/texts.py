"""The text that a reader of rendered HTML sees, with the place of each letter in the HTML. Pure."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Final, NamedTuple

_APART: Final = frozenset({
    "blockquote", "br", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "table", "td", "th", "tr", "ul",
})  # fmt: skip


class Seen(NamedTuple):
    """What a reader sees.

    Attributes:
        text: on one line, single spaces between words.
        ends: for each letter of the text, how far into the HTML it ends.
    """

    text: str
    ends: list[int]


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.lines = [0]
        for line in html.split("\n"):  # as the parser counts lines; other letters end one for `splitlines`
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.letters: list[str] = []
        self.ends: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        self._apart(tag)

    def handle_data(self, data: str) -> None:
        start = self._offset()
        for place, letter in enumerate(data):
            self._write(" " if letter.isspace() else letter, start + place + 1)

    def handle_entityref(self, name: str) -> None:
        self._character(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._character(f"&#{name};")

    def _character(self, reference: str) -> None:
        for letter in unescape(reference):
            self._write(letter, self._offset() + len(reference))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def _apart(self, tag: str) -> None:
        if tag in _APART:
            self._write(" ", self._offset())

    def _write(self, letter: str, end: int) -> None:
        if letter == " " and (not self.letters or self.letters[-1] == " "):
            return
        self.letters.append(letter)
        self.ends.append(end)


def seen(html: str) -> Seen:
    """Return what a reader of sanitised HTML sees."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    if reader.letters and reader.letters[-1] == " ":
        reader.letters.pop()
        reader.ends.pop()
    return Seen("".join(reader.letters), reader.ends)
