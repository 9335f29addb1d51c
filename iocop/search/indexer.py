"""The one indexing process: on every beat it reads the outbox from where the index stands, and writes what is new."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

import structlog
from flask import current_app

from iocop.core import clock, outbox
from iocop.core.db import is_postgresql
from iocop.core.events import Event
from iocop.core.health import Finding
from iocop.search import documents
from iocop.search.port import EngineDown
from iocop.search.touched import TOUCHES, Touched, touched_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.core.outbox import Cursor, Happened
    from iocop.core.settings import Settings
    from iocop.search.port import SearchEngine

EVENTS_A_BEAT: Final = 200
TOUCHED_A_BEAT: Final = 300
STEPS_A_BEAT: Final = 5
"""A rebuild inside the worker goes in steps of 100 documents; between beats it may stop, and others get the CPU."""
LATE: Final = timedelta(minutes=15)
"""A large import keeps the index busy for minutes; beyond this something is wrong."""

MANY: Final = 200_000
"""Documents beyond which files serve worse than the database's own engine."""

log = structlog.get_logger(__name__)


def engine() -> SearchEngine:
    """Return this application's engine, the one its settings name, which is loaded when somebody first searches."""
    found: SearchEngine | None = current_app.extensions.get("search")
    if found is None:
        found = current_app.extensions.setdefault("search", _loaded(current_app.extensions["settings"]))
    return found


def _loaded(settings: Settings) -> SearchEngine:
    if settings.search_engine == "postgresql":
        from iocop.search.postgres_engine.engine import PostgresEngine

        return PostgresEngine()
    from iocop.search.whoosh_engine.engine import WhooshEngine

    return WhooshEngine(settings.data_dir / "search")


def index_new() -> int:
    """Index what happened since the last beat, or go on building the index if there is none; return how much."""
    try:
        since = engine().cursor()
    except EngineDown:
        return _go_on_building()
    some, upto = _batch(outbox.read(since, _kinds(), EVENTS_A_BEAT), since)
    if upto == since:
        return 0
    try:
        engine().apply(documents.of(some), documents.refs_of(some), upto)
    except EngineDown:  # another worker writes, or the index has just gone: the next beat will see
        return 0
    return 1


def _kinds() -> list[str]:
    return [name for name in TOUCHES if name in Event.kinds]


def _batch(happened: list[Happened], since: Cursor) -> tuple[Touched, Cursor]:
    """Gather what events touch, up to a size that is written within a second or so."""
    touched, upto = Touched(), since
    for one in happened:
        touched, upto = touched | touched_by(one.event), one.cursor
        if len(touched) >= TOUCHED_A_BEAT:
            break
    return touched, upto


def rebuild() -> Iterator[int]:
    """Build the index anew beside the old one; each step yields how many documents were taken so far."""
    yield from engine().rebuild(documents.everything(), outbox.end())
    _drop_other()


def _drop_other() -> None:
    """Drop what the other engine left: nobody keeps it up to date, and what is erased must not stay in it."""
    settings: Settings = current_app.extensions["settings"]
    if settings.search_engine == "postgresql":
        shutil.rmtree(settings.data_dir / "search", ignore_errors=True)
    elif is_postgresql():
        from iocop.search.postgres_engine import writing

        writing.drop()


def _go_on_building() -> int:
    building: Iterator[int] | None = current_app.extensions.get("search_building")
    if building is None:
        log.info("search_index_is_built")
        building = current_app.extensions["search_building"] = rebuild()
    try:
        steps = list(islice(building, STEPS_A_BEAT))
    except BaseException:
        del current_app.extensions["search_building"]
        raise
    if len(steps) < STEPS_A_BEAT:
        del current_app.extensions["search_building"]
    return len(steps)


def lag(since: Cursor) -> tuple[int, timedelta]:
    """Return how many events wait for the index (counted to 1,000) and how long the oldest has waited."""
    waiting = outbox.read(since, _kinds(), 1000)
    oldest = min((one.at for one in waiting), default=None)
    now = clock.now()
    return len(waiting), now - (oldest or now)


def _advice(documents: int) -> str:
    """Return what serves a large site better, which is well meanwhile."""
    settings: Settings = current_app.extensions["settings"]
    if documents <= MANY or settings.search_engine != "whoosh":
        return ""
    return f"; with more than {MANY:,} SEARCH_ENGINE=postgresql answers sooner: set it, restart, iocop search rebuild"


def look() -> Finding:
    """How the index stands, for `/readyz` and `iocop doctor`: without one the site still answers, from titles."""
    try:
        stands = engine().health()
    except EngineDown as down:
        if engine().building():
            return Finding(
                "search", well=True, words="the index is being built; titles are searched meanwhile"
            )
        words = f"{down}; titles are searched meanwhile. A worker builds it, or: iocop search rebuild"
        return Finding("search", well=lag(outbox.START)[1] < LATE, words=words)
    events, waited = lag(stands.cursor)
    words = (
        f"{stands.documents} documents, {stands.size // 1024} KB, {events} events"
        f" ({waited.total_seconds():.0f} s) behind{_advice(stands.documents)}"
    )
    return Finding("search", waited < LATE, words if waited < LATE else f"{words}: is the worker running?")
