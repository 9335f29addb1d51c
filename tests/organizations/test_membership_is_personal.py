"""Accounts belong to people: what organizations cannot do, and what members keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from iocop.core import clock
from iocop.core.db import db
from iocop.members.models import Member
from iocop.organizations import queries, services
from iocop.organizations.models import Organization
from tests.people import cast, seen_by

if TYPE_CHECKING:
    from flask import Flask

    from tests.client import Browser

pytestmark = pytest.mark.usefixtures("app")

SIGN_IN_FIELDS = {"email", "password_hash", "totp_secret", "handle"}


def authoring_columns() -> set[str]:
    """Every column that names who wrote, acted, granted or decided something."""
    words = ("author_id", "actor_id", "member_id", "_by_id", "owner_id", "recipient_id")
    return {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(words)
    }


@pytest.mark.theory("0.3b")
def test_no_organization_can_be_an_author_and_who_leaves_one_keeps_everything(browser: Browser) -> None:
    for name in authoring_columns():
        table, column = name.split(".")
        targets = {key.column.table.name for key in db.metadata.tables[table].columns[column].foreign_keys}
        assert targets <= {"member"}, name  # nothing signs as an organization
    assert not SIGN_IN_FIELDS & set(Organization.__table__.columns.keys())  # and none can sign in

    people = cast()
    browser.sign_in(people.bob)
    before = {column.name: getattr(people.bob, column.name) for column in Member.__table__.columns}
    (row,) = queries.current_rows(people.bob.id)
    stamped = queries.stamp(people.bob.id, row.id, clock.now())

    services.end_affiliation(seen_by(people.bob), row.id, clock.now().date())

    db.session.expire_all()
    assert {column.name: getattr(people.bob, column.name) for column in Member.__table__.columns} == before
    assert browser.get("/settings/affiliations").status_code == 200
    assert stamped.organization_id == people.acme.id
    assert queries.stamp(people.bob.id, None, clock.now()) == queries.UNAFFILIATED


@pytest.mark.theory("0.3d")
def test_nobody_enrols_or_removes_a_member_for_an_organization(app: Flask, browser: Browser) -> None:
    """Not the founder of the record, not a colleague, not even an administrator of the site."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("organizations.")}
    assert not [rule for rule in rules if "<slug>" in rule and ("member" in rule or "people" in rule)]

    people = cast()
    (row,) = queries.current_rows(people.bob.id)
    count = len(db.session.scalars(select(Member.id)).all())
    for who in ("alice", "charlie", "vera"):
        officer = browser.fresh().sign_in(people.members[who])
        for act_name in ("end", "withdraw", "visibility", "main", "verify"):
            answer = officer.post(f"/settings/affiliations/{row.id}/{act_name}", {"last_day": "2026-01-01"})
            assert answer.status_code == 404
        assert (
            officer.post(f"/settings/affiliations/{row.id}", {"valid_from": "2020-01-01"}).status_code == 404
        )
    assert [each.id for each in queries.current_rows(people.bob.id)] == [row.id]
    assert len(db.session.scalars(select(Member.id)).all()) == count

    bob = browser.fresh().sign_in(people.bob)
    assert "/settings/own-data/export" in bob.get("/settings/own-data").text  # an export first
    bob.post("/settings/leave")
    assert bob.get("/settings/affiliations").status_code == 303  # signed out by leaving
    assert db.session.get_one(Member, people.bob.id, populate_existing=True).state == "left"
    kept = [table for table in db.metadata.sorted_tables if "push" in table.name]
    assert not [table for table in kept if any("member" in column.name for column in table.columns)]
