"""Sanitised HTML taken apart: what `allowed.clean` wrote needs no parser that expects the worst."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Attributes = dict[str, str]
Token = tuple[str, str, str, str]

_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")  # in values, too, > is written &gt;
_ATTRIBUTE: Final = re.compile(r' ([^\s=]+)="([^"]*)"')


def tokens(html: str) -> Iterator[Token]:
    """The tags of *html*, each with the text that follows it; what stands before the first follows a tag without name.

    A token is a slash for an end tag, the tag's name, its attributes as they are written (for `attributes`), and text,
    in which references are still to be resolved.
    """
    parts = iter(_TAG.split(html))
    yield "", "", "", next(parts)
    yield from zip(parts, parts, parts, parts, strict=True)


def attributes(written: str) -> Attributes:
    """The attributes of a token, by name."""
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)}
