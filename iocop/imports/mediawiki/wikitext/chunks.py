"""A text cut where nothing reaches across: each piece is read by itself, once however many revisions share it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff]")
_VERBATIM: Final = (
    "pre|nowiki|math|chem|syntaxhighlight|source|ref|references|gallery|code|blockquote|table|poem|includeonly|onlyinclude"
    "|score|timeline|imagemap|graph|mapframe|section|ul|ol|dl"
)
_FENCES: Final = re.compile(
    rf"(\{{\{{|\{{\||\[\[|<!--)|(\}}\}}|\|\}}|\]\]|-->)|<(/?)({_VERBATIM})\b([^<>]*)>", re.IGNORECASE
)
_CLOSES: Final = {"}}": "{{", "|}": "{|", "]]": "[[", "-->": "<!--"}
_HEADING: Final = re.compile(r"=.*=\s*(?:<!--.*)?$")


def tidied(text: str) -> str:
    """One kind of line break, no control characters: those mark things from here on."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def chunks(text: str) -> Iterator[str]:
    """Paragraphs and headings; longer where brackets, tables, comments or verbatim tags reach further."""
    lines: list[str] = []
    open_: Counter[str] = Counter()
    for line in text.split("\n"):
        apart = not line.strip() or _HEADING.match(line) is not None
        if apart and lines and _balanced(open_):
            yield "\n".join(lines)
            lines, open_ = [], Counter()
        lines.append(line)
        _count(line, open_)
        if apart and _balanced(open_):
            yield "\n".join(lines)
            lines, open_ = [], Counter()
    if lines:
        yield "\n".join(lines)


def _balanced(open_: Counter[str]) -> bool:
    return not any(open_.values())


def _count(line: str, open_: Counter[str]) -> None:
    for opens, closes, ends, tag, attributes in _FENCES.findall(line):
        if opens:
            open_[opens] += 1
        elif closes:
            name = _CLOSES[closes]
            open_[name] = max(0, open_[name] - 1)
        elif ends:
            open_[tag.lower()] = max(0, open_[tag.lower()] - 1)
        elif not attributes.rstrip().endswith("/"):
            open_[tag.lower()] += 1
