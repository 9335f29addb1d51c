"""Doubting an answer with a reason: who may, what it does to the number, and that nobody learns who it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.contributions.export import marks
from iocop.contributions.models import ContributionDomain, Mark
from iocop.contributions.queries import doubts, own_marks, signed_marks
from iocop.contributions.services import mark, set_state, withdraw_mark
from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Refused
from iocop.core.models import MailRow
from iocop.core.versions import bump
from iocop.members.services import erase
from iocop.notifications.models import Notice
from iocop.reputation.models import Rung
from tests.contributions.factories import make_office
from tests.contributions.test_contribute import events
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import make_answer, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from iocop.contributions.models import Contribution
    from iocop.members.models import Member
    from tests.client import Browser

REASON = {"reason": "The delta t is taken across the wrong valve."}


def make_doubter(thing: Contribution, level: int = 1, **about: Any) -> Member:
    """A member who stands on a rung in the domain of a post."""
    member = make_member(**about)
    domain_id = db.session.scalars(
        select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == thing.root_id)
    ).one()
    saved(Rung(member_id=member.id, domain_id=domain_id, level=level, highest=level, since=clock.now()))
    with act():
        bump("people")
    return member


def number(thing: Contribution) -> int:
    db.session.expire_all()
    return thing.helpful


def notices(member: Member) -> list[tuple[str, str, str, int | None]]:
    rows = db.session.scalars(select(Notice).where(Notice.member_id == member.id, Notice.matter == "doubt"))
    return [(row.kind, row.matter, row.words, row.actor_id) for row in rows]


def test_a_doubt_counts_against_an_answer_and_is_secret(app: Flask) -> None:
    answer = make_answer(make_topic())
    bob = make_doubter(answer)
    mark(viewer_of(make_member()), answer.id, "helpful")
    assert number(answer) == 1

    mark(viewer_of(bob), answer.id, "doubt", REASON)

    assert number(answer) == 0
    assert own_marks(bob.id, [answer.id]) == {answer.id: frozenset({"doubt"})}
    assert signed_marks(answer.id) == []
    assert doubts(answer.id) == [REASON["reason"]]


def test_the_number_is_a_sum_and_can_fall_below_nothing(app: Flask) -> None:
    answer = make_answer(make_topic())

    for _ in range(2):
        mark(viewer_of(make_doubter(answer)), answer.id, "doubt", REASON)

    assert number(answer) == -2


def test_helpful_and_doubt_take_each_other_back(app: Flask) -> None:
    answer = make_answer(make_topic())
    bob = viewer_of(make_doubter(answer))

    mark(bob, answer.id, "helpful")
    mark(bob, answer.id, "doubt", REASON)
    assert (number(answer), own_marks(bob.id, [answer.id])[answer.id]) == (-1, frozenset({"doubt"}))
    mark(bob, answer.id, "doubt", REASON)
    mark(bob, answer.id, "helpful")
    assert (number(answer), own_marks(bob.id, [answer.id])[answer.id]) == (1, frozenset({"helpful"}))
    withdraw_mark(bob, answer.id, "doubt")  # there is none any more
    assert number(answer) == 1

    told = [(name, row["kind"]) for name in ("Marked", "MarkWithdrawn") for row in events(name)]
    assert told == [
        ("Marked", "helpful"), ("Marked", "doubt"), ("Marked", "helpful"),
        ("MarkWithdrawn", "helpful"), ("MarkWithdrawn", "doubt"),
    ]  # fmt: skip


def test_only_who_stands_on_the_first_rung_of_its_domain_doubts_an_answer(app: Flask) -> None:
    topic = make_topic()
    answer, elsewhere = make_answer(topic), make_answer(make_topic())
    newcomer, below = make_member(), make_doubter(answer, level=0)
    knows, author = make_doubter(answer), db.session.get_one(type(below), answer.author_id)
    suspended = make_doubter(answer, state="suspended")

    for member in (newcomer, below, author, suspended):
        with pytest.raises(Refused):
            mark(viewer_of(member), answer.id, "doubt", REASON)
    with pytest.raises(Refused):
        mark(viewer_of(knows), topic.id, "doubt", REASON)  # a question
    mark(viewer_of(knows), answer.id, "doubt", REASON)
    set_state(make_office(make_member()), elsewhere.id, "hidden", "a test")
    with pytest.raises(Refused):
        mark(viewer_of(knows), elsewhere.id, "doubt", REASON)


@pytest.mark.parametrize("reason", ["", "  ", "too short a reason", "x" * 401])
def test_a_doubt_without_a_reason_of_use_is_none(app: Flask, reason: str) -> None:
    answer = make_answer(make_topic())

    with pytest.raises(Invalid):
        mark(viewer_of(make_doubter(answer)), answer.id, "doubt", {"reason": reason})

    assert number(answer) == 0


def test_the_button_shows_only_where_a_member_may_doubt(browser: Browser) -> None:
    topic = make_topic()
    answer = make_answer(topic)
    address = f"/c/{answer.id}/marks/doubt"

    assert address not in browser.get(f"/t/{topic.id}").text
    browser.sign_in(make_member())
    assert address not in browser.page(f"/t/{topic.id}").text
    assert browser.get(address).status_code == 403
    page = browser.fresh().sign_in(make_doubter(answer)).page(f"/t/{topic.id}")
    assert [link.text for link in page.select(f'a[href="{address}"]')] == ["Doubt"]
    assert not page.select(f'a[href="/c/{topic.id}/marks/doubt"]')


def test_a_member_doubts_and_takes_it_back_without_a_script(browser: Browser) -> None:
    topic = make_topic()
    answer = make_answer(topic)
    address = f"/c/{answer.id}/marks/doubt"
    browser.sign_in(make_doubter(answer))

    browser.page(address)
    refused = browser.post(address, {"reason": "no good"})
    assert refused.status_code == 422
    assert "no good" in refused.text
    assert "20 to 400 characters" in refused.text
    assert browser.post(address, REASON).location == f"/p/{answer.id}"
    assert number(answer) == -1

    page = browser.page(f"/t/{topic.id}")
    assert [link.text for link in page.select(f'a[href="{address}"]')] == ["Your doubt"]
    assert page.select_one("#post-2 .post-side strong").text == "-1"  # type: ignore[union-attr]
    assert "Take it back" in browser.page(address).text
    browser.post(f"/c/{answer.id}/marks", {"kind": "doubt"})
    assert number(answer) == 0
    assert browser.post(f"/c/{answer.id}/marks", {"kind": "doubt"}).location == address


def test_its_author_reads_the_reason_and_never_who(browser: Browser) -> None:
    author = make_member()
    answer = make_answer(make_topic(), author=author)
    doubter = make_doubter(answer)
    mark(viewer_of(doubter), answer.id, "doubt", REASON)

    outbox.deliver_all()
    outbox.deliver_all()

    assert notices(author) == [("standing", "doubt", REASON["reason"], None)]
    mail = "\n".join(row.body for row in db.session.scalars(select(MailRow)) if row.address == author.email)
    assert "says why" in mail
    assert doubter.name not in mail
    for page in (f"/c/{answer.id}/marks", "/inbox"):
        words = browser.fresh().sign_in(author).page(page).text
        assert REASON["reason"] in words
        assert doubter.name not in words
    others = browser.fresh().sign_in(make_member()).page(f"/c/{answer.id}/marks").text
    assert REASON["reason"] not in others
    assert REASON["reason"] not in browser.fresh().get(f"/c/{answer.id}/marks").text


def test_a_doubt_that_was_taken_back_is_not_told(app: Flask) -> None:
    author = make_member()
    answer = make_answer(make_topic(), author=author)
    doubter = viewer_of(make_doubter(answer))
    mark(doubter, answer.id, "doubt", REASON)
    withdraw_mark(doubter, answer.id, "doubt")

    outbox.deliver_all()

    assert notices(author) == []


def test_ones_own_data_say_that_it_was_a_doubt(app: Flask) -> None:
    answer = make_answer(make_topic())
    doubter = make_doubter(answer)
    mark(viewer_of(doubter), answer.id, "doubt", REASON)

    (given,) = marks(doubter.id)

    assert (given["kind"], given["context"]) == ("doubt", REASON)


def test_who_is_erased_with_their_texts_leaves_the_number_and_no_reason(app: Flask) -> None:
    author = make_member()
    answer = make_answer(make_topic(), author=author)
    doubter = make_doubter(answer)
    mark(viewer_of(doubter), answer.id, "doubt", REASON)
    outbox.deliver_all()
    assert [row for row in db.session.scalars(select(MailRow)) if REASON["reason"] in row.body]

    erase(viewer_of(doubter), with_texts=True)

    assert number(answer) == -1
    assert doubts(answer.id) == []
    assert not [row for row in db.session.scalars(select(MailRow)) if REASON["reason"] in row.body]
    assert [words for _, _, words, _ in notices(author)] == [""]
    assert db.session.scalars(select(Mark)).one().withdrawn_at is None
