"""Voting without JavaScript, where the rules allow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iocop.core import errors
from iocop.core.db import db
from iocop.elections.box.store import Box
from iocop.elections.queries import casting, counted
from iocop.elections.sealing import codes
from iocop.elections.services import boxes
from iocop.elections.services.plain import cast_plain, new_code
from tests.elections.held import hold
from tests.factories import viewer_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def code_of(page: BeautifulSoup) -> str:
    """The voting code in the form, which is the one shown."""
    code = str(page.select_one("input[name=code]")["value"])  # type: ignore[index]
    assert code in page.get_text()
    return code


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
    form = {"code": code_of(browser.page(address)), "mark-1": "2", "mark-2": "1", "mark-3": "0"}
    cast = browser.post(address, form)
    assert "It counts." in cast.text
    assert "issued to you already" in browser.get(address).text
    again = browser.post(address, form | {"code": new_code()})
    assert again.status_code == 409
    held.vote(held.voters[1], 1, 2, 3)
    held.close()
    held.give_keys(2, 3)
    held.count()
    result = counted.result_of(held.id)
    assert result is not None
    assert (result.counted, result.server_sealed) == (2, 1)
    assert any(row.marks == (2, 1, 0) for row in counted.opened(held.id))


@pytest.mark.parametrize(
    ("rule", "marks", "words"),
    [
        ("scottish", "103", "A rank is left out"),
        ("scottish", "203", "A rank is left out"),
        ("block", "111", "You marked 3; at most 2 can be marked."),
        ("plurality", "101", "You marked 2; at most 1 can be marked."),
    ],
)
def test_what_would_be_spoilt_is_told_before_it_is_cast_once_and_for_all(
    rule: str, marks: str, words: str, browser: Browser
) -> None:
    held = hold(1, plain_ballots=True, rules={"rule": rule, "seats": 2})
    address = f"/elections/{held.id}/plain"
    form = {"code": code_of(browser.sign_in(held.voters[0]).page(address))}
    sent = form | {f"mark-{number}": mark for number, mark in enumerate(marks, 1)}

    answer = browser.post(address, sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert casting.issued(held.id) == 0
    assert (
        "It counts."
        in browser.post(
            address, sent | {"mark-2": "2" if rule == "scottish" else "0", "mark-3": "0", "mark-1": "1"}
        ).text
    )


def test_the_same_form_sent_again_is_the_same_ballot_whatever_broke_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held, code = hold(3, plain_ballots=True), new_code()
    member, other = (viewer_of(one) for one in held.voters[:2])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr(Box, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            cast_plain(member, held.id, code, [1, 2, 0])
    assert (casting.issued(held.id), boxes.box_of(held.freeze).count()) == (1, 0)

    taken = cast_plain(member, held.id, code, [1, 2, 0])
    assert cast_plain(member, held.id, code, [1, 2, 0]) == taken, "the answer was lost"
    with pytest.raises(errors.Invalid, match="without its voting code"):
        cast_plain(other, held.id, "", [1, 2, 0])
    with pytest.raises(errors.Conflict, match="counts as it was cast"):
        cast_plain(member, held.id, code, [2, 1, 0])
    with pytest.raises(errors.Conflict, match="another voting code"):
        cast_plain(member, held.id, new_code(), [1, 2, 0])
    assert (casting.issued(held.id), boxes.box_of(held.freeze).count()) == (1, 1)
    held.close()
    assert cast_plain(member, held.id, code, [1, 2, 0]) == taken, "also after the close"
    with pytest.raises(errors.Gone):
        cast_plain(other, held.id, new_code(), [1, 2, 0])


def test_nothing_of_the_code_is_stored(browser: Browser) -> None:
    held = hold(2, plain_ballots=True)
    address = f"/elections/{held.id}/plain"
    code = code_of(browser.sign_in(held.voters[0]).page(address))
    answer = browser.post(address, {"code": code, "mark-1": "1", "mark-2": "0", "mark-3": "0"})
    assert "It counts." in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    own = codes.voter(codes.read(code), held.freeze)
    with db.engine.connect() as connection:
        kept = [str(row) for table in db.metadata.sorted_tables for row in connection.execute(table.select())]
    for secret in (codes.read(code), own.seed, own.key):
        assert not any(repr(secret)[2:-1] in row or secret.hex() in row for row in kept)
    assert not any(code in row for row in kept)


def test_it_is_off_unless_the_rules_enable_it(browser: Browser) -> None:
    held = hold(2)
    with pytest.raises(errors.Refused, match="booth alone"):
        cast_plain(viewer_of(held.voters[0]), held.id, new_code(), [1, 0, 0])
    assert browser.sign_in(held.voters[0]).get(f"/elections/{held.id}/plain").status_code == 403


def test_who_has_a_token_votes_in_the_booth() -> None:
    held = hold(2, plain_ballots=True)
    held.token(held.voters[0])
    with pytest.raises(errors.Conflict, match="voting code"):
        cast_plain(viewer_of(held.voters[0]), held.id, new_code(), [1, 0, 0])
    held.close()
    with pytest.raises(errors.Gone):
        cast_plain(viewer_of(held.voters[1]), held.id, new_code(), [1, 0, 0])


def test_the_register_is_public_and_says_nothing_but_leaves(browser: Browser) -> None:
    held = hold(2)
    held.token(held.voters[0])
    content = browser.get(f"/elections/{held.id}/register.bin").data
    assert len(content) == 800
    assert held.blinded(held.voters[0]) in content
