"""Whole elections, from the empty form to the archive that anybody checks, through the pages that people use."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.jobs import periodic_jobs
from iocop.elections import archiving, verifying
from iocop.elections.models import ElectionDocument, ElectionOfficer, ElectionSecret
from iocop.elections.sealing import ballots
from iocop.elections.services import boxes
from iocop.roles.models import RoleGrant
from tests.elections.driven import Driven, begun, fields, json_of, orders
from tests.elections.factories import make_officers
from tests.people import officer, person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

STARTS = datetime(2026, 12, 1, 9, tzinfo=UTC)
TREES = """Ash Beech Cedar Durian Elm Fir Ginkgo Hazel Ilex Juniper Kauri Larch Maple
           Nutmeg Oaken Pine Quince Rowan Sorb Teak Umbra Vine Willow Xylo Yew"""


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(STARTS, tick=False) as traveller:
        yield traveller


@pytest.fixture
def everybody(browser: Browser) -> Browser:
    """A browser at a site that looks at the token of every form, as the shipped one does."""
    browser.app.config["WTF_CSRF_ENABLED"] = True
    return browser


def members(number: int) -> list[Member]:
    """Members with a photo, who may vote and stand."""
    with act():
        return [person(f"{tree} {tree}son", photo_key="photos/one.webp") for tree in TREES.split()[:number]]


def verified(driven: Driven, folder: Path) -> dict[str, bytes]:
    """Download the archive and have it accepted by both verifiers; return its files."""
    place, heads, script = folder / "archive.zip", folder / "heads.txt", folder / "verify.py"
    parts = accepted(driven, place)
    heads.write_text(driven.browser.fresh().get(driven.path("heads.txt")).text)
    script.write_bytes(archiving.VERIFIER.read_bytes())
    command = [sys.executable, "-I", str(script), "--heads", str(heads), str(place)]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout
    assert "AGREES" in told.stdout
    return parts


def accepted(driven: Driven, place: Path) -> dict[str, bytes]:
    """Have a downloaded archive accepted by the site's own verifier; return its files."""
    place.write_bytes(driven.browser.fresh().get(driven.path("archive.zip")).data)
    parts = archiving.read(place)
    report = verifying.verify(parts, mailed=driven.browser.fresh().get(driven.path("heads.txt")).text)
    assert [str(finding) for finding in report.findings] == []
    return parts


def rules_changed(browser: Browser, kind: str, **changed: object) -> None:
    """An administrator records other rules of a kind, from tomorrow on."""
    seat = browser.fresh().sign_in(officer(person("Ada Alder", state="active"), "administrator"))
    page = f"/elections/rules/new?kind={kind}"
    decided = {
        "body": "Board", "decided_on": clock.now().date(), "text": "Other rules.", "vote": "6 for",
        "takes_effect_on": clock.now().date() + timedelta(days=1),
    }  # fmt: skip
    sent = seat.post(page, fields(seat.page(page)) | decided | changed)
    assert sent.status_code == 303, sent.text


def test_point_20_an_election_from_the_empty_form_to_the_verified_archive(
    everybody: Browser, traveller: time_machine.Traveller, tmp_path: Path
) -> None:
    driven = begun(everybody, traveller, make_officers(), "board", seats="2")
    voters = members(25)
    standing = voters[:4]
    campaigned(driven, standing, voters[8:11])
    driven.poll()
    assert [one.name for one in driven.freeze.candidates] == [one.name for one in standing]
    assert driven.freeze.roll_size == 28
    assert driven.freeze.hash.hex() in driven.words()

    cast = {member.id: driven.vote(member, *marks) for member, marks in orders(voters, 1, 4)}
    first, cast[voters[0].id] = cast[voters[0].id], driven.vote(voters[0], 1, 2, 3, 0)
    cast[voters[1].id] = driven.vote(voters[1], 0, 0, 0, 0)
    periodic_jobs()["iocop.elections.jobs.write_blocks"].work()
    assert everybody.fresh().get(driven.path("result")).status_code == 404, "nobody sees a partial tally"
    complained(driven, voters[20])
    driven.close_and_count(0, 2)

    told = driven.words("result")
    assert "25 members cast a ballot, of 25 who took a token and 28 on the roll." in told
    found = driven.words(f"opened?hash={cast[voters[0].id]}")
    assert f"1. {standing[0].name} · 2. {standing[1].name} · 3. {standing[2].name}" in found
    assert "never opened" in driven.words(f"opened?hash={first}")
    assert "blank" in driven.words(f"opened?hash={cast[voters[1].id]}")
    driven.certify()
    seats_taken(
        driven, [one for one in standing if one.name in told.partition("Elected:")[2].partition(".")[0]]
    )
    parts = verified(driven, tmp_path)
    assert [parts["opened.csv"].count(word) for word in (b",superseded,", b",blank,")] == [2, 1]


