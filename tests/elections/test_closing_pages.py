"""From the close to the certificate, at the desk: the box is sealed, two keys open it, the result stands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core.db import db
from iocop.elections.models import Election, ElectionAct
from iocop.elections.queries.elections import document, officers
from iocop.elections.sealing import edwards
from iocop.elections.sealing.chains import closing_message
from iocop.elections.services import boxes
from tests.elections.factories import BEGINS, brought_to, key_of, make_officers
from tests.people import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.elections.models import ElectionOfficer
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGINS - timedelta(days=7), tick=False) as traveller:
        yield traveller


def both(browser: Browser, people: list[Member], election: Election, verb: str) -> str:
    """One officer proposes in the browser, another confirms; return what the second reads."""
    browser.sign_in(people[0]).post(f"/elections/{election.id}/desk/{verb}")
    row = db.session.scalars(select(ElectionAct).order_by(ElectionAct.id.desc()).limit(1)).one()
    answer = browser.sign_in(people[1]).post(f"/elections/acts/{row.id}/confirm", follow_redirects=True)
    return " ".join(answer.text.split())


def private(election: Election, own: ElectionOfficer, number: int = 0) -> dict[str, str]:
    """What the script of keys would send for an officer."""
    sealed = document(election.id, "sealed.json")
    assert sealed is not None
    signature = edwards.sign(key_of(own, "signing"), closing_message(bytes.fromhex(sealed.hash)))
    key = key_of(own, "encryption") if not number else bytes([number]) * 32
    return {"signature": signature.hex(), "key": key.hex(), "sealed": sealed.hash}


def test_officers_close_the_poll_open_the_box_and_certify(
    browser: Browser, traveller: time_machine.Traveller
) -> None:
    people = make_officers()
    person("Bob Birch")
    election = brought_to("voting", traveller, people)
    boxes.destroy(election.id)
    path = f"/elections/{election.id}/desk/open"
    assert browser.sign_in(people[0]).get(path).status_code == 403
    traveller.move_to(election.closes_at)
    assert "Confirmed and done" in both(browser, people, election, "close_voting")
    first, _second, third = officers(election.id)
    assert "2 more officers give" in browser.page(f"/elections/{election.id}/desk").text
    browser.sign_in(people[0]).page(path)
    assert "not the key you made" in browser.post(path, private(election, first, number=9)).text
    assert browser.post(path, private(election, first)).status_code == 303
    assert "Not enough officers" in both(browser, people, election, "count")
    row = db.session.scalars(select(ElectionAct).order_by(ElectionAct.id.desc()).limit(1)).one()
    assert browser.sign_in(people[2]).post(path, private(election, third)).status_code == 303
    browser.post(f"/elections/acts/{row.id}/confirm")
    assert db.session.get_one(Election, election.id).state == "counted"

    traveller.move_to(election.complaints_until)
    both(browser, people, election, "certify")

    stands = db.session.get_one(Election, election.id)
    assert stands.state == "certified"
    assert "nobody was elected" in stands.certificate  # nobody voted
    assert "Certificate of election" in browser.sign_out().page(f"/elections/{election.id}/acts").text
