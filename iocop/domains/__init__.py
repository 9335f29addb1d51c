"""The practice: its domains with charters, and the tags below them. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.domains import models  # noqa: F401 -- its tables join the metadata
