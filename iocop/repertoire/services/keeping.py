"""An article gets another owner or deputy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.core.db import act
from iocop.core.errors import Invalid
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.members.models import Member
from iocop.repertoire import policy
from iocop.repertoire.events import ArticleKept
from iocop.repertoire.services.rows import article_row

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.repertoire.models import Article


def hand_over(actor: Viewer, article_id: int, owner_id: int | None, deputy_id: int | None) -> Article:
    """Give an article's care to others.

    Raises:
        Refused: neither its owner, its deputy nor who approves there.
        Invalid: both are one person, or not an active member.
    """
    with act() as session:
        article = article_row(article_id)
        require(policy.may_keep(actor, article))
        if owner_id is not None and owner_id == deputy_id:
            raise Invalid(
                _l("The deputy is somebody else than the owner, best of another organization."), "deputy"
            )
        for field, member_id in (("owner", owner_id), ("deputy", deputy_id)):
            member = session.get(Member, member_id) if member_id is not None else None
            if member_id is not None and (member is None or member.state != "active"):
                raise Invalid(_l("Choose an active member."), field)
        article.owner_id, article.deputy_id = owner_id, deputy_id
        bump("repertoire", f"topic:{article_id}")
        emit(ArticleKept(actor.id, article_id, owner_id, deputy_id))
    return article
