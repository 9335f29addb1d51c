"""How much memory the C library keeps that nobody uses, which it reads once, as a program starts."""

from __future__ import annotations

import os
import sys

KEEP_LITTLE = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": str(128 * 1024)}
"""By its own choice each thread of a process gets a heap, which keeps what it once needed, and the more, the larger what
was given back (mallopt(3)): here two heaps, and 128 KB in each."""


def keep_little() -> None:
    """Begin this process anew, under the same number, unless it was started so; what it forks is like it."""
    if not os.environ.keys() & KEEP_LITTLE.keys():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], KEEP_LITTLE | os.environ)  # noqa: S606 -- ourselves
