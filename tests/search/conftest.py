"""Every test begins without an index; tests of the port run on every engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.search.engines import filled

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from iocop.search.port import SearchEngine

ENGINES = ("whoosh",)


@pytest.fixture(autouse=True)
def no_index(request: pytest.FixtureRequest) -> None:
    """Drop what an earlier test left, where the test has an application at all."""
    if "app" not in request.fixturenames:
        return
    app: Flask = request.getfixturevalue("app")
    app.extensions.pop("search_building", None)
    shutil.rmtree(app.extensions["settings"].data_dir / "search", ignore_errors=True)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> SearchEngine:
    """An engine with an empty index."""
    return filled(_made(request.param, tmp_path))


def _made(name: str, folder: Path) -> SearchEngine:
    from iocop.search.whoosh_engine.engine import WhooshEngine

    assert name == "whoosh"
    return WhooshEngine(folder / "search")
