"""What follows here from what happens to members."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.members.events import MemberChanged, MemberErased, MemberSuspended
from iocop.members.export import pack
from iocop.organizations import queries, services
from iocop.organizations.models import Affiliation, MemberCard
from tests.organizations.factories import make_affiliation
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from iocop.core.events import Event

pytestmark = pytest.mark.usefixtures("app")


@pytest.mark.parametrize("kind", [MemberChanged, MemberSuspended])
def test_a_card_follows_its_member_in_the_same_act(kind: type[Event]) -> None:
    bob = cast().bob

    with act():
        bob.name, bob.state = "Bob Beech", "suspended"
        emit(kind(actor_id=bob.id, member_id=bob.id))  # type: ignore[call-arg]

    card = db.session.get_one(MemberCard, bob.id)
    assert (card.name, card.state, card.organization_name) == ("Bob Beech", "suspended", "Acme")


def test_erasure_leaves_ids_and_days_and_nothing_to_be_told_by() -> None:
    people = cast()
    bob = seen_by(people.bob)
    (row,) = queries.current_rows(people.bob.id)
    services.correct_affiliation(bob, row.id, "Secret title", date(2019, 1, 1))

    with act():
        people.bob.state, people.bob.name = "erased", "anon-7"
        emit(MemberErased(actor_id=bob.id, member_id=bob.id, with_texts=False))

    rows = db.session.scalars(select(Affiliation).where(Affiliation.member_id == bob.id)).all()
    assert {(each.title, each.visibility, each.verified_domain) for each in rows} == {("", "self", "")}
    card = db.session.get_one(MemberCard, bob.id)
    assert (card.name, card.organization_name, card.organization_verified) == ("anon-7", "", False)
    assert queries.affiliations_of([bob.id], seen_by(people.charlie)) == []
    assert queries.stamp(bob.id, None, clock.now()).organization_id == people.acme.id


def test_the_export_holds_every_row_ever_recorded() -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    services.correct_affiliation(seen_by(people.bob), row.id, "Chief", date(2019, 1, 1))
    make_affiliation(people.bob, people.rival, visibility="self", is_main=False)

    with zipfile.ZipFile(BytesIO(pack(people.bob.id))) as packed:
        given = json.loads(packed.read("affiliations.json"))

    assert [(each["organization"], each["title"]) for each in given] == [
        ("Acme", "Engineer"),
        ("Acme", "Chief"),
        ("Rival", "Engineer"),
    ]
    assert given[0]["superseded_at"] is not None
    assert given[1]["valid_from"] == "2019-01-01"
