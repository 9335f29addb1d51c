"""How long after its commit a post is found, while four processes write twenty posts a second.

    python -m tests.bench.search_lag [SECONDS] [STANDING] [--database URL] [--kills NUMBER]

writes for SECONDS (30) into a site that holds STANDING posts (2,000): four processes post through the services, five
times a second each, every one in a topic of its own, a real worker process indexes, and this process asks the engine
until each post is found. The bar is 1 s at the 95th percentile, 2 s at the worst. With a PostgreSQL address, in whose
database nothing may stand, its engine is measured instead of Whoosh. What a busy database refuses is not written; the
rate that is printed says how much was.

With `--kills` the worker is killed (-9) so often meanwhile, at random moments, and started again at once: the bar then is
that every post is found.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from sqlalchemy.exc import OperationalError

from iocop import create_app
from iocop.core import migrations
from iocop.core.settings import Settings
from iocop.forums import services
from iocop.search import indexer
from iocop.search.benching.measures import percentile
from iocop.search.plan import Bounds
from iocop.search.planning import plan_of
from iocop.search.port import EngineDown, Mask
from iocop.search.query import parse
from tests.bench.servers import ROOT, Server
from tests.factories import make_member, viewer_of
from tests.forums.factories import given, make_space, make_topic
from tests.search.factories import index_all, make_answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from flask import Flask

BAR, WORST = 1.0, 2.0
LONGEST = 30.0
WRITERS, A_SECOND = 4, 5
ASKED = 5
LOOK = 0.05
"""Seconds between two looks at the engine, by which a post may seem to be found later: to look takes CPU as well."""
WORDS = [
    f"{start}{middle}{end}"
    for start in "bdfglmnprst"
    for middle in ("ar", "el", "io", "un")
    for end in "kmnst"
]


class Written(NamedTuple):
    """A post's own word, and when its commit ended (`time.monotonic`, which all processes share)."""

    word: str
    at: float


@dataclass(frozen=True)
class Lag:
    """Seconds from commit to found, for how many seconds was written, and CPU seconds of the worker meanwhile.

    Attributes:
        kills: how often the worker was killed.
    """

    lags: list[float]
    seconds: float
    cpu: float
    kills: int

    @property
    def well(self) -> bool:
        return bool(self.kills) or (percentile(self.lags, 0.95) <= BAR and max(self.lags) <= WORST)

    def words(self) -> str:
        killed = f"killed {self.kills} times, none lost: " if self.kills else ""
        return (
            f"{killed}{len(self.lags)} posts, {len(self.lags) / self.seconds:.1f} a second, found:"
            f" p50 {percentile(self.lags, 0.5):.2f} s, p95 {percentile(self.lags, 0.95):.2f} s,"
            f" worst {max(self.lags):.2f} s (bar: p95 {BAR:.0f} s, worst {WORST:.0f} s);"
            f" the worker spent {self.cpu / len(self.lags) * 1000:.0f} ms of CPU a post"
        )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("seconds", type=int, nargs="?", default=30)
    arguments.add_argument("standing", type=int, nargs="?", default=2000)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--kills", type=int, default=0)
    arguments.add_argument(
        "--write", nargs=2, metavar=("TOPIC", "MEMBER"), help="what each writing process is given"
    )
    asked = arguments.parse_args()
    if asked.write:
        write(int(asked.write[0]), int(asked.write[1]), asked.seconds)
        return
    lag = measure(asked.seconds, asked.standing, asked.database, asked.kills)
    print(lag.words())  # noqa: T201
    sys.exit(0 if lag.well else 1)


def measure(seconds: int, standing: int, database: str, kills: int = 0) -> Lag:
    with tempfile.TemporaryDirectory(prefix="iocop-lag-") as folder, ExitStack() as stack:
        environment = {"IOCOP_DATA_DIR": folder, "IOCOP_LOG_LEVEL": "ERROR"}
        if database:
            environment |= {"DATABASE_URL": database, "SEARCH_ENGINE": "postgresql"}
        app = create_app(Settings.from_environment(environment))
        stack.enter_context(app.app_context())
        migrations.upgrade()
        space, members = make_space(), [make_member() for _ in range(WRITERS)]
        topics = [make_topic(title="Where everything is said", author=member) for member in members]
        for number in range(standing):
            make_answer(topics[number % WRITERS], _text())
        index_all()
        worker = stack.enter_context(Working(environment).running(app, kills))
        mask = Mask(frozenset({space.id}), member=True)
        make_answer(topics[0], "warmup")
        _wait_for("warmup", mask)
        written: SimpleQueue[Written] = SimpleQueue()
        writers = []
        for member, topic in zip(members, topics, strict=True):
            asked = ("tests.bench.search_lag", str(seconds), "--write", str(topic.id), str(member.id))
            process = stack.enter_context(_process(environment, *asked))
            writers.append(Thread(target=_gather, args=(process.stdout, written), daemon=True))
        for writer in writers:
            writer.start()
        begun = worker.cpu_seconds()
        lags = list(_found(written, writers, mask))
        return Lag(lags, seconds, worker.cpu_seconds() - begun, worker.killed)


