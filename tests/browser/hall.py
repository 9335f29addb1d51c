"""A site in this process whose clock can be moved, and the people who hold an election there, each at a browser."""

from __future__ import annotations

import re
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from werkzeug.serving import WSGIRequestHandler, make_server

from iocop.core import clock
from iocop.core.db import db
from iocop.elections.models import Election
from tests.browser.person import Person
from tests.browser.site import Site
from tests.elections.served import cookie_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from flask import Flask
    from playwright.sync_api import Browser, Locator

    from iocop.members.models import Member

expect.set_options(timeout=15_000)  # milliseconds: sealing takes the processor, and others test beside us

PASSPHRASE = "seven calm valves sing"


class Clock:
    """The site's clock: it goes on as the real one does, some days ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move_to(self, moment: datetime) -> None:
        self.ahead = max(self.ahead, moment - datetime.now(UTC))


class Quiet(WSGIRequestHandler):
    """Answers without a line for each request, and keeps connections as the shipped server does."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        pass


class Hall:
    """The site, who sits at a browser there, and what went wrong in any of them."""

    def __init__(self, app: Flask, chromium: Browser, address: str, folder: Path) -> None:
        self.app, self.chromium, self.folder = app, chromium, folder
        self.site = Site(address, folder)
        self.clock = Clock()
        self.seated: dict[int, Person] = {}
        self.complaints: list[str] = []

    def sign_in(self, someone: Person, member: Member) -> None:
        """Give the browser a session that begins now: one of another season has run out."""
        name, _, value = cookie_of(self.app, member).partition("=")
        someone.context.add_cookies([{"name": name, "value": value, "url": self.site.address}])

    @contextmanager
    def seat(self, member: Member, *, script: bool = True) -> Iterator[Person]:
        """Let a member sit at a browser of their own, and leave it again."""
        someone = Person(self.chromium, self.site, script=script)
        try:
            self.sign_in(someone, member)
            yield someone
        finally:
            someone.close()
            self.complaints += someone.complaints.found

    def wait_for(self, election_id: int, date: str, officers: dict[Person, Member]) -> None:
        """Let the clock come to one of the election's dates, and the officers sign in anew."""
        db.session.expire_all()
        self.clock.move_to(getattr(db.session.get_one(Election, election_id), date))
        for someone, member in officers.items():
            self.sign_in(someone, member)


