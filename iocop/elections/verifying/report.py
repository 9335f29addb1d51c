"""What a verification found: which row of which file is not as it has to be, and how it should be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NoReturn

from iocop.elections.sealing.canonical import loads
from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iocop.elections.sealing.canonical import Json

MOST_SHOWN = 150  # characters of a value in a finding


class Nothing:
    """What stands where a value is missing: it equals no value a file can hold."""

    def __str__(self) -> str:
        return "nothing"


NOTHING = Nothing()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; *row* is empty where the whole file is meant."""

    file: str
    row: str
    words: str

    def __str__(self) -> str:
        return f"{self.file}, {self.row}: {self.words}" if self.row else f"{self.file}: {self.words}"


@dataclass(slots=True)
class Report:
    """What was found in one archive.

    Attributes:
        findings: everything that is wrong, each once, in the order of the files' meaning; none: the archive agrees.
        remarks: what a reader should know though nothing is wrong.
        numbers: what was checked: members on the roll, tokens, ballots, papers counted.
    """

    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def wrong(self, file: str, row: str, words: str) -> None:
        """Add a finding, unless it is there already."""
        finding = Finding(file, row, words)
        if finding not in self.findings[-10:]:
            self.findings.append(finding)

    def compare(self, file: str, row: str, expected: Any, found: Any) -> None:
        """Add where two values of a document differ."""
        if isinstance(expected, dict) and isinstance(found, dict):
            for name in sorted({**expected, **found}):
                self.compare(
                    file, f"{row} {name}".strip(), expected.get(name, NOTHING), found.get(name, NOTHING)
                )
        elif isinstance(expected, list) and isinstance(found, list):
            for number, (one, other) in enumerate(zip_longest(expected, found, fillvalue=NOTHING), 1):
                self.compare(file, f"{row} {number}", one, other)
        elif type(expected) is not type(found) or expected != found:
            self.wrong(file, row, f"expected {str(expected)[:MOST_SHOWN]}, found {str(found)[:MOST_SHOWN]}")

    def compare_lines(self, file: str, expected: bytes, found: bytes) -> None:
        """Add which lines of a text differ."""
        if expected != found:
            theirs = found.decode(errors="replace").split("\n")
            self.compare(file, "line", expected.decode().split("\n"), theirs)


class Unusable(Exception):
    """A file is so wrong that what builds on it cannot be checked."""

    def __init__(self, file: str, row: str, words: str) -> None:
        super().__init__(words)
        self.finding = Finding(file, row, words)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of objects in a JSON file of the archive, read with the place of every fault."""

    file: str
    each: str
    """What a row is called: ``block``, ``officer``."""

    def read(self, data: bytes, names: set[str]) -> list[dict[str, Json]]:
        """Return the rows.

        Raises:
            Unusable: not canonical JSON, not a list, or a row that has not exactly these fields.
        """
        rows = document(self.file, data)
        if not isinstance(rows, list):
            raise Unusable(self.file, "", "this is no list")
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict) or set(row) != names:
                self.refuse(number, f"expected an object with {', '.join(sorted(names))}")
        return [row for row in rows if isinstance(row, dict)]

    def refuse(self, number: int, words: str) -> NoReturn:
        """Stop at a row."""
        raise Unusable(self.file, f"{self.each} {number}", words)

    def hexadecimal(self, number: int, value: Json, length: int) -> bytes:
        """Return the bytes that a row holds in lower-case hexadecimal."""
        if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value):
            self.refuse(number, f"expected {length} bytes in lower-case hexadecimal, found {str(value)[:50]}")
        return bytes.fromhex(value)


def document(file: str, data: bytes) -> Json:
    """Return what a canonical JSON file says.

    Raises:
        Unusable: it is not canonical.
    """
    try:
        return loads(data)
    except Refused as refused:
        raise Unusable(file, "", str(refused)) from refused


def part(parts: Mapping[str, bytes], name: str) -> bytes:
    """Return a file of the archive.

    Raises:
        Unusable: it is missing.
    """
    if name not in parts:
        raise Unusable(name, "", "this file is missing")
    return parts[name]
