"""The engine on PostgreSQL: what is its own, beside the contract that every engine keeps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from iocop.core.db import act, db
from iocop.core.outbox import START, Cursor
from iocop.core.settings import Settings, SettingsError
from iocop.search import indexer
from iocop.search.plan import FIELDS, Bounds, Plan, Word
from iocop.search.port import Document, EngineDown, Mask, ref
from iocop.search.postgres_engine import columns, kept, lexemes, packing, reading, told, writing
from iocop.search.postgres_engine.engine import PostgresEngine
from iocop.search.whoosh_engine.engine import WhooshEngine
from tests.search.factories import index_all, make_topic

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from flask import Flask

    from iocop.search.plan import Group, Needs
    from iocop.search.port import Matches, SearchEngine

pytestmark = [pytest.mark.postgresql, pytest.mark.only("postgresql")]

INSIDE = Mask(frozenset({0, 1}), member=True)
WORDS = ["frost", "coil", "valve", "pump", "damper", "glycol", "brine", "sensor"]
ROOT = Path(__file__).parents[2]


def document(key: int, text: str = "", **given: Any) -> Document:
    usual: dict[str, Any] = {
        "ref": ref("post", key), "kind": "post", "id": key, "topic_id": key, "space_id": 1, "label": "public",
        "language": "", "title": "", "text": text, "own_keys": frozenset({"open=1"}),
    }  # fmt: skip
    return Document(**usual | given)


def filled(engine: SearchEngine, documents: Iterable[Document], upto: Cursor = START) -> None:
    for _ in engine.rebuild(documents, upto):
        pass


def put(engine: SearchEngine, *documents: Document, upto: Cursor = START) -> None:
    engine.apply(documents, {one.ref for one in documents}, upto)


def group(word: str) -> Group:
    return (((Word("stem", word), Word("title_stem", word, 1.5)),),)


def plan(words: str, needs: Needs = "all", **given: Any) -> Plan:
    return Plan(groups=tuple(map(group, words.split())), needs=needs, **given)


def found(engine: SearchEngine, asked: Plan, mask: Mask = INSIDE) -> list[int]:
    """Ids, best first."""
    matches = engine.search(asked, mask)
    return [int(matches.ids[at]) for at in np.lexsort((matches.ids, -matches.scores))]


def rows(statement: str) -> Sequence[Any]:
    db.session.rollback()
    return db.session.connection().execute(text(statement)).all()


@pytest.fixture
def engine(app: Flask) -> PostgresEngine:
    made = PostgresEngine(room=100_000)
    filled(made, [])
    return made


@pytest.fixture
def searching_here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> PostgresEngine:
    """The site searches in PostgreSQL."""
    engine = PostgresEngine()
    chosen = Settings(
        data_dir=app.extensions["settings"].data_dir,
        database_url=app.extensions["settings"].database_url,
        search_engine="postgresql",
    )
    monkeypatch.setitem(app.extensions, "settings", chosen)
    monkeypatch.setitem(app.extensions, "search", engine)
    return engine


# ---------------------------------------------------------------- the same as the other engine

texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
"""No longer than what Whoosh keeps as it is: it rounds the lengths of longer ones."""
some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)
documents_ = st.lists(
    st.builds(
        lambda key, title, body, space, label, key_: document(
            key, body, title=title, space_id=space, label=label, at=key, own_keys=frozenset({key_, "open=1"})
        ),
        st.integers(1, 30), texts, texts, st.integers(1, 3), st.sampled_from(["public", "members"]),
        st.sampled_from(["domain=1", "domain=2"]),
    ),
    max_size=25,
    unique_by=lambda one: one.ref,
)  # fmt: skip
plans = st.builds(
    lambda words, phrase, excluded, needs, bounds: Plan(
        groups=tuple(map(group, words)), phrases=phrase, excluded=excluded, needs=needs, bounds=bounds
    ),
    some_words,
    st.lists(some_words.map(tuple), max_size=1).map(tuple),
    st.lists(some_words.map(tuple), max_size=1).map(tuple),
    st.sampled_from(["all", "any", "all, else any"]),
    st.builds(
        Bounds,
        all_of=st.sampled_from([(), (frozenset({"domain=1"}),)]),
        none_of=st.sampled_from([frozenset[str](), frozenset({"domain=2"})]),
        after=st.sampled_from([None, 5]),
    ),
)
masks = st.builds(
    Mask, st.sampled_from([frozenset({1}), frozenset({1, 2}), frozenset({1, 2, 3})]), st.booleans()
)


def told_of(matches: Matches) -> list[tuple[Any, ...]]:
    keys = {
        at: {key for key, number in zip(*matches.counts(np.array([at])), strict=True) if number}
        for at in range(len(matches.ids))
    }
    return sorted(
        (int(matches.ids[at]), bool(matches.whole[at]), int(matches.at[at]), sorted(keys[at]),
         pytest.approx(float(matches.scores[at]), rel=1e-6))
        for at in range(len(matches.ids))
    )  # fmt: skip


@pytest.fixture
def sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Postings are sealed when they are three, and keys that documents had before are left out at once."""
    monkeypatch.setattr(told, "MOST_RECENT", 2 * packing.POSTING.itemsize)
    monkeypatch.setattr(columns, "SPARE", 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents=documents_, asked=st.lists(plans, min_size=1, max_size=6), mask=masks)
