"""Fragments and whole guest pages, kept in a process under keys that carry versions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, current_app, g, make_response, request
from flask_babel import get_locale

from iocop.core.login import viewer
from iocop.core.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from flask.typing import ResponseReturnValue

Made = TypeVar("Made")


class Fragments:
    """A dictionary with a size limit that forgets what was used longest ago; shared by a process's threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
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
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)

    def remember(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under a key, or make and keep it."""
        kept: Made | None = self.get(key)
        if kept is None:
            kept = make()
            self.put(key, kept)
        return kept


def fragments() -> Fragments:
    """Return this application's fragments."""
    kept: Fragments = current_app.extensions["fragments"]
    return kept


def guest_page(
    *keys: str,
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Serve guests the whole page again while nothing named by *keys* has changed.

    A key may hold the route's arguments, as in ``"topic:{topic_id}"``. Costs one statement for a page that is kept.
    Only a page answered with 200, and without a flashed message, is kept.
    """

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def serve(**arguments: Any) -> ResponseReturnValue:
            if viewer().is_authenticated or request.method != "GET" or "_flashes" in _session():
                return view(**arguments)
            found = versions("site", "people", *(key.format(**arguments) for key in keys))
            g.site_version = found[0]
            key = ("page", request.full_path, str(get_locale()), found)
            kept: Response | None = fragments().get(key)
            if kept is None:
                kept = make_response(view(**arguments))
                if kept.status_code != 200:
                    return kept
                kept.add_etag()
                fragments().put(key, kept)
            answer = Response(kept.get_data(), mimetype="text/html")
            answer.set_etag(*kept.get_etag()) if kept.get_etag()[0] else None  # type: ignore[arg-type]
            return answer.make_conditional(request)

        return serve

    return decorate


def _session() -> Any:
    from flask import session  # the request's own, under a name of its own here

    return session
