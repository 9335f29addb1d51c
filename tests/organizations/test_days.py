"""What happens to affiliations by itself as days pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.core.db import db
from iocop.core.jobs import periodic_jobs
from iocop.core.models import EventRow, MailRow
from iocop.organizations import queries, services
from iocop.organizations.models import Affiliation, MemberCard
from tests.factories import make_member, make_organization, viewer_of
from tests.organizations.factories import make_affiliation

pytestmark = pytest.mark.usefixtures("app")

START = datetime(2026, 3, 10, 9, tzinfo=UTC)


def proved(**given: Any) -> Affiliation:
    return make_affiliation(
        evidence="email",
        verified_domain="acme.example",
        verified_at=START,
        expires_at=START + timedelta(days=365),
        **given,
    )


def told(kind: str) -> int:
    return db.session.scalar(select(func.count(EventRow.id)).where(EventRow.name == kind)) or 0


def day_after(days: int) -> time_machine.travel:
    return time_machine.travel(START + timedelta(days=days), tick=False)


def test_a_proof_expires_after_twelve_months_and_says_so_once() -> None:
    with day_after(0):
        row = proved()
    with day_after(364):
        services.turn_day()
        assert told("AffiliationExpired") == 0
        assert db.session.get_one(MemberCard, row.member_id).organization_verified
    with day_after(365):
        services.turn_day()
        services.turn_day()

    assert told("AffiliationExpired") == 1
    (now,) = queries.current_rows(row.member_id)
    assert (now.evidence, now.line, now.organization_id) == ("self", row.line, row.organization_id)
    assert not db.session.get_one(MemberCard, row.member_id).organization_verified


def test_a_reminder_goes_out_thirty_days_before_and_only_once() -> None:
    with day_after(0):
        row = proved()
        proved(valid_to=date(2026, 4, 1))  # left: nothing to prove again
    with day_after(334):
        services.turn_day()
        assert told_mails(row) == 0
    for day in (335, 336, 350):
        with day_after(day):
            services.turn_day()
            assert told_mails(row) == 1
    body = db.session.scalars(select(MailRow.body)).one()
    assert "March 10, 2027" in body
    assert "/settings/affiliations" in body


def told_mails(row: Affiliation) -> int:
    mails = select(func.count(MailRow.id)).where(MailRow.recipient_id == row.member_id)
    return db.session.scalar(mails.where(MailRow.kind == "affiliation_expires")) or 0


def test_somebody_without_address_is_not_reminded() -> None:
    with day_after(0):
        proved(member=make_member(email=None))
    with day_after(340):
        services.turn_day()

    assert db.session.scalar(select(func.count(MailRow.id))) == 0


def test_a_stated_last_day_is_told_on_the_next_morning_and_once() -> None:
    with day_after(0):
        member, acme = make_member(), make_organization()
        services.record_affiliation(
            viewer_of(member), member.id, acme.id, "", date(2020, 1, 1), date(2026, 3, 20)
        )
    with day_after(9):
        services.turn_day()
        assert (told("AffiliationEnded"), card(member.id)) == (0, acme.name)
    with day_after(10):
        services.turn_day()
        services.turn_day()

    assert (told("AffiliationEnded"), card(member.id)) == (1, "")


def card(member_id: int) -> str:
    return db.session.get_one(MemberCard, member_id).organization_name


def test_what_was_over_when_it_was_stated_is_never_told_as_an_end() -> None:
    member, acme = make_member(), make_organization()
    services.record_affiliation(viewer_of(member), member.id, acme.id, "", date(2010, 1, 1), date(2012, 1, 1))

    services.turn_day()

    assert told("AffiliationEnded") == 0


def test_a_job_to_come_is_shown_from_its_first_day_also_after_days_of_silence() -> None:
    with day_after(0):
        member, acme = make_member(), make_organization()
        services.record_affiliation(viewer_of(member), member.id, acme.id, "", date(2026, 3, 15))
        assert card(member.id) == ""
    with day_after(8):
        services.turn_day()

    assert card(member.id) == acme.name


def test_the_jobs_stand_in_the_workers_table() -> None:
    jobs = periodic_jobs()

    assert (
        jobs["iocop.organizations.jobs.turn_day"].hour,
        jobs["iocop.organizations.jobs.turn_day"].minute,
    ) == ("0", "5")
    jobs["iocop.organizations.jobs.turn_day"].work()
    jobs["iocop.organizations.jobs.forget_work_addresses"].work()


def test_a_first_day_that_comes_is_told_once() -> None:
    with day_after(0):
        row = make_affiliation(valid_from=date(2026, 3, 12))
    with day_after(1):
        services.turn_day()
    assert told("AffiliationBegan") == 0

    for day in (2, 2, 3):
        with day_after(day):
            services.turn_day()

    assert told("AffiliationBegan") == 1
    assert db.session.get_one(MemberCard, row.member_id).organization_id == row.organization_id
