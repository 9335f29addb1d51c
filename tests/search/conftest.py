"""Every test begins without an index."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(autouse=True)
def no_index(request: pytest.FixtureRequest) -> None:
    """Drop what an earlier test left, where the test has an application at all."""
    if "app" not in request.fixturenames:
        return
    app: Flask = request.getfixturevalue("app")
    app.extensions.pop("search_building", None)
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)