def campaigned(driven: Driven, standing: list[Member], friends: list[Member]) -> None:
    """From the draft to the campaign: proposed by the first friend, seconded by the others, admitted; one writes."""
    driven.wait_for("nominations_open_at")
    driven.two("open_nominations")
    pages = [driven.nominate(one, friends[0], friends[1:]) for one in standing]
    driven.wait_for("nominations_close_at")
    driven.two("close_nominations", first=2, second=0)
    driven.admit_all()
    driven.two("finish_screening")
    sent = driven.seen_by(standing[0]).post(f"{pages[0]}/campaign", {"text": "Read what I want to do."})
    assert sent.status_code == 303, sent.text


def complained(driven: Driven, member: Member) -> None:
    """A member complains; two officers answer, and everybody who may read it does."""
    sent = driven.seen_by(member).post(driven.path("complaints"), {"text": "My mail came late."})
    assert sent.status_code == 303, sent.text
    link = driven.seen_by(driven.people[1]).page(driven.path("desk")).select_one("a[href$='/answer']")
    assert link is not None
    seat, address = driven.seen_by(driven.people[1]), str(link["href"])
    sent = seat.post(address, fields(seat.page(address)) | {"upheld": "no", "note": "It came in time."})
    assert sent.status_code == 303, sent.text
    driven.confirm(driven.people[2])
    assert "It came in time." in driven.seen_by(member).page(driven.path("complaints")).text


def seats_taken(driven: Driven, elected: list[Member]) -> None:
    """When the term has begun the elected sit on the board page, by the members' decision."""
    begins = datetime.combine(driven.election.term_starts_on, datetime.min.time(), UTC)
    driven.traveller.move_to(begins + timedelta(days=1))
    page = driven.browser.fresh().page("/board").select_one("section[aria-labelledby=board-member]")
    assert page is not None
    assert len(elected) == driven.election.seats
    for one in elected:
        assert one.name in page.text
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.role == "board_member")).all()
    assert {grant.member_id for grant in grants} == {one.id for one in elected}
    assert {grant.decision_id for grant in grants} == {driven.election.decision_id}


def test_candidates_no_more_than_the_seats_are_affirmed_one_by_one(
    everybody: Browser, traveller: time_machine.Traveller, tmp_path: Path
) -> None:
    people, voters = make_officers(), members(6)
    rules_changed(everybody, "affirmation", seconders=0)
    traveller.shift(timedelta(days=1))
    driven = begun(everybody, traveller, people, "affirmation", seats="2")
    driven.wait_for("nominations_open_at")
    driven.two("open_nominations")
    for one in voters[:2]:
        driven.nominate(one, one)
    driven.wait_for("nominations_close_at")
    driven.two("close_nominations")
    driven.admit_all()
    driven.two("finish_screening")
    driven.poll()
    for place, member in enumerate(voters):
        driven.vote(member, 1, 1 if place < 2 else 2)
    driven.close_and_count(1, 2)

    assert f"Elected: {voters[0].name}." in driven.words("result")
    driven.certify()
    assert "answers.csv" in verified(driven, tmp_path)


def test_a_motion_is_carried_by_secret_ballot(
    everybody: Browser, traveller: time_machine.Traveller, tmp_path: Path
) -> None:
    driven = motion(everybody, traveller, make_officers(), "Do we meet in Cork?")
    voters = members(5)
    driven.poll()
    for member, answer in zip(voters, (1, 1, 2, 3, 0), strict=True):
        driven.vote(member, answer)
    driven.close_and_count(0, 1)

    assert "The motion is carried." in driven.words("result")
    driven.certify()
    accepted(driven, tmp_path / "archive.zip")


