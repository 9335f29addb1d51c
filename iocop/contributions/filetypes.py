"""What a file is, by its extension and its content alike: pure; pictures are looked into by `pictures`."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

MOST_ENTRIES: Final = 5_000
MOST_UNPACKED: Final = 300 * 2**20
"""Most bytes an archive may say it unpacks to."""
GREATEST_RATIO: Final = 120
"""Most bytes unpacked for one packed; deflate itself ends near 1,000."""

_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")  # \x1a ends some drawings' text files
_DWG: Final = re.compile(rb"AC10\d\d|AC1\.[2-5]\d?|AC2\.[12]\d")
_DXF: Final = re.compile(rb"\s*(999\r?\n[^\r\n]*\r?\n\s*)*0\r?\nSECTION\r?\n")
_BINARY_DXF: Final = b"AutoCAD Binary DXF\r\n\x1a\x00"
_OFFICE: Final = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}

Looks: TypeAlias = Callable[[bytes], bool]


@dataclass(frozen=True)
class FileType:
    """One extension members may attach.

    Attributes:
        looks: whether the content is of this type.
        picture: whether it is decoded and written anew before it is kept.
    """

    media_type: str
    looks: Looks
    picture: bool = False


def _begins(*starts: bytes) -> Looks:
    return lambda content: content.startswith(starts)


def is_text(content: bytes) -> bool:
    """Say whether bytes are text: UTF-8, UTF-16 with its mark, or an older encoding without control characters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return "\0" not in content.decode("utf-16")
        except UnicodeDecodeError:
            return False
    return not _CONTROLS.search(content)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_dxf(content: bytes) -> bool:
    return content.startswith(_BINARY_DXF) or (is_text(content) and _DXF.match(content) is not None)


def is_safe_archive(content: bytes) -> bool:
    """Say whether bytes are a zip file that can be opened without harm.

    Nothing is unpacked: what the directory declares is enough. Encrypted entries, names that lead out of the folder,
    entries that overlap and sizes that only a bomb declares are refused.
    """
    try:
        entries = _entries(content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return False
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    return (
        0 < len(entries) <= MOST_ENTRIES
        and packed <= len(content)
        and unpacked <= min(MOST_UNPACKED, GREATEST_RATIO * len(content))
        and not any(entry.flag_bits & 1 or _leads_out(entry.filename) for entry in entries)
    )


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    if not content.startswith(b"PK\x03\x04"):
        raise ValueError("something stands before the archive")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


def _leads_out(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]


def _is_office(extension: str) -> Looks:
    folder = _OFFICE[extension]

    def looks(content: bytes) -> bool:
        if not is_safe_archive(content):
            return False
        names = {entry.filename for entry in _entries(content)}
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return (
            "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not macros
        )

    return looks


def _is_open_document(media_type: str) -> Looks:
    def looks(content: bytes) -> bool:
        if not is_safe_archive(content):
            return False
        first = _entries(content)[0]
        if first.filename != "mimetype" or first.file_size > 100:
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return archive.read(first) == media_type.encode()
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError):
            return False

    return looks


_TEXT = FileType("text/plain", is_text)
_CODE: Final = (
    "c", "cfg", "cpp", "cs", "h", "ini", "java", "py", "rst", "scl", "sql", "st", "tex", "toml", "ts", "xml", "yaml",
    "yml",
)  # fmt: skip
"""Source texts and settings, always sent as plain text to be kept; no scripts that desktops run as they come."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

TYPES: Final[dict[str, FileType]] = {
    "png": FileType("image/png", _begins(b"\x89PNG\r\n\x1a\n"), picture=True),
    "jpg": FileType("image/jpeg", _begins(b"\xff\xd8\xff"), picture=True),
    "jpeg": FileType("image/jpeg", _begins(b"\xff\xd8\xff"), picture=True),
    "gif": FileType("image/gif", _begins(b"GIF87a", b"GIF89a"), picture=True),
    "webp": FileType("image/webp", _is_webp, picture=True),
    "pdf": FileType("application/pdf", _begins(b"%PDF-")),
    **dict.fromkeys(("txt", "csv", "md", "log", "lsp", *_CODE), _TEXT),
    "json": FileType("application/json", _is_json),
    "zip": FileType("application/zip", is_safe_archive),
    "dwg": FileType("image/vnd.dwg", lambda content: _DWG.match(content) is not None),
    "dxf": FileType("image/vnd.dxf", _is_dxf),
    "docx": FileType(f"{_WORKBOOK}.wordprocessingml.document", _is_office("docx")),
    "xlsx": FileType(f"{_WORKBOOK}.spreadsheetml.sheet", _is_office("xlsx")),
    "pptx": FileType(f"{_WORKBOOK}.presentationml.presentation", _is_office("pptx")),
    "odt": FileType(f"{_OPEN}.text", _is_open_document(f"{_OPEN}.text")),
    "ods": FileType(f"{_OPEN}.spreadsheet", _is_open_document(f"{_OPEN}.spreadsheet")),
}
"""Every type this site can recognise; the setting `upload_types` says which of them members may attach."""
