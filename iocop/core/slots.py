"""Places on lower features' pages that higher features fill, in one batch a page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

Filler = TypeVar("Filler", bound="Callable[..., Mapping[int, Markup]]")

_fillers: dict[str, list[Callable[..., Mapping[int, Markup]]]] = defaultdict(list)


def fills(slot: str) -> Callable[[Filler], Filler]:
    """Have the decorated function fill a slot: ids in, a mapping of id to markup out, in one statement."""

    def register(filler: Filler) -> Filler:
        if filler not in _fillers[slot]:
            _fillers[slot].append(filler)
        return filler

    return register


def fill(slot: str, ids: Collection[int], **about: Any) -> dict[int, Markup]:
    """Return what stands in a slot for each id; ids nobody has anything for are left out."""
    filled: dict[int, Markup] = {}
    for filler in _fillers[slot] if ids else ():
        for key, markup in filler(ids, **about).items():
            filled[key] = filled.get(key, Markup()) + markup
    return filled
