"""Searching is counted without anybody's trace, and what is missed is readable once enough different people missed it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.errors import Missing, Refused
from iocop.core.login import GUEST
from iocop.search import looking, missed, queries, services, weekly
from iocop.search.cli import search as commands
from iocop.search.looking import write_gathered
from iocop.search.models import MissedMark, MissedSearch, MissedText, SearchDay
from iocop.search.query import parse
from tests.factories import make_member, make_organization, viewer_of
from tests.people import officer, person
from tests.safety.factories import community
from tests.search.factories import index_all, make_person, make_topic, statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.members.models import Member
    from tests.client import Browser

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_gathered(app: Flask) -> Iterator[None]:
    app.extensions["searches"].take()
    yield
    app.extensions["searches"].take()
    weekly.throw_away_but("")


def miss(*people: int | Member, text: str = "quench pump") -> None:
    with act():
        for one in people:
            missed.count_missed(one if isinstance(one, int) else one.id, text)


def board() -> list[tuple[str, int]]:
    db.session.expire_all()
    return [(row.text, row.times) for row in db.session.scalars(select(MissedText).order_by(MissedText.id))]


def days() -> list[tuple[int, int, int, int]]:
    db.session.expire_all()
    rows = db.session.scalars(select(SearchDay).order_by(SearchDay.day))
    return [(row.searches, row.empty, row.by_members, row.opened) for row in rows]


@pytest.mark.theory("0.6", "2.36")
def test_of_a_hundred_searches_thirty_seven_find_nothing(app: Flask, browser: Browser) -> None:
    make_topic("Frost on the coil")
    index_all()
    for number in range(100):
        assert browser.peek(f"/search?q={'zzz' if number < 37 else 'frost'}+{number % 1}").status_code == 200
    write_gathered()

    rates = queries.rates(1)
    assert (rates.searches, rates.by_members, rates.found) == (100, 0, None)
    assert rates.without_result == Fraction(37, 100)
    said = app.test_cli_runner().invoke(commands, ["status"]).output
    assert "37 %" in said
    tiles = browser.sign_in(officer(make_person(), "administrator")).page("/admin").select(".tile")
    assert [tile.select_one(".figure").text for tile in tiles[:2]] == ["37 %", "–"]  # type: ignore[union-attr]


@pytest.mark.theory("0.6")
def test_a_search_counts_as_found_when_its_member_opens_a_result_within_five_minutes(
    browser: Browser,
) -> None:
    topic = make_topic("Frost on the coil")
    index_all()
    came_from = {"Referer": "http://localhost/search?q=frost"}
    tomorrow = (clock.now() + timedelta(days=1)).replace(hour=9)
    with time_machine.travel(tomorrow, tick=False) as traveller:
        browser.sign_in(make_person())
        for opened_after in (30, 299, 301):
            browser.get("/search?q=frost")
            traveller.shift(opened_after)
            for _twice in range(2):
                browser.get(f"/t/{topic.id}", headers=came_from)
        browser.get("/search?q=frost")
        browser.get(f"/t/{topic.id}")  # from a bookmark
        browser.get("/forums", headers=came_from)
        write_gathered()

        assert days() == [(4, 0, 4, 2)]
        assert queries.rates(7).found == Fraction(1, 2)


def test_what_results_lead_to_are_pages_of_the_site(app: Flask) -> None:
    assert app.view_functions.keys() >= looking.RESULTS


def test_guests_are_not_followed(browser: Browser) -> None:
    topic = make_topic("Frost on the coil")
    index_all()

    answer = browser.get("/search?q=frost")
    browser.get(f"/t/{topic.id}", headers={"Referer": "http://localhost/search?q=frost"})
    write_gathered()

    assert "Set-Cookie" not in answer.headers
    assert days() == [(1, 0, 0, 0)]


def test_pages_tabs_and_orders_of_one_search_are_one(browser: Browser) -> None:
    make_topic("Frost")
    index_all()
    came_from = {"Referer": "http://localhost/search?q=frost"}

    browser.get("/search?q=frost")
    browser.get("/search?q=frost&page=2", headers=came_from)
    browser.get("/search?q=frost&kind=articles&order=latest", headers=came_from)
    browser.get("/search?q=")
    browser.get("/search?q=frost+coil", headers=came_from)
    browser.get("/search?q=frost", headers={"Referer": "http://elsewhere.example/search?q=frost"})
    write_gathered()

    assert days() == [(3, 0, 0, 0)]


def test_titles_searched_while_the_index_is_built_count_for_nothing(browser: Browser) -> None:
    make_topic("Frost")
    assert "being built" in browser.page("/search?q=zzz").get_text()
    write_gathered()

    assert days() == []


def test_a_search_costs_no_write_and_what_cannot_be_written_is_let_go(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_topic("Frost")
    index_all()
    with statements() as seen:
        browser.get("/search?q=zzz")
    assert [line for line in seen if not line.lstrip().lower().startswith(("select", "with"))] == []

    def busy(*_: object) -> None:
        raise OperationalError("locked", None, Exception())

    with monkeypatch.context() as patched:
        patched.setattr(looking, "_count", busy)
        write_gathered()
    assert days() == []
    assert app.extensions["searches"].take() == []
    write_gathered()


def test_more_than_is_gathered_is_not_counted(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST", 2)
    index_all()
    for number in range(4):
        browser.peek(f"/search?q=zzz{number}")
    write_gathered()

    assert days() == [(2, 2, 0, 0)]


def test_a_live_site_writes_by_itself_after_a_while(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[float] = []

    class Clockwork:
        daemon = False

        def __init__(self, patience: float, work: object) -> None:
            self.patience, self.work = patience, work

        def start(self) -> None:
            started.append(self.patience)
            assert callable(self.work)
            assert self.daemon
            self.work()

    monkeypatch.setattr("threading.Timer", Clockwork)
    monkeypatch.setattr(app, "testing", False)
    app.extensions["searches"].add(looking.Looked(MONDAY.date()))

    assert started == [looking.PATIENCE]
    assert days() == [(1, 0, 0, 0)]


def test_rates_of_some_days_leave_out_the_earlier(app: Flask) -> None:
    with act() as session:
        for back, empty in ((0, 1), (6, 2), (7, 4)):
            day = clock.now().date() - timedelta(days=back)
            session.add(SearchDay(day=day, searches=10, empty=empty, by_members=5, opened=1))

    assert queries.rates(7).without_result == Fraction(3, 20)
    assert queries.rates(8).searches == 30
    assert queries.rates(8).found == Fraction(1, 5)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Quench  PUMP", "quench pump"), ('quench "Pump MS/TP"', "quench pump ms/tp"), ("naïve", "naive"),
        ("quench @ada", ""), ("quench by:ada", ""), ("quench -pump", ""), ("in:title quench", ""), ("tag:x", ""),
        ("write to ada@example.org", ""), ("x", ""), ("a" * 300, ""),
        (" ".join(f"w{number}" for number in range(60)), ""),
    ],
)  # fmt: skip
def test_what_is_counted_of_a_query(typed: str, expected: str) -> None:
    assert missed.recordable(parse(typed)) == expected


def test_the_fifth_person_makes_a_missed_search_readable(browser: Browser) -> None:
    people = [make_person() for _ in range(5)]
    make_topic("Something else")
    index_all()
    for number, one in enumerate(people):
        assert board() == []
        reader = browser.fresh().sign_in(one)
        for _twice in range(2):
            reader.get("/search?q=Quench+PUMP")
        write_gathered()
        assert number == 4 or queries.missed_texts(viewer_of(one)) == []

    assert board() == [("quench pump", 5)]
    page = browser.sign_in(people[0]).page("/repertoire/requests")
    section = page.select_one('[aria-labelledby="missed"]')
    assert section is not None
    assert "5times looked for" in section.get_text(strip=True)
    link = section.select_one('a[href^="/repertoire/requests/new"]')
    assert link is not None
    form = browser.page(str(link["href"]))
    title, origin = form.select_one("#title"), form.select_one("#origin")
    assert title is not None
    assert origin is not None
    assert (title["value"], origin["value"]) == ("quench pump", "search")
    assert "quench" not in browser.fresh().get("/repertoire/requests").text


def test_below_five_neither_text_nor_person_stands_anywhere(app: Flask) -> None:
    people = [make_person() for _ in range(4)]
    miss(*people, *people)

    assert [(row.people, row.sides) for row in db.session.scalars(select(MissedSearch))] == [(4, 4)]
    assert db.session.scalars(select(MissedText)).all() == []
    columns = [
        *db.session.scalars(select(MissedMark.digest)),
        *db.session.scalars(select(MissedSearch.digest)),
    ]
    assert len(columns) == 4 + 4 + 1
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in columns)
    week = weekly.week_of(clock.now())
    guesses = {
        weekly.digest(b"", "text", "quench pump"),
        weekly.digest(b"", "person", "quench pump", str(people[0].id)),
    }
    assert not guesses & set(columns)
    assert weekly.digest(weekly.key_of(week), "text", "quench pump") in columns


def test_one_person_alone_never_makes_it_readable_however_often_in_however_many_weeks(app: Flask) -> None:
    alice = make_person()
    for week in range(8):
        with time_machine.travel(MONDAY + timedelta(weeks=week)):
            missed.forget_old()
            miss(alice, alice)
    assert board() == []


def test_guests_together_are_one_person(app: Flask) -> None:
    people = [make_person() for _ in range(4)]
    miss(0, 0, 0, *people[:3])
    assert board() == []
    miss(people[3])
    assert board() == [("quench pump", 5)]


def test_what_only_colleagues_look_for_stays_theirs(app: Flask) -> None:
    acme = make_organization(name="Acme", slug="acme")
    names = ("Ann", "Bob", "Cy", "Dan", "Eve")
    colleagues = [person(f"{name} Ash", acme, "acme.example") for name in names]
    miss(*colleagues, 0)
    assert board() == []

    miss(make_person())
    assert board() == [("quench pump", 7)]


def test_an_organizations_confidential_terms_are_not_counted_for_its_people(app: Flask) -> None:
    people = community("Falcon")
    miss(people.alice, people.bob, text="falcon valve")

    assert db.session.scalars(select(MissedMark)).all() == []


def test_a_known_text_is_counted_on_once_a_person_and_week(app: Flask) -> None:
    people = [make_person() for _ in range(6)]
    with time_machine.travel(MONDAY):
        miss(*people[:5])
        miss(people[0], people[5], people[5])
    assert board() == [("quench pump", 6)]
    with time_machine.travel(MONDAY + timedelta(weeks=1)):
        missed.forget_old()
        miss(people[0], people[0])
    assert board() == [("quench pump", 7)]


def test_a_weeks_key_and_digests_go_with_the_week(app: Flask) -> None:
    with time_machine.travel(MONDAY):
        miss(make_person())
        key = weekly.key_of("2026-W47")
        assert weekly.key_of("2026-W47") == key
        missed.forget_old()
        assert weekly.key_of("2026-W47") == key
    folder = app.extensions["settings"].folder("passing")
    assert [oct(path.stat().st_mode & 0o777) for path in folder.iterdir()] == ["0o600"]

    with time_machine.travel(MONDAY + timedelta(weeks=1)):
        missed.forget_old()
    assert list(folder.iterdir()) == []
    for table in (MissedSearch, MissedMark):
        assert db.session.scalars(select(table)).all() == []
    assert weekly.key_of("2026-W47") != key


def test_what_nobody_looks_for_any_more_goes(app: Flask) -> None:
    with time_machine.travel(MONDAY):
        miss(*(make_person() for _ in range(5)))
    with time_machine.travel(MONDAY + timedelta(days=89)):
        missed.forget_old()
        assert len(board()) == 1
    with time_machine.travel(MONDAY + timedelta(days=91)):
        missed.forget_old()
        assert board() == []


def test_curators_take_a_text_from_the_board_for_good(browser: Browser) -> None:
    people = [make_member() for _ in range(6)]
    miss(*people[:5])
    curator = officer(person("Cleo Curator"), "curator")
    [row] = queries.missed_texts(viewer_of(curator))
    path = f"/search/missed/{row.id}/drop"
    for refused in (viewer_of(people[0]), GUEST):
        with pytest.raises(Refused):
            services.drop_missed(refused, row.id)
    assert (
        browser.sign_in(people[0]).page("/repertoire/requests").select_one(f'[formaction="{path}"]') is None
    )
    browser = browser.fresh().sign_in(curator)
    assert browser.page("/repertoire/requests").select_one(f'[formaction="{path}"]') is not None

    assert browser.post(path).status_code == 303

    miss(people[5])
    assert queries.missed_texts(viewer_of(curator)) == []
    with time_machine.travel(clock.now() + timedelta(days=200)):
        missed.forget_old()
    assert len(board()) == 1
    with pytest.raises(Missing):
        services.drop_missed(viewer_of(curator), 404)
