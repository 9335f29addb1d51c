"""What something is known by on every site: where it was first written, and its key there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.core.site import site

if TYPE_CHECKING:
    from collections.abc import Sequence

PERSON: Final = "member-"
"""Before a number of the site where a member was one, in the key of an imported author."""

_POST: Final = "post"
_NAMES: Final = {"article": "article", "proposal": "suggestion", "request": "request"}
_KINDS: Final = {name: kind for kind, name in _NAMES.items()}


def origin_of(thing: Contribution) -> tuple[str, str]:
    """Return the name of the site where it was first written, and its key there."""
    if thing.source and thing.source_id:
        return thing.source, thing.source_id
    return site().name, f"{_NAMES.get(thing.kind, _POST)}-{thing.id}"


def standing(key: Sequence[str]) -> int | None:
    """Return what stands here under a key that `origin_of` gave; None where nothing does."""
    source, source_id = key
    name, _hyphen, number = source_id.rpartition("-")
    if source == site().name and number.isdecimal() and name in {*_KINDS, _POST}:
        kind = _KINDS.get(name)
        of = Contribution.kind == kind if kind else Contribution.kind.not_in(_NAMES)
        own = select(Contribution.id).where(Contribution.id == int(number), Contribution.source.is_(None), of)
        found = db.session.scalar(own)
        if found is not None:
            return found
    return db.session.scalar(
        select(Contribution.id).where(Contribution.source == source, Contribution.source_id == source_id)
    )
