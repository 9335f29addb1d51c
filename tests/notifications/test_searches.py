"""What is new in a saved search is told once, at most once a day, and never to who may not read it at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.contributions.models import Contribution, Follow
from iocop.core import clock, mail, outbox
from iocop.core.db import act, db
from iocop.core.models import MailRow
from iocop.core.worker import _between
from iocop.members.models import Member
from iocop.members.services import erase
from iocop.notifications import searches, services, tokens
from iocop.notifications.models import Notice
from iocop.search import alerts
from iocop.search.models import SavedSearch, SearchMatch
from iocop.search.services import change_saved, delete_saved, save_search
from iocop.spaces.labels import LABELS
from iocop.spaces.models import SpaceGrant
from tests.factories import saved, viewer_of
from tests.search.factories import index_all, let_in, make_answer, make_person, make_space, make_topic

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def watch(member: Member, text: str = "frost", **given: Any) -> SavedSearch:
    return save_search(viewer_of(member), text, "topics", alert="mail", **given)


def go_round() -> None:
    """What the worker does on a beat."""
    index_all()
    while alerts.look_through_new():
        pass
    outbox.deliver_all()


@pytest.fixture(autouse=True)
def begun(app: Flask) -> None:
    """With nothing new."""
    go_round()


def notices(member: Member) -> list[Notice]:
    db.session.expire_all()
    return list(db.session.scalars(select(Notice).where(Notice.member_id == member.id).order_by(Notice.id)))


def mails(member: Member) -> list[MailRow]:
    return list(
        db.session.scalars(select(MailRow).where(MailRow.recipient_id == member.id).order_by(MailRow.id))
    )


def test_what_is_new_comes_to_the_inbox_and_by_mail(browser: Browser) -> None:
    alice = make_person(name="Alice")
    row = watch(alice, name="Ice")
    topic = make_topic("Frost on the coil")
    go_round()

    [notice] = notices(alice)
    assert (notice.kind, notice.contribution_id, notice.words) == ("search", topic.id, "Ice")
    line = browser.sign_in(alice).page("/inbox").select_one("ol.list > li h2")
    assert line is not None
    assert "New in your saved search “Ice”: Frost on the coil" in " ".join(line.get_text().split())
    [letter] = mails(alice)
    assert letter.subject == "New in “Ice” · Community of practice"
    assert "Hello Alice," in letter.body
    assert f"Frost on the coil\nhttp://localhost/p/{topic.id}" in letter.body
    assert "http://localhost/search?q=frost&kind=topics" in letter.body
    assert (
        letter.headers["List-Unsubscribe"]
        == f"<http://localhost/unsubscribe/{tokens.sign(alice.id, 'search')}>"
    )
    assert db.session.get_one(SavedSearch, row.id).told_at is not None
    go_round()
    assert len(notices(alice)) == len(mails(alice)) == 1


def test_what_comes_later_that_day_is_gathered_into_one(app: Flask) -> None:
    alice = make_person()
    watch(alice)
    make_topic("Frost one")
    go_round()
    second, third = make_topic("Frost two"), make_topic("Frost three")
    make_answer(third, "frost again")
    go_round()
    searches.tell_due()
    assert len(mails(alice)) == 1

    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        searches.tell_due()
        searches.tell_due()

    [_, letter] = mails(alice)
    assert [title in letter.body for title in ("Frost one", "Frost two", "Frost three")] == [
        False,
        True,
        True,
    ]
    assert letter.body.count(f"http://localhost/p/{second.id}\n") == 1
    [_, notice] = notices(alice)
    assert notice.matter == "several"
    assert not any(sign.isdigit() for sign in notice.words)


def test_long_lists_are_cut_and_lead_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "LISTED", 2)
    alice = make_person()
    watch(alice)
    for number in range(4):
        make_topic(f"Frost {number}")
    go_round()

    [letter] = mails(alice)
    assert letter.body.count("/p/") == 2
    assert "There is more:" in letter.body


@pytest.mark.parametrize(("inbox", "by_mail"), [(True, False), (False, True), (False, False)])
def test_the_kind_comes_as_chosen(app: Flask, inbox: bool, by_mail: bool) -> None:
    alice = make_person()
    services.choose(viewer_of(alice), {"search": (inbox, by_mail)})
    watch(alice)
    make_topic("Frost")
    go_round()

    assert (len(notices(alice)), len(mails(alice))) == (inbox, by_mail)


def test_one_click_ends_the_mail(browser: Browser) -> None:
    alice = make_person()
    watch(alice)
    browser.client.post(f"/unsubscribe/{tokens.sign(alice.id, 'search')}")
    make_topic("Frost")
    go_round()

    assert (len(notices(alice)), len(mails(alice))) == (1, 0)


def test_who_is_suspended_or_has_no_address_gets_no_mail(app: Flask) -> None:
    suspended, without = make_person(), make_person(email=None)
    watch(suspended)
    watch(without)
    with act() as session:
        session.get_one(Member, suspended.id).state = "suspended"
    make_topic("Frost")
    go_round()

    assert [(len(notices(one)), len(mails(one))) for one in (suspended, without)] == [(1, 0), (1, 0)]


@pytest.mark.parametrize("change", ["revoked", "hidden", "muted", "turned off", "deleted", "left"])
def test_permission_is_asked_again_when_the_mail_is_written(app: Flask, change: str) -> None:
    """Between the match and the mail something changed: nothing is told, and nothing waits."""
    alice = make_person()
    named = make_space("named")
    grant = let_in(alice, named)
    row = watch(alice)
    topic = make_topic("Frost inside", space_id=named.id, label="space")
    index_all()
    alerts.look_through_new()
    _change(change, alice, row, topic.id, grant.id)
    outbox.deliver_all()
    searches.tell_due()

    assert (notices(alice), mails(alice)) == ([], [])
    if change != "left":
        assert db.session.scalars(select(SearchMatch).where(SearchMatch.told_key == "")).all() == []


def _change(change: str, alice: Member, row: SavedSearch, topic_id: int, grant_id: int) -> None:
    if change == "turned off":
        change_saved(viewer_of(alice), row.id, name="x", alert="none")
    elif change == "deleted":
        delete_saved(viewer_of(alice), row.id)
    elif change == "muted":
        saved(Follow(member_id=alice.id, root_id=topic_id, muted=True, since=clock.now()))
    with act() as session:
        if change == "revoked":
            session.get_one(SpaceGrant, grant_id).ended_at = clock.now()
        elif change == "hidden":
            session.get_one(Contribution, topic_id).state = "hidden"
        elif change == "left":
            session.get_one(Member, alice.id).state = "left"


@pytest.mark.parametrize("audience", ["public", "members", "verified", "named"])
@pytest.mark.parametrize("label", LABELS)
def test_who_is_told_what_by_which_way(browser: Browser, audience: str, label: str) -> None:
    """Viewer × label × space × channel: nothing of what a member may not read, not even that there is something."""
    outsider, insider = make_person(), make_person()
    space = make_space(audience)
    let_in(insider, space)
    people = {"outsider": outsider, "insider": insider}
    for one in people.values():
        watch(one, "zygote")
    topic = make_topic("Zygote affair", "zygote", space_id=space.id, label=label)
    make_answer(topic, "zygote again")
    go_round()

    for who, one in people.items():
        may_read = audience in {"public", "members"} or (audience == "named" and who == "insider")
        letters = mails(one)
        assert (len(notices(one)), len(letters)) == (may_read, may_read), who
        inbox = browser.fresh().sign_in(one).get("/inbox").text
        assert ("Zygote affair" in inbox) is may_read, who
        assert ("zygote" in inbox) is may_read, who  # the name of the search itself
        assert any("Zygote affair" in letter.body for letter in letters) is (may_read and label != "space"), (
            who
        )
    assert [letter for letter in db.session.scalars(select(MailRow)) if letter.body.count("affair") > 1] == []


def test_a_notice_says_no_more_once_the_post_is_closed(browser: Browser) -> None:
    alice = make_person()
    named = make_space("named")
    grant = let_in(alice, named)
    watch(alice)
    make_topic("Frost inside", space_id=named.id, label="space")
    go_round()
    with act() as session:
        session.get_one(SpaceGrant, grant.id).ended_at = clock.now()

    page = browser.sign_in(alice).page("/inbox")
    assert "New in your saved search" in page.get_text()
    assert "Frost inside" not in page.get_text()


def test_mails_that_list_an_erased_members_titles_go(app: Flask) -> None:
    alice, author = make_person(), make_person()
    watch(alice)
    make_topic("Frost by somebody", author_id=author.id)
    go_round()
    mail.send_due()
    assert len(mails(alice)) == 1

    erase(viewer_of(author), with_texts=True)
    assert mails(alice) == []


def test_what_gathered_is_told_by_the_clock() -> None:
    from iocop.core.jobs import periodic_jobs

    assert "iocop.notifications.jobs.tell_of_searches" in periodic_jobs()
    assert alerts.look_through_new in _between
