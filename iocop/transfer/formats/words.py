"""The sentences around a pack's texts, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import format_date
from flask_babel import gettext as _

from iocop.transfer.blocks import Block, Run, merged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from iocop.transfer.blocks import Runs
    from iocop.transfer.pack import Pack, Part


class Section(NamedTuple):
    """A heading of the pack with what stands below it."""

    title: str
    blocks: Sequence[Block]


def facts_title() -> str:
    return str(_("About this pack"))


def check_title() -> str:
    return str(_("Check locally"))


def part_head(part: Part) -> str:
    """Say who wrote a text and when."""
    day = format_date(part.at, "d MMMM y")
    return f"{part.author}, {day}" if part.author else day


def left_out_title() -> str:
    return str(_("Left out"))


def left_out(pack: Pack, shown: Collection[int]) -> list[str]:
    """Return what the pack leaves out, its pictures among it.

    Args:
        shown: the pictures that are in it.
    """
    missing = [key for key in pack.picture_ids if key not in shown]
    words = [str(_("Pictures that are left out are marked where they stood."))] if missing else []
    return [*pack.left_out, *words]


def in_place(blocks: Sequence[Block], shown: Collection[int]) -> Iterator[Block]:
    """Yield blocks as they are filed: nothing marked, and a line in place of each picture that is not in the pack."""
    for block in blocks:
        if block.picture and block.picture not in shown:
            words = block.text or str(_("without a description"))
            line = _("[picture left out: %(words)s]", words=words)
            yield Block("paragraph", (Run(line, italic=True),), quoted=block.quoted)
        else:
            rows = tuple(tuple(map(_unmarked, row)) for row in block.rows)
            yield block._replace(runs=_unmarked(block.runs), rows=rows)


def _unmarked(runs: Runs) -> Runs:
    return merged(run._replace(mark="") for run in runs)


def cell_lines(rows: Sequence[Sequence[Runs]]) -> Iterator[Block]:
    """Yield a table too large to be drawn as one, row by row."""
    for row in rows:
        runs: list[Run] = []
        for number, cell in enumerate(row):
            runs += [Run(" · ")] if number else []
            runs += cell
        yield Block("item", tuple(runs), level=1, marker="•")


def picture() -> str:
    return str(_("Picture:"))
