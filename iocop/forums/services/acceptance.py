"""Who asked accepts the answer that solved it. The rule stands in `forums.policy.may_accept`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from iocop.contributions.models import Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Missing
from iocop.core.events import emit
from iocop.core.policy import require
from iocop.core.versions import bump
from iocop.forums import policy
from iocop.forums.events import AcceptanceWithdrawn, AnswerAccepted
from iocop.forums.services.topics import topic_row

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic


def accept_answer(actor: Viewer, topic_id: int, answer_id: int) -> Topic:
    """Say which answer solved the question; accepting another one withdraws the first.

    Raises:
        Refused: not the asker, not an answer to this question, or not visible.
        Conflict: it is the accepted answer already.
    """
    with act() as session:
        topic = topic_row(topic_id)
        answer = session.get(Contribution, answer_id)
        if answer is None:
            raise Missing(_l("There is no such answer."))
        require(policy.may_accept(actor, topic, session.get_one(Contribution, topic_id), answer))
        if topic.accepted_id == answer_id:
            raise Conflict(_l("This is the accepted answer already."))
        if topic.accepted_id is not None:
            withdraw_acceptance(actor, topic_id)
        topic.accepted_id, topic.accepted_at = answer_id, clock.now()
        bump("topics", f"topic:{topic_id}")
        emit(AnswerAccepted(actor.id, topic_id=topic_id, post_id=answer_id, author_id=answer.author_id))
    return topic


def withdraw_acceptance(actor: Viewer, topic_id: int) -> Topic:
    """Say that the question is open again.

    Raises:
        Refused: not the asker.
        Conflict: no answer is accepted.
    """
    with act():
        topic = topic_row(topic_id)
        if topic.accepted_id is None:
            raise Conflict(_l("No answer is accepted."))
        answer = db.session.get_one(Contribution, topic.accepted_id)
        require(policy.may_withdraw_acceptance(actor, db.session.get_one(Contribution, topic_id)))
        topic.accepted_id = topic.accepted_at = None
        bump("topics", f"topic:{topic_id}")
        emit(AcceptanceWithdrawn(actor.id, topic_id=topic_id, post_id=answer.id, author_id=answer.author_id))
    return topic
