"""Asking one member for an answer, and what becomes of it: promised, answered, declined, lapsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, bindparam, or_, select, update

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.reputation.asking import policy
from iocop.reputation.events import ExpertAgreed, ExpertAnswered, ExpertAsked, ExpertDeclined, ExpertLapsed
from iocop.reputation.models import ExpertRequest
from iocop.reputation.promises import ANSWER_WITHIN
from iocop.reputation.queries.requested import WAITING, whether_asked

if TYPE_CHECKING:
    from iocop.core.login import Viewer

_ASKED = (
    select(ExpertRequest)
    .where(ExpertRequest.topic_id == bindparam("topic"), ExpertRequest.expert_id == bindparam("expert"))
    .with_for_update()
)

LONGEST_NOTE = 300
VERSION = "topics"
"""Moves with every request and availability, as with every post: who is suggested is kept under it."""


def request_answer(actor: Viewer, topic_id: int, expert_id: int, note: str = "") -> ExpertRequest:
    """Ask a member for an answer to one's own question, once.

    Args:
        note: why just them; they alone read it.

    Raises:
        Refused: not the actor's open question, five are waited for there, or the member cannot be asked at this
            moment: away, asked often enough this week, not there, or not known to know.
        Invalid: the note is too long.
        Missing: no such question or member.
    """
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Invalid(_l("Say in at most 300 characters why you ask just them."), "note")
    with act() as session:
        topic, root = _question(topic_id)
        require(policy.may_ask_people(actor, topic, root))
        session.get(
            Member, expert_id, with_for_update=True
        )  # two who ask at once are counted one after the other
        asked, waiting = whether_asked(topic_id, expert_id)
        require(policy.may_be_asked(asked, waiting, clock.now().date()))
        request = ExpertRequest(
            topic_id=topic_id, asker_id=actor.id, expert_id=expert_id, note=note, asked_at=clock.now()
        )
        session.add(request)
        session.flush()
        bump(VERSION, f"topic:{topic_id}")
        emit(ExpertAsked(actor.id, request_id=request.id, topic_id=topic_id, member_id=expert_id))
    return request


def agree(actor: Viewer, request_id: int) -> ExpertRequest:
    """Promise an answer, within 14 days from now.

    Raises:
        Refused: somebody else was asked, it is settled, or the question cannot be answered any more.
    """
    with act() as session:
        request = _locked(request_id)
        topic = session.get_one(Topic, request.topic_id)
        require(policy.may_promise(actor, request, topic, session.get_one(Contribution, request.topic_id)))
        request.state, request.agreed_at = "agreed", clock.now()
        bump(VERSION, f"topic:{request.topic_id}")
        emit(ExpertAgreed(actor.id, request_id=request.id, topic_id=request.topic_id))
    return request


def decline(actor: Viewer, request_id: int) -> ExpertRequest:
    """Say that one will not answer this: it costs nothing, and the asker alone learns of it.

    Raises:
        Refused: somebody else was asked, or it is settled.
    """
    with act():
        request = _locked(request_id)
        require(policy.may_decline(actor, request))
        _settle(request, "declined")
        emit(ExpertDeclined(actor.id, request_id=request.id, topic_id=request.topic_id))
    return request


def settle_by_answer(post_id: int) -> None:
    """Settle what a visible answer was asked for; one without its author's name does not, as that would tell it."""
    with act() as session:
        post = session.get_one(Contribution, post_id)
        if post.kind != "answer" or post.state != "visible" or post.byline == "sealed":
            return
        request = session.scalar(_ASKED, {"topic": post.root_id, "expert": post.author_id})
        if request is None or request.state == "answered":
            return
        _settle(request, "answered")
        emit(ExpertAnswered(post.author_id, request_id=request.id, topic_id=request.topic_id))


def lapse_requests() -> None:
    """Let go what was asked, or promised, more than 14 days ago; a restart goes on where this ended."""
    before = clock.now() - ANSWER_WITHIN
    due = select(ExpertRequest.id).where(
        or_(
            and_(ExpertRequest.state == "open", ExpertRequest.asked_at <= before),
            and_(ExpertRequest.state == "agreed", ExpertRequest.agreed_at <= before),
        )
    )
    for request_id in db.session.scalars(due.order_by(ExpertRequest.id)).all():
        with act():
            request = _locked(request_id)
            if request.state in WAITING:
                _settle(request, "lapsed")
                emit(ExpertLapsed(None, request_id=request.id, topic_id=request.topic_id))


def forget_notes(member_id: int) -> None:
    """Empty what an erased member wrote to those they asked, and let go what they were asked themselves."""
    with act() as session:
        notes = update(ExpertRequest).where(ExpertRequest.asker_id == member_id)
        session.execute(notes.values(note=""))
        waiting = select(ExpertRequest).where(
            ExpertRequest.state.in_(WAITING),
            or_(ExpertRequest.expert_id == member_id, ExpertRequest.asker_id == member_id),
        )
        for request in session.scalars(waiting.with_for_update()).all():
            request.agreed_at = None  # nothing promised is left to keep
            _settle(request, "lapsed")
            emit(ExpertLapsed(None, request_id=request.id, topic_id=request.topic_id))


def _settle(request: ExpertRequest, state: str) -> None:
    request.state, request.settled_at = state, clock.now()
    kept = ("people",) if request.agreed_at is not None else ()  # profiles show the promises that were kept
    bump(VERSION, f"topic:{request.topic_id}", *kept)


def _question(topic_id: int) -> tuple[Topic, Contribution]:
    """Return a question with its root, locked: how many are waited for hangs on it.

    Raises:
        Missing: there is none.
    """
    topic = db.session.get(Topic, topic_id, with_for_update=True)
    if topic is None:
        raise Missing(_l("There is no such topic, or it is not open to you."))
    return topic, db.session.get_one(Contribution, topic_id)


def _locked(request_id: int) -> ExpertRequest:
    request = db.session.get(ExpertRequest, request_id, with_for_update=True)
    if request is None:
        raise Missing(_l("There is no such request, or it was made to somebody else."))
    return request
