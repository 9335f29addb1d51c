"""Rows written in thousands keep the rules of all others."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select

from iocop.contributions.services.loading import write_rows
from iocop.core.db import act, db
from iocop.domains.models import Domain

ROW = {"slug": "pumps", "name": "Pumps", "position": 1}


def test_nothing_is_written_outside_an_act(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside act"):
        write_rows(db.session(), Domain, [ROW])

    assert not db.session.scalars(select(Domain)).all()


def test_moments_are_stored_in_utc_and_columns_left_out_take_their_defaults(app: Flask) -> None:
    eastern = datetime(2020, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))

    with act() as session:
        rows = [
            ROW | {"retired_at": eastern},
            {"slug": "valves", "name": "Valves", "position": 2, "retired_at": None},
        ]
        write_rows(session, Domain, iter(rows))
        write_rows(session, Domain, [])

    pumps, valves = db.session.scalars(select(Domain).order_by(Domain.id))
    assert pumps.retired_at == datetime(2019, 12, 31, 22, 30, tzinfo=UTC)
    assert (valves.retired_at, valves.summary, valves.learning_questions) == (None, "", [])


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="without a time zone"), act() as session:
        write_rows(session, Domain, [ROW | {"retired_at": datetime(2020, 1, 1)}])  # noqa: DTZ001 -- the point of it
