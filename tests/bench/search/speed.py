"""CPU of each thing an engine does on 96,000 posts, through parser, plan, mask, folding and facets."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

from iocop.core.outbox import START, Cursor
from iocop.search import facets, folding
from iocop.search.benching.engines import Lent, lent
from iocop.search.benching.measures import percentile
from iocop.search.plan import Bounds
from iocop.search.planning import plan_like, plan_of
from iocop.search.query import parse
from iocop.search.results import depth_of
from iocop.search.whoosh_engine.engine import WhooshEngine
from tests.bench.search.corpus import MASK, Corpus
from tests.bench.search.rivals import Plain, rivals
from tests.bench.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from iocop.search.plan import Plan
    from iocop.search.port import Document, SearchEngine
    from tests.bench.search.corpus import Asked

BARS = {"1 term": 5, "2 to 3 terms": 5, "title-length OR": 10, "suggest": 10, "similar": 15}
"""CPU milliseconds at the 95th percentile, asked before."""
SAMPLE = 3000
BATCH = 20
FEWER = 60
"""Queries that others are asked, once each."""


class Line(NamedTuple):
    """CPU milliseconds at the median and the 95th percentile: of what was asked before, and of the first time."""

    what: str
    engine: str
    again: tuple[float, float]
    first: tuple[float, float] | None = None
    bar: float | None = None


class Further(NamedTuple):
    """A figure of its own, such as documents indexed in a second of CPU."""

    engine: str
    words: str


def lines(posts: int, database: str, *, others: bool) -> Iterator[Line | Further]:
    corpus = Corpus(posts)
    sample = list(islice(corpus.documents(), SAMPLE))
    asked = corpus.asked(sample)
    for name in ("whoosh", "postgresql"):
        with lent(name, database) as one:
            begun = one.cpu()
            for _ in one.engine.rebuild(Corpus(posts).documents(), START):
                pass
            yield Further(
                f"ours on {name}", f"{posts / (one.cpu() - begun):,.0f} documents indexed a CPU second"
            )
            yield from _engine(f"ours on {name}", one, asked, corpus)
            if isinstance(one.engine, WhooshEngine):
                yield Further(f"ours on {name}", _memory(one.engine, asked))
    if others:
        yield from _rivals(posts, asked)


def _engine(name: str, one: Lent, asked: Asked, corpus: Corpus) -> Iterator[Line]:
    engine = one.engine
    languages = engine.languages()
    for what, work in _works(engine, asked, languages).items():
        first, again = _timed(work, one.cpu), _timed(work, one.cpu)
        yield Line(what, name, again, first, BARS.get(what))
    yield Line(f"{BATCH} posts applied", name, _timed(_batches(engine, corpus), one.cpu))


def _works(
    engine: SearchEngine, asked: Asked, languages: frozenset[str]
) -> dict[str, list[Callable[[], object]]]:
    """Return what is done, by name: each a list of calls."""

    def search(plan: Plan) -> object:
        matches = engine.search(plan, MASK)
        return facets.count(matches, folding.fold(matches, "post", now=1_800_000_000, depth=depth_of(1)))

    def typed(text: str) -> object:
        return search(plan_of(parse(text), Bounds(), languages))

    def similar(text: str) -> object:
        return search(plan_like(text, Bounds(), languages))

    quoted = [f'"{" ".join(words)}"' for words in asked.phrase]
    return {
        "1 term": [partial(typed, text) for text in asked.one],
        "2 to 3 terms": [partial(typed, text) for text in asked.few],
        "title-length OR": [partial(typed, text) for text in asked.title],
        "phrase": [partial(typed, text) for text in quoted],
        "suggest": [partial(engine.suggest, words, MASK, 8) for words in asked.begun],
        "similar": [partial(similar, text) for text in asked.title],
        "did-you-mean": [partial(engine.near, word, 5) for word in asked.misspelt],
    }


def _batches(engine: SearchEngine, corpus: Corpus, count: int = 10) -> list[Callable[[], object]]:
    """Return calls that each take some new posts in, as the indexing process does in a beat."""
    new = corpus.documents(first=corpus.posts + 1_000)
    batches = [list(islice(new, BATCH)) for _ in range(count)]

    def apply(documents: list[Document], number: int) -> None:
        engine.apply(documents, {one.ref for one in documents}, Cursor(1, number))

    return [partial(apply, some, number) for number, some in enumerate(batches, 1)]


def _timed(work: Sequence[Callable[[], object]], cpu: Callable[[], float]) -> tuple[float, float]:
    spent = []
    for call in work:
        begun = cpu()
        call()
        spent.append((cpu() - begun) * 1000)
    return percentile(spent, 0.5), percentile(spent, 0.95)


def _memory(engine: WhooshEngine, asked: Asked) -> str:
    """Search in a process of its own, as a web worker would, and say what that added to its memory."""
    with TemporaryDirectory() as folder:
        queries = Path(folder) / "queries.json"
        queries.write_text(json.dumps([*asked.one, *asked.few, *asked.title]))
        path = engine._folder.path
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.search.memory", str(path), str(queries)],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    return done.stdout.strip()


def _rivals(posts: int, asked: Asked) -> Iterator[Line | Further]:
    for rival in rivals():
        begun = process_time()
        rival.build(_plain(Corpus(posts)))
        yield Further(rival.name, f"{posts / (process_time() - begun):,.0f} documents indexed a CPU second")
        for what, texts in {
            "1 term": asked.one,
            "2 to 3 terms": asked.few,
            "title-length OR": asked.title,
        }.items():
            yield Line(
                what, rival.name, _timed([partial(rival.ask, text) for text in texts[:FEWER]], process_time)
            )
        phrases = [partial(rival.phrase, words) for words in asked.phrase[:FEWER]]
        yield Line("phrase", rival.name, _timed(phrases, process_time))
        rival.close()


def _plain(corpus: Corpus) -> Iterator[Plain]:
    for one in corpus.documents():
        yield Plain(str(one.id), one.title, one.text)
