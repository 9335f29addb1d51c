"""Erased members, claimed authors and the export of one's own: what stays, what goes, what is handed over."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, select, text

from iocop.contributions.models import Attachment, Contribution, Draft, Follow, Mark, ReadMark, Revision
from iocop.contributions.services import (
    attach,
    follow,
    mark,
    note_read,
    revise,
    save_draft,
    set_state,
    withdraw_mark,
)
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.text.quote import quote
from iocop.members.events import MemberClaimed, MemberErased
from iocop.members.export import pack
from iocop.members.models import Member
from iocop.members.services import erase
from tests.contributions.factories import make_contribution, make_office
from tests.contributions.test_contribute import events
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from flask import Flask

NAME, HANDLE = "Zebediah Quillfeather", "zebediah-q"


def zebediah() -> Member:
    return make_member(name=NAME, handle=HANDLE)


def everything_kept() -> str:
    """Return all that stands in the contributions' tables, as one text."""
    db.session.rollback()
    with db.engine.connect() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name in CONTRIBUTIONS_TABLES]
        rows = [tuple(row) for name in tables for row in connection.execute(text(f"select * from {name}"))]
    return repr(rows)


CONTRIBUTIONS_TABLES = {
    table.__tablename__ for table in (Contribution, Revision, Mark, Attachment, Draft, Follow, ReadMark)
}


def test_an_erased_member_is_named_in_nobodys_text(app: Flask) -> None:
    member = zebediah()
    own = make_contribution(member, text="My own words.")
    said = quote("My own words.", author=NAME, url=f"/p/{own.id}")
    bob = make_member()
    other = make_contribution(bob, text=f"{said}Thanks @{HANDLE}, and @{HANDLE}-not-you.")
    revise(viewer_of(bob), other.id, f"{said}Many thanks @{HANDLE}!")
    assert NAME in everything_kept()

    erase(viewer_of(member))

    kept = everything_kept()
    assert NAME not in kept
    assert f"@{HANDLE}!" not in kept
    db.session.expire_all()
    handle = db.session.get_one(Member, member.id).handle
    assert f'">@{handle}</a>!' in other.html
    assert f"@{handle}!" in other.plain
    assert f"@{handle}!" in other.text
    assert f"[…](</p/{own.id}>)" in other.text
    assert "My own words." in own.text
    assert events("Rewritten") == [{"actor_id": member.id, "contribution_ids": [other.id]}]


def test_another_member_whose_handle_begins_alike_is_still_mentioned(app: Flask) -> None:
    member, longer = zebediah(), make_member(handle=f"{HANDLE}-junior")
    other = make_contribution(text=f"@{HANDLE} and @{longer.handle}")

    erase(viewer_of(member))

    db.session.expire_all()
    assert f"@{longer.handle}</a>" in other.html
    assert f"@{HANDLE} " not in other.text


def test_with_the_wish_own_texts_go_and_their_places_stay(app: Flask) -> None:
    member, bob = zebediah(), make_member()
    root = make_contribution(member, text="Secret plan.", title="Secret title")
    revise(viewer_of(member), root.id, "Secret plan two.", "Secret title", "secret reason")
    reply = make_contribution(bob, parent_id=root.id)
    mark(viewer_of(member), reply.id, "works_here", {"conditions": "secret conditions"})
    attach(viewer_of(member), "secret.txt", b"words")
    taken = attach(viewer_of(member), "secret.txt", b"words")
    make_contribution(member, attachment_ids=(taken.id,))

    with act():
        emit(MemberErased(actor_id=member.id, member_id=member.id, with_texts=True))

    assert "secret" not in everything_kept().lower()
    db.session.expire_all()
    assert (root.state, root.position, root.plain) == ("removed", 1, "")
    assert (reply.state, reply.parent_id, reply.works_here) == ("visible", root.id, 0)
    assert events("StateChanged")[0]["contribution_id"] == root.id
    assert db.session.scalars(select(Attachment.removed_at)).all().count(None) == 0


