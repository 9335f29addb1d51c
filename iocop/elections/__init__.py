"""Rules with dates, officers, secret ballots, exact counting, archives anybody can verify. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.elections import (  # noqa: F401 -- they register themselves
        export,
        jobs,
        listeners,
        models,
        slots,
    )
    from iocop.elections.cli import elections as commands
    from iocop.elections.views import elections

    app.register_blueprint(elections)
    app.cli.add_command(commands)
