"""Joining: one page, a mail, a press."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Missing, Refused, TooMany
from iocop.core.models import EventRow
from iocop.core.site import change_site
from iocop.members import queries, services
from iocop.members.models import Application, Invitation, Member, Ticket
from iocop.members.services import tickets
from tests.factories import make_member, saved, viewer_of
from tests.members.factories import PASSWORD, link_in, mails_to
from tests.members.people import make_officer

if TYPE_CHECKING:
    from tests.client import Browser

ADA = {"name": "Ada Plant", "email": "Ada@Example.org", "password": PASSWORD}


def join(browser: Browser, **given: str) -> str:
    """Send the form and return the path of the link that came by mail."""
    browser.post("/join", data=ADA | given)
    return link_in(mails_to((ADA | given)["email"].lower())[-1])


@pytest.mark.theory("2.17")
def test_a_newcomer_joins_on_one_page_and_by_one_press(browser: Browser) -> None:
    fields = browser.page("/join").select("main input:not([type=hidden])")
    sent = browser.post("/join", data=ADA)
    link = link_in(mails_to("ada@example.org")[0])
    asked = browser.page(link)
    welcomed = browser.post(link, follow_redirects=True)

    assert [field["name"] for field in fields] == ["name", "email", "password"]
    assert sent.status_code == 303
    assert asked.select_one("main form")
    assert welcomed.status_code == 200
    member = queries.member_by_email("ada@example.org")
    assert member is not None
    assert (member.name, member.handle, member.state) == ("Ada Plant", "ada-plant", "active")
    assert "Ada Plant" in browser.page("/me").text


@pytest.mark.parametrize("name", ["", "   ", " x "])
def test_a_name_of_blanks_is_none(browser: Browser, name: str) -> None:
    answer = browser.post("/join", data=ADA | {"name": name})

    assert answer.status_code == 422
    assert 'value="Ada@Example.org"' in answer.text or 'value="Ada@example.org"' in answer.text
    assert mails_to("ada@example.org") == []


def test_nobody_is_a_member_before_the_address_is_confirmed(browser: Browser) -> None:
    link = join(browser)
    browser.get(link)  # a mail scanner fetches it

    assert db.session.scalar(select(func.count()).select_from(Member)) == 0


def test_an_address_that_is_known_reads_the_same_and_its_owner_is_told(browser: Browser) -> None:
    known = make_member(email="known@example.org")
    answers = [
        browser.fresh().post("/join", data=ADA | {"email": email})
        for email in ("known@example.org", "new@example.org")
    ]

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert len({len(answer.data) for answer in answers}) == 1
    assert "have an account" in mails_to(known.email or "")[0].body
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 1


@pytest.mark.parametrize("email", ["known@example.org", "new@example.org"])
def test_the_password_is_worked_on_either_way(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    make_member(email="known@example.org")
    worked: list[str] = []

    def work(password: str) -> str:
        worked.append(password)
        return "hash"

    monkeypatch.setattr("iocop.members.passwords.hash_password", work)

    browser.post("/join", data=ADA | {"email": email})

    assert worked == [PASSWORD]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "pseudonym is fine"),
        ("name", "A\nBcc: x@example.org", "one line"),
        ("email", "nowhere", "no e-mail address"),
        ("email", "a@example.org\r\nBcc: b@example.org", "no e-mail address"),
        ("password", "short", "8 to 128"),
        ("password", "x" * 129, "8 to 128"),
        ("password", "password1", "first that are guessed"),
        ("password", "12345678", "first that are guessed"),
        ("password", "ada plant", "first that are guessed"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    browser: Browser, field: str, typed: str, words: str
) -> None:
    answer = browser.post("/join", data=ADA | {field: typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert field == "name" or 'value="Ada Plant"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == 0


LONG = "lantern meadow gasket velvet harbour " * 3


@pytest.mark.parametrize(
    "password", ["all lower letters only", "7310948265 7491", "ünïcödé wörds here", LONG]
)
def test_asvs_6_2_5_no_kind_of_character_is_asked_for(browser: Browser, password: str) -> None:
    assert browser.post("/join", data=ADA | {"password": password}).status_code == 303


def test_a_link_ends_after_48_hours_and_its_ticket_is_emptied(browser: Browser) -> None:
    link = join(browser)
    with time_machine.travel(clock.now() + timedelta(hours=48, minutes=1)):
        assert browser.get(link).status_code == 410
        assert browser.post(link).status_code == 410
        tickets.empty_expired()

        assert db.session.scalars(select(Ticket.payload)).all() == [{}]


def test_a_link_works_once(browser: Browser) -> None:
    link = join(browser)
    browser.post(link)

    assert browser.fresh().post(link).status_code == 410
    assert db.session.scalar(select(func.count()).select_from(Member)) == 1


def test_two_links_to_one_address_make_one_member(browser: Browser) -> None:
    first, second = join(browser), join(browser)
    browser.post(first)

    assert browser.fresh().post(second).status_code == 409


def test_an_address_that_joined_at_the_same_moment_is_refused_kindly(app: object) -> None:
    make_member(email="ada@example.org")

    with pytest.raises(Conflict):
        services.add_member("Ada", "ada@example.org", "hash")


def test_numbers_follow_each_other_and_handles_differ(app: object) -> None:
    ada, again = (services.add_member("Ada Plant", f"{n}@example.org", "hash") for n in (1, 2))
    nameless = services.add_member("???", "3@example.org", "hash")

    assert again.number == ada.number + 1
    assert [ada.handle, again.handle, nameless.handle] == ["ada-plant", "ada-plant-2", "member"]


def test_a_member_at_the_join_page_is_led_home(browser: Browser) -> None:
    assert browser.sign_in(make_member()).get("/join").status_code == 303


def test_eleven_tries_from_one_address_are_too_many(browser: Browser) -> None:
    answers = [browser.post("/join", data=ADA | {"email": f"{n}@example.org"}).status_code for n in range(11)]

    assert answers == [303] * 10 + [429]


# -- by approval


@pytest.fixture
def by_approval(app: object) -> None:
    change_site(registration="approval")


def test_an_administrator_lets_somebody_in(browser: Browser, by_approval: None) -> None:
    page = browser.post(join(browser), follow_redirects=True)
    (application,) = queries.waiting_applications()
    member = services.decide_application(make_officer("administrator"), application.id, approve=True)

    assert "on the list" in page.text
    assert member is not None
    assert member.email == "ada@example.org"
    assert "welcome" in mails_to("ada@example.org")[-1].body
    assert (
        browser.post("/sign-in", data={"email": "ada@example.org", "password": PASSWORD}).status_code == 303
    )


def test_an_application_that_is_declined_keeps_nothing_of_the_person(
    browser: Browser, by_approval: None
) -> None:
    browser.post(join(browser))
    (application,) = queries.waiting_applications()
    services.decide_application(make_officer("administrator"), application.id, approve=False)

    kept = db.session.get_one(Application, application.id)
    assert (kept.name, kept.email, kept.password_hash, kept.state) == ("", f"#{kept.id}", "", "declined")
    assert queries.member_by_email("ada@example.org") is None
    assert "not to accept" in mails_to("ada@example.org")[-1].body


def test_asking_twice_is_one_application(browser: Browser, by_approval: None) -> None:
    first, second = join(browser), join(browser, name="Ada P. Plant")
    browser.post(first)
    browser.fresh().post(second)

    assert [waiting.name for waiting in queries.waiting_applications()] == ["Ada P. Plant"]


def test_only_an_administrator_decides_and_once(browser: Browser, by_approval: None) -> None:
    browser.post(join(browser))
    (application,) = queries.waiting_applications()
    with pytest.raises(Refused):
        services.decide_application(viewer_of(make_member()), application.id, approve=True)
    admin = make_officer("administrator")
    services.decide_application(admin, application.id, approve=False)

    with pytest.raises(Conflict):
        services.decide_application(admin, application.id, approve=True)
    with pytest.raises(Missing):
        services.decide_application(admin, 999, approve=True)


# -- by invitation


def test_who_is_invited_can_join_and_others_are_told_how(browser: Browser) -> None:
    change_site(registration="invitation")
    member = make_member()
    invited = browser.sign_in(member).post(
        "/invite", data={"email": "ada@example.org"}, follow_redirects=True
    )
    assert "on its way" in invited.text
    assert member.name in mails_to("ada@example.org")[0].body

    browser.fresh().post("/join", data=ADA | {"email": "other@example.org"})
    link = join(browser.sign_out())
    assert browser.post(link).status_code == 303

    assert "no invitation yet" in mails_to("other@example.org")[0].body
    assert db.session.scalars(select(Invitation.used_at)).one() is not None


def test_inviting_a_member_or_twice_sends_nothing_and_reads_the_same(browser: Browser) -> None:
    make_member(email="known@example.org")
    browser.sign_in(make_member())
    pages = [
        browser.post("/invite", data={"email": email}, follow_redirects=True).text.count("on its way")
        for email in ("known@example.org", "new@example.org", "new@example.org")
    ]

    assert pages == [1, 1, 1]
    assert len(mails_to("known@example.org")) == 0
    assert len(mails_to("new@example.org")) == 1


def test_a_suspended_member_or_a_guest_invites_nobody(browser: Browser) -> None:
    browser.sign_in(make_member(state="suspended"))

    assert browser.post("/invite", data={"email": "a@example.org"}).status_code == 403
    assert browser.fresh().get("/invite").status_code == 303


def test_twenty_invitations_a_day(app: object) -> None:
    member = make_member()
    for number in range(20):
        saved(Invitation(invited_by_id=member.id, email=f"{number}@example.org", created_at=clock.now()))

    with pytest.raises(TooMany):
        services.invite(viewer_of(member), "one-more@example.org")


def test_joining_is_told_to_other_features(browser: Browser) -> None:
    browser.post(join(browser))

    assert "MemberJoined" in db.session.scalars(select(EventRow.name)).all()
