"""A whole election at real browsers: three officers, twenty-five voters, from the empty form to the verified archive."""

from __future__ import annotations

import random
import subprocess
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.jobs import periodic_jobs
from iocop.elections.models import Election
from iocop.elections.rules import Rules
from iocop.elections.services.ruling import Resolution, record_rules
from tests.browser.hall import (
    Hall,
    Officer,
    cast,
    fetch_token,
    load_keys,
    make_keys,
    opened,
    vote_by_keyboard,
)
from tests.browser.person import Person
from tests.browser.site import COMMAND, ROOT
from tests.elections.factories import make_officers
from tests.factories import viewer_of
from tests.people import officer, person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from iocop.members.models import Member

pytestmark = [pytest.mark.browser, pytest.mark.only("sqlite")]

TREES = """Ash Beech Cedar Durian Elm Fir Ginkgo Hazel Ilex Juniper Kauri Larch Maple
           Nutmeg Oaken Pine Quince Rowan Sorb Teak Umbra Vine Willow Xylo Yew"""
STATEMENT = "I want to write down what we know, and to hear from every workshop before we decide. " * 8


@pytest.fixture
def hall(app: Flask, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    with opened(app, chromium, tmp_path, monkeypatch) as hall:
        yield hall


class Desk:
    """Three officers at one desk, and the election they hold."""

    def __init__(self, hall: Hall, stack: ExitStack) -> None:
        self.hall = hall
        seats = [(stack.enter_context(hall.seat(one)), one) for one in make_officers()]
        self.officers = [Officer(seat, one, hall.folder) for seat, one in seats]
        self.id = 0

    def begin(self) -> None:
        """Fill the form of a board election of two seats."""
        page = self.officers[0].page
        page.goto("/elections/new")
        page.get_by_label("Title").fill("Board election")
        page.get_by_label("Seats to fill").fill("2")
        page.get_by_role("button", name="Save the draft").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Desk:")
        self.id = db.session.scalars(select(Election.id)).one()

    def wait_for(self, date: str) -> None:
        self.hall.wait_for(self.id, date, {one.person: one.member for one in self.officers})

    def two(self, verb: str, first: int = 0, second: int = 1) -> None:
        self.officers[first].propose(self.id, verb)
        self.officers[second].confirm(self.id)

    def admit_all(self) -> None:
        """Olga looks at each candidate, Otis confirms each."""
        olga, otis = self.officers[:2]
        olga.desk(self.id)
        addresses = [
            str(link.get_attribute("href"))
            for link in olga.page.get_by_role("link", name="Look and admit").all()
        ]
        for address in addresses:
            olga.page.goto(address)
            olga.press(olga.page.get_by_role("button", name="Propose it"))
        otis.confirm(self.id)

    def state(self) -> str:
        db.session.expire_all()
        return db.session.get_one(Election, self.id).state


def voters(number: int = 25) -> list[Member]:
    with act():
        return [person(f"{tree} {tree}son") for tree in TREES.split()[:number]]


def plain_ballots_allowed(hall: Hall) -> None:
    """An administrator records the rules, and the day comes."""
    ada = officer(person("Ada Alder"), "administrator")
    day = clock.now().date()
    rules = Rules(plain_ballots=True, seconders=1, photo=False)
    record_rules(
        viewer_of(ada), "board", rules, day + timedelta(days=1), Resolution("Board", day, "So.", "6 for")
    )
    hall.clock.move_to(clock.now() + timedelta(days=1))


def stand(someone: Person) -> None:
    someone.page.get_by_label("Statement").fill(STATEMENT)
    someone.page.get_by_label("Declared interests").fill("None.")
    someone.page.get_by_role("button", name="I stand").click()
    expect(someone.page.get_by_role("heading", level=2, name="Declared interests")).to_be_visible()


def nominations(desk: Desk, people: list[Member]) -> None:
    """Three stand, two by themselves and one of these without JavaScript; others second each."""
    ash, beech, cedar, durian, elm = people[:5]
    pages = []
    for one, script in ((ash, True), (cedar, False)):
        with desk.hall.seat(one, script=script) as someone:
            someone.page.goto(f"/elections/{desk.id}")
            someone.page.get_by_role("link", name="Propose a candidate").click()
            someone.page.get_by_role("button", name="I want to stand myself").click()
            stand(someone)
            pages.append(someone.page.url)
    with desk.hall.seat(durian) as someone, desk.hall.seat(beech) as other:
        someone.page.goto(f"/elections/{desk.id}/nominate")
        someone.page.get_by_label("Whom do you propose?").fill(f"@{beech.handle}")
        someone.page.get_by_role("button", name="Propose", exact=True).click()
        expect(someone.page.get_by_role("heading", level=1)).to_have_text(beech.name)
        other.page.goto(someone.page.url)
        other.page.get_by_role("link", name="Write my statement").click()
        stand(other)
        second(someone, durian, pages)
        desk.hall.sign_in(someone, elm)
        second(someone, elm, [other.page.url])


def second(someone: Person, member: Member, pages: list[str]) -> None:
    for page in pages:
        someone.page.goto(page)
        someone.page.get_by_role("button", name="I second this candidate").click()
        expect(someone.page.get_by_role("main")).to_contain_text(member.name)


def mailing(desk: Desk, candidate: Member) -> None:
    with desk.hall.seat(candidate) as someone:
        someone.page.goto(f"/elections/{desk.id}")
        someone.page.get_by_role("link", name=candidate.name).first.click()
        someone.page.get_by_role("link", name="My thread and my mailing").click()
        someone.page.get_by_label("Your mailing").fill("Read what I want to do.")
        someone.page.get_by_role("button", name="Send it, once").click()
        expect(someone.page.get_by_role("region", name="What the candidate wrote")).to_contain_text(
            "Read what I want to do."
        )


def vote_without_script(voter: Person, election_id: int) -> str:
    """Leave the sealing to the server, from the link that the election's page shows to such a browser."""
    voter.page.goto(f"/elections/{election_id}")
    voter.page.get_by_role("link", name="Or vote here, sealed by the server.").click()
    voter.page.locator("select[name=mark-3]").select_option("1")
    voter.page.get_by_role("button", name="Cast, once and for all").click()
    expect(voter.page.locator("main")).to_contain_text("It counts.")
    return str(voter.page.locator("main code").inner_text())


def recover_elsewhere(hall: Hall, member: Member, election_id: int, code: str) -> str:
    """On another device, with nothing but the code: the vote comes back, and is changed."""
    with hall.seat(member) as elsewhere:
        page = elsewhere.page
        page.goto(f"/booth#{election_id}")
        page.get_by_role("button", name="Type my voting code").click()
        page.get_by_label("Voting code").fill(code.lower())
        page.get_by_role("button", name="Use this code").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is in the ballot box")
        page.get_by_role("button", name="Vote again").click()
        expect(page.locator(".candidates")).to_be_visible()
        return cast(elsewhere, {3: 1, 1: 2})


def vote(hall: Hall, election_id: int, people: list[Member]) -> dict[str, str]:
    """Let everybody vote; return what to look for after the count, by the hash of the ballot."""
    told: dict[str, str] = {}
    with hall.seat(people[0]) as voter:
        first, last = vote_by_keyboard(voter, election_id)
        told |= {first: "never opened", last: "1. Beech Beechson · 2. Ash Ashson"}
    with hall.seat(people[1], script=False) as voter:
        told[vote_without_script(voter, election_id)] = "1. Cedar Cedarson"
    with hall.seat(people[2]) as voter:
        code = fetch_token(voter, election_id)
        told[cast(voter, {1: 1})] = "never opened"
    told[recover_elsewhere(hall, people[2], election_id, code)] = "1. Cedar Cedarson · 2. Ash Ashson"
    draw = random.Random(25)
    for member in people[3:]:
        ranked = draw.sample((1, 2, 3), draw.randint(1, 3))
        with hall.seat(member) as voter:
            fetch_token(voter, election_id)
            cast(voter, {number: rank for rank, number in enumerate(ranked, 1)})
    return told


def campaigned(desk: Desk, people: list[Member]) -> None:
    """From the draft to the campaign: three stand, two officers admit them, and one writes to the voters."""
    desk.wait_for("nominations_open_at")
    desk.two("Open nominations")
    nominations(desk, people)
    desk.wait_for("nominations_close_at")
    desk.two("Close nominations", 2, 0)
    desk.admit_all()
    desk.two("Begin the campaign")
    mailing(desk, people[0])


def polled(desk: Desk, people: list[Member]) -> dict[str, str]:
    """Keys, freeze, keys loaded again, the poll and its close; return what `vote` does."""
    make_keys(desk.officers, desk.id)
    assert all("scrypt" in one.file.read_text() for one in desk.officers)
    desk.two("Freeze roll, candidates and keys")
    load_keys(desk.officers, desk.id, "Load my key file and sign", "Send the signature")
    desk.wait_for("opens_at")
    desk.two("Open the poll")
    told = vote(desk.hall, desk.id, people)
    desk.wait_for("closes_at")
    desk.two("Close the poll and seal the box")
    return told


def counted(desk: Desk) -> None:
    """Two keys of three open the ballots; two officers count and, when complaints are over, certify."""
    given = [desk.officers[0], desk.officers[2]]
    load_keys(given, desk.id, "Load my key file and give the key", "Give the key")
    periodic_jobs()["iocop.elections.jobs.open_ballots"].work()
    desk.two("Count the ballots")
    desk.wait_for("complaints_until")
    desk.two("Certify the result")


def test_point_20_three_officers_and_25_voters_from_the_empty_form_to_the_verified_archive(
    hall: Hall, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        people = voters()
        plain_ballots_allowed(hall)
        desk = Desk(hall, stack)
        desk.begin()
        campaigned(desk, people)
        told = polled(desk, people)
        counted(desk)

    assert desk.state() == "certified"
    found(hall, people[0], desk.id, told)
    verified(hall, people[1], desk.id, tmp_path)


def found(hall: Hall, member: Member, election_id: int, told: dict[str, str]) -> None:
    """The result says how many voted, and each hash leads to its ballot."""
    with hall.seat(member) as someone:
        page = someone.page
        page.goto(f"/elections/{election_id}/result")
        words = page.locator("main")
        expect(words).to_contain_text("25 members cast a ballot, of 25 who took a token and 29 on the roll.")
        expect(words).to_contain_text("from browsers without JavaScript")
        for ballot, said in told.items():
            page.goto(f"/elections/{election_id}/opened?hash={ballot}")
            expect(words).to_contain_text(said)


def verified(hall: Hall, member: Member, election_id: int, folder: Path) -> None:
    """Somebody takes the archive from the result page and checks it with the command."""
    with hall.seat(member) as someone:
        someone.page.goto(f"/elections/{election_id}/result")
        with someone.page.expect_download() as taken:
            someone.page.get_by_role("link", name="Take the archive").click()
        taken.value.save_as(folder / "archive.zip")
    command = [*COMMAND, "elections", "verify", str(folder / "archive.zip")]
    told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
