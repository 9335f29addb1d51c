"""Moderators rule from one queue; nobody rules on their own or on colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services.states import set_state
from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Refused
from iocop.core.models import AuditRow
from iocop.moderation import policy, queries, services
from iocop.moderation.models import Report, Ruling
from iocop.spaces.models import SpaceGrant
from tests.contributions.factories import affiliate, make_office, make_space
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.moderation.factories import LINK, answer, ask, member_of, moderator, reported, settled

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def test_the_queue_shows_what_waits_longest_first(browser: Browser) -> None:
    first, second = reported(settled(name="Ada Lund"), by=2, text="Buy our pumps."), reported()
    held = answer(ask(), make_member(), text=LINK)

    page = browser.sign_in(member_of(moderator())).page("/moderation")

    rows = page.select("ol.list > li")
    links = page.select("ol.list > li h2 a")
    assert [link["href"] for link in links] == [f"/moderation/{post.id}" for post in (first, second, held)]
    assert "Buy our pumps." in rows[0].text
    assert "Ada Lund" in rows[0].text
    assert rows[0].select_one(".tally strong").text == "2"  # type: ignore[union-attr]
    assert "A newcomer's first links" in rows[2].text


def test_the_queue_is_paged_and_empty_pages_say_so(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in(member_of(moderator()))
    assert "Nothing waits" in browser.page("/moderation").text
    monkeypatch.setattr(queries, "ROWS", 1)
    reported()
    reported()

    assert len(browser.page("/moderation?page=2").select("ol.list > li")) == 1


@pytest.mark.parametrize("path", ["/moderation", "/moderation/{post}", "/moderation/members/{author}"])
def test_members_do_not_see_the_queue(browser: Browser, path: str) -> None:
    post = reported()
    address = path.format(post=post.id, author=post.author_id)

    assert browser.sign_in(settled()).get(address).status_code == 403
    assert browser.fresh().get(address).status_code == 303


def test_a_moderator_hides_a_post_and_its_reports_are_decided(browser: Browser) -> None:
    post, office = reported(by=2), moderator()
    browser.sign_in(member_of(office))
    assert browser.page(f"/moderation/{post.id}").select("input[name=kind]")

    sent = browser.post(f"/moderation/{post.id}", {"kind": "hide", "reason": "It only sells."})

    assert (sent.status_code, sent.location) == (303, "/moderation")
    ruling = db.session.scalars(select(Ruling)).one()
    assert (ruling.kind, ruling.moderator_id, ruling.reason) == ("hide", office.id, "It only sells.")
    assert set(db.session.scalars(select(Report.ruling_id))) == {ruling.id}
    row = db.session.get_one(Contribution, post.id)
    assert (row.state, row.state_reason, row.state_by_id) == ("hidden", "It only sells.", office.id)
    line = db.session.scalars(select(AuditRow).where(AuditRow.act == "moderation.hide")).one()
    assert (line.actor_id, line.subject, line.details) == (
        office.id,
        f"contribution:{post.id}",
        {"ruling": ruling.id},
    )
    assert list(audit.broken_links()) == []
    decided = browser.page("/moderation?show=decided")
    assert "It only sells." in decided.text
    assert f"/moderation/{post.id}" in [link["href"] for link in decided.select("ol.list a")]
    assert "A post was hidden" in browser.page(f"/moderation/{post.id}").text


def test_every_ruling_and_where_it_leads(app: Flask) -> None:
    office, post = moderator(), reported()

    def ruled(kind: str) -> str:
        services.rule(office, post.id, kind, "Because.")
        return db.session.get_one(Contribution, post.id).state

    assert ruled("dismiss") == "visible"
    assert ruled("hide") == "hidden"
    assert ruled("restore") == "visible"
    assert ruled("remove") == "removed"
    assert ruled("restore") == "visible"
    held = answer(ask(), make_member(), text=LINK)
    services.rule(office, held.id, "release")
    assert db.session.get_one(Contribution, held.id).state == "visible"


@pytest.mark.parametrize("kind", ["release", "restore", "dismiss", "suspend", "nonsense"])
def test_what_cannot_be_decided_of_a_visible_post_nobody_reported(app: Flask, kind: str) -> None:
    post = answer(ask())

    with pytest.raises(Refused):
        services.rule(moderator(), post.id, kind, "Because.")


def test_a_held_post_is_released_or_removed_not_left(app: Flask) -> None:
    held = answer(ask(), make_member(), text=LINK)

    assert policy.possible_rulings(moderator(), held) == ["release", "hide", "remove"]


def test_what_its_author_removed_no_moderator_restores(app: Flask) -> None:
    author = settled()
    post = answer(ask(), author)
    set_state(viewer_of(author), post.id, "removed")

    with pytest.raises(Refused, match="author took it back"):
        services.rule(moderator(), post.id, "restore")


@pytest.mark.parametrize("kind", ["hide", "remove"])
def test_a_reason_is_needed_where_the_author_reads_one(browser: Browser, kind: str) -> None:
    post = reported()

    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/{post.id}", {"kind": kind, "reason": " "}
    )

    assert answered.status_code == 422
    assert "its author reads it" in answered.text
    with pytest.raises(Invalid, match="400"):
        services.rule(moderator(), post.id, kind, "x" * 401)


def test_nobody_rules_on_their_own_posts(app: Flask) -> None:
    office = moderator()
    post = reported(member_of(office))

    with pytest.raises(Refused, match="their own posts"):
        services.rule(office, post.id, "dismiss")


def test_a_colleague_stands_back_while_another_moderator_can_decide(browser: Browser) -> None:
    firm = make_organization()
    author, office = settled(), moderator()
    affiliate(author, firm)
    affiliate(member_of(office), firm)
    post = reported(author)
    assert policy.may_rule(office, post, "dismiss")  # nobody else could

    colleague = moderator()
    affiliate(member_of(colleague), firm)
    assert policy.may_rule(office, post, "dismiss")  # the other one is a colleague too

    outsider = moderator()
    with pytest.raises(Refused, match="same organization"):
        services.rule(office, post.id, "dismiss")
    page = browser.sign_in(member_of(office)).page(f"/moderation/{post.id}")
    assert "another moderator decides this" in page.text
    assert page.select_one("input[name=kind]") is None
    assert services.rule(outsider, post.id, "dismiss").moderator_id == outsider.id


def test_the_employer_of_the_time_of_writing_counts_as_well(app: Flask) -> None:
    firm = make_organization()
    author, office = settled(), moderator()
    moderator()
    past = affiliate(author, firm)
    affiliate(member_of(office), firm)
    post = reported(author)
    with act() as session:
        session.merge(past).valid_to = clock.now().date()
    assert not queries.groups(author.id, clock.now())

    assert not policy.may_rule(office, db.session.get_one(Contribution, post.id), "dismiss")


def test_a_suspended_moderator_does_not_rule(app: Flask) -> None:
    suspended = make_office(make_member(state="suspended"))

    assert "Suspended" in str(policy.may_moderate(suspended).reason)


def test_a_case_in_a_room_that_is_closed_to_the_moderator_shows_no_text(browser: Browser) -> None:
    room = make_space("named", name="Tender room")
    author, reporter = settled(), settled()
    for member in (author, reporter):
        saved(SpaceGrant(space_id=room.id, member_id=member.id, granted_at=clock.now()))
    topic = ask(author, space_id=room.id, title="Our price per hour", text="It is ninety.")
    services.report(viewer_of(reporter), topic.id, "unkind", "Names a client.")
    browser.sign_in(member_of(moderator()))

    for page in (browser.page("/moderation"), browser.page(f"/moderation/{topic.id}")):
        assert "Tender room" in page.text
        assert "Our price per hour" not in page.text
        assert "It is ninety." not in page.text
