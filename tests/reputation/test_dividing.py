"""A domain is divided in two, without loss."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from iocop.contributions.models import ContributionDomain, ContributionTag
from iocop.core.db import act, db
from iocop.core.errors import Invalid, Missing, Refused
from iocop.domains.models import Tag
from iocop.domains.services import ensure_tags
from iocop.members.models import Member
from iocop.reputation.models import Balance, DayBalance, Settlement
from iocop.reputation.services import replaying, writing
from iocop.reputation.services.dividing import divide_domain
from iocop.reputation.services.writing import Tie
from tests.client import Browser
from tests.factories import make_member, make_organization, saved, viewer_of
from tests.forums.factories import make_domain
from tests.people import officer
from tests.reputation.ledgers import NOON, a_decision, amounts, an_act, differences, ledger_of, make_thing


class Divided:
    """Controls, of which what stands under *pumps* goes to Hydronics; Anna wrote something under either tag."""

    def __init__(self) -> None:
        self.alice = officer(make_member(), "administrator")
        self.anna = make_member()
        self.controls, self.hydronics = make_domain(name="Controls"), make_domain(name="Hydronics")
        with act():
            self.pumps, self.valves = (tag.id for tag in ensure_tags(["pumps", "valves"]))
        self.about_pumps, self.about_valves = self.thing(self.pumps), self.thing(self.valves)

    def thing(self, tag_id: int) -> int:
        made = make_thing(self.anna, kind="question")
        saved(ContributionDomain(contribution_id=made, domain_id=self.controls.id))
        saved(ContributionTag(contribution_id=made, tag_id=tag_id))
        return made

    def endorse(self) -> None:
        """Some endorsements, of which a part is pending, one withdrawn."""
        group = make_organization().id
        for number, thing in enumerate((self.about_pumps, self.about_valves) * 4):
            tie = Tie("apart", group, group)
            given = an_act(
                self.anna, make_member(), thing, (self.controls.id,), tie=tie, rule="answer_accepted",
                at=NOON + timedelta(days=40 * number),
            )  # fmt: skip
            writing.record([given])
        writing.reverse(self.about_pumps, "withdrawn", NOON + timedelta(days=300), actor_id=given.actor_id)

    def divide(self, actor: Member | None = None, **given: object) -> int:
        usual: dict[str, object] = {
            "domain_id": self.controls.id, "into_id": self.hydronics.id, "tag_ids": [self.pumps],
            "decision_id": a_decision(),
        }  # fmt: skip
        return divide_domain(viewer_of(actor or self.alice), **usual | given)  # type: ignore[arg-type]

    def totals(self) -> dict[str, object]:
        """What Anna's points total over all domains, and on which days."""
        db.session.expire_all()
        days = select(DayBalance.day, func.sum(DayBalance.settled_mp)).where(
            DayBalance.member_id == self.anna.id
        )
        sums = select(func.sum(Balance.earned_mp), func.sum(Balance.settled_mp)).where(
            Balance.member_id == self.anna.id
        )
        return {
            "sums": tuple(int(each) for each in db.session.execute(sums).one()),
            "days": {row.day: int(row[1]) for row in db.session.execute(days.group_by(DayBalance.day))},
        }


@pytest.fixture
def there(app: Flask) -> Divided:
    return Divided()


@pytest.mark.theory("3.8")
def test_after_a_domain_is_divided_in_two_the_points_of_its_members_total_the_same_as_before(
    there: Divided,
) -> None:
    there.endorse()
    before = there.totals()

    assert there.divide() == 1

    assert there.totals() == before
    rows = select(Balance).where(Balance.member_id == there.anna.id)
    by_domain = {row.domain_id: row.earned_mp for row in db.session.scalars(rows)}
    assert by_domain[there.controls.id] > 0
    assert by_domain[there.hydronics.id] > 0
    assert differences() == []
    assert [each.words for step in replaying.replay(check=True) for each in step.found] == []


