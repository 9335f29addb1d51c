"""Finding what the community knows, within what the viewer may read. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.core import health, worker
    from iocop.members.settings_pages import add_settings_page
    from iocop.search import (  # noqa: F401 -- some register themselves
        alerts,
        export,
        indexer,
        jobs,
        listeners,
        looking,
        saved_views,
    )
    from iocop.search.benching.cli import bench
    from iocop.search.cli import search as commands
    from iocop.search.views import search

    worker.beside(indexer.index_new)
    worker.every_beat(alerts.look_through_new)
    health.check(indexer.look)
    looking.init_app(app)
    add_settings_page("search.saved", _l("Saved searches"), 60)
    app.register_blueprint(search)
    app.cli.add_command(commands)
    app.cli.add_command(bench)
