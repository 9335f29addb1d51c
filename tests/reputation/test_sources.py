"""What members do in the forums becomes rows of the ledger, once, as things stand; and stops being so exactly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from iocop.contributions.events import Marked, MarkWithdrawn, StateChanged
from iocop.contributions.models import ContributionDomain
from iocop.contributions.services import mark, set_state, withdraw_mark
from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.forums.events import TopicClosed
from iocop.forums.services import accept_answer, withdraw_acceptance
from iocop.forums.services.batch import BulkMark, BulkPost, BulkThread
from iocop.forums.services.bulk import write_threads
from iocop.members import services as members
from iocop.members.numbers import shown
from iocop.moderation import services as moderation
from iocop.organizations.models import Affiliation, OrganizationRelation
from iocop.organizations.services.relations import merge
from iocop.repertoire.models import Credit
from iocop.reputation.listeners import enter
from iocop.reputation.models import Balance, LedgerRow, Rung
from tests.contributions.factories import make_office
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import JOINED, belong, cast, officer, person
from tests.repertoire.factories import imported_article
from tests.reputation.ledgers import differences

if TYPE_CHECKING:
    from iocop.contributions.models import Contribution
    from iocop.core.login import Viewer
    from iocop.forums.models import Topic
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

REASON = {"reason": "The delta t is taken across the wrong valve."}


def told() -> None:
    """Have the worker tell everything, and what follows from it."""
    while outbox.deliver_all():
        pass


def rows(member: Member, rule: str = "") -> list[LedgerRow]:
    db.session.expire_all()
    found = select(LedgerRow).where(LedgerRow.member_id == member.id).order_by(LedgerRow.id)
    return list(db.session.scalars(found.where(LedgerRow.rule == rule) if rule else found))


def earned(member: Member) -> list[tuple[str, int]]:
    """Rule and milli-points of every row."""
    return [(row.rule, row.amount_mp) for row in rows(member)]


def total(member: Member) -> int:
    return sum(row.amount_mp for row in rows(member))


def ties(member: Member) -> list[str]:
    return [row.factors["org"] for row in rows(member)]


def answered(author: Member, asker: Member | None = None, **about: Any) -> Contribution:
    return make_answer(make_topic(author=asker or make_member()), author=author, **about)


def stand(member: Member, post: Contribution, level: int = 1) -> None:
    """Put a member on a rung of every domain of a post."""
    domains = select(ContributionDomain.domain_id).where(ContributionDomain.contribution_id == post.root_id)
    for domain_id in db.session.scalars(domains).all():
        saved(Rung(member_id=member.id, domain_id=domain_id, level=level, highest=level, since=clock.now()))


def helpful(giver: Member, post: Contribution) -> None:
    mark(viewer_of(giver), post.id, "helpful")
    told()


# ---------------------------------------------------------------- found helpful


def test_an_endorsed_answer_brings_its_author_points_in_its_domain() -> None:
    people = cast()
    answer = answered(people.alice)

    helpful(people.charlie, answer)

    (row,) = rows(people.alice)
    assert (row.rule, row.source_id, row.actor_id) == ("answer_endorsed", answer.id, people.charlie.id)
    assert (row.factors["org"], row.factors["level"], row.amount_mp) == ("apart", 0, 5000)
    assert (row.actor_organization_id, row.actor_group_id) == (people.rival.id, people.rival.id)
    assert row.recipient_organization_id == people.acme.id
    assert differences() == []


def test_points_are_shared_among_the_domains_of_the_topic() -> None:
    people = cast()
    two = tuple(make_domain(name=name).id for name in ("Hydronics", "Metering"))
    answer = make_answer(make_topic(domain_ids=two), author=people.alice)
    stand(people.charlie, answer)

    helpful(people.charlie, answer)

    assert [(row.domain_id, row.amount_mp) for row in rows(people.alice)] == [(two[0], 5000), (two[1], 5000)]


def test_an_endorsed_question_is_participation_and_no_expertise() -> None:
    people = cast()
    topic = make_topic(author=people.alice)

    mark(viewer_of(people.charlie), topic.id, "helpful")
    told()

    assert earned(people.alice) == [("question_endorsed", 0)]
    balance = db.session.scalars(select(Balance)).one()
    assert (balance.participation, balance.settled_mp) == (1, 0)


@pytest.mark.parametrize("kind", ["discussion", "announcement"])
def test_talk_brings_no_points(kind: str) -> None:
    alice = officer(person("Alice Ash"), "facilitator")
    topic = make_topic(author=alice, kind=kind)

    mark(viewer_of(make_member()), topic.id, "helpful")
    told()

    assert rows(alice) == []


def test_what_stands_in_no_domain_brings_no_points() -> None:
    alice = make_member()
    article = imported_article(alice, "Open every valve.")
    saved(Credit(article_id=article.id, member_id=alice.id, share=10_000))

    mark(viewer_of(make_member()), article.id, "helpful")
    enter(Marked(None, article.id, article.id, "helpful"))  # the site itself finds nothing helpful
    told()

    assert rows(alice) == []


def test_what_nobody_keeps_a_ledger_of_is_said() -> None:
    with pytest.raises(TypeError, match="TopicClosed"):
        enter(TopicClosed(1, topic_id=1))


def test_told_twice_or_late_it_stands_once_and_as_things_are() -> None:
    people = cast()
    answer = answered(people.alice)
    happened = Marked(people.charlie.id, answer.id, answer.root_id or 0, "helpful")
    undone = MarkWithdrawn(people.charlie.id, answer.id, answer.root_id or 0, "helpful")

    helpful(people.charlie, answer)
    for again in (happened, undone, happened):
        enter(again)
    assert len(rows(people.alice)) == 1
    withdraw_mark(viewer_of(people.charlie), answer.id, "helpful")
    for again in (happened, undone, happened):
        enter(again)

    assert [amount for _, amount in earned(people.alice)] == [5000, -5000]
    assert differences() == []


def test_pressing_again_and_again_earns_nothing() -> None:
    people = cast()
    answer = answered(people.alice)

    for _ in range(3):
        helpful(people.charlie, answer)
        withdraw_mark(viewer_of(people.charlie), answer.id, "helpful")
        told()
    assert total(people.alice) == 0
    helpful(people.charlie, answer)

    assert total(people.alice) == 5000
    assert [row.because for row in rows(people.alice)] == ["", *["withdrawn", "restored"] * 3]
    assert differences() == []


def test_what_is_loaded_writes_no_rows() -> None:
    alice, bob = make_member(), make_member()
    then = clock.now() - timedelta(days=9)
    said = [
        BulkPost(
            author_id=alice.id, created_at=then, kind="answer", text="The gland.", html="<p>The gland.</p>",
            plain="The gland.", label="public", marks=[BulkMark(kind="helpful", member_id=bob.id, at=then)],
        )
        for _ in ("question", "answer")
    ]  # fmt: skip
    thread = BulkThread(
        kind="question", title="Loaded", space_id=make_space().id, posts=said, domain_ids=(make_domain().id,)
    )
    with act():
        write_threads([thread])
    told()

    assert rows(alice) == []


# ---------------------------------------------------------------- doubts


def test_a_doubt_takes_points_and_helpful_takes_it_back() -> None:
    people = cast()
    answer = answered(people.alice)
    stand(people.charlie, answer)

    mark(viewer_of(people.charlie), answer.id, "doubt", REASON)
    told()
    assert earned(people.alice) == [("answer_doubted", -4000)]
    mark(viewer_of(people.charlie), answer.id, "helpful")
    told()

    assert earned(people.alice)[1:] == [("answer_doubted", 4000), ("answer_endorsed", 10_000)]
    mark(viewer_of(people.charlie), answer.id, "doubt", REASON)
    told()
    assert total(people.alice) == -4000
    assert differences() == []


def test_a_newcomer_does_not_fall_below_nothing() -> None:
    people = cast()
    newcomer, settled = make_member(), make_member(joined_at=clock.now() - timedelta(days=30))
    answers = [answered(author) for author in (newcomer, settled)]  # in one domain
    stand(people.charlie, answers[0])
    for answer in answers:
        mark(viewer_of(people.charlie), answer.id, "doubt", REASON)
    told()

    assert earned(newcomer) == [("answer_doubted", 0)]
    assert total(settled) < 0


# ---------------------------------------------------------------- acceptance


def accepted(people: Any) -> tuple[Topic, Contribution]:
    topic = make_topic(author=people.charlie)
    answer = make_answer(topic, author=people.alice)
    accept_answer(viewer_of(people.charlie), topic.id, answer.id)
    told()
    return topic, answer


def test_an_accepted_answer_brings_points_while_it_is() -> None:
    people = cast()
    topic, answer = accepted(people)

    assert earned(people.alice) == [("answer_accepted", 12_500)]
    withdraw_acceptance(viewer_of(people.charlie), topic.id)
    told()
    assert total(people.alice) == 0
    other = make_answer(topic, author=people.sol)
    accept_answer(viewer_of(people.charlie), topic.id, other.id)
    accept_answer(viewer_of(people.charlie), topic.id, answer.id)
    told()

    assert (total(people.alice), total(people.sol)) == (12_500, 0)
    assert differences() == []


def test_accepting_an_own_answer_brings_nothing() -> None:
    alice = make_member()
    topic = make_topic(author=alice)
    answer = make_answer(topic, author=alice)

    accept_answer(viewer_of(alice), topic.id, answer.id)
    told()

    assert rows(alice) == []
    assert db.session.scalars(select(Balance)).all() == []


# ---------------------------------------------------------------- organizations at that time


def test_a_colleagues_word_counts_a_quarter() -> None:
    people = cast()
    answer = answered(people.alice)

    helpful(people.bob, answer)

    assert ties(people.alice) == ["together"]
    assert total(people.alice) == 1250


def test_a_job_change_counts_from_its_day_and_never_backwards() -> None:
    people = cast()
    answers = [answered(people.alice) for _ in range(2)]
    helpful(people.bob, answers[0])

    today = clock.now().date()
    with act() as session:
        row = session.scalars(select(Affiliation).where(Affiliation.member_id == people.bob.id)).one()
        row.valid_to, row.is_main = today, False
    belong(people.bob, people.rival, "rival.example", valid_from=today)
    helpful(people.bob, answers[1])

    assert ties(people.alice) == ["together", "colleagues_before"]
    assert rows(people.alice)[1].actor_group_id == people.rival.id


def test_an_organization_that_is_merged_later_changes_no_row() -> None:
    people = cast()
    helpful(people.charlie, answered(people.alice))
    before = [(row.id, row.factors, row.amount_mp, row.actor_group_id) for row in rows(people.alice)]

    merge(viewer_of(people.alice), people.rival.id, people.acme.id)
    told()

    assert [(row.id, row.factors, row.amount_mp, row.actor_group_id) for row in rows(people.alice)] == before
    helpful(people.charlie, answered(people.alice))
    assert ties(people.alice) == ["apart", "together"]


def test_organizations_under_one_parent_are_one_group() -> None:
    people = cast()
    parent = make_organization()
    for child in (people.acme, people.rival):
        saved(OrganizationRelation(a_id=parent.id, b_id=child.id, kind="parent", valid_from=date(2020, 1, 1)))

    helpful(people.charlie, answered(people.alice))

    assert ties(people.alice) == ["together"]
    assert rows(people.alice)[0].actor_group_id == parent.id


@pytest.mark.theory("1.24")
def test_a_declared_suppliers_endorsement_of_the_customer_carries_a_conflict_of_interest_chip(
    browser: Browser,
) -> None:
    people = cast()
    supplies = {
        "a_id": people.rival.id,
        "b_id": people.acme.id,
        "kind": "supplier",
        "valid_from": date(2020, 1, 1),
    }
    saved(OrganizationRelation(**supplies))
    mine = answered(people.alice)

    helpful(people.charlie, mine)
    helpful(people.sol, mine)

    assert ties(people.alice) == ["interest", "apart"]
    assert rows(people.alice)[0].amount_mp == 1250
    page = browser.sign_in(people.alice).page("/standing")
    chips = [chip for chip in page.select(".chip") if "conflict of interest" in chip.get_text()]
    assert len(chips) == 1
    assert people.charlie.name not in page.get_text()


def test_who_sells_what_is_discussed_has_an_interest() -> None:
    people = cast()
    about = make_answer(make_topic(title="Why does the V6 lose its schedule?"), author=people.alice)

    helpful(people.vera, about)
    helpful(people.vera, answered(people.alice))

    assert ties(people.alice) == ["interest", "apart"]


# ---------------------------------------------------------------- removed and restored


def test_what_is_removed_brings_nothing_and_restored_what_it_brought() -> None:
    people = cast()
    topic = make_topic(author=people.sol)
    answer = make_answer(topic, author=people.alice)
    for giver in (people.charlie, people.sol):
        helpful(giver, answer)
    before, moderator = total(people.alice), make_office(make_member())

    for _ in range(2):
        set_state(moderator, answer.id, "hidden", "a test")
        told()
        assert total(people.alice) == 0
        set_state(moderator, answer.id, "visible")
        told()
        assert total(people.alice) == before

    assert {row.because for row in rows(people.alice)} == {"", "removed", "restored"}
    assert differences() == []


def test_a_word_that_was_taken_back_meanwhile_does_not_come_back() -> None:
    people = cast()
    answer = answered(people.alice, asker=people.sol)
    helpful(people.charlie, answer)
    helpful(people.sol, answer)
    accept_answer(viewer_of(people.sol), answer.root_id or 0, answer.id)
    told()
    moderator = make_office(make_member())

    set_state(moderator, answer.id, "hidden", "a test")
    told()
    withdraw_mark(viewer_of(people.charlie), answer.id, "helpful")
    told()
    set_state(moderator, answer.id, "visible")
    told()

    standing = {row.actor_id for row in _standing(people.alice)}
    assert standing == {people.sol.id}
    assert {row.rule for row in _standing(people.alice)} == {"answer_endorsed"}  # the acceptance ended
    assert differences() == []


def _standing(member: Member) -> list[LedgerRow]:
    chains: dict[Any, list[LedgerRow]] = {}
    for row in rows(member):
        chains.setdefault((row.rule, row.source_id, row.actor_id, row.occasion), []).append(row)
    return [chain[0] for chain in chains.values() if len(chain) % 2]


def test_a_doubt_comes_back_with_what_it_is_about_unless_it_was_taken_back() -> None:
    people = cast()
    answer = answered(people.alice)
    stand(people.charlie, answer)
    moderator = make_office(make_member())
    mark(viewer_of(people.charlie), answer.id, "doubt", REASON)
    told()

    for state in ("hidden", "visible", "hidden"):
        set_state(moderator, answer.id, state, "a test")
        told()
    assert [row.because for row in rows(people.alice)] == ["", "removed", "restored", "removed"]
    withdraw_mark(viewer_of(people.charlie), answer.id, "doubt")
    set_state(moderator, answer.id, "visible")
    told()

    assert total(people.alice) == 0


def test_a_word_told_after_the_removal_waits_for_the_restoring() -> None:
    people = cast()
    answer = answered(people.alice)
    moderator = make_office(make_member())

    mark(viewer_of(people.charlie), answer.id, "helpful")
    set_state(moderator, answer.id, "hidden", "a test")
    told()
    assert total(people.alice) == 0
    set_state(moderator, answer.id, "visible")
    told()

    assert total(people.alice) == 5000
    assert differences() == []


def ruled(moderator: Viewer, answer: Contribution, kind: str) -> None:
    moderation.rule(moderator, answer.id, kind, "It advertises.")
    told()


def test_what_a_moderator_removes_for_breaking_rules_costs_points_until_it_is_restored() -> None:
    people = cast()
    answer = answered(people.alice)
    helpful(people.charlie, answer)
    moderator = make_office(make_member(joined_at=JOINED))

    for _ in range(2):
        ruled(moderator, answer, "remove")
        enter(StateChanged(moderator.id, answer.id, answer.root_id or 0, "visible", "removed"))  # told twice
        assert total(people.alice) == -50_000
        ruled(moderator, answer, "restore")
        assert total(people.alice) == 5000

    removal = rows(people.alice, "content_removed")
    assert [row.amount_mp for row in removal] == [-50_000, 50_000, -50_000, 50_000]
    assert {row.actor_id for row in removal} == {None}
    assert differences() == []


def test_who_takes_an_own_answer_back_loses_what_it_brought_and_no_more() -> None:
    people = cast()
    answer = answered(people.alice)
    helpful(people.charlie, answer)

    set_state(viewer_of(people.alice), answer.id, "removed")
    told()

    assert total(people.alice) == 0
    assert rows(people.alice, "content_removed") == []


# ---------------------------------------------------------------- people who go, and who turn out to be others


@pytest.mark.parametrize("with_texts", [False, True])
def test_an_erased_members_votes_stay_and_nobody_elses_total_changes(with_texts: bool) -> None:
    people = cast()
    answer, own = answered(people.alice), answered(people.charlie)
    helpful(people.charlie, answer)
    helpful(people.alice, own)
    topic = make_topic(author=people.charlie)
    solved = make_answer(topic, author=people.alice)
    accept_answer(viewer_of(people.charlie), topic.id, solved.id)
    told()
    before = earned(people.alice)

    members.erase(viewer_of(people.charlie), with_texts=with_texts)
    told()

    assert earned(people.alice) == before
    assert differences() == []


def test_what_a_claimed_author_earned_is_the_members_weighed_as_between_those_two() -> None:
    people = cast()
    imported = make_member(name="chillerman", state="imported", email=None, source="old-forum", source_id="7")
    topic = make_topic(author=people.sol)
    answer = make_answer(topic, author=people.alice)
    with act() as session:
        session.get_one(type(answer), answer.id).author_id = imported.id
    helpful(people.charlie, answer)
    helpful(people.bob, answer)
    helpful(people.alice, answer)
    assert [row.factors["org"] for row in rows(imported)] == ["unproved"] * 3

    claim = members.claim(viewer_of(people.alice), imported.id, "My old profile links here")
    members.decide_claim(viewer_of(officer(make_member(), "administrator")), claim.id, approve=True)
    told()

    assert total(imported) == 0
    standing = {row.actor_id: row.factors["org"] for row in _standing(people.alice)}
    assert standing == {people.charlie.id: "apart", people.bob.id: "together"}
    told()
    assert len(_standing(people.alice)) == 2
    assert differences() == []


# ---------------------------------------------------------------- posts without a name


def test_a_post_without_a_name_brings_points_that_only_its_author_reads(browser: Browser) -> None:
    people = cast()
    topic = make_topic(author=people.charlie)
    answer = make_answer(topic, author=people.alice, byline="sealed")
    helpful(people.sol, answer)
    accept_answer(viewer_of(people.charlie), topic.id, answer.id)
    told()

    counted = select(Balance.accepted, Balance.contested).where(Balance.member_id == people.alice.id)
    assert total(people.alice) > 0
    assert db.session.execute(counted).one() == (0, 0)
    others = browser.sign_in(people.charlie).page(f"/id/{shown(people.alice.number)}/standing")
    assert not others.select(f'a[href*="/p/{answer.id}"]')
    assert browser.fresh().sign_in(people.alice).page("/standing").select(f'a[href*="/p/{answer.id}"]')
