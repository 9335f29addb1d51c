"""Loads the whole site, for the process that `tests.apart` forks."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from iocop import create_app
from iocop.core.settings import Settings

with TemporaryDirectory() as folder:
    create_app(Settings(data_dir=Path(folder), log_level="CRITICAL"))
