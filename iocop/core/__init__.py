"""The ground every feature stands on, which knows no feature itself. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.core import cache, cli, health, logs, web
    from iocop.core.db import db, end_reading

    settings = app.extensions["settings"]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    logs.configure(settings)
    if settings.proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    db.init_app(app)
    app.teardown_request(end_reading)
    app.extensions["fragments"] = cache.Fragments(limit=cache.LIMIT)
    logs.init_app(app)
    web.init_app(app)
    app.register_blueprint(health.health)
    cli.init_app(app)