@contextmanager
def opened(app: Flask, chromium: Browser, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """Serve the test's site from threads of this process until the body ends; no browser may have complained."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        hall = Hall(app, chromium, f"http://127.0.0.1:{server.server_port}", folder)
        monkeypatch.setattr(clock, "now", hall.clock.now)
        yield hall
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert [found for found in hall.complaints if not re.match("404: .*/ballots/", found)] == []


class Officer:
    """A returning officer at the desk of one election, with a key file at home."""

    def __init__(self, person: Person, member: Member, folder: Path) -> None:
        self.person, self.member, self.page = person, member, person.page
        self.file = folder / f"keys of {member.handle}.json"

    def desk(self, election_id: int) -> None:
        self.page.goto(f"/elections/{election_id}/desk", wait_until="domcontentloaded")

    def press(self, what: Locator) -> None:
        """Press a button, and answer the question it asks, if it does."""
        what.click()
        yes = self.page.get_by_role("button", name="Yes, go on")
        if yes.is_visible():
            yes.click()
        expect(self.page.locator(".flashes")).to_be_visible()

    def propose(self, election_id: int, act: str) -> None:
        self.desk(election_id)
        self.press(self.page.get_by_role("button", name=act, exact=True))

    def confirm(self, election_id: int) -> None:
        """Confirm all that waits for a second officer."""
        self.desk(election_id)
        waiting = self.page.get_by_role("button", name="Confirm and do it")
        for _ in range(waiting.count()):
            self.press(waiting.first)


def make_keys(officers: list[Officer], election_id: int) -> None:
    """Make keys with the button of the desk, all at the same time, and save the files."""
    with ExitStack() as stack:
        saved = []
        for one in officers:
            one.desk(election_id)
            one.page.get_by_role("link", name="Make my keys").first.click()
            one.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
            one.page.get_by_label("The passphrase once more").fill(PASSPHRASE)
            saved.append(stack.enter_context(one.page.expect_download()))
            one.page.get_by_role("button", name="Make my keys and save the file").click()
    for one, file in zip(officers, saved, strict=True):
        file.value.save_as(one.file)
        one.page.get_by_role("button", name="Send the public part").click()
        expect(one.page.get_by_role("heading", level=1)).to_contain_text("Desk:")


def load_keys(officers: list[Officer], election_id: int, link: str, send: str) -> None:
    """Load the saved files from the desk, look at what was checked, and send what was signed."""
    for one in officers:
        one.desk(election_id)
        one.page.get_by_role("link", name=link).click()
        one.page.get_by_label("Key file").set_input_files(one.file)
        one.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
        one.page.get_by_role("button", name="Check and sign").click()
    for one in officers:
        expect(one.page.locator("[data-act-hash]")).to_have_text(re.compile("[0-9a-f]{64}"))
        one.page.get_by_role("button", name=send).click()
        expect(one.page.get_by_role("heading", level=1)).to_contain_text("Desk:")


def fetch_token(voter: Person, election_id: int) -> str:
    """Go from the election's booth to the ballot; return the voting code."""
    page = voter.page
    page.goto(f"/booth#{election_id}")
    page.get_by_role("button", name="Begin").click()
    code = str(page.locator(".voting-code").text_content())
    page.get_by_label("I have saved or printed it").check()
    page.get_by_role("button", name="Skip this check").click()
    expect(page.locator(".candidates")).to_be_visible()
    return code


def cast(voter: Person, ranks: dict[int, int]) -> str:
    """Give candidates (by number) their ranks, seal and cast; return the hash on the receipt."""
    page = voter.page
    for number, rank in ranks.items():
        page.locator(f'[data-number="{number}"] select').select_option(str(rank))
    page.get_by_role("button", name="Review my ballot").click()
    page.get_by_role("button", name="Seal and cast").click()
    return receipt(voter)


def receipt(voter: Person) -> str:
    expect(voter.page.get_by_role("heading", level=1)).to_have_text("Your ballot is cast")
    shown = voter.page.locator(".receipt").inner_text()
    found = re.search(r"[0-9a-f]{64}", re.sub(r"\s", "", shown))
    assert found is not None, shown
    return found[0]


def rank_by_keyboard(voter: Person, number: int, choice: str) -> None:
    voter.tab_to(voter.page.locator(f'[data-number="{number}"] select'))
    voter.page.keyboard.type(choice)


def cast_by_keyboard(voter: Person) -> str:
    voter.press(voter.page.get_by_role("button", name="Review my ballot"))
    voter.press(voter.page.get_by_role("button", name="Seal and cast"))
    return receipt(voter)


def vote_by_keyboard(voter: Person, election_id: int) -> tuple[str, str]:
    """From the election's page through the booth, twice, without touching a mouse; return both hashes."""
    page = voter.page
    page.goto(f"/elections/{election_id}")
    voter.press(page.get_by_role("link", name="Open the booth"))
    voter.press(page.get_by_role("button", name="Begin"))
    code = str(page.locator(".voting-code").text_content())
    voter.press(page.get_by_label("I have saved or printed it"), "Space")
    voter.type("Type the last four letters", code[-4:])
    voter.press(page.get_by_role("button", name="Fetch my voting token"))
    expect(page.locator(".candidates")).to_be_visible()
    rank_by_keyboard(voter, 1, "1")
    first = cast_by_keyboard(voter)
    voter.press(page.get_by_role("button", name="Vote again"))
    expect(page.locator(".candidates")).to_be_visible()
    rank_by_keyboard(voter, 2, "1")
    rank_by_keyboard(voter, 1, "2")
    return first, cast_by_keyboard(voter)
