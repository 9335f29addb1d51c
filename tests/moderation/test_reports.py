"""Members report; there is one live report a member and post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from iocop.contributions.models import Contribution
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.events import emit
from iocop.core.login import GUEST
from iocop.core.outbox import START, read
from iocop.members.events import MemberErased
from iocop.moderation import export, policy, queries, services
from iocop.moderation.models import Report
from tests.contributions.factories import make_space
from tests.factories import make_member, viewer_of
from tests.moderation.factories import answer, ask, moderator, settled

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def test_a_member_reports_a_post_and_comes_back_to_it(browser: Browser) -> None:
    post = answer(ask())
    browser.sign_in(settled())
    page = browser.page(f"/p/{post.id}/report")
    assert len(page.select("input[name=reason]")) == 6

    sent = browser.post(f"/p/{post.id}/report", {"reason": "spam", "note": "Sells pumps."})

    assert (sent.status_code, sent.location) == (303, f"/p/{post.id}")
    report = db.session.scalars(select(Report)).one()
    assert (report.reason, report.note, report.ruling_id) == ("spam", "Sells pumps.", None)
    assert [happened.event.contribution_id for happened in read(START, ["Reported"])] == [post.id]  # type: ignore[attr-defined]


def test_a_report_without_a_reason_keeps_the_note(browser: Browser) -> None:
    post = answer(ask())

    answered = browser.sign_in(settled()).post(f"/p/{post.id}/report", {"note": "Look at the second line."})

    assert answered.status_code == 422
    assert "Look at the second line." in answered.text


def test_something_else_needs_a_sentence(browser: Browser) -> None:
    post = answer(ask())

    answered = browser.sign_in(settled()).post(f"/p/{post.id}/report", {"reason": "other", "note": " "})

    assert answered.status_code == 422
    assert "Say in a sentence what is wrong." in answered.text


def test_a_member_reports_a_post_once_until_it_is_decided(browser: Browser) -> None:
    post, reporter = answer(ask()), settled()
    services.report(viewer_of(reporter), post.id, "spam")

    with pytest.raises(Refused, match="already"):
        services.report(viewer_of(reporter), post.id, "unkind")
    page = browser.sign_in(reporter).get(f"/p/{post.id}/report")
    assert page.status_code == 403
    assert "reported this post already" in page.text

    services.rule(moderator(), post.id, "dismiss")
    services.report(viewer_of(reporter), post.id, "unkind")
    assert db.session.scalar(select(func.count()).select_from(Report)) == 2


def test_two_reports_at_the_same_moment_are_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    post, reporter = answer(ask()), viewer_of(settled())
    services.report(reporter, post.id, "spam")
    monkeypatch.setattr(queries, "has_reported", lambda *_: False)  # as the other request saw it

    with pytest.raises(Conflict, match="already"):
        services.report(reporter, post.id, "spam")

    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_guests_are_asked_to_sign_in(browser: Browser) -> None:
    post = answer(ask())

    assert browser.get(f"/p/{post.id}/report").status_code == 303
    assert not policy.may_report(GUEST, post)


def test_who_may_not_report(app: Flask) -> None:
    author = settled()
    post = answer(ask(), author)
    room = ask(space_id=make_space("members").id)

    assert "You wrote this one" in str(policy.may_report(viewer_of(author), post).reason)
    assert "Suspended" in str(policy.may_report(viewer_of(make_member(state="suspended")), post).reason)
    assert policy.may_report(viewer_of(settled()), post)
    hidden = services.rule(moderator(), room.id, "hide", "Off the practice.")
    assert hidden.kind == "hide"

    assert not policy.may_report(viewer_of(settled()), db.session.get_one(Contribution, room.id))


def test_who_may_not_report_reads_why_instead_of_a_form(browser: Browser) -> None:
    author, post = settled(), ask()
    own = answer(post, author)

    refused = browser.sign_in(make_member(state="suspended")).get(f"/p/{post.id}/report")
    of_own = browser.fresh().sign_in(author).get(f"/p/{own.id}/report")

    assert (refused.status_code, of_own.status_code) == (403, 403)
    assert "Suspended members cannot do this." in refused.text
    assert "You wrote this one" in of_own.text
    assert 'name="reason"' not in refused.text + of_own.text


@pytest.mark.parametrize(
    ("reason", "note"),
    [("held", ""), ("nonsense", ""), ("spam", "x" * 401)],
    ids=["the site's own", "unknown", "long"],
)
def test_reports_that_cannot_be(app: Flask, reason: str, note: str) -> None:
    post = answer(ask())

    with pytest.raises(Invalid):
        services.report(viewer_of(settled()), post.id, reason, note)


def test_nothing_to_report(app: Flask) -> None:
    with pytest.raises(Missing):
        services.report(viewer_of(settled()), 404, "spam")


def test_an_erased_members_words_to_moderators_are_forgotten(app: Flask) -> None:
    post, reporter = answer(ask()), settled()
    services.report(viewer_of(reporter), post.id, "spam", "I know the seller well.")

    with act():
        emit(MemberErased(reporter.id, member_id=reporter.id, with_texts=False))

    assert db.session.scalars(select(Report.note)).all() == [""]


def test_a_member_takes_home_own_reports_and_what_was_decided(app: Flask) -> None:
    author, reporter = settled(), settled()
    post = answer(ask(), author)
    services.report(viewer_of(reporter), post.id, "spam", "It sells.")
    services.rule(moderator(), post.id, "hide", "It only sells.")

    assert [(row["contribution_id"], row["note"]) for row in export.reports(reporter.id)] == [
        (post.id, "It sells.")
    ]
    assert export.rulings(reporter.id) == export.reports(author.id) == []
    [ruling] = export.rulings(author.id)
    assert (ruling["kind"], ruling["reason"]) == ("hide", "It only sells.")
    assert "moderator_id" not in ruling
