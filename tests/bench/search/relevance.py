"""nDCG@10, MRR@10 and recall@100 of our engines and of others on collections whose answers are known."""

from __future__ import annotations

import os
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

from iocop.search.benching.collection import read
from iocop.search.benching.engines import lent
from iocop.search.benching.measures import mean, ndcg, percentile, recall, reciprocal_rank
from iocop.search.benching.running import Bench, figures, run
from tests.bench.search.rivals import Plain, rivals
from tests.bench.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iocop.search.benching.collection import Collection
    from tests.bench.search.rivals import Rival

DATA = Path(os.environ.get("IOCOP_DATA") or ROOT.parent / "shared" / "data") / "search"
BARS = {"cranfield": 0.370, "stackfaq": 0.885}


class Line(NamedTuple):
    """A line of the table; CPU milliseconds a query, at the median and the 95th percentile."""

    collection: str
    engine: str
    ndcg: float
    mrr: float
    recall: float
    middle: float
    slow: float
    bar: float | None = None


def lines(database: str) -> Iterator[Line]:
    """Measure; collections that are not there are left out."""
    for name, bar in BARS.items():
        if (DATA / name).is_dir():
            collection = read(DATA / name)
            for engine in ("whoosh", "postgresql"):
                yield _ours(collection, engine, database, bar)
            for rival in rivals():
                yield _theirs(collection, rival)


def missing() -> Sequence[str]:
    return [name for name in BARS if not (DATA / name).is_dir()]


def _ours(collection: Collection, engine: str, database: str, bar: float) -> Line:
    with lent(engine, database) as one:
        bench = Bench(collection, one.engine, cpu=one.cpu)
        run(bench.index())
        run(bench.ask())
        found = figures(bench)
    return Line(collection.name, f"ours on {engine}", found.ndcg, found.mrr, found.recall, *found.again, bar)


def _theirs(collection: Collection, rival: Rival) -> Line:
    rival.build(Plain(text.key, text.title, text.body) for text in collection.texts)
    ranked, spent = [], []
    for query in collection.queries:
        rival.ask(query.text)
        begun = process_time()
        ranked.append(rival.ask(query.text))
        spent.append((process_time() - begun) * 1000)
    rival.close()
    pairs = [(found, query.grades) for found, query in zip(ranked, collection.queries, strict=True)]
    gain, rank, share = (
        mean([measure(*pair) for pair in pairs]) for measure in (ndcg, reciprocal_rank, recall)
    )
    return Line(
        collection.name, rival.name, gain, rank, share, percentile(spent, 0.5), percentile(spent, 0.95)
    )
