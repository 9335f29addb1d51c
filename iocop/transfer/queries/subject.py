"""What a pack is about: a topic with its answers, or an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.errors import Missing
from iocop.domains.slugs import slug
from iocop.forums.models import Topic
from iocop.organizations.models import MemberCard
from iocop.repertoire.addresses import article_address
from iocop.repertoire.models import Credit
from iocop.repertoire.queries.page import article_for
from iocop.repertoire.wording import SEALS
from iocop.transfer.roles import Wrote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer


@dataclass(frozen=True)
class Subject:
    """A topic or an article.

    Attributes:
        address, titled_address: where it is read, the second with the words of its title.
        question: whether its first post asks.
        article: its row, for an article; what is said below an article stays on the site.
        standing: who reviewed it, and until when it is taken to hold.
        applies: what it says it applies to, each as (what, which).
        credited: whose words an article holds, the largest share first.
    """

    id: int
    title: str
    address: str
    titled_address: str
    question: bool = False
    accepted_id: int | None = None
    article: Any = None
    standing: str = ""
    applies: list[tuple[str, str]] = field(default_factory=list)
    credited: list[Wrote] = field(default_factory=list)


def subject(viewer: Viewer, root: Contribution) -> Subject:
    """Return what a root is.

    Raises:
        Missing: neither a topic nor an article.
        Gone: an article that was deleted.
    """
    if root.kind == "article":
        return _article(viewer, root.id)
    topic = db.session.get(Topic, root.id)
    if topic is None:
        raise Missing(_l("There is no such topic or article, or it is not open to you."))
    address = f"/t/{topic.id}"
    return Subject(
        topic.id,
        topic.title,
        address,
        f"{address}/{slug(topic.title)}",
        topic.kind == "question",
        topic.accepted_id,
    )


def _article(viewer: Viewer, article_id: int) -> Subject:
    found = article_for(viewer, article_id)
    return Subject(
        found.id, found.title, f"/a/{found.id}", article_address(found.id, found.title), article=found,
        standing="; ".join(_standing(found)), applies=list(_applies(found)), credited=_credited(found.id),
    )  # fmt: skip


def _standing(article: Any) -> Iterator[str]:
    yield str(SEALS[article.standing][0])
    if article.retired_at is not None:
        yield _("it holds no longer: %(reason)s", reason=article.retired_reason or _("no reason given"))
    else:
        yield _("to be looked at again by %(day)s", day=format_date(article.review_by, "d MMMM y"))


def _applies(article: Any) -> Iterator[tuple[str, str]]:
    known = (
        (_("product"), article.product),
        (_("version"), article.versions),
        (_("standard"), article.standard),
        (_("region"), article.region),
    )
    return ((what, which) for what, which in known if which)


def _credited(article_id: int) -> list[Wrote]:
    rows = db.session.execute(
        select(MemberCard.member_id, MemberCard.name, MemberCard.handle)
        .join(Credit, Credit.member_id == MemberCard.member_id)
        .where(Credit.article_id == article_id, Credit.sealed.is_(False))
        .order_by(Credit.share.desc(), Credit.id)
    )
    return [Wrote(row.member_id, row.name, row.handle, None) for row in rows]
