"""Structured logs: one JSON object a line, newline-safe, nothing personal."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import TYPE_CHECKING

import structlog
from flask import g, request
from structlog.tracebacks import ExceptionDictTransformer

if TYPE_CHECKING:
    from flask import Flask, Response

    from iocop.core.login import View
    from iocop.core.settings import Settings

TRACEBACKS = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
"""Where a mistake happened, without the values there: they hold ballots, passwords, what members wrote."""


def configure(settings: Settings) -> None:
    """Send every log line to standard error: JSON in production, plain words in development."""
    shown = (
        structlog.processors.JSONRenderer()
        if settings.production
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            TRACEBACKS if settings.production else structlog.processors.format_exc_info,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def untraced(view: View) -> View:
    """Leave a view's requests without an id: nothing may tell when somebody took a voting token or cast a ballot."""
    view.is_untraced = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Give every request an id of its own, which an error page shows and the log carries."""

    @app.before_request
    def _name_request() -> None:
        vars(g).clear()  # a context may outlive a request (a shell, a test); what a request knows may not
        if not getattr(app.view_functions.get(request.endpoint or ""), "is_untraced", False):
            g.request_id = secrets.token_hex(6)

    @app.after_request
    def _tell_request(response: Response) -> Response:
        if "request_id" in g:
            response.headers.setdefault("X-Request-Id", g.request_id)
        return response
