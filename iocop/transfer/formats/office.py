"""A pack as a Word document: real headings, lists and tables, and nobody named as its author."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm

from iocop.core import clock
from iocop.transfer.blocks import Run
from iocop.transfer.formats import words
from iocop.transfer.formats.images import as_png

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docx.document import Document as Word

    from iocop.transfer.blocks import Block, Runs
    from iocop.transfer.pack import Pack

INDENT: Final = 0.75
"""Centimetres a quotation or a list is indented."""
WIDEST: Final = 15.0
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Letters that XML cannot hold; a title may have been pasted with some."""


class _Writer:
    def __init__(self, pack: Pack, pictures: Mapping[int, bytes]) -> None:
        self.pack, self.pictures = pack, pictures
        self.word: Word = Document()
        self.body = self.word.element.body
        self.last = self.body.sectPr
        self.ids = {style.name: style.style_id for style in self.word.styles}
        self.links: dict[str, str] = {}

    def write(self) -> bytes:
        self._about()
        self.line(self.pack.title, "Title")
        self._facts()
        for part in self.pack.parts:
            self.line(words.part_head(part), "Heading 1")
            for note in part.notes:
                self.line(note, "Subtitle")
            for block in words.in_place(part.blocks, self.pictures):
                self._block(block)
        if left_out := words.left_out(self.pack, self.pictures):
            self.line(words.left_out_title(), "Heading 1")
            self._list(left_out, "List Bullet")
        self.line(words.check_title(), "Heading 1")
        self._list([f"☐ {line}" for line in self.pack.check], "Normal")
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    def _about(self) -> None:
        about = self.word.core_properties
        about.title, about.language = _UNWRITABLE.sub("", self.pack.title), self.pack.language
        about.author = about.comments = about.last_modified_by = ""
        about.created = about.modified = clock.now().replace(tzinfo=None)
        for lang in self.word.styles.element.iter(qn("w:lang")):
            lang.set(qn("w:val"), self.pack.language)

    def _facts(self) -> None:
        self.line(words.facts_title(), "Heading 1")
        for name, value in self.pack.facts:
            paragraph = self._paragraph("Normal")
            paragraph.append(_run(f"{name}: ", bold=True))
            paragraph.append(_run(value))

    def _list(self, lines: Iterable[str], style: str) -> None:
        for line in lines:
            self.line(line, style)

    def line(self, text: str, style: str) -> None:
        self._paragraph(style).append(_run(text))

    def _paragraph(self, style: str, indent: float = 0.0) -> Any:
        """Append a paragraph to the body; by hand, because the library looks each style up by its name anew."""
        paragraph = OxmlElement("w:p")
        properties = OxmlElement("w:pPr")
        if style != "Normal":
            properties.append(_with_value("w:pStyle", self.ids[style]))
        if indent:
            indented = OxmlElement("w:ind")
            indented.set(qn("w:left"), str(Cm(indent).twips))
            properties.append(indented)
        paragraph.append(properties)
        self.last.addprevious(paragraph)
        return paragraph

    def _block(self, block: Block) -> None:
        if block.kind == "table":
            self._table(block.rows)
        elif block.kind == "picture":
            picture, width = as_png(self.pictures[block.picture])
            self.word.add_picture(io.BytesIO(picture), Cm(min(WIDEST, width / 40)))
            if block.text:
                self.line(block.text, "Caption")
        elif block.kind == "heading":
            self._filled("Heading " + str(min(block.level - 1, 5)), block.runs)
        elif block.kind == "item":
            self._filled("Normal", (_marker(block), *block.runs), INDENT * (block.level + block.quoted))
        elif block.kind == "rule":
            self.line("* * *", "Normal")
        else:
            self._filled("Normal", block.runs, INDENT * block.quoted)

    def _filled(self, style: str, runs: Runs, indent: float = 0.0) -> None:
        paragraph = self._paragraph(style, indent)
        for run in runs:
            self._append(paragraph, run)

    def _append(self, paragraph: Any, run: Run) -> None:
        element = _run(
            run.text,
            bold=run.bold,
            italic=run.italic,
            struck=run.struck,
            code=run.code,
            link=bool(run.href),
        )
        if not run.href:
            paragraph.append(element)
            return
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._relation(run.href))
        link.append(element)
        paragraph.append(link)

    def _relation(self, href: str) -> str:
        if href not in self.links:
            whole = _UNWRITABLE.sub("", href)
            self.links[href] = self.word.part.relate_to(whole, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        return self.links[href]

    def _table(self, rows: Sequence[Sequence[Runs]]) -> None:
        width = max(len(row) for row in rows)
        table = self._bordered(width)
        for row in rows:
            line = OxmlElement("w:tr")
            for runs in [*row, *[()] * (width - len(row))]:
                cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
                for run in runs:
                    self._append(paragraph, run)
                cell.append(paragraph)
                line.append(cell)
            table.append(line)
        self.last.addprevious(table)
        self.line("", "Normal")

    def _bordered(self, width: int) -> Any:
        table, properties, grid = (OxmlElement(tag) for tag in ("w:tbl", "w:tblPr", "w:tblGrid"))
        properties.append(_with_value("w:tblStyle", self.ids["Table Grid"]))
        for _column in range(width):
            grid.append(OxmlElement("w:gridCol"))
        table.append(properties)
        table.append(grid)
        return table


def _with_value(tag: str, value: str) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def _marker(block: Block) -> Run:
    return Run(f"{block.marker}\t" if block.marker else "")


_FLAGS: Final = (("bold", "w:b"), ("italic", "w:i"), ("struck", "w:strike"))


def _run(text: str, **looks: bool) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    if looks.get("code"):
        font = OxmlElement("w:rFonts")
        for script in ("w:ascii", "w:hAnsi", "w:cs"):
            font.set(qn(script), "Courier New")
        properties.append(font)
    for name, tag in _FLAGS:
        if looks.get(name):
            properties.append(OxmlElement(tag))
    if looks.get("link"):
        properties.append(_with_value("w:u", "single"))
    if len(properties):
        run.append(properties)
    run.text = _UNWRITABLE.sub("", text)  # line breaks and tabs become what Word knows
    return run


def written(pack: Pack, pictures: Mapping[int, bytes]) -> tuple[bytes, str]:
    """Return the file and its extension."""
    return _Writer(pack, pictures).write(), "docx"
