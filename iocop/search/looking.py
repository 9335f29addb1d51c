"""How searching goes, counted without anybody's trace: gathered in memory, written a few seconds later in one act."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

import structlog
from flask import current_app, request, session
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from iocop.core import clock
from iocop.core.db import act, db, is_postgresql
from iocop.core.login import viewer
from iocop.search.missed import count_missed, recordable
from iocop.search.models import SearchDay
from iocop.search.query import parse

if TYPE_CHECKING:
    from datetime import date

    from flask import Flask, Response

    from iocop.core.login import Viewer
    from iocop.search.query import SearchQuery

PATIENCE: Final = 10.0
"""Seconds for which searches are gathered."""
MOST: Final = 2_000
"""Gathered searches; what is beyond them until the next writing is not counted."""
WITHIN: Final = 300
"""Seconds in which a result is opened by who found it."""
NOTE: Final = "searched"
"""What the signed cookie of a member holds: when they last searched, until they open a result."""
RESULTS: Final = frozenset({
    "forums.topic", "forums.post", "repertoire.article", "members.profile", "organizations.show", "forums.space",
    "contributions.attachment",
})  # fmt: skip
"""What results lead to."""

log = structlog.get_logger(__name__)


class Looked(NamedTuple):
    """One search, or a result opened after one; kept in memory for seconds only.

    Attributes:
        missed: the words that nothing was found for; empty where they are not counted.
    """

    day: date
    member_id: int = 0
    opened: bool = False
    empty: bool = False
    missed: str = ""


class Gathered:
    """What one process has gathered since the last writing."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._kept: list[Looked] = []

    def add(self, one: Looked) -> None:
        with self._lock:
            if len(self._kept) < MOST:
                self._kept.append(one)
            first = len(self._kept) == 1
        if first and not self._app.testing:
            timer = threading.Timer(PATIENCE, self._write)
            timer.daemon = True
            timer.start()

    def take(self) -> list[Looked]:
        with self._lock:
            taken, self._kept = self._kept, []
        return taken

    def _write(self) -> None:
        with self._app.app_context():
            write_gathered()


def init_app(app: Flask) -> None:
    app.extensions["searches"] = Gathered(app)
    app.after_request(_note_opened)


def note_search(looking: Viewer, query: SearchQuery, *, found: bool) -> None:
    """Count a search that was answered from the index; another page, tab or order of the same is none of its own."""
    if query.page > 1 or _is_same(query):
        return
    if looking.is_authenticated:
        session[NOTE] = int(clock.now().timestamp())
    missed = "" if found else recordable(query)
    _gathered().add(Looked(clock.now().date(), looking.id, empty=not found, missed=missed))


def _is_same(query: SearchQuery) -> bool:
    """Say whether the page was asked for from the results of the same words."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or before.path != request.path:
        return False
    return parse(parse_qs(before.query).get("q", [""])[0]).pieces == query.pieces


def _note_opened(response: Response) -> Response:
    """Count a result that a member opens from the results, once a search; nothing says which, or who."""
    if request.endpoint not in RESULTS or response.status_code >= 400 or not viewer().is_authenticated:
        return response
    if NOTE in session and urlsplit(request.referrer or "").path == "/search":
        searched = datetime.fromtimestamp(session.pop(NOTE), UTC)
        if (clock.now() - searched).total_seconds() <= WITHIN:
            _gathered().add(Looked(searched.date(), opened=True))
    return response


def _gathered() -> Gathered:
    return cast("Gathered", current_app.extensions["searches"])


def write_gathered() -> None:
    """Write what this process gathered, in one act; what cannot be written is lost, and no page waits for it."""
    taken = _gathered().take()
    if not taken:
        return
    try:
        with act():
            for day in sorted({one.day for one in taken}):
                _count(day, [one for one in taken if one.day == day])
            for one in taken:
                if one.missed:
                    count_missed(one.member_id, one.missed)
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("searches_not_counted", count=len(taken), error=type(error).__name__)


def _count(day: date, taken: list[Looked]) -> None:
    """Add to the sums of a day."""
    sums = Counter[str]()
    for one in taken:
        sums["opened"] += one.opened
        sums["searches"] += not one.opened
        sums["empty"] += one.empty
        sums["by_members"] += not one.opened and one.member_id > 0
    nothing = dict.fromkeys(("searches", "empty", "by_members", "opened"), 0)
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    with act() as session_:
        session_.execute(insert(SearchDay).values(day=day, **nothing).on_conflict_do_nothing())
        added = {name: getattr(SearchDay, name) + count for name, count in sums.items()}
        session_.execute(update(SearchDay).where(SearchDay.day == day).values(added))
