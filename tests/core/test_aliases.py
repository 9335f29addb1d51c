"""A model's other names are whole before threads share them."""

from __future__ import annotations

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import select

from iocop.contributions.models import Contribution
from iocop.core.db import alias_of

THREADS = 8
COLUMNS = ("state", "label", "space_id", "root_id", "author_id", "kind", "plain", "created_at")


def test_threads_that_use_an_alias_first_together_all_get_its_columns() -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(40):
            other, ready = alias_of(Contribution), Barrier(THREADS)

            def written(name: str, other: type[Contribution] = other, ready: Barrier = ready) -> str:
                ready.wait()
                return str(select(getattr(other, name)))

            with ThreadPoolExecutor(THREADS) as threads:
                statements = list(threads.map(written, COLUMNS))
            assert [text for text in statements if "contribution AS " not in text] == []
    finally:
        sys.setswitchinterval(usual)


def test_no_module_keeps_an_alias_that_threads_would_fill_together() -> None:
    kept = re.compile(r"^\w[\w, ]* = aliased\(", re.MULTILINE)
    package = Path(__file__).parents[2] / "iocop"

    assert [path.name for path in package.rglob("*.py") if kept.search(path.read_text("utf-8"))] == []
