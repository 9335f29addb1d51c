"""What moderators, administrators and employers' domains do to a member is told to that member, with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.core.errors import Refused
from iocop.core.events import emit
from iocop.members.events import ClaimDeclined, MemberClaimed, MemberErased
from iocop.members.models import Claim
from iocop.moderation import services as moderation
from iocop.notifications import services
from iocop.notifications.models import Notice, NoticeChoice
from iocop.roles.events import RoleEnded, RoleGranted
from iocop.roles.models import RoleGrant
from iocop.spaces.events import SpaceAccessEnded
from tests.contributions.factories import make_office, make_space
from tests.factories import make_member, saved, viewer_of
from tests.moderation.factories import LINK, answer, ask, moderator, settled
from tests.notifications.told import mails_to

if TYPE_CHECKING:
    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser


def inbox(browser: Browser, member: Member) -> str:
    outbox.deliver_all()
    page = browser.fresh().sign_in(member).page("/inbox")
    return page.select_one("main").get_text(" ", strip=True)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("hide", "A moderator hid your post"), ("remove", "A moderator removed your post")],
)
def test_an_author_reads_the_reason(browser: Browser, kind: str, sentence: str) -> None:
    author, office = settled(), moderator(name="Cy Moderator")
    post = answer(ask(), author)

    moderation.rule(office, post.id, kind, "It only sells.")

    [letter] = mails_to(author)
    assert sentence in letter.body
    assert "It only sells." in letter.body
    shown = inbox(browser, author)
    assert sentence in shown
    assert "It only sells." in shown
    assert "Cy Moderator" not in shown + letter.body


def test_a_removed_post_is_not_linked_to(browser: Browser) -> None:
    author = settled()
    post = answer(ask(), author)
    moderation.rule(moderator(), post.id, "remove", "It only sells.")
    [letter] = mails_to(author)
    assert f"/p/{post.id}" not in letter.body
    notice = db.session.scalars(select(Notice).where(Notice.member_id == author.id)).one()

    assert browser.sign_in(author).post(f"/inbox/{notice.id}/open").location == "/inbox"


def test_a_report_that_led_to_nothing_is_told_to_nobody(app: Flask) -> None:
    author = settled()
    post = answer(ask(), author)
    moderation.report(viewer_of(settled()), post.id, "spam")
    moderation.rule(moderator(), post.id, "dismiss", "Nothing wrong.")

    outbox.deliver_all()

    assert db.session.scalars(select(Notice).where(Notice.member_id == author.id)).all() == []


def test_a_newcomer_is_told_that_the_post_waits(browser: Browser) -> None:
    newcomer = make_member()
    answer(ask(), newcomer, text=LINK)

    assert "a moderator looks before others read it" in inbox(browser, newcomer)
    assert len(mails_to(newcomer)) == 1


def test_who_was_released_before_the_worker_came_hears_only_that(app: Flask) -> None:
    newcomer = make_member()
    post = answer(ask(), newcomer, text=LINK)
    moderation.rule(moderator(), post.id, "release")
    outbox.deliver_all()

    assert db.session.scalars(select(Notice.matter).where(Notice.member_id == newcomer.id)).all() == [
        "release"
    ]


def test_a_suspended_member_sees_why_and_until_when_and_cannot_post(browser: Browser) -> None:
    member, topic = settled(), ask()
    until = clock.now().replace(year=clock.now().year + 1, month=1, day=15)
    moderation.suspend(moderator(), member.id, until, "Advertised five times.")

    shown = inbox(browser, member)

    assert f"Until January 15, {until.year}: Advertised five times." in shown
    assert "You are suspended" in shown
    with pytest.raises(Refused, match="Suspended"):
        answer(topic, member)
    [letter] = mails_to(member)  # one mail, not one of each feature
    assert "Advertised five times." in letter.body

    moderation.lift(moderator(), member.id, "It was a colleague.")

    assert "Your suspension has ended" in inbox(browser, member)
    assert len(mails_to(member)) == 2


@pytest.mark.parametrize(
    ("by_somebody", "why"), [(False, "the affiliation it rested on"), (True, "an administrator")]
)
def test_a_closed_space_is_named_with_the_reason_each_time(
    browser: Browser, by_somebody: bool, why: str
) -> None:
    member, space = settled(), make_space("named", name="Tender room")
    actor_id = settled().id if by_somebody else None

    for _ in range(2):
        with act():
            emit(SpaceAccessEnded(actor_id, member_id=member.id, space_id=space.id))

    shown = inbox(browser, member)
    assert shown.count("“Tender room” is no longer open to you") == 2
    assert why in shown
    assert len(mails_to(member)) == 2


def test_a_closing_that_is_taken_back_is_not_told(app: Flask) -> None:
    member, space = settled(), make_space("named")

    def end_affiliation() -> None:
        with act():
            emit(SpaceAccessEnded(None, member_id=member.id, space_id=space.id))
            raise RuntimeError("the affiliation could not be ended")

    with pytest.raises(RuntimeError):
        end_affiliation()

    assert db.session.scalars(select(Notice)).all() == []


def test_offices_are_told_when_they_begin_and_end(browser: Browser) -> None:
    member = settled()
    make_office(member, "board_member")
    grant = db.session.scalars(select(RoleGrant)).one()
    told = {"grant_id": grant.id, "member_id": member.id, "decision_id": grant.decision_id}
    with act():
        emit(RoleGranted(None, **told))
        emit(RoleEnded(None, **told))

    shown = inbox(browser, member)

    assert "You hold an office now: board member." in shown
    assert "An office of yours has ended: board member." in shown
    assert len(mails_to(member)) == 2


def test_claims_are_told(browser: Browser) -> None:
    member, imported = settled(), make_member(state="imported", name="Ida Ito", email=None)
    claim = saved(
        Claim(member_id=member.id, imported_id=imported.id, evidence="My old site", created_at=clock.now())
    )
    with act():
        emit(ClaimDeclined(None, claim_id=claim.id))
        emit(MemberClaimed(None, member_id=member.id, imported_id=imported.id))

    shown = inbox(browser, member)

    assert "What Ida Ito wrote elsewhere is yours now." in shown
    assert "Your claim to be Ida Ito was not approved." in shown


def test_an_erased_members_inbox_is_gone(app: Flask) -> None:
    alice = settled()
    answer(ask(alice))
    outbox.deliver_all()
    services.choose(viewer_of(alice), {"answer": (True, False)})

    with act():
        emit(MemberErased(alice.id, member_id=alice.id, with_texts=False))

    assert db.session.scalars(select(Notice)).all() == []
    assert db.session.scalars(select(NoticeChoice)).all() == []


def test_a_suspension_ends_in_the_readers_language(app: Flask) -> None:
    member = settled(locale="de")
    until = clock.now() + timedelta(days=20)
    moderation.suspend(moderator(), member.id, until, "Werbung.")
    outbox.deliver_all()

    words = db.session.scalars(select(Notice.words).where(Notice.member_id == member.id)).one()

    assert f"{until.day}. " in words  # as a German date has it
