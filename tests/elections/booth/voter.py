"""A voter at the booth: what they press, and what they then hold."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from iocop.elections.sealing import ballots, codes, plaintexts
from tests.browser.person import Person
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from tests.elections.booth.stub import Stub


class BoothVoter(Person):
    """A person with one browser of their own, at one election."""

    def __init__(self, chromium: Browser, poll: Stub, *, signed_in: bool = True, **options: Any) -> None:
        super().__init__(chromium, Site(poll.address, Path()), **options)
        self.poll = poll
        if signed_in:
            self.context.add_cookies([{"name": "session", "value": "alice", "url": poll.address}])

    def open(self, step: str = "") -> BoothVoter:
        self.page.goto(f"/booth#{self.poll.freeze.election}{step}")
        expect(self.heading).to_be_visible()
        return self

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def code(self) -> str:
        """The voting code that is shown."""
        return str(self.page.locator(".voting-code").text_content())

    def at_ballot(self) -> str:
        """Open the ballot as it stands when the token was fetched; return the voting code."""
        world, code = self.poll.world, secrets.token_bytes(16)
        blinded, signed, token = world.token(codes.voter(code, world.freeze))
        self.poll.blinded, self.poll.signed = blinded.hex(), signed.hex()
        kept = json.dumps({"code": code.hex(), "confirmed": True, "token": token.hex()})
        place = f"iocop-booth:{world.freeze.hash.hex()}"
        self.page.add_init_script(
            f"if (!localStorage.getItem('{place}')) localStorage.setItem('{place}', '{kept}')"
        )
        self.open("/ballot")
        expect(self.page.locator(".candidates")).to_be_visible()
        return codes.write(code)

    def fetch_token(self) -> str:
        """Go from the start to the ballot; return the voting code."""
        self.open()
        self.button("Begin").click()
        code = self.code
        self.page.get_by_label("I have saved or printed it").check()
        self.page.get_by_label("Type the last four letters").fill(code[-4:].lower())
        self.button("Fetch my voting token").click()
        expect(self.page.locator(".candidates")).to_be_visible()
        return code

    def rank(self, *names: str) -> None:
        for number, name in enumerate(names, 1):
            self.page.get_by_label(f"Rank of {name}", exact=True).select_option(str(number))

    def review(self) -> None:
        self.button("Review my ballot").click()
        expect(self.heading).to_have_text("Review your ballot")

    def cast(self) -> None:
        self.button("Seal and cast").click()

    def vote(self, *names: str) -> str:
        """Vote, and be at the receipt; return the voting code."""
        code = self.at_ballot()
        self.rank(*names)
        self.review()
        self.cast()
        expect(self.heading).to_have_text("Your ballot is cast")
        return code


def voted(poll: Stub, code: str) -> list[tuple[int, tuple[int, ...]]]:
    """Return (revision, marks in frozen order) of each ballot of a code that is in the box, read by the code alone."""
    voter = codes.voter(codes.read(code), poll.freeze)
    return [
        (ballot.revision, plaintexts.decode(ballots.open_own(voter, ballot, poll.freeze), poll.freeze).marks)
        for ballot in poll.box.get(voter.key, [])
    ]
