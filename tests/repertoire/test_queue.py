"""The queue: everybody sees what waits and how long, reviewers what is theirs to decide, keepers what needs them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from iocop.contributions.services import file_root
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Refused
from iocop.members.services.leaving import erase, leave
from iocop.organizations.queries import stamp
from iocop.organizations.services import merge
from iocop.repertoire import services
from iocop.repertoire.deciding import Part, part, waiting
from iocop.repertoire.jobs import end_what_is_due, widen
from iocop.repertoire.models import Article, Proposal
from iocop.repertoire.policy import may_review
from iocop.repertoire.queries import queue
from iocop.repertoire.queries.queue import Wanted
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain
from tests.people import officer, person
from tests.repertoire.factories import add_revisions, curators, imported_article, make_article, make_proposal

if TYPE_CHECKING:
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

QUEUE = "/repertoire/queue"


def titles(browser: Browser, query: str = "") -> list[str]:
    page = browser.page(QUEUE + query)
    return [link.get_text() for link in page.select(".list-row h2 a")]


def text_of(browser: Browser, query: str = "") -> str:
    return " ".join((browser.page(QUEUE + query).main or BeautifulSoup("", "html.parser")).get_text().split())


def aged(proposal: Proposal, days: float) -> Proposal:
    with act() as session:
        session.get_one(Proposal, proposal.id).submitted_at = clock.now() - timedelta(days=days, minutes=5)
    return proposal


# ---------------------------------------------------------------- what everybody sees


def test_an_empty_queue_says_what_will_come(browser: Browser) -> None:
    text = text_of(browser)

    assert "What members suggest comes here" in text
    assert "0 decided in 90 days: too few to tell" in text
    assert "Longest waiting now nothing" in text


def test_guests_see_what_is_public_and_members_what_they_may_read(browser: Browser) -> None:
    make_proposal(title="For everybody", label="public")
    make_proposal(title="For members", label="members")

    assert titles(browser) == ["For everybody"]
    assert titles(browser.fresh().sign_in(make_member())) == ["For everybody", "For members"]


def test_the_longest_waiting_comes_first_with_its_age_and_its_first_approval(browser: Browser) -> None:
    people = curators()
    old = aged(make_proposal(title="The old one", author=people.author), 9)
    aged(make_proposal(title="The new one", author=people.author), 2)
    services.approve(viewer_of(people.ann), old.id, 1)

    assert titles(browser) == ["The old one", "The new one"]
    assert titles(browser, "?sort=newest") == ["The new one", "The old one"]
    text = text_of(browser)
    assert "reviewed by one organization: North" in text
    assert "Longest waiting now 9 days" in text
    assert "9 days" in text
    assert "A new article" in text
    assert "Wim West, West" in text


def test_what_one_unverified_member_approved_names_no_organization(browser: Browser) -> None:
    people = curators()
    loose = officer(make_member(), "curator")
    services.approve(viewer_of(loose), make_proposal(author=people.author).id, 1)

    assert "reviewed by one member without a verified organization" in text_of(browser)


def test_filters_narrow_by_domain_and_by_what_is_suggested(browser: Browser) -> None:
    people = curators()
    pumps, law = make_domain(name="Pumps"), make_domain(name="Law")
    article = make_article(author=people.author, reviewers=(people.ann, people.ben), domain_ids=(pumps.id,))
    make_proposal(title="Of pumps", domain_ids=(pumps.id,))
    make_proposal(title="Of law", domain_ids=(law.id,))
    make_proposal(act="obsolete", article_id=article.id, reason="Old.", domain_ids=(pumps.id,))

    assert titles(browser, "?domain=law") == ["Of law"]
    assert titles(browser, "?act=obsolete") == ["Balancing a circuit"]
    assert titles(browser, "?domain=pumps&act=new") == ["Of pumps"]
    assert len(titles(browser, "?domain=nowhere&act=nothing&show=nothing")) == 3


def test_long_queues_have_pages(browser: Browser) -> None:
    author = make_member()
    for number in range(queue.ROWS + 2):
        aged(make_proposal(title=f"Number {number}", author=author), 50 - number)

    assert len(titles(browser)) == queue.ROWS
    assert titles(browser, "?page=2") == ["Number 25", "Number 26"]
    assert browser.get(QUEUE + "?page=x").status_code == 404


def test_a_sealed_author_stays_sealed(browser: Browser) -> None:
    from iocop.contributions.models import Contribution

    proposal = make_proposal(author=person("Sealed Sam", make_organization(name="Secret Works"), "x.example"))
    with act() as session:
        session.get_one(Contribution, proposal.id).byline = "sealed"

    assert "Sealed Sam" not in text_of(browser)
    assert "Secret Works" not in text_of(browser)


# ---------------------------------------------------------------- what a reviewer sees


def test_each_reviewer_reads_what_they_can_do(browser: Browser) -> None:
    from iocop.organizations.models import Offer

    people = curators()
    vendor = make_organization(name="Vendor", type="vendor")
    saved(Offer(organization_id=vendor.id, name="V6"))
    vera = officer(person("Vera Vine", vendor, "vendor.example"), "curator")
    proposal = make_proposal(author=people.author, title="Tuning the V6")
    services.approve(viewer_of(people.ann), proposal.id, 1)

    seen = {
        who.name: text_of(browser.fresh().sign_in(who))
        for who in (people.ann, people.amy, people.ben, people.author, vera)
    }

    assert "You have reviewed it" in seen["Ann North"]
    assert "Needs another organization: yours has approved it" in seen["Amy North"]
    assert "You may review it" in seen["Ben South"]
    assert "You wrote a part of it: two others decide" in seen["Wim West"]
    assert "You step aside: your organization sells V6" in seen["Vera Vine"]
    plain = text_of(browser.fresh().sign_in(make_member()))
    assert not any(words in plain for words in ("You may review", "Mine to decide", "step aside"))


@pytest.mark.theory("2.44")
def test_whoever_sells_what_it_is_about_is_marked_so_in_the_queue_and_under_an_answer(
    browser: Browser,
) -> None:
    from iocop.organizations.models import Offer
    from tests.forums.factories import make_answer, make_topic

    vendor = make_organization(name="Vendor", type="vendor")
    saved(Offer(organization_id=vendor.id, name="V6"))
    vera = person("Vera Vine", vendor, "vendor.example")
    topic = make_topic(title="Why does the V6 hum?")
    make_answer(topic, author=vera, text="It is the gland.")
    make_proposal(author=vera, title="Tuning the V6")

    chip = "works for a company that sells V6"
    assert chip in browser.page(f"/t/{topic.id}").get_text()
    assert chip in text_of(browser)


@pytest.mark.theory("1.28")
def test_competitors_both_answer_and_both_are_marked(browser: Browser) -> None:
    from datetime import date

    from iocop.organizations.models import Offer, OrganizationRelation
    from tests.forums.factories import make_answer, make_topic

    one, other = make_organization(name="Acme"), make_organization(name="Rival")
    saved(OrganizationRelation(a_id=one.id, b_id=other.id, kind="competitor", valid_from=date(2020, 1, 1)))
    for firm in (one, other):
        saved(Offer(organization_id=firm.id, name="V6"))
    topic = make_topic(title="Why does the V6 hum?")
    make_answer(topic, author=person("Al Acme", one, "acme.example"), text="Ours does not.")
    make_answer(topic, author=person("Ria Rival", other, "rival.example"), text="Nor does ours.")

    page = browser.page(f"/t/{topic.id}")

    marked = [
        chip.find_parent(class_="author").get_text()  # type: ignore[union-attr]
        for chip in page.select(".author .chip.warn")
    ]
    assert [name for name in ("Al Acme", "Ria Rival") if any(name in words for words in marked)] == [
        "Al Acme",
        "Ria Rival",
    ]


def test_mine_to_decide_is_just_what_policy_and_services_let_through(browser: Browser) -> None:
    from iocop.organizations.models import Offer

    people = curators()
    vendor = make_organization(name="Vendor", type="vendor")
    saved(Offer(organization_id=vendor.id, name="V6"))
    vera = officer(person("Vera Vine", vendor, "vendor.example"), "curator")
    pumps, pipes = make_domain(name="Pumps"), make_domain(name="Pipes")
    stu = officer(person("Stu Steward", make_organization(name="Stead"), "stead.example"), "domain_steward",
                  scope_kind="domain", scope_id=pipes.id)  # fmt: skip
    waits = [
        make_proposal(author=people.author, title="Plain pumps", domain_ids=(pumps.id,)),
        make_proposal(author=people.author, title="Plain pipes", domain_ids=(pipes.id,)),
        make_proposal(author=people.author, title="Both", domain_ids=(pumps.id, pipes.id)),
        make_proposal(author=people.author, title="The V6", domain_ids=(pumps.id,)),
        make_proposal(author=people.ben, title="By Ben", domain_ids=(pumps.id,)),
        make_proposal(author=people.author, title="Approved by Ann", domain_ids=(pumps.id,)),
        aged(make_proposal(author=people.author, title="Old pumps", domain_ids=(pumps.id,)), 15),
    ]
    services.approve(viewer_of(people.ann), waits[5].id, 1)
    widen()

    for who in (people.ann, people.amy, people.ben, people.author, vera, stu, make_member()):
        mine = {item.row.title for item in queue.items(viewer_of(who), Wanted(mine=True), 1).rows}
        shown = {
            item.row.title
            for item in queue.items(viewer_of(who), Wanted(), 1).rows
            if item.part is Part.DECIDE
        }
        assert mine == shown == {row.title for row in waits if lets(who, row)}, who.name
    assert {row.title for row in waits if lets(stu, row)} == {"Plain pipes", "Both", "Old pumps"}
    assert titles(browser.sign_in(people.amy), "?for=me") == [
        "Old pumps", "Plain pumps", "Plain pipes", "Both", "The V6", "By Ben",
    ]  # fmt: skip
    assert "offered to neighbouring domains" in text_of(browser)


def lets(who: Member, proposal: Proposal) -> bool:
    """Ask what the reviewing page would: policy, then what the service adds."""
    from iocop.contributions.models import Contribution
    from iocop.core.errors import Conflict
    from iocop.repertoire.services.reviewing import _check_organization, _reviewed

    actor = viewer_of(who)
    row = db.session.get_one(Proposal, proposal.id)
    if not may_review(actor, row, db.session.get_one(Contribution, row.id)):
        return False
    try:
        with act():
            _check_organization(actor, _reviewed(actor, row.id, row.round))
    except Conflict:
        return False
    return True


def test_a_curator_whose_firm_sells_nothing_here_is_not_held_back() -> None:
    assert part(wrote=False, right=True, conflict=False, said=False, spoken=False) is Part.DECIDE
    assert part(wrote=True, right=False, conflict=True, said=True, spoken=True) is Part.WROTE
    assert part(wrote=False, right=False, conflict=True, said=True, spoken=True) is Part.NO_RIGHT
    assert part(wrote=False, right=True, conflict=True, said=True, spoken=True) is Part.CONFLICT
    assert part(wrote=False, right=True, conflict=False, said=True, spoken=True) is Part.SAID
    assert part(wrote=False, right=True, conflict=False, said=False, spoken=True) is Part.SPOKEN


# ---------------------------------------------------------------- how long things wait


def test_the_median_waiting_time_is_published_from_five_on(browser: Browser) -> None:
    people = curators()
    for number, days in enumerate((1, 2, 3, 40)):
        decided(people, f"Number {number}", days)
    assert "4 decided in 90 days: too few to tell" in text_of(browser)

    decided(people, "Declined", 30, verdict="decline")
    taken_back = make_proposal(author=people.author, title="Taken back")
    services.withdraw(viewer_of(people.author), taken_back.id)

    text = text_of(browser)
    assert "Waiting time, median 3 days" in text
    assert "5 decided in 90 days; nine of ten within 40 days" in text
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert "0 decided in 90 days" in text_of(browser.fresh())


def decided(people: Any, title: str, days: float, verdict: str = "approve") -> None:
    proposal = aged(make_proposal(author=people.author, title=title), days)
    if verdict == "decline":
        services.decline(viewer_of(people.ann), proposal.id, 1, "No.")
        return
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, 1)


@given(st.lists(st.integers(0, 10_000), max_size=60))
def test_waiting_times_are_those_of_the_sorted_list(hours: list[int]) -> None:
    found = waiting(timedelta(hours=number) for number in hours)

    assert found.n == len(hours)
    if len(hours) < 5:
        assert found.median is found.often is None
        return
    assert found.median is not None
    assert found.often is not None
    assert sum(timedelta(hours=number) <= found.often for number in hours) >= 0.9 * len(hours)
    assert sum(timedelta(hours=number) < found.often for number in hours) < 0.9 * len(hours)
    assert sum(timedelta(hours=number) <= found.median for number in hours) >= len(hours) / 2


def test_below_two_days_the_figure_is_in_hours(browser: Browser) -> None:
    people = curators()
    for number in range(5):
        decided(people, f"Number {number}", 0.5)

    assert "Waiting time, median 12 hours" in text_of(browser)


# ---------------------------------------------------------------- the other tabs


def test_tabs_hold_what_was_asked_for_changes_and_what_needs_somebody(browser: Browser) -> None:
    people = curators()
    asked = make_proposal(author=people.author, title="Not yet")
    services.ask_for_changes(viewer_of(people.ann), asked.id, 1, "Say which.")
    article = make_article(author=people.author, reviewers=(people.ann, people.ben), title="Due one")
    imported = make_article(author=people.author, reviewers=(people.ann, people.ben), title="From elsewhere")
    with act() as session:
        session.get_one(Article, imported.id).standing = "imported"
        session.get_one(Article, imported.id).owner_id = None
        session.get_one(Article, article.id).review_by = clock.now() - timedelta(days=3, hours=1)

    assert titles(browser) == []
    assert titles(browser, "?show=changes") == ["Not yet"]
    assert titles(browser, "?show=stale") == ["Due one"]
    assert titles(browser, "?show=unsealed") == ["From elsewhere"]
    assert titles(browser, "?show=unkept") == ["From elsewhere"]
    assert titles(browser, "?show=stale&domain=controls") == ["Due one"]
    text = text_of(browser, "?show=stale")
    assert "3days over" in text
    assert "Owner: Wim West" in text
    assert "Asked for changes 1" in text
    signed_in = browser.sign_in(make_member()).page(QUEUE + "?show=unsealed")
    assert [link.get("href") for link in signed_in.select(".list-row .facts a")][-2:] == [
        f"/a/{imported.id}/suggest/seal",
        f"/a/{imported.id}/suggest/obsolete",
    ]


def test_long_lists_of_articles_have_pages(browser: Browser) -> None:
    people = curators()
    for number in range(27):
        make_article(author=people.author, reviewers=(people.ann, people.ben), title=f"Number {number}")
    with time_machine.travel(clock.now() + timedelta(days=3000), tick=False):
        end_what_is_due()
        assert len(titles(browser.fresh(), "?show=stale")) == 25
        assert titles(browser.fresh(), "?show=stale&page=2") == ["Number 25", "Number 26"]


def test_what_another_organization_calls_outdated_says_so(browser: Browser) -> None:
    from iocop.contributions.services import mark

    article = make_article()
    una = person("Una Outside", make_organization(name="Una Works"), "una.example")
    mark(viewer_of(una), article.id, "outdated", {"reason": "New edition"})

    assert titles(browser, "?show=stale") == ["Balancing a circuit"]
    assert "outdated, says another organization" in text_of(browser, "?show=stale")


def test_an_article_whose_owner_left_is_without_a_keeper(browser: Browser) -> None:
    people = curators()
    article = make_article(author=people.author, reviewers=(people.ann, people.ben))
    assert titles(browser, "?show=unkept") == []

    leaving = viewer_of(people.author)
    leave(leaving)

    assert titles(browser.fresh(), "?show=unkept") == ["Balancing a circuit"]
    erase(leaving, with_texts=True)
    assert db.session.scalar(select(Article.owner_id).where(Article.id == article.id)) is None


def test_the_queue_and_the_service_agree_when_two_organizations_become_one(browser: Browser) -> None:
    people = curators()
    approved = make_proposal(title="Approved by South")
    make_proposal(title="Untouched")
    services.approve(viewer_of(people.ben), approved.id, 1)
    mine = "?for=me"
    assert set(titles(browser.sign_in(people.ann), mine)) == {"Approved by South", "Untouched"}

    north, south = (organization_of(member) for member in (people.ann, people.ben))
    merge(viewer_of(officer(make_member(), "administrator")), south, north)

    assert titles(browser, mine) == ["Untouched"]
    assert [item.part for item in queue.items(viewer_of(people.ann), Wanted(), 1).rows] == [
        Part.SPOKEN, Part.DECIDE,
    ]  # fmt: skip
    with pytest.raises(Conflict, match="your organization has approved"):
        services.approve(viewer_of(people.ann), approved.id, 1)


def organization_of(member: Member) -> int:
    found = stamp(member.id, None, clock.now()).organization_id
    assert found is not None
    return found


def test_nobody_who_saved_an_imported_article_seals_it() -> None:
    people = curators()
    article = imported_article(people.author, "Open every valve.")
    with act():
        file_root(article.id, [make_domain(name="Pumps").id], [])
    add_revisions(article, [people.ann, people.author], 2)
    proposal = make_proposal(act="seal", article_id=article.id, reason="It holds.")

    assert [item.part for item in queue.items(viewer_of(people.ann), Wanted(), 1).rows] == [Part.WROTE]
    assert queue.items(viewer_of(people.ann), Wanted(mine=True), 1).rows == []
    with pytest.raises(Refused, match="wrote a part"):
        services.approve(viewer_of(people.ann), proposal.id, 1)
    assert [item.part for item in queue.items(viewer_of(people.ben), Wanted(), 1).rows] == [Part.DECIDE]
    services.approve(viewer_of(people.ben), proposal.id, 1)
