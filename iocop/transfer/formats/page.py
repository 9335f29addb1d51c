"""A pack as the preview shows it: what was replaced and what remains capitalised is marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from iocop.transfer.formats import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from iocop.transfer.blocks import Block, Run, Runs
    from iocop.transfer.pack import Pack

_STYLES: Final = (("code", "code"), ("bold", "strong"), ("italic", "em"), ("struck", "s"))
_LINK: Final = Markup('<a href="{}" rel="nofollow ugc noopener">{}</a>')
_MARK: Final = Markup('<mark class="{}">{}</mark>')


def bodies(pack: Pack) -> list[Markup]:
    """Return each part's text as safe HTML, its pictures named and not shown."""
    left = [word.word for word in pack.words if word.kind == "left"]
    joined = "|".join(map(re.escape, sorted(left, key=len, reverse=True)))
    pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if joined else None
    return [Markup("\n").join(_blocks(part.blocks, pattern)) for part in pack.parts]


def _blocks(blocks: Iterable[Block], left: re.Pattern[str] | None) -> Iterator[Markup]:
    for block in blocks:
        html = _block(block, lambda runs: _runs(runs, left))
        for _depth in range(block.quoted):
            html = Markup("<blockquote>{}</blockquote>").format(html)
        yield html


def _block(block: Block, said: Callable[[Runs], Markup]) -> Markup:
    if block.kind == "table":
        return _table(block.rows, said)
    if block.kind == "item":
        line = Markup("{} {}").format(block.marker, said(block.runs))
        return Markup('<p class="pack-item" data-depth="{}">{}</p>').format(min(block.level, 4), line)
    runs = _plain(block.runs) if block.kind == "code" else block.runs
    return _frame(block).format(said(runs))


def _frame(block: Block) -> Markup:
    frames = {
        "code": Markup('<pre tabindex="0"><code>{}</code></pre>'),
        "heading": Markup(f"<h{block.level}>{{}}</h{block.level}>"),  # noqa: S704 -- a number
        "paragraph": Markup("<p>{}</p>"),
        "picture": Markup("<p><em>{}</em> {{}}</p>").format(words.picture()),
        "rule": Markup("<hr>{}"),
    }
    return frames[block.kind]


def _plain(runs: Runs) -> Runs:
    return tuple(run._replace(code=False) for run in runs)


def _table(rows: Sequence[Sequence[Runs]], said: Callable[[Runs], Markup]) -> Markup:
    lines = []
    for number, row in enumerate(rows):
        cell = Markup("<td>{}</td>") if number else Markup('<th scope="col">{}</th>')
        lines.append(Markup("<tr>{}</tr>").format(Markup("").join(cell.format(said(runs)) for runs in row)))
    return Markup('<div class="table" tabindex="0"><table>{}</table></div>').format(Markup("").join(lines))


def _runs(runs: Runs, left: re.Pattern[str] | None) -> Markup:
    return Markup("").join(_run(run, left) for run in runs)


def _run(run: Run, left: re.Pattern[str] | None) -> Markup:
    html = _MARK.format(run.mark, run.text) if run.mark else _marked(run.text, left)
    for style, tag in _STYLES:
        if getattr(run, style):
            html = Markup("<{}>{}</{}>").format(tag, html, tag)
    return _LINK.format(run.href, html) if run.href else html


def _marked(text: str, left: re.Pattern[str] | None) -> Markup:
    if left is None:
        return escape(text)
    pieces, place = [], 0
    for match in left.finditer(text):
        pieces += [escape(text[place : match.start()]), _MARK.format("left", match[0])]
        place = match.end()
    return Markup("").join([*pieces, escape(text[place:])])
