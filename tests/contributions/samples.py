"""Small files of every type members attach, good and bad, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image, PngImagePlugin


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def animation(kind: str, frames: int = 3) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("RGB", (20, 20), (80 * number % 256, 0, 0)) for number in range(frames)]
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:], duration=70)
    return out.getvalue()


def photo_with_place() -> bytes:
    """A JPEG with a camera's name, a place, a comment and a colour profile, lying on its side."""
    exif = Image.Exif()
    exif[0x0110] = "SecretCam 9"  # model
    exif[0x0112] = 6  # turned a quarter
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20)


def png_with_text() -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "SecretAuthor")
    return picture("PNG", pnginfo=notes)


def declared_png(width: int, height: int) -> bytes:
    """A tiny file that says it is a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 100)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def office(folder: str, **further: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<x/>", **further})


def open_document(media_type: str) -> bytes:
    return archive({"mimetype": media_type.encode(), "content.xml": b"<x/>"}, zipfile.ZIP_STORED)


def encrypted_archive() -> bytes:
    """An archive whose entry says that it is encrypted, in both headers."""
    content = bytearray(archive({"a.txt": b"words"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def overlapping_archive() -> bytes:
    """An archive whose directory lists one entry many times: it unpacks to more than it holds."""
    content = archive({"a.txt": bytes(range(256)) * 40}, zipfile.ZIP_STORED)
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    entry, times = content[start:end], 20
    directory = entry * times
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, times, times, len(directory), start, 0)
    return content[:start] + directory + tail


OPEN = "application/vnd.oasis.opendocument"

GOOD: dict[str, bytes] = {
    "a.png": picture("PNG"),
    "a.jpg": picture("JPEG"),
    "a.jpeg": picture("JPEG"),
    "a.gif": picture("GIF"),
    "a.webp": picture("WEBP"),
    "a.pdf": b"%PDF-1.7\n1 0 obj\n",
    "a.txt": "Vorlauf 35 °C\n".encode(),
    "latin.txt": "Vorlauf 35 °C\n".encode("latin-1"),
    "wide.csv": "a;b\n1;2\n".encode("utf-16"),
    "a.md": b"# Title\n",
    "a.log": b"2026-01-01 ok\n",
    "a.lsp": b"(defun c:hi () (princ))\n\x1a",
    "a.py": b"print('35')\n",
    "a.st": b"IF frost THEN pump := TRUE; END_IF;\n",
    "a.xml": b"<?xml version='1.0'?><plant/>",
    "a.json": b'{"a": [1, 2]}',
    "a.zip": archive({"plan/a.txt": b"words"}),
    "a.dwg": b"AC1032" + b"\0" * 40,
    "a.dxf": b"999\r\nmade by hand\r\n  0\r\nSECTION\r\n  2\r\nHEADER\r\n",
    "binary.dxf": b"AutoCAD Binary DXF\r\n\x1a\x00" + b"\0" * 10,
    "a.docx": office("word"),
    "a.xlsx": office("xl"),
    "a.pptx": office("ppt"),
    "a.odt": open_document(f"{OPEN}.text"),
    "a.ods": open_document(f"{OPEN}.spreadsheet"),
}

BAD: dict[str, tuple[str, bytes]] = {
    "an unknown extension": ("a.exe", b"MZ"),
    "no extension": ("README", b"words"),
    "a vector picture with a script": ("a.svg", b"<svg onload='alert(1)'/>"),
    "a page": ("a.html", b"<script>alert(1)</script>"),
    "nothing": ("a.txt", b""),
    "a script that desktops run": ("a.vbs", b"x = 1"),
    "a programme named as text": ("a.txt", b"MZ\x90\x00\x03"),
    "a programme named as a picture": ("a.png", b"MZ\x90\x00\x03"),
    "a page named as a picture": ("a.gif", b"<html><script>alert(1)</script>"),
    "a picture's head without its body": ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 30),
    "a photo named otherwise": ("a.png", picture("JPEG")),
    "a page named as a document": ("a.pdf", b"<html>%PDF-1.7"),
    "broken wide text": ("a.txt", b"\xff\xfe\x00"),
    "wide text with a NUL": ("a.txt", b"\xff\xfea\x00\x00\x00"),
    "broken data": ("a.json", b"{"),
    "data nested without end": ("a.json", b"[" * 100_000),
    "text named as a drawing": ("a.dwg", b"drawing"),
    "text named as an exchange drawing": ("a.dxf", b"drawing"),
    "text named as an archive": ("a.zip", b"PK but no"),
    "an archive cut short": ("a.zip", archive({"a.txt": b"words"})[:-30]),
    "an archive behind something else": ("a.zip", b"MZ" + archive({"a.txt": b"words"})),
    "an empty archive": ("a.zip", archive({})),
    "an archive that leads out": ("a.zip", archive({"../../etc/passwd": b"x"})),
    "an archive with an absolute name": ("a.zip", archive({"/etc/passwd": b"x"})),
    "an archive with a drive": ("a.zip", archive({"C:\\evil.txt": b"x"})),
    "an encrypted archive": ("a.zip", encrypted_archive()),
    "an archive that overlaps": ("a.zip", overlapping_archive()),
    "an archive that is a bomb": ("a.zip", archive({"a.txt": b"\0" * 20_000_000})),
    "an archive of six thousand files": ("a.zip", archive({f"{number}": b"" for number in range(5_001)})),
    "a workbook named as a text": ("a.docx", office("xl")),
    "an archive named as a workbook": ("a.xlsx", archive({"a.txt": b"words"})),
    "a text with macros": ("a.docx", office("word", **{"word/vbaProject.bin": b"x"})),
    "text named as a presentation": ("a.pptx", b"words"),
    "a sheet named as a text": ("a.odt", open_document(f"{OPEN}.spreadsheet")),
    "an archive named as a sheet": ("a.ods", archive({"a.txt": b"words"})),
    "text named as an open text": ("b.odt", b"words"),
}
