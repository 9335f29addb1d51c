"""Proof by a link to an address at work."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from iocop.core import clock, mail
from iocop.core.db import act, db
from iocop.core.errors import Conflict, Gone, Invalid, Refused, TooMany
from iocop.core.models import AuditRow, EventRow, MailRow
from iocop.members.models import Member, Ticket
from iocop.organizations import queries, services
from iocop.organizations.models import Affiliation, MailDomain, MemberCard
from tests.factories import make_member, make_organization, viewer_of
from tests.organizations.factories import make_affiliation, make_mail_domain
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from iocop.core.login import Viewer
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

ADDRESS = "dora.dill@mail.acme.co.uk"


@pytest.fixture
def dora() -> Viewer:
    """A member who states to work at an organization that has acme.co.uk."""
    acme = make_organization(name="Acme", slug="acme-uk")
    make_mail_domain(acme, "acme.co.uk")
    member = make_member(name="Dora Dill")
    make_affiliation(member, acme)
    return viewer_of(member)


def own(member: Viewer) -> Affiliation:
    return queries.current_rows(member.id)[0]


def link() -> str:
    body = db.session.scalars(
        select(MailRow.body).where(MailRow.kind == "affiliation").order_by(MailRow.id.desc())
    ).first()
    assert body is not None
    found = re.search(r"/affiliation/\S+", body)
    assert found is not None
    return found[0]


def token() -> str:
    return link().rpartition("/")[2]


@time_machine.travel(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False)
def test_an_address_at_work_proves_the_affiliation(browser: Browser, dora: Viewer) -> None:
    browser.sign_in(member(dora))
    assert "@acme.co.uk" in browser.page(f"/settings/affiliations/{own(dora).id}/verify").text

    assert (
        browser.post(f"/settings/affiliations/{own(dora).id}/verify", {"address": ADDRESS}).status_code == 303
    )
    page = browser.page(link())
    assert "You belong to Acme" in page.text
    assert browser.post(link()).status_code == 303

    row = own(dora)
    assert (row.evidence, row.verified_domain) == ("email", "acme.co.uk")
    assert row.expires_at == clock.now() + timedelta(days=365)
    assert "verified by @acme.co.uk, March 2026" in browser.page("/settings/affiliations").text
    assert "verified by @acme.co.uk, March 2026" in browser.page("/organizations/acme-uk").text
    assert db.session.get_one(MemberCard, dora.id).organization_verified
    assert (
        db.session.scalar(select(func.count(EventRow.id)).where(EventRow.name == "AffiliationVerified")) == 1
    )


def member(viewer: Viewer) -> Member:
    return db.session.get_one(Member, viewer.id)


def test_the_address_is_nowhere_once_it_has_served(dora: Viewer) -> None:
    services.request_verification(dora, own(dora).id, ADDRESS)
    assert ADDRESS not in str(db.session.scalars(select(Ticket.payload)).all())
    services.verify_affiliation(dora, token())

    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        assert "dora.dill@" not in str(rows), table.name
    assert db.session.scalar(select(func.count(MailRow.id))) == 0


def test_a_link_nobody_opened_is_forgotten_once_it_was_sent(dora: Viewer) -> None:
    services.request_verification(dora, own(dora).id, ADDRESS)
    services.forget_work_addresses()
    assert db.session.scalar(select(func.count(MailRow.id))) == 1  # not sent yet

    mail.send_due()
    services.forget_work_addresses()

    assert db.session.scalar(select(func.count(MailRow.id))) == 0


@pytest.mark.parametrize(
    "address",
    [
        "dora@gmail.com",
        "dora@rival.co.uk",
        "dora@co.uk",
        "dora@notacme.co.uk",
        "dora@acme.co.uk.evil.example",
        "dora",
        "a@b@c",
        "",
    ],
    ids=[
        "free mail",
        "another's",
        "a suffix",
        "a likeness",
        "a disguise",
        "no address",
        "two signs",
        "nothing",
    ],
)
def test_other_addresses_prove_nothing(browser: Browser, dora: Viewer, address: str) -> None:
    make_mail_domain(make_organization(), "rival.co.uk")
    browser.sign_in(member(dora))

    answer = browser.post(f"/settings/affiliations/{own(dora).id}/verify", {"address": address})

    assert answer.status_code == 422
    assert 'href="#address"' in answer.text
    assert db.session.scalar(select(func.count(MailRow.id))) == 0


def test_two_organizations_below_one_public_suffix_stay_two(dora: Viewer) -> None:
    rival = make_organization()
    make_mail_domain(rival, "rival.co.uk")
    make_affiliation(make_member(), rival)

    with pytest.raises(Invalid):
        services.request_verification(dora, own(dora).id, "dora@rival.co.uk")
    with pytest.raises(Invalid):
        services.add_mail_domain(seen_by(cast().alice), rival.id, "co.uk")
    found = queries.organization_of_domain("x.rival.co.uk", clock.now())
    assert found is not None
    assert found.organization_id == rival.id
    assert queries.organization_of_domain("other.co.uk", clock.now()) is None


def test_the_longest_domain_counts(dora: Viewer) -> None:
    make_mail_domain(make_organization(), "lab.acme.co.uk")

    with pytest.raises(Invalid):
        services.request_verification(dora, own(dora).id, "dora@lab.acme.co.uk")


def test_an_expired_domain_proves_nothing(dora: Viewer) -> None:
    with act():
        db.session.scalars(select(MailDomain)).one().expires_at = clock.now()

    with pytest.raises(Refused):
        services.request_verification(dora, own(dora).id, ADDRESS)


def test_a_link_works_once_and_for_a_day(dora: Viewer) -> None:
    with time_machine.travel(datetime(2026, 3, 10, tzinfo=UTC), tick=False):
        services.request_verification(dora, own(dora).id, ADDRESS)
        first = token()
        services.verify_affiliation(dora, first)
        services.request_verification(dora, own(dora).id, ADDRESS)
        second = token()
        with pytest.raises(Gone):
            services.verify_affiliation(dora, first)
    with time_machine.travel(datetime(2026, 3, 11, tzinfo=UTC), tick=False), pytest.raises(Gone):
        services.verify_affiliation(dora, second)


def test_another_member_cannot_use_the_link(browser: Browser, dora: Viewer) -> None:
    services.request_verification(dora, own(dora).id, ADDRESS)
    browser.sign_in(make_member())

    assert browser.get(link()).status_code == 403
    assert browser.post(link()).status_code == 403
    assert own(dora).evidence == "self"
    assert browser.get("/affiliation/made-up").status_code == 410


def test_a_link_for_another_employer_proves_nothing(dora: Viewer) -> None:
    services.request_verification(dora, own(dora).id, ADDRESS)
    services.correct_affiliation(
        dora, own(dora).id, "", date(2020, 1, 1), organization_id=make_organization().id
    )

    with pytest.raises(Conflict):
        services.verify_affiliation(dora, token())


def test_a_correction_of_the_title_meanwhile_does_no_harm(dora: Viewer) -> None:
    services.request_verification(dora, own(dora).id, ADDRESS)
    services.correct_affiliation(dora, own(dora).id, "Chief", date(2020, 1, 1))

    assert services.verify_affiliation(dora, token()).title == "Chief"


def test_five_links_a_day_are_enough(dora: Viewer) -> None:
    for _ in range(5):
        services.request_verification(dora, own(dora).id, ADDRESS)

    with pytest.raises(TooMany):
        services.request_verification(dora, own(dora).id, ADDRESS)


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2020, 1, 1), date(2021, 1, 1)), (date(2090, 1, 1), None)],
    ids=["ended", "to come"],
)
def test_only_a_current_affiliation_is_proved(start: date, end: date | None) -> None:
    acme = make_organization()
    make_mail_domain(acme, "acme.example")
    row = make_affiliation(organization=acme, valid_from=start, valid_to=end)
    who = viewer_of(db.session.get_one(Member, row.member_id))

    with pytest.raises(Refused):
        services.request_verification(who, row.id, "x@acme.example")


def test_without_a_known_domain_nothing_is_proved(browser: Browser) -> None:
    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    browser.sign_in(people.bob)

    assert browser.get(f"/settings/affiliations/{row.id}/verify").status_code == 403


def test_a_sole_practitioner_is_proved_the_same_way() -> None:
    people = cast()
    sol = seen_by(people.sol)
    services.add_mail_domain(seen_by(people.alice), people.solo.id, "sol.example")

    services.request_verification(sol, own(sol).id, "me@sol.example")
    services.verify_affiliation(sol, token())

    assert queries.organization_ids(sol.id, clock.now(), verified_only=True) == {people.solo.id}


def test_the_log_names_no_address(dora: Viewer) -> None:
    services.request_verification(dora, own(dora).id, ADDRESS)
    services.verify_affiliation(dora, token())

    lines = db.session.execute(select(AuditRow.act, AuditRow.details)).all()
    assert [line.act for line in lines] == ["request_verification", "verify_affiliation"]
    assert "dill" not in str(lines)
