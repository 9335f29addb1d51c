"""Safe to post: what a text might give away is shown to its author alone, before it is posted. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    pass
