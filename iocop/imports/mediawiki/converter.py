"""The process in which wikitext is read: a text that takes it too long is kept as it is."""

from __future__ import annotations

import atexit
import os
from itertools import islice
from typing import TYPE_CHECKING, Final

from iocop.core.text.render import MARKDOWN_LIMIT
from iocop.core.text.worker import Worker
from iocop.imports.mediawiki.wikitext.convert import Converted
from iocop.imports.mediawiki.wikitext.escape import code_block
from iocop.imports.mediawiki.wikitext.working import packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iocop.imports.mediawiki.wikitext.names import Names

BATCH: Final = 64  # texts a round trip
TOO_HARD: Final = "unread"

worker: Final[Worker[Converted]] = Worker("iocop.imports.mediawiki.wikitext.working")
atexit.register(worker.close)
os.register_at_fork(after_in_child=worker.forget)


def convert_many(texts: Iterable[str], names: Names) -> Iterator[Converted]:
    """The texts in Markdown; one that could not be read in time stands as it is, and says so."""
    head = packed(names)
    remaining = iter(texts)
    while some := list(islice(remaining, BATCH)):
        answers = worker.run("wikitext", [f"{head}\n{text}" for text in some])
        for text, answer in zip(some, answers, strict=True):
            yield answer or Converted(text=code_block(text), categories=[], templates={}, kept={TOO_HARD: 1})


def parts(markdown: str) -> list[str]:
    """A text in pieces that are each short enough to be rendered, cut between headings or else between paragraphs."""
    if len(markdown.encode()) <= MARKDOWN_LIMIT:
        return [markdown]
    paragraphs = _paragraphs(markdown)
    out: list[str] = []
    for paragraph in paragraphs:
        begins = (
            paragraph.startswith(("# ", "## ")) and len(out[-1].encode()) > MARKDOWN_LIMIT // 2
            if out
            else True
        )
        joined = f"{out[-1]}\n\n{paragraph}" if out else paragraph
        if begins or len(joined.encode()) > MARKDOWN_LIMIT:
            out.append(paragraph)
        else:
            out[-1] = joined
    return out


def _paragraphs(markdown: str) -> Iterator[str]:
    """What stands between empty lines, code blocks whole; a paragraph that is too long is cut at its lines."""
    fence = ""
    lines: list[str] = []
    size = 0
    for line in markdown.split("\n"):
        size += len(line.encode()) + 1
        if (not line and not fence) or size > MARKDOWN_LIMIT:
            if lines:
                yield "\n".join(lines)
            lines, size = [], len(line.encode()) + 1
        mark = line[: len(line) - len(line.lstrip("`"))]
        if len(mark) >= 3:
            fence = "" if fence and len(mark) >= len(fence) else fence or mark
        if line or fence:
            lines.append(line)
    if lines:
        yield "\n".join(lines)
