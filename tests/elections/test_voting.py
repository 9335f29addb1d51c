"""Tokens and ballots through the site: one token a member, no ballot lost, nobody's vote known."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.core import clock, errors
from iocop.core.db import act, db
from iocop.elections.queries import booth, casting, elections
from iocop.elections.sealing import ballots, chains
from iocop.elections.sealing.refusals import Refused
from iocop.elections.services import boxes, issuing, uploading
from tests.elections.held import entries, hold, issued_leaves
from tests.factories import make_member, viewer_of

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.usefixtures("app")


def test_a_vote_is_acknowledged_with_a_signature_that_holds() -> None:
    held = hold()
    taken = held.vote(held.voters[0], 1, 2, 3)
    assert ballots.check_acknowledgement(held.freeze, taken.ballot, taken.signature)


def test_the_same_request_has_the_same_answer_and_another_one_is_refused() -> None:
    held = hold()
    member = held.voters[0]
    actor = viewer_of(member)
    first = issuing.issue(actor, held.id, held.blinded(member))
    assert issuing.issue(actor, held.id, held.blinded(member)) == first
    held.codes[member.id] = bytes(16)
    with pytest.raises(errors.Conflict, match="for another voting code"):
        issuing.issue(actor, held.id, held.blinded(member))
    held.close()
    del held.codes[member.id]
    assert issuing.issue(actor, held.id, held.blinded(member)) == first, "also after the close"


def test_point_03_who_is_not_on_the_roll_blocked_suspended_or_late_reads_why() -> None:
    held = hold()
    stranger = viewer_of(make_member())
    with pytest.raises(errors.Refused, match="not on the roll"):
        issuing.issue(stranger, held.id, bytes(384))
    blocked = held.voters[0]
    with act():
        entries(held)[0].blocked_reason = "Entered twice, as decided on 3 March."
    with pytest.raises(errors.Refused, match="Entered twice"):
        issuing.issue(viewer_of(blocked), held.id, held.blinded(blocked))
    suspended = held.voters[1]
    with act():
        suspended.state = "suspended"
        suspended.suspended_until = clock.now() + timedelta(days=9)
    with pytest.raises(errors.Refused, match="suspended"):
        issuing.issue(viewer_of(suspended), held.id, held.blinded(suspended))
    held.close()
    with pytest.raises(errors.Gone, match="closed"):
        issuing.issue(viewer_of(held.voters[2]), held.id, held.blinded(held.voters[2]))


def test_a_later_suspension_leaves_an_issued_token_valid() -> None:
    held = hold()
    member = held.voters[0]
    held.token(member)
    with act():
        member.state = "suspended"
        member.suspended_until = clock.now() + timedelta(days=9)
    assert held.vote(member, 1, 0, 0).ballot


def test_the_register_is_a_chain_that_holds() -> None:
    held = hold()
    for member in held.voters[:3]:
        held.token(member)
    rows = list(casting.register(held.id))
    leaves = {entry.leaf for entry in entries(held)}
    head = chains.check_register(rows, leaves, held.freeze)
    assert casting.last_issue(casting.poll_of(held.id)) == (3, head)
    assert len(set(issued_leaves(held))) == 3


def test_point_18_the_highest_revision_counts_and_the_same_bytes_change_nothing() -> None:
    held = hold()
    member, other = held.voters[:2]
    first = held.wire(member, [1, 2, 3])
    held.vote(member, 1, 2, 3)
    assert held.send(first).ballot == held.last[member.id][1], (
        "the network broke, and the browser sends again"
    )
    held.vote(member, 3, 2, 1)
    with pytest.raises(Refused) as refused:
        held.send(first)
    assert refused.value.reason == "superseded"
    held.vote(other, 0, 0, 0)
    held.close()
    held.give_keys(1, 3)
    held.count()
    opened = elections.document(held.id, "opened.csv")
    assert opened is not None
    states = sorted(line.split(",")[1:] for line in opened.content.decode().splitlines()[1:])
    assert states == [["blank", "0 0 0"], ["counted", "3 2 1"], ["superseded", ""]]


def test_what_was_acknowledged_is_acknowledged_again_after_the_close_and_nothing_else_is_taken() -> None:
    held = hold()
    wire = held.wire(held.voters[0], [1, 0, 0])
    before = held.send(wire)
    late = held.wire(held.voters[1], [1, 0, 0])
    held.close()
    assert held.send(wire) == before
    with pytest.raises(errors.Gone, match="acknowledged before the close counts"):
        held.send(late)


def test_a_ballot_whose_body_came_before_the_close_counts_by_the_one_clock() -> None:
    held = hold()
    wire = held.wire(held.voters[0], [1, 0, 0])
    with act():
        held.election.closes_at = clock.now() - timedelta(seconds=1)
    with pytest.raises(errors.Gone):
        held.send(wire)
    with act():
        held.election.closes_at = clock.now() + timedelta(seconds=60)
    assert held.send(wire).ballot


def test_point_08_another_length_is_refused_before_a_byte_is_read() -> None:
    held = hold()

    def unread() -> bytes:
        raise AssertionError("the body was read")

    from iocop.elections.services.casting import cast

    for length in (None, 0, held.freeze.wire_length - 1, held.freeze.wire_length + 1):
        with pytest.raises(Refused) as refused:
            cast(held.id, length, unread)
        assert refused.value.reason == "length"


def test_point_02_a_token_of_one_election_is_none_in_another() -> None:
    held, beside = hold(), hold()
    member = held.voters[0]
    with pytest.raises(errors.Refused, match="not on the roll"):
        issuing.issue(viewer_of(member), beside.id, beside.blinded(member))
    wire = held.wire(member, [1, 2, 3])
    with pytest.raises(Refused) as refused:
        beside.send(wire)
    assert refused.value.reason == "election"
    voter = beside.voter(member)
    from iocop.elections.sealing import plaintexts

    crossed = ballots.seal(
        voter,
        held.token(member),
        plaintexts.encode([1, 2, 3], beside.freeze),
        1,
        ballots.NO_BALLOT,
        beside.freeze,
    )
    with pytest.raises(Refused) as refused:
        beside.send(crossed)
    assert refused.value.reason == "token"


def test_point_06_nobody_opens_a_ballot_before_the_election_is_sealed() -> None:
    held = hold()
    for member in held.voters:
        held.vote(member, 1, 2, 3)
    with pytest.raises(errors.Refused, match="once the election is sealed"):
        uploading.give_key(viewer_of(held.officers[0]), held.id, held.world.encryption[1], bytes(64))
    held.close()
    held.give_keys(1)
    held.count()
    assert elections.document(held.id, "result.json") is None, "one key of two"


def test_another_key_or_a_signature_of_other_heads_is_refused() -> None:
    held = hold()
    held.close()
    actor = viewer_of(held.officers[0])
    with pytest.raises(errors.Invalid, match="not the key you made"):
        uploading.give_key(actor, held.id, held.world.encryption[2], bytes(64))
    with pytest.raises(errors.Invalid, match="not of the final heads"):
        uploading.give_key(actor, held.id, held.world.encryption[1], bytes(64))
    with pytest.raises(errors.Refused, match="Only the officers"):
        held.give_key(viewer_of(held.voters[0]), 1)
    with act():
        held.election.keys_until = clock.now()
    with pytest.raises(errors.Gone):
        held.give_keys(1)


def test_the_close_makes_the_last_block_and_destroys_the_key_that_issued() -> None:
    held = hold(13)
    for member in held.voters:
        held.vote(member, 1, 2, 3)
    held.close()
    board = booth.heads(held.id)
    assert [head.ballots for head in board] == [10, 3]
    box = boxes.box_of(held.freeze)
    assert chains.check_board([box.block(1), box.block(2)], held.freeze) == [head.head for head in board]
    from iocop.elections.models import ElectionSecret

    assert db.session.get_one(ElectionSecret, held.id).issuer_key is None


def test_no_token_is_issued_after_the_register_was_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The election is sealed while a member's token is being signed: the last head says how many there are."""
    held = hold()
    first, second = held.voters[:2]
    held.token(first)
    sign = issuing._signed

    def sealed_meanwhile(election_id: int, blinded: bytes) -> bytes:
        signature = sign(election_id, blinded)
        held.close()
        return signature

    monkeypatch.setattr(issuing, "_signed", sealed_meanwhile)
    with pytest.raises(errors.Gone, match="Voting is closed"):
        issuing.issue(viewer_of(second), held.id, held.blinded(second))
    assert casting.issued(held.id) == 1


def test_a_void_election_forgets_its_ballots_and_keys(app: Flask) -> None:
    from iocop.elections.models import ElectionSecret
    from iocop.elections.services import closing

    held = hold()
    for member in held.voters[:3]:
        held.vote(member, 1, 2, 3)
    with act():
        held.election.state = "void"
        closing.discard(held.election)
    secret = db.session.get_one(ElectionSecret, held.id)
    assert (secret.issuer_key, secret.acknowledger_key) == (None, None)
    assert boxes.box_of(held.freeze).count() == 0
    wire = held.wire(held.voters[0], [1, 2, 3])
    with pytest.raises(errors.Gone, match="void"):
        held.send(wire)
