"""One member is asked for an answer: who may, who can be, and what the answer settles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing, Refused
from iocop.forums import services as forums
from iocop.members.models import Member
from iocop.moderation import services as moderation
from iocop.reputation.queries.asking import suggestions
from iocop.reputation.queries.requested import promises_of
from iocop.reputation.services import asking, offering
from iocop.spaces.models import SpaceGrant
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.moderation.factories import LINK, moderator
from tests.people import belong
from tests.reputation.experts import (
    ask,
    events,
    let_pass,
    make_balance,
    make_expert,
    make_question,
    offered,
    state_of,
)

if TYPE_CHECKING:
    from flask import Flask


def test_who_asked_a_question_asks_one_who_knows(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)

    request = ask(topic, asker, expert, "  You wrote\nabout glands. ")

    assert (request.state, request.note) == ("open", "You wrote about glands.")
    assert events() == ["ExpertAsked"]
    assert offered(topic, asker, domain) == []


@pytest.mark.theory("1.59")
def test_at_the_weeks_limit_nobody_is_suggested_or_asked(app: Flask) -> None:
    domain = make_domain()
    expert, last = make_expert(domain), make_member()
    topic = make_question(last, domain)
    requests = []
    for _ in range(3):
        asker = make_member()
        assert offered(topic, last, domain) == [expert.id]
        requests.append(ask(make_question(asker, domain), asker, expert))

    assert offered(topic, last, domain) == []
    with pytest.raises(Refused, match="as often this week as they are glad"):
        ask(topic, last, expert)

    asking.decline(viewer_of(expert), requests[0].id)  # to have been asked is what tires
    assert offered(topic, last, domain) == []
    let_pass(requests[0], days=7)
    assert offered(topic, last, domain) == [expert.id]
    assert ask(topic, last, expert).state == "open"


@pytest.mark.theory("1.59")
@pytest.mark.parametrize(("per_week", "most"), [(0, 0), (1, 1), (5, 5)])
def test_a_member_says_how_often_is_right(app: Flask, per_week: int, most: int) -> None:
    domain = make_domain()
    expert = make_expert(domain)
    offering.offer(viewer_of(expert), per_week=per_week, away_until=None)
    for _ in range(most):
        asker = make_member()
        ask(make_question(asker, domain), asker, expert)

    asker = make_member()
    topic = make_question(asker, domain)

    assert offered(topic, asker, domain) == []
    with pytest.raises(Refused, match="as often this week"):
        ask(topic, asker, expert)


def test_who_is_away_is_asked_from_the_day_of_return(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    today = clock.now().date()
    offering.offer(viewer_of(expert), per_week=3, away_until=today + timedelta(days=1))

    assert offered(topic, asker, domain) == []
    with pytest.raises(Refused, match="away"):
        ask(topic, asker, expert)

    offering.offer(viewer_of(expert), per_week=3, away_until=today)
    assert offered(topic, asker, domain) == [expert.id]
    ask(topic, asker, expert)


def test_others_are_suggested_before_colleagues_and_colleagues_of_the_group(app: Flask) -> None:
    domain, own = make_domain(), make_organization()
    asker = make_member()
    belong(asker, own)
    colleague, other = make_expert(domain, 900, at=own), make_expert(domain, 5)

    found = suggestions(viewer_of(asker), [domain.id])

    assert [(one.member_id, one.where) for one in found] == [(other.id, "elsewhere"), (colleague.id, "here")]


def test_five_are_suggested_and_a_rate_weighs_more_than_volume(app: Flask) -> None:
    domain = make_domain()
    for points in (400, 500, 600, 700, 800):
        make_expert(domain, points, accepted=2, contested=40)
    reliable = make_expert(domain, 90, accepted=20, contested=30)

    found = suggestions(viewer_of(make_member()), [domain.id])

    assert len(found) == 5
    assert found[0].member_id == reliable.id
    assert found[0].answers


def test_what_was_given_elsewhere_counts_a_quarter(app: Flask) -> None:
    domain, elsewhere = make_domain(), make_domain(name="Elsewhere")
    narrow, broad = make_expert(domain, 100), make_expert(domain, 99)
    make_balance(broad, elsewhere, 400)

    found = suggestions(viewer_of(make_member()), [domain.id])

    assert [one.member_id for one in found] == [broad.id, narrow.id]
    assert suggestions(viewer_of(make_member()), [elsewhere.id])[0].domain_id == elsewhere.id


@pytest.mark.parametrize("state", ["suspended", "left", "erased", "imported"])
def test_who_is_not_there_is_never_suggested_or_asked(app: Flask, state: str) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    with act() as session:
        session.get_one(Member, expert.id).state = state

    assert offered(topic, asker, domain) == []
    with pytest.raises(Refused, match="cannot be asked"):
        ask(topic, asker, expert)


@pytest.mark.parametrize("audience", ["verified", "named"])
def test_nobody_is_led_to_a_question_they_may_not_read(app: Flask, audience: str) -> None:
    domain, space = make_domain(), make_space(name="Closed", audience=audience)
    asker, inside, outside = make_member(), make_expert(domain), make_expert(domain)
    for member in (asker, inside):
        belong(member, make_organization(), "proved.example")
        if audience == "named":
            saved(SpaceGrant(space_id=space.id, member_id=member.id, granted_at=clock.now()))
    topic = make_question(asker, domain, space=space, label="space")

    assert offered(topic, asker, domain) == [inside.id]
    with pytest.raises(Refused, match="cannot be asked"):
        ask(topic, asker, outside)
    ask(topic, asker, inside)


def test_only_who_asked_asks_and_only_while_the_question_is_open(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    with pytest.raises(Refused, match="Only who asked"):
        ask(topic, make_member(), expert)
    discussion = make_topic(author=asker, kind="discussion", domain_ids=(domain.id,))
    with pytest.raises(Refused, match="Only questions"):
        ask(discussion, asker, expert)
    held = make_question(asker, domain, text=LINK)
    with pytest.raises(Refused, match="cannot read this question"):
        ask(held, asker, expert)
    forums.close_topic(viewer_of(asker), topic.id, "Solved by myself.")
    with pytest.raises(Refused, match="solved or closed"):
        ask(topic, asker, expert)
    with pytest.raises(Missing):
        asking.request_answer(viewer_of(asker), 404, expert.id)


def test_who_does_not_know_the_domain_is_left_in_peace(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    elsewhere = make_expert(make_domain(name="Elsewhere"))
    topic = make_question(asker, domain)

    with pytest.raises(Refused, match="choose one of those suggested"):
        ask(topic, asker, elsewhere)
    with pytest.raises(Refused, match="choose one of those suggested"):
        ask(topic, asker, asker)
    with pytest.raises(Missing):
        asking.request_answer(viewer_of(asker), topic.id, 404)
    with pytest.raises(Invalid, match="300"):
        ask(topic, asker, make_expert(domain), "x" * 301)


def test_five_are_asked_about_a_question_at_a_time(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    topic = make_question(asker, domain)
    requests = [ask(topic, asker, make_expert(domain)) for _ in range(5)]
    sixth = make_expert(domain)
    with pytest.raises(Refused, match="Five people"):
        ask(topic, asker, sixth)

    asking.decline(viewer_of(db.session.get_one(Member, requests[0].expert_id)), requests[0].id)

    ask(topic, asker, sixth)


def test_nobody_is_asked_twice_or_after_their_answer(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    once, answered = make_expert(domain), make_expert(domain)
    topic = make_question(asker, domain)
    ask(topic, asker, once)
    make_answer(topic, author=answered)

    with pytest.raises(Refused, match="already"):
        ask(topic, asker, once)
    with pytest.raises(Refused, match="reply to them"):
        ask(topic, asker, answered)
    assert offered(topic, asker, domain) == []


def test_an_answer_keeps_the_promise(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    request = ask(topic, asker, expert)

    asking.agree(viewer_of(expert), request.id)
    assert promises_of(expert.id).made == 0  # it is not due yet
    make_answer(topic, author=expert)
    make_answer(topic, author=expert)

    assert state_of(request) == "answered"
    assert events() == ["ExpertAsked", "ExpertAgreed", "ExpertAnswered"]
    assert promises_of(expert.id) == (1, 1)


def test_an_answer_without_a_promise_settles_the_request_and_is_no_promise(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    request = ask(topic, asker, expert)
    make_answer(topic)
    assert state_of(request) == "open"

    make_answer(topic, author=expert)

    assert state_of(request) == "answered"
    assert promises_of(expert.id).share is None


def test_a_held_answer_counts_once_others_read_it(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    request = ask(topic, asker, expert)
    post = make_answer(topic, author=expert, text=LINK)
    assert state_of(request) == "open"

    moderation.rule(moderator(), post.id, "release")

    assert state_of(request) == "answered"


def test_an_answer_without_a_name_is_not_told_by_the_request(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    other = make_expert(domain)
    request = ask(topic, asker, expert)
    for author in (expert, other):
        make_answer(topic, author=author, byline="sealed")

    assert state_of(request) == "open"
    assert offered(topic, asker, domain) == [other.id]


def test_declining_costs_nothing(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    request = ask(topic, asker, expert)
    with pytest.raises(Refused, match="Somebody else"):
        asking.decline(viewer_of(asker), request.id)

    asking.decline(viewer_of(expert), request.id)

    assert promises_of(expert.id).made == 0
    with pytest.raises(Refused, match="already"):
        asking.decline(viewer_of(expert), request.id)
    with pytest.raises(Refused, match="already"):
        asking.agree(viewer_of(expert), request.id)
    with pytest.raises(Missing):
        asking.decline(viewer_of(expert), 404)
