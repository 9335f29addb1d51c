"""Who may be where, and how far what is said there may be carried. (Facet: structure)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.spaces import listeners  # noqa: F401 -- it listens from now on
