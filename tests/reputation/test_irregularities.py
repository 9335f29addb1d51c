"""What looks irregular is found at night, told, answered, and decided by somebody who is not concerned."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select

from iocop.core import clock, outbox
from iocop.core.db import db
from iocop.core.errors import Invalid, Refused
from iocop.members import services as members
from iocop.reputation.export import irregularities
from iocop.reputation.models import DayBalance, Irregularity, IrregularityParty
from iocop.reputation.services import irregularities as services
from iocop.reputation.services import writing
from tests.factories import make_member, saved, viewer_of
from tests.forums.factories import make_domain
from tests.people import officer
from tests.reputation.ledgers import NOON, an_act, balance, differences, make_community, make_things

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser

WHY = "They work in one small field and answer one another."


@pytest.fixture
def ring(app: Flask) -> Iterator[list[Member]]:
    """Four members who endorsed one another four times each, two weeks ago."""
    make_community(NOON.date())
    domain = make_domain().id
    four = [make_member() for _ in range(4)]
    things = {one.id: make_things(one, 4) for one in four}
    writing.record(
        [
            an_act(one, other, thing, (domain,))
            for one, other in permutations(four, 2)
            for thing in things[one.id]
        ]
    )
    with time_machine.travel(NOON + timedelta(days=14), tick=False):
        yield four


@pytest.fixture
def moderator(ring: list[Member]) -> Member:
    return officer(make_member(), "moderator")


def found() -> Irregularity:
    db.session.expire_all()
    return db.session.scalars(select(Irregularity)).one()


def told(moderator: Member) -> Irregularity:
    services.find()
    services.tell(viewer_of(moderator), found().id)
    return found()


def test_a_ring_is_found_once_with_its_evidence_and_nothing_follows(ring: list[Member]) -> None:
    before = [balance(one, 1).settled_mp for one in ring]

    assert services.find() == 1
    assert services.find() == 0

    row = found()
    assert (row.kind, row.state) == ("ring", "open")
    assert sorted(map(tuple, row.evidence["pairs"])) == sorted(
        (one.id, other.id, 4) for one, other in permutations(ring, 2)
    )
    assert row.evidence["inside"] == {str(one.id): [12, 12] for one in ring}
    assert [balance(one, 1).settled_mp for one in ring] == before


def test_who_belongs_to_a_ring_no_longer_before_it_was_told_is_not_concerned(
    browser: Browser, ring: list[Member], moderator: Member
) -> None:
    services.find()
    saved(IrregularityParty(irregularity_id=found().id, member_id=make_member().id))

    assert services.find() == 0

    parties = db.session.scalars(select(IrregularityParty.member_id).order_by(IrregularityParty.member_id))
    assert list(parties) == sorted(one.id for one in ring)
    page = browser.sign_in(moderator).page(f"/moderation/irregularities/{found().id}")
    assert "12 / 12" in page.text


def test_what_was_decided_is_left_alone_for_half_a_year(ring: list[Member], moderator: Member) -> None:
    row = told(moderator)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        services.decide(viewer_of(moderator), row.id, upheld=False, note=WHY)
        assert services.find() == 0
    assert found().state == "unfounded"


def test_nothing_is_decided_before_its_members_could_answer(ring: list[Member], moderator: Member) -> None:
    services.find()
    judge = viewer_of(moderator)
    with pytest.raises(Refused, match="Tell its members first"):
        services.decide(judge, found().id, upheld=True, note=WHY)
    services.tell(judge, found().id)
    with pytest.raises(Refused, match="told already"):
        services.tell(judge, found().id)
    with pytest.raises(Refused, match="a week to answer"):
        services.decide(judge, found().id, upheld=True, note=WHY)

    for one in ring:
        services.answer(viewer_of(one), found().id, "We share a laboratory.")
    with pytest.raises(Invalid) as refusal:
        services.decide(judge, found().id, upheld=True, note="  ")
    assert refusal.value.field == "note"
    services.decide(judge, found().id, upheld=True, note=WHY)

    assert found().state == "upheld"
    with pytest.raises(Refused, match="decided"):
        services.answer(viewer_of(ring[0]), found().id, "Too late.")


def test_an_upheld_ring_takes_back_exactly_what_it_gave_and_toggling_brings_none_of_it_back(
    ring: list[Member], moderator: Member
) -> None:
    outsider, domain = make_member(), db.session.scalars(select(DayBalance.domain_id)).first() or 0
    (thing,) = make_things(ring[0], 1)
    writing.record([an_act(ring[0], outsider, thing, (domain,))])
    honest = an_act(ring[0], outsider, thing, (domain,))
    row = told(moderator)

    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        services.decide(viewer_of(moderator), row.id, upheld=True, note=WHY)

    assert [balance(one, domain).earned_mp for one in ring[1:]] == [0, 0, 0]
    assert balance(ring[0], domain).earned_mp > 0  # the outsider's endorsement stays
    assert differences() == []
    writing.record([honest])
    assert balance(ring[0], domain).earned_mp > 0


def test_who_is_concerned_does_not_judge_nor_does_anybody_but_moderators(
    ring: list[Member], moderator: Member
) -> None:
    officer(ring[0], "moderator")
    services.find()
    for somebody, reason in ((ring[0], "concerns you"), (make_member(), "Moderators see")):
        with pytest.raises(Refused, match=reason):
            services.tell(viewer_of(somebody), found().id)


def test_a_jump_is_found_on_the_day_after(app: Flask, moderator: Member) -> None:
    member, domain = make_member(), make_domain(name="Hydronics")
    yesterday = clock.now().date() - timedelta(days=1)
    for day, points in ((30, 20_000), (20, 30_000), (0, 180_000)):
        saved(
            DayBalance(
                member_id=member.id,
                domain_id=domain.id,
                day=yesterday - timedelta(days=day),
                settled_mp=points,
            )
        )

    services.find()

    row = db.session.scalars(select(Irregularity).where(Irregularity.kind == "jump")).one()
    assert row.evidence == {"day": yesterday.isoformat(), "amount_mp": 180_000}
    parties = db.session.scalars(
        select(IrregularityParty.member_id).where(IrregularityParty.irregularity_id == row.id)
    )
    assert list(parties) == [member.id]


def test_its_members_are_told_answer_and_read_the_decision(
    browser: Browser, ring: list[Member], moderator: Member
) -> None:
    services.find()
    judge, concerned = browser.sign_in(moderator), browser.fresh().sign_in(ring[0])
    address = f"/standing/irregularities/{found().id}"
    assert concerned.get(address).status_code == 404  # nobody was told yet
    assert "circle of 4" in judge.page("/moderation/irregularities").text

    judge.post(f"/moderation/irregularities/{found().id}/tell", {})
    outbox.deliver_all()

    inbox = concerned.page("/inbox")
    assert inbox.select_one(f'a[href="{address}"]') is not None
    assert ring[1].name not in concerned.page(address).text
    empty = concerned.post(address, {"answer": " "})
    assert empty.status_code == 422
    concerned.post(address, {"answer": "We share a laboratory."})
    assert browser.fresh().sign_in(make_member()).get(address).status_code == 404
    assert "We share a laboratory." in judge.page(f"/moderation/irregularities/{found().id}").text
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        done = judge.post(f"/moderation/irregularities/{found().id}", {"outcome": "unfounded", "note": WHY})
        assert done.status_code == 303
        outbox.deliver_all()
        said = concerned.page(address).text
        assert "unfounded" in said
        assert WHY in said
        assert "unfounded" in concerned.page("/inbox").text


def test_what_an_erased_member_answered_goes_with_them(
    browser: Browser, ring: list[Member], moderator: Member
) -> None:
    row = told(moderator)
    gone, other = ring[:2]
    for one in (gone, other):
        services.answer(viewer_of(one), row.id, f"We share a laboratory in Turku, says {one.id}.")

    assert [one["answer"] for one in irregularities(gone.id)] == [
        f"We share a laboratory in Turku, says {gone.id}."
    ]
    members.erase(viewer_of(gone))

    page = browser.sign_in(moderator).page(f"/moderation/irregularities/{row.id}").text
    assert f"says {gone.id}." not in page
    assert "What they answered went with them." in page
    assert f"says {other.id}." in page


def test_an_export_tells_of_nothing_that_its_member_was_not_told_of(ring: list[Member]) -> None:
    services.find()

    assert irregularities(ring[0].id) == []
