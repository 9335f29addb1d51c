"""Lists show what the viewer may read, in an order that stays, and how soon questions are answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from iocop.contributions.services import note_read
from iocop.core.db import act, db
from iocop.core.login import GUEST
from iocop.domains import services as domains
from iocop.forums import services
from iocop.forums.models import Topic
from iocop.forums.queries.listing import (
    Wanted,
    _percentile,
    time_to_first_answer,
    topics,
    topics_by_domain,
    topics_by_tag,
    unread,
)
from tests.factories import make_member, make_organization, viewer_of
from tests.forums.factories import given, make_answer, make_domain, make_space, make_topic
from tests.people import belong, person

if TYPE_CHECKING:
    from flask import Flask

    from iocop.core.login import Viewer
    from tests.client import Browser

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def ids(viewer: Viewer, number: int = 1, size: int = 30, **wanted: object) -> list[int]:
    return [listed.row.id for listed in topics(viewer, Wanted(**wanted), number, size).rows]  # type: ignore[arg-type]


def changed(topic: Topic, **about: object) -> None:
    with act() as session:
        row = session.get_one(Topic, topic.id)
        for name, value in about.items():
            setattr(row, name, value)


def test_pinned_topics_come_first_then_the_newest_post(app: Flask) -> None:
    old, middle, new = make_topic(), make_topic(), make_topic()
    changed(old, pinned=True)
    make_answer(middle)

    assert ids(GUEST) == [old.id, middle.id, new.id]


def test_what_is_narrowed_shows_only_that(app: Flask) -> None:
    acme = make_organization(name="Acme")
    author, reader = person("Bob Birch", acme, "acme.example"), viewer_of(make_member())
    make_space(name="Commons")
    air, board = make_domain(name="Air"), make_space(name="Board", audience="members")
    controls = (make_domain(name="Controls").id,)
    question = make_topic(author=author, domain_ids=(air.id,), tags=("fans",))
    talk = make_topic(kind="discussion", space=board, label=None, domain_ids=controls)
    sealed = make_topic(author=author, byline="sealed", domain_ids=controls)
    quiet = make_topic(author=author, byline="employer_hidden", domain_ids=controls)
    everything = [quiet.id, sealed.id, talk.id, question.id]

    assert ids(reader) == everything
    assert ids(reader, domain_id=air.id) == ids(reader, tag="fans") == [question.id]
    assert ids(reader, space_id=board.id) == ids(reader, kind="discussion") == [talk.id]
    assert ids(reader, author_id=author.id) == [quiet.id, question.id]
    assert ids(reader, organization_id=acme.id) == [question.id]
    assert ids(GUEST) == [quiet.id, sealed.id, question.id]


def test_a_list_names_nobody_who_is_sealed_and_no_employer_that_is_hidden(browser: Browser) -> None:
    author = person("Bob Birch", make_organization(name="Acme"), "acme.example")

    make_topic(author=author, byline="sealed")
    assert not {"Bob Birch", "Acme"} & set(words_of(browser))
    make_topic(author=author, byline="employer_hidden")
    assert words_of(browser)[0] == "Bob Birch"
    make_topic(author=author)
    assert words_of(browser)[0] == "Bob Birch, Acme"


def words_of(browser: Browser) -> list[str]:
    return [row.select(".facts span")[-1].text for row in browser.page("/forums").select(".list-row")]


def test_pages_of_a_list_are_stable_and_complete(app: Flask) -> None:
    made = [make_topic().id for _ in range(7)]

    pages = [topics(GUEST, Wanted(), number, 3) for number in (1, 2, 3)]

    assert [listed.row.id for page in pages for listed in page.rows] == made[::-1]
    assert [(page.total, page.count) for page in pages] == [(7, 3)] * 3
    beyond = topics(GUEST, Wanted(), 4, 3)
    assert (beyond.rows, beyond.total) == ([], 7)


def test_what_came_since_one_read_is_unread_for_oneself_alone(browser: Browser) -> None:
    alice, bob = make_member(), make_member()
    topic, other = make_topic(), make_topic()
    note_read(viewer_of(alice), {topic.id: 1, other.id: 1})
    make_answer(topic)

    def marked(who: object) -> list[str]:
        page = browser.sign_in(who).page("/forums")  # type: ignore[arg-type]
        return [str(link["href"]) for link in page.select(".list-row.unread h2 a")]

    assert marked(alice) == [f"/t/{topic.id}"]
    assert marked(bob) == []
    assert unread(viewer_of(alice), topics(viewer_of(alice), Wanted(), 1)) == {topic.id}
    browser.sign_in(alice).page(f"/t/{topic.id}?view=threaded")
    assert marked(alice) == []


def test_reading_by_thread_reads_the_newest_post_too(browser: Browser) -> None:
    alice, topic = make_member(), make_topic()
    first = make_answer(topic)
    make_answer(topic)
    services.reply(viewer_of(make_member()), first.id, given())

    browser.sign_in(alice).page(f"/t/{topic.id}?view=threaded")

    assert unread(viewer_of(alice), topics(viewer_of(alice), Wanted(), 1)) == frozenset()


def test_an_unknown_kind_is_every_kind_for_everybody(browser: Browser) -> None:
    make_topic()
    browser.sign_in(make_member())

    odd = browser.page("/forums?kind=rant")
    plain = browser.page("/forums")

    for page in (odd, plain):
        assert page.select_one('nav [aria-current="page"][href="/forums"]')


def test_counts_are_of_what_one_may_read(app: Flask) -> None:
    air = make_domain(name="Air")
    make_space()
    make_topic(domain_ids=(air.id,), tags=("fans",))
    make_topic(domain_ids=(air.id,), tags=("fans",), label="members")
    (fans,) = domains.ensure_tags(["fans"])
    member = viewer_of(make_member())

    assert (topics_by_domain(GUEST), topics_by_domain(member)) == ({air.id: 1}, {air.id: 2})
    assert (topics_by_tag(GUEST, [fans.id]), topics_by_tag(member, [fans.id])) == ({fans.id: 1}, {fans.id: 2})
    assert topics_by_tag(member, []) == {}


def test_the_time_to_a_first_answer_is_told_from_five_questions_on(app: Flask) -> None:
    air = make_domain(name="Air")
    hours = [1.0, 2.0, 4.0, 8.0, 100.0, 7.0]
    for number, waited in enumerate(hours):
        topic = make_topic(domain_ids=(air.id,))
        changed(topic, opened_at=LONG_AGO, first_answer_at=LONG_AGO + timedelta(hours=waited))
        told = time_to_first_answer(GUEST, air.id)
        assert (told is None) is (number < 4)
    make_topic(domain_ids=(air.id,))
    changed(make_topic(domain_ids=(air.id,)), first_answer_at=LONG_AGO, listed=False)

    assert told is not None
    assert told == time_to_first_answer(GUEST, air.id)
    middle, late, count = told
    assert (middle, count) == (median(hours), 6)
    assert late == pytest.approx(quantiles(hours, n=10, method="inclusive")[8])


@supposing(st.lists(st.floats(0, 1e6), min_size=2, max_size=60))
def test_percentiles_are_those_of_the_standard_library(hours: list[float]) -> None:
    ordered = sorted(hours)

    assert _percentile(ordered, 0.5) == pytest.approx(median(ordered))
    assert _percentile(ordered, 0.9) == pytest.approx(quantiles(ordered, n=10, method="inclusive")[8])


def test_the_domains_charter_page_tells_counts_and_time(browser: Browser) -> None:
    air = make_domain(name="Air")
    for _ in range(5):
        changed(
            make_topic(domain_ids=(air.id,)),
            opened_at=LONG_AGO,
            first_answer_at=LONG_AGO + timedelta(hours=3),
        )

    text = browser.page("/domains/air").get_text(" ", strip=True)

    assert "3 h" in text
    assert "n = 5" in text
    assert "Nobody has written this domain's charter yet." in text
    assert browser.get("/domains/none").status_code == 404
    assert db.session.get_one(Topic, 1).listed


def test_a_list_of_a_space_is_for_who_may_be_there(browser: Browser) -> None:
    acme = make_organization(name="Acme")
    room = make_space(name="Proved", audience="verified")
    proved = make_member()
    belong(proved, acme, "acme.example")
    topic = make_topic(author=proved, space=room, label=None)

    assert browser.get(f"/spaces/{room.slug}").status_code == 404
    assert browser.sign_in(make_member()).get(f"/spaces/{room.slug}").status_code == 404
    shown = browser.sign_in(proved).page(f"/spaces/{room.slug}").select(".list-row h2 a")
    assert [link["href"] for link in shown] == [f"/t/{topic.id}"]
