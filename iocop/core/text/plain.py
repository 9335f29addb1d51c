"""Text without markup, for search, mail and excerpts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

_BREAKS: Final = dict.fromkeys(("br", "caption", "dd", "dt", "hr", "li", "tr"), 1) | dict.fromkeys(
    ("blockquote", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"), 2
)
_HIDDEN: Final = frozenset({"script", "style", "template", "title"})
_HIDDEN_CLASSES: Final = frozenset({"code-language", "footnote-backref", "footnote-ref"})
_SPACES: Final = re.compile(r"\s+")


class _PlainText(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.breaks = 0  # line breaks owed before the next text
        self.hidden = 0
        self.preformatted = 0
        self.label = False  # inside a leaf that is no part of the text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.breaks = max(self.breaks, _BREAKS.get(tag, 0))
        self.hidden += tag in _HIDDEN
        self.preformatted += tag == "pre"
        self.label = any(name == "class" and value in _HIDDEN_CLASSES for name, value in attrs)
        if tag in {"td", "th"}:
            self._write(" ")
        elif tag == "img":
            self._write(dict(attrs).get("alt") or "")
        elif tag == "input":
            self._write("☑" if any(name == "checked" for name, _ in attrs) else "☐")

    def handle_endtag(self, tag: str) -> None:
        self.breaks = max(self.breaks, _BREAKS.get(tag, 0))
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        self.preformatted -= tag == "pre" and self.preformatted > 0
        self.label = False

    def handle_data(self, data: str) -> None:
        if not self.hidden and not self.label:
            self._write(data if self.preformatted else _SPACES.sub(" ", data))

    def _write(self, text: str) -> None:
        if self.breaks:
            if text.isspace():
                return
            self.out.append("\n" * (self.breaks - self._trailing()))
            self.breaks = 0
            text = text if self.preformatted else text.lstrip()
        self.out.append(text)

    def _trailing(self) -> int:
        """Line breaks that preformatted text has left behind."""
        last = self.out[-1] if self.out else ""
        return len(last) - len(last.rstrip("\n"))


def to_plain(html: str) -> str:
    """The text of *html*: an empty line between paragraphs, a break between rows and items, code as it is."""
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    return "\n".join(line.rstrip() for line in "".join(reader.out).split("\n")).strip()


def excerpt(plain: str, words: int) -> str:
    """The first *words* words of a plain text on one line, with an ellipsis if any are left out."""
    found = plain.split(maxsplit=words)
    return " ".join(found[:words]) + (" …" if len(found) > words else "")
