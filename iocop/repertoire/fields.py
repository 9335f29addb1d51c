"""What a proposal asks for besides its text, checked once for pages, imports and services."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from iocop.core.errors import Invalid
from iocop.repertoire.kinds import KINDS

SHORTEST_TITLE = 3
LONGEST = {
    "title": 200,
    "summary": 400,
    "product": 80,
    "versions": 80,
    "standard": 120,
    "region": 80,
    "reason": 400,
}


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What an article is besides its text, and what an act on one needs.

    Attributes:
        kind: a key of `repertoire.kinds.KINDS`.
        label: how far it may be carried; empty: as usual in its space.
        domain_ids: one to three.
        tags: as typed, at most five.
        owner_id, deputy_id: who keeps it true; empty: its author, nobody.
        reason: why, for an act that changes no text.
        successor_id: the article that takes over, for ``obsolete`` (may be empty) and ``merge``.
        base: what an edit started from, as `stored`, so that it can be brought up to date.
        request_id: what asked for it, closed when it is published.
    """

    kind: str = "how-to"
    title: str = ""
    summary: str = ""
    product: str = ""
    versions: str = ""
    standard: str = ""
    region: str = ""
    label: str = ""
    language: str = "en"
    domain_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    owner_id: int | None = None
    deputy_id: int | None = None
    reason: str = ""
    successor_id: int | None = None
    base: dict[str, Any] | None = None
    request_id: int | None = None

    def stored(self) -> dict[str, Any]:
        """Return it as a proposal's row keeps it."""
        return asdict(self) | {"domain_ids": list(self.domain_ids), "tags": list(self.tags)}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Fields:
        """Return it from a proposal's row; what a later version no longer knows is left out."""
        known: dict[str, Any] = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        for name in {"domain_ids", "tags"} & known.keys():
            known[name] = tuple(known[name])
        return cls(**known)


def check(fields: Fields) -> None:
    """Say what cannot be so.

    Raises:
        Invalid: it names the field.
    """
    if fields.kind not in KINDS:
        raise Invalid(_l("Choose one of the kinds of article."), "kind")
    if len(fields.title.strip()) < SHORTEST_TITLE:
        raise Invalid(_l("Give it a title of at least 3 characters."), "title")
    for name, most in LONGEST.items():
        if len(getattr(fields, name)) > most:
            raise Invalid(_l("This has at most %(most)d characters.", most=most), name)
    if fields.owner_id is not None and fields.owner_id == fields.deputy_id:
        raise Invalid(
            _l("The deputy is somebody else than the owner, best of another organization."), "deputy"
        )
