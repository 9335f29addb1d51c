"""The practice ledger and the ladders: standing by domain that explains itself and weighs no ballot. (Facet: identity)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.reputation import climbing, jobs, models  # noqa: F401 -- they register themselves
    from iocop.reputation.views import reputation

    app.register_blueprint(reputation)
