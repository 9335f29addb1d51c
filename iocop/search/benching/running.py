"""A collection taken through the parser, the plan, an engine and the folding that members' searches go through."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import process_time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from iocop.contributions.detecting import detected
from iocop.core.outbox import START
from iocop.search import folding
from iocop.search.benching.measures import mean, ndcg, percentile, recall, reciprocal_rank
from iocop.search.plan import Bounds
from iocop.search.planning import plan_of
from iocop.search.port import Document, Mask, ref
from iocop.search.query import parse
from iocop.search.results import CHECKED, typed_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from iocop.search.benching.collection import Collection, Text
    from iocop.search.port import SearchEngine

SPACE: Final = 1
DEPTH: Final = 100
"""Results that are looked at."""


class Answer(NamedTuple):
    """What a query brought.

    Attributes:
        ranked: the keys of topics or documents, best first.
        first_ms, again_ms: CPU milliseconds of the first time it was asked, and of the second.
    """

    key: str
    ranked: Sequence[str]
    first_ms: float
    again_ms: float


@dataclass
class Bench:
    """One collection in one engine.

    Attributes:
        language: the code of what texts are taken to be written in whose language cannot be told.
        cpu: the seconds of CPU spent so far by all that answers.
        seconds: CPU seconds that indexing took.
    """

    collection: Collection
    engine: SearchEngine
    language: str = "en"
    cpu: Callable[[], float] = process_time
    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self._topics = list(dict.fromkeys(text.topic for text in self.collection.texts))
        self._numbers = {topic: number for number, topic in enumerate(self._topics, 1)}
        self._titles: dict[int, str] = {}
        self._now = max((text.at for text in self.collection.texts), default=0)

    def index(self) -> Iterator[int]:
        """Build the index; each step yields how many texts were taken so far."""
        begun = self.cpu()
        yield from self.engine.rebuild(self._documents(), START)
        self.seconds = self.cpu() - begun

    def ask(self, times: int = 2) -> Iterator[int]:
        """Ask every query, then every one again; each step yields how many were asked so far."""
        languages, done = self.engine.languages(), 0
        rounds: list[list[_Timed]] = []
        for _ in range(times):
            rounds.append([])
            for query in self.collection.queries:
                rounds[-1].append(self._timed(query.text, languages))
                done += 1
                yield done
        self.answers = [
            Answer(query.key, asked[0].ranked, asked[0].ms, asked[-1].ms)
            for query, *asked in zip(self.collection.queries, *rounds, strict=True)
        ]

    def _documents(self) -> Iterator[Document]:
        opened: set[str] = set()
        for number, text in enumerate(self.collection.texts, 1):
            first = bool(text.title) and text.topic not in opened  # of a topic's posts only one has the title
            if first:
                opened.add(text.topic)
            yield self._document(number, text, title=self._title(text) if first else "")

    def _title(self, text: Text) -> str:
        key = self._numbers[text.topic]
        self._titles[key] = text.title
        return text.title

    def _document(self, number: int, text: Text, *, title: str) -> Document:
        language = detected(f"{title}\n{text.body}") or self.language
        return Document(
            ref=ref("post", number), kind="post", id=number, topic_id=self._numbers[text.topic], space_id=SPACE,
            label="public", language=language, title=title, text=text.body, at=text.at,
        )  # fmt: skip

    def _timed(self, text: str, languages: frozenset[str]) -> _Timed:
        begun = self.cpu()
        ranked = self._ranked(text, languages)
        return _Timed(ranked, (self.cpu() - begun) * 1000)

    def _ranked(self, text: str, languages: frozenset[str]) -> list[str]:
        """Return topics as the page would list them; a filter names nobody here, so with one nothing is found."""
        query = parse(text)
        bounds = Bounds(all_of=(frozenset(),)) if query.filters else Bounds()
        matches = self.engine.search(plan_of(query, bounds, languages), Mask(frozenset({SPACE}), member=True))
        folded = folding.fold(matches, "post", now=self._now)
        titles = {key: self._titles.get(key, "") for key in folded.keys[:CHECKED].tolist()}
        folded = folding.favour_titles(folded, titles, typed_words(query))
        return [self._topics[key - 1] for key in folded.keys[:DEPTH].tolist()]


class _Timed(NamedTuple):
    ranked: list[str]
    ms: float


@dataclass(frozen=True)
class Figures:
    """What a bench came to.

    Attributes:
        judged: queries with a relevant answer: the others are in no mean.
        ndcg, mrr, recall: means over those, at 10, 10 and 100.
        again: CPU milliseconds a query at the median and the 95th percentile, asked before; *first*: when first asked.
        speed: texts indexed in a second of CPU.
    """

    judged: int
    ndcg: float
    mrr: float
    recall: float
    again: tuple[float, float]
    first: tuple[float, float]
    speed: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "judged": self.judged, "ndcg@10": self.ndcg, "mrr@10": self.mrr, "recall@100": self.recall,
            "cpu_ms": {"p50": self.again[0], "p95": self.again[1]},
            "cpu_ms_first": {"p50": self.first[0], "p95": self.first[1]},
            "indexed_per_cpu_second": self.speed,
        }  # fmt: skip


def figures(bench: Bench) -> Figures:
    pairs = list(judged(bench))
    again, first = ([getattr(one, name) for one in bench.answers] for name in ("again_ms", "first_ms"))
    return Figures(
        judged=len(pairs),
        ndcg=mean([ndcg(ranked, grades) for ranked, grades in pairs]),
        mrr=mean([reciprocal_rank(ranked, grades) for ranked, grades in pairs]),
        recall=mean([recall(ranked, grades) for ranked, grades in pairs]),
        again=(percentile(again, 0.5), percentile(again, 0.95)),
        first=(percentile(first, 0.5), percentile(first, 0.95)),
        speed=len(bench.collection.texts) / bench.seconds if bench.seconds else 0.0,
    )


def judged(bench: Bench) -> Iterator[tuple[Sequence[str], Mapping[str, float]]]:
    """Give each query's results and grades, where anything is relevant."""
    for query, answer in zip(bench.collection.queries, bench.answers, strict=True):
        if any(grade > 0 for grade in query.grades.values()):
            yield answer.ranked, query.grades


def run(steps: Iterable[int]) -> None:
    """Take all steps."""
    for _ in steps:
        pass
