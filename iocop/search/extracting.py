"""The words in attached files: what the extracting process does with one file. Pure.

Every function here may be given a hostile file. It runs where memory and time are limited (`core.text.child`); what
takes too long is cut where it has come to, and what cannot be read is an error.
"""

from __future__ import annotations

import base64
import codecs
import gc
import io
import logging
import re
import time
import zipfile
from typing import IO, TYPE_CHECKING, Final
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_CHARACTERS: Final = 200_000
SECONDS: Final = 6.0
"""For one file; what was read until then is kept."""
ENDS: Final = frozenset({"p", "h", "tr", "row", "br", "cr", "tab", "line-break", "table-cell"})
"""Elements of office documents after which another word begins."""

_PARTS: Final = {
    "docx": re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml"),
    "pptx": re.compile(r"ppt/(slides|notesSlides)/\w+\.xml"),
    "odt": re.compile(r"content\.xml"),
    "ods": re.compile(r"content\.xml"),
}
_RUNS: Final = {"docx": "t", "pptx": "t"}
"""Where alone these formats keep what is read, beside instructions and what was struck out."""

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every flaw it reads past


def packed(content: bytes) -> str:
    """Return a file as a request to the process carries it."""
    return base64.b64encode(content).decode()


def gathered(pieces: Iterable[str]) -> str:
    """Return pieces a line each, up to the most characters and seconds; empty lines and zero bytes left out."""
    kept: list[str] = []
    size, until = 0, time.monotonic() + SECONDS
    for piece in pieces:
        words = " ".join(piece.replace("\0", " ").split())
        if words:
            kept.append(words)
            size += len(words) + 1
        if size >= MOST_CHARACTERS or time.monotonic() > until:
            break
    text = "\n".join(kept)[:MOST_CHARACTERS]
    return text.encode(errors="replace").decode()  # half a surrogate pair cannot be kept


def of_pdf(content: bytes) -> Iterator[str]:
    """Yield a PDF's pages.

    Raises:
        Exception: it is broken, or opens with a password only.
    """
    from pypdf import PdfReader

    for page in PdfReader(io.BytesIO(content)).pages:
        yield page.extract_text()


def of_workbook(content: bytes) -> Iterator[str]:
    """Yield a workbook's sheets: their names, and their rows as they were last computed."""
    from openpyxl import load_workbook

    for sheet in load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False):
        yield str(sheet.title)
        sheet.reset_dimensions()  # a file may claim millions of columns
        for row in sheet.iter_rows(values_only=True):
            yield " ".join(str(value) for value in row if value is not None)


def of_document(extension: str) -> Callable[[bytes], Iterator[str]]:
    """Return what yields the text of office documents of a kind, read as a stream: they unpack to any size."""

    def reading(content: bytes) -> Iterator[str]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in filter(_PARTS[extension].fullmatch, archive.namelist()):
                with archive.open(name) as part:
                    yield from _lines(part, _RUNS.get(extension, ""))

    return reading


def _lines(part: IO[bytes], run: str) -> Iterator[str]:
    """Yield the text of an XML file up to each end of a paragraph or cell; that of elements named *run*, if named."""
    lines, words, depth = list[str](), list[str](), 0

    def starts(name: str, _attributes: object) -> None:
        nonlocal depth
        depth += _local(name) == run

    def ends(name: str) -> None:
        nonlocal depth
        depth -= _local(name) == run
        if _local(name) in ENDS:
            lines.append("".join(words))
            words.clear()

    def says(text: str) -> None:
        if depth or not run:
            words.append(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = starts, ends, says
    while block := part.read(65_536):
        parser.Parse(block)
        yield from lines
        lines.clear()
    yield "".join(words)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def of_text(content: bytes) -> Iterator[str]:
    """Yield the lines of a text: UTF-8, UTF-16 with its mark, or else an older encoding of western languages."""
    content = content[: 4 * MOST_CHARACTERS]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return iter(content.decode("utf-16", "replace").splitlines())
    try:
        text, _read = codecs.utf_8_decode(content.removeprefix(codecs.BOM_UTF8), "strict", False)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return iter(text.splitlines())


def forget_converter() -> None:
    """Nothing of a file that failed is kept; its memory is."""
    gc.collect()


def _verb(reading: Callable[[bytes], Iterable[str]]) -> Callable[[str], str]:
    return lambda request: gathered(reading(base64.b64decode(request)))


VERBS: Final[dict[str, Callable[[str], str]]] = {
    "pdf": _verb(of_pdf),
    "xlsx": _verb(of_workbook),
    "text": _verb(of_text),
    **{extension: _verb(of_document(extension)) for extension in _PARTS},
}
"""What reads a file, by its extension; everything that is text goes by one name."""
