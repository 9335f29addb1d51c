"""A wiki's table as a Markdown table where one can be, and as its author wrote it where not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mwparserfromhell.nodes import Tag, Text

from iocop.imports.mediawiki.wikitext.blocks import inlined
from iocop.imports.mediawiki.wikitext.escape import code, code_block

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwparserfromhell.nodes import Node

    from iocop.imports.mediawiki.wikitext.inline import Walk

WIDEST: Final = 40  # columns


class Cell(NamedTuple):
    is_heading: bool
    nodes: list[Node]


class Grid(NamedTuple):
    """A table whose cells each stand in one row and one column."""

    caption: list[Node]
    rows: list[list[Cell]]


def table(walk: Walk, tag: Tag) -> str:
    """The mark of a table."""
    grid = None if walk.in_table else _grid(tag)
    if grid is None:
        walk.found.keep("table")
        return walk.block(code_block(str(tag)), code(str(tag)), alone=True)
    if not grid.rows:
        return walk.marked(grid.caption)
    walk.in_table = True
    lines = _lines(walk, grid)
    walk.in_table = False
    caption = walk.line(grid.caption)
    title = f"**{caption}**\n\n" if caption and "*" not in caption else f"{caption}\n\n" if caption else ""
    return walk.block(title + "\n".join(lines), code(str(tag)), alone=True)


def _grid(tag: Tag) -> Grid | None:
    """None for a table with cells over several rows or columns, tables within, or too many columns."""
    grid = Grid([], [])
    if not _gather(_nodes(tag), grid):
        return None
    rows = [row for row in grid.rows if row]
    widest = max(map(len, rows), default=0)
    return Grid(grid.caption, rows) if widest <= WIDEST else None


def _gather(nodes: Iterable[Node], grid: Grid) -> bool:
    """Put rows, cells and caption where they belong; False for what no Markdown table can be."""
    return all(_put(node, grid) for node in nodes)


def _put(node: Node, grid: Grid) -> bool:
    name = str(node.tag).strip().lower() if isinstance(node, Tag) else ""
    if isinstance(node, Tag) and name in _PLACES:
        return _PLACES[name](node, grid)
    if not (isinstance(node, Text) and not str(node.value).strip()):
        grid.caption.append(node)
    return True


def _put_cell(cell: Tag, grid: Grid) -> bool:
    if _is_caption(cell):
        grid.caption.extend([Text(str(cell.contents.nodes[0])[1:]), *_nodes(cell)[1:]])
        return True
    if not grid.rows:
        grid.rows.append([])
    grid.rows[-1].append(Cell(str(cell.tag).strip().lower() == "th", _nodes(cell)))
    return not (_reaches(cell) or _has_table(cell))


def _put_row(row: Tag, grid: Grid) -> bool:
    grid.rows.append([])
    return _gather(_nodes(row), grid)


def _put_caption(caption: Tag, grid: Grid) -> bool:
    grid.caption.extend(_nodes(caption))
    return True


_PLACES: Final = (
    dict.fromkeys(("td", "th"), _put_cell)
    | dict.fromkeys(("tr", "tbody", "thead", "tfoot"), _put_row)
    | {"caption": _put_caption}
)


def _is_caption(cell: Tag) -> bool:
    """The parser takes what follows the sign of a caption for a cell."""
    return cell.wiki_markup == "|" and not cell.attributes and str(cell.contents).startswith("+")


def _nodes(tag: Tag) -> list[Node]:
    return list(tag.contents.nodes) if tag.contents is not None else []


def _reaches(cell: Tag) -> bool:
    return any(
        str(each.name).strip().lower() in {"rowspan", "colspan"}
        and str(each.value).strip("\"' ") not in {"", "1"}
        for each in cell.attributes
    )


def _has_table(cell: Tag) -> bool:
    return any(isinstance(node, Tag) and str(node.tag).strip().lower() == "table" for node in _nodes(cell))


def _lines(walk: Walk, grid: Grid) -> list[str]:
    rows = [[_cell(walk, cell, heads=place == 0) for cell in row] for place, row in enumerate(grid.rows)]
    if not all(cell.is_heading for cell in grid.rows[0]):
        rows = [[], [_cell(walk, cell, heads=False) for cell in grid.rows[0]], *rows[1:]]
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    head, *body = [f"| {' | '.join(row)} |" for row in padded]
    return [head, f"|{' --- |' * width}", *body]


def _cell(walk: Walk, cell: Cell, *, heads: bool) -> str:
    text = inlined(walk.marked(cell.nodes), walk.made)
    if cell.is_heading and not heads and text and "*" not in text:
        return f"**{text}**"
    return text
