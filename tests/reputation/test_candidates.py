"""Two people of two organizations look before a member comes to level 3 for the first time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import event, select

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Invalid, Refused
from iocop.core.events import emit
from iocop.members.events import MemberErased
from iocop.notifications.models import Notice
from iocop.organizations.models import Affiliation, Organization
from iocop.reputation import jobs
from iocop.reputation.models import LevelReview, LevelWord
from iocop.reputation.services import fading
from iocop.reputation.services.laddering import look
from tests.factories import make_member
from tests.forums.factories import make_domain
from tests.people import belong, officer, person
from tests.reputation.candidates import come_to_it, looked_at, review_of, say, somebody, steward, told
from tests.reputation.standing import earn, level_of, rung_of, stand, steps_of

if TYPE_CHECKING:
    from iocop.members.models import Member

pytestmark = pytest.mark.usefixtures("app")

DAY = timedelta(days=1)
WHY = "Most of it comes from two firms that share one office."


def test_level_3_is_reached_once_two_stewards_of_two_organizations_agree() -> None:
    looked_at()
    member, domain = somebody("Ada"), make_domain()
    one, other = steward("Inga", domain), steward("Olaf", domain)

    review = come_to_it(member, domain)
    before = level_of(member, domain)
    assert say(one, review) == "open"
    still = level_of(member, domain)
    assert say(other, review) == "granted"

    assert (before, still) == (2, 2)
    assert level_of(member, domain) == 3
    assert steps_of(member) == [(0, 2, "reached"), (2, 3, "reached")]
    words = db.session.scalars(select(LevelWord).order_by(LevelWord.at)).all()
    assert [(word.reviewer_id, word.power, word.agrees) for word in words] == [
        (one.id, "steward", True),
        (other.id, "steward", True),
    ]


def test_looking_again_begins_nothing_twice_and_nothing_moves_by_itself() -> None:
    looked_at()
    member, domain = make_member(), make_domain()
    review = come_to_it(member, domain)

    for days in (1, 40, 400):
        with time_machine.travel(clock.now() + days * DAY):
            earn(member, domain, 3)
            jobs.fade()

    assert db.session.scalars(select(LevelReview.id)).all() == [review.id]
    assert level_of(member, domain) == 2


def test_a_no_is_said_with_its_reason_and_the_member_keeps_all_they_have() -> None:
    looked_at()
    member, domain = somebody("Ada"), make_domain()
    one, other = steward("Inga", domain), steward("Olaf", domain)
    review = come_to_it(member, domain)
    say(one, review)
    for reason in ("  ", "x" * 1001):
        with pytest.raises(Invalid) as refusal:
            say(other, review, agrees=False, reason=reason)
        assert refusal.value.field == "reason"

    assert say(other, review, agrees=False, reason=WHY) == "declined"

    assert level_of(member, domain) == 2
    rung = rung_of(member, domain)
    assert rung is not None
    assert rung.noticed_at is None


def test_ninety_days_after_a_no_two_people_look_anew() -> None:
    looked_at()
    member, domain = somebody("Ada"), make_domain()
    one, other = steward("Inga", domain), steward("Olaf", domain)
    first = come_to_it(member, domain)
    say(one, first, agrees=False, reason=WHY)
    say(other, first)
    now = clock.now()
    with time_machine.travel(now + 89 * DAY):
        earn(member, domain, 3)
        look(member.id, domain.id)
        assert review_of(member).id == first.id
    with time_machine.travel(now + 91 * DAY):
        look(member.id, domain.id)
        second = review_of(member)
        say(one, second)
        say(other, second)

    assert second.id != first.id
    assert level_of(member, domain) == 3


def test_whose_word_does_not_count_reads_why() -> None:
    looked_at()
    domain = make_domain()
    member = somebody("Ada")
    one, other = steward("Inga", domain), steward("Olaf", domain)
    itself = officer(member, "domain_steward", scope_kind="domain", scope_id=domain.id)
    colleague = steward("Carla", domain)
    again = steward("Iris", domain)
    for person_, whose in ((colleague, member), (again, one)):
        belong(person_, _employer(whose), f"{person_.handle}2.example", line=1)
    review = come_to_it(member, domain)
    outsider = officer(
        somebody("Otto"), "domain_steward", scope_kind="domain", scope_id=make_domain(name="Law").id
    )

    with pytest.raises(Refused, match="stewards of this domain"):
        say(outsider, review)
    with pytest.raises(Refused, match="Stewards look"):
        say(make_member(), review)
    with pytest.raises(Conflict, match="about yourself"):
        say(itself, review)
    with pytest.raises(Conflict, match="member's organization"):
        say(colleague, review)
    say(one, review)
    with pytest.raises(Conflict, match="one more is needed, from another organization"):
        say(one, review)
    say(other, review)
    with pytest.raises(Conflict, match="this is decided"):
        say(again, review)


def _employer(member: Member) -> Organization:
    key = select(Affiliation.organization_id).where(Affiliation.member_id == member.id).limit(1)
    return db.session.get_one(Organization, db.session.scalars(key).one())


def test_a_second_word_of_the_same_organization_is_refused() -> None:
    looked_at()
    domain, member = make_domain(), somebody("Ada")
    one, other = steward("Inga", domain), steward("Olaf", domain)
    same = person("Iris Nettle", _employer(one), "iris.example")
    officer(same, "domain_steward", scope_kind="domain", scope_id=domain.id)
    review = come_to_it(member, domain)
    say(one, review)

    with pytest.raises(Conflict, match="Somebody of your organization has looked"):
        say(same, review)
    assert say(other, review) == "granted"


def test_where_stewards_are_too_few_curators_look_and_then_the_board() -> None:
    looked_at()
    domain, member = make_domain(), somebody("Ada")
    only = steward("Inga", domain)
    board = officer(somebody("Bea"), "board_member")
    review = come_to_it(member, domain)
    assert say(only, review) == "open"
    assert say(board, review) == "granted"

    curator = officer(somebody("Cara"), "curator")
    second = somebody("Eva")
    review = come_to_it(second, domain)
    with pytest.raises(Refused, match="stewards of this domain"):
        say(board, review)  # a steward and a curator are two
    say(curator, review)
    say(only, review)
    assert level_of(second, domain) == 3


def test_who_stood_there_before_the_rule_stays_and_is_looked_at_never() -> None:
    domain, stands, fallen = make_domain(), make_member(), make_member()
    earn(stands, domain, 3)
    look(stands.id, domain.id)
    stand(fallen, domain, 2, highest=3)
    looked_at()

    earn(stands, domain, 4)
    earn(fallen, domain, 3)
    jobs.fade()

    assert (level_of(stands, domain), level_of(fallen, domain)) == (4, 3)
    assert db.session.scalars(select(LevelReview.id)).all() == []


def test_before_the_rules_day_evidence_alone_is_asked() -> None:
    looked_at(clock.now() + DAY)
    member, domain = make_member(), make_domain()
    earn(member, domain, 3)
    look(member.id, domain.id)

    assert level_of(member, domain) == 3


def test_two_who_agree_while_the_conditions_do_not_hold_open_the_way_for_when_they_do() -> None:
    looked_at()
    member, domain = somebody("Ada"), make_domain()
    one, other = steward("Inga", domain), steward("Olaf", domain)
    review = come_to_it(member, domain)
    earn(member, domain, 3, accepted=14)
    say(one, review)
    say(other, review)
    meanwhile = level_of(member, domain)
    earn(member, domain, 4)
    look(member.id, domain.id)

    assert (meanwhile, level_of(member, domain)) == (2, 4)


def test_the_member_is_told_when_it_begins_and_ends_and_those_who_can_look_that_somebody_waits() -> None:
    looked_at()
    domain, member = make_domain(name="Controls"), somebody("Ada")
    one, other = steward("Inga", domain), steward("Olaf", domain)
    colleague = person("Carla Nettle", _employer(member), "carla.example")
    officer(colleague, "domain_steward", scope_kind="domain", scope_id=domain.id)
    review = come_to_it(member, domain)
    told()
    began = _notices()
    say(one, review)
    told()
    assert _notices() == began  # one word is nobody's news
    say(other, review)
    told()

    rows = Counter([(member.id, "looked_at"), (one.id, "candidate"), (other.id, "candidate")])
    assert rows <= began
    assert (colleague.id, "candidate") not in began
    assert _notices() - began == Counter([(member.id, "agreed"), (member.id, "reached")])


def _notices() -> Counter[tuple[int, str]]:
    return Counter((row.member_id, row.matter) for row in db.session.scalars(select(Notice)))


def test_who_is_erased_waits_no_longer_and_what_was_said_about_them_goes() -> None:
    looked_at()
    member, here, there = somebody("Ada"), make_domain(), make_domain(name="Law")
    one, other = steward("Inga", here), steward("Olaf", here)
    decided = come_to_it(member, here)
    say(one, decided, agrees=False, reason=WHY)
    say(other, decided)
    come_to_it(member, there)

    with act():
        emit(MemberErased(member.id, member_id=member.id, with_texts=False))

    rows = db.session.execute(select(LevelReview.state, LevelWord.reason).outerjoin(LevelWord)).all()
    assert [tuple(row) for row in rows] == [("declined", ""), ("declined", "")]


def test_a_night_with_a_candidate_takes_no_statement_a_member() -> None:
    looked_at()
    domain = make_domain()
    for _ in range(6):
        earn(make_member(), domain, 3)
    jobs.fade()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))

    fading.fade_some()

    assert len(statements) < 14
