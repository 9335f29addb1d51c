"""Measuring search: the measures themselves, what a collection's files may hold, and a whole run on each engine."""

from __future__ import annotations

import json
import os
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from iocop.search.benching.collection import BadCollectionError, read
from iocop.search.benching.engines import lent
from iocop.search.benching.measures import mean, ndcg, percentile, recall, reciprocal_rank
from iocop.search.benching.running import Bench, figures, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

DATA = Path(os.environ.get("IOCOP_DATA") or Path(__file__).parents[3] / "shared" / "data") / "search"

DOCUMENTS = [
    {"id": "a", "title": "Frost in pipes", "body": "Glycol keeps the loop from freezing."},
    {"id": "b", "title": "Noise", "body": "The pump hums at night."},
    {"id": "c", "title": "Pumps", "body": "A pump for glycol, and how it is sealed."},
]
QUERIES = [
    {"qid": "1", "q": "glycol pump", "rel": {"c": 3, "n": 0}},
    {"qid": "2", "q": "humming at night", "rel": {"b": 1}},
    {"qid": "3", "q": "nobody judged this", "rel": {}},
]
POSTS = [
    {
        "id": 1,
        "topic": 7,
        "title": "Frost",
        "user": "ann",
        "date": "2024-01-02T10:00:00Z",
        "body": "It froze.",
    },
    {"id": 2, "topic": 7, "title": "Frost", "body": "Put glycol into the loop."},
    {"id": 3, "topic": 8, "title": "Noise", "body": "It hums.", "date": "2024-03-01"},
]


def collection(folder: Path, **files: object) -> Path:
    """Write files, named without their end: lists as JSON, `posts` a line each, texts as they are."""
    for name, content in files.items():
        path = folder / (f"{name}.jsonl" if name == "posts" else f"{name}.json")
        if isinstance(content, str):
            path.write_text(content)
        elif name == "posts":
            path.write_text("".join(f"{json.dumps(line)}\n" for line in content))  # type: ignore[attr-defined]
        else:
            path.write_text(json.dumps(content))
    return folder


# ---------------------------------------------------------------- measures


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [
        (["x", "y", "z"], 1.0),
        (["y", "x"], (1 + 7 / log2(3)) / (7 + 1 / log2(3))),
        (["n", "x"], 7 / log2(3) / (7 + 1 / log2(3))),
        (["n"], 0.0),
        ([], 0.0),
    ],
    ids=["the best order", "the wrong way round", "one missing, one second", "nothing relevant", "nothing"],
)
def test_ndcg_of_grades_three_and_one(ranked: Sequence[str], expected: float) -> None:
    assert ndcg(ranked, {"x": 3, "y": 1, "n": 0}) == pytest.approx(expected)


def test_ndcg_counts_what_is_not_found_and_looks_no_deeper_than_asked() -> None:
    grades = dict.fromkeys("abc", 1)

    assert ndcg(["n", "a"], grades, depth=1) == 0
    assert ndcg(["a"], grades, depth=2) == pytest.approx(1 / (1 + 1 / log2(3)))


def test_without_anything_relevant_every_measure_is_nought() -> None:
    assert (ndcg(["a"], {}), reciprocal_rank(["a"], {"a": 0}), recall(["a"], {"a": -1})) == (0, 0, 0)


def test_reciprocal_rank_is_that_of_the_first_relevant_one() -> None:
    assert reciprocal_rank(["n", "b", "a"], {"a": 3, "b": 1}) == 0.5
    assert reciprocal_rank([*"nnnnnnnnnn", "a"], {"a": 1}) == 0


def test_recall_is_a_share_of_what_is_relevant() -> None:
    assert recall(["a", "n", "b"], {"a": 1, "b": 2, "c": 1, "n": 0}) == pytest.approx(2 / 3)
    assert recall(["n", "a"], {"a": 1}, depth=1) == 0


def test_percentiles_are_values_that_were_measured() -> None:
    assert [percentile([3, 1, 2, 4], share) for share in (0.5, 0.95, 0)] == [2, 4, 1]
    assert (percentile([], 0.5), mean([]), mean([1, 2])) == (0, 0, 1.5)


