"""The pages of a result, the board, the archive, the booth and the plain words."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from iocop.core import clock
from iocop.core.db import act
from iocop.core.errors import Conflict
from iocop.elections import archiving
from iocop.elections.models import ElectionComplaint
from iocop.elections.queries import counted as queries
from iocop.elections.services.closing import write_document
from iocop.elections.services.freezing import booth_page
from iocop.roles.models import RoleGrant
from tests.elections.factories import done
from tests.elections.held import Held, entries, hold
from tests.factories import saved

if TYPE_CHECKING:
    from tests.client import Browser


def counted(voters: int = 12, **changed: Any) -> Held:
    """An election in which everybody ranked the first candidate first, one voted again and one left it blank."""
    held = hold(voters, **changed)
    with act():
        write_document(held.id, "booth.html", booth_page())
        write_document(held.id, "roll.json", b"[]")
    for member in held.voters:
        held.vote(member, 1, 2, 0)
    held.vote(held.voters[0], 2, 1, 3)
    held.vote(held.voters[1], 0, 0, 0)
    held.close()
    held.give_keys(1, 2)
    held.count()
    return held


def test_the_result_names_who_is_elected_and_tells_the_count(browser: Browser) -> None:
    held = counted()
    page = browser.page(f"/elections/{held.id}/result")
    words = page.get_text(" ", strip=True)
    assert "Elected: Zoë Ångström 1 and Zoë Ångström 2." in words
    assert "12 members cast a ballot, of 12 who took a token and 12 on the roll." in words
    assert page.select_one("table.stages") is not None
    assert page.select_one("figure.flow svg") is not None


def test_who_stays_on_the_board_counts_among_its_organizations(browser: Browser) -> None:
    held, now = counted(), clock.now()
    address = f"/elections/{held.id}/result"
    assert "Organizations on the board 2 hold its 3 seats" in browser.page(address).get_text(" ", strip=True)
    saved(
        RoleGrant(
            member_id=held.voters[0].id, role="board_member", decision_id=1, valid_from=now - timedelta(days=30),
            valid_to=now + timedelta(days=300),
        )
    )  # fmt: skip
    assert "Organizations on the board 3 hold its 4 seats" in browser.page(address).get_text(" ", strip=True)


def test_a_seat_nobody_takes_is_told(browser: Browser) -> None:
    held = counted(rules={"rule": "scottish", "seats": 5})
    assert "2 seats stay vacant." in browser.page(f"/elections/{held.id}/result").get_text(" ", strip=True)
    assert "vacant" not in browser.page(f"/elections/{counted().id}/result").get_text(" ", strip=True)


def test_before_the_count_there_is_no_result(browser: Browser) -> None:
    held = hold()
    response = browser.get(f"/elections/{held.id}/result")
    assert response.status_code == 404
    assert "opened after the close" in response.text
    assert browser.get(f"/elections/{held.id}/archive.zip").status_code == 404


def test_point_10_a_voter_finds_the_own_ballot_beside_the_own_ranking(browser: Browser) -> None:
    held = counted()
    own = held.last[held.voters[0].id][1].hex()
    words = browser.page(f"/elections/{held.id}/opened?hash={own[:12].upper()}").get_text(" ", strip=True)
    assert own in words
    assert "1. Zoë Ångström 2 · 2. Zoë Ångström 1 · 3. Zoë Ångström 3" in words
    blank = held.last[held.voters[1].id][1].hex()
    shown = browser.page(f"/elections/{held.id}/opened?hash={blank}").select(".ballots p")
    assert [one.get_text(strip=True) for one in shown] == ["blank"]
    assert "proves that the site owes you" in browser.get(f"/elections/{held.id}/opened?hash=zz").text


def test_replaced_votes_are_listed_and_were_never_opened(browser: Browser) -> None:
    held = counted()
    assert browser.get(f"/elections/{held.id}/opened").text.count("never opened") == 2


def test_the_board_shows_blocks_and_heads(browser: Browser) -> None:
    held = counted()
    page = browser.page(f"/elections/{held.id}/board")
    assert held.freeze.hash.hex() in page.get_text()
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td")][:2] for row in page.select("tbody tr")
    ]
    assert rows == [["1", "10"], ["2", "4"]]


def test_the_archive_holds_what_the_protocol_names_and_is_the_same_each_time(browser: Browser) -> None:
    held = counted()
    first = browser.get(f"/elections/{held.id}/archive.zip").data
    assert browser.get(f"/elections/{held.id}/archive.zip").data == first
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {*archiving.ALWAYS, "election.blt"} == set(packed.namelist())
        assert packed.read("freeze.json") == held.freeze.raw
        assert len(packed.read("ballots.bin")) == 14 * held.freeze.wire_length


def test_the_booth_is_one_page_without_a_cookie_under_its_own_policy(browser: Browser) -> None:
    held = counted()
    alice = browser.fresh().sign_in(held.voters[0])
    answers = [
        one.client.get(path)
        for one in (browser, alice)
        for path in ("/booth", f"/elections/{held.id}/booth.html")
    ]
    assert {answer.data for answer in answers} == {booth_page()}
    assert sha256(answers[0].data).hexdigest() == sha256(booth_page()).hexdigest()
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "X-Request-Id" not in answer.headers
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'sha256-")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"1": 1, "2-9": 2, "10-49": 9}, [None, None, None]),
        ({"1": 1, "2-9": 2, "10-49": 6, "50-249": 7}, [None, None, None, 7]),
        ({"2-9": 5, "10-49": 6}, [5, 6]),
    ],
    ids=["three of two sizes", "three of two sizes, and more", "five of each"],
)
def test_turnout_tells_of_no_fewer_than_five_neither_in_a_row_nor_in_what_is_left_out(
    sizes: dict[str, int], shown: list[int | None], browser: Browser
) -> None:
    held = counted(sum(sizes.values()))
    bands = [band for band, number in sizes.items() for _ in range(number)]
    with act():
        for entry, band in zip(entries(held), bands, strict=True):
            entry.size_band = band
    assert [row.roll for row in queries.turnout(held.id)] == shown
    words = browser.page(f"/elections/{held.id}/result").get_text(" ", strip=True)
    assert ("Turnout by the size of employers" in words) is (sizes.keys() == {"2-9", "10-49"})


@pytest.mark.parametrize("published", [True, False])
def test_members_read_who_took_a_token_where_the_rules_say_so(published: bool, browser: Browser) -> None:
    held = counted(10, rules={"rule": "scottish", "seats": 2, "turnout_by_name": published})
    address = f"/elections/{held.id}/result"
    assert browser.page(address).select_one("#named") is None, "guests read a number"
    page = browser.sign_in(held.voters[0]).page(address)
    names = [row.get_text() for row in page.select("section[aria-labelledby=named] li")]
    assert names == (sorted(voter.name for voter in held.voters) if published else [])


def test_a_poll_in_which_too_few_took_part_is_not_certified(browser: Browser) -> None:
    rules = {"rule": "scottish", "seats": 2, "quorum": [1, 2]}
    held = hold(10, rules=rules)
    for member in held.voters[:4]:
        held.vote(member, 1, 2, 0)
    held.close()
    held.give_keys(1, 2)
    held.count()
    with act():
        held.election.complaints_until = clock.now()
    words = browser.page(f"/elections/{held.id}/result").get_text(" ", strip=True)
    assert "at least 1/2 of the roll must take part, and fewer did" in words
    with pytest.raises(Conflict, match="Fewer took part than the rules ask for"):
        done(held.election, "certify", held.officers)
    assert queries.quorate(queries.result_of(counted(10, rules=rules).id))  # type: ignore[arg-type]


@pytest.mark.parametrize("topic", ["secret", "risks", "check"])
def test_the_plain_words_are_open_to_everybody(browser: Browser, topic: str) -> None:
    assert browser.page(f"/elections/{topic}").h1 is not None


@pytest.mark.parametrize(
    ("changed", "warned"),
    [
        ({}, ["Fewer than 10 may vote"]),
        ({"candidates": 4}, ["Fewer than 10 may vote", "more possible orders"]),
        (
            {"candidates": 4, "rules": {"rule": "scottish", "seats": 2, "most_ranks": 2}},
            ["Fewer than 10 may vote"],
        ),
        ({"candidates": 4, "rules": {"rule": "approval", "seats": 2}}, ["Fewer than 10 may vote"]),
    ],
    ids=["few voters", "more orders than voters", "ranks limited", "no ranks"],
)
def test_voters_are_warned_of_what_few_ballots_tell(
    changed: dict[str, Any], warned: list[str], browser: Browser
) -> None:
    held = hold(8, **changed)
    words = browser.sign_in(held.voters[0]).page(f"/elections/{held.id}").get_text(" ", strip=True)
    assert [one for one in ("Fewer than 10 may vote", "more possible orders") if one in words] == warned


def test_an_election_voided_after_its_count_gives_no_archive_of_ballots_that_are_gone(
    browser: Browser,
) -> None:
    held = counted()
    address = f"/elections/{held.id}"
    assert browser.get(f"{address}/board/1.json").status_code == 200
    done(held.election, "void", held.officers, "The roll was wrong.")
    words = browser.page(f"{address}/result").get_text(" ", strip=True)
    assert "This election is void" in words
    assert "Take the archive" not in words
    refused = browser.get(f"{address}/archive.zip")
    assert refused.status_code == 404
    assert "its ballots were deleted" in refused.text
    assert browser.get(f"{address}/board/1.json").status_code == 404


def test_candidates_the_freeze_alone_knows_do_not_break_the_page_of_the_election(browser: Browser) -> None:
    held = counted()
    page = browser.page(f"/elections/{held.id}")
    assert "Elected:" not in page.get_text(), "no nomination bears the numbers, so no member is named"
    assert page.select_one(f"a[href='/elections/{held.id}/result']")


def test_the_result_compares_wrong_tokens_with_the_margin_and_cannot_stand_on_as_many(
    browser: Browser,
) -> None:
    held = counted()
    address = f"/elections/{held.id}/result"
    assert "No voting token is known to be wrong" in browser.page(address).get_text(" ", strip=True)
    with act() as session:
        held.election.complaints_until = clock.now()
        made = {"election_id": held.id, "kind": "did_not_vote", "text": "Not I.", "made_at": clock.now()}
        session.add(ElectionComplaint(member_id=held.voters[3].id, **made))
        session.add(
            ElectionComplaint(member_id=held.voters[4].id, upheld=True, answered_at=clock.now(), **made)
        )
    words = browser.page(address).get_text(" ", strip=True)
    assert "One voting token was wrong" in words
    assert "less than that margin" in words
    assert "One member says that somebody else took the token" in words

    with act():
        for entry in entries(held):
            entry.blocked_reason = "Never was a member."
    assert "12 voting tokens were wrong: as many as that margin" in browser.page(address).get_text(
        " ", strip=True
    )
    with act() as session:
        session.query(ElectionComplaint).update({"answered_at": clock.now()})
    with pytest.raises(Conflict, match="declare the election void"):
        done(held.election, "certify", held.officers)
