"""Accepted answers, of those that could have been: counted from the forum, by domain, whatever happens in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services import file_root, set_state
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.models import EventRow
from iocop.forums.services import accept_answer, withdraw_acceptance
from iocop.members import services as members
from iocop.reputation.models import Balance
from iocop.reputation.services.counting import count_answers, count_answers_of
from tests.contributions.factories import make_office
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_topic
from tests.people import officer
from tests.reputation.test_sources import told

if TYPE_CHECKING:
    from iocop.forums.models import Topic
    from iocop.members.models import Member

pytestmark = pytest.mark.usefixtures("app")


def counts(member: Member) -> dict[int, tuple[int, int]]:
    """Accepted and contested answers by domain."""
    db.session.expire_all()
    rows = db.session.scalars(select(Balance).where(Balance.member_id == member.id))
    return {row.domain_id: (row.accepted, row.contested) for row in rows}


def changes() -> list[tuple[int, list[int]]]:
    rows = select(EventRow.payload).where(EventRow.name == "StandingChanged").order_by(EventRow.id)
    return [(row["member_id"], row["domain_ids"]) for row in db.session.scalars(rows)]


def solved(*authors: Member, accepted: int = 0) -> Topic:
    """A question that each of these people answered; one answer is accepted."""
    asker = make_member()
    topic = make_topic(author=asker)
    answers = [make_answer(topic, author=author) for author in authors]
    accept_answer(viewer_of(asker), topic.id, answers[accepted].id)
    told()
    return topic


def asker_of(topic: Topic) -> Member:
    from iocop.members.models import Member

    return db.session.get_one(Member, db.session.get_one(Contribution, topic.id).author_id)


def test_everybody_who_answered_a_solved_question_is_counted() -> None:
    domain, (ada, bea) = make_domain(), (make_member(), make_member())

    solved(ada, bea)
    topic = solved(ada, bea, accepted=1)

    assert counts(ada) == counts(bea) == {domain.id: (1, 2)}
    withdraw_acceptance(viewer_of(asker_of(topic)), topic.id)
    told()
    assert (counts(ada), counts(bea)) == ({domain.id: (1, 1)}, {domain.id: (0, 1)})


def test_a_change_is_told_of_and_nothing_else() -> None:
    domain, (ada, bea) = make_domain(), (make_member(), make_member())
    topic = solved(ada, bea)
    told_of = changes()
    assert (bea.id, [domain.id]) in told_of

    count_answers(topic.id)

    assert changes() == told_of


def test_an_answer_that_comes_later_was_one_more_that_could_have_been_accepted() -> None:
    domain, (ada, late) = make_domain(), (make_member(), make_member())
    topic = solved(ada)

    make_answer(topic, author=late)
    told()

    assert counts(late) == {domain.id: (0, 1)}


def test_what_nobody_sees_is_not_counted_until_it_is_back() -> None:
    domain, (ada, bea) = make_domain(), (make_member(), make_member())
    topic = solved(ada, bea)
    moderator = make_office(make_member())
    answers = select(Contribution.id).where(Contribution.root_id == topic.id, Contribution.kind == "answer")
    first, second = db.session.scalars(answers.order_by(Contribution.id)).all()

    set_state(moderator, second, "hidden", "a test")
    told()
    assert (counts(ada), counts(bea)) == ({domain.id: (1, 1)}, {domain.id: (0, 0)})
    set_state(moderator, second, "visible")
    set_state(moderator, first, "hidden", "a test")
    told()

    assert (counts(ada), counts(bea)) == ({domain.id: (0, 0)}, {domain.id: (0, 0)})  # nothing is accepted now


def test_who_accepts_an_own_answer_settles_nothing_between_others() -> None:
    make_domain()
    asker, ada = make_member(), make_member()
    topic = make_topic(author=asker)
    make_answer(topic, author=ada)
    own = make_answer(topic, author=asker)

    accept_answer(viewer_of(asker), topic.id, own.id)
    told()

    assert counts(ada) == counts(asker) == {}


def test_counts_follow_a_question_into_another_domain() -> None:
    domain, other, ada = make_domain(), make_domain(name="Metering"), make_member()
    topic = solved(ada)
    assert counts(ada) == {domain.id: (1, 1)}

    with act():
        file_root(topic.id, (other.id,), ())
    count_answers(topic.id)

    assert counts(ada) == {domain.id: (0, 0), other.id: (1, 1)}


def test_everybodys_answers_are_counted_at_once() -> None:
    domain, (ada, bea) = make_domain(), (make_member(), make_member())
    solved(ada, bea)
    with act() as session:
        for row in session.scalars(select(Balance)):
            row.accepted = row.contested = 0

    count_answers_of(None)

    assert (counts(ada), counts(bea)) == ({domain.id: (1, 1)}, {domain.id: (0, 1)})
    count_answers_of(set())


def test_points_stand_beside_the_counts_and_neither_overwrites_the_other() -> None:
    domain, ada = make_domain(), make_member()
    saved(
        Balance(
            member_id=ada.id, domain_id=domain.id, earned_mp=7, settled_mp=7, standing_on=clock.now().date()
        )
    )

    solved(ada)

    row = db.session.scalars(select(Balance).where(Balance.member_id == ada.id)).one()
    assert (row.accepted, row.contested) == (1, 1)
    assert row.settled_mp > 0


def test_a_claimed_authors_answers_are_the_members() -> None:
    domain, ada = make_domain(), make_member()
    imported = make_member(name="chillerman", state="imported", email=None, source="old-forum", source_id="7")
    topic = solved(ada)
    with act() as session:
        answer = session.scalars(
            select(Contribution).where(Contribution.root_id == topic.id, Contribution.kind == "answer")
        ).one()
        answer.author_id = imported.id
    count_answers_of({ada.id, imported.id})
    assert (counts(ada), counts(imported)) == ({domain.id: (0, 0)}, {domain.id: (1, 1)})

    claim = members.claim(viewer_of(ada), imported.id, "My old profile links here")
    members.decide_claim(viewer_of(officer(make_member(), "administrator")), claim.id, approve=True)
    told()

    assert (counts(ada), counts(imported)) == ({domain.id: (1, 1)}, {domain.id: (0, 0)})