def test_what_was_moved_is_the_same_row_with_the_same_day(there: Divided) -> None:
    there.endorse()
    before = ledger_of(there.anna)

    there.divide()

    moved = [row for row in ledger_of(there.anna) if row.because == "moved" and row.reverses_id is None]
    assert {row.source_id for row in moved} == {there.about_pumps}
    for row in moved:
        (old,) = [each for each in before if each.actor_id == row.actor_id and each.reverses_id is None]
        assert (row.at, row.factors, row.amount_mp) == (old.at, old.factors, old.amount_mp)
    days = select(Settlement.day).where(Settlement.domain_id == there.hydronics.id)
    assert set(db.session.scalars(days)) <= {NOON.date() + timedelta(days=40 * n) for n in range(8)}


def test_what_was_moved_can_be_withdrawn_and_given_again_where_it_is(there: Divided) -> None:
    ben, group = make_member(), make_organization().id
    given = an_act(there.anna, ben, there.about_pumps, (there.controls.id,), tie=Tie("apart", group, group))
    writing.record([given])
    there.divide()

    writing.record([given])
    assert sum(amounts(there.anna)) == 5_000
    writing.reverse(there.about_pumps, "withdrawn", NOON, actor_id=ben.id)
    assert sum(amounts(there.anna)) == 0
    writing.record([given])

    assert ledger_of(there.anna)[-1].domain_id == there.hydronics.id
    assert sum(amounts(there.anna)) == 5_000
    assert differences() == []


def test_what_stands_under_the_tag_and_the_tag_itself_go_to_the_other_domain(there: Divided) -> None:
    with act() as session:
        session.get_one(Tag, there.pumps).domain_id = there.controls.id

    there.divide()

    rows = select(ContributionDomain.contribution_id, ContributionDomain.domain_id)
    assert {tuple(row) for row in db.session.execute(rows)} == {
        (there.about_pumps, there.hydronics.id), (there.about_valves, there.controls.id),
    }  # fmt: skip
    assert db.session.get_one(Tag, there.pumps).domain_id == there.hydronics.id


def test_what_stands_in_both_domains_leaves_the_first(there: Divided) -> None:
    saved(ContributionDomain(contribution_id=there.about_pumps, domain_id=there.hydronics.id, position=1))

    there.divide()

    of_pumps = ContributionDomain.contribution_id == there.about_pumps
    assert list(db.session.scalars(select(ContributionDomain.domain_id).where(of_pumps))) == [
        there.hydronics.id
    ]


def test_only_an_administrator_divides_and_only_on_a_decision(there: Divided) -> None:
    with pytest.raises(Refused, match="administrators"):
        there.divide(actor=there.anna)
    with pytest.raises(Refused, match="decision"):
        there.divide(decision_id=None)


def test_there_must_be_two_open_domains_and_a_tag(there: Divided) -> None:
    with pytest.raises(Invalid, match="tag"):
        there.divide(tag_ids=[])
    with pytest.raises(Invalid, match="another"):
        there.divide(into_id=there.controls.id)
    with pytest.raises(Missing):
        there.divide(into_id=999)
    with act() as session:
        session.add(there.hydronics)
        there.hydronics.retired_at = NOON
    with pytest.raises(Invalid, match="retired"):
        there.divide()


def test_an_administrator_divides_a_domain_on_its_page(there: Divided, browser: Browser) -> None:
    decision_id = a_decision()
    page = browser.sign_in(there.alice).get("/admin/domains/controls/divide")
    assert "pumps (1)" in page.text

    sent = {"into": there.hydronics.id, "tags": [there.pumps], "decision": decision_id}
    after = browser.post("/admin/domains/controls/divide", data=sent, follow_redirects=True)

    assert "1 topic or article moved" in after.text


def test_who_forgets_a_tag_is_told_so_on_the_page(there: Divided, browser: Browser) -> None:
    browser.sign_in(there.alice).get("/admin/domains/controls/divide")

    sent = {"into": there.hydronics.id, "decision": a_decision()}
    page = browser.post("/admin/domains/controls/divide", data=sent)

    assert page.status_code == 422
    assert "Choose at least one tag" in page.text


def test_nobody_else_sees_the_page(there: Divided, browser: Browser) -> None:
    assert browser.sign_in(there.anna).get("/admin/domains/controls/divide").status_code == 403
