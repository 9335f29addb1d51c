"""Who holds which office, where, and by which decision. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.roles import models, queries  # noqa: F401 -- its tables join the metadata, its facts are provided
