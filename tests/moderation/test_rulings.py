"""Moderators rule from one queue; nobody rules on their own or on colleagues; the log tells what and why, not who."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask_login import login_user
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.contributions.services.states import set_state
from iocop.core import audit, clock
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing, Refused
from iocop.core.models import AuditRow
from iocop.core.slots import fill
from iocop.members.models import Member
from iocop.moderation import policy, queries, services
from iocop.moderation.models import Report, Ruling
from iocop.spaces.models import SpaceGrant
from tests.contributions.factories import affiliate, make_office, make_space
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.moderation.factories import LINK, answer, ask, moderator, settled

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer
    from tests.client import Browser


def reported(author: Member | None = None, by: int = 1, **changes: object) -> Contribution:
    post = answer(ask(), author, **changes)
    for _ in range(by):
        services.report(viewer_of(settled()), post.id, "spam", "Sells pumps.")
    return post


def member_of(viewer: Viewer) -> Member:
    return db.session.get_one(Member, viewer.id)


def test_the_queue_shows_what_waits_longest_first(browser: Browser) -> None:
    first, second = reported(settled(name="Ada Lund"), by=2, text="Buy our pumps."), reported()
    held = answer(ask(), make_member(), text=LINK)

    page = browser.sign_in(member_of(moderator())).page("/moderation")

    rows = page.select("ol.list > li")
    assert [row.select_one("a")["href"] for row in rows] == [
        f"/moderation/{post.id}" for post in (first, second, held)
    ]  # type: ignore[index]
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

    assert policy.possible_rulings(moderator(), held) == ["hide", "remove", "release"]


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


def test_the_log_is_public_and_names_nobody(browser: Browser) -> None:
    author, reporter = settled(name="Ada Lund"), settled(name="Bo Nygaard")
    office = moderator(name="Cy Moderator")
    post = answer(ask(title="About the secret valve"), author, text="Buy our pumps.")
    services.report(viewer_of(reporter), post.id, "spam", "Bo says so.")
    services.rule(office, post.id, "remove", "It only sells.")

    page = browser.page("/moderation/log")

    main = page.select_one("main")
    assert main is not None
    assert "A post was removed" in main.text
    assert "It only sells." in main.text
    for hidden in (
        "Ada Lund",
        "Bo Nygaard",
        "Bo says so",
        "secret valve",
        "Buy our pumps",
        "Cy Moderator",
        "/p/",
    ):
        assert hidden not in str(main)


def test_the_log_keeps_the_reason_where_the_post_was_not_public(browser: Browser) -> None:
    post = ask(space_id=make_space("members").id)
    services.rule(moderator(), post.id, "hide", "Names the client of the tender.")

    assert "Names the client" not in browser.page("/moderation/log").text
    assert "A post was hidden" in browser.page("/moderation/log").text
    assert "Names the client" in browser.fresh().sign_in(settled()).page("/moderation/log").text


def test_a_guests_log_is_never_stale(browser: Browser) -> None:
    assert "Nothing was decided yet" in browser.page("/moderation/log").text

    services.rule(moderator(), reported().id, "dismiss")

    assert "A report led to nothing" in browser.page("/moderation/log").text


def test_a_moderator_suspends_and_lifts(browser: Browser) -> None:
    member, office = settled(), moderator()
    browser.sign_in(member_of(office))
    until = (clock.now() + timedelta(days=30)).date().isoformat()

    sent = browser.post(
        f"/moderation/members/{member.id}/suspend", {"until": until, "reason": "Advertised five times."}
    )

    assert sent.status_code == 303
    assert db.session.get_one(Member, member.id).state == "suspended"
    page = browser.page(f"/moderation/members/{member.id}")
    assert "Advertised five times." in page.text
    with pytest.raises(Refused, match="Suspended"):
        answer(ask(), member)

    assert browser.post(f"/moderation/members/{member.id}/lift", {"reason": ""}).status_code == 303
    assert answer(ask(), db.session.get_one(Member, member.id)).state == "visible"
    assert [row.kind for row in db.session.scalars(select(Ruling).order_by(Ruling.id))] == ["suspend", "lift"]
    log = browser.fresh().page("/moderation/log")
    assert "Advertised five times." in log.text
    assert member.name not in log.select_one("main").text  # type: ignore[union-attr]


def test_who_cannot_be_suspended(app: Flask) -> None:
    office, firm, colleague = moderator(), make_organization(), settled()
    until = clock.now() + timedelta(days=3)
    moderator()
    for member in (colleague, member_of(office)):
        affiliate(member, firm)

    for actor, member_id in (
        (viewer_of(settled()), colleague.id), (office, office.id), (office, colleague.id),
        (moderator(), make_member(state="left").id),
    ):  # fmt: skip
        with pytest.raises(Refused):
            services.suspend(actor, member_id, until, "Because.")
    for actor, member_id in (
        (viewer_of(settled()), colleague.id),
        (office, colleague.id),
        (moderator(), colleague.id),
    ):
        with pytest.raises(Refused):
            services.lift(actor, member_id)
    with pytest.raises(Missing):
        services.suspend(office, 404, until, "Because.")


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_suspension_ends_within_a_year(browser: Browser, days: int) -> None:
    until = (clock.now() + timedelta(days=days)).date().isoformat()

    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/members/{settled().id}/suspend", {"until": until, "reason": "Because."}
    )

    assert answered.status_code == 422
    assert "within the next twelve months" in answered.text


def test_a_suspension_form_without_a_day_keeps_the_reason(browser: Browser) -> None:
    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/members/{settled().id}/suspend", {"until": "", "reason": "Advertised."}
    )

    assert answered.status_code == 422
    assert "Advertised." in answered.text


def test_a_lifting_reason_that_is_too_long_is_asked_again(browser: Browser) -> None:
    member = settled(state="suspended", suspended_until=clock.now() + timedelta(days=3))

    answered = browser.sign_in(member_of(moderator())).post(
        f"/moderation/members/{member.id}/lift", {"reason": "x" * 401}
    )

    assert answered.status_code == 422


def test_moderators_alone_find_the_way_from_a_profile(app: Flask) -> None:
    member, office = settled(), moderator()
    with app.test_request_context():
        assert "/moderation/" not in fill("profile_section", [member.id]).get(member.id, "")
        login_user(office)
        assert f"/moderation/members/{member.id}" in fill("profile_section", [member.id])[member.id]
        assert "/moderation/" not in fill("profile_section", [office.id]).get(office.id, "")
