"""Members are proposed, accept, are seconded and campaign; everybody reads who stands, who sits and how it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from iocop.core import clock, errors
from iocop.core.db import act, db
from iocop.elections.models import Election, ElectionDocument, Nomination
from iocop.elections.queries import candidacy
from iocop.elections.rules import Rules
from iocop.elections.services import campaigning, nominating
from iocop.elections.services.closing import write_document
from iocop.forums.models import Topic
from iocop.members.models import Member
from iocop.roles.models import RoleGrant
from tests.elections.held import hold
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain, make_space
from tests.organizations.factories import make_affiliation

if TYPE_CHECKING:
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

STATEMENT = "I want to write down what we know. " * 15


def nominating_election() -> Election:
    """An election whose nominations are open; one seconder is enough, and no photo is asked for."""
    held = hold(2)
    now = clock.now()
    with act() as session:
        election = session.get_one(Election, held.id)
        election.state = "nominations"
        election.rules = Rules(seconders=1, photo=False).as_data() | {"seats": 2}
        election.nominations_open_at = now - timedelta(days=1)
        election.nominations_close_at = now + timedelta(days=13)
        election.opens_at = now + timedelta(days=30)
        election.closes_at = now + timedelta(days=40)
        session.delete(session.get_one(ElectionDocument, (held.id, "freeze.json")))
    return election


def veteran(**given: object) -> Member:
    return make_member(**{"joined_at": clock.now() - timedelta(days=900), **given})


def standing(election: Election, member: Member) -> Nomination:
    """A member who proposed themselves and accepted."""
    row = nominating.nominate(viewer_of(member), election.id, member.id)
    return nominating.accept(viewer_of(member), election.id, row.id, STATEMENT, "Nothing to declare.")


def test_a_member_is_proposed_accepts_and_is_seconded_in_the_browser(browser: Browser) -> None:
    election = nominating_election()
    frost, kerr, lund = (
        veteran(name="Ada Frost", handle="frost"),
        veteran(name="Bo Kerr"),
        veteran(name="Cy Lund"),
    )
    browser.sign_in(kerr)
    sent = browser.post(f"/elections/{election.id}/nominate", {"member": "@frost"}, follow_redirects=True)
    assert "The member is told" in sent.text
    row = candidacy.of_member(election.id, frost.id)
    assert row is not None
    address = f"/elections/{election.id}/candidates/{row.id}"
    browser.sign_out().sign_in(frost)
    short = browser.post(f"{address}/stand", {"statement": "Vote for me.", "interests": "None."})
    assert short.status_code == 422
    assert "at least 100 words; this one has 3" in short.text
    assert "Vote for me." in short.text, "nothing typed is lost"
    browser.post(
        f"{address}/stand", {"statement": STATEMENT, "interests": "I work for nobody who sells here."}
    )
    browser.sign_out().sign_in(lund)
    browser.post(f"{address}/second")
    page = browser.page(address)
    words = page.get_text(" ", strip=True)
    assert "Cy Lund" in words
    assert "I want to write down what we know." in words
    assert "Ada Frost" in browser.page(f"/elections/{election.id}").get_text()


def test_every_refusal_to_stand_has_its_reason() -> None:
    election = nominating_election()
    actor = viewer_of(veteran())
    organization = make_organization()
    sitting = [veteran(), veteran()]
    for member in sitting:
        saved(
            RoleGrant(
                member_id=member.id, role="board_member", valid_from=clock.now() - timedelta(days=300),
                valid_to=clock.now() + timedelta(days=900), decision_id=1,
            )
        )  # fmt: skip
    colleague, twice = veteran(), veteran()
    for member in (*sitting, colleague):
        make_affiliation(member, organization, valid_from=clock.now().date() - timedelta(days=400))
    for years in (6, 3):
        saved(
            RoleGrant(
                member_id=twice.id, role="board_member", valid_from=clock.now() - timedelta(days=365 * years),
                valid_to=clock.now() - timedelta(days=365 * (years - 3) + 10), decision_id=1,
            )
        )  # fmt: skip
    officer = db.session.scalar(db.select(RoleGrant.member_id).where(RoleGrant.role == "returning_officer"))
    assert officer is not None
    for member_id, reason in (
        (make_member(joined_at=clock.now() - timedelta(days=100)).id, "as long as the rules ask"),
        (veteran(name_mode="pseudonym").id, "own name"),
        (veteran(state="suspended").id, "suspended"),
        (officer, "officers of an election"),
        (sitting[0].id, "holds the office beyond"),
        (twice.id, "more terms in a row"),
        (colleague.id, "all the seats they may"),
    ):
        with pytest.raises(errors.Refused, match=reason):
            nominating.nominate(actor, election.id, member_id)


def test_nobody_is_proposed_twice_or_out_of_time() -> None:
    election = nominating_election()
    member = veteran()
    standing(election, member)
    with pytest.raises(errors.Conflict, match="proposed already"):
        nominating.nominate(viewer_of(veteran()), election.id, member.id)
    with act():
        election.nominations_close_at = clock.now()
    with pytest.raises(errors.Refused, match="have closed"):
        nominating.nominate(viewer_of(veteran()), election.id, veteran().id)


def test_candidates_and_who_proposed_them_do_not_count_as_seconders() -> None:
    election = nominating_election()
    member, proposer = veteran(), veteran()
    row = nominating.nominate(viewer_of(proposer), election.id, member.id)
    for one in (member, proposer):
        with pytest.raises(errors.Refused, match="not counted as seconders"):
            nominating.second(viewer_of(one), election.id, row.id)
    other = viewer_of(veteran())
    assert candidacy.lacking_seconders(election, row.id) == 1
    nominating.second(other, election.id, row.id)
    assert candidacy.lacking_seconders(election, row.id) == 0
    with pytest.raises(errors.Refused, match="already"):
        nominating.second(other, election.id, row.id)


@pytest.mark.parametrize(
    ("statement", "interests", "field"),
    [
        ("Too short.", "None.", "statement"),
        (STATEMENT, " ", "interests"),
        (STATEMENT * 100, "None.", "statement"),
    ],
)
def test_what_a_candidate_writes_is_looked_at(statement: str, interests: str, field: str) -> None:
    election = nominating_election()
    member = veteran()
    row = nominating.nominate(viewer_of(member), election.id, member.id)
    with pytest.raises(errors.Invalid) as refused:
        nominating.accept(viewer_of(member), election.id, row.id, statement, interests)
    assert refused.value.field == field


def test_declining_costs_nothing_and_can_be_thought_over() -> None:
    election = nominating_election()
    member = veteran()
    row = nominating.nominate(viewer_of(veteran()), election.id, member.id)
    assert nominating.decline(viewer_of(member), election.id, row.id).state == "declined"
    accepted = nominating.accept(viewer_of(member), election.id, row.id, STATEMENT, "None.")
    assert accepted.state == "accepted"
    assert nominating.withdraw(viewer_of(member), election.id, row.id).state == "withdrawn"


def test_a_candidate_has_one_thread_and_one_mailing() -> None:
    election = nominating_election()
    make_space()
    member, domain = veteran(), make_domain()
    row = standing(election, member)
    with pytest.raises(errors.Refused, match="admission"):
        campaigning.send_mailing(viewer_of(member), election.id, row.id, "Hello")
    with act():
        row.state, election.state = "admitted", "campaign"
    campaigning.send_mailing(viewer_of(member), election.id, row.id, "Hello to everybody.")
    with pytest.raises(errors.Conflict, match="every candidate has one"):
        campaigning.send_mailing(viewer_of(member), election.id, row.id, "Once more.")
    campaigning.open_thread(viewer_of(member), election.id, row.id, domain.id)
    assert db.session.get_one(Topic, row.thread_id).kind == "discussion"
    with pytest.raises(errors.Conflict, match="open already"):
        campaigning.open_thread(viewer_of(member), election.id, row.id, domain.id)
    with pytest.raises(errors.Refused, match="Only the candidate"):
        campaigning.send_mailing(viewer_of(veteran()), election.id, row.id, "For them.")


def test_the_election_page_leads_voters_into_the_booth(browser: Browser) -> None:
    held = hold()
    with act():
        write_document(held.id, "booth.html", b"<p>booth</p>")
    assert "Sign in to vote" in browser.page(f"/elections/{held.id}").get_text()
    browser.sign_in(held.voters[0])
    assert browser.page(f"/elections/{held.id}").find("a", string="Open the booth") is not None
    answer = browser.client.get(f"/elections/{held.id}/vote")
    assert answer.headers["Location"].endswith(f"/elections/{held.id}/booth.html#{held.id}")
    held.token(held.voters[0])
    assert "only your browser knows whether you cast" in browser.page(f"/elections/{held.id}").get_text()
    browser.sign_out().sign_in(make_member())
    assert "not on the roll" in browser.page(f"/elections/{held.id}").get_text()


def test_the_board_page_tells_who_sits_since_when_and_by_what(browser: Browser) -> None:
    hold(1)
    now = clock.now()
    for name, start, end in (("Ada Frost", 100, -900), ("Bo Kerr", 1200, 100)):
        saved(
            RoleGrant(
                member_id=make_member(name=name).id, role="board_member", decision_id=1,
                valid_from=now - timedelta(days=start), valid_to=now - timedelta(days=end),
            )
        )  # fmt: skip
    page = browser.page("/board")
    current = page.select_one("section[aria-labelledby=board-member]")
    past = page.select_one("section[aria-labelledby=past]")
    assert current is not None
    assert past is not None
    assert "Ada Frost" in current.get_text()
    assert "Bo Kerr" in past.get_text()
    assert "Returning officer" in page.get_text()


def test_all_elections_are_listed_those_under_way_first(browser: Browser) -> None:
    held = hold(1)
    over = hold(1)
    with act():
        over.election.state, over.election.title = "certified", "Board of last year"
    words = browser.page("/elections").get_text(" ", strip=True)
    assert words.index("Under way") < words.index(held.election.title) < words.index("Board of last year")
