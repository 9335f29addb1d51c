"""Stewards: from level 3, for a year, three terms in a row; their silence is told to the board alone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import select

from iocop.core.db import db
from iocop.core.errors import Refused
from iocop.core.models import EventRow
from iocop.core.outbox import deliver_all
from iocop.core.policy import fact
from iocop.domains import services as domains
from iocop.members.numbers import shown
from iocop.notifications.models import Notice
from iocop.reputation import jobs
from iocop.roles import services as roles
from iocop.roles.models import RoleGrant
from tests.factories import make_member, viewer_of
from tests.forums.factories import make_answer, make_domain, make_space, make_topic
from tests.people import officer
from tests.reputation.standing import stand

if TYPE_CHECKING:
    from flask import Flask

    from iocop.domains.models import Domain
    from iocop.members.models import Member
    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def appoint(member: Member, domain: Domain, start: datetime = BEGAN, **given: Any) -> RoleGrant:
    return roles.grant_role(
        None, member.id, "domain_steward", roles.found_site(), scope_kind="domain", scope_id=domain.id,
        valid_from=start, **given,
    )  # fmt: skip


def an_expert(domain: Domain) -> Member:
    member = make_member(joined_at=BEGAN - 900 * DAY)
    stand(member, domain, 3)
    return member


def told(name: str) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(EventRow.payload).where(EventRow.name == name).order_by(EventRow.id))
    return list(rows)


@pytest.mark.parametrize("level", [0, 2])
def test_who_is_below_level_3_there_is_not_appointed(level: int) -> None:
    domain, elsewhere, member = make_domain(), make_domain(name="Law"), make_member()
    stand(member, domain, level)
    stand(member, elsewhere, 4)

    with pytest.raises(Refused, match="level 3"):
        appoint(member, domain)


def test_a_steward_serves_twelve_months_and_writes_the_charter_until_then() -> None:
    domain = make_domain()
    steward = an_expert(domain)

    with time_machine.travel(BEGAN):
        grant = appoint(steward, domain)
        domains.write_charter(viewer_of(steward), domain.id, "What we do here.", [])

    assert grant.valid_to == datetime(2027, 1, 5, 12, tzinfo=UTC)
    with time_machine.travel(grant.valid_to), pytest.raises(Refused, match="steward or an administrator"):
        domains.write_charter(viewer_of(steward), domain.id, "Mine for ever.", [])


def test_nobody_is_appointed_for_longer() -> None:
    domain = make_domain()

    with pytest.raises(Refused, match="twelve months"):
        appoint(an_expert(domain), domain, valid_to=BEGAN + 367 * DAY)


@pytest.mark.theory("3.63")
def test_a_fourth_term_in_a_row_is_refused_and_an_appeal_to_the_board_can_allow_it(browser: Browser) -> None:
    make_space()  # where an appeal is heard
    domain = make_domain(name="Controls")
    steward = an_expert(domain)
    for year in (2026, 2027, 2028):
        appoint(steward, domain, BEGAN.replace(year=year))
    administrator = officer(make_member(), "administrator")

    with time_machine.travel(BEGAN.replace(year=2029)):
        browser.sign_in(administrator)
        asked = {
            "member": shown(steward.number),
            "role": "domain_steward",
            "domain": str(domain.id),
            "decision": "1",
        }
        refusal = browser.post("/admin/roles", asked)
        assert refusal.status_code == 422
        assert "three terms in a row at most" in refusal.text
        assert "can appeal to the board" in refusal.text
        appeal = browser.page("/admin/roles").find("a", string="Write an appeal to the board")
        assert appeal is not None
        assert (
            "Appeal to the board" in browser.get(str(appeal["href"])).text
        )  # the topic's title stands there

        heard = roles.record_decision(
            viewer_of(administrator),
            "Board",
            date(2029, 1, 4),
            "On appeal, one more year: nobody else stands.",
        )
        allowed = browser.post("/admin/roles", asked | {"decision": str(heard.id), "appealed": "y"})

    assert allowed.status_code == 303
    assert db.session.scalars(select(RoleGrant.decision_id).order_by(RoleGrant.id.desc())).first() == heard.id


def test_after_a_year_without_the_office_a_steward_serves_again() -> None:
    domain = make_domain()
    steward = an_expert(domain)
    for year in (2026, 2027, 2028):
        appoint(steward, domain, BEGAN.replace(year=year))

    with pytest.raises(Refused, match="in a row"):
        appoint(steward, domain, BEGAN.replace(year=2030) - DAY)
    appoint(steward, domain, BEGAN.replace(year=2030) + DAY)


def test_terms_elsewhere_and_of_others_do_not_count() -> None:
    domain, elsewhere = make_domain(), make_domain(name="Law")
    steward = an_expert(domain)
    stand(steward, elsewhere, 3)
    for year in (2026, 2027, 2028):
        appoint(steward, elsewhere, BEGAN.replace(year=year))
        appoint(an_expert(domain), domain, BEGAN.replace(year=year))

    appoint(steward, domain, BEGAN.replace(year=2029))


def test_a_steward_whose_rung_went_down_serves_to_the_end_of_the_term_and_no_longer() -> None:
    domain = make_domain()
    steward = an_expert(domain)
    with time_machine.travel(BEGAN):
        appoint(steward, domain)
        stand_lower(steward, domain)

        assert fact("level", steward.id, domain.id, default=0) == 5
        with pytest.raises(Refused, match="level 3"):
            appoint(steward, domain, BEGAN + 365 * DAY)


def stand_lower(member: Member, domain: Domain) -> None:
    from iocop.core.db import act
    from iocop.reputation.models import Rung

    with act() as session:
        session.get_one(Rung, (member.id, domain.id)).level = 2


def test_that_a_term_has_ended_is_said_once() -> None:
    domain = make_domain()
    steward = an_expert(domain)
    with time_machine.travel(BEGAN) as clock_at:
        grant = appoint(steward, domain)
        jobs.look_after_stewards()
        assert told("RoleEnded") == []

        clock_at.move_to(BEGAN + 366 * DAY)
        for _night in range(3):
            jobs.look_after_stewards()

    assert [row["grant_id"] for row in told("RoleEnded")] == [grant.id]


@pytest.mark.theory("3.27")
def test_sixty_days_of_a_stewards_silence_are_told_to_the_board_once_and_to_nobody_else(app: Flask) -> None:
    domain = make_domain(name="Controls")
    steward, board = an_expert(domain), [officer(make_member(), "board_member") for _ in range(2)]
    officer(make_member(), "administrator")
    officer(make_member(), "moderator")
    with time_machine.travel(BEGAN) as clock_at:
        appoint(steward, domain)
        deliver_all()
        clock_at.move_to(BEGAN + 59 * DAY)
        jobs.look_after_stewards()
        assert told("StewardSilent") == []

        for night in (60, 61, 90):
            clock_at.move_to(BEGAN + night * DAY)
            jobs.look_after_stewards()
        deliver_all()

    assert told("StewardSilent") == [{"actor_id": None, "member_id": steward.id, "domain_id": domain.id}]
    notices = db.session.scalars(select(Notice).where(Notice.matter == "silent")).all()
    assert {notice.member_id for notice in notices} == {member.id for member in board}
    assert {(notice.kind, notice.words) for notice in notices} == {("account", "Controls")}


def test_a_deed_in_the_domain_breaks_the_silence_and_one_elsewhere_does_not() -> None:
    domain, elsewhere = make_domain(), make_domain(name="Law")
    steward = an_expert(domain)
    with time_machine.travel(BEGAN) as clock_at:
        appoint(steward, domain)
        topic = make_topic(domain_ids=(domain.id,))
        clock_at.move_to(BEGAN + 50 * DAY)
        make_answer(topic, author=steward, domain_ids=(domain.id,))
        clock_at.move_to(BEGAN + 109 * DAY)
        jobs.look_after_stewards()
        assert told("StewardSilent") == []

        make_topic(author=steward, domain_ids=(elsewhere.id,))
        clock_at.move_to(BEGAN + 111 * DAY)
        jobs.look_after_stewards()
        assert len(told("StewardSilent")) == 1

        make_topic(author=steward, domain_ids=(domain.id,))
        clock_at.move_to(BEGAN + 173 * DAY)
        jobs.look_after_stewards()

    assert len(told("StewardSilent")) == 2


@pytest.mark.theory("3.27")
def test_no_leaderboard_exists(app: Flask) -> None:
    """No page is a ranking of people, and nothing but whom to ask orders members by their points."""
    from tests.documents import IOCOP, ROOT

    ranking = re.compile(
        r"leader-?_?board|hall[-_ ]of[-_ ]fame|top[-_ ](members|users|contributors|experts)", re.IGNORECASE
    )
    pages = [f"{rule.rule} {rule.endpoint}" for rule in app.url_map.iter_rules()]
    templates = {path: path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")}
    ordered = re.compile(
        r"order_by\([^)]*(standing_mp|settled_mp|earned_mp|\.highest|Rung\.level)", re.DOTALL
    )

    assert [page for page in pages if ranking.search(page)] == []
    assert [path.name for path, text in templates.items() if ranking.search(text)] == []
    assert {
        str(path.relative_to(IOCOP))
        for path in IOCOP.rglob("*.py")
        if ordered.search(path.read_text(encoding="utf-8"))
    } == {
        "reputation/queries/asking.py",  # whom to ask, for one question or domain
        "reputation/queries/standing.py",  # the domains of one member
    }
