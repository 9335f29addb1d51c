"""Saved searches are run on what is new, in the scope their member has at that moment, and tell each thing once."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import delete, select

from iocop.contributions.events import ContributionsLoaded, LabelChanged, Revised
from iocop.contributions.models import Attachment, Contribution
from iocop.core import clock
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.core.outbox import Cursor
from iocop.core.worker import _between
from iocop.domains.models import Domain
from iocop.members.models import Member
from iocop.repertoire.models import Article, TermName
from iocop.search import alerts, missed, services
from iocop.search.batches import Batch
from iocop.search.models import SavedSearch, SearchMatch, SearchRound
from iocop.search.port import Document
from iocop.search.touched import Touched
from iocop.spaces.models import SpaceGrant
from tests.factories import saved, viewer_of
from tests.repertoire.factories import imported_article
from tests.search.factories import index_all, let_in, make_answer, make_person, make_space, make_topic

if TYPE_CHECKING:
    from flask import Flask


def watch(text: str, member: Member | None = None, kind: str = "topics") -> SavedSearch:
    return services.save_search(viewer_of(member or make_person()), text, kind, alert="mail")


def go_round() -> None:
    """What the worker does: index what is new, then look through it."""
    index_all()
    while alerts.look_through_new():
        pass


@pytest.fixture(autouse=True)
def begun(app: Flask) -> None:
    """Everything the site had before is behind."""
    go_round()


def matches(saved_search: SavedSearch) -> list[str]:
    mine = select(SearchMatch.ref).where(SearchMatch.saved_search_id == saved_search.id)
    return sorted(db.session.scalars(mine))


def told() -> list[dict[str, Any]]:
    rows = select(EventRow.payload).where(EventRow.name == "SearchMatched").order_by(EventRow.id)
    return list(db.session.scalars(rows))


def test_the_worker_looks_on_every_beat() -> None:
    assert alerts.look_through_new in _between


def test_a_new_post_with_all_the_words_is_found_once(app: Flask) -> None:
    frost, other = watch("frost coil"), watch("glycol")
    topic = make_topic("Frost", "It grows on the coil.")
    make_topic("Frost alone")
    go_round()
    go_round()

    assert matches(frost) == [f"post:{topic.id}"]
    assert matches(other) == []
    assert told() == [
        {"actor_id": None, "member_id": frost.member_id, "saved_search_id": frost.id, "root_ids": [topic.id]}
    ]
    assert alerts.look_through_new() == 0


def test_what_is_edited_is_told_of_once_and_answers_under_their_topic(app: Flask) -> None:
    frost = watch("frost")
    topic = make_topic("Frost")
    answer = make_answer(topic, "More frost")
    go_round()
    with act():
        emit(Revised(1, topic.id, topic.id, 2))
    go_round()

    assert matches(frost) == sorted([f"post:{topic.id}", f"post:{answer.id}"])
    assert [one["root_ids"] for one in told()] == [[topic.id]]


def test_nothing_written_before_the_search_was_saved_is_new(app: Flask) -> None:
    yesterday = clock.now() - timedelta(days=1)
    topic = make_topic("Frost", created_at=yesterday)
    frost = watch("frost")
    go_round()
    with act():
        emit(Revised(1, topic.id, topic.id, 2))
    go_round()

    assert matches(frost) == []


def test_what_comes_to_light_long_after_it_was_written_is_no_news(app: Flask) -> None:
    with time_machine.travel(clock.now() - timedelta(days=40)):
        frost = watch("frost")
        topic = make_topic("Frost", created_at=clock.now() + timedelta(hours=1), state="held")
    go_round()
    with act():
        db.session.get_one(Contribution, topic.id).state = "visible"
        emit(Revised(1, topic.id, topic.id, 2))
    go_round()

    assert matches(frost) == []


def test_nobody_is_told_of_their_own_posts_sealed_or_not(app: Flask) -> None:
    alice = make_person()
    frost, others = watch("frost", alice), watch("frost")
    one = make_topic("Frost", author_id=alice.id)
    two = make_topic("Frost again", author_id=alice.id, byline="sealed")
    go_round()

    assert matches(frost) == []
    assert matches(others) == sorted([f"post:{one.id}", f"post:{two.id}"])


def test_a_search_is_run_in_its_members_scope_at_that_moment(app: Flask) -> None:
    insider, outsider = make_person(), make_person()
    named = make_space("named")
    grant = let_in(insider, named)
    inside, outside = watch("frost", insider), watch("frost", outsider)
    first = make_topic("Frost one", space_id=named.id, label="space")
    go_round()
    assert (matches(inside), matches(outside)) == ([f"post:{first.id}"], [])

    with act() as session:
        session.get_one(SpaceGrant, grant.id).ended_at = clock.now()
    make_topic("Frost two", space_id=named.id, label="space")
    go_round()
    assert (matches(inside), matches(outside)) == ([f"post:{first.id}"], [])
    assert len(told()) == 1


def test_the_stricter_label_of_topic_and_post_holds_and_a_freed_one_is_news(app: Flask) -> None:
    outsider = watch("frost")
    named = make_space("named")
    topic = make_topic("Frost", space_id=named.id)
    go_round()
    assert matches(outsider) == []

    elsewhere = make_space("members").id
    with act():
        db.session.get_one(Contribution, topic.id).space_id = elsewhere
        emit(LabelChanged(1, (topic.id,), topic.id))
    go_round()
    assert matches(outsider) == [f"post:{topic.id}"]


def test_operators_and_phrases_hold(app: Flask) -> None:
    domain = saved(Domain(slug="cooling", name="Cooling"))
    ada = make_person(name="Ada Lovell", handle="ada")
    by_ada, phrase, without = watch("frost @ada"), watch('"frost on coil"'), watch("frost -coil")
    in_domain, nobody = watch(f"frost domain:{domain.slug}"), watch("frost @nobody-here")
    topic = make_topic("Frost on coil", author_id=ada.id)
    other = make_topic("Frost")
    go_round()

    assert matches(by_ada) == matches(phrase) == [f"post:{topic.id}"]
    assert matches(without) == [f"post:{other.id}"]
    assert matches(in_domain) == matches(nobody) == []


def test_articles_and_files_are_told_of_under_their_tabs(app: Flask) -> None:
    topics, articles, files = watch("frost"), watch("frost", kind="articles"), watch("frost", kind="files")
    topic = make_topic("Nothing here")
    file = saved(
        Attachment(
            contribution_id=topic.id, owner_id=make_person().id, key="k", name="frost.pdf", size=1, sha256="",
            media_type="application/pdf", created_at=clock.now(),
        )
    )  # fmt: skip
    article = imported_article(make_person(), "About frost", title="Frost guide")
    with act():
        emit(Revised(1, topic.id, topic.id, 2))
        emit(Revised(1, article.id, article.id, 2))
    go_round()

    assert matches(topics) == []
    assert matches(articles) == [f"article:{article.id}"]
    assert matches(files) == [f"file:{file.id}"]


def test_synonyms_of_the_glossary_count_for_who_may_read_them(app: Flask) -> None:
    insider, outsider = make_person(), make_person()
    room = make_space("named")
    let_in(insider, room)
    term = imported_article(
        make_person(), "x", title="hoarfrost", kind="term", space_id=room.id, label="space"
    )
    saved(
        TermName(
            article_id=term.id,
            word="glaze",
            key="glaze",
            language="en",
            added_by_id=insider.id,
            at=clock.now(),
        )
    )
    assert db.session.get_one(Article, term.id).listed
    inside, outside = watch("hoarfrost", insider), watch("hoarfrost", outsider)
    topic = make_topic("Glaze on the fence")
    go_round()

    assert (matches(inside), matches(outside)) == ([f"post:{topic.id}"], [])


@pytest.mark.parametrize("change", ["no alert", "deleted", "erased", "left"])
def test_who_does_not_want_to_be_told_is_not_looked_for(app: Flask, change: str) -> None:
    alice = make_person()
    row = watch("frost", alice)
    if change == "no alert":
        services.change_saved(viewer_of(alice), row.id, name="x", alert="none")
    elif change == "deleted":
        services.delete_saved(viewer_of(alice), row.id)
    else:
        with act() as session:
            session.get_one(Member, alice.id).state = change
    make_topic("Frost")
    go_round()

    assert db.session.scalars(select(SearchMatch)).all() == []
    assert told() == []


def test_a_round_killed_half_way_is_made_again_and_two_workers_tell_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    frost = watch("frost")
    topic = make_topic("Frost")
    index_all()
    with monkeypatch.context() as patched:
        patched.setattr(alerts, "emit", _killed)
        with pytest.raises(KeyboardInterrupt):
            alerts.look_through_new()
    assert matches(frost) == []

    stood = db.session.get_one(SearchRound, 1)
    since, found = Cursor(stood.xid, stood.event_id), alerts._found
    assert alerts.look_through_new() == 1
    late = found(Touched(frozenset({topic.id})), alerts._searches())
    alerts._settle(since, since._replace(event_id=since.event_id + 1), late)

    assert matches(frost) == [f"post:{topic.id}"]
    assert len(told()) == 1


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_many_events_are_looked_through_in_rounds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "EVENTS_A_ROUND", 3)
    frost = watch("frost")
    topics = [make_topic(f"Frost {number}") for number in range(5)]
    go_round()

    assert matches(frost) == sorted(f"post:{topic.id}" for topic in topics)


def test_while_nobody_wants_to_be_told_nothing_is_written_with_each_batch(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood = db.session.get_one(SearchRound, 1).event_id
    make_topic("Frost", created_at=clock.now() - timedelta(hours=1))
    go_round()
    assert db.session.get_one(SearchRound, 1, populate_existing=True).event_id == stood

    frost = watch("frost")
    topic = make_topic("Frost again")
    go_round()
    assert matches(frost) == [f"post:{topic.id}"]

    services.delete_saved(viewer_of(db.session.get_one(Member, frost.member_id)), frost.id)
    monkeypatch.setattr(alerts, "BEHIND", 1)
    make_topic("Frost")
    go_round()
    assert db.session.get_one(SearchRound, 1, populate_existing=True).event_id > stood + 4


def test_what_an_import_brings_is_no_news(app: Flask) -> None:
    frost = watch("frost")
    topic = make_topic("Frost")
    index_all()
    with act() as session:
        session.execute(delete(EventRow))
        emit(ContributionsLoaded(None, (topic.id,)))
    go_round()

    assert matches(frost) == []


def test_while_the_index_is_away_nothing_is_lost(app: Flask) -> None:
    import shutil

    frost = watch("frost")
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)
    topic = make_topic("Frost")
    alerts.look_through_new()
    go_round()

    assert matches(frost) == [f"post:{topic.id}"]


def test_old_matches_are_forgotten(app: Flask) -> None:
    frost = watch("frost")
    make_topic("Frost")
    go_round()
    missed.forget_old()
    assert len(matches(frost)) == 1
    with time_machine.travel(clock.now() + timedelta(days=32)):
        missed.forget_old()
    assert matches(frost) == []


def test_a_thousand_searches_look_through_three_hundred_documents_in_a_second(app: Flask) -> None:
    members = [make_person() for _ in range(20)]
    with act() as session:
        session.add_all(
            SavedSearch(
                member_id=members[number % 20].id, name="x", text=f"word{number} frost coil", kind="topics",
                alert="mail", created_at=clock.now(), alert_at=clock.now(),
            )
            for number in range(1000)
        )  # fmt: skip
    space, now = make_space().id, int(clock.now().timestamp())
    documents = [
        Document(
            f"post:{number}", "post", number, number, space, "members", "en", f"word{number * 20}", "frost coil " * 50,
            now,
        )
        for number in range(300)
    ]  # fmt: skip
    searches = alerts._searches()
    list(alerts._pairs(searches, Batch(documents[:1])))  # the plans are kept from now on

    begun = time.process_time()
    found = list(alerts._pairs(searches, Batch(documents)))
    spent = time.process_time() - begun

    assert len(found) == 50
    assert spent < 1.0, spent
