"""Who keeps an article is reminded before its time runs out: its owner, then its deputy."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, or_, select

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, alias_of
from iocop.core.events import emit
from iocop.members.models import Member
from iocop.repertoire.events import ReviewDue
from iocop.repertoire.models import Article, Proposal, Reminder, Spell

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

OWNER_AHEAD: Final = timedelta(days=30)
DEPUTY_AHEAD: Final = timedelta(days=14)
AT_ONCE: Final = 200

_Owner, _Deputy, _Newer = alias_of(Member), alias_of(Member), alias_of(Spell)


def remind_keepers() -> int:
    """Remind owners 30 days ahead, and deputies 14 days ahead where the owner has done nothing.

    Where nobody owns an article, or the owner is not here any more, the deputy is told at once. Each is told once for
    each time an article is taken to hold; it may be called again and again.

    Returns:
        how many were told, at most twice `AT_ONCE`.
    """
    with act():
        return _remind("owner") + _remind("deputy")


def _remind(keeper: str) -> int:
    now = clock.now()
    with act() as session:
        due = session.execute(_due(keeper).limit(AT_ONCE).with_for_update(of=Spell)).all()
        for spell, article in due:
            member_id = article.owner_id if keeper == "owner" else article.deputy_id
            session.add(Reminder(spell_id=spell.id, kind=keeper, member_id=member_id, at=now))
            session.flush()
            emit(ReviewDue(None, article.id, member_id, keeper))
    return len(due)


def _due(keeper: str) -> Any:
    now = clock.now()
    owner_here = _Owner.state == "active"
    told = select(Reminder.spell_id).where(Reminder.spell_id == Spell.id, Reminder.kind == keeper).exists()
    newest = ~select(_Newer.id).where(_Newer.article_id == Spell.article_id, _Newer.id > Spell.id).exists()
    if keeper == "owner":
        when: ColumnElement[bool] = and_(owner_here, Spell.due_at <= now + OWNER_AHEAD)
    else:
        when = and_(
            _Deputy.state == "active",
            or_(
                and_(owner_here, Spell.due_at <= now + DEPUTY_AHEAD, ~_owner_acts()),
                and_(or_(_Owner.id.is_(None), ~owner_here), Spell.due_at <= now + OWNER_AHEAD),
            ),
        )
    return (
        select(Spell, Article)
        .join(Article, Article.id == Spell.article_id)
        .outerjoin(_Owner, _Owner.id == Article.owner_id)
        .outerjoin(_Deputy, _Deputy.id == Article.deputy_id)
        .where(
            Article.listed, Article.retired_how == "", Spell.ended_by.in_(("", "stale")), newest, ~told, when
        )
        .order_by(Spell.due_at, Spell.id)
    )


def _owner_acts() -> ColumnElement[bool]:
    """The owner has suggested something about the article within this time, and it is not turned down."""
    return (
        select(Proposal.id)
        .join(Contribution, Contribution.id == Proposal.id)
        .where(
            Proposal.article_id == Article.id,
            Proposal.act != "new",
            Contribution.author_id == Article.owner_id,
            Contribution.created_at >= Spell.began_at,
            Proposal.status.in_(("draft", "waiting", "changes")),
        )
        .exists()
    )
