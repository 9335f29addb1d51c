"""Records as rows of a scratch database and back: moments as ISO text, tags as one text."""

from __future__ import annotations

from datetime import datetime
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from iocop.imports.stackexchange.reader import tag_names
from iocop.imports.stackexchange.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R", bound=Record)
Ways = tuple["Callable[[Any], str]", "Callable[[str], Any]"]

_MOMENT = (datetime.isoformat, datetime.fromisoformat)
WAYS: dict[Any, Ways] = {
    datetime: _MOMENT,
    datetime | None: _MOMENT,
    tuple[str, ...]: ("|".join, tag_names),
}


def name_of(record: type[Record]) -> str:
    return record.__name__.lower()


def fields_of(record: type[Record]) -> tuple[str, ...]:
    return tuple(signature(record).parameters)


def columns_of(record: type[Record]) -> str:
    """Numbers are declared as such: an index of untyped columns would not serve a join."""
    hints = get_type_hints(record)
    numbers = (int, int | None)
    return ", ".join(
        f"{name} {'INTEGER' if hints[name] in numbers else 'TEXT'}" for name in fields_of(record)
    )


def packing(record: type[Record]) -> Callable[[Record], list[Any]]:
    places = _places(record)

    def pack(row: Record) -> list[Any]:
        values = list(row)
        for place, (there, _) in places.items():
            if values[place] is not None:
                values[place] = there(values[place])
        return values

    return pack


def unpacking(record: type[R]) -> Callable[[tuple[Any, ...]], R]:
    places = _places(record)
    make: Callable[..., R] = record

    def unpack(row: tuple[Any, ...]) -> R:
        values = list(row)
        for place, (_, back) in places.items():
            if values[place] is not None:
                values[place] = back(values[place])
        return make(*values)

    return unpack


def _places(record: type[Record]) -> dict[int, Ways]:
    """The columns that a database cannot hold as they are, with the way there and back."""
    hints = get_type_hints(record)
    ways = [WAYS.get(hints[field]) for field in fields_of(record)]
    return {place: way for place, way in enumerate(ways) if way is not None}
