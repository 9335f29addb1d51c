"""Fragments and whole guest pages, kept in a process under keys that carry versions."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from flask import Response, current_app, g, make_response, request, session
from flask_babel import get_locale

from iocop.core import clock
from iocop.core.login import viewer
from iocop.core.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

    from flask.typing import ResponseReturnValue

Made = TypeVar("Made")

LIMIT = 24 * 2**20
"""Bytes of text one process keeps."""
SMALL = 2000
"""Bytes that anything but a text is taken to weigh."""


class Fragments:
    """A dictionary with a limit in bytes that forgets what was used longest ago; shared by a process's threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.weight = 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: Hashable, value: Any) -> None:
        with self._lock:
            if not self._kept:
                self.weight = 0
            self.weight += _weight(value) - (_weight(self._kept.pop(key)) if key in self._kept else 0)
            self._kept[key] = value
            while self.weight > self.limit:
                self.weight -= _weight(self._kept.popitem(last=False)[1])

    def remember(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under a key, or make and keep it."""
        kept: Made | None = self.get(key)
        if kept is None:
            kept = make()
            self.put(key, kept)
        return kept


def _weight(value: Any) -> int:
    if isinstance(value, GuestPage):
        return len(value.body)
    if isinstance(value, dict):
        return sum(map(_weight, value.values()))
    if isinstance(value, str):
        return max(SMALL, len(value) * (1 if value.isascii() else 2))  # as Python keeps it
    return SMALL


class GuestPage(NamedTuple):
    """A whole page as any guest gets it, until a moment from which it looks different by itself."""

    body: bytes
    etag: str
    until: datetime | None


def fragments() -> Fragments:
    """Return this application's fragments."""
    kept: Fragments = current_app.extensions["fragments"]
    return kept


def kept_with_people(key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what hangs on people alone, kept for members under the version read along with the viewer.

    A guest's whole page is kept instead (`guest_page`), so what stands on it is made anew.
    """
    looking = viewer()
    if not looking.is_authenticated:
        return make()
    return fragments().remember(("people", looking.people_version, key), make)


def changes_at(moment: datetime) -> None:
    """Say that the page being made looks different from a moment on, so that no guest is served it later than that."""
    g.changes_at = min(moment, g.get("changes_at", moment))


def guest_page(
    *keys: str,
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Serve guests the whole page again while nothing named by *keys* has changed, and for the day at most.

    A page that changes by itself within the day says when (`changes_at`).

    A key may hold the route's arguments, as in ``"topic:{topic_id}"``. Costs one statement for a page that is kept.
    Only a page answered with 200, without a flashed message and without a form's token, is kept.
    """

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def serve(**arguments: Any) -> ResponseReturnValue:
            if not _asked_by_a_guest():
                return view(**arguments)
            found = versions("site", "people", *(key.format(**arguments) for key in keys))
            g.site_version = found[0]
            key = ("page", request.host, request.full_path, get_locale(), found, clock.now().date())
            kept: GuestPage | None = fragments().get(key)
            if kept is None or (kept.until and kept.until <= clock.now()):
                answer = make_response(view(**arguments))
                if not _same_for_every_guest(answer):
                    return answer
                etag = hashlib.sha256(answer.get_data()).hexdigest()[:20]
                kept = GuestPage(answer.get_data(), etag, g.get("changes_at"))
                fragments().put(key, kept)
            response = Response(kept.body, mimetype="text/html")
            response.set_etag(kept.etag)
            return response.make_conditional(request) if "If-None-Match" in request.headers else response

        return serve

    return decorate


def _asked_by_a_guest() -> bool:
    """A guest with a message to read gets a page with that message."""
    if viewer().is_authenticated or request.method not in {"GET", "HEAD"}:
        return False
    return "_flashes" not in session


def _same_for_every_guest(answer: Response) -> bool:
    plain = (
        answer.status_code == 200 and answer.mimetype == "text/html" and "Set-Cookie" not in answer.headers
    )
    return plain and "csrf_token" not in g and not session.modified
