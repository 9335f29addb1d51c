"""IOCOP: the member site of an inter-organizational community of practice."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Map

    from iocop.core.settings import Settings

FEATURES = (
    "core",
    "members",
    "organizations",
    "roles",
    "domains",
    "spaces",
    "safety",
    "contributions",
    "forums",
    "repertoire",
    "elections",
    "transfer",
    "moderation",
    "reputation",
    "search",
    "notifications",
    "home",
    "admin",
    "imports",
    "demo",
)
"""The table of contents, lowest first: a feature may import those above it in this list, never those below."""


APART = ("elections count", "elections verify", "elections watch")
"""Commands that start at once, for they need no application; they stand in their feature's `cli.py`."""


def create_app(settings: Settings | None = None, **config: Any) -> Flask:
    """Make the application from its settings (by default, from the environment)."""
    from iocop.core.sparing import uncollected, without

    with uncollected():
        with without("rich"):  # with which the log would draw what it writes plainly
            import_module("structlog")
        from iocop.core.settings import Settings

        return _assembled(settings or Settings.from_environment(), config)


def _assembled(settings: Settings, config: dict[str, Any]) -> Flask:
    from iocop.core.application import Application
    from iocop.core.settings import ROOT

    app = Application(
        "iocop",
        root_path=str(ROOT / "iocop"),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.extensions["settings"] = settings
    app.config.from_mapping(_flask_config(settings) | config)
    _limit_integers(app.url_map)
    for feature in FEATURES:
        import_module(f"iocop.{feature}").init_app(app)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    from iocop.core.db import engine_options
    from iocop.core.web import LOCALES

    return {
        "SECRET_KEY": settings.secret_key,
        "HTTPS": settings.https,
        "LOCALES": LOCALES,
        "BABEL_DEFAULT_LOCALE": "en",
        "MAX_CONTENT_LENGTH": settings.upload_limit + 2**20,
        "MAX_FORM_MEMORY_SIZE": 2 * 2**20,
        "PERMANENT_SESSION_LIFETIME": 60 * 60 * 24 * 30,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_NAME": "__Host-iocop" if settings.https else "iocop",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def _limit_integers(url_map: Map) -> None:
    """Cap integers in addresses at what both databases hold, so that a larger one is simply not found."""
    from werkzeug.routing import IntegerConverter

    from iocop.core.db import LARGEST_ID

    class Key(IntegerConverter):
        def __init__(self, rules: Map, *args: Any, **kwargs: Any) -> None:
            super().__init__(rules, *args, **({"max": LARGEST_ID} | kwargs))

    url_map.converters["int"] = Key
