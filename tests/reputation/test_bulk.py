"""A history entered as a whole, and how many were active."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from iocop.contributions.models import ContributionDomain, Mark
from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.core.models import EventRow
from iocop.members.export import pack
from iocop.reputation.activity import Active, Deed, active_on
from iocop.reputation.models import CommunityDay, LedgerRow, Rung, RungChange
from iocop.reputation.services import replaying, writing
from iocop.reputation.services.bulk import begin
from iocop.reputation.services.community import shares_on
from iocop.reputation.settling import Share
from tests.factories import make_member, make_organization, saved
from tests.forums.factories import make_domain
from tests.organizations.factories import make_affiliation
from tests.reputation.ledgers import NOON, amounts, an_act, balance, differences, make_thing

DAY = date(2026, 3, 2)
DEEDS = st.lists(
    st.builds(
        Deed, st.integers(0, 900).map(lambda age: DAY - timedelta(days=age)), st.integers(1, 9),
        st.none() | st.integers(1, 4),
    ),
    max_size=40,
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DEEDS, st.sets(st.integers(0, 900).map(lambda age: DAY - timedelta(days=age)), max_size=8))
def test_the_active_of_a_year_are_counted_once_each(deeds: list[Deed], days: set[date]) -> None:
    expected = []
    for day in sorted(days):
        then = [deed for deed in deeds if day - timedelta(days=365) < deed.day <= day]
        groups = {deed.group_id for deed in then} - {None}
        expected.append(Active(day, len(groups), len({deed.member_id for deed in then})))

    assert list(active_on(days, deeds)) == expected


def test_who_wrote_or_marked_something_within_a_year_was_active(app: Flask) -> None:
    day, group = NOON, make_organization().id
    proved = {"org_group_id": group, "org_evidence": "email"}
    thing = make_thing(make_member(), created_at=day, **proved)
    make_thing(make_member(), created_at=day - timedelta(days=364), org_group_id=group, org_evidence="self")
    make_thing(make_member(), created_at=day - timedelta(days=366), **proved)
    other = {"org_group_id": make_organization().id, "org_evidence": "email"}
    saved(Mark(contribution_id=thing, member_id=make_member().id, kind="helpful", at=day, **other))

    shares = shares_on(day.date())

    counted = db.session.scalars(select(CommunityDay)).one()
    assert (counted.organizations, counted.people) == (2, 3)
    assert shares == (Share(3, 4), Share(3, 6))


def endorsed(app: Flask) -> None:
    """Anna's question and answer, found helpful by many of several organizations."""
    anna, domain = make_member(), make_domain()
    started = datetime(2025, 1, 6, 9, tzinfo=UTC)
    make_affiliation(anna, make_organization(), evidence="email", valid_from=date(2020, 1, 1))
    for number in range(12):
        thing = make_thing(anna, created_at=started)
        saved(ContributionDomain(contribution_id=thing, domain_id=domain.id))
        for giver in range(3):
            ben = make_member()
            make_affiliation(ben, make_organization(), evidence="email", valid_from=date(2020, 1, 1))
            at = started + timedelta(days=10 * number + giver)
            saved(Mark(contribution_id=thing, member_id=ben.id, kind="helpful", at=at))


def test_a_history_entered_as_a_whole_is_what_a_replay_gives_and_nobody_is_told(app: Flask) -> None:
    endorsed(app)

    rows = begin()

    assert rows == 36
    assert differences() == []
    assert [each.words for step in replaying.replay(check=True) for each in step.found] == []
    assert db.session.scalars(select(EventRow).where(EventRow.name == "StandingChanged")).all() == []
    assert Counter(row.rule for row in db.session.scalars(select(LedgerRow))) == {"answer_endorsed": 36}
    assert db.session.scalars(select(Rung)).one().level == 1
    assert db.session.scalars(select(RungChange)).one().at.year == 2025


def test_only_an_empty_ledger_is_begun_and_writing_goes_on_behind_it(app: Flask) -> None:
    endorsed(app)
    begin()
    anna, ben, domain = make_member(), make_member(), make_domain(name="Hydronics")

    with pytest.raises(Conflict):
        begin()
    writing.record([an_act(anna, ben, make_thing(anna), (domain.id,))])

    assert balance(anna, domain.id).earned_mp == sum(amounts(anna)) > 0


def test_the_own_export_holds_the_ledger_and_never_who_gave(app: Flask) -> None:
    import json
    import zipfile
    from io import BytesIO

    endorsed(app)
    begin()
    anna = db.session.scalars(select(LedgerRow.member_id)).first()
    assert anna is not None

    with zipfile.ZipFile(BytesIO(pack(anna))) as packed:
        ledger, settled, levels = (
            json.loads(packed.read(f"{name}.json")) for name in ("ledger", "settlements", "levels")
        )

    assert len(ledger) == 36
    assert sum(row["amount_mp"] for row in settled) <= sum(row["amount_mp"] for row in ledger)
    assert [row["new"] for row in levels] == [1]
    assert not {"actor_id", "actor_group_id"} & ledger[0].keys()
