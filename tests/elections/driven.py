"""An election driven through the site's own pages: officers press buttons of their desk, voters do what a booth does."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup

from iocop.core.db import db
from iocop.elections.models import Election
from iocop.elections.sealing import (
    ballots,
    chains,
    codes,
    edwards,
    exchange,
    freezing,
    plaintexts,
    tokens,
)
from iocop.elections.sealing.canonical import digest
from iocop.elections.services import boxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import time_machine
    from werkzeug.test import TestResponse

    from iocop.elections.sealing.freezing import Freeze
    from iocop.members.models import Member
    from tests.client import Browser

BYTES = "application/octet-stream"
WORDS = "I want to write down what we know, and to hear from every workshop before we decide. " * 8


def fields(page: BeautifulSoup) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    sent: dict[str, Any] = {}
    for tag in page.select("main form [name]"):
        name = str(tag["name"])
        if tag.name == "select":
            option = tag.select_one("option[selected]") or tag.select_one("option")
            if option is not None:
                sent[name] = option["value"]
        elif tag.get("type") in {"checkbox", "radio"}:
            if tag.has_attr("checked"):
                sent.setdefault(name, []).append(tag.get("value", "y"))
        else:
            sent[name] = tag.text.strip() if tag.name == "textarea" else tag.get("value", "")
    sent.pop("csrf_token", None)
    return sent


def json_of(answer: TestResponse) -> dict[str, str]:
    """What an address that speaks JSON said."""
    told: dict[str, str] = json.loads(answer.data)
    return told


@dataclass
class Driven:
    """One election, and what everybody keeps at home.

    Attributes:
        people: its officers, the chair first.
        keys: officer's member id to the private keys and nonce in the saved file.
        kept: voter's member id to the voting code.
        last: voter's member id to revision and hash of the newest ballot.
    """

    browser: Browser
    traveller: time_machine.Traveller
    people: list[Member]
    id: int
    keys: dict[int, dict[str, bytes]] = field(default_factory=dict)
    kept: dict[int, bytes] = field(default_factory=dict)
    last: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def election(self) -> Election:
        return db.session.get_one(Election, self.id)

    @cached_property
    def freeze(self) -> Freeze:
        """The one freeze, once there is one."""
        return freezing.read(self.browser.fresh().get(self.path("freeze.json")).data)

    def path(self, what: str = "") -> str:
        return f"/elections/{self.id}" + (f"/{what}" if what else "")

    def seen_by(self, member: Member) -> Browser:
        return self.browser.fresh().sign_in(member)

    def words(self, what: str = "") -> str:
        """Return what a guest reads on a page of the election."""
        return self.browser.fresh().page(self.path(what)).get_text(" ", strip=True)

    def wait_for(self, date: str) -> None:
        """Let the clock come to one of the election's dates, where it lies ahead."""
        self.traveller.move_to(getattr(self.election, date))

    def two(self, verb: str, note: str = "", first: int = 0, second: int = 1, **data: Any) -> None:
        """One officer presses the button of an act, another confirms it, both on the desk."""
        self.propose(verb, note, self.people[first], **data)
        self.confirm(self.people[second])

    def propose(self, verb: str, note: str, officer: Member, subject: int | None = None, **data: Any) -> None:
        seat = self.seen_by(officer)
        address = self.path(f"desk/{verb}") + (f"?subject={subject}" if subject else "")
        desk = seat.page(self.path("desk"))
        if desk.select_one(f"button[formaction='{address}']"):
            sent = seat.post(address)
        else:
            assert desk.select_one(f"a[href='{address}']"), f"no way to {verb} on the desk:\n{desk.main}"
            sent = seat.post(address, fields(seat.page(address)) | {"note": note} | data)
        assert sent.status_code == 303, sent.text

    def confirm(self, officer: Member) -> None:
        """Confirm the newest act that waits for a second officer."""
        seat = self.seen_by(officer)
        desk = seat.page(self.path("desk"))
        waiting = desk.select("button[formaction^='/elections/acts/'][formaction$='/confirm']")
        assert waiting, desk.select_one("[aria-labelledby=waiting]")
        told = seat.post(str(waiting[-1]["formaction"]), follow_redirects=True)
        shown = BeautifulSoup(told.text, "html.parser").select_one("[role=status], [role=alert]")
        assert "Confirmed and done" in told.text, shown

    def nominate(self, member: Member, proposer: Member, seconders: Sequence[Member] = ()) -> str:
        """Propose, accept with a statement, second; return the address of the candidate's page."""
        sent = self.seen_by(proposer).post(self.path("nominate"), {"member": f"@{member.handle}"})
        assert sent.status_code == 303, sent.text
        page = sent.headers["Location"].removesuffix("/stand")
        sent = self.seen_by(member).post(f"{page}/stand", {"statement": WORDS, "interests": "None."})
        assert sent.status_code == 303, sent.text
        for one in seconders:
            assert self.seen_by(one).post(f"{page}/second").status_code == 303
        return page

    def admit_all(self) -> None:
        """Two officers admit whoever accepted, by the ways the desk offers."""
        desk = self.seen_by(self.people[0]).page(self.path("desk"))
        offered = desk.select("[formaction*=admit_nomination], [href*=admit_nomination]")
        for way in offered:
            self.two("admit_nomination", subject=int(str(way.get("href") or way["formaction"]).split("=")[1]))

    def make_keys(self) -> None:
        """Every officer makes keys, keeps the private part and sends what the page's script would send."""
        for member in self.people:
            draw = random.Random(f"keys {self.id} {member.id}")
            kept = {name: draw.randbytes(32) for name in ("encryption", "signing", "nonce")}
            self.keys[member.id] = kept
            public = {
                "encryption": exchange.public(kept["encryption"]),
                "signing": edwards.public(kept["signing"]),
                "nonce": kept["nonce"],
            }
            self._fill(member, "desk/keys", public)

    def sign_freeze(self) -> None:
        """Every officer loads the file again, sees that the own keys are frozen, and signs."""
        freeze = self.freeze
        for member in self.people:
            kept = self.keys[member.id]
            assert exchange.public(kept["encryption"]) in [one.encryption for one in freeze.officers]
            signature = edwards.sign(kept["signing"], freezing.opening_message(freeze.hash))
            self._fill(member, "desk/sign", {"signature": signature, "freeze": freeze.hash})

    def give_keys(self, *places: int) -> None:
        """Officers of these places sign the sealed board and hand over the key."""
        sealed = digest(self.browser.fresh().get(self.path("sealed.json")).data)
        for member in (self.people[place] for place in places):
            kept = self.keys[member.id]
            signature = edwards.sign(kept["signing"], chains.closing_message(sealed))
            given = {"signature": signature, "sealed": sealed, "key": kept["encryption"]}
            self._fill(member, "desk/open", given)

    def _fill(self, member: Member, what: str, given: dict[str, bytes]) -> None:
        seat = self.seen_by(member)
        asked = fields(seat.page(self.path(what)))
        assert set(given) <= set(asked), f"{what} asks for {set(asked)}"
        sent = seat.post(self.path(what), asked | {name: value.hex() for name, value in given.items()})
        assert sent.status_code == 303, sent.text

    def poll(self) -> None:
        """From the campaign to the open poll: keys, freeze, signatures, opening."""
        self.make_keys()
        self.two("freeze")
        self.sign_freeze()
        self.wait_for("opens_at")
        self.two("open_voting")

    def token(self, member: Member) -> tuple[TestResponse, codes.Voter]:
        """Ask for the member's token as the booth does."""
        freeze, seat = self.freeze, self.seen_by(member)
        code = self.kept.setdefault(member.id, random.Random(f"{self.id} {member.id}").randbytes(16))
        voter = codes.voter(code, freeze)
        message = tokens.message(freeze.hash, voter.key)
        blinded = tokens.blind(message, voter.randomizer, voter.salt, voter.factor, freeze.modulus)
        csrf = json_of(seat.get(self.path("booth.json")))["csrf"]
        answer = seat.client.post(
            self.path("token"), data=json.dumps({"blinded": blinded.hex()}),
            content_type="application/json", headers={"X-CSRFToken": csrf},
        )  # fmt: skip
        return answer, voter

    def wire(self, member: Member, marks: Sequence[int]) -> bytes:
        """Seal the member's next ballot."""
        answer, voter = self.token(member)
        assert answer.status_code == 200, answer.text
        freeze, signed = self.freeze, bytes.fromhex(json_of(answer)["blind_signature"])
        message = tokens.message(freeze.hash, voter.key)
        token = tokens.finalize(message, voter.randomizer, signed, voter.factor, freeze.modulus)
        revision, before = self.last.get(member.id, (0, ballots.NO_BALLOT))
        return ballots.seal(voter, token, plaintexts.encode(marks, freeze), revision + 1, before, freeze)

    def send(self, wire: bytes) -> TestResponse:
        """Hand a ballot in: without cookie, token of a form, or referrer."""
        return self.browser.fresh().client.post(self.path("ballots"), data=wire, content_type=BYTES)

    def vote(self, member: Member, *marks: int) -> str:
        """Vote, or vote again; check the acknowledgement, and return the ballot's hash."""
        answer = self.send(self.wire(member, marks))
        assert answer.status_code == 200, answer.text
        ballot, signature = (bytes.fromhex(json_of(answer)[name]) for name in ("ballot", "signature"))
        assert ballots.check_acknowledgement(self.freeze, ballot, signature)
        self.last[member.id] = (self.last.get(member.id, (0, b""))[0] + 1, ballot)
        return ballot.hex()

    def close_and_count(self, *places: int) -> None:
        """Close, give keys, let the worker open the ballots, and count."""
        from iocop.core.jobs import periodic_jobs

        self.wait_for("closes_at")
        self.two("close_voting")
        self.give_keys(*places)
        periodic_jobs()["iocop.elections.jobs.open_ballots"].work()
        self.two("count")

    def certify(self) -> None:
        self.wait_for("complaints_until")
        self.two("certify")


def begun(
    browser: Browser, traveller: time_machine.Traveller, people: list[Member], kind: str, **typed: Any
) -> Driven:
    """Create an election from the template of its kind, and change of the form only what is given."""
    seat = browser.fresh().sign_in(people[0])
    page = f"/elections/new?kind={kind}"
    given = fields(seat.page(page)) | {"title": "Board 2027", "officers": [one.id for one in people]}
    sent = seat.post(page, given | {"chair": people[0].id} | typed)
    assert sent.status_code == 303, sent.text
    election_id = int(sent.headers["Location"].split("/")[-2])
    boxes.destroy(election_id)  # the number was another test's before
    return Driven(browser, traveller, people, election_id)


def orders(voters: Sequence[Member], chance: int, choices: int) -> Iterator[tuple[Member, list[int]]]:
    """Give each voter's ranks of the candidates, some ranking all and some only one."""
    draw = random.Random(chance)
    for member in voters:
        ranked = draw.sample(range(choices), draw.randint(1, choices))
        yield member, [ranked.index(place) + 1 if place in ranked else 0 for place in range(choices)]
