"""`iocop serve`: the worker beside the web workers (that all of it starts and ends is `tests/demo/test_run.py`)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from iocop.core.arbiter import Minded

if TYPE_CHECKING:
    import pytest
    from flask import Flask


def test_a_worker_stops_when_the_process_that_minds_it_is_gone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Minded(app)

    worker.beat()
    minded = not worker.stopping.is_set()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    worker.beat()

    assert minded
    assert worker.stopping.is_set()
