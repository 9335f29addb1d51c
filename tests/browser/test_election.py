"""An election at a real browser: an officer's keys from the button to the count, and a voter without a mouse."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import expect

from iocop.core import clock
from iocop.elections import life
from iocop.elections.queries.elections import document, officers
from iocop.elections.queries.rules import rules_on
from iocop.elections.sealing import chains, edwards, exchange
from iocop.elections.services import counting, keying, uploading
from tests.browser.person import Person
from tests.browser.site import Site
from tests.elections.factories import brought_to, done, key_of, make_officers, signature_of
from tests.elections.served import cookie_of, served
from tests.factories import viewer_of
from tests.people import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from iocop.elections.models import Election
    from iocop.members.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.only("sqlite")]

PASSPHRASE = "seven calm valves sing"
AHEAD = timedelta(minutes=1)
"""How long before the test begins the poll could open: the served site has no other clock."""


class Hall:
    """The served site, and who sits at a browser there."""

    def __init__(self, app: Flask, chromium: Browser, address: str, folder: Path) -> None:
        self.app, self.chromium, self.site = app, chromium, Site(address, folder)
        self.seated: list[Person] = []

    def seat(self, member: Member) -> Person:
        name, _, value = cookie_of(self.app, member).partition("=")
        someone = Person(self.chromium, self.site)
        someone.context.add_cookies([{"name": name, "value": value, "url": self.site.address}])
        self.seated.append(someone)
        return someone


@pytest.fixture
def hall(app: Flask, chromium: Browser, tmp_path: Path) -> Iterator[Hall]:
    with served(app, tmp_path) as shipped:
        opened = Hall(app, chromium, f"http://127.0.0.1:{shipped.port}", tmp_path)
        yield opened
        for someone in opened.seated:
            someone.close()
    found = [complaint for someone in opened.seated for complaint in someone.complaints.found]
    assert [complaint for complaint in found if not re.match("404: .*/ballots/", complaint)] == []


def campaigning(people: list[Member], candidates: list[Member]) -> Election:
    """An election whose poll is to open about now, and that is not frozen yet."""
    now = clock.now()
    begins = now - AHEAD - (life.proposed("board", now, rules_on("board", now.date())).opens_at - now)
    with time_machine.travel(begins - timedelta(days=3), tick=False) as traveller:
        return brought_to("campaign", traveller, people, begins=begins, candidates=candidates, seats=1)


def make_keys(olga: Person, election: Election, file: Path) -> None:
    """Make keys with the button of the desk, and save the file."""
    page = olga.page
    page.goto(f"/elections/{election.id}/desk")
    page.get_by_role("link", name="Make my keys").first.click()
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_label("The passphrase once more").fill(PASSPHRASE)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Make my keys and save the file").click()
    saved.value.save_as(file)
    page.get_by_role("button", name="Send the public part").click()
    expect(page.locator("main")).to_contain_text("Desk:")


def load_keys(olga: Person, link: str, file: Path, send: str) -> None:
    """Load the saved file from the desk, look at what was checked, and send what was signed."""
    page = olga.page
    page.get_by_role("link", name=link).click()
    page.get_by_label("Key file").set_input_files(file)
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Check and sign").click()
    expect(page.locator("[data-act-hash]")).to_have_text(re.compile("[0-9a-f]{64}"))
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Desk:")


def give_other_keys(election: Election, people: list[Member]) -> None:
    """Let the officers who sit at no browser give theirs."""
    for row, member in list(zip(officers(election.id), people, strict=True))[1:]:
        keying.give_keys(
            viewer_of(member),
            election.id,
            exchange.public(key_of(row, "encryption")),
            edwards.public(key_of(row, "signing")),
            key_of(row, "nonce"),
        )


def open_poll(olga: Person, election: Election, people: list[Member], file: Path) -> None:
    with time_machine.travel(election.opens_at - AHEAD, tick=False):
        done(election, "freeze", people)
    olga.page.reload()
    load_keys(olga, "Load my key file and sign", file, "Send the signature")
    for row, member in list(zip(officers(election.id), people, strict=True))[1:]:
        keying.sign_opening(viewer_of(member), election.id, signature_of(election, row))
    done(election, "open_voting", people)


def rank(voter: Person, number: int, choice: str) -> None:
    voter.tab_to(voter.page.locator(f'[data-number="{number}"] select'))
    voter.page.keyboard.type(choice)


def cast(voter: Person) -> str:
    """Review, seal and cast; return the hash on the receipt."""
    voter.press(voter.page.get_by_role("button", name="Review my ballot"))
    voter.press(voter.page.get_by_role("button", name="Seal and cast"))
    expect(voter.page.get_by_role("heading", level=1)).to_have_text("Your ballot is cast")
    shown = voter.page.locator(".receipt").inner_text()
    found = re.search(r"[0-9a-f]{64}", re.sub(r"\s", "", shown))
    assert found is not None, shown
    return found[0]


def vote_by_keyboard(voter: Person, election: Election) -> tuple[str, str]:
    """From the election's page through the booth, twice, without touching a mouse; return both hashes."""
    page = voter.page
    page.goto(f"/elections/{election.id}")
    voter.press(page.get_by_role("link", name="Open the booth"))
    voter.press(page.get_by_role("button", name="Begin"))
    code = str(page.locator(".voting-code").text_content())
    voter.press(page.get_by_label("I have saved or printed it"), "Space")
    voter.type("Type the last four letters", code[-4:])
    voter.press(page.get_by_role("button", name="Fetch my voting token"))
    expect(page.locator(".candidates")).to_be_visible()
    rank(voter, 1, "1")
    first = cast(voter)
    voter.press(page.get_by_role("button", name="Vote again"))
    expect(page.locator(".candidates")).to_be_visible()
    rank(voter, 2, "1")
    rank(voter, 1, "2")
    return first, cast(voter)


