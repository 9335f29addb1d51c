"""What the formatting process does with one text. Runs in that process, which can be killed."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2s
from typing import TYPE_CHECKING, Final, TypedDict

from iocop.core.text.allowed import clean
from iocop.core.text.dialect import dialect
from iocop.core.text.finish import finish
from iocop.core.text.plain import plain_of
from iocop.core.text.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown import Markdown

    from iocop.core.text.finish import Heading

OUTPUT_LIMIT: Final = 2_000_000  # characters of HTML; a long link repeated by reference grows without end


class Answer(TypedDict):
    html: str
    plain: str
    headings: list[Heading]


@lru_cache(maxsize=1)
def _converter() -> Markdown:
    return dialect()


def format_markdown(source: str) -> Answer:
    converter = _converter()
    converter.reset()
    return format_html(converter.convert(source))


def format_html(html: str) -> Answer:
    """Sanitise and finish *html*.

    Raises:
        ValueError: the result would be longer than `OUTPUT_LIMIT`.
    """
    if len(html) > OUTPUT_LIMIT:
        raise ValueError(f"{len(html)} characters of HTML")
    safe = clean(html)
    parts = list(tokens(safe))
    finished, headings = finish(safe, parts, _prefix(safe))
    return {"html": finished, "plain": plain_of(parts), "headings": headings}


def _prefix(html: str) -> str:
    """Keeps one post's footnotes apart from those of the next on the same page."""
    return f"c-{blake2s(html.encode(), digest_size=4).hexdigest()}-"


def forget_converter() -> None:
    """After an error the converter may hold half a text."""
    _converter.cache_clear()


VERBS: Final[dict[str, Callable[[str], Answer]]] = {"markdown": format_markdown, "html": format_html}
