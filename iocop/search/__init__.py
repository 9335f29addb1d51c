"""Finding what the community knows, within what the viewer may read. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.core import health, worker
    from iocop.search import indexer, jobs  # noqa: F401 -- its jobs are known from now on
    from iocop.search.cli import search as commands
    from iocop.search.views import search

    worker.every_beat(indexer.index_new)
    health.check(indexer.look)
    app.register_blueprint(search)
    app.cli.add_command(commands)
