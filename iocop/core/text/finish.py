"""The last pass over sanitised HTML: what a reader's page needs and no author may write."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from collections.abc import Callable

TOP_LEVEL: Final = 3  # the page has the h1, the post or section above the text the h2
MARK: Final = "\0"  # around an @handle that may be a mention; sanitised HTML holds no NUL

_HEADING: Final = re.compile(r"<h([1-6])")
_HANDLE: Final = re.compile(r"(?<![\w@/.])@([^\W_](?:[\w-]{0,62}\w)?)")
_LOCAL_IMAGE: Final = re.compile(r"/attachments/(?!.*\.\.)[\w-][\w./-]*")
_LANGUAGE: Final = re.compile(r"language-(\S+)")
_UNLABELLED: Final = frozenset({"text", "output"})
_NO_MENTIONS: Final = frozenset({"a", "code", "pre"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_Attributes = dict[str, str]


class Heading(NamedTuple):
    level: int
    id: str
    text: str


@lru_cache(maxsize=256)
def _language(alias: str) -> str | None:
    """The language's own name, as Pygments spells it; None for plain text and for what it does not know."""
    try:
        return None if alias in _UNLABELLED else str(get_lexer_by_name(alias).name)
    except ClassNotFound:
        return None


def _tag(name: str, attributes: _Attributes) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items()) + ">"


class _Finisher(HTMLParser):
    """Reads what `allowed.clean` wrote: well formed, so every token is passed on exactly."""

    def __init__(self, prefix: str, shift: int) -> None:
        super().__init__(convert_charrefs=False)
        self.prefix, self.shift = prefix, shift
        self.out: list[str] = []
        self.headings: list[Heading] = []
        self.open: list[str] = []  # the tags that forbid mentions
        self.heading_starts = 0
        special: dict[str, Callable[[_Attributes], str]] = {
            "a": self._link,
            "div": self._division,
            "img": self._image,
            "input": self._checkbox,
            "pre": self._code_block,
            "table": self._table,
            "td": self._cell,
            "th": self._cell,
        }
        self.special = special | dict[str, "Callable[[_Attributes], str]"].fromkeys(_HEADINGS, self._heading)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NO_MENTIONS:
            self.open.append(tag)
        if tag not in self.special and not attrs:
            self.out.append(f"<{tag}>")
            return
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            attributes["id"] = self.prefix + attributes["id"]
        special = self.special.get(tag)
        self.out.append(special(attributes) if special else _tag(tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag in _NO_MENTIONS:
            self.open.pop()
        if tag in _HEADINGS:
            tag = self._heading_ends()
        self.out.append(f"</{tag}>" + ("</div>" if tag == "table" else ""))

    def handle_data(self, data: str) -> None:
        self.out.append(data if self.open or "@" not in data else _HANDLE.sub(rf"{MARK}@\1{MARK}", data))

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def _link(self, attributes: _Attributes) -> str:
        target = attributes.get("href", "")
        if target.startswith("#") and len(target) > 1:
            attributes["href"] = f"#{self.prefix}{target[1:]}"
        return _tag("a", attributes)

    def _image(self, attributes: _Attributes) -> str:
        source, text = attributes.get("src", ""), attributes.get("alt", "")
        if _LOCAL_IMAGE.fullmatch(source):
            return _tag("img", {"src": source, "alt": text, "loading": "lazy"})
        words = escape(f"image: {text} ({_host(source)})" if text else f"image ({_host(source)})")
        if "a" in self.open or not source:  # a link holds no link
            return words
        return (
            _tag("a", {"class": "remote-image", "href": source, "rel": "nofollow ugc noopener"})
            + f"{words}</a>"
        )

    def _checkbox(self, attributes: _Attributes) -> str:
        return "☑" if "checked" in attributes else "☐"

    def _division(self, attributes: _Attributes) -> str:
        alias = _LANGUAGE.search(attributes.get("class", ""))
        name = _language(alias[1]) if alias else None
        return _tag("div", attributes) + (
            f'<span class="code-language">{escape(name)}</span>' if name else ""
        )

    def _code_block(self, attributes: _Attributes) -> str:
        return _tag("pre", attributes | {"tabindex": "0"})  # so that the keyboard scrolls it

    def _table(self, attributes: _Attributes) -> str:
        return '<div class="table" tabindex="0">' + _tag("table", attributes)

    def _cell(self, attributes: _Attributes) -> str:
        side = attributes.pop("align", None)
        return _tag(self.lasttag, attributes | ({"class": f"align-{side}"} if side else {}))

    def _heading(self, attributes: _Attributes) -> str:
        level = min(6, int(self.lasttag[1]) + self.shift)
        target = attributes.get("id") or f"{self.prefix}section-{len(self.headings) + 1}"
        self.headings.append(Heading(level, target, ""))
        self.heading_starts = len(self.out) + 1
        return _tag(f"h{level}", {"id": target})

    def _heading_ends(self) -> str:
        markup = "".join(self.out[self.heading_starts :])
        text = unescape(re.sub(r"<[^>]*>", "", markup)).replace(MARK, "")
        self.headings[-1] = self.headings[-1]._replace(text=" ".join(text.split()))
        return f"h{self.headings[-1].level}"


def _host(source: str) -> str:
    try:
        return urlsplit(source).hostname or "?"
    except ValueError:
        return "?"


def finish(html: str, prefix: str) -> tuple[str, list[Heading]]:
    """Make sanitised *html* ready for a page.

    Ids and the links to them get *prefix*, the highest heading becomes an h3, remote images become links,
    checkboxes characters, code blocks and tables can be scrolled by keyboard, and each @handle
    outside code and links stands between two `MARK`s for the caller to resolve.
    """
    levels = [int(level) for level in _HEADING.findall(html)]
    finisher = _Finisher(prefix, TOP_LEVEL - min(levels, default=TOP_LEVEL))
    finisher.feed(html)
    finisher.close()
    return "".join(finisher.out), finisher.headings
