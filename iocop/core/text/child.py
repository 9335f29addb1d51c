"""The formatting process: `python -P child.py IN OUT MODULE` answers the requests of one pipe on another, to its end.

A request is `[verb, [text, …]]` in JSON, answered by one message a text: the answer, or null when it failed.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Final

MEMORY_LIMIT: Final = 768 * 2**20  # bytes of address space
LAST_RESORT: Final = 10  # seconds for one text; the parent kills long before, unless it is dead itself


def _working(name: str) -> Any:
    """A module with its own work, without the site around it: a bare stand-in spares it Flask."""
    site = ModuleType("iocop")
    site.__path__ = [str(Path(__file__).parents[2])]
    sys.modules["iocop"] = site
    return import_module(name)


def _answer(working: Any, verb: str, text: str) -> bytes:
    try:
        answer = working.VERBS[verb](text)
    except Exception:  # noqa: BLE001  (whatever a text can provoke; the caller shows the text as typed)
        working.forget_converter()
        answer = None
    return json.dumps(answer).encode()


def serve(asked: Connection[Any, Any], answers: Connection[Any, Any], name: str) -> None:
    working = _working(name)
    answers.send_bytes(b"ready")
    while True:
        verb, texts = json.loads(asked.recv_bytes())
        for text in texts:
            signal.alarm(LAST_RESORT)
            answers.send_bytes(_answer(working, verb, text))
        signal.alarm(0)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the parent
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    try:
        serve(
            Connection(int(sys.argv[1]), writable=False),
            Connection(int(sys.argv[2]), readable=False),
            sys.argv[3],
        )
    except (EOFError, OSError):
        return  # the parent has gone


if __name__ == "__main__":
    main()
