"""A member votes in a real browser: by keyboard alone, over a broken network, from another device, after the close."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from iocop.elections.sealing import ballots
from tests.elections.booth.conftest import Polls, Voters
from tests.elections.booth.stub import Stub
from tests.elections.booth.voter import BoothVoter, voted

pytestmark = pytest.mark.browser

UNTIL_CLOSE = timedelta(days=2, hours=3)


def test_point_19_a_member_votes_with_the_keyboard_alone(poll: Stub, voter: BoothVoter) -> None:
    page = voter.open().page
    voter.press(page.get_by_role("link", name="Skip to the ballot"))
    expect(voter.main).to_be_focused()
    voter.press(voter.button("Begin"))
    code = voter.code
    voter.press(page.get_by_label("I have saved or printed it"), "Space")
    voter.type("Type the last four letters", code[-4:])
    page.keyboard.press("Enter")
    voter.press(page.get_by_label("Rank of Dev Rao"), "1")
    voter.press(voter.button("Rank 2nd: Ann Lee"))
    voter.press(voter.button("Rank 3rd: Bo Chen"))
    voter.press(voter.button("Move Bo Chen up"))
    expect(page.get_by_role("status")).to_have_text("Bo Chen is now 2nd of 3.")
    expect(voter.button("Move Bo Chen up")).to_be_focused()
    voter.press(voter.button("Review my ballot"))
    voter.press(voter.button("Seal and cast"))

    expect(voter.heading).to_have_text("Your ballot is cast")
    expect(voter.heading).to_be_focused()
    assert voted(poll, code) == [(1, (3, 2, 0, 1, 0))]


def test_point_19_each_voter_has_an_own_order_of_candidates_and_keeps_it(
    poll: Stub, voter_at: Voters
) -> None:
    seen = []
    for _ in range(4):
        voter = voter_at(poll)
        voter.at_ballot()
        seen.append(_order(voter))
        voter.page.reload()
        expect(voter.page.locator(".candidates")).to_be_visible()
        assert _order(voter) == seen[-1]
    assert {tuple(sorted(order)) for order in seen} == {tuple(sorted(seen[0]))}
    assert len({tuple(order) for order in seen}) > 1, "four voters of one order: once in 1,728,000 by chance"


def _order(voter: BoothVoter) -> list[str]:
    rows = voter.page.locator(".candidates select.rank").all()
    return [str(row.get_attribute("aria-label")) for row in rows]


def test_a_statement_is_one_keystroke_away(voter: BoothVoter) -> None:
    voter.at_ballot()
    statement = voter.page.locator('[data-number="3"] details p').first

    voter.tab_to(voter.page.get_by_label("Rank of Carla Díaz"))
    expect(statement).to_be_hidden()
    voter.page.keyboard.press("s")
    expect(statement).to_be_visible()


def test_who_casts_sends_no_cookie_referrer_or_name(poll: Stub, voter: BoothVoter) -> None:
    voter.fetch_token()
    voter.rank("Ann Lee")
    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    secret = [
        headers for method, path, headers in poll.asked if re.search(r"/(ballots|board|freeze|state)", path)
    ]
    assert len(secret) >= 4
    assert not [h for h in secret if {"cookie", "referer", "x-csrftoken", "authorization"} & set(h)]
    assert [path for method, path, _ in poll.asked if method == "POST"] == [
        "/elections/7/token",
        "/elections/7/ballots",
    ]


def lose(route: Route) -> None:
    route.abort("connectionrefused")


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


@pytest.mark.parametrize("lost", [lose, lose_the_answer], ids=["the ballot", "the answer"])
def test_a_broken_network_costs_no_vote_and_makes_no_second_ballot(
    poll: Stub, voter: BoothVoter, lost: object
) -> None:
    code = voter.at_ballot()
    voter.rank("Ann Lee", "Bo Chen")
    voter.review()
    voter.page.route("**/ballots", lost)  # type: ignore[arg-type]
    voter.cast()
    expect(voter.main).to_contain_text("Not acknowledged yet")
    expect(voter.main).to_contain_text("it can never count twice")
    voter.page.reload()
    expect(voter.main).to_contain_text("Not acknowledged yet")
    voter.page.unroute("**/ballots")

    voter.button("Try now").click()

    expect(voter.heading).to_have_text("Your ballot is cast")
    assert voted(poll, code) == [(1, (1, 2, 0, 0, 0))]
    assert {found.split(":")[0] for found in voter.complaints.found} <= {"failed", "404"}
    voter.complaints.found.clear()


def test_the_booth_tries_again_by_itself(poll: Stub, voter: BoothVoter) -> None:
    voter.at_ballot()
    voter.rank("Ann Lee")
    voter.review()
    voter.page.route("**/ballots", lose, times=1)
    voter.cast()

    expect(voter.main).to_contain_text("Next try in")
    expect(voter.heading).to_have_text("Your ballot is cast")
    voter.complaints.found.clear()


def test_a_reload_on_the_way_loses_nothing(voter: BoothVoter) -> None:
    voter.fetch_token()
    voter.rank("Ann Lee", "Bo Chen")

    voter.page.reload()
    expect(voter.page.get_by_label("Rank of Bo Chen")).to_have_value("2")
    voter.open()
    voter.page.reload()
    voter.button("Go on where you stopped").click()

    expect(voter.page.get_by_label("Rank of Bo Chen")).to_have_value("2")
    voter.page.go_back()
    expect(voter.heading).to_have_text("Board election 2026")


def test_the_code_alone_brings_the_vote_back_on_another_device(
    poll: Stub, voter: BoothVoter, voter_at: Voters
) -> None:
    code = voter.vote("Eva Maier", "Ann Lee")
    order = candidates_in_order(voter.open("/ballot").page)
    other = voter_at(poll).open()
    expect(other.main).to_contain_text("there is no second token")

    other.button("Type my voting code").click()
    other.page.get_by_label("Voting code").fill(code.lower().replace("-", " "))
    other.button("Use this code").click()
    expect(other.heading).to_have_text("Your ballot is in the ballot box")
    other.page.get_by_text("Show what I voted").click()
    expect(other.page.locator(".said")).to_contain_text("Eva Maier")
    other.button("Vote again").click()
    assert candidates_in_order(other.page) == order
    other.rank("Bo Chen")
    other.page.get_by_label("Rank of Eva Maier").select_option("3")
    other.review()
    other.cast()
    expect(other.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (2, 0, 0, 0, 1)), (2, (2, 1, 0, 0, 3))]
    assert [ballot.revision for ballot in ballots.standing(poll.held).values()] == [2]


def candidates_in_order(page: Page) -> list[str]:
    return page.locator(".candidate h2").all_inner_texts()


def test_another_member_at_the_same_browser_does_not_vote_with_the_first_ones_token(
    poll: Stub, voter: BoothVoter
) -> None:
    first = voter.vote("Ann Lee")
    poll.blinded = poll.signed = ""  # who is signed in now has fetched none

    for step in ("/receipt", "/ballot", "/review", "/code", ""):
        voter.open(step)
        voter.page.reload()
        expect(voter.main).to_contain_text("Another member’s vote is kept in this browser")
        expect(voter.heading).to_have_text("Board election 2026")
    voter.button("Forget this vote on this device").click()
    second = voter.fetch_token()
    voter.rank("Bo Chen")
    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, first) == [(1, (1, 0, 0, 0, 0))]
    assert voted(poll, second) == [(1, (0, 1, 0, 0, 0))]


def test_a_wrong_code_is_told_what_is_wrong_with_it(poll: Stub, voter: BoothVoter, voter_at: Voters) -> None:
    code = voter.at_ballot()
    other = voter_at(poll).open()
    other.button("Type my voting code").click()
    field, use = other.page.get_by_label("Voting code"), other.button("Use this code")

    field.fill(code[:-1] + ("0" if code[-1] != "0" else "1"))
    use.click()
    expect(other.main).to_contain_text("a slip of the pen")
    expect(field).to_be_focused()
    field.fill(code[:10])
    use.click()
    expect(other.main).to_contain_text("28 letters and digits; these are 8")
    field.fill("000G-40R4-0M30-E209-185G-R38E-1WHH")
    use.click()

    expect(other.main).to_contain_text("This is not the code your token was fetched with")


def test_two_devices_settle_themselves(poll: Stub, voter: BoothVoter, voter_at: Voters) -> None:
    code = voter.at_ballot()
    voter.rank("Ann Lee")
    voter.review()
    other = on_another_device(poll, voter_at, code)
    other.rank("Bo Chen")
    other.review()
    other.cast()
    expect(other.heading).to_have_text("Your ballot is cast")

    voter.page.route("**/ballots/*", lose)  # it cannot know of the other
    voter.cast()
    expect(voter.main).to_contain_text("Another ballot was cast with your code")
    voter.page.unroute("**/ballots/*")
    voter.button("Cast mine in its place").click()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (0, 1, 0, 0, 0)), (2, (1, 0, 0, 0, 0))]
    voter.complaints.found.clear()


def on_another_device(poll: Stub, voter_at: Voters, code: str) -> BoothVoter:
    other = voter_at(poll).open()
    other.button("Type my voting code").click()
    other.page.get_by_label("Voting code").fill(code)
    other.button("Use this code").click()
    return other


def test_two_windows_of_a_browser_know_of_each_other(poll: Stub, voter: BoothVoter) -> None:
    code = voter.vote("Ann Lee")
    first = voter.page
    voter.page = voter.context.new_page()
    voter.open("/ballot")
    voter.page.get_by_label("Rank of Bo Chen").select_option("2")
    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    voter.page = first
    voter.button("Vote again").click()
    voter.page.get_by_label("Rank of Dev Rao").select_option("3")
    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert [revision for revision, _ in voted(poll, code)] == [1, 2, 3]


def test_the_code_finds_the_vote_after_the_close_too(poll: Stub, voter: BoothVoter, voter_at: Voters) -> None:
    code = voter.vote("Ann Lee")
    poll.ahead = UNTIL_CLOSE
    other = voter_at(poll).open()

    other.button("I have a code already").click()
    other.page.get_by_label("Voting code").fill(code)
    other.button("Use this code").click()

    expect(other.heading).to_have_text("Your ballot is in the ballot box")
    expect(other.button("Vote again")).to_have_count(0)


def test_when_the_clock_passes_the_ballot_says_so_and_keeps_the_marks(poll: Stub, voter_at: Voters) -> None:
    voter = voter_at(poll)
    voter.page.clock.install()
    voter.at_ballot()
    voter.rank("Ann Lee")

    voter.page.clock.fast_forward("51:30:00")

    expect(voter.main).to_contain_text("Voting has ended")
    expect(voter.main).to_contain_text("No ballot was cast from this browser.")
    assert "Voting ended on" in str(voter.page.locator("#time").text_content())


def test_a_ballot_that_comes_after_the_close_is_said_not_to_count(poll: Stub, voter: BoothVoter) -> None:
    voter.at_ballot()
    voter.rank("Ann Lee")
    voter.review()
    poll.ahead = UNTIL_CLOSE

    voter.cast()

    expect(voter.main).to_contain_text("The ballot came after the close")
    expect(voter.main).to_contain_text("It does not count")
    assert poll.held == []
    assert {found.split(":")[0] for found in voter.complaints.found} <= {"404", "410"}
    voter.complaints.found.clear()


def test_an_election_voided_meanwhile_says_so_and_no_ballot_counts(
    poll: Stub, voter: BoothVoter, voter_at: Voters
) -> None:
    voter.vote("Ann Lee")
    voter.button("Vote again").click()
    voter.review()
    poll.state = "void"
    voter.cast()
    expect(voter.main).to_contain_text("This election is void")

    poll.blinded = poll.signed = ""
    poll.state = "voting"
    other = voter_at(poll).open()
    other.button("Begin").click()
    other.page.get_by_label("I have saved or printed it").check()
    poll.state = "void"
    other.button("Skip this check").click()
    expect(other.main).to_contain_text("This election is void")

    for step in ("", "/receipt", "/ballot"):
        voter.open(step)
        voter.page.reload()
        expect(voter.main).to_contain_text("This election is void")
        expect(voter.main).not_to_contain_text("counts")
    assert [ballot.revision for ballot in poll.held] == [1]
    for one in (voter, other):
        assert {found.split(":")[0] for found in one.complaints.found} <= {"404", "410"}
        one.complaints.found.clear()


def test_whoever_comes_after_the_close_is_told_so(poll: Stub, voter_at: Voters) -> None:
    poll.ahead = UNTIL_CLOSE

    voter = voter_at(poll).open()

    expect(voter.main).to_contain_text("Voting has ended")
    expect(voter.page.locator("#time")).to_contain_text("Voting ended on")
    expect(voter.button("Begin")).to_have_count(0)


def test_a_ballot_whose_answer_was_lost_is_known_to_count_after_the_close(
    poll: Stub, voter: BoothVoter
) -> None:
    voter.at_ballot()
    voter.rank("Ann Lee")
    voter.review()
    voter.page.route("**/ballots", lose_the_answer, times=1)
    voter.cast()
    expect(voter.main).to_contain_text("Not acknowledged yet")
    poll.ahead = UNTIL_CLOSE

    voter.open()
    voter.page.reload()
    voter.button("Send my sealed ballot").click()

    expect(voter.heading).to_have_text("Your ballot is cast")
    assert len(poll.held) == 1
    voter.complaints.found.clear()


def test_the_clock_of_the_site_decides(poll: Stub, voter_at: Voters) -> None:
    poll.ahead = UNTIL_CLOSE - timedelta(minutes=20, seconds=-2)

    voter = voter_at(poll).open()

    expect(voter.page.locator("#time")).to_contain_text(re.compile("ends in (19|20) minutes"))


def test_who_is_not_on_the_roll_is_told_the_reason(poll: Stub, voter_at: Voters) -> None:
    poll.me |= {"on_roll": False, "refusal": "You became a member after the roll was closed."}

    voter = voter_at(poll).open()

    expect(voter.main).to_contain_text("You became a member after the roll was closed.")
    expect(voter.button("Begin")).to_have_count(0)


def test_an_entry_of_the_roll_that_is_not_the_members_own_is_noticed(poll: Stub, voter_at: Voters) -> None:
    poll.leaf = "ab" * 32

    expect(voter_at(poll).open().main).to_contain_text("Your entry in the roll is not yours")


def test_the_booth_an_election_keeps_knows_its_number(poll: Stub, voter_at: Voters) -> None:
    voter = voter_at(poll)

    voter.page.goto("/elections/7/booth.html")
    voter.button("Begin").click()

    expect(voter.heading).to_have_text("Your voting code")
    assert voter.page.url.endswith("/elections/7/booth.html#7/code")


def test_an_acknowledgement_nobody_signed_is_not_believed(poll: Stub, voter: BoothVoter) -> None:
    voter.at_ballot()
    voter.rank("Ann Lee")
    voter.review()
    poll.world.acknowledger = bytes(range(32))

    voter.cast()

    expect(voter.main).to_contain_text("The site’s acknowledgement is not sound")
    expect(voter.heading).not_to_have_text("Your ballot is cast")


def test_the_board_shows_the_ballot_and_a_broken_one_is_noticed(poll: Stub, voter: BoothVoter) -> None:
    voter.vote("Ann Lee")
    expect(voter.main).to_contain_text("Not in a block yet")
    poll.make_block()

    voter.button("Look again").click()
    expect(voter.main).to_contain_text("In block 1. The chain of 1 blocks is unbroken")
    poll.blocks = [[bytes(32)]]
    poll.state = "sealed"
    voter.button("Look again").click()
    expect(voter.main).to_contain_text("in no block although voting has ended")
    poll.forked = bytes(32)
    voter.button("Look again").click()

    expect(voter.main).to_contain_text("The board is not sound")


def test_this_device_forgets_the_vote_when_asked(poll: Stub, voter: BoothVoter) -> None:
    voter.vote("Ann Lee")

    voter.button("Forget this vote on this device").click()
    voter.button("Forget it").click()

    expect(voter.heading).to_have_text("This device has forgotten your vote")
    assert voter.page.evaluate("localStorage.length") == 0


def test_equal_ranks_are_told_and_mended_and_gaps_closed(poll: Stub, voter: BoothVoter) -> None:
    code = voter.at_ballot()
    voter.page.get_by_label("Rank of Ann Lee").select_option("2")
    voter.page.get_by_label("Rank of Bo Chen").select_option("2")
    voter.page.get_by_label("Rank of Eva Maier").select_option("5")
    expect(voter.main).to_contain_text("Ann Lee and Bo Chen have the same rank 2.")

    voter.button("Review my ballot").click()
    expect(voter.main).to_contain_text("One thing first")
    voter.page.get_by_label("Rank of Bo Chen").select_option("4")
    expect(voter.main).to_contain_text("the booth closes the gap")
    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (1, 2, 0, 0, 3))]


def test_point_19_a_blank_ballot_is_cast_only_on_purpose(poll: Stub, voter: BoothVoter) -> None:
    code = voter.at_ballot()
    voter.review()
    expect(voter.main).to_contain_text("Your ballot is blank")
    expect(voter.button("Seal and cast")).to_be_disabled()

    voter.page.get_by_label("I want to cast a blank ballot").check()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (0, 0, 0, 0, 0))]


def test_a_candidate_is_dragged_to_another_place(voter: BoothVoter) -> None:
    voter.at_ballot()
    voter.rank("Ann Lee", "Bo Chen", "Eva Maier")
    rows = voter.page.locator(".ranking-list > li")

    rows.nth(2).locator(".grip").hover()
    voter.page.mouse.down()
    box = rows.nth(0).bounding_box()
    assert box
    voter.page.mouse.move(box["x"] + 20, box["y"] + 4, steps=8)
    voter.page.mouse.up()

    expect(voter.page.locator(".ranked-name")).to_have_text(["Eva Maier", "Ann Lee", "Bo Chen"])


def test_marks_up_to_the_number_of_seats(poll_of: Polls, voter_at: Voters) -> None:
    poll = poll_of("block", seats=2)
    voter = voter_at(poll)
    code = voter.at_ballot()
    for name in ("Ann Lee", "Bo Chen", "Eva Maier"):
        voter.page.get_by_label(name, exact=True).check()
    voter.button("Review my ballot").click()
    expect(
        voter.main.get_by_text("You marked 3; at most 2 can be marked. Take 1 back.").first
    ).to_be_visible()

    voter.page.get_by_label("Bo Chen", exact=True).uncheck()
    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (1, 0, 0, 0, 1))]


def test_answers_are_yes_no_abstain_or_blank(poll_of: Polls, voter_at: Voters) -> None:
    poll = poll_of("affirmation")
    voter = voter_at(poll)
    code = voter.at_ballot()
    for name, answer in (("Ann Lee", "Yes"), ("Bo Chen", "No"), ("Carla Díaz", "Abstain")):
        voter.page.get_by_role("group", name=name).get_by_label(answer).check()

    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (1, 2, 3, 0, 0))]


def test_equal_ranks_count_where_the_rule_takes_them(poll_of: Polls, voter_at: Voters) -> None:
    poll = poll_of("schulze", most_ranks=3)
    voter = voter_at(poll)
    code = voter.at_ballot()
    voter.page.get_by_label("Rank of Ann Lee").select_option("1")
    voter.page.get_by_label("Rank of Bo Chen").select_option("1")
    expect(voter.main).to_contain_text("takes equal ranks")

    voter.review()
    voter.cast()
    expect(voter.heading).to_have_text("Your ballot is cast")

    assert voted(poll, code) == [(1, (1, 1, 0, 0, 0))]