def motion(
    browser: Browser, traveller: time_machine.Traveller, people: list[Member], question: str
) -> Driven:
    """A motion in its campaign."""
    driven = begun(browser, traveller, people, "motion", title=question, question=question)
    driven.two("open_campaign")
    return driven


def test_where_nobody_runs_against_them_candidates_are_elected_without_a_poll(
    everybody: Browser, traveller: time_machine.Traveller
) -> None:
    people, standing = make_officers(), members(4)
    driven = begun(everybody, traveller, people, "board", seats="2")
    driven.wait_for("nominations_open_at")
    driven.two("open_nominations")
    for one in standing[:2]:
        driven.nominate(one, one, standing[2:])
    driven.wait_for("nominations_close_at")
    driven.two("close_nominations")
    driven.admit_all()
    driven.two("elect_unopposed")
    driven.certify()

    assert driven.election.state == "certified"
    seats_taken(driven, standing[:2])
    for one in standing[:2]:
        assert one.name in driven.words()


def test_a_voided_election_loses_its_ballots_and_publishes_no_key(
    everybody: Browser, traveller: time_machine.Traveller
) -> None:
    driven = motion(everybody, traveller, make_officers(), "Do we meet in Cork?")
    *voters, absent = members(4)
    driven.poll()
    for member in voters:
        driven.vote(member, 1)
    late = driven.wire(voters[0], [2])
    driven.wait_for("closes_at")
    driven.two("close_voting")
    driven.give_keys(0)

    driven.two("void", "The roll was wrong.")

    assert "The roll was wrong." in driven.words()
    assert boxes.box_of(driven.freeze).count() == 0
    assert db.session.scalars(select(ElectionOfficer.private_key)).all() == [None] * 3
    secret = db.session.get_one(ElectionSecret, driven.id)
    assert (secret.seed, secret.issuer_key, secret.acknowledger_key) == (None, None, None)
    names = set(db.session.scalars(select(ElectionDocument.name)))
    assert not names & {"keys.json", "result.json", "opened.csv"}
    assert driven.send(late).status_code == 410
    assert driven.token(absent)[0].status_code == 410
    for what in ("result", "opened", "archive.zip"):
        assert everybody.fresh().get(driven.path(what)).status_code == 404, what
    seat = driven.seen_by(driven.people[1])
    assert seat.get(driven.path("desk/open")).status_code == 403


def test_point_02_two_elections_at_once_do_not_touch_each_other(
    everybody: Browser, traveller: time_machine.Traveller, tmp_path: Path
) -> None:
    people, voters = make_officers(), members(4)
    one = motion(everybody, traveller, people, "Do we meet in Cork?")
    other = motion(everybody, traveller, people, "Do we meet in Kiel?")
    for driven in (one, other):
        driven.make_keys()
        driven.two("freeze")
        driven.sign_freeze()
    one.wait_for("opens_at")
    for driven in (one, other):
        driven.two("open_voting")
    for member in voters:
        one.vote(member, 1)
    for member in voters[1:]:
        other.vote(member, 2)

    crossed = one.wire(voters[0], [2])
    assert json_of(other.send(crossed))["code"] == "election"
    assert json_of(other.send(retold(other, one, voters[0])))["code"] == "token"
    for driven in (one, other):
        driven.close_and_count(0, 1)

    assert "The motion is carried." in one.words("result")
    assert "The motion is not carried." in other.words("result")
    accepted(one, tmp_path / "one.zip")
    accepted(other, tmp_path / "other.zip")


def retold(target: Driven, source: Driven, member: Member) -> bytes:
    """A ballot of the one election with the token that the other issued to the member."""
    from iocop.elections.sealing import codes, plaintexts, tokens

    answer, voter = source.token(member)
    message = tokens.message(source.freeze.hash, voter.key)
    signed = bytes.fromhex(json_of(answer)["blind_signature"])
    token = tokens.finalize(message, voter.randomizer, signed, voter.factor, source.freeze.modulus)
    freeze = target.freeze
    own = codes.voter(source.kept[member.id], freeze)
    return ballots.seal(own, token, plaintexts.encode([1], freeze), 1, ballots.NO_BALLOT, freeze)
