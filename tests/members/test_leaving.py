"""Leaving and coming back; own data; erasure; suspension; claims."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict, Invalid, Missing, Refused
from iocop.core.login import GUEST
from iocop.core.mail import mail_folder, send_due
from iocop.core.models import EventRow
from iocop.members import export, policy, queries, services
from iocop.members.models import Claim, Member
from iocop.members.numbers import shown
from iocop.members.services import standing
from tests.factories import make_member, viewer_of
from tests.members.factories import PASSWORD, link_in, mails_to, make_account
from tests.members.people import make_officer
from tests.members.test_profile import at, picture

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser


def events() -> list[str]:
    return list(db.session.scalars(select(EventRow.name)))


@pytest.mark.theory("0.3d")
def test_leaving_is_one_press_with_the_export_offered_first(browser: Browser) -> None:
    ada = make_account(about="About Ada")
    elsewhere = services.open_session(ada.id, "elsewhere")
    page = browser.sign_in(ada).page("/settings/own-data")
    words = page.select_one("main").text  # type: ignore[union-attr]
    packed = browser.get("/settings/own-data/export")
    left = browser.post("/settings/leave")

    assert words.index("Download your data") < words.index("Leave now")
    assert "member.json" in zipfile.ZipFile(io.BytesIO(packed.data)).namelist()
    assert left.status_code == 303
    assert queries.viewer_by_token(elsewhere) is None
    assert queries.live_sessions(ada.id) == []
    assert browser.get("/settings").status_code == 303
    assert db.session.get_one(Member, ada.id).state == "left"


@pytest.mark.theory("0.3d")
def test_nobody_but_the_member_closes_or_opens_a_membership(app: Flask) -> None:
    """Whoever acts can end only their own: no act of leaving or erasing takes another member."""
    import inspect

    for act in (services.leave, services.erase):
        assert "member_id" not in inspect.signature(act).parameters
    with pytest.raises(Refused):
        services.leave(GUEST)


def test_who_left_is_offered_to_return(browser: Browser) -> None:
    ada = make_account(name="Ada Plant")
    services.leave(viewer_of(ada))
    answer = browser.post("/sign-in", data={"email": ada.email, "password": PASSWORD})
    browser.page("/sign-in/return")
    back = browser.post("/sign-in/return", follow_redirects=True)

    assert answer.location == "/sign-in/return"
    assert "Welcome back" in back.text
    assert "Ada Plant" in browser.page("/me").text
    assert {"MemberLeft", "MemberReturned"} <= set(events())


def test_the_offer_to_return_works_once_and_only_for_who_left(browser: Browser) -> None:
    ada = make_account()
    ticket = services.issue_ticket("return", timedelta(minutes=1), ada.id)

    with pytest.raises(Conflict):
        services.come_back(ticket, "tests")
    assert browser.get("/sign-in/return").status_code == 410


def test_a_profile_of_who_left_shows_the_name_alone(browser: Browser) -> None:
    ada = make_member(name="Ada Plant", about_html="<p>private now</p>", state="left")
    text = browser.sign_in(make_member()).page(at(ada)).text

    assert "Ada Plant" in text
    assert "Has left" in text
    assert "private now" not in text


@pytest.mark.parametrize("days", [3, None])
def test_leaving_is_no_way_round_a_suspension(app: Flask, days: int | None) -> None:
    ada = make_account()
    until = clock.now() + timedelta(days=days) if days else None
    services.suspend(make_officer("moderator"), ada.id, until, "Advertising")
    services.leave(viewer_of(ada))
    services.come_back(services.issue_ticket("return", timedelta(minutes=1), ada.id), "tests")

    kept = db.session.get_one(Member, ada.id)
    assert (kept.state, kept.suspended_until) == ("suspended", until)


# -- own data


def test_the_export_holds_what_every_feature_gives_and_no_secret(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_sources", dict(export._sources))
    export.exports("gifts")(lambda member_id: [{"to": member_id, "at": clock.now(), "tags": {"b", "a"}}])
    ada = make_account(name="Ada Plant", totp_secret="JBSWY3DPEHPK3PXP")
    services.change_photo(viewer_of(ada), picture())
    services.open_session(ada.id, "Firefox on Linux")
    packed = zipfile.ZipFile(io.BytesIO(export.pack(ada.id)))
    member = json.loads(packed.read("member.json"))

    assert {"member.json", "sessions.json", "gifts.json", "photo.webp"} <= set(packed.namelist())
    assert (member["name"], member["number"], member["authenticator"]) == (
        "Ada Plant",
        shown(ada.number),
        True,
    )
    assert json.loads(packed.read("gifts.json"))[0]["tags"] == ["a", "b"]
    everything = "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith("json"))
    assert "JBSWY3DPEHPK3PXP" not in everything
    assert "argon2" not in everything


def test_what_is_no_plain_value_is_not_exported_silently() -> None:
    with pytest.raises(TypeError, match="no JSON for object"):
        export.as_json(object())


# -- erasure

SEEDS = ("Zanzibarra", "zanzibarra@secret.example", "SEEDABOUT", "seedlink.example", "SEEDDEVICE", "Pacific/Kiritimati",
         "seednew@secret.example", "SEEDEVIDENCE")  # fmt: skip


def seeded(browser: Browser) -> Member:
    """A member whose every personal field, mail, ticket and session holds a word nobody else has."""
    ada = make_account(
        name="Zanzibarra", handle="zanzibarra", email="zanzibarra@secret.example", about="SEEDABOUT",
        about_html="<p>SEEDABOUT</p>", links=["https://seedlink.example"], time_zone="Pacific/Kiritimati",
    )  # fmt: skip
    services.open_session(ada.id, "SEEDDEVICE")
    services.change_photo(viewer_of(ada), picture())
    services.claim(
        viewer_of(ada), make_member(state="imported", email=None).id, "SEEDEVIDENCE is long enough"
    )
    browser.post("/join", data={"name": "Zanzibarra", "email": ada.email, "password": PASSWORD})
    services.request_email_change(viewer_of(ada), "seednew@secret.example", PASSWORD)
    services.confirm_email_change(link_in(mails_to("seednew@secret.example")[0]).rsplit("/", 1)[1])
    browser.post("/join", data={"name": "Zanzibarra", "email": "other@example.org", "password": PASSWORD})
    services.request_email_change(viewer_of(ada), "zanzibarra@secret.example", PASSWORD)
    return ada


def dump() -> str:
    """Return every value of every table."""
    tables = db.metadata.sorted_tables
    return "\n".join(str(row) for table in tables for row in db.session.execute(select(table)).all())


def test_erasure_leaves_no_personal_word_in_the_database(browser: Browser, app: Flask) -> None:
    ada = seeded(browser)
    photo, number = ada.photo_key, ada.number
    send_due()
    before = dump()
    assert [seed for seed in SEEDS if seed not in before] == []
    browser.sign_in(ada).page("/settings/erase")
    refused = browser.post("/settings/erase", data={"password": "wrong password 1", "texts": "keep"})
    erased = browser.post("/settings/erase", data={"password": PASSWORD, "texts": "keep"})

    db.session.rollback()
    after = "\n".join(
        line for line in dump().splitlines() if "other@example.org" not in line
    )  # somebody else yet
    assert (refused.status_code, erased.status_code) == (422, 303)
    assert [seed for seed in SEEDS if seed in after] == []
    gone = db.session.get_one(Member, ada.id)
    assert (gone.state, gone.name, gone.number) == ("erased", "Former member", number)
    assert gone.handle.startswith("anon")
    assert not any(
        "anzibarra" in path.read_text()
        for path in mail_folder().glob("*.eml")
        if "other@" not in path.read_text()
    )
    assert not (app.extensions["settings"].folder("attachments") / photo).exists()
    assert browser.fresh().get(f"/id/{shown(number)}").status_code == 410
    assert "MemberErased" in events()


@pytest.mark.parametrize(("choice", "with_texts"), [("keep", False), ("remove", True)])
def test_the_own_texts_go_if_the_member_wishes(browser: Browser, choice: str, with_texts: bool) -> None:
    browser.sign_in(make_account()).post("/settings/erase", data={"password": PASSWORD, "texts": choice})

    told = db.session.scalars(select(EventRow.payload).where(EventRow.name == "MemberErased")).one()
    assert told["with_texts"] is with_texts


def test_an_address_is_free_again_after_erasure(browser: Browser) -> None:
    ada = make_account(email="ada@example.org")
    services.erase(viewer_of(ada))

    assert services.add_member("Ada", "ada@example.org", "hash").number == ada.number + 1


# -- suspension


def test_a_moderator_suspends_and_lifts_and_the_member_reads_why(app: Flask) -> None:
    moderator, ada = make_officer("moderator"), make_member()
    services.suspend(moderator, ada.id, None, "Advertising in answers")
    assert viewer_of(ada).suspended
    assert "Advertising in answers" in mails_to(ada.email or "")[0].body
    services.lift(moderator, ada.id)

    assert not viewer_of(ada).suspended
    assert {"MemberSuspended", "SuspensionLifted"} <= set(events())


def test_a_suspension_ends_on_its_day_by_itself(app: Flask) -> None:
    ada = make_member()
    services.suspend(make_officer("moderator"), ada.id, clock.now() + timedelta(days=2), "A pause")
    standing.lift_ended()
    assert viewer_of(ada).suspended
    with time_machine.travel(clock.now() + timedelta(days=2, minutes=1)):
        assert not viewer_of(ada).suspended
        standing.lift_ended()

    assert db.session.get_one(Member, ada.id).state == "active"


def test_who_may_suspend_whom(app: Flask) -> None:
    moderator, ada = make_officer("moderator"), make_member()
    with pytest.raises(Refused):
        services.suspend(viewer_of(make_member()), ada.id, None, "No")
    with pytest.raises(Refused):
        services.suspend(moderator, moderator.id, None, "No")
    with pytest.raises(Refused):
        services.suspend(moderator, make_member(state="left").id, None, "No")
    with pytest.raises(Refused):
        services.lift(viewer_of(make_member()), ada.id)
    with pytest.raises(Refused):
        services.lift(moderator, ada.id)
    for until, reason in ((None, " "), (clock.now() - timedelta(days=1), "Late")):
        with pytest.raises(Invalid):
            services.suspend(moderator, ada.id, until, reason)


# -- claims


@pytest.fixture
def imported(app: Flask) -> Member:
    return make_member(name="chillerman", state="imported", email=None, source="old-forum", source_id="7")


def test_a_member_claims_an_imported_author_and_an_administrator_approves(
    browser: Browser, imported: Member
) -> None:
    ada = make_account()
    browser.sign_in(ada).page(at(imported))
    browser.page(f"{at(imported)}/claim")
    browser.post(f"{at(imported)}/claim", data={"evidence": "My old profile links here"})
    (claim,) = queries.waiting_claims()
    services.decide_claim(make_officer("administrator"), claim.id, approve=True)

    assert db.session.get_one(Member, imported.id).claimed_by_id == ada.id
    assert browser.get(at(imported)).location == at(ada)
    assert "now count as yours" in mails_to(ada.email or "")[-1].body
    told = db.session.scalars(select(EventRow.payload).where(EventRow.name == "MemberClaimed")).one()
    assert (told["member_id"], told["imported_id"]) == (ada.id, imported.id)


def test_a_claim_is_declined(app: Flask, imported: Member) -> None:
    ada = make_member()
    made = services.claim(viewer_of(ada), imported.id, "Trust me, please")
    services.decide_claim(make_officer("administrator"), made.id, approve=False)

    assert db.session.get_one(Member, imported.id).claimed_by_id is None
    assert "could not see" in mails_to(ada.email or "")[-1].body
    assert db.session.get_one(Claim, made.id).state == "declined"


def test_who_may_claim_and_decide(app: Flask, imported: Member) -> None:
    ada, admin = viewer_of(make_member()), make_officer("administrator")
    made = services.claim(ada, imported.id, "My old profile links here")
    other = services.claim(viewer_of(make_member()), imported.id, "Mine as well")
    with pytest.raises(Conflict):
        services.claim(ada, imported.id, "Once more")
    with pytest.raises(Missing):
        services.claim(ada, 9999, "Nobody")
    with pytest.raises(Refused):
        services.decide_claim(ada, made.id, approve=True)
    with pytest.raises(Missing):
        services.decide_claim(admin, 9999, approve=True)
    services.decide_claim(admin, made.id, approve=True)
    for claim_id in (made.id, other.id):
        with pytest.raises(Conflict):
            services.decide_claim(admin, claim_id, approve=True)
    verdicts = [
        policy.may_claim(GUEST, imported),
        policy.may_claim(viewer_of(make_member(state="suspended")), imported),
        policy.may_claim(ada, make_member()),
        policy.may_claim(ada, imported),
        policy.may_change_own(GUEST),
        policy.may_leave(GUEST),
        policy.may_invite(GUEST),
    ]
    assert not any(verdicts)
    assert all(verdict.reason for verdict in verdicts)


def test_a_claim_from_the_command_line(app: Flask, imported: Member) -> None:
    ada, admin = make_member(), make_officer("administrator")
    run = app.test_cli_runner().invoke
    made = run(
        args=[
            "members",
            "claim",
            shown(imported.number),
            "--for",
            shown(ada.number),
            "--evidence",
            "Same address",
        ]
    )
    wrong = run(args=["members", "approve-claim", "1", "--as", shown(ada.number)])
    right = run(args=["members", "approve-claim", "1", "--as", admin.number])
    unknown = run(args=["members", "claim", "123", "--for", shown(ada.number), "--evidence", "x"])
    nobody = run(args=["members", "approve-claim", "1", "--as", "123"])

    assert "Claim 1 waits" in made.output
    assert (wrong.exit_code, "Only an administrator" in wrong.output) == (1, True)
    assert right.output == "Claim 1 is approved.\n"
    assert (unknown.exit_code, nobody.exit_code) == (2, 2)
