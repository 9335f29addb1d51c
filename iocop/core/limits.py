"""Rates on named routes: in process memory until an address of Redis is set, which is exact over all processes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

from flask import request
from flask_babel import lazy_gettext as _l
from flask_limiter import Limiter

from iocop.core.errors import TooMany
from iocop.core.login import viewer

if TYPE_CHECKING:
    from flask import Flask
    from flask_limiter import RequestLimit


def _who() -> str:
    member = viewer().id
    return f"member:{member}" if member else f"address:{request.remote_addr}"


def _too_many(limit: RequestLimit) -> NoReturn:
    wait = max(1, round(limit.reset_at - time.time()))
    raise TooMany(_l("That was quick work: wait a little, then go on. Nothing you typed is lost."), wait)


limiter = Limiter(key_func=_who, on_breach=_too_many)
"""Put `@limiter.limit("30 per minute")` under a route's decorator, and say the limit on the page."""


def init_app(app: Flask) -> None:
    """Give an application its rates, once; tests switch them on where they matter."""
    if limiter in app.extensions.get("limiter", ()):
        return
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.extensions["settings"].redis_url or "memory://")
    limiter.enabled = (
        True  # one limiter serves all applications of a process; off, it would not take this one
    )
    limiter.init_app(app)
    limiter.enabled = not app.testing
    # Its hooks serve defaults, headers and rates of some answers only: no page asks for them, and the first cost 30 µs.
    app.before_request_funcs[None].remove(limiter._check_request_limit)
    app.after_request_funcs[None].pop()