def test_both_engines_find_the_same_with_the_same_scores(
    engine: PostgresEngine, sealing: None, tmp_path_factory: pytest.TempPathFactory, documents: list[Document],
    asked: list[Plan], mask: Mask,
) -> None:  # fmt: skip
    """One that read before each step finds it as well: what it kept is brought up to date."""
    other = WhooshEngine(tmp_path_factory.mktemp("search"))
    half = len(documents) // 2
    for one in (engine, other):
        filled(one, documents[:half])
        engine.search(asked[0], mask)
        put(one, *documents[half:])
        engine.search(asked[0], mask)
        one.apply([], {documents[0].ref} if documents else set(), START)
    engine.search(asked[0], mask)
    for _ in engine.forget_deleted():
        pass

    for each in asked:
        assert told_of(engine.search(each, mask)) == told_of(other.search(each, mask))


# ---------------------------------------------------------------- counts


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.tuples(
            st.lists(st.tuples(st.integers(1, 8), texts, texts, st.booleans()), max_size=5),
            st.sets(st.integers(1, 8)),
        ),
        max_size=6,
    )
)
def test_document_counts_are_exact_after_whatever_replaces_and_deletes(
    engine: PostgresEngine, batches: list[tuple[list[tuple[int, str, str, bool]], set[int]]]
) -> None:
    filled(engine, [])
    stands: dict[int, list[Document]] = {}
    for upserts, deletes in batches:
        batch = [
            document(key, body, title=title, own_keys=frozenset({"open=1"} if is_open else ()))
            for key, title, body, is_open in upserts
        ]
        for key in deletes | {one.id for one in batch}:
            stands.pop(key, None)
        for one in batch:
            stands.setdefault(one.id, []).append(one)
        engine.apply(batch, {ref("post", key) for key in deletes}, START)

    left = [one for some in stands.values() for one in some]
    expected = Counter(
        lexeme
        for one in left
        for field, body in (("x", one.title), ("e", one.text))
        for lexeme in {f"{field}:{word}" for word in body.split()}
    )
    counts = dict(
        rows("select lexeme, documents from search_word where lexeme like 'x:%' or lexeme like 'e:%'")
    )
    public = Counter(word for one in left if one.own_keys for word in {*one.title.split(), *one.text.split()})
    assert counts == expected
    assert engine.known(WORDS) == public
    assert rows("select documents, exact, title_exact from search_index where in_use") == [
        (len(left), sum(len(one.text.split()) for one in left), sum(len(one.title.split()) for one in left))
    ]
    assert rows("select count(*) from search_word where documents <= 0") == [(0,)]


def test_words_of_what_was_deleted_stand_nowhere(engine: PostgresEngine) -> None:
    put(engine, document(1, "zwetschgenkuchen"), document(2, "frost"))

    engine.apply([], {ref("post", 1)}, START)

    assert rows("select lexeme from search_word where lexeme like '%zwetsch%'") == []
    assert rows("select count(*) from search_document") == [(1,)]
    assert engine.near("zwetschgenkuche", 5) == []


# ---------------------------------------------------------------- what processes keep


