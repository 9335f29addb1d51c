"""What a contribution keeps of its author's organization."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from iocop.core import clock
from iocop.organizations import queries
from tests.factories import make_member, make_organization
from tests.organizations.factories import make_affiliation, make_relation

if TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.usefixtures("app")


def test_a_member_without_employer_is_stamped_with_nothing() -> None:
    assert queries.stamp(make_member().id, None, clock.now()) == queries.UNAFFILIATED


def test_the_main_affiliation_is_stamped_unless_another_is_picked() -> None:
    bob = make_member()
    other = make_affiliation(bob, is_main=False, valid_from=date(2024, 1, 1))
    chief = make_affiliation(bob, valid_from=date(2021, 1, 1))

    assert queries.stamp(bob.id, None, clock.now()).affiliation_id == chief.id
    assert queries.stamp(bob.id, other.id, clock.now()).organization_id == other.organization_id


def test_somebody_elses_affiliation_cannot_be_picked() -> None:
    bob, theirs = make_member(), make_affiliation()

    assert queries.stamp(bob.id, theirs.id, clock.now()) == queries.UNAFFILIATED


def test_a_proof_that_has_expired_is_stamped_as_self_stated() -> None:
    proof = make_affiliation(evidence="email", expires_at=datetime(2026, 3, 1, tzinfo=UTC))

    def evidence(*day: int) -> str | None:
        return queries.stamp(proof.member_id, None, datetime(*day, tzinfo=UTC)).org_evidence  # type: ignore[arg-type,misc]

    assert (evidence(2026, 2, 28), evidence(2026, 3, 1)) == ("email", "self")


def test_the_group_is_the_topmost_parent_of_that_day() -> None:
    top, middle, bottom = make_organization(), make_organization(), make_organization()
    make_relation(middle, "parent", bottom, date(2020, 1, 1))
    make_relation(top, "parent", middle, date(2023, 1, 1), valid_to=date(2025, 1, 1))

    days = (date(2019, 1, 1), date(2022, 12, 31), date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1))

    expected = [bottom.id, middle.id, top.id, top.id, middle.id]
    assert [queries.group_of(bottom.id, day) for day in days] == expected


def test_two_parents_of_each_other_do_not_hang_the_site() -> None:
    one, other = make_organization(), make_organization()
    make_relation(one, "parent", other)
    make_relation(other, "parent", one)

    assert queries.group_of(one.id, date(2024, 1, 1)) in {one.id, other.id}


def test_colleagues_share_an_organization_today(app: Flask) -> None:
    here = make_organization()
    bob, colleague, gone = (make_affiliation(organization=here) for _ in range(3))
    make_affiliation(make_member(), here, valid_to=date(2021, 1, 1))
    with_them = queries.colleagues(bob.member_id, clock.now())

    assert with_them == {colleague.member_id, gone.member_id}
