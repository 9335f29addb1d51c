"""Text without markup, for search, mail and excerpts."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from iocop.core.text.tokens import attributes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iocop.core.text.tokens import Attributes, Token

_BREAKS: Final = dict.fromkeys(("br", "caption", "dd", "dt", "hr", "li", "tr"), 1) | dict.fromkeys(
    ("blockquote", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"), 2
)
_HIDDEN: Final = frozenset({"script", "style", "template", "title"})
_HIDDEN_CLASSES: Final = frozenset({"code-language", "footnote-backref", "footnote-ref"})
_SHOWN: Final = frozenset({"td", "th", "img", "input"})


class _PlainText:
    """Text as it comes together, tag by tag."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.breaks = 0  # line breaks owed before the next text
        self.hidden = 0
        self.preformatted = 0
        self.label = False  # inside a leaf that is no part of the text

    def begin(self, tag: str, given: Attributes) -> None:
        self.breaks = max(self.breaks, _BREAKS.get(tag, 0))
        self.hidden += tag in _HIDDEN
        self.preformatted += tag == "pre"
        self.label = given.get("class") in _HIDDEN_CLASSES
        if tag in _SHOWN:
            self._write(_shown(tag, given))

    def end(self, tag: str) -> None:
        self.breaks = max(self.breaks, _BREAKS.get(tag, 0))
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        self.preformatted -= tag == "pre" and self.preformatted > 0
        self.label = False

    def text(self, text: str) -> None:
        if not self.hidden and not self.label:
            self._write(text if self.preformatted else _spaced(text))

    def whole(self) -> str:
        return "\n".join(line.rstrip() for line in "".join(self.out).split("\n")).strip()

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


def _spaced(text: str) -> str:
    """The words of *text* one space apart, at its ends too."""
    words = " ".join(text.split())
    if not words:
        return " "
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"


def _shown(tag: str, given: Attributes) -> str:
    """What stands for a tag that holds no text, or parts one text from another."""
    if tag == "img":
        return given.get("alt", "")
    if tag == "input":
        return "☑" if "checked" in given else "☐"
    return " "


class _Foreign(HTMLParser):
    """Reads HTML of any kind."""

    def __init__(self) -> None:
        super().__init__()
        self.plain = _PlainText()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.plain.begin(
            tag, {name: value or "" for name, value in reversed(attrs)}
        )  # of two, the first holds

    def handle_endtag(self, tag: str) -> None:
        self.plain.end(tag)

    def handle_data(self, data: str) -> None:
        self.plain.text(data)


def to_plain(html: str) -> str:
    """The text of *html*: an empty line between paragraphs, a break between rows and items, code as it is."""
    reader = _Foreign()
    reader.feed(html)
    reader.close()
    return reader.plain.whole()


def plain_of(parts: Iterable[Token]) -> str:
    """As `to_plain`, of the tokens of sanitised HTML."""
    plain = _PlainText()
    for slash, tag, written, text in parts:
        if slash:
            plain.end(tag)
        elif tag:
            plain.begin(tag, attributes(written) if written else {})
        if text:
            plain.text(unescape(text))
    return plain.whole()


def excerpt(plain: str, words: int) -> str:
    """The first *words* words of a plain text on one line, with an ellipsis if any are left out."""
    found = plain.split(maxsplit=words)
    return " ".join(found[:words]) + (" …" if len(found) > words else "")