@pytest.mark.parametrize("spare", [0, 10_000])
def test_what_one_process_writes_is_found_by_another_that_has_read(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch, spare: int
) -> None:
    monkeypatch.setattr(columns, "SPARE", spare)
    other = PostgresEngine()
    put(engine, document(1, "frost", own_keys=frozenset({"domain=1"})), document(2, "frost coil"))
    assert sorted(found(other, plan("frost"))) == [1, 2]

    put(engine, document(1, "frost", own_keys=frozenset({"domain=2"})))
    within = Bounds(all_of=(frozenset({"domain=2"}),))
    assert found(other, plan("frost", bounds=within)) == [1]
    assert found(other, plan("frost", bounds=Bounds(all_of=(frozenset({"domain=1"}),)))) == []
    put(engine, document(1, "frost", label="members"))
    assert found(other, plan("frost"), Mask(frozenset({1}), member=False)) == [2]
    put(engine, document(1, "frost", space_id=2))
    assert found(other, plan("frost"), Mask(frozenset({2}), member=True)) == [1]
    put(engine, document(2, "coil"), document(3, "frost"))
    assert found(other, plan("frost"), Mask(frozenset({1, 2}), member=True)) == [1, 3]
    engine.apply([], {ref("post", 3)}, START)
    assert found(other, plan("frost"), Mask(frozenset({1, 2}), member=True)) == [1]


def test_documents_are_read_in_steps(engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "A_STEP", 2)
    put(engine, *(document(key, "frost") for key in range(1, 6)))

    assert sorted(found(PostgresEngine(), plan("frost"))) == [1, 2, 3, 4, 5]


def test_a_document_of_the_same_words_keeps_its_number(engine: PostgresEngine) -> None:
    put(engine, document(1, "frost", votes=1))
    put(engine, document(1, "frost", votes=7, own_keys=frozenset({"open=1", "status=solved"})))

    assert rows("select number, votes from search_document") == [(0, 7)]
    assert rows("select count(*) from search_gone") == [(0,)]
    assert rows("select documents from search_word where lexeme = 'k:status=solved'") == [(1,)]
    put(engine, document(1, "frost coil", votes=7))
    assert rows("select number from search_document") == [(1,)]
    assert rows("select count(*) from search_word where lexeme = 'k:status=solved'") == [(0,)]


def test_by_night_the_numbers_of_deleted_documents_leave_the_postings(
    engine: PostgresEngine, sealing: None
) -> None:
    behind = PostgresEngine()
    put(engine, *(document(key, "frost coil") for key in range(1, 9)))
    put(engine, *(document(key, "frost") for key in range(11, 13)))
    assert len(found(behind, plan("frost"))) == 10
    engine.apply([], {ref("post", 3), ref("post", 12)}, START)

    assert list(engine.forget_deleted())

    assert rows("select count(*) from search_gone") == [(0,)]
    held = rows("select recent from search_word union all select packed from search_postings")
    numbers = {int(number) for (packed,) in held for number in packing.postings_of(bytes(packed))["number"]}
    assert numbers == {0, 1, 3, 4, 5, 6, 7, 8}
    for one in (engine, behind, PostgresEngine()):
        assert sorted(found(one, plan("frost"))) == [1, 2, 4, 5, 6, 7, 8, 11]
    assert list(engine.forget_deleted()) == []


def test_a_process_keeps_no_more_postings_than_it_may(engine: PostgresEngine, sealing: None) -> None:
    put(engine, *(document(key, " ".join(WORDS)) for key in range(1, 5)))
    put(engine, document(5, " ".join(WORDS)))
    lists = kept.Kept(most=3 * kept.ENTRY_BYTES)

    with reading.asking():
        for word in WORDS * 2:
            stands = reading.stands([f"e:{word}"])
            (postings,) = lists.of(stands.words.values(), reading.Further(stands).postings).values()
            assert postings.documents.tolist() == [0, 1, 2, 3, 4]
            assert lists.size <= 3 * kept.ENTRY_BYTES


# ---------------------------------------------------------------- long texts


def test_phrases_are_found_wherever_they_stand_in_a_long_text(engine: PostgresEngine) -> None:
    many = "frost " * 300
    put(
        engine,
        document(1, "filler " * 20_000 + "glycol brine"),
        document(2, "filler " * 20_000 + "brine glycol"),
        document(3, many + "coil and then valve coil"),
        document(4, many + "coil frost coil"),
        document(5, "brine", title="glycol"),
    )

    assert found(engine, Plan(phrases=(("glycol", "brine"),))) == [1]
    assert found(engine, Plan(phrases=(("frost", "coil"),))) == [4, 3]
    assert found(engine, Plan(phrases=(("coil", "frost"),))) == [4]
    assert found(engine, plan("filler", excluded=(("glycol", "brine"),))) == [2]
    assert found(engine, plan("frost", excluded=(("coil", "frost"),))) == [3]