# ---------------------------------------------------------------- files


def test_a_folder_of_posts_is_read_with_topics_and_days(tmp_path: Path) -> None:
    queries = [{"qid": 1, "q": "frost", "rel": {"7": 1}}]

    found = read(collection(tmp_path, posts=POSTS, queries=queries))

    assert found.by_posts
    assert [(text.key, text.topic) for text in found.texts] == [("1", "7"), ("2", "7"), ("3", "8")]
    assert [text.at for text in found.texts] == [1704189600, 0, 1709251200]
    assert found.queries[0].grades == {"7": 1}


def test_days_may_be_seconds_or_milliseconds(tmp_path: Path) -> None:
    dates = (1704189600, 1704189600000, 1704189600.5, -86400)
    posts = [POSTS[2] | {"id": number, "date": date} for number, date in enumerate(dates)]

    found = read(collection(tmp_path, posts=posts, queries=QUERIES))

    assert [text.at for text in found.texts] == [1704189600, 1704189600, 1704189600, -86400]


def test_grades_may_be_a_list_and_files_objects_by_key(tmp_path: Path) -> None:
    docs = {"a": {"title": None, "body": "Frost"}, "b": {"body": "Noise"}}

    found = read(collection(tmp_path, docs=docs, queries=[{"qid": "1", "q": "frost", "rel": ["a"]}]))

    assert [(text.key, text.title, text.body) for text in found.texts] == [
        ("a", "", "Frost"),
        ("b", "", "Noise"),
    ]
    assert found.queries[0].grades == {"a": 1}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "neither docs.json nor posts.jsonl"),
        ({"docs": DOCUMENTS}, "has no queries.json"),
        ({"docs": "[", "queries": QUERIES}, "docs.json is not JSON"),
        ({"docs": "3", "queries": QUERIES}, "should hold a list"),
        ({"docs": [], "queries": QUERIES}, "docs.json is empty"),
        ({"docs": DOCUMENTS, "queries": []}, "queries.json is empty"),
        ({"docs": [3], "queries": QUERIES}, "docs.json, entry 1 should be an object"),
        ({"docs": [{"title": "x"}], "queries": QUERIES}, "entry 1: “id” should be a text or a whole number"),
        ({"docs": [{"id": "a", "title": 3}], "queries": QUERIES}, "entry 1: “title” should be a text"),
        ({"docs": DOCUMENTS * 2, "queries": QUERIES}, "has “a” twice"),
        (
            {"docs": DOCUMENTS, "queries": [{"qid": 1, "q": "x"}]},
            "entry 1: “rel” should be an object of grades",
        ),
        ({"docs": DOCUMENTS, "queries": [{"qid": 1, "q": "x", "rel": {"a": "high"}}]}, "“rel” should be"),
        ({"docs": DOCUMENTS, "queries": [{"qid": 1, "q": "x", "rel": {"a": 1e9}}]}, "“rel” should be"),
        (
            {"posts": [POSTS[0], POSTS[1] | {"date": "soon"}], "queries": QUERIES},
            "posts.jsonl, line 2: “date” should",
        ),
        ({"posts": [POSTS[0] | {"date": 10**30}], "queries": QUERIES}, "posts.jsonl, line 1: “date” should"),
        ({"posts": '{"id": 1}\n{', "queries": QUERIES}, "posts.jsonl, line 2 is not JSON"),
    ],
)
@pytest.mark.only("sqlite")
def test_a_wrong_file_is_named_with_the_place_and_the_mend(
    app: Flask, tmp_path: Path, files: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadCollectionError, match=words):
        read(collection(tmp_path, **files))


# ---------------------------------------------------------------- the command


@pytest.fixture(params=["whoosh", "postgresql"])
def engine_here(request: pytest.FixtureRequest, app: Flask) -> str:
    """An engine that this application's database can be measured with."""
    return str(request.param)


def bench(app: Flask, *arguments: object) -> Any:
    return app.test_cli_runner().invoke(args=["bench", "search", *map(str, arguments)])


