"""What members take home from threads and articles. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.transfer import slots  # noqa: F401 -- it fills from now on
    from iocop.transfer.views import transfer

    app.register_blueprint(transfer)
