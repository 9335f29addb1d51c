"""What a file says beside its content: its author, company, last editor. Pure; nothing is unpacked beyond a bound."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from iocop.safety.rules.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 256 * 2**10
"""Bytes read of one part of a file."""
_STREAMS: Final = 60
"""Compressed parts of a PDF that are looked into."""
_LONGEST: Final = 120

_PARTS: Final = {
    "docProps/core.xml": (("creator", "author"), ("lastModifiedBy", "editor"), ("subject", "subject"),
                          ("keywords", "subject"), ("category", "subject"), ("description", "note")),
    "docProps/app.xml": (("Company", "company"), ("Manager", "author"), ("HyperlinkBase", "folder")),
    "meta.xml": (("initial-creator", "author"), ("creator", "editor"), ("subject", "subject"), ("keyword", "subject"),
                 ("description", "note")),
}  # fmt: skip
_WRITERS: Final = (
    "word/comments.xml",
    "word/document.xml",
    "ppt/commentAuthors.xml",
    "xl/persons/person.xml",
)
_PDF: Final = {
    b"Author": "author",
    b"Company": "company",
    b"Subject": "subject",
    b"Keywords": "subject",
    b"Manager": "author",
}
_PDF_TEXT: Final = re.compile(
    rb"/(Author|Company|Subject|Keywords|Manager)\s{0,4}(?:\(((?:[^\\()]|\\.){1,400})\)|<([0-9A-Fa-f\s]{2,800})>)"
)
_XMP: Final = re.compile(
    rb"<(?:dc:creator|xmp:CreatorTool|pdfx:Company)>\s{0,40}(?:<rdf:Seq>\s{0,40}<rdf:li>)?([^<]{1,200})<"
)
_DXF: Final = re.compile(rb"\$LASTSAVEDBY\s{1,8}1\r?\n([^\r\n]{1,80})")


def properties(name: str, content: bytes) -> list[Finding]:
    """Return what stands in the properties of a PDF, an office document or a DXF drawing, each value once.

    What cannot be read (an encrypted PDF, a DWG) gives nothing; pictures lose their properties when they are uploaded.
    """
    said: dict[tuple[str, str], None] = {}
    for because, value in _values(content):
        words = " ".join(value.split())[:_LONGEST]
        if len(words) > 1 and words.isprintable():
            said.setdefault((because, words))
    return [Finding("file", 0, 0, words, because, name) for because, words in said]


def _values(content: bytes) -> Iterator[tuple[str, str]]:
    if content.startswith(b"PK\x03\x04"):
        yield from _of_archive(content)
    elif content.startswith(b"%PDF"):
        yield from _of_pdf(content)
    else:
        for found in _DXF.finditer(content[:MOST]):
            yield "editor", found[1].decode("utf-8", "replace")


def _of_archive(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            for part in (part for part in _PARTS if part in names):
                yield from _tags(_read(archive, part), _PARTS[part])
            for part in (part for part in _WRITERS if part in names):
                for found in re.finditer(
                    r'(?:author|displayName|(?<=cmAuthor )name)="([^"]{1,120})"', _read(archive, part)
                ):
                    yield "writer", html.unescape(found[1])
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return


def _read(archive: zipfile.ZipFile, part: str) -> str:
    with archive.open(part) as content:
        return content.read(MOST).decode("utf-8", "replace")


def _tags(text: str, wanted: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for tag, because in wanted:
        for found in re.finditer(rf"<(?:\w{{1,10}}:)?{tag}(?: [^>]{{0,200}})?>([^<]{{1,400}})<", text):
            yield because, html.unescape(found[1])


def _of_pdf(content: bytes) -> Iterator[tuple[str, str]]:
    for part in (content, *_inflated(content)):
        for found in _PDF_TEXT.finditer(part):
            yield _PDF[found[1]], _pdf_string(found[2], found[3])
        for found in _XMP.finditer(part):
            yield "author", html.unescape(found[1].decode("utf-8", "replace"))


def _inflated(content: bytes) -> Iterator[bytes]:
    """Yield a PDF's compressed object streams, in which newer programs keep the properties."""
    at = 0
    for _ in range(_STREAMS):
        at = content.find(b"/ObjStm", at + 1)
        start = content.find(b"stream", at) + 6
        if at < 0 or start < 6:
            return
        try:
            yield zlib.decompressobj().decompress(content[start:].lstrip(b"\r\n")[: 4 * MOST], 4 * MOST)
        except zlib.error:
            continue


def _pdf_string(plain: bytes | None, digits: bytes | None) -> str:
    if digits is not None:
        compact = re.sub(rb"\s", b"", digits)
        raw = bytes.fromhex((compact + b"0" * (len(compact) % 2)).decode())
    else:
        raw = re.sub(rb"\\([()\\])", rb"\1", plain or b"")
        raw = re.sub(rb"\\(\d{3})", lambda found: bytes([int(found[1], 8) & 255]), raw)
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8-sig", "replace") if raw.startswith(b"\xef\xbb\xbf") else raw.decode("latin-1")
