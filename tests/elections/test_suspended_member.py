"""Each form of elections that a suspended member can still reach, asked where it would be taken."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine

from iocop.core import clock
from iocop.core.db import act
from iocop.elections.queries.elections import candidates, complaints
from iocop.elections.services.plain import new_code
from tests.elections.factories import BEGINS, brought_to
from tests.elections.held import Held, hold
from tests.factories import make_member

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")
MARKS = {"code": new_code(), "mark-1": "1", "mark-2": "2", "mark-3": "0"}


def suspend(member: Member) -> None:
    with act():
        member.state, member.suspended_until = "suspended", clock.now() + timedelta(days=9)


def asked_for_token(browser: Browser, held: Held, member: Member) -> int:
    seat = browser.fresh().sign_in(member)
    csrf = json.loads(seat.get(f"/elections/{held.id}/booth.json").data)["csrf"]
    answer = seat.client.post(
        f"/elections/{held.id}/token", data=json.dumps({"blinded": held.blinded(member).hex()}),
        content_type="application/json", headers={"X-CSRFToken": csrf},
    )  # fmt: skip
    return answer.status_code


def test_no_token_is_given_and_no_ballot_sealed_while_suspended_but_an_issued_token_votes(
    browser: Browser,
) -> None:
    held = hold(4, plain_ballots=True)
    sue, early, tom, ann = held.voters
    wire = held.wire(early, (1, 2, 3))  # the token was issued before
    for member in (sue, early):
        suspend(member)
    plain = f"/elections/{held.id}/plain"

    assert asked_for_token(browser, held, tom) == 200, "the poll is open"
    assert asked_for_token(browser, held, sue) == 403
    assert "It counts." in browser.fresh().sign_in(ann).post(plain, MARKS).text, "and takes such ballots"
    refused = browser.fresh().sign_in(sue).post(plain, MARKS)
    assert refused.status_code == 403
    assert "While you are suspended no token is issued to you" in refused.text
    sent = browser.fresh().client.post(
        f"/elections/{held.id}/ballots", data=wire, content_type="application/octet-stream"
    )
    assert sent.status_code == 200


def test_a_complaint_is_taken_from_a_suspended_member(browser: Browser) -> None:
    held = hold(3)
    suspend(held.voters[0])
    address = f"/elections/{held.id}/complaints"
    sent = browser.sign_in(held.voters[0]).post(address, {"text": "I was taken off the roll."})
    assert sent.status_code == 303
    assert [row.member_id for row in complaints(held.id)] == [held.voters[0].id]


def test_nobody_is_proposed_by_a_suspended_member_while_nominations_are_open(browser: Browser) -> None:
    with time_machine.travel(BEGINS, tick=False) as traveller:
        election = brought_to("nominations", traveller)
        sue, tom, ann = (make_member(joined_at=BEGINS - timedelta(days=900)) for _ in range(3))
        suspend(sue)
        address = f"/elections/{election.id}/nominate"

        refused = browser.sign_in(sue).post(address, {"member": f"@{ann.handle}"})
        assert refused.status_code == 422
        assert "While you are suspended you cannot do this." in refused.text
        assert candidates(election.id) == []
        assert browser.fresh().sign_in(tom).post(address, {"member": f"@{ann.handle}"}).status_code == 303
        assert [row.member_id for row in candidates(election.id)] == [ann.id]
