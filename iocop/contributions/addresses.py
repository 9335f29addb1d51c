"""Where a contribution is read, whatever its kind: the permalink, and where the feature above shows what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Place = TypeVar("Place", bound="Callable[[int, int], str]")

_places: dict[str, Callable[[int, int], str]] = {}


def address(contribution_id: int) -> str:
    return f"/p/{contribution_id}"


def shows(*kinds: str) -> Callable[[Place], Place]:
    """Have the decorated function say where roots of some kinds, and what stands below them, are read.

    It gets the root's id and a position below it (1: the root itself), and returns an address with its anchor.
    """

    def register(place: Place) -> Place:
        _places.update(dict.fromkeys(kinds, place))
        return place

    return register


def place(root_kind: str, root_id: int, position: int) -> str | None:
    """Return where something is read; None where no feature shows roots of this kind."""
    found = _places.get(root_kind)
    return found(root_id, position) if found else None
