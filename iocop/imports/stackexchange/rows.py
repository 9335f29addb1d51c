"""The rows of one dump file, streamed: memory stays flat whatever the size, and no other file is opened.

Expat rather than lxml: it knows the line of every row (libxml2 stops counting at 65,535) and holds no tree;
an entity can only expand where a document type declares it, and that is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar
from xml.parsers import expat

from iocop.imports.words import N_, Phrase

if TYPE_CHECKING:
    from pathlib import Path

R = TypeVar("R")
Attributes = dict[str, str]
Progress = Callable[[int], None]  # called with the bytes read since the last call

CHUNK = 1 << 18  # bytes
LONGEST_ROW = 1 << 24  # bytes; a post holds at most 30,000 characters, so more than this is no dump


class BrokenDump(Exception):
    """A file that cannot be read as a dump.

    Attributes:
        file: its name, without the folder.
        line: counted from 1; None where the file as a whole is meant.
        reason: what is wrong, to be translated.
    """

    def __init__(self, file: str, line: int | None, reason: Phrase) -> None:
        super().__init__(file, line, reason)
        self.file = file
        self.line = line
        self.reason = reason

    def said(self, translate: Callable[[str], str] = str) -> str:
        if self.line is None:
            return f"{self.file}: {self.reason.said(translate)}"
        where = N_("%(file)s, line %(line)s", file=self.file, line=self.line)
        return f"{where.said(translate)}: {self.reason.said(translate)}"

    def __str__(self) -> str:
        return self.said()


class BadRow(ValueError):
    """A row without something it needs; the file's reader adds the line."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason)
        self.reason = reason


def rows_of(path: Path, read: Callable[[Attributes], R], progress: Progress = lambda _: None) -> Iterator[R]:
    """What *read* makes of each row; it may take the attributes apart and raise `BadRow`.

    Raises:
        BrokenDump: not well-formed, a document type, anything but rows, or a bad row.
    """
    rows = _Rows(path.name, read)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield from rows.fed(chunk)
            progress(len(chunk))
    yield from rows.fed(b"", last=True)


class _Rows(Generic[R]):
    """One parser and the rows it has found since it was last asked."""

    def __init__(self, file: str, read: Callable[[Attributes], R]) -> None:
        self._file = file
        self._read = read
        self._found: list[R] = []
        self._fruitless = 0  # bytes since a row was last found
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._root

    def fed(self, chunk: bytes, *, last: bool = False) -> list[R]:
        self._found = []
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise BrokenDump(
                self._file,
                error.lineno,
                N_("This is not well-formed XML (%(what)s).", what=expat.ErrorString(error.code)),
            ) from None
        except (LookupError, ValueError) as error:  # an encoding nobody knows
            raise self._broken(N_("The encoding cannot be read (%(what)s).", what=str(error))) from None
        self._fruitless = 0 if self._found else self._fruitless + len(chunk)
        if self._fruitless > LONGEST_ROW:
            raise self._broken(N_("A single row is longer than %(bytes)s bytes.", bytes=LONGEST_ROW))
        return self._found

    def _root(self, name: str, _attributes: Attributes) -> None:
        if _is_row(name):
            raise self._broken(N_("A row stands outside any list of rows."))
        self._parser.StartElementHandler = self._row

    def _row(self, name: str, attributes: Attributes) -> None:
        if name != "row" and not _is_row(name):
            raise self._broken(N_("<%(name)s> stands where only rows belong.", name=name.rpartition(" ")[2]))
        try:
            self._found.append(self._read(attributes))
        except BadRow as bad:
            raise self._broken(bad.reason) from None

    def _doctype(self, *_declared: object) -> None:
        raise self._broken(N_("It declares a document type, which no dump does; it is refused unread."))

    def _broken(self, reason: Phrase) -> BrokenDump:
        return BrokenDump(self._file, self._parser.CurrentLineNumber, reason)


def _is_row(name: str) -> bool:
    return name == "row" or name.endswith(" row")  # the second: in a namespace
