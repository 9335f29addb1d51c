"""A second process that reads part of a large dump while the importing one reads the rest.

As a script: `python -P beside.py FOLDER SCRATCH PIPE` fills a scratch database and says on the pipe, in JSON, how many
bytes it has read since, what it found in each file, or what was broken.
"""

from __future__ import annotations

import gc
import json
import signal
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from iocop.imports.stackexchange.filling import Filled
    from iocop.imports.stackexchange.records import Record
    from iocop.imports.stackexchange.rows import Progress


class Beside:
    """The process seen from the importing one: a context manager, at whose end it is gone.

    Args:
        path: of the scratch database it fills.
        progress: called with the bytes it has read.
    """

    def __init__(self, folder: Path, path: Path, progress: Progress) -> None:
        self._progress = progress
        self._found: list[list[Any]] = []
        self._answers, theirs = Pipe(duplex=False)
        command = [sys.executable, "-P", __file__, str(folder), str(path), str(theirs.fileno())]
        self._process = subprocess.Popen(  # noqa: S603  (our own file)
            command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
        )
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._process.kill()
        self._process.wait()
        self._answers.close()

    def pass_on(self) -> None:
        """Tell of the progress it has made meanwhile."""
        while not self._is_done() and self._answers.poll():
            self._take()

    def found(self) -> dict[type[Record], Filled]:
        """Wait for its end.

        Raises:
            BrokenDump: in one of its files.
            RuntimeError: it was killed.
        """
        from iocop.imports.stackexchange.filling import BESIDE, Filled

        while not self._is_done():
            self._take()
        return {record: Filled(*found) for record, found in zip(BESIDE, self._found, strict=True)}

    def _is_done(self) -> bool:
        from iocop.imports.stackexchange.filling import BESIDE

        return len(self._found) == len(BESIDE)

    def _take(self) -> None:
        from iocop.imports.stackexchange.rows import BrokenDump
        from iocop.imports.words import Phrase

        try:
            what, told = json.loads(self._answers.recv_bytes())
        except EOFError:
            raise RuntimeError("the process that reads beside this one was ended") from None
        if what == "read":
            self._progress(told)
        elif what == "found":
            self._found.append(told)
        else:
            file, line, words, values = told
            raise BrokenDump(file, line, Phrase(words, tuple(map(tuple, values))))


def _read(folder: Path, path: Path, answers: Connection[Any, Any]) -> None:
    from iocop.imports.stackexchange.filling import BESIDE, fill, open_scratch
    from iocop.imports.stackexchange.reader import Dump
    from iocop.imports.stackexchange.rows import BrokenDump

    def tell(what: str, told: Any) -> None:
        answers.send_bytes(json.dumps([what, told]).encode())

    base = open_scratch(path)
    try:
        for record in BESIDE:
            tell("found", fill(base, Dump(folder), record, lambda size: tell("read", size)))
    except BrokenDump as broken:
        tell("broken", [broken.file, broken.line, *broken.reason])
    base.close()


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the importing process
    gc.disable()  # rows pass by and hold nothing
    site = ModuleType("iocop")  # a stand-in that spares the process Flask
    site.__path__ = [str(Path(__file__).parents[2])]
    sys.modules["iocop"] = site
    try:
        _read(Path(sys.argv[1]), Path(sys.argv[2]), Connection(int(sys.argv[3]), readable=False))
    except OSError:
        return  # the importing process has gone


if __name__ == "__main__":
    main()
