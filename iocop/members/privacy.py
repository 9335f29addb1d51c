"""Who sees what of a profile: each field is public, for members, or for nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Audience = Literal["public", "members", "nobody"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)

DEFAULTS: Final[dict[str, Audience]] = {
    "about": "public", "languages": "public", "links": "public", "domains": "public", "country": "members",
    "time_zone": "members", "photo": "public",
}  # fmt: skip
"""Name and number stand beside everything a member writes: the number is public, and whoever keeps the real name to
themselves goes by a pseudonym."""


def audience(choices: Mapping[str, str], field: str) -> str:
    """Return who sees a field by the member's choices."""
    return choices.get(field, DEFAULTS[field])


def is_seen(choices: Mapping[str, str], field: str, *, by_owner: bool, by_member: bool) -> bool:
    """Say whether a field is shown to somebody."""
    allowed = audience(choices, field)
    return by_owner or allowed == "public" or (allowed == "members" and by_member)


def seen_fields(choices: Mapping[str, str], *, by_owner: bool, by_member: bool) -> frozenset[str]:
    """Return the fields that are shown to somebody."""
    return frozenset(
        field for field in DEFAULTS if is_seen(choices, field, by_owner=by_owner, by_member=by_member)
    )
