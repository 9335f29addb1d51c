"""Members' Markdown becomes safe HTML when it is written; pages only ever read the result."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import compress, islice
from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext as _l

from iocop.core.text.finish import MARK, Heading
from iocop.core.text.plain import to_plain
from iocop.core.text.storable import storable
from iocop.core.text.worker import worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from flask_babel.speaklater import LazyString

    from iocop.core.text.working import Answer

RENDERER_VERSION: Final = 2  # raise it when the same source gives other HTML; a command renders the old again
MARKDOWN_LIMIT: Final = 64 * 1024  # bytes of UTF-8
HTML_LIMIT: Final = 512 * 1024  # bytes of UTF-8, for imported HTML
LONGEST_LETTER: Final = 4  # bytes
BATCH: Final = 64  # texts a round trip

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MARKED: Final = re.compile(rf"{MARK}@([^{MARK}]*){MARK}")
_NOTICE: Final = _l("Your text could not be formatted in reasonable time, so it is shown as you typed it.")


class TooLong(ValueError):
    """The text has more bytes than `MARKDOWN_LIMIT` or `HTML_LIMIT`; str() is the sentence for its author."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            _l("The text is %(size)d KB long; at most %(limit)d KB are possible.")
            % {"size": -(-size // 1024), "limit": limit // 1024}
        )
        self.size, self.limit = size, limit


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as readers get it.

    Attributes:
        html: safe to put into a page; ids in it begin with "c-".
        plain: the same without markup, for search, mail and excerpts.
        notice: what to tell the author when the text is shown as typed; else None.
        version: the renderer's, to be stored beside the HTML.
        mentions: the handles that were resolved, in order of appearance, each once.
        headings: for a table of contents, levels from 3.
    """

    html: str
    plain: str
    notice: LazyString | None = None
    version: int = RENDERER_VERSION
    mentions: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = field(default=())


def render(source: str, *, mentions: Callable[[set[str]], Mapping[str, str]] | None = None) -> Rendered:
    """Render Markdown.

    Args:
        mentions: given the handles that follow an @ outside code and links, returns the address of each that
            exists; it is called once, and only if there are any.

    Raises:
        TooLong: *source* is longer than `MARKDOWN_LIMIT`.
    """
    text = _typed(source, MARKDOWN_LIMIT)
    (answer,) = worker.run("markdown", [text])
    return _linked(answer, mentions) if answer else _as_typed(text)


def render_many(sources: Iterable[str]) -> Iterator[Rendered]:
    """Render an import's texts, mentions left as text; one that is too long comes as typed, with a notice."""
    for texts in _batches(sources):
        for text, answer in zip(texts, _answers("markdown", texts, MARKDOWN_LIMIT), strict=True):
            yield _linked(answer, None) if answer else _as_typed(text)


def clean_html(html: str) -> Rendered:
    """Sanitise foreign HTML.

    Raises:
        TooLong: *html* is longer than `HTML_LIMIT`.
    """
    text = _typed(html, HTML_LIMIT)
    (answer,) = worker.run("html", [text])
    return _linked(answer, None) if answer else _as_typed(to_plain(text))


def clean_many(htmls: Iterable[str]) -> Iterator[Rendered]:
    for texts in _batches(htmls):
        for text, answer in zip(texts, _answers("html", texts, HTML_LIMIT), strict=True):
            yield _linked(answer, None) if answer else _as_typed(to_plain(text))


def _tidied(source: str) -> str:
    """One kind of line break, no control characters, nothing that UTF-8 cannot hold."""
    return storable(_CONTROLS.sub("", source.replace("\r\n", "\n").replace("\r", "\n")))


def _typed(source: str, limit: int) -> str:
    text = _tidied(source)
    size = len(text.encode())
    if size > limit:
        raise TooLong(size, limit)
    return text


def _batches(sources: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(sources)
    while texts := [_tidied(source) for source in islice(remaining, BATCH)]:
        yield texts


def _answers(verb: str, texts: list[str], limit: int) -> list[Answer | None]:
    fits = [len(text) * LONGEST_LETTER <= limit or len(text.encode()) <= limit for text in texts]
    answers = iter(worker.run(verb, list(compress(texts, fits))))
    return [next(answers) if fit else None for fit in fits]


def _linked(answer: Answer, resolver: Callable[[set[str]], Mapping[str, str]] | None) -> Rendered:
    if MARK not in answer["html"]:
        return _rendered(answer, answer["html"])
    handles = dict.fromkeys(_MARKED.findall(answer["html"]))
    addresses = resolver(set(handles)) if resolver and handles else {}

    def link(match: re.Match[str]) -> str:
        address = addresses.get(match[1])
        return f'<a class="mention" href="{escape(address)}">@{match[1]}</a>' if address else f"@{match[1]}"

    mentions = tuple(handle for handle in handles if handle in addresses)
    return _rendered(answer, _MARKED.sub(link, answer["html"]), mentions)


def _rendered(answer: Answer, html: str, mentions: tuple[str, ...] = ()) -> Rendered:
    headings = tuple(Heading(*heading) for heading in answer["headings"])
    return Rendered(html=html, plain=answer["plain"], mentions=mentions, headings=headings)


def _as_typed(text: str) -> Rendered:
    paragraphs = (escape(part.strip("\n")).replace("\n", "<br>\n") for part in re.split(r"\n\s*\n", text))
    html = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return Rendered(html=html, plain=text, notice=_NOTICE)
