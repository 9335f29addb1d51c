"""The one plain mail of a notice: in its receiver's language, with no more of the text than its label lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import alias_of, db
from iocop.core.mail import queue_mail, settings
from iocop.core.site import site
from iocop.core.text.plain import excerpt
from iocop.forums.models import Topic
from iocop.members.mails import link, write
from iocop.notifications import tokens
from iocop.notifications.places import place
from iocop.notifications.queries import TITLE
from iocop.notifications.words import KINDS, REASONED, sentence
from iocop.organizations.models import MemberCard
from iocop.repertoire.models import Article, Proposal
from iocop.spaces.labels import Channel, carries

if TYPE_CHECKING:
    from sqlalchemy import Row

    from iocop.notifications.news import News

WORDS = 80
"""Of the post's text, in a mail."""

_Root = alias_of(Contribution)


def queue_notice(news: News, kind: str, receiver: Row[*tuple[Any, ...]]) -> None:
    """Queue a notice's mail, in the current act.

    Args:
        receiver: id, name, email and locale of the member.
    """
    chosen = receiver.locale or current_app.config["BABEL_DEFAULT_LOCALE"]
    unsubscribe = link("notifications.unsubscribe", token=tokens.sign(receiver.id, kind))
    with force_locale(chosen):
        about = _about(news, kind)
        queue_mail(
            event_key=news.event_key, recipient_id=receiver.id, kind="notice", address=receiver.email,
            subject=f"{about['title'] or _('News for you')} · {site().name}",
            body=write(
                "notices/notice", chosen, name=receiver.name, kind=KINDS[kind], unsubscribe=unsubscribe,
                choices=link("notifications.settings"), **about,
            ),
            headers=_headers(news, unsubscribe),
        )  # fmt: skip


def _headers(news: News, unsubscribe: str) -> dict[str, str]:
    """Return the lines by which mail programs end a subscription (RFC 8058) and keep a topic's mails together."""
    headers = {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if news.root_id is not None:
        host = urlsplit(settings().base_url).hostname or "localhost"
        topic = f"<topic-{news.root_id}@{host}>"
        headers |= {"In-Reply-To": topic, "References": topic}
    return headers


def _about(news: News, kind: str) -> dict[str, Any]:
    """Return what the mail says of its matter, in the language in force."""
    row = _subject(news)
    is_there = row is not None and row.state != "removed"
    title, text, name = ("", "", "") if row is None else _carried(news, kind, row)
    return {
        "sentence": sentence(kind, news.matter, name, news.words),
        "title": title,
        "text": text,
        "reason": _reason(news, kind, row),
        "kept": row is not None and kind in {"answer", "reply", "mention"} and not text,
        "address": link("forums.post", post_id=news.contribution_id) if is_there else _own_place(news),
    }


def _own_place(news: News) -> str:
    page, values = place(news.event_key) or ("notifications.inbox", {})
    return link(page, **values)


def _subject(news: News) -> Row[*tuple[Any, ...]] | None:
    if news.contribution_id is None:
        return None
    return db.session.execute(
        select(
            Contribution.state, Contribution.label, Contribution.plain, Contribution.byline, TITLE.label("title"),
            _Root.label.label("root_label"), _Root.byline.label("root_byline"),
            select(MemberCard.name).where(MemberCard.member_id == news.actor_id).scalar_subquery().label("name"),
        )
        .join(_Root, _Root.id == Contribution.root_id)
        .outerjoin(Topic, Topic.id == _Root.id)
        .outerjoin(Article, Article.id == _Root.id)
        .outerjoin(Proposal, Proposal.id == _Root.id)
        .where(Contribution.id == news.contribution_id)
    ).one()  # fmt: skip


def _reason(news: News, kind: str, row: Row[*tuple[Any, ...]] | None) -> str:
    """Return why; what a reviewer wrote about a suggestion travels no further than the suggestion."""
    if (kind, news.matter) not in REASONED:
        return ""
    return news.words if kind == "moderation" or (row and carries(Channel.MAIL, row.label)) else ""


def _carried(news: News, kind: str, row: Row[*tuple[Any, ...]]) -> tuple[str, str, str]:
    """Return title, text and name, each only if it may go by mail."""
    by_post = kind in {"answer", "reply", "mention"}
    title = row.title if row.title and carries(Channel.MAIL, row.root_label) else ""
    text = excerpt(row.plain, WORDS) if by_post and carries(Channel.MAIL, row.label) else ""
    sealed = (row.byline if by_post else row.root_byline) == "sealed"
    return title, text, "" if sealed or news.actor_id is None else row.name or ""
