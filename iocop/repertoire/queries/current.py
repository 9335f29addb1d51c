"""An article as it stands: what a proposal starts from."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.contributions.models import Contribution, ContributionDomain, ContributionTag
from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.domains.models import Tag
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Article


def fields_of(article_id: int) -> Fields:
    """Return an article's fields as they stand.

    Raises:
        Missing: there is none.
    """
    article = db.session.get(Article, article_id)
    if article is None:
        raise Missing(_l("There is no such article, or it is not open to you."))
    thing = db.session.get_one(Contribution, article_id)
    domains = (
        select(ContributionDomain.domain_id)
        .where(ContributionDomain.contribution_id == article_id)
        .order_by(ContributionDomain.position)
    )
    tags = (
        select(Tag.slug)
        .join(ContributionTag, ContributionTag.tag_id == Tag.id)
        .where(ContributionTag.contribution_id == article_id)
        .order_by(Tag.slug)
    )
    return Fields(
        kind=article.kind, title=article.title, summary=article.summary, product=article.product,
        versions=article.versions, standard=article.standard, region=article.region, label=thing.label,
        language=thing.language, owner_id=article.owner_id, deputy_id=article.deputy_id,
        domain_ids=tuple(db.session.scalars(domains)), tags=tuple(db.session.scalars(tags)),
    )  # fmt: skip
