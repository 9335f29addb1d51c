"""What each level opens, and what is open to everybody from the first minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import db
from iocop.core.errors import Refused
from iocop.domains.policy import may_write_charter
from iocop.forums import services as forums
from iocop.forums.policy import may_close
from iocop.repertoire import policy, services
from iocop.repertoire.fields import Fields
from iocop.repertoire.models import Proposal, Review
from iocop.repertoire.queries.reviewers import reviewer_of
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_domain, make_topic
from tests.people import officer
from tests.repertoire.factories import curators, make_proposal
from tests.reputation.standing import stand

if TYPE_CHECKING:
    from iocop.domains.models import Domain
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")


def at_level(level: int, domain: Domain) -> Member:
    member = make_member()
    stand(member, domain, level)
    return member


def contribution(key: int) -> Contribution:
    return db.session.get_one(Contribution, key)


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


def test_level_4_closes_topics_of_its_domain_and_says_where_they_go_on(browser: Browser) -> None:
    domain, elsewhere = make_domain(), make_domain(name="Law")
    topic, other = make_topic(domain_ids=(domain.id,)), make_topic(domain_ids=(elsewhere.id,))
    master, expert = at_level(4, domain), at_level(3, domain)

    assert "level 4" in str(may_close(viewer_of(expert), topic, contribution(topic.id)).reason)
    assert not may_close(viewer_of(master), other, contribution(other.id))
    page = browser.sign_in(master).page(f"/t/{topic.id}")
    assert page.find("a", href=f"/t/{topic.id}/close")
    forums.close_topic(viewer_of(master), topic.id, "The same question.", other.id)
    forums.reopen_topic(viewer_of(master), topic.id)


def test_the_way_to_close_is_shown_to_nobody_else(browser: Browser) -> None:
    domain = make_domain()
    topic = make_topic(domain_ids=(domain.id,))

    page = browser.sign_in(at_level(3, domain)).page(f"/t/{topic.id}")

    assert page.find("a", href=f"/t/{topic.id}/close") is None


def test_level_2_sends_a_suggestion_back_and_decides_nothing(browser: Browser) -> None:
    domain = make_domain(name="Controls")
    proposal = make_proposal(domain_ids=(domain.id,))
    reviewer = at_level(2, domain)
    path = f"/repertoire/suggestions/{proposal.id}/review"
    for act in (services.approve, services.decline):
        with pytest.raises(Refused, match="level 3 of one of its domains"):
            act(viewer_of(reviewer), proposal.id, proposal.round, "So it is.")

    page = browser.sign_in(reviewer).page(path)
    assert "You work through the queue here as level 2 in Controls" in words(page.text)
    assert {field["value"] for field in page.select("input[name=verdict]")} == {"changes", "recuse"}
    forbidden = browser.post(path, {"round": "1", "verdict": "approve", "reason": ""})
    sent = browser.post(path, {"round": "1", "verdict": "changes", "reason": "The pressure is missing."})

    assert (forbidden.status_code, sent.status_code) == (422, 303)
    assert db.session.get_one(Proposal, proposal.id).status == "changes"
    assert db.session.scalars(select(Review.power)).one() == "level"


@pytest.mark.parametrize("level", [0, 1])
def test_below_level_2_the_queue_is_read_only(browser: Browser, level: int) -> None:
    domain = make_domain()
    proposal = make_proposal(domain_ids=(domain.id,))
    member = at_level(level, domain)

    with pytest.raises(Refused, match="from level 2 on"):
        services.ask_for_changes(viewer_of(member), proposal.id, proposal.round, "More.")
    assert browser.sign_in(member).get(f"/repertoire/suggestions/{proposal.id}/review").status_code == 403


def test_level_2_helps_to_write_what_is_in_the_queue_and_then_approves_it_no_more(browser: Browser) -> None:
    domain = make_domain()
    people = curators()
    proposal = make_proposal(author=people.author, domain_ids=(domain.id,))
    helper, stranger = at_level(3, domain), make_member()
    edit = f"/repertoire/suggestions/{proposal.id}/edit"
    page = browser.sign_in(helper).page(edit)
    assert "Help with this suggestion" in page.text
    assert page.find("button", string="Save for later") is None

    fields = Fields.read(proposal.fields)
    services.save_proposal(viewer_of(helper), proposal.id, fields=fields, text="## Steps\n\nOpen them all.\n")

    assert db.session.get_one(Proposal, proposal.id).round == 2
    with pytest.raises(Refused, match="You wrote a part of this"):
        services.approve(viewer_of(helper), proposal.id, 2)
    with pytest.raises(Refused, match="Only its author"):
        services.withdraw(viewer_of(helper), proposal.id)
    with pytest.raises(Refused, match="Only its author"):
        services.save_proposal(viewer_of(helper), proposal.id, fields=fields, text="No.", submit=False)
    with pytest.raises(Refused, match="members from level 2"):
        services.save_proposal(viewer_of(stranger), proposal.id, fields=fields, text="No.")


def test_what_its_author_has_not_sent_yet_nobody_else_writes_on() -> None:
    domain = make_domain()
    proposal = make_proposal(domain_ids=(domain.id,), submit=False)

    assert not policy.may_write_proposal(viewer_of(at_level(4, domain)), proposal, contribution(proposal.id))


def test_level_3_approves_in_its_own_domain_and_the_page_says_by_which_right(browser: Browser) -> None:
    here, there = make_domain(name="Controls"), make_domain(name="Law")
    proposal, other = (
        make_proposal(domain_ids=(here.id,)),
        make_proposal(title="Other", domain_ids=(there.id,)),
    )
    expert, curator = at_level(3, here), officer(make_member(), "curator")
    path = f"/repertoire/suggestions/{proposal.id}/review"

    assert "You decide here as level 3 in Controls." in words(browser.sign_in(expert).get(path).text)
    assert "You decide here as curator since" in words(browser.fresh().sign_in(curator).get(path).text)
    assert services.approve(viewer_of(expert), proposal.id, 1).power == "level"
    assert services.approve(viewer_of(curator), other.id, 1).power == "curator"
    assert not policy.may_review(viewer_of(expert), other, contribution(other.id))
    assert reviewer_of(viewer_of(expert)).domains == {here.id}


def test_a_charter_is_the_stewards_and_no_levels() -> None:
    domain = make_domain()
    master, steward = (
        at_level(4, domain),
        officer(make_member(), "domain_steward", scope_kind="domain", scope_id=domain.id),
    )

    assert not may_write_charter(viewer_of(master), domain.id)
    assert may_write_charter(viewer_of(steward), domain.id)
