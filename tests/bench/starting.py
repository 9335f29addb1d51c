"""What a start costs: CPU of loading the application and of `create_app`, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.bench.servers import ROOT

TIMES = 5
PROGRAM = (
    "from time import process_time as t; a = t(); from iocop import create_app; create_app(); print(t() - a)"
)


def start() -> float:
    """Return the seconds of CPU of the cheapest of a few starts."""
    command = [sys.executable, "-c", PROGRAM]
    return min(float(subprocess.check_output(command, cwd=ROOT, text=True)) for _ in range(TIMES))