def test_how_often_a_word_stands_counts_far_up(engine: PostgresEngine) -> None:
    put(engine, document(1, "frost " * 300), document(2, "frost " * 900), document(3, "coil " * 300))

    assert found(engine, plan("frost")) == [2, 1]


def test_a_text_of_very_many_words_is_found_by_all_of_them(engine: PostgresEngine) -> None:
    large = " ".join(f"part{number:06d}x" for number in range(30_000))
    put(engine, document(1, large, title="parts"), document(2, "part000001x part029999x"))

    for first, last in (("part000001x", "part029999x"), ("part029999x", "part015000x")):
        assert 1 in found(engine, plan(f"{first} {last}"))
    assert found(engine, Plan(phrases=(("part029998x", "part029999x"),))) == [1]
    assert found(engine, plan("part029999x", excluded=(("part000001x", "part000002x"),))) == [2]
    engine.apply([], {ref("post", 1)}, START)
    assert found(engine, plan("part029999x")) == [2]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.text(max_size=60).map(lambda body: body.replace("\0", "")))
def test_whatever_is_written_becomes_lexemes(title: str, body: str) -> None:
    entry = lexemes.entry_of(document(1, body, title=title, own_keys=frozenset({"version=it's \\ 2 "})))
    numbers = {lexeme: number for number, lexeme in enumerate(entry.all, 1)}

    packed = packing.packed(entry, numbers)

    facts = packing.facts_of(packing.facts(entry, 7))[0]
    assert tuple(facts[field] for field in FIELDS) == entry.lengths
    assert (facts["number"], facts["keys"], facts["public"]) == (7, len(entry.keys), 1)
    counted = packing.numbers_of(packed.words + packed.keys).tolist()
    assert sorted(counted) == sorted(numbers.values())
    sequence = packing.numbers_of(packed.sequence)
    assert len(sequence) == 1 + facts["title_exact"] + facts["exact"]


@pytest.mark.parametrize(
    "strange", ["it's", "a\\b", "c:\\temp\\x", "o'", "''", "\\", "x&y|z!", "a:*b", "(1)"]
)
def test_strange_letters_are_no_syntax(engine: PostgresEngine, strange: str) -> None:
    put(
        engine,
        document(1, f"frost {strange} coil", title=strange, own_keys=frozenset({f"version={strange}"})),
    )

    bounds = Bounds(all_of=(frozenset({f"version={strange}"}),))
    assert found(engine, plan("frost", bounds=bounds)) == [1]
    assert found(engine, Plan(phrases=((strange,), (strange, "frost")))) == []
    assert found(engine, plan(strange)) == []
    assert [one.title for one in engine.suggest([strange], INSIDE, 5)] in ([], [strange])


# ---------------------------------------------------------------- more than is scored


MANY = [f"w{number}" for number in range(400)]


def corpus(number: int) -> list[Document]:
    """Texts of words as frequent as words are: the second half as much as the first, the third a third."""
    chance, often = Random(11), [1 / place for place in range(1, len(MANY) + 1)]
    return [
        document(
            key,
            " ".join(chance.choices(MANY, often, k=chance.randint(3, 60))),
            title=" ".join(chance.choices(MANY, often, k=4)) if key % 10 == 0 else "",
            space_id=1 + (key % 50 == 0),
            label="public" if key % 3 else "members",
            at=key,
        )
        for key in range(1, number + 1)
    ]


def test_where_many_match_the_best_are_found(engine: PostgresEngine) -> None:
    filled(engine, corpus(600))
    few = PostgresEngine(room=50)

    for words, needs in (
        ("w0", "all"),
        ("w40", "all"),
        ("w0 w1", "any"),
        ("w1 w2 w3 w5 w8 w13", "all, else any"),
    ):
        asked = plan(words, cast("Needs", needs))
        every, matches = found(engine, asked), few.search(asked, INSIDE)
        assert matches.capped is (len(every) > 50), words
        assert len(matches.ids) == min(50, len(every))
        assert found(few, asked)[:40] == every[:40], words


