"""Records as rows of a scratch database and back: moments as ISO text, tags as one text."""

from __future__ import annotations

from datetime import datetime
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from iocop.imports.stackexchange.reader import CONVERTERS, moment_of, tag_names
from iocop.imports.stackexchange.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from inspect import Parameter

    from iocop.imports.stackexchange.reader import Converters

R = TypeVar("R", bound=Record)


def _packed_moment(text: str) -> str:
    """What `datetime.fromisoformat` reads as the moment meant; dumps write one form, which only lacks its zone."""
    if len(text) == USUAL and datetime.fromisoformat(text).tzinfo is None:
        return f"{text}+00:00"
    return moment_of(text).isoformat()


def _packed_tags(text: str) -> str:
    return "|".join(tag_names(text))


USUAL = len("2012-01-01T00:00:00.000")
PACKED: Converters = {
    **CONVERTERS,
    datetime: _packed_moment,
    datetime | None: _packed_moment,
    tuple[str, ...]: _packed_tags,
}
"""From the texts of a dump to columns."""
UNPACKED: dict[Any, Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    datetime | None: datetime.fromisoformat,
    tuple[str, ...]: tag_names,
}


def name_of(record: type[Record]) -> str:
    return record.__name__.lower()


def fields_of(record: type[Record]) -> Mapping[str, Parameter]:
    return signature(record).parameters


def columns_of(record: type[Record]) -> str:
    """Numbers are declared as such: an index of untyped columns would not serve a join."""
    hints = get_type_hints(record)
    numbers = (int, int | None)
    return ", ".join(
        f"{name} {'INTEGER' if hints[name] in numbers else 'TEXT'}" for name in fields_of(record)
    )


def packing(record: type[Record]) -> Callable[[list[Any]], list[Any]]:
    """What makes a row of a record's values that `PACKED` has read: where no tags are given, it is an empty text."""
    empty = [place for place, field in enumerate(fields_of(record).values()) if field.default == ()]

    def pack(values: list[Any]) -> list[Any]:
        for place in empty:
            values[place] = values[place] or ""
        return values

    return pack


def unpacking(record: type[R]) -> Callable[[tuple[Any, ...]], R]:
    hints = get_type_hints(record)
    ways = [UNPACKED.get(hints[field]) for field in fields_of(record)]
    places = [(place, way) for place, way in enumerate(ways) if way is not None]
    make: Callable[..., R] = record

    def unpack(row: tuple[Any, ...]) -> R:
        values = list(row)
        for place, back in places:
            if values[place] is not None:
                values[place] = back(values[place])
        return make(*values)

    return unpack
