"""A pack as a PDF: embedded fonts, its title and language told, nobody named as its author."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from flask_babel import gettext as _
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import HRFlowable, Image, Paragraph, SimpleDocTemplate, Spacer, Table, XPreformatted

from iocop.transfer.formats import words
from iocop.transfer.formats.fonts import Writing, family
from iocop.transfer.formats.images import as_png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable

    from iocop.transfer.blocks import Block, Run, Runs
    from iocop.transfer.pack import Pack

rl_config.useA85 = 0  # streams as bytes: smaller, and quicker by a tenth

MARGIN: Final = 2.2 * cm
COLUMN: Final = A4[0] - 2 * MARGIN
TALLEST: Final = 15 * cm
CODE_LINE: Final = 88
"""Characters of a line of code before it goes on in the next."""
LARGEST_CELL: Final = 600
MOST_COLUMNS: Final = 8
"""Tables beyond this are written row by row."""
INK: Final = HexColor("#1b2430")
MUTED: Final = HexColor("#5a6472")
LINE: Final = HexColor("#dedad0")
_SIZES: Final = {3: 12.0, 4: 11.0, 5: 10.0, 6: 10.0}


class _Writer:
    def __init__(self, pack: Pack, pictures: Mapping[int, bytes]) -> None:
        self.pack, self.pictures = pack, pictures
        self.fonts = family()
        self.writing = Writing(self.fonts.letters)
        self.styles: dict[tuple[Any, ...], ParagraphStyle] = {}

    def style(self, size: float = 9.5, *, bold: bool = False, indent: float = 0.0, hanging: float = 0.0,
              colour: Any = INK, space: float = 5.0, font: str = "") -> ParagraphStyle:  # fmt: skip
        key = (size, bold, indent, hanging, colour, space, font)
        if key not in self.styles:
            self.styles[key] = ParagraphStyle(
                str(key), fontName=font or f"{self.fonts.name}-{1 if bold else 0}", fontSize=size,
                leading=size * 1.42, leftIndent=indent, firstLineIndent=-hanging, textColor=colour, spaceAfter=space,
                spaceBefore=space if bold else 0, keepWithNext=1 if bold else 0,
            )  # fmt: skip
        return self.styles[key]

    def story(self) -> list[Flowable]:
        pack = self.pack
        found: list[Flowable] = [self.line(pack.title, self.style(18, bold=True, space=10))]
        found += [
            Paragraph(f"<b>{self.said(name)}:</b> {self.said(value)}", self.style(8.5, colour=MUTED, space=2))
            for name, value in pack.facts
        ]
        found.append(Spacer(1, 12))
        for part in pack.parts:
            found.append(self.line(words.part_head(part), self.style(11, bold=True)))
            found += [self.line(note, self.style(8.5, colour=MUTED)) for note in part.notes]
            for block in words.in_place(part.blocks, self.pictures):
                found += self.block(block)
        if left_out := words.left_out(pack, self.pictures):
            found.append(self.line(words.left_out_title(), self.style(12, bold=True)))
            found += [self.line(line, self.style()) for line in left_out]
        found.append(self.line(words.check_title(), self.style(12, bold=True)))
        found += [self.line(f"☐ {line}", self.style(indent=14, hanging=14)) for line in pack.check]
        if note := self.note():
            found.insert(1, self.line(note, self.style(8.5, space=8)))
        return found

    def note(self) -> str:
        """Say what the letters of this file could not write."""
        if self.writing.unknown:
            return str(
                _(
                    "Some letters could not be written here; “?” or brackets stand in their place. The Word and Markdown"
                    " files hold them: take one of those along."
                )
            )
        if self.writing.spelt:
            return str(
                _(
                    "Some letters are spelt in Latin ones here: the Word and Markdown files hold them as they are."
                )
            )
        return ""

    def said(self, text: str) -> str:
        return escape(self.writing.text(text))

    def line(self, text: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(self.said(text), style)

    def markup(self, runs: Runs) -> str:
        return "".join(map(self.run, runs))

    def run(self, run: Run) -> str:
        text = self.said(run.text).replace("\n", "<br/>")
        if run.code:
            text = f'<font face="{self.fonts.code}">{text}</font>'
        for wanted, tag in ((run.bold, "b"), (run.italic, "i"), (run.struck, "strike")):
            text = f"<{tag}>{text}</{tag}>" if wanted else text
        return f'<a href={quoteattr(run.href)} color="#164a85">{text}</a>' if run.href else text

    def block(self, block: Block) -> Iterable[Flowable]:
        special: dict[str, Callable[[Block], Iterable[Flowable]]] = {
            "table": self.table, "picture": self.picture, "code": self.code, "heading": self.heading, "rule": _rule,
        }  # fmt: skip
        if block.kind in special:
            return special[block.kind](block)
        indent, colour = 14.0 * block.quoted, MUTED if block.quoted else INK
        if block.kind == "item":
            style = self.style(indent=indent + 14.0 * block.level, hanging=14, colour=colour, space=2)
            return [Paragraph(f"{block.marker} {self.markup(block.runs)}", style)]
        return [Paragraph(self.markup(block.runs), self.style(indent=indent, colour=colour))]

    def heading(self, block: Block) -> list[Flowable]:
        return [Paragraph(self.markup(block.runs), self.style(_SIZES[max(3, block.level)], bold=True))]

    def code(self, block: Block) -> list[Flowable]:
        indent = 14.0 * block.quoted
        lines = "\n".join(_wrapped(self.writing.text(block.text)))
        return [XPreformatted(escape(lines), self.style(7.5, indent=indent + 6, font=self.code_font()))]

    def code_font(self) -> str:
        return self.fonts.code if self.fonts.code != self.fonts.name else f"{self.fonts.name}-0"

    def table(self, block: Block) -> Iterable[Flowable]:
        width = max(len(row) for row in block.rows)
        largest = max((sum(len(run.text) for run in cell) for row in block.rows for cell in row), default=0)
        if width > MOST_COLUMNS or largest > LARGEST_CELL:
            return [flowable for line in words.cell_lines(block.rows) for flowable in self.block(line)]
        rows = [
            [Paragraph(self.markup(cell), self.style(8, space=0)) for cell in row] + [""] * (width - len(row))
            for row in block.rows
        ]
        grid: list[Any] = [("GRID", (0, 0), (-1, -1), 0.5, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), HexColor("#f3f1ea"))]  # fmt: skip
        return [Table(rows, colWidths=[COLUMN / width] * width, style=grid, repeatRows=1), Spacer(1, 6)]

    def picture(self, block: Block) -> list[Flowable]:
        content, _width = as_png(self.pictures[block.picture])
        image = Image(io.BytesIO(content))
        scale = min(1.0, COLUMN / image.drawWidth, TALLEST / image.drawHeight)
        image.drawWidth, image.drawHeight = image.drawWidth * scale, image.drawHeight * scale
        caption = [self.line(block.text, self.style(8, colour=MUTED))] if block.text else []
        return [image, *caption]


def _rule(_block: Block) -> list[Flowable]:
    return [HRFlowable(width="100%", color=LINE, spaceAfter=6, spaceBefore=6)]


def _wrapped(text: str) -> Iterator[str]:
    for line in text.expandtabs(4).split("\n"):
        yield line[:CODE_LINE]
        for start in range(CODE_LINE, len(line), CODE_LINE - 2):
            yield "  " + line[start : start + CODE_LINE - 2]


def written(pack: Pack, pictures: Mapping[int, bytes]) -> tuple[bytes, str]:
    """Return the file and its extension."""
    writer = _Writer(pack, pictures)
    out = io.BytesIO()
    paper = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=pack.title, lang=pack.language, displayDocTitle=True,
    )  # fmt: skip

    def foot(canvas: Canvas, page: Any) -> None:
        canvas.setAuthor("")
        canvas.setCreator("")
        canvas.setSubject("")
        canvas.setFont(f"{writer.fonts.name}-0", 8)
        canvas.setFillColor(MUTED)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN / 2, str(page.page))

    paper.build(writer.story(), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue(), "pdf"
