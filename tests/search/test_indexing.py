"""What was committed is found, whatever happened; what may no longer be found is not."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import delete, select

from iocop.contributions.events import ContributionsLoaded, LabelChanged, Revised, StateChanged
from iocop.contributions.models import Contribution
from iocop.core import clock, outbox
from iocop.core.db import act, db
from iocop.core.events import emit
from iocop.core.models import EventRow
from iocop.core.worker import _beside
from iocop.members.events import MemberChanged, MemberErased
from iocop.members.models import Member
from iocop.organizations.events import OrganizationMerged
from iocop.organizations.models import Offer, OrganizationAlias
from iocop.search import documents, indexer, titles
from iocop.search.cli import search as commands
from iocop.search.plan import Bounds
from iocop.search.port import EVERYWHERE, KINDS, Document, EngineDown, Kind, Mask
from iocop.search.query import parse
from tests.factories import saved
from tests.search import engines
from tests.search.factories import index_all, make_answer, make_firm, make_person, make_space, make_topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.core.db import Model
    from iocop.core.events import Event
    from iocop.search.port import Matches


def found(typed: str, kind: Kind = "post", *, member: bool = True) -> list[int]:
    """Ask the engine alone, with every space there is."""
    spaces = frozenset({*range(1, 100), EVERYWHERE})
    return ids_of(engines.found(indexer.engine(), typed, Mask(spaces, member)), kind)


def ids_of(matches: Matches, kind: Kind) -> list[int]:
    return sorted(matches.ids[matches.kinds == KINDS.index(kind)].tolist())


def change(row: Model, happened: Event, **values: Any) -> None:
    """Change a row and tell of it, as a service would."""
    with act() as session:
        mine = session.merge(row)
        for key, value in values.items():
            setattr(mine, key, value)
        emit(happened)
    index_all()


def test_a_post_is_found_after_the_next_beat(app: Flask) -> None:
    index_all()
    topic = make_topic("Frost on the coil", "It happened at night.")
    answer = make_answer(topic, "Use glycol.")
    assert found("glycol") == []

    assert indexer.index_new() > 0

    assert found("glycol") == [answer.id]
    assert found("frost") == [topic.id]
    assert indexer.index_new() == 0


def test_the_worker_indexes_beside_all_else(app: Flask) -> None:
    assert indexer.index_new in _beside


def test_the_first_beats_build_an_index_of_what_is_there(app: Flask) -> None:
    topics = [make_topic(f"Frost number {number}") for number in range(3)]
    with pytest.raises(EngineDown):
        indexer.engine().cursor()

    index_all()

    assert found("frost") == sorted(topic.id for topic in topics)
    assert indexer.engine().cursor() == outbox.end()


def test_an_edit_replaces_what_was_found(app: Flask) -> None:
    topic = make_topic("Frost", "Glycol helps.")
    index_all()
    row = db.session.get_one(Contribution, topic.id)

    change(row, Revised(row.author_id, topic.id, topic.id, 2), plain="Brine helps.")

    assert found("glycol") == []
    assert found("brine") == [topic.id]


@pytest.mark.parametrize("state", ["hidden", "held", "removed"])
def test_a_topic_taken_down_takes_its_answers_along_and_brings_them_back(app: Flask, state: str) -> None:
    topic = make_topic("Frost")
    answer = make_answer(topic, "frost again")
    index_all()
    row = db.session.get_one(Contribution, topic.id)

    change(row, StateChanged(1, topic.id, topic.id, "visible", state), state=state)
    assert found("frost") == []

    change(row, StateChanged(1, topic.id, topic.id, state, "visible"), state="visible")
    assert found("frost") == [topic.id, answer.id]


def test_a_stricter_label_on_a_topic_closes_its_answers_to_guests(app: Flask) -> None:
    topic = make_topic("Frost")
    answer = make_answer(topic, "frost again")
    index_all()
    assert found("frost", member=False) == [topic.id, answer.id]

    row = db.session.get_one(Contribution, topic.id)
    change(row, LabelChanged(1, (topic.id,), topic.id), label="members")

    assert found("frost", member=False) == []
    assert found("frost") == [topic.id, answer.id]


def test_whole_threads_come_with_one_event(app: Flask) -> None:
    index_all()
    topic = make_topic("Frost")
    make_answer(topic, "glycol")
    with act() as session:
        session.execute(delete(EventRow))
        emit(ContributionsLoaded(None, (topic.id,)))
    index_all()

    assert found("frost") == [topic.id]
    assert len(found("glycol")) == 1


def test_people_are_found_by_what_they_show(app: Flask) -> None:
    ada = make_person(
        name="Ada Lovell", handle="ada", about="Refrigeration engineer", visibility={"about": "members"}
    )
    bob = make_person(name="Bob Ray", about="Refrigeration engineer", visibility={"about": "nobody"})
    make_person(name="Ada Gone", state="left")
    index_all()

    assert found("ada", "member", member=False) == [ada.id]
    assert found("refrigeration", "member") == [ada.id]
    assert found("refrigeration", "member", member=False) == []
    assert found("bob", "member") == [bob.id]

    change(ada, MemberChanged(ada.id, ada.id), visibility={"about": "public"})
    assert found("refrigeration", "member", member=False) == [ada.id]
    change(ada, MemberErased(1, ada.id, with_texts=False), state="erased", name="Former member")
    assert found("ada", "member") == []


def test_organizations_are_found_by_names_and_what_they_sell(app: Flask) -> None:
    firm = make_firm(name="Norrvale Controls", city="Turku")
    saved(OrganizationAlias(organization_id=firm.id, name="Ostvale"))
    saved(Offer(organization_id=firm.id, name="ThermoGate 4"))
    other = make_firm(name="Ostvale Services")
    index_all()

    assert found("norrvale", "organization", member=False) == [firm.id]
    assert found("thermogate", "organization") == [firm.id]
    assert found("ostvale", "organization") == [firm.id, other.id]

    change(other, OrganizationMerged(1, other.id, firm.id), merged_into_id=firm.id)
    assert found("ostvale", "organization") == [firm.id]


def test_what_was_indexed_twice_is_found_once(app: Flask) -> None:
    make_topic("Frost")
    index_all()
    indexer.engine().apply([], [], outbox.START)  # as after a crash before the cursor was written

    index_all()

    assert len(found("frost")) == 1


def test_a_lost_index_is_built_again_by_the_worker(app: Flask) -> None:
    topic = make_topic("Frost")
    index_all()
    shutil.rmtree(app.extensions["settings"].data_dir / "search")
    with pytest.raises(EngineDown):
        found("frost")

    index_all()

    assert found("frost") == [topic.id]


def test_posts_written_while_the_index_is_built_are_in_it(app: Flask) -> None:
    for number in range(3):
        make_topic(f"Frost {number}")
    index_all()
    building = indexer.rebuild()
    late = make_topic("Frost, late")
    index_all()
    assert late.id in found("frost")

    for _ in building:
        pass
    index_all()

    assert len(found("frost")) == 4


def test_many_events_are_taken_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    index_all()
    monkeypatch.setattr(indexer, "TOUCHED_A_BEAT", 2)
    for number in range(5):
        make_topic(f"Frost {number}")

    indexer.index_new()
    assert 0 < len(found("frost")) < 5
    index_all()

    assert len(found("frost")) == 5


def test_every_document_is_read_however_many_there_are(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "STEP", 2)
    space = make_space()
    keys = {make_topic(f"Frost {number}", space_id=space.id).id for number in range(5)}
    firms = {make_firm().id for _ in range(3)}

    read = list(documents.everything())

    assert {one.id for one in read if one.kind == "post"} == keys
    assert {one.id for one in read if one.kind == "organization"} == firms
    assert {one.id for one in read if one.kind == "member"} == set(db.session.scalars(select(Member.id)))
    assert documents.count() == len({one.ref for one in read})


def test_the_health_page_says_how_far_behind_the_index_is(app: Flask) -> None:
    assert indexer.look().well
    assert "no index" in indexer.look().words
    index_all()
    assert "0 events" in indexer.look().words

    make_topic("Frost")
    assert indexer.lag(indexer.engine().cursor())[0] == 2
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        finding = indexer.look()
    assert not finding.well
    assert "is the worker running" in finding.words


def test_beyond_so_many_documents_the_health_page_advises_the_databases_engine(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_topic("Frost")
    index_all()
    assert "SEARCH_ENGINE=postgresql" not in indexer.look().words

    monkeypatch.setattr(indexer, "MANY", 1)

    assert indexer.look().well
    assert "SEARCH_ENGINE=postgresql" in indexer.look().words
    assert "SEARCH_ENGINE=postgresql" in app.test_cli_runner().invoke(commands, ["status"]).output


def test_while_it_is_built_the_site_is_ready(app: Flask) -> None:
    make_topic("Frost")
    building = indexer.engine().rebuild(documents.everything(), outbox.end())
    next(building)

    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert indexer.look().well
    building.close()  # type: ignore[attr-defined]
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert not indexer.look().well


def test_the_index_is_rebuilt_from_the_command_line(app: Flask) -> None:
    topic = make_topic("Frost")
    run = app.test_cli_runner().invoke

    assert run(commands, ["status"]).exit_code == 0
    answer = run(commands, ["rebuild"])

    assert answer.exit_code == 0, answer.output
    assert "3 documents can be found" in answer.output
    assert found("frost") == [topic.id]
    assert "3 documents" in run(commands, ["status"]).output


def test_only_one_rebuild_runs_at_a_time(app: Flask) -> None:
    make_topic("Frost")
    building = indexer.rebuild()
    next(building)

    answer = app.test_cli_runner().invoke(commands, ["rebuild"])

    assert answer.exit_code == 1
    assert "wait" in answer.output
    building.close()  # type: ignore[attr-defined]


def test_a_late_worker_makes_the_status_fail(app: Flask) -> None:
    index_all()
    make_topic("Frost")
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert app.test_cli_runner().invoke(commands, ["status"]).exit_code == 1


def test_a_worker_that_is_not_alone_leaves_the_writing_to_the_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_all()
    make_topic("Frost")
    with monkeypatch.context() as patched:
        patched.setattr(indexer.engine(), "apply", _busy)
        assert indexer.index_new() == 0
    index_all()

    assert len(found("frost")) == 1


def _busy(*_: object) -> None:
    raise EngineDown("another process writes")


def test_titles_too_are_bound_by_the_mask(app: Flask) -> None:
    topic = make_topic("Frost")
    space = frozenset({db.session.get_one(Contribution, topic.id).space_id})

    inside = titles.search(parse("frost"), Bounds(), Mask(space, member=False))
    outside = titles.search(parse("frost"), Bounds(), Mask(frozenset(), member=True))

    assert (ids_of(inside, "post"), ids_of(outside, "post")) == ([topic.id], [])


def test_a_failed_build_is_begun_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_topic("Frost")

    def failing() -> Iterator[Document]:
        yield from ()
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patched:
        patched.setattr(documents, "everything", failing)
        with pytest.raises(RuntimeError):
            indexer.index_new()
    index_all()

    assert len(found("frost")) == 1


def test_topic_titles_weigh_on_the_first_post_only(app: Flask) -> None:
    topic = make_topic("Frost")
    make_answer(topic, "Something else")
    index_all()

    assert found("frost") == [topic.id]
