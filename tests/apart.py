"""What runs in a process of its own, to be killed there: forked off one that has loaded the site, so quickly begun."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_forking = get_context("forkserver")
_forking.set_forkserver_preload(["tests.loaded"])


class Apart:
    """A running process; a context manager that kills it."""

    def __init__(
        self,
        work: Callable[..., object],
        *given: Any,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        """Begin *work*, a function of a module, with what it is given; *log* gets what it says."""
        variables = dict(os.environ | (environment or {}))
        self._process = _forking.Process(target=_run, args=(work, given, variables, log and str(log)))
        self._process.start()

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.wait()

    def poll(self) -> int | None:
        """Return what it ended with, as `wait`; None while it runs."""
        return self._process.exitcode

    def wait(self, patience: float = 60.0) -> int:
        """Return what it ended with, negative for a signal; wait so many seconds at most."""
        self._process.join(patience)
        code = self._process.exitcode
        assert code is not None, f"it still runs after {patience} s"
        return code

    def kill(self) -> None:
        self._process.kill()

    def stop(self) -> None:
        """Ask it to end, as an operator does."""
        self._process.terminate()


def command(*words: str, changed: Iterable[tuple[str, str, Any]] = ()) -> None:
    """Do what `iocop` does with these words, with some names of modules changed."""
    from iocop.core.cli import main

    for module, name, value in changed:
        setattr(import_module(module), name, value)
    main(list(words))


def _run(
    work: Callable[..., object], given: tuple[Any, ...], variables: dict[str, str], log: str | None
) -> None:
    os.environ.clear()
    os.environ.update(variables)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with ExitStack() as open_files:
        if log is not None:
            said = open_files.enter_context(open(log, "wb"))  # noqa: PTH123
            for number in (1, 2):
                os.dup2(said.fileno(), number)
        work(*given)
        sys.stdout.flush()
