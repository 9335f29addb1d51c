"""Promises that were kept, lapsed or became needless; how one likes to be asked; and what erasure leaves of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.contributions.services import Given
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Refused
from iocop.forums import services as forums
from iocop.members.services import erase, leave
from iocop.repertoire import services as repertoire
from iocop.repertoire.models import ArticleRequest
from iocop.repertoire.services.requests import close_with
from iocop.reputation.models import Availability, ExpertRequest
from iocop.reputation.queries.requested import promises_of
from iocop.reputation.services import asking, offering
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_domain
from tests.repertoire.factories import make_article
from tests.reputation.experts import ask, events, let_pass, make_expert, make_question, offered, state_of

if TYPE_CHECKING:
    from flask import Flask

    from iocop.domains.models import Domain
    from iocop.members.models import Member


@pytest.mark.theory("3.58")
def test_of_four_promises_three_kept_are_three_quarters(app: Flask) -> None:
    domain = make_domain()
    expert = make_expert(domain)
    offering.offer(viewer_of(expert), per_week=9, away_until=None)
    requests = []
    for _ in range(3):
        asker = make_member()
        topic = make_question(asker, domain)
        requests.append((topic, asker, ask(topic, asker, expert)))
        asking.agree(viewer_of(expert), requests[-1][2].id)
    for topic, _asker, _request in requests[:2]:
        make_answer(topic, author=expert)
    written(expert, domain)
    let_pass(requests[2][2], days=14)

    asking.lapse_requests()

    assert state_of(requests[2][2]) == "lapsed"
    assert promises_of(expert.id) == (4, 3)
    assert float(promises_of(expert.id).share or 0) == 0.75


def written(member: Member, domain: Domain) -> None:
    """Let a member take over an article that is asked for, and have it published."""
    wanted = taken(member, domain)
    close_with(viewer_of(member), wanted.id, make_article().id)
    assert db.session.get_one(ArticleRequest, wanted.id).status == "answered"


def taken(member: Member, domain: Domain) -> Any:
    about = Given(
        kind="request", title="How to purge a loop", text="Every spring.", submission_key=f"wanted-{member.id}",
        domain_ids=(domain.id,),
    )  # fmt: skip
    wanted = repertoire.ask_for(viewer_of(make_member()), about)
    return repertoire.take(viewer_of(member), wanted.id)


def test_an_article_taken_over_is_due_after_two_months(app: Flask) -> None:
    domain, member = make_domain(), make_member()
    make_question(domain=domain)
    wanted = taken(member, domain)
    assert promises_of(member.id).made == 0
    with act():
        wanted.taken_at = clock.now() - timedelta(days=60)

    assert promises_of(member.id) == (1, 0)

    repertoire.take(viewer_of(member), wanted.id, taken=False)
    assert promises_of(member.id).made == 0


def test_a_promise_taken_back_is_not_kept_but_one_that_became_needless_is_none(app: Flask) -> None:
    domain = make_domain()
    expert = make_expert(domain)
    for solved in (False, True):
        asker = make_member()
        topic = make_question(asker, domain)
        request = ask(topic, asker, expert)
        asking.agree(viewer_of(expert), request.id)
        if solved:
            forums.accept_answer(viewer_of(asker), topic.id, make_answer(topic).id)
        asking.decline(viewer_of(expert), request.id)

    assert promises_of(expert.id) == (1, 0)


def test_what_nobody_comes_to_lapses_after_14_days(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    early, late = make_expert(domain), make_expert(domain)
    topic = make_question(asker, domain)
    old, young = ask(topic, asker, early), ask(topic, asker, late)
    let_pass(old, days=14)
    let_pass(young, days=13)

    asking.lapse_requests()
    asking.lapse_requests()

    assert (state_of(old), state_of(young)) == ("lapsed", "open")
    assert events()[-1] == "ExpertLapsed"
    assert events().count("ExpertLapsed") == 1
    make_answer(topic, author=early)
    assert state_of(old) == "answered"  # better late


@pytest.mark.parametrize(
    ("field", "value"), [("per_week", 21), ("per_week", -1), ("time_zone", "Mars/Base"), ("note", "x" * 201)]
)
def test_an_availability_that_cannot_be_names_its_field(app: Flask, field: str, value: Any) -> None:
    about: dict[str, Any] = {"per_week": 3, "away_until": None}
    with pytest.raises(Invalid) as error:
        offering.offer(viewer_of(make_member()), **about | {field: value})

    assert error.value.field == field
    assert db.session.scalars(select(Availability)).all() == []


def test_who_is_erased_leaves_no_words_with_those_they_asked(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, other = make_expert(domain), make_expert(domain)
    topic = make_question(asker, domain)
    request = ask(topic, asker, expert, "Ring me on my private number.")
    answered = ask(topic, asker, other, "You too.")
    make_answer(topic, author=other)
    offering.offer(viewer_of(asker), per_week=2, away_until=None, note="Ring me.")

    erase(viewer_of(asker))

    db.session.expire_all()
    rows = db.session.scalars(select(ExpertRequest).order_by(ExpertRequest.id)).all()
    assert [(row.note, row.state) for row in rows] == [("", "lapsed"), ("", "answered")]
    assert [row.id for row in rows] == [request.id, answered.id]
    assert db.session.scalars(select(Availability)).all() == []


def test_who_left_is_asked_nothing_more_and_nobody_breaks_a_promise_by_erasure(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, gone = make_expert(domain), make_expert(domain)
    topic = make_question(asker, domain)
    request = ask(topic, asker, expert)
    asking.agree(viewer_of(expert), request.id)
    leave(viewer_of(gone))
    assert offered(topic, asker, domain) == []

    erase(viewer_of(expert))

    assert state_of(request) == "lapsed"
    assert promises_of(expert.id).made == 0


def test_only_who_was_asked_promises_and_only_where_an_answer_is_possible(app: Flask) -> None:
    domain, asker = make_domain(), make_member()
    expert, topic = make_expert(domain), make_question(asker, domain)
    request = ask(topic, asker, expert)
    with pytest.raises(Refused, match="Somebody else"):
        asking.agree(viewer_of(asker), request.id)

    forums.close_topic(viewer_of(asker), topic.id, "Solved by myself.")

    with pytest.raises(Refused, match="closed"):
        asking.agree(viewer_of(expert), request.id)
