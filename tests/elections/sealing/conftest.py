"""One small election for all tests of sealing; they never change it."""

from __future__ import annotations

import pytest

from tests.elections.vectors.ballots import World


@pytest.fixture(scope="session")
def world() -> World:
    return World()
