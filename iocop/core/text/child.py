"""The formatting process: `python -P child.py IN OUT MODULE` answers the requests of one pipe on another, to its end.

A request is `[verb, [text, …]]` in JSON, answered by messages `[answer, …]` in the order of the texts, null for one
that failed. Texts that take long are answered one by one, many short ones together.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY_LIMIT: Final = 768 * 2**20  # bytes of address space
LAST_RESORT: Final = 10  # seconds for one message; the parent kills long before, unless it is dead itself
SOON: Final = 0.05  # seconds that an answer may wait for others


def _working(name: str) -> Any:
    """A module with its own work, without the site around it: a bare stand-in spares it Flask."""
    site = ModuleType("iocop")
    site.__path__ = [str(Path(__file__).parents[2])]
    sys.modules["iocop"] = site
    return import_module(name)


def _answer(working: Any, verb: str, text: str) -> Any:
    try:
        return working.VERBS[verb](text)
    except Exception:  # noqa: BLE001  (whatever a text can provoke; the caller shows the text as typed)
        working.forget_converter()
        return None


def _messages(working: Any, verb: str, texts: list[str]) -> Iterator[list[Any]]:
    ready: list[Any] = []
    begun = time.monotonic()
    for text in texts:
        ready.append(_answer(working, verb, text))
        if time.monotonic() - begun > SOON:
            yield ready
            ready, begun = [], time.monotonic()
    if ready:
        yield ready


def serve(asked: Connection[Any, Any], answers: Connection[Any, Any], name: str) -> None:
    working = _working(name)
    answers.send_bytes(b"ready")
    while True:
        verb, texts = json.loads(asked.recv_bytes())
        signal.alarm(LAST_RESORT)
        for ready in _messages(working, verb, texts):
            answers.send_bytes(json.dumps(ready).encode())
            signal.alarm(LAST_RESORT)
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
