"""Who wrote elsewhere is an imported author here: named, claimable, unable to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core.db import db
from iocop.core.models import EventRow
from iocop.core.versions import versions
from iocop.imports.events import MembersLoaded
from iocop.imports.people import name_key
from iocop.members import services as members
from iocop.members.models import Member
from iocop.members.numbers import shown
from iocop.organizations.models import MemberCard
from tests.contributions.factories import make_office
from tests.factories import make_member, viewer_of
from tests.imports.dumps import answer, comment, question, turn, user, write
from tests.imports.factories import SOURCE, author, counts, given, imported, make_space, reasons

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.client import Browser


def test_those_who_wrote_become_authors_and_the_silent_stay_away(app: Flask, tmp_path: Path) -> None:
    make_space()
    make_member(handle="reader-1-2")
    people = [user(-1, DisplayName="Community"), user(1, AboutMe="<p>Private</p>"), user(2), user(3)]
    write(tmp_path, Users=people, Comments=[comment(1, 1)])

    (before,) = versions("people")
    files = imported(app, tmp_path)

    member = author("user-1")
    card = db.session.get_one(MemberCard, member.id)
    assert (member.name, member.state, member.email, member.password_hash) == (
        "Reader 1",
        "imported",
        None,
        None,
    )
    assert member.about == ""
    assert (card.name, card.state, card.number, card.handle) == (
        "Reader 1", "imported", member.number, member.handle,
    )  # fmt: skip
    assert counts(files, "Users.xml") == (2, 0, 2)
    assert reasons(files, "Users.xml") == {
        "the other site's own account": 1,
        "accounts that wrote nothing": 1,
    }
    assert versions("people") == (before + 1,)


def test_deleted_accounts_leave_one_author_a_name_and_one_for_all_without(app: Flask, tmp_path: Path) -> None:
    make_space()
    nobody = {"OwnerUserId": ""}
    write(
        tmp_path,
        Posts=[
            question(1, **nobody, OwnerDisplayName="Old Hand"), answer(2, 1, **nobody, OwnerDisplayName=" Old  Hand"),
            answer(3, 1, **nobody), answer(4, 1, OwnerUserId=-1), answer(5, 1, OwnerUserId=44),
        ],
        PostHistory=[turn(1, 1, 2, Text="x", UserId="", UserDisplayName="Mender")],
    )  # fmt: skip

    imported(app, tmp_path)

    old = author(name_key("Old Hand"))
    assert (old.name, given("post-1").author_id, given("post-2").author_id) == ("Old Hand", old.id, old.id)
    assert given("post-1").attribution.startswith("by Old Hand on")
    nameless = author("nobody")
    assert nameless.name == "Former contributor"
    assert {given(f"post-{number}").author_id for number in (3, 4, 5)} == {nameless.id}
    assert given("post-3").attribution.startswith("by an unnamed author on")
    assert author(name_key("Mender")).name == "Mender"


def test_the_search_is_told_of_new_authors_once(app: Flask, tmp_path: Path) -> None:
    make_space()
    write(tmp_path)

    imported(app, tmp_path)

    told = [row.payload for row in db.session.scalars(select(EventRow)) if row.name == MembersLoaded.__name__]
    assert told == [{"actor_id": None, "member_ids": [author("user-1").id]}]


def test_a_claimed_author_says_so_and_what_comes_later_is_the_members(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    make_space()
    write(tmp_path)
    imported(app, tmp_path)
    member = make_member(number=9_001)
    administrator = make_office(make_member(number=9_002), "administrator")
    claim = members.claim(viewer_of(member), author("user-1").id, "my page there")
    members.decide_claim(administrator, claim.id, approve=True)
    write(tmp_path, Posts=[question(1), answer(2, 1, OwnerUserId=1)])

    imported(app, tmp_path)

    assert given("post-2").author_id == member.id
    page = browser.page(f"/id/{shown(member.number)}")
    assert f"Wrote elsewhere: as Reader 1 on {SOURCE}." in page.text


def test_an_author_who_was_not_claimed_can_be(app: Flask, browser: Browser, tmp_path: Path) -> None:
    make_space()
    write(tmp_path)
    imported(app, tmp_path)
    number = shown(author("user-1").number)

    page = browser.sign_in(make_member(number=9_001)).page(f"/id/{number}")

    assert f"These texts came from {SOURCE}." in page.text
    assert page.find("a", href=f"/id/{number}/claim") is not None


def test_a_taken_handle_is_not_given_again(app: Flask, tmp_path: Path) -> None:
    make_space()
    joined = make_member()
    next_one = db.session.scalars(select(Member.number)).one() + 2
    make_member(number=next_one - 1, handle=f"reader-1-{next_one}")
    write(tmp_path)

    imported(app, tmp_path)

    assert joined.id
    assert author("user-1").handle.startswith("author-")
