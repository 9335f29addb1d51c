"""What the repertoire brings: approval, suggestions, endorsement by share, confirmation after its day, taking home."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import delete, select

from iocop.contributions.models import Contribution
from iocop.contributions.services import mark, set_state, withdraw_mark
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.members.services.leaving import leave
from iocop.organizations.models import Affiliation, Organization, OrganizationRelation
from iocop.repertoire import services
from iocop.repertoire.events import ArticlePublished, ArticleRenewed
from iocop.repertoire.jobs import end_what_is_due
from iocop.repertoire.models import Article, Credit, Proposal, Spell
from iocop.reputation.listeners import enter
from iocop.reputation.models import (
    Balance,
    CommunityDay,
    DayBalance,
    LedgerRow,
    Rung,
    RungChange,
    Settlement,
)
from iocop.reputation.services.bulk import begin
from iocop.transfer.events import TakeHomeConfirmed, TakeHomeKept
from tests.contributions.factories import make_office
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_answer, make_topic
from tests.people import cast, person
from tests.repertoire.factories import Curators, curators, make_article, make_proposal
from tests.reputation.ledgers import differences
from tests.reputation.test_sources import earned, rows, told, total

if TYPE_CHECKING:
    from iocop.members.models import Member

pytestmark = pytest.mark.usefixtures("app")

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CONTEXT = {"version": "4.2", "conditions": "Two boilers, since March"}


def of_rule(member: Member, rule: str) -> list[int]:
    return [row.amount_mp for row in rows(member, rule)]


def changed(article: Article, author: Member, **about: Any) -> Proposal:
    """A suggested change that two curators approved."""
    people = curators()
    thing = db.session.get_one(Contribution, article.id)
    usual = {
        "act": "edit", "article_id": article.id, "author": author, "title": article.title, "kind": article.kind,
        "text": thing.text + "\n\nAnd bleed the riser.\n",
    }  # fmt: skip
    proposal = make_proposal(**usual | about)
    for reviewer in (people.ann, people.ben):
        services.approve(viewer_of(reviewer), proposal.id, proposal.round)
    told()
    return proposal


# ---------------------------------------------------------------- approval


def test_approval_by_two_organizations_brings_the_base_once_a_half_by_each() -> None:
    people = curators()
    make_article()
    told()

    approved = rows(people.author, "article_approved")
    assert [row.amount_mp for row in approved] == [15_000, 15_000]
    assert {row.actor_id for row in approved} == {people.ann.id, people.ben.id}
    assert {row.factors["org"] for row in approved} == {"apart"}
    assert differences() == []


def test_approval_is_split_by_shares_in_the_text_and_words_without_a_name_are_apart() -> None:
    people, other = curators(), make_member()
    article = make_article()
    with act() as session:
        session.scalars(select(Credit)).one().share = 7500
        session.add(Credit(article_id=article.id, member_id=other.id, share=1500))
        session.add(Credit(article_id=article.id, member_id=other.id, sealed=True, share=1000))
    told()

    assert of_rule(people.author, "article_approved") == [11_250, 11_250]
    found = [(row.factors["share"], row.amount_mp, row.factors.get("sealed", False)) for row in rows(other)]
    assert found == [(1500, 1125, False), (1000, 750, True)] * 2  # ½: nothing is proved
    counted = db.session.scalars(select(Balance).where(Balance.member_id == other.id)).one()
    assert (counted.settled_mp, counted.standing_mp) == (2 * 1125 + 2 * 750, 2 * 1125)
    assert differences() == []


def test_what_one_person_reviewed_is_not_in_the_repertoire_yet() -> None:
    author, reviewer = make_member(), curators().ann
    for known in (curators().amy, curators().ben, curators().author):
        leave(viewer_of(known))
    proposal = make_proposal(author=author)
    services.approve(viewer_of(reviewer), proposal.id, proposal.round)
    told()

    article = db.session.get_one(Article, proposal.article_id)
    assert (article.standing, rows(author)) == ("provisional", [])


def test_told_twice_a_publication_stands_once() -> None:
    people = curators()
    article = make_article()
    told()
    before = earned(people.author)
    proposal_id = db.session.scalars(select(Proposal.id)).one()

    enter(ArticlePublished(people.ben.id, article.id, proposal_id, "sealed"))

    assert earned(people.author) == before


def test_an_approved_change_brings_its_author_two_points_and_the_article_nothing_new() -> None:
    people = curators()
    article = make_article()
    told()
    before = earned(people.author)
    helper = make_member()

    proposal = changed(article, helper)

    found = rows(helper, "edit_approved")
    assert [(row.amount_mp, row.source_id) for row in found] == [(1000, proposal.id)] * 2
    assert [pair for pair in earned(people.author) if pair[0] == "article_approved"] == before
    assert rows(helper, "article_approved") == []
    assert differences() == []


def test_a_label_that_moves_is_no_change_of_text() -> None:
    article = make_article()
    told()
    helper = make_member()

    changed(article, helper, act="relabel", label="members", reason="It names a site.")

    assert rows(helper) == []


# ---------------------------------------------------------------- found helpful


def test_an_endorsed_article_brings_points_by_share_and_none_for_an_own_part() -> None:
    people = curators()
    article, other, reader = make_article(), make_member(), cast().charlie
    with act() as session:
        session.scalars(select(Credit)).one().share = 6000
        session.add(Credit(article_id=article.id, member_id=other.id, share=4000))
    told()

    for giver in (reader, other):
        mark(viewer_of(giver), article.id, "helpful")
    told()

    assert of_rule(people.author, "article_endorsed")[0] == 3000
    assert of_rule(other, "article_endorsed") == [1000]
    withdraw_mark(viewer_of(reader), article.id, "helpful")
    told()
    assert of_rule(other, "article_endorsed") == [1000, -1000]
    assert differences() == []


def test_who_stepped_aside_from_deciding_has_an_interest() -> None:
    people = curators()
    article = make_article()
    told()
    thing = db.session.get_one(Contribution, article.id)
    proposal = make_proposal(
        act="edit", article_id=article.id, title=article.title, text=thing.text + "\n\nMore.\n"
    )
    services.recuse(viewer_of(people.ben), proposal.id, proposal.round, "We install these for a living.")

    mark(viewer_of(people.ben), article.id, "helpful")
    mark(viewer_of(people.ann), article.id, "helpful")
    told()

    endorsed = {row.actor_id: row.factors["org"] for row in rows(people.author, "article_endorsed")}
    assert endorsed == {people.ben.id: "interest", people.ann.id: "apart"}


# ---------------------------------------------------------------- confirmed after its review date


@pytest.fixture
def stale() -> Article:
    """An article whose review date passed this very day; time stands still there."""
    with time_machine.travel(START, tick=False):
        article = make_article()
        told()
    return article


def outsiders() -> tuple[Member, Member]:
    """Two colleagues of an organization that has no part in anything."""
    east = make_organization(name="East")
    return person("Eva East", east, "east.example"), person("Eno East", east, "east.example")


def confirmed(article: Article, by: Member) -> None:
    mark(viewer_of(by), article.id, "works_here", CONTEXT)
    told()


def test_a_confirmation_before_the_review_date_brings_nothing(stale: Article) -> None:
    with time_machine.travel(stale.review_by - DAY, tick=False):
        eva, _ = outsiders()
        confirmed(stale, eva)

        assert rows(curators().author, "article_confirmed") == rows(eva) == []


@pytest.mark.parametrize("job_ran", [True, False], ids=["ended by the job", "not yet ended"])
def test_a_confirmation_after_it_brings_authors_and_the_confirming_member_points(
    stale: Article, job_ran: bool
) -> None:
    with time_machine.travel(stale.review_by + DAY, tick=False):
        eva, eno = outsiders()
        if job_ran:
            end_what_is_due()
        confirmed(stale, eva)

        assert of_rule(curators().author, "article_confirmed") == [5000]
        assert earned(eva) == [("confirmation_given", 2000)]
        enter(ArticleRenewed(eva.id, stale.id))  # told twice
        confirmed(stale, eno)  # before its next date
        assert of_rule(curators().author, "article_confirmed") == [5000]
        assert rows(eno) == []
        assert differences() == []


def test_an_organization_counts_once_a_year_and_again_in_the_next(stale: Article) -> None:
    author = curators().author
    first = stale.review_by + DAY
    with time_machine.travel(first, tick=False):
        eva, eno = outsiders()
        confirmed(stale, eva)
        with act() as session:
            session.get_one(Article, stale.id).review_by = first
            for spell in session.scalars(select(Spell)):
                spell.due_at = first
    with time_machine.travel(first + timedelta(hours=1), tick=False):
        confirmed(stale, eno)
        assert of_rule(author, "article_confirmed") == [5000]
    with time_machine.travel(first + timedelta(days=1200), tick=False):
        withdraw_mark(viewer_of(eno), stale.id, "works_here")
        end_what_is_due()
        confirmed(stale, eno)

        assert of_rule(author, "article_confirmed") == [5000, 5000]
        years = {row.occasion.split(":")[1] for row in rows(author, "article_confirmed")}
        assert len(years) == 2


def test_a_confirmation_taken_back_takes_its_points_back(stale: Article) -> None:
    with time_machine.travel(stale.review_by + DAY, tick=False):
        eva, _ = outsiders()
        confirmed(stale, eva)
        withdraw_mark(viewer_of(eva), stale.id, "works_here")
        told()

        assert of_rule(curators().author, "article_confirmed") == [5000, -5000]
        assert total(eva) == 0
        assert differences() == []


def test_who_has_a_part_in_it_confirms_nothing(stale: Article) -> None:
    with time_machine.travel(stale.review_by + DAY, tick=False):
        people = curators()
        colleague = person("Walt West", _west(people), "west.example")
        confirmed(stale, colleague)

        assert rows(people.author, "article_confirmed") == rows(colleague) == []


def _west(people: Curators) -> Organization:
    at = select(Affiliation.organization_id).where(Affiliation.member_id == people.author.id)
    return db.session.get_one(Organization, db.session.scalars(at).one())


# ---------------------------------------------------------------- taken home


def taken(record_id: int, by: Member, *ids: int, kept: bool = False) -> None:
    kind = TakeHomeKept if kept else TakeHomeConfirmed
    with act():
        emit(kind(by.id, record_id=record_id, member_id=by.id, contribution_ids=ids))
    told()


def test_what_another_organization_took_home_brings_the_most_and_more_once_it_lasts() -> None:
    people = cast()
    answer = make_answer(make_topic(), author=people.alice)

    for _ in range(2):
        taken(1, people.charlie, answer.id)
    assert earned(people.alice) == [("home_taken", 20_000)]
    taken(1, people.charlie, answer.id, kept=True)  # too early
    taken(2, people.charlie, answer.id, kept=True)  # of something that nobody confirmed
    assert len(rows(people.alice)) == 1
    with time_machine.travel(clock.now() + 60 * DAY, tick=False):
        taken(1, people.charlie, answer.id, kept=True)

    assert earned(people.alice) == [("home_taken", 20_000), ("home_kept", 10_000)]
    assert differences() == []


def test_what_colleagues_take_home_stays_at_home() -> None:
    people = cast()
    answer = make_answer(make_topic(), author=people.alice)

    taken(1, people.bob, answer.id)

    assert rows(people.alice) == []


def test_taking_home_from_an_article_is_split_and_weighed_by_interest() -> None:
    people, article = curators(), make_article()
    told()
    with act() as session:
        session.scalars(select(Credit)).one().share = 5000
        session.add(Credit(article_id=article.id, member_id=people.ann.id, share=5000))
    rival = cast().charlie
    west = _west(people)
    saved(
        OrganizationRelation(
            a_id=west.id, b_id=employer_of(rival), kind="competitor", valid_from=START.date() - 999 * DAY
        )
    )

    taken(7, rival, article.id)

    assert of_rule(people.author, "home_taken") == [2500]
    assert of_rule(people.ann, "home_taken") == [10_000]


def employer_of(member: Member) -> int:
    return db.session.scalars(
        select(Affiliation.organization_id).where(Affiliation.member_id == member.id)
    ).one()


# ---------------------------------------------------------------- hidden


def test_a_hidden_article_brings_nothing_until_it_is_shown_again() -> None:
    people, article = curators(), make_article()
    told()
    before = total(people.author)
    moderator = make_office(make_member())

    set_state(moderator, article.id, "hidden", "a test")
    told()
    assert total(people.author) == 0
    set_state(moderator, article.id, "visible")
    told()

    assert total(people.author) == before == 30_000
    assert {row.because for row in db.session.scalars(select(LedgerRow))} == {"", "removed", "restored"}
    assert differences() == []


def test_a_confirmation_comes_back_with_its_article(stale: Article) -> None:
    author, moderator = curators().author, make_office(make_member())
    with time_machine.travel(stale.review_by + DAY, tick=False):
        eva, _ = outsiders()
        confirmed(stale, eva)
        before = total(author), total(eva)

        set_state(moderator, stale.id, "hidden", "a test")
        told()
        assert (total(author), total(eva)) == (0, 0)
        set_state(moderator, stale.id, "visible")
        told()

        assert (total(author), total(eva)) == before
        set_state(moderator, stale.id, "hidden", "a test")
        withdraw_mark(viewer_of(eva), stale.id, "works_here")
        set_state(moderator, stale.id, "visible")
        told()
        assert (total(author), total(eva)) == (before[0] - 5000, 0)
        assert differences() == []


# ---------------------------------------------------------------- entered as a whole


def test_entered_as_a_whole_changes_and_confirmations_are_what_they_are_one_by_one(stale: Article) -> None:
    helper = make_member()
    with time_machine.travel(START + DAY, tick=False):
        changed(stale, helper)
        due = db.session.get_one(Article, stale.id).review_by
    with time_machine.travel(due + DAY, tick=False):
        eva, eno = outsiders()
        confirmed(stale, eva)
    with time_machine.travel(due + 2 * DAY, tick=False):
        confirmed(stale, eno)
        before = of_articles()
        with act() as session:
            for model in (Settlement, LedgerRow, DayBalance, Balance, RungChange, Rung, CommunityDay):
                session.execute(delete(model))

        begin()

        assert {row[0] for row in before} == {"edit_approved", "article_confirmed", "confirmation_given"}
        assert of_articles() == before
        assert differences() == []


def of_articles() -> list[tuple[Any, ...]]:
    """What stands of changes and confirmations, whatever its number."""
    found = db.session.scalars(select(LedgerRow).where(LedgerRow.rule != "article_approved"))
    return sorted(
        (
            row.rule, row.member_id, row.actor_id or 0, row.domain_id, row.source_id, row.occasion, row.amount_mp,
            sorted(row.factors.items()), row.actor_group_id or 0, row.at,
        )
        for row in found
    )  # fmt: skip
