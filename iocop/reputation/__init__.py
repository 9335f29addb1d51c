"""The practice ledger and the ladders: standing by domain that explains itself and weighs no ballot. (Facet: identity)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.members.settings_pages import add_settings_page
    from iocop.reputation import (  # noqa: F401 -- they register themselves
        becoming,
        climbing,
        export,
        forgetting,
        jobs,
        keeping,
        listeners,
        models,
        slots,
    )
    from iocop.reputation.asking import register
    from iocop.reputation.cli import reputation as commands
    from iocop.reputation.queries import abilities, levels, vendors  # noqa: F401 -- they provide facts
    from iocop.reputation.services.books import KEPT, Kept
    from iocop.reputation.views import reputation

    register()
    app.extensions[KEPT] = Kept()
    add_settings_page("reputation.availability", _l("Being asked"), 55)
    app.register_blueprint(reputation)
    app.cli.add_command(commands)