class Working:
    """The worker's process, which may be killed; the one that is started in its place counts as the same.

    Attributes:
        killed: how often it was.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._over = Event()
        self._spent = 0.0
        self.killed = 0

    @contextmanager
    def running(self, app: Flask, kills: int) -> Iterator[Self]:
        """Run it in the body, and kill it so often, at random moments, each time when it has gone on indexing."""
        killer = Thread(target=self._kill, args=(app, kills))
        with ExitStack() as self._stack:
            self._start()
            killer.start()
            try:
                yield self
            finally:
                self._over.set()
                killer.join()

    def cpu_seconds(self) -> float:
        return self._spent + Server(self._process, 0).cpu_seconds()

    def _start(self) -> None:
        self._process = self._stack.enter_context(_process(self._environment, "iocop.core.cli", "worker"))

    def _kill(self, app: Flask, times: int) -> None:
        with app.app_context():
            while self.killed < times and self._has_indexed() and not self._over.wait(random.random()):
                self._spent = self.cpu_seconds()
                self._stack.close()
                self._start()
                self.killed += 1

    def _has_indexed(self) -> bool:
        """Wait until it has indexed something; say whether it did."""
        before = indexer.engine().cursor()
        while not self._over.wait(LOOK):
            if indexer.engine().cursor() != before:
                return True
        return False


def write(topic_id: int, member_id: int, seconds: int) -> None:
    """Post in a rhythm that is not even, and say of each post its word and when it was committed."""
    from iocop.core.db import db
    from iocop.members.models import Member

    with create_app().app_context():
        viewer = viewer_of(db.session.get_one(Member, member_id))
        due = time.monotonic() + 2
        end = due + seconds
        for number in range(seconds * A_SECOND * 2):
            time.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() > end:
                return
            word = f"unique{member_id}x{number}"
            with suppress(OperationalError):
                services.answer(viewer, topic_id, given(kind="answer", text=f"{_text()} {word}"))
                print(word, time.monotonic(), flush=True)  # noqa: T201
            due += random.expovariate(A_SECOND)


@contextmanager
def _process(environment: dict[str, str], module: str, *arguments: str) -> Iterator[subprocess.Popen[Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={"PATH": os.environ["PATH"]} | environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _gather(lines: IO[str], written: SimpleQueue[Written]) -> None:
    for line in lines:
        word, at = line.split()
        written.put(Written(word, float(at)))


def _found(written: SimpleQueue[Written], writers: list[Thread], mask: Mask) -> Iterator[float]:
    """Give the seconds until each post was found, as long as anybody writes."""
    waiting: list[Written] = []
    while waiting or not written.empty() or any(writer.is_alive() for writer in writers):
        _take(written, waiting)
        for one in waiting[:ASKED]:  # the oldest: to ask for all would keep the worker waiting
            if _finds(one.word, mask):
                waiting.remove(one)
                yield time.monotonic() - one.at
            elif time.monotonic() - one.at > LONGEST:
                raise SystemExit(f"{one.word} was not found within {LONGEST:.0f} s")
        time.sleep(LOOK)


def _wait_for(word: str, mask: Mask) -> None:
    """Wait until the worker process is up and has indexed a first post."""
    end = time.monotonic() + LONGEST
    while not _finds(word, mask):
        if time.monotonic() > end:
            raise SystemExit(f"the worker indexed nothing within {LONGEST:.0f} s")
        time.sleep(LOOK)


def _take(written: SimpleQueue[Written], waiting: list[Written]) -> None:
    try:
        while True:
            waiting.append(written.get_nowait())
    except Empty:
        return


def _finds(word: str, mask: Mask) -> bool:
    try:
        asked = indexer.engine()
        return bool(len(asked.search(plan_of(parse(word), Bounds(), asked.languages()), mask).ids))
    except EngineDown:
        return False


def _text() -> str:
    return " ".join(random.choices(WORDS, k=80))


if __name__ == "__main__":
    main()
