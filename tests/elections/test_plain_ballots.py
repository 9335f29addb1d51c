"""Voting without JavaScript, where the rules allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.core import errors
from iocop.elections.queries import counted
from iocop.elections.services.plain import cast_plain
from tests.elections.held import hold
from tests.factories import viewer_of

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def test_a_ballot_the_server_seals_is_cast_once_flagged_and_counted(browser: Browser) -> None:
    held = hold(3, plain_ballots=True)
    browser.sign_in(held.voters[0])
    address = f"/elections/{held.id}/plain"
    assert "you trust it for that moment" in browser.get(address).text
    twice = browser.post(address, {"mark-1": "1", "mark-2": "1", "mark-3": "0"})
    assert twice.status_code == 422
    assert "same rank" in twice.text
    wrong = browser.post(address, {"mark-1": "9", "mark-2": "x", "mark-3": "0"})
    assert wrong.status_code == 422
    cast = browser.post(address, {"mark-1": "2", "mark-2": "1", "mark-3": "0"})
    assert "It counts." in cast.text
    again = browser.post(address, {"mark-1": "1", "mark-2": "0", "mark-3": "0"})
    assert again.status_code == 409
    held.vote(held.voters[1], 1, 2, 3)
    held.close()
    held.give_keys(2, 3)
    held.count()
    result = counted.result_of(held.id)
    assert result is not None
    assert (result.counted, result.server_sealed) == (2, 1)
    assert any(row.marks == (2, 1, 0) for row in counted.opened(held.id))


def test_it_is_off_unless_the_rules_enable_it(browser: Browser) -> None:
    held = hold(2)
    with pytest.raises(errors.Refused, match="booth alone"):
        cast_plain(viewer_of(held.voters[0]), held.id, [1, 0, 0])
    assert browser.sign_in(held.voters[0]).get(f"/elections/{held.id}/plain").status_code == 403


def test_who_has_a_token_votes_in_the_booth() -> None:
    held = hold(2, plain_ballots=True)
    held.token(held.voters[0])
    with pytest.raises(errors.Conflict, match="voting code"):
        cast_plain(viewer_of(held.voters[0]), held.id, [1, 0, 0])
    held.close()
    with pytest.raises(errors.Gone):
        cast_plain(viewer_of(held.voters[1]), held.id, [1, 0, 0])


def test_the_register_is_public_and_says_nothing_but_leaves(browser: Browser) -> None:
    held = hold(2)
    held.token(held.voters[0])
    content = browser.get(f"/elections/{held.id}/register.bin").data
    assert len(content) == 800
    assert held.blinded(held.voters[0]) in content
