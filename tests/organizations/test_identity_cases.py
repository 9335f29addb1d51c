"""Cases that went wrong elsewhere, each by its name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine

from iocop.core import clock
from iocop.core.db import db
from iocop.core.errors import Conflict
from iocop.organizations import history, queries, services, wording
from iocop.organizations.models import Affiliation, MemberCard
from tests.factories import make_member, make_organization, viewer_of
from tests.organizations.factories import make_affiliation, make_relation
from tests.people import cast, seen_by

pytestmark = pytest.mark.usefixtures("app")


def at(*day: int) -> datetime:
    return datetime(day[0], day[1], day[2], tzinfo=UTC)


def test_the_same_organization_in_two_separate_periods_is_two_entries() -> None:
    bob, acme = make_member(), make_organization()
    actor = viewer_of(bob)

    services.record_affiliation(actor, bob.id, acme.id, "Fitter", date(2015, 1, 1), date(2018, 1, 1))
    services.record_affiliation(actor, bob.id, acme.id, "Engineer", date(2020, 1, 1))

    found = history.periods(queries.current_rows(bob.id))
    assert found == [(date(2015, 1, 1), date(2018, 1, 1)), (date(2020, 1, 1), None)]
    with pytest.raises(Conflict):
        services.record_affiliation(actor, bob.id, acme.id, "", date(2017, 12, 31), date(2018, 6, 1))


def test_a_gap_between_two_employers_is_unaffiliated() -> None:
    bob = make_member()
    make_affiliation(bob, valid_from=date(2015, 1, 1), valid_to=date(2018, 1, 1))
    make_affiliation(bob, valid_from=date(2019, 1, 1))

    assert queries.stamp(bob.id, None, at(2018, 6, 1)) == queries.UNAFFILIATED


def test_the_latest_is_the_main_one_unless_the_member_chose() -> None:
    bob, first, latest = make_member(), make_organization(), make_organization()
    chosen = make_affiliation(bob, first, valid_from=date(2015, 1, 1), is_main=False)
    make_affiliation(bob, latest, valid_from=date(2020, 1, 1), is_main=False)

    assert queries.stamp(bob.id, None, clock.now()).organization_id == latest.id

    services.choose_main(viewer_of(bob), chosen.id)

    assert queries.stamp(bob.id, None, clock.now()).organization_id == first.id
    assert db.session.get_one(MemberCard, bob.id).organization_id == first.id


def test_a_merger_of_two_records_keeps_the_history() -> None:
    people = cast()
    double = make_organization(name="Acme Limited")
    dora = make_member()
    before = make_affiliation(dora, double, valid_from=date(2016, 1, 1))
    stamped = queries.stamp(dora.id, None, clock.now())

    services.merge(seen_by(people.alice), double.id, people.acme.id)

    rows = db.session.scalars(
        db.select(Affiliation).where(Affiliation.line == before.line).order_by(Affiliation.id)
    ).all()
    assert [(row.organization_id, row.superseded_at is None) for row in rows] == [
        (double.id, False),
        (people.acme.id, True),
    ]
    assert rows[1].valid_from == date(2016, 1, 1)
    assert stamped.organization_id == double.id
    assert queries.stamp(dora.id, None, clock.now()).organization_id == people.acme.id
    assert queries.names_of([double.id]) == {double.id: ("Acme Limited", "Acme")}


def test_a_merged_record_merged_again_leads_to_the_last_one() -> None:
    people = cast()
    alice = seen_by(people.alice)
    first, second = make_organization(), make_organization()

    services.merge(alice, first.id, second.id)
    services.merge(alice, second.id, people.acme.id)

    assert queries.survivor_of(first.id) == people.acme.id


def test_a_successor_gives_two_views_then_and_now() -> None:
    saurel, norrvale = make_organization(name="Saurel"), make_organization(name="Norrvale")
    make_relation(norrvale, "successor", saurel, date(2023, 1, 1))
    bob = make_member()
    make_affiliation(bob, saurel, valid_from=date(2019, 1, 1), valid_to=date(2023, 1, 1))

    assert queries.stamp(bob.id, None, at(2022, 5, 1)).organization_id == saurel.id
    assert queries.successor_of(saurel.id, date(2022, 12, 31)) == saurel.id
    assert queries.successor_of(saurel.id, date(2023, 1, 1)) == norrvale.id


def test_a_weekend_between_two_jobs_counts_for_the_one_before() -> None:
    bob, before, after = make_member(), make_organization(), make_organization()
    make_affiliation(
        bob, before, valid_from=date(2020, 1, 1), valid_to=date(2024, 3, 1)
    )  # a Friday was the last day
    make_affiliation(bob, after, valid_from=date(2024, 3, 4))

    assert queries.stamp(bob.id, None, at(2024, 3, 3)).organization_id == before.id
    assert queries.organization_ids(bob.id, at(2024, 3, 3)) == frozenset()  # access is never bridged


def test_a_member_hides_an_old_employer_and_the_stamp_stays() -> None:
    people = cast()
    old = make_affiliation(people.bob, people.rival, valid_from=date(2010, 1, 1), valid_to=date(2015, 1, 1))

    services.show_affiliation(seen_by(people.bob), old.id, "self")

    shown = [row.name for row in queries.affiliations_of([people.bob.id], seen_by(people.charlie))]
    assert shown == ["Acme"]
    stamp = queries.stamp(people.bob.id, None, at(2012, 1, 1))
    assert (stamp.organization_id, stamp.shown) == (people.rival.id, False)


def test_what_was_known_at_a_moment_can_be_asked_after_a_correction() -> None:
    bob, acme = make_member(), make_organization()
    with time_machine.travel(at(2026, 1, 1), tick=False):
        row = services.record_affiliation(viewer_of(bob), bob.id, acme.id, "Fitter", date(2021, 1, 1))
    with time_machine.travel(at(2026, 2, 1), tick=False):
        services.correct_affiliation(viewer_of(bob), row.id, "Fitter", date(2019, 1, 1))

    rows = db.session.scalars(db.select(Affiliation)).all()
    believed = [history.known(rows, moment)[0].valid_from for moment in (at(2026, 1, 15), at(2026, 2, 1))]
    assert believed == [date(2021, 1, 1), date(2019, 1, 1)]


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        ("X", "Y", "then at X, now at Y"),
        ("X", "X", "X"),
        ("X", "", "X"),
        ("", "Y", "now at Y"),
        ("", "", ""),
    ],
)
def test_an_author_line_says_then_and_now(then: str, now: str, words: str) -> None:
    assert wording.then_and_now(then, now) == words
