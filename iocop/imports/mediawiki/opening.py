"""The bytes of an export, unpacked while they are read."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from iocop.imports.stackexchange.rows import BrokenDump
from iocop.imports.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 1 << 18  # bytes


def _gunzip(file: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=file))


PACKED: dict[bytes, Callable[[IO[bytes]], IO[bytes]]] = {
    b"BZh": bz2.BZ2File, b"\x1f\x8b": _gunzip, b"\xfd7zXZ\0": lzma.LZMAFile,
}  # fmt: skip
OTHERWISE_PACKED = {b"7z\xbc\xaf\x27\x1c": "7-Zip", b"PK\x03\x04": "ZIP", b"\x28\xb5\x2f\xfd": "Zstandard"}
UNREADABLE = (EOFError, OSError, zlib.error, lzma.LZMAError)


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The file as it lies there, whose position tells how far one is, and its content.

    Raises:
        BrokenDump: no such file, or packed in a way that is not read here.
    """
    if not path.is_file():
        raise BrokenDump(path.name, None, N_("There is no such file."))
    with path.open("rb") as file:
        head = file.read(6)
        file.seek(0)
        for sign, name in OTHERWISE_PACKED.items():
            if head.startswith(sign):
                raise BrokenDump(
                    path.name, None, N_("It is packed with %(name)s: unpack it first.", name=name)
                )
        unpack = next((opener for sign, opener in PACKED.items() if head.startswith(sign)), None)
        if unpack is None:
            yield file, file
            return
        with unpack(file) as content:
            yield file, content