def close(olga: Person, election: Election, people: list[Member], file: Path) -> None:
    """Close, let the first officer give the key by the file and the third without, and count."""
    with time_machine.travel(election.closes_at, tick=False):
        done(election, "close_voting", people)
    olga.page.goto(f"/elections/{election.id}/desk")
    load_keys(olga, "Load my key file and give the key", file, "Give the key")
    row = officers(election.id)[2]
    sealed = document(election.id, "sealed.json")
    assert sealed is not None
    signature = edwards.sign(key_of(row, "signing"), chains.closing_message(bytes.fromhex(sealed.hash)))
    uploading.give_key(viewer_of(people[2]), election.id, key_of(row, "encryption"), signature)
    counting.open_what_can_be()
    with time_machine.travel(election.closes_at, tick=False):
        done(election, "count", people)


def test_an_officer_opens_with_a_saved_file_and_a_voter_votes_twice_by_keyboard(
    hall: Hall, tmp_path: Path
) -> None:
    people, standing = make_officers(), [person("Ann Ahorn"), person("Bela Birke")]
    election, file = campaigning(people, standing), tmp_path / "keys.json"
    olga, voter = hall.seat(people[0]), hall.seat(person("Vic Vogelbeer"))
    make_keys(olga, election, file)
    assert "scrypt" in file.read_text()
    give_other_keys(election, people)
    open_poll(olga, election, people, file)

    first, last = vote_by_keyboard(voter, election)
    close(olga, election, people, file)

    page = voter.page
    page.goto(f"/elections/{election.id}/result")
    expect(page.locator("main")).to_contain_text("Elected: Bela Birke")
    page.goto(f"/elections/{election.id}/opened?hash={last}")
    expect(page.locator("main")).to_contain_text("1. Bela Birke · 2. Ann Ahorn")
    page.goto(f"/elections/{election.id}/opened?hash={first}")
    expect(page.locator("main")).to_contain_text("never opened")
