"""Attached files as documents: by their names, and by what they say where that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, null, or_, select

from iocop.contributions.detecting import detected
from iocop.contributions.models import Attachment, Contribution
from iocop.core.db import alias_of, db
from iocop.forums.models import Topic
from iocop.repertoire.models import Article, Proposal, TextLink
from iocop.search.documents.given import (
    filed_under,
    found_as,
    opened,
    seconds,
    signature,
    status,
    votes_shown,
)
from iocop.search.keys import key, product_keys
from iocop.search.models import AttachmentText
from iocop.search.port import Document, ref
from iocop.spaces.labels import strictest
from iocop.spaces.models import Space

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Any

    from sqlalchemy import Select

    from iocop.search.documents.given import AnyRow

_root = alias_of(Contribution)

_SHARED = (
    Attachment.id, Attachment.name, Attachment.created_at, AttachmentText.text, _root.id.label("root_id"),
    Contribution.space_id, Contribution.label, _root.label.label("root_label"), Contribution.author_id,
    Contribution.byline, Contribution.organization_id, Contribution.language, Contribution.helpful,
    Contribution.imported_score, Space.audience,
)  # fmt: skip

_IN_TOPICS = (
    select(*_SHARED, Topic.kind, Topic.accepted_id, null().label("product"), null().label("versions"))
    .join(Contribution, Contribution.id == Attachment.contribution_id)
    .join(_root, _root.id == Contribution.root_id)
    .join(Topic, and_(Topic.id == _root.id, Topic.listed))
)
_IN_ARTICLES = (
    select(*_SHARED, null().label("kind"), null().label("accepted_id"), Article.product, Article.versions)
    .join(Contribution, Contribution.id == Attachment.contribution_id)
    .join(TextLink, and_(TextLink.kind == "attachments", TextLink.target_id == Attachment.id))
    .join(Article, and_(Article.id == TextLink.article_id, Article.listed, Article.retired_how != "merged"))
    .join(_root, and_(_root.id == Article.id, _root.space_id == Contribution.space_id))
    .outerjoin(Proposal, Proposal.id == Contribution.id)
    .where(or_(Contribution.id == Article.id, Proposal.article_id == Article.id))
)
"""An article's file belongs to the suggestion that brought it, whose label and byline hold for it too."""


def in_contributions(keys: Collection[int]) -> list[int]:
    """Return the ids of files attached to some contributions, or to what was suggested about these articles."""
    holders = or_(
        Attachment.contribution_id.in_(keys),
        Attachment.contribution_id.in_(select(Proposal.id).where(Proposal.article_id.in_(keys))),
    )
    return list(db.session.scalars(select(Attachment.id).where(holders)))


def files(keys: Collection[int]) -> Iterator[Document]:
    """Yield the files among some keys that stand in a topic or an article that may be found."""
    rows = [row for found in (_IN_TOPICS, _IN_ARTICLES) for row in _standing(found, keys)]
    filed = filed_under({row.root_id for row in rows})
    for row in rows:
        label = strictest(row.label, row.root_label)
        yield Document(
            ref=ref("file", row.id), kind="file", id=row.id, topic_id=row.root_id, space_id=row.space_id,
            label=found_as(label), language=detected(row.text or "") or row.language, title=row.name, text=row.text or "",
            at=seconds(row.created_at), votes=votes_shown(row),
            own_keys=frozenset({
                *signature(row), *filed.get(row.root_id, ()), *status(row), key("year", row.created_at.year),
                *product_keys(row.product or "", row.versions or ""), *opened(label, row.audience),
            }),
        )  # fmt: skip


def _standing(found: Select[*tuple[Any, ...]], keys: Collection[int]) -> list[AnyRow]:
    wanted = (
        found.join(Space, Space.id == Contribution.space_id)
        .outerjoin(AttachmentText, AttachmentText.attachment_id == Attachment.id)
        .where(
            Attachment.id.in_(keys),
            Attachment.removed_at.is_(None),
            Contribution.state == "visible",
            _root.state == "visible",
        )
        .order_by(Attachment.id)
    )
    return list(db.session.execute(wanted))