def test_the_command_measures_and_writes_its_figures(app: Flask, engine_here: str, tmp_path: Path) -> None:
    folder = collection(tmp_path, docs=DOCUMENTS, queries=QUERIES)

    done = bench(app, folder, "--engine", engine_here, "--json", tmp_path / "figures.json")

    assert done.exit_code == 0, done.output
    assert f"on {engine_here}: 3 texts, 3 queries, 2 of them with an answer" in done.output
    assert "nDCG@10     1.0000" in done.output
    found = json.loads((tmp_path / "figures.json").read_text())
    assert (found["ndcg@10"], found["mrr@10"], found["recall@100"], found["judged"]) == (1, 1, 1, 2)
    assert found["results"]["1"][0] == "c"
    assert 0 < found["cpu_ms"]["p50"] <= found["cpu_ms"]["p95"]


def test_posts_are_folded_to_the_topics_that_are_judged(app: Flask, engine_here: str, tmp_path: Path) -> None:
    queries = [{"qid": 1, "q": "frost glycol", "rel": {"7": 1}}, {"qid": 2, "q": "hums", "rel": {"8": 1}}]

    done = bench(app, collection(tmp_path, posts=POSTS, queries=queries), "--engine", engine_here,
                 "--json", tmp_path / "figures.json")  # fmt: skip

    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "figures.json").read_text())["results"] == {"1": ["7"], "2": ["8"]}


def test_what_no_database_keeps_is_left_out(app: Flask, engine_here: str, tmp_path: Path) -> None:
    docs = [{"id": "a", "title": "Frost \0 here", "body": "half \ud800 a pair"}]
    queries = [{"qid": 1, "q": "frost\0 \udfff pair", "rel": {"a": 1}}]

    done = bench(app, collection(tmp_path, docs=docs, queries=queries), "--engine", engine_here)

    assert done.exit_code == 0, done.output
    assert "MRR@10      1.0000" in done.output


def test_a_topic_has_its_title_once_wherever_it_stands(tmp_path: Path) -> None:
    posts = [POSTS[1] | {"title": ""}, POSTS[0], POSTS[1] | {"id": 9}]
    queries = [{"qid": 1, "q": "frost", "rel": {"7": 1}}]

    measured = Bench(read(collection(tmp_path, posts=posts, queries=queries)), cast("Any", None))

    assert [one.title for one in measured._documents()] == ["", "Frost", ""]


@pytest.mark.only("postgresql")
def test_the_sites_own_index_is_as_it_was(app: Flask, tmp_path: Path) -> None:
    from sqlalchemy import text

    from iocop.core.db import db

    done = bench(app, collection(tmp_path, docs=DOCUMENTS, queries=QUERIES), "--engine", "postgresql")

    assert done.exit_code == 0, done.output
    assert db.session.scalar(text("select count(*) from search_document")) == 0
    schemas = text("select count(*) from pg_namespace where nspname like 'iocop_bench_%'")
    assert db.session.scalar(schemas) == 0


@pytest.mark.only("sqlite")
def test_postgresql_cannot_be_measured_in_another_database(app: Flask, tmp_path: Path) -> None:
    done = bench(app, collection(tmp_path, docs=DOCUMENTS, queries=QUERIES), "--engine", "postgresql")

    assert done.exit_code == 1
    assert "set DATABASE_URL" in done.output


@pytest.mark.only("sqlite")
def test_a_missing_folder_is_said_plainly(app: Flask, tmp_path: Path) -> None:
    done = bench(app, tmp_path / "nowhere")

    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "put the texts there" in done.output


# ---------------------------------------------------------------- relevance


@pytest.mark.parametrize(("name", "bar"), [("cranfield", 0.370), ("stackfaq", 0.885)])
def test_judged_collections_are_answered_as_well_as_they_were(
    app: Flask, engine_here: str, name: str, bar: float
) -> None:
    if engine_here == "whoosh" and not app.extensions["settings"].database.startswith("sqlite"):
        pytest.skip("Whoosh answers from its files, whatever the database")
    if not (DATA / name).is_dir():
        pytest.skip(f"{DATA / name} is not there")
    with lent(engine_here, app.extensions["settings"].database) as one:
        measured = Bench(read(DATA / name), one.engine)
        run(measured.index())
        run(measured.ask(times=1))

        assert figures(measured).ndcg >= bar
