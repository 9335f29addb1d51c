"""What searching adds to a process's memory: `python -m tests.bench.search.memory INDEX QUERIES`, in a fresh one."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from iocop.search import facets, folding
from iocop.search.plan import Bounds
from iocop.search.planning import plan_of
from iocop.search.query import parse
from tests.bench.search.corpus import MASK

BAR = 50


def main() -> None:
    before = _resident()
    from iocop.search.whoosh_engine.engine import WhooshEngine

    engine = WhooshEngine(Path(sys.argv[1]))
    languages = engine.languages()
    for text in json.loads(Path(sys.argv[2]).read_text()):
        matches = engine.search(plan_of(parse(text), Bounds(), languages), MASK)
        facets.count(matches, folding.fold(matches, "post"))
    used = _resident() - before
    print(f"{used:.0f} MB more in a process that searches (bar {BAR})")  # noqa: T201


def _resident() -> float:
    """Return the resident memory of this process, in MB."""
    found = re.search(r"^VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
