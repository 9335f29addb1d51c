"""Whatever is written is written in an act: whole, alone, or not at all."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import JSON, column, delete, func, insert, select, table, text, update

from iocop.core import db as ground
from iocop.core.db import act, acting, db
from iocop.core.models import SiteSetting
from iocop.core.versions import bump, versions

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.settings import Settings

IOCOP = Path(ground.__file__).parents[1]
TABLE = table("site_setting", column("key"), column("value", JSON))
THREADS, ACTS = 8, 100


def seen_by_others() -> int:
    """How many settings another connection sees."""
    with db.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(TABLE)).scalar_one()


def test_an_inner_act_joins_the_outer_one(app: Flask) -> None:
    with act() as outer:
        with act() as inner:
            inner.add(SiteSetting(key="a", value=1))
            inner.flush()
        assert outer is inner
        assert acting()
        assert seen_by_others() == 0  # the inner one did not commit

    assert not acting()
    assert seen_by_others() == 1


def test_what_goes_wrong_leaves_nothing_also_of_inner_acts(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), act() as session:  # noqa: PT012 -- the act as a whole fails
        with act():
            session.add(SiteSetting(key="a", value=1))
            session.flush()
        _ = 1 / 0

    assert not acting()
    assert seen_by_others() == 0


def test_an_interrupted_act_is_over(app: Flask) -> None:
    with pytest.raises(KeyboardInterrupt), act():
        raise KeyboardInterrupt

    assert not acting()


@pytest.mark.parametrize(
    "statement",
    [
        insert(SiteSetting).values(key="a", value=1),
        insert(TABLE).values(key="a", value=1),
        update(SiteSetting).values(value=2),
        delete(TABLE),
        text("delete from site_setting"),
    ],
    ids=["ORM insert", "Core insert", "ORM update", "Core delete", "text"],
)
def test_a_statement_that_writes_outside_an_act_is_refused(app: Flask, statement: object) -> None:
    with pytest.raises(RuntimeError, match="outside act"):
        db.session.execute(statement)  # type: ignore[call-overload]


def test_an_object_written_outside_an_act_is_refused(app: Flask) -> None:
    db.session.add(SiteSetting(key="a", value=1))

    with pytest.raises(RuntimeError, match="outside act"):
        db.session.flush()
    with pytest.raises(RuntimeError, match="outside act"), act():
        pass
    db.session.rollback()


def test_reading_text_outside_an_act_is_fine(app: Flask) -> None:
    assert db.session.execute(text("  SELECT 1")).scalar() == 1


def test_an_act_reads_rows_as_they_stand_now(app: Flask) -> None:
    with act() as session:
        session.add(SiteSetting(key="a", value="before"))
    row = db.session.get_one(SiteSetting, "a")
    assert row.value == "before"
    db.session.commit()  # ends the reading, as another connection must write now

    with db.engine.begin() as other:
        other.execute(update(TABLE).values(value="after"))

    with act():
        assert row.value == "after"


def test_many_threads_write_and_none_is_turned_away(app: Flask) -> None:
    went_wrong: list[Exception] = []

    def write() -> None:
        with app.app_context():
            for _ in range(ACTS):
                try:
                    with act():
                        here = versions("counter")[0]  # reads first, as a policy does
                        bump("counter")
                        assert versions("counter")[0] > here
                except Exception as error:  # noqa: BLE001 -- counted below
                    went_wrong.append(error)

    threads = [threading.Thread(target=write) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert went_wrong == []
    db.session.rollback()
    assert versions("counter") == (THREADS * ACTS,)


@pytest.mark.only("sqlite")
def test_a_locked_database_asks_to_come_back(
    quiet: Settings, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    from iocop import create_app
    from iocop.core import migrations
    from tests.core.pages import add_pages

    monkeypatch.setattr(ground, "PATIENCE_MS", 50)
    app = create_app(quiet, TESTING=True, WTF_CSRF_ENABLED=False)
    add_pages(app)
    with app.app_context():
        migrations.upgrade()
        with db.engine.connect() as other:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            answer = app.test_client().post("/ground/wrote", data={"text": "a"})
            reading = app.test_client().get("/healthz")
            other.rollback()
        db.engine.dispose()
        afterwards = app.test_client().post("/ground/wrote", data={"text": "a"})
        db.engine.dispose()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert "Nothing was lost" in answer.text
    assert reading.status_code == 200
    assert afterwards.text == "written"


def test_nothing_but_act_commits() -> None:
    commits = {
        path.relative_to(IOCOP).as_posix()
        for path in IOCOP.rglob("*.py")
        if re.search(r"\bsession\b.*\.commit\(\)|engine\.begin\(\)", path.read_text())
    }

    assert commits == {"core/db.py"}
