"""Foreign HTML (imports) under the same policy as members' Markdown, and text without markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iocop.core.text.plain import excerpt, to_plain
from iocop.core.text.render import clean_html, clean_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iocop.core.text.render import Rendered

__all__ = ["excerpt", "sanitize", "sanitize_many", "to_plain"]


def sanitize(html: str) -> str:
    """The safe part of *html*, finished as a post is.

    Raises:
        TooLong: more than `render.HTML_LIMIT` bytes.
    """
    return clean_html(html).html


def sanitize_many(htmls: Iterable[str]) -> Iterator[Rendered]:
    """As `sanitize`, with plain text and headings; one that is too long comes as text, with a notice."""
    return clean_many(htmls)