def test_what_only_served_the_member_goes_in_any_case(app: Flask) -> None:
    member = zebediah()
    root = make_contribution()
    follow(viewer_of(member), root.id)
    note_read(viewer_of(member), {root.id: 1})
    save_draft(viewer_of(member), "topic", {"text": "unsaid"})
    mark(viewer_of(member), root.id, "helpful")
    attach(viewer_of(member), "waiting.txt", b"words")

    erase(viewer_of(member))

    db.session.expire_all()
    for table in (Draft, Follow, ReadMark):
        assert db.session.scalars(select(table).where(table.member_id == member.id)).all() == []
    assert root.helpful == 1  # others' points stand
    assert "unsaid" not in everything_kept()
    assert "waiting" not in everything_kept()


def test_an_erased_author_who_was_removed_already_is_not_removed_again(app: Flask) -> None:
    member = zebediah()
    thing = make_contribution(member)
    set_state(viewer_of(member), thing.id, "removed")

    with act():
        emit(MemberErased(actor_id=member.id, member_id=member.id, with_texts=True))

    assert len(events("StateChanged")) == 1


def claimed(imported: Member, member: Member) -> None:
    with act():
        emit(MemberClaimed(actor_id=None, member_id=member.id, imported_id=imported.id))
    db.session.expire_all()


def test_a_claimed_authors_work_is_the_members(app: Flask) -> None:
    author, member = make_member(), make_member()
    thing = make_contribution(author)
    other = make_contribution()
    mark(viewer_of(author), other.id, "helpful")

    claimed(author, member)

    assert thing.author_id == member.id
    assert events("Rewritten")[0]["contribution_ids"] == [thing.id]
    assert db.session.scalars(
        select(Revision.editor_id).where(Revision.contribution_id == thing.id)
    ).all() == [member.id]
    assert db.session.get(Follow, (member.id, thing.id)) is not None
    assert db.session.get(Follow, (author.id, thing.id)) is None
    assert other.helpful == 1


def test_after_a_claim_nobody_has_marked_twice_or_an_own_text(app: Flask) -> None:
    author, member = make_member(), make_member()
    own, other = make_contribution(author), make_contribution()
    follow(viewer_of(member), own.id)
    mark(viewer_of(member), own.id, "helpful")
    for who in (author, member):
        mark(viewer_of(who), other.id, "helpful")
    assert (own.helpful, other.helpful) == (1, 2)

    claimed(author, member)

    assert (own.helpful, other.helpful) == (0, 1)
    withdraw_mark(viewer_of(member), other.id, "helpful")
    assert other.helpful == 0


def test_a_member_takes_everything_they_gave_along(app: Flask) -> None:
    member = zebediah()
    thing = make_contribution(member, text="First.", title="Mine")
    revise(viewer_of(member), thing.id, "Second.", "Mine")
    make_contribution(text="Somebody else's.")
    save_draft(viewer_of(member), "topic", {"text": "unsaid"})
    mark(viewer_of(member), make_contribution().id, "outdated", {"reason": "old"})
    attach(viewer_of(member), "plan.txt", b"words")
    set_state(make_office(make_member()), thing.id, "hidden", "a test")

    with zipfile.ZipFile(io.BytesIO(pack(member.id))) as packed:
        names = ("contributions", "marks", "drafts", "files", "follows")
        found = {name: json.loads(packed.read(f"{name}.json")) for name in names}

    (given,) = found["contributions"]
    assert (given["text"], [row["text"] for row in given["revisions"]]) == ("Second.", ["First.", "Second."])
    assert (given["state"], given["state_reason"]) == ("hidden", "a test")
    assert found["drafts"][0]["text"] == "unsaid"
    assert found["marks"][0]["context"] == {"reason": "old"}
    assert found["files"][0]["name"] == "plan.txt"
    assert found["follows"][0]["root"] == thing.id
    assert "Somebody else" not in json.dumps(found)


@pytest.mark.parametrize("url", ["/p/{}", "http://localhost/p/{}"])
def test_a_quotation_by_full_address_loses_its_name_too(app: Flask, url: str) -> None:
    member = zebediah()
    own = make_contribution(member)
    other = make_contribution(text=quote("Words.", author=NAME, url=url.format(own.id)))

    erase(viewer_of(member))

    db.session.expire_all()
    assert NAME not in other.text + other.html + other.plain
