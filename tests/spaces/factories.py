"""Spaces of every audience, and things that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.core import clock
from iocop.spaces.models import AUDIENCES, Space, SpaceGrant
from tests.factories import saved

if TYPE_CHECKING:
    from iocop.members.models import Member
    from iocop.organizations.models import Organization


class Thing(NamedTuple):
    """Anything under a label in a space."""

    space_id: int
    label: str


def make_space(audience: str = "public", **about: Any) -> Space:
    usual: dict[str, Any] = {
        "name": f"For {audience}", "slug": f"for-{audience}", "audience": audience, "created_at": clock.now(),
    }  # fmt: skip
    return saved(Space(**usual | about))


def every_space() -> dict[str, Space]:
    return {audience: make_space(audience) for audience in AUDIENCES}


def let_in(space: Space, who: Member | Organization, **about: Any) -> SpaceGrant:
    key = f"{type(who).__name__.lower()}_id"
    row: dict[str, Any] = {"space_id": space.id, key: who.id, "granted_at": clock.now()}
    return saved(SpaceGrant(**row | about))
