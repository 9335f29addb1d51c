"""What a member's own export tells of elections, and what erasure leaves of them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core.db import db
from iocop.elections.models import ElectionComplaint, Nomination, RollEntry
from iocop.elections.sealing import rolls
from iocop.elections.services import complaining, nominating
from iocop.members.export import pack
from iocop.members.services.leaving import erase
from tests.elections.factories import brought_to, stand
from tests.elections.held import entries, hold
from tests.factories import viewer_of
from tests.people import person

if TYPE_CHECKING:
    from iocop.members.models import Member

pytestmark = pytest.mark.usefixtures("app")


def exported(member: Member, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(pack(member.id))) as packed:
        return json.loads(packed.read(f"{name}.json"))


def test_the_export_tells_of_the_roll_and_the_token_and_nothing_of_a_vote() -> None:
    held = hold(2)
    voted, silent = held.voters
    taken = held.vote(voted, 1, 2, 3)
    [row] = exported(voted, "elections")
    assert (row["election"], row["token_issued"]) == ("Board", True)
    assert exported(silent, "elections")[0]["token_issued"] is False
    everything = pack(voted.id)
    with zipfile.ZipFile(io.BytesIO(everything)) as packed:
        assert not any(taken.ballot.hex().encode() in packed.read(name) for name in packed.namelist())


def test_the_export_has_what_a_member_wrote_as_candidate_and_complainant(time_machine: Any) -> None:
    ada, bob = person("Ada Ask"), person("Bob Best")
    election = brought_to("nominations", time_machine)
    stand(election, ada, "accepted", statement="Pumps for all.", interests="None.")
    nominating.second(viewer_of(bob), election.id, db.session.query(Nomination).one().id)
    complaining.complain(viewer_of(ada), election.id, "Too short.")
    assert exported(ada, "nominations")[0]["statement"] == "Pumps for all."
    assert exported(ada, "complaints")[0]["text"] == "Too short."
    assert exported(bob, "secondings")[0]["election"] == election.title
    assert exported(bob, "nominations") == []


def test_erasure_destroys_the_salt_and_the_leaf_stays_on_the_roll() -> None:
    held = hold(3)
    gone = held.voters[0]
    held.token(gone)
    entry = next(row for row in entries(held) if row.member_id == gone.id)
    leaf = entry.leaf
    erase(viewer_of(gone))
    left = db.session.get_one(RollEntry, entry.id, populate_existing=True)
    assert (left.member_id, left.salt, left.leaf) == (None, None, leaf)
    assert rolls.root(rolls.ordered(row.leaf for row in entries(held))) == held.freeze.roll_root


def test_who_is_erased_during_nominations_withdraws_and_leaves_no_words(time_machine: Any) -> None:
    ada = person("Ada Ask")
    election = brought_to("nominations", time_machine)
    row = stand(election, ada, "accepted", statement="Pumps for all.", interests="A pump.")
    complaining.complain(viewer_of(ada), election.id, "Too short.")
    erase(viewer_of(ada))
    left = db.session.get_one(Nomination, row.id, populate_existing=True)
    assert (left.state, left.statement, left.interests) == ("withdrawn", "", "")
    complaint = db.session.query(ElectionComplaint).populate_existing().one()
    assert (complaint.member_id, complaint.text) == (None, "")


def test_who_stands_in_a_freeze_stays_in_it_without_their_words() -> None:
    held = hold(2)
    ada = person("Ada Ask")
    row = stand(held.election, ada, "admitted", statement="Pumps for all.", number=1)
    erase(viewer_of(ada))
    left = db.session.get_one(Nomination, row.id, populate_existing=True)
    assert (left.state, left.number, left.statement) == ("admitted", 1, "")
