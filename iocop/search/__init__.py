"""Finding what the community knows, within what the viewer may read. (Facet: technology)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to join yet."""
