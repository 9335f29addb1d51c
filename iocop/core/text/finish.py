"""The last pass over sanitised HTML: what a reader's page needs and no author may write."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from iocop.core.text.tokens import Attributes, attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iocop.core.text.tokens import Token

TOP_LEVEL: Final = 3  # the page has the h1, the post or section above the text the h2
MARK: Final = "\0"  # around an @handle that may be a mention; sanitised HTML holds no NUL

_HEADING: Final = re.compile(r"<h([1-6])")
_HANDLE: Final = re.compile(r"(?<![\w@/.])@([^\W_](?:[\w-]{0,62}\w)?)")
_LOCAL_IMAGE: Final = re.compile(r"/attachments/(?!.*\.\.)[\w-][\w./-]*")
_LANGUAGE: Final = re.compile(r"language-(\S+)")
_UNLABELLED: Final = frozenset({"text", "output"})
_NO_MENTIONS: Final = frozenset({"a", "code", "pre"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


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


def _tag(name: str, given: Attributes) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in given.items()) + ">"


class _Finisher:
    """Reads what `allowed.clean` wrote: well formed, so every token is passed on exactly."""

    def __init__(self, prefix: str, shift: int) -> None:
        self.prefix, self.shift = prefix, shift
        self.out: list[str] = []
        self.headings: list[Heading] = []
        self.open: list[str] = []  # the tags that forbid mentions
        self.heading_starts = 0
        self.tag = ""  # the last that began

    def read(self, parts: Iterable[Token]) -> None:
        out = self.out
        for slash, tag, written, text in parts:
            if not written and tag not in _SPECIAL:
                out.append(f"<{slash}{tag}>" if tag else "")
            elif slash:
                self._end(tag)
            else:
                self._start(tag, attributes(written) if written else {})
            out.append(text if "@" not in text or self.open else _HANDLE.sub(rf"{MARK}@\1{MARK}", text))

    def _start(self, tag: str, given: Attributes) -> None:
        self.tag = tag
        if tag in _NO_MENTIONS:
            self.open.append(tag)
        if "id" in given:
            given["id"] = self.prefix + given["id"]
        special = _STARTS.get(tag)
        self.out.append(special(self, given) if special else _tag(tag, given))

    def _end(self, tag: str) -> None:
        if tag in _NO_MENTIONS:
            self.open.pop()
        if tag in _HEADINGS:
            tag = self._heading_ends()
        self.out.append(f"</{tag}>" + ("</div>" if tag == "table" else ""))

    def _link(self, given: Attributes) -> str:
        target = given.get("href", "")
        if target.startswith("#") and len(target) > 1:
            given["href"] = f"#{self.prefix}{target[1:]}"
        return _tag("a", given)

    def _image(self, given: Attributes) -> str:
        source, text = given.get("src", ""), given.get("alt", "")
        if _LOCAL_IMAGE.fullmatch(source):
            return _tag("img", {"src": source, "alt": text, "loading": "lazy"})
        words = escape(f"image: {text} ({_host(source)})" if text else f"image ({_host(source)})")
        if "a" in self.open or not source:  # a link holds no link
            return words
        return (
            _tag("a", {"class": "remote-image", "href": source, "rel": "nofollow ugc noopener"})
            + f"{words}</a>"
        )

    def _checkbox(self, given: Attributes) -> str:
        return "☑" if "checked" in given else "☐"

    def _division(self, given: Attributes) -> str:
        alias = _LANGUAGE.search(given.get("class", ""))
        name = _language(alias[1]) if alias else None
        return _tag("div", given) + (f'<span class="code-language">{escape(name)}</span>' if name else "")

    def _code_block(self, given: Attributes) -> str:
        return _tag("pre", given | {"tabindex": "0"})  # so that the keyboard scrolls it

    def _table(self, given: Attributes) -> str:
        return '<div class="table" tabindex="0">' + _tag("table", given)

    def _cell(self, given: Attributes) -> str:
        side = given.pop("align", None)
        return _tag(self.tag, given | ({"class": f"align-{side}"} if side else {}))

    def _heading(self, given: Attributes) -> str:
        level = min(6, int(self.tag[1]) + self.shift)
        target = given.get("id") or f"{self.prefix}section-{len(self.headings) + 1}"
        self.headings.append(Heading(level, target, ""))
        self.heading_starts = len(self.out) + 1
        return _tag(f"h{level}", {"id": target})

    def _heading_ends(self) -> str:
        markup = "".join(self.out[self.heading_starts :])
        text = unescape(re.sub(r"<[^>]*>", "", markup)).replace(MARK, "")
        self.headings[-1] = self.headings[-1]._replace(text=" ".join(text.split()))
        return f"h{self.headings[-1].level}"


_STARTS: Final[Mapping[str, Callable[[_Finisher, Attributes], str]]] = {
    "a": _Finisher._link,
    "div": _Finisher._division,
    "img": _Finisher._image,
    "input": _Finisher._checkbox,
    "pre": _Finisher._code_block,
    "table": _Finisher._table,
    "td": _Finisher._cell,
    "th": _Finisher._cell,
} | dict.fromkeys(_HEADINGS, _Finisher._heading)
_SPECIAL: Final = frozenset(_STARTS) | _NO_MENTIONS
"""Tags that are more than passed on."""


def _host(source: str) -> str:
    try:
        return urlsplit(source).hostname or "?"
    except ValueError:
        return "?"


def finish(html: str, parts: Iterable[Token], prefix: str) -> tuple[str, list[Heading]]:
    """Make sanitised *html*, whose tokens are *parts*, ready for a page.

    Ids and the links to them get *prefix*, the highest heading becomes an h3, remote images become links,
    checkboxes characters, code blocks and tables can be scrolled by keyboard, and each @handle
    outside code and links stands between two `MARK`s for the caller to resolve.
    """
    levels = [int(level) for level in _HEADING.findall(html)]
    finisher = _Finisher(prefix, TOP_LEVEL - min(levels, default=TOP_LEVEL))
    finisher.read(parts)
    return "".join(finisher.out), finisher.headings