def test_bounds_alone_give_the_latest(engine: PostgresEngine) -> None:
    filled(engine, (document(key, "frost", at=key) for key in range(1, 101)))
    few = PostgresEngine(room=10)

    matches = few.search(Plan(bounds=Bounds(after=5)), INSIDE)

    assert sorted(matches.ids.tolist()) == list(range(91, 101))
    assert matches.capped
    public = few.search(Plan(bounds=Bounds(all_of=(frozenset({"label=public"}),))), INSIDE)
    assert sorted(public.ids.tolist()) == list(range(91, 101))


# ---------------------------------------------------------------- generations


def test_a_rebuild_leaves_the_old_index_until_its_end(engine: PostgresEngine) -> None:
    put(engine, document(1, "frost"), upto=Cursor(1, 1))
    steps = engine.rebuild((document(key, "frost") for key in range(10, 260)), Cursor(2, 2))

    assert list(islice(steps, 2)) == [100, 200]
    assert engine.building()
    assert list(PostgresEngine().rebuild([], START)) == []  # one at a time
    assert found(engine, plan("frost")) == [1]
    put(engine, document(2, "frost frost"), upto=Cursor(1, 5))  # the worker goes on meanwhile
    assert found(engine, plan("frost")) == [2, 1]
    assert list(steps) == [250]

    assert not engine.building()
    assert sorted(found(engine, plan("frost"))) == list(range(10, 260))
    assert engine.cursor() == Cursor(2, 2)
    assert engine.health().documents == 250
    assert rows("select count(*) from search_document") == [(250,)]
    assert rows("select count(distinct generation) from search_word") == [(1,)]


def test_what_an_interrupted_rebuild_left_goes(engine: PostgresEngine) -> None:
    put(engine, document(1, "frost"))
    steps = engine.rebuild((document(key, "coil") for key in range(10, 260)), START)
    next(steps)
    del steps

    assert found(engine, plan("coil")) == []
    assert not engine.building()
    assert list(engine.forget_deleted()) == [1]
    assert rows("select count(*) from search_document") == [(1,)]
    assert found(engine, plan("frost")) == [1]
    assert list(engine.forget_deleted()) == []


def test_a_search_during_the_swap_is_asked_again(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, "frost"))
    asked = reading.stands
    calls = []

    def stands(names: Collection[str] = ()) -> Any:
        answer = asked(names)
        calls.append(answer.generation)
        if len(calls) == 1:
            filled(engine, [document(2, "frost")])
        return answer

    monkeypatch.setattr(reading, "stands", stands)

    assert found(engine, plan("frost")) == [2]
    assert calls[0] < calls[-1]


def test_an_index_of_another_version_is_none(engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, document(1, "frost"))
    with act() as session:
        session.execute(text("update search_index set version = version + 1"))

    for ask in (engine.cursor, engine.health, engine.languages, lambda: engine.search(plan("frost"), INSIDE),
                lambda: put(engine, document(2)), lambda: engine.near("frst", 1)):  # fmt: skip
        with pytest.raises(EngineDown):
            ask()


def test_a_table_that_is_broken_is_an_index_that_is_away(engine: PostgresEngine) -> None:
    put(engine, document(1, "frost"))
    with act() as session:
        session.execute(text("update search_document set facts = '\\x01'::bytea"))

    with pytest.raises(EngineDown):
        engine.search(plan("frost"), INSIDE)
    assert rows("select 1") == [(1,)]  # the session goes on
    filled(engine, [document(1, "frost")])
    assert found(engine, plan("frost")) == [1]


def test_two_writers_do_not_meet(engine: PostgresEngine, app: Flask) -> None:
    with db.engine.connect() as other:
        other.execute(text(f"select pg_advisory_xact_lock({writing.SEARCH}, {writing.WRITING})"))
        with pytest.raises(EngineDown, match="another process"):
            put(engine, document(1, "frost"))
    put(engine, document(1, "frost"))

    assert found(engine, plan("frost")) == [1]


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from iocop import create_app
from iocop.core.db import db
from iocop.core.outbox import Cursor
from iocop.core.settings import Settings
from iocop.search.postgres_engine.engine import PostgresEngine
from tests.search.test_postgres import document

