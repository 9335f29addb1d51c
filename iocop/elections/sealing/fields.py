"""Reading a frozen document field by field: each value says where it stands, so an error names field and mend."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from iocop.elections.sealing.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from iocop.elections.sealing.canonical import Json

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class Field:
    """One value of a document and the way to it."""

    __slots__ = ("path", "value")

    def __init__(self, value: Json, path: str = "") -> None:
        self.value = value
        self.path = path

    def refuse(self, mend: str) -> NoReturn:
        """Refuse this value; *mend* completes the sentence that begins with its name."""
        raise Refused("freeze", f"{self.path or 'freeze'}: {mend}")

    def names(self, names: Collection[str], optional: Collection[str] = ()) -> dict[str, Field]:
        """Take this as an object that has *names*, maybe *optional* ones, and no others."""
        if not isinstance(self.value, dict):
            self.refuse("is to be an object.")
        for name in sorted(names):
            if name not in self.value:
                self.refuse(f"lacks “{name}”: add it.")
        for name in self.value:
            if name not in names and name not in optional:
                self.refuse(f"has “{name}”, which this format does not know: leave it out.")
        return {
            name: Field(value, f"{self.path}.{name}" if self.path else name)
            for name, value in self.value.items()
        }

    def rows(self) -> list[Field]:
        """Take this as a list."""
        if not isinstance(self.value, list | tuple):
            self.refuse("is to be a list.")
        return [Field(value, f"{self.path}[{place}]") for place, value in enumerate(self.value, 1)]

    def text(self) -> str:
        """Take this as text that says something."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.refuse("is to be text, and not empty.")
        return self.value

    def one_of(self, choices: Collection[str]) -> str:
        """Take this as one of *choices*."""
        text = self.text()
        if text not in choices:
            self.refuse(f"is “{text}”: take one of {', '.join(sorted(choices))}.")
        return text

    def number(self, lowest: int, highest: int = 2**53 - 1) -> int:
        """Take this as a whole number from *lowest* to *highest*, both included."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse("is to be a whole number.")
        if not lowest <= self.value <= highest:
            self.refuse(f"is {self.value}: take {lowest} to {highest}.")
        return self.value

    def exactly(self, number: int) -> int:
        """Take this as the one *number* it can be."""
        if self.number(0) != number:
            self.refuse(f"is {self.value}, it has to be {number}.")
        return number

    def claim(self) -> bool:
        """Take this as true or false."""
        if not isinstance(self.value, bool):
            self.refuse("is to be true or false.")
        return self.value

    def bytes(self, length: int) -> bytes:
        """Take this as *length* bytes in lower-case hexadecimal."""
        if not isinstance(self.value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", self.value):
            self.refuse(f"is to be {length} bytes in lower-case hexadecimal, {2 * length} digits.")
        return bytes.fromhex(self.value)

    def moment(self) -> datetime:
        """Take this as a moment in UTC, to the second, as `MOMENT` writes it."""
        text = self.text()
        try:
            moment = datetime.strptime(text, MOMENT).replace(tzinfo=UTC)
        except ValueError:
            self.refuse(f"is “{text}”: write a moment like 2026-03-01T12:00:00Z.")
        if moment.strftime(MOMENT) != text:
            self.refuse(f"is “{text}”: write a moment like 2026-03-01T12:00:00Z.")
        return moment

    def numbered(self, names: Collection[str], most: int) -> list[dict[str, Field]]:
        """Take this as a list of 1 to *most* objects that number themselves from 1."""
        rows = [row.names({"number", *names}) for row in self.rows()]
        if not 1 <= len(rows) <= most:
            self.refuse(f"has {len(rows)} entries: give 1 to {most}.")
        for number, row in enumerate(rows, 1):
            row["number"].exactly(number)
        return rows

    def distinct(self, values: list[object], what: str) -> None:
        """Refuse this list if two of *values* are equal."""
        if len(set(values)) < len(values):
            self.refuse(f"has the same {what} twice: each has its own.")
