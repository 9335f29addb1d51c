"""What every given thing has in common: text, revisions, marks, files, labels, followers. (Facet: portfolio)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.contributions import models  # noqa: F401 -- its tables join the metadata