app = create_app(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2]))
with app.app_context():
    @event.listens_for(db.engine, "after_cursor_execute")
    def die(connection, cursor, statement, *_):
        if statement.strip().startswith(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
    PostgresEngine().apply([document(1, "coil"), document(2, "coil")], {"post:1", "post:2"}, Cursor(9, 9))
"""


@pytest.mark.parametrize(
    "moment", ["DELETE FROM search_document", "INSERT INTO search_document", "with told as"]
)
def test_a_batch_killed_half_way_is_as_if_never_begun(
    engine: PostgresEngine, app: Flask, tmp_path: Path, moment: str
) -> None:
    put(engine, document(1, "frost"), upto=Cursor(1, 1))
    url = app.extensions["settings"].database_url

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), url, moment], cwd=ROOT, check=False, timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert killed.returncode == -signal.SIGKILL
    assert found(engine, plan("frost")) == [1]
    assert found(engine, plan("coil")) == []
    assert engine.cursor() == Cursor(1, 1)
    assert engine.known(["frost", "coil"]) == {"frost": 1}
    put(engine, document(1, "coil"), upto=Cursor(9, 9))
    assert found(engine, plan("coil")) == [1]


# ---------------------------------------------------------------- plans of the database


def test_words_keys_and_titles_are_looked_up_in_the_index(engine: PostgresEngine) -> None:
    chance = Random(5)
    filled(
        engine,
        (document(key, " ".join(f"w{chance.randint(1, 3000)}" for _ in range(40))) for key in range(1, 801)),
    )
    put(engine, document(9001, "rare glycol", own_keys=frozenset({"domain=7"})))
    with act() as session:
        session.execute(text("analyze search_document"))
        session.execute(text("analyze search_word"))

    for query in ("'rare'", "'rar':*"):
        explained = "\n".join(
            line
            for (line,) in rows(
                f"explain select number from search_document where title_words @@ $$ {query} $$::tsquery"
            )
        )
        assert "ix_search_document_title_words" in explained, explained
    explained = "\n".join(
        line
        for (line,) in rows(
            "explain select id from search_word where generation = 1 and lexeme = any(array['s:rare', 't:rare'])"
        )
    )
    assert "uq_search_word" in explained, explained


# ---------------------------------------------------------------- chosen by a setting


def test_the_engine_is_the_one_the_settings_name(app: Flask, searching_here: PostgresEngine) -> None:
    app.extensions.pop("search")

    assert isinstance(indexer.engine(), PostgresEngine)
    app.extensions.pop("search")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("database", ["", "sqlite:////tmp/iocop.db"])
def test_on_another_database_it_is_refused_with_the_mend(database: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        Settings.from_environment({"SEARCH_ENGINE": "postgresql", "DATABASE_URL": database})


def test_a_live_site_changes_its_engine_by_a_rebuild(app: Flask, searching_here: PostgresEngine) -> None:
    make_topic("Frost on the coil", "glycol")
    with pytest.raises(EngineDown):
        indexer.engine().cursor()
    assert not indexer.look().well or "titles" in indexer.look().words
    (app.extensions["settings"].data_dir / "search").mkdir(exist_ok=True)

    result = app.test_cli_runner().invoke(args=["search", "rebuild"])

    assert result.exit_code == 0, result.output
    assert found(searching_here, plan("glycol"), Mask(_spaces(), member=True)) != []
    assert not (app.extensions["settings"].data_dir / "search").exists()
    make_topic("Another", "glycol")
    index_all()
    assert len(found(searching_here, plan("glycol"), Mask(_spaces(), member=True))) == 2


def test_what_postgresql_held_goes_when_the_site_goes_back(app: Flask, engine: PostgresEngine) -> None:
    make_topic("Frost on the coil", "glycol")
    put(engine, document(1, "zwetschge"))
    app.extensions.pop("search", None)

    for _ in indexer.rebuild():
        pass

    assert rows("select count(*) from search_document") == rows("select count(*) from search_word") == [(0,)]
    with pytest.raises(EngineDown):
        engine.cursor()


def test_the_worker_fills_an_engine_that_has_no_index_yet(app: Flask, searching_here: PostgresEngine) -> None:
    make_topic("Frost on the coil", "glycol")

    index_all()

    assert searching_here.health().documents >= 1
    assert found(searching_here, plan("glycol"), Mask(_spaces(), member=True)) != []


def _spaces() -> frozenset[int]:
    from iocop.spaces.models import Space

    return frozenset({0, *db.session.scalars(select(Space.id))})
