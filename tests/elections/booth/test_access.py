"""The booth can be used by everybody: small, large, dark, by a checker's eye; and where there is no connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import COLOURS, violations
from tests.browser.pages import CUT, SPILLS
from tests.elections.booth.conftest import Polls, Voters
from tests.elections.booth.stub import BOOTH, NAMES, Stub
from tests.elections.booth.voter import BoothVoter, voted

pytestmark = pytest.mark.browser

LARGE = "document.documentElement.style.fontSize = '200%'"


def faults(page: Page, theme: str) -> list[str]:
    """What is wrong with the step that shows: to a checker, or at the width and size of text it has."""
    found = violations(page, COLOURS if theme == "dark" else ())
    return [f"{theme}: {fault}" for fault in (*found, *page.evaluate(SPILLS), *page.evaluate(CUT))]


@pytest.mark.parametrize(
    ("theme", "width", "large"),
    [("light", 320, False), ("dark", 390, True)],
    ids=["on the smallest phone", "dark, in large letters"],
)
def test_point_19_every_step_is_sound_to_the_checkers(
    poll: Stub, voter_at: Voters, theme: str, width: int, large: bool
) -> None:
    voter = voter_at(poll, theme=theme, width=width).open()
    found: list[str] = []

    for _ in steps_of(voter):
        if large:
            voter.page.evaluate(LARGE)
        found.extend(faults(voter.page, theme))

    voter.complaints.found.clear()
    assert found == []


def steps_of(voter: BoothVoter) -> Iterator[None]:
    """Vote from the start to the receipt, and pause at each step."""
    for summary in voter.page.locator("summary").all():
        summary.click()
    yield
    voter.button("Begin").click()
    yield
    voter.page.go_back()
    voter.fetch_token()
    voter.rank("Ann Lee", "Bo Chen")
    voter.page.get_by_label("Rank of Dev Rao").select_option("2")
    voter.page.locator("summary").first.click()
    yield
    voter.page.get_by_label("Rank of Dev Rao").select_option("0")
    voter.review()
    yield
    voter.page.route("**/ballots", lambda route: route.abort(), times=1)
    voter.cast()
    expect(voter.main).to_contain_text("Not acknowledged yet")
    yield
    voter.button("Try now").click()
    expect(voter.main).to_contain_text("Not in a block yet")
    yield


@pytest.mark.parametrize("rule", ["approval", "affirmation"])
def test_the_other_ballots_are_sound_too(poll_of: Polls, voter_at: Voters, rule: str) -> None:
    voter = voter_at(poll_of(rule), width=320)

    voter.at_ballot()

    assert faults(voter.page, rule) == []


def test_without_javascript_the_page_says_what_to_do(poll: Stub, voter_at: Voters) -> None:
    voter = voter_at(poll, script=False).open()

    expect(voter.main).to_contain_text("it needs JavaScript")


def test_a_number_that_is_no_election_and_none_at_all_are_told(poll: Stub, voter_at: Voters) -> None:
    voter = voter_at(poll)

    voter.page.goto("/booth")
    expect(voter.main).to_contain_text("Which election?")
    voter.page.goto("/booth#8")
    expect(voter.main).to_contain_text("There is no election under this number")


def test_a_freeze_that_is_not_sound_is_not_voted_on(poll: Stub, voter_at: Voters) -> None:
    voter = voter_at(poll)
    spoilt = poll.freeze.raw.replace(b'"needed":2', b'"needed":1')
    voter.page.route("**/freeze.json", lambda route: route.fulfill(body=spoilt))

    voter.open()

    expect(voter.main).to_contain_text("is not sound: freeze.json: how many officers open. Do not vote here")


def test_who_is_signed_out_signs_in_or_pastes_the_token(poll: Stub, voter_at: Voters) -> None:
    voter = voter_at(poll, signed_in=False).open()
    expect(voter.page.get_by_role("link", name="Sign in, then come back")).to_have_attribute(
        "href", "/sign-in?next=%2Fbooth%237"
    )

    voter.button("Go on without signing in").click()
    code = paste_token(poll, voter, voter_at(poll))
    voter.rank("Carla Díaz")
    voter.review()
    voter.cast()

    expect(voter.heading).to_have_text("Your ballot is cast")
    assert voted(poll, code) == [(1, (0, 0, 1, 0, 0))]
    assert {found.split(":")[0] for found in voter.complaints.found} <= {"401", "404"}
    voter.complaints.found.clear()


def paste_token(poll: Stub, voter: BoothVoter, other: BoothVoter) -> str:
    """Carry the request to a booth where one is signed in, and the answer back; return the voting code."""
    page, code = voter.page, voter.code
    page.get_by_label("I have saved or printed it").check()
    page.get_by_label("Type the last four letters").fill(code[-4:])
    voter.button("Fetch my voting token").click()
    page.get_by_label("The answer").fill("ab" * 384)
    voter.button("Take the answer").click()
    expect(voter.main).to_contain_text("This is not a token for this request.")
    answer = answered_elsewhere(other, page.get_by_label("The request").input_value())
    page.get_by_label("The answer").fill(f" {answer.upper()} ")
    voter.button("Take the answer").click()
    expect(page.locator(".candidates")).to_be_visible()
    assert poll.blinded
    return code


def answered_elsewhere(other: BoothVoter, request: str) -> str:
    other.open("/fetch").page.get_by_label("The request of the other booth").fill(request[:100])
    other.button("Fetch the token").click()
    expect(other.main).to_contain_text("A request has 768 letters and digits.")
    other.page.get_by_label("The request of the other booth").fill(request)
    other.button("Fetch the token").click()
    expect(other.main).to_contain_text("Bring it back to the other booth.")
    assert faults(other.page, "fetch") == []
    return other.page.get_by_label("The answer").input_value()


def test_from_a_file_a_ballot_is_sealed_and_handed_in_elsewhere(
    poll: Stub, voter_at: Voters, tmp_path: Path
) -> None:
    voter = voter_at(poll, signed_in=False)
    page = voter.page
    page.goto(BOOTH.as_uri())
    document = {"name": "freeze.json", "mimeType": "application/json", "buffer": poll.freeze.raw}
    page.get_by_label("The election’s document").set_input_files(document)  # type: ignore[arg-type]
    voter.button("Begin").click()
    code = paste_token(poll, voter, voter_at(poll))
    voter.rank(NAMES[3])
    voter.review()
    voter.button("Seal my ballot").click()
    expect(voter.main).to_contain_text("it does not count yet")
    with page.expect_download() as saved:
        voter.button("Save the sealed ballot").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert poll.held == []

    voter.open("/hand-in")
    page.get_by_label("The sealed ballot").set_input_files(file)
    voter.button("Hand it in").click()

    expect(voter.main).to_contain_text("The site holds this ballot and has signed so.")
    assert voted(poll, code) == [(1, (0, 0, 0, 1, 0))]
    voter.complaints.found.clear()


def test_the_code_is_saved_before_the_token_is_asked_for(poll: Stub, voter: BoothVoter) -> None:
    voter.open().button("Begin").click()
    with voter.page.expect_download() as saved:
        voter.button("Save as a file").click()

    text = Path(saved.value.path()).read_text(encoding="utf-8")

    assert voter.code in text
    assert "https://community.example/booth#7" in text
    assert poll.blinded == ""
    expect(voter.main).to_contain_text("Without this code and this browser there is no second token.")
