"""Telling who is asked for an answer, who asked what came of it, and newcomers that they are greeted."""

from __future__ import annotations

from sqlalchemy import Text, cast, literal, select, union, update

from iocop.contributions.events import Rewritten
from iocop.core.db import act, db
from iocop.core.events import after, within
from iocop.core.mail import forget_mails
from iocop.core.models import MailRow
from iocop.members.events import MemberErased
from iocop.notifications import queries, services
from iocop.notifications.models import Notice
from iocop.notifications.news import News
from iocop.reputation.events import ExpertAgreed, ExpertAsked, ExpertDeclined, NewcomerGreeted
from iocop.reputation.models import ExpertRequest
from iocop.spaces.queries import readers_among


@after(ExpertAsked)
def tell_of_request(happened: ExpertAsked) -> None:
    """Tell who is asked, with why, unless they answered or lost their way into the space meanwhile."""
    request = db.session.get_one(ExpertRequest, happened.request_id)
    post = queries.post(request.topic_id)
    if request.state != "open" or not post.is_shown:
        return
    news = News(
        f"asked:{request.id}", actor_id=request.asker_id, contribution_id=post.id, root_id=post.id,
        matter="asked", words=request.note,
    )  # fmt: skip
    readers = readers_among([request.expert_id], post.space_id)
    services.tell(news, [(member_id, "expert") for member_id in readers])


@after(ExpertAgreed)
def tell_of_promise(happened: ExpertAgreed) -> None:
    """Tell who asked that an answer is on its way, unless it has come."""
    request = db.session.get_one(ExpertRequest, happened.request_id)
    if request.state == "agreed":
        _tell_asker(request, "agreed")


@after(ExpertDeclined)
def tell_of_declining(happened: ExpertDeclined) -> None:
    """Tell who asked, and nobody else; in the inbox alone, as there is nothing to hurry for."""
    _tell_asker(db.session.get_one(ExpertRequest, happened.request_id), "declined", mailed=False)


def _tell_asker(request: ExpertRequest, matter: str, *, mailed: bool = True) -> None:
    news = News(
        f"{matter}:{request.id}", actor_id=request.expert_id, contribution_id=request.topic_id,
        root_id=request.topic_id, matter=matter, mailed=mailed,
    )  # fmt: skip
    services.tell(news, [(request.asker_id, "expert")])


@after(NewcomerGreeted)
def tell_of_greeting(happened: NewcomerGreeted) -> None:
    news = News(f"greeted:{happened.member_id}", actor_id=happened.actor_id, matter="greeted", mailed=False)
    services.tell(news, [(happened.member_id, "expert")])


@within(Rewritten)
def forget_mails_of_old_titles(happened: Rewritten) -> None:
    """A mail that names a question goes with the question's old words."""
    key = cast(ExpertRequest.id, Text)
    about = [
        select(literal(f"{matter}:") + key).where(ExpertRequest.topic_id.in_(happened.contribution_ids))
        for matter in ("asked", "agreed")
    ]
    forget_mails(db.session.scalars(select(MailRow.id).where(MailRow.event_key.in_(union(*about)))).all())


@within(MemberErased)
def forget_why_they_asked(happened: MemberErased) -> None:
    """What an erased member wrote to those they asked stands in no notice and no mail; nor does their name in a mail."""
    key = cast(ExpertRequest.id, Text)
    asked = select(literal("asked:") + key).where(ExpertRequest.asker_id == happened.member_id)
    agreed = select(literal("agreed:") + key).where(ExpertRequest.expert_id == happened.member_id)
    mails = select(MailRow.id).where(MailRow.event_key.in_(union(asked, agreed)))
    with act() as session:
        session.execute(update(Notice).where(Notice.event_key.in_(asked)).values(words=""))
        forget_mails(session.scalars(mails).all())
