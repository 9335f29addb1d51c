"""What a batch of articles is made of: plain data, rendered and dated before it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from iocop.core.text.render import RENDERER_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from iocop.contributions.services.loading import BulkRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkArticle:
    """One article, rendered already.

    Attributes:
        revisions: oldest first, at least one; the last is the one that stands.
        html, plain: of the last revision.
        review_by: until when it is taken to hold; imports spread it, so that not all fall due on one day.
        owner_id: who keeps it true; imports have nobody.
        credits: each author's share in its present text; together ten thousand, or none.
    """

    kind: str
    title: str
    author_id: int
    space_id: int
    revisions: Sequence[BulkRevision]
    html: str
    plain: str
    review_by: datetime
    domain_ids: Sequence[int]
    tag_ids: Sequence[int] = ()
    standing: Literal["imported", "provisional"] = "imported"
    summary: str = ""
    product: str = ""
    versions: str = ""
    standard: str = ""
    region: str = ""
    credits: Mapping[int, int] = field(default_factory=dict)
    owner_id: int | None = None
    deputy_id: int | None = None
    label: str = "members"
    language: str = "en"
    licence: str = "CC BY-SA 4.0"
    attribution: str = ""
    renderer: int = RENDERER_VERSION
    source: str | None = None
    source_id: str | None = None

    @property
    def at(self) -> datetime:
        """When it was first written."""
        return self.revisions[0].at


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkTurn:
    """Later revisions of an article that stands, the last of which is the one that stands from now on.

    Attributes:
        credits: as `BulkArticle` has them; empty: those that stand stay until more revisions come.
    """

    article_id: int
    revisions: Sequence[BulkRevision]
    html: str
    plain: str
    credits: Mapping[int, int] = field(default_factory=dict)
    renderer: int = RENDERER_VERSION


class BulkAlias(NamedTuple):
    """Another title that leads to an article."""

    title: str
    article_id: int
