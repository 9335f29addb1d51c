"""Where the index lies: folders and a file that names the current one, changed by one rename."""

from __future__ import annotations

import fcntl
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from iocop.search.whoosh_engine.schema import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Folder:
    """The folder `search/` of the data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = path / "current"
        self._doubt = path / "doubted"

    def current(self) -> Path | None:
        """Return the folder of the index in use, if it exists and has the schema this code wants."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        fits = name.startswith(f"v{VERSION}-") and "/" not in name
        return self.path / name if fits and (self.path / name).is_dir() else None

    def fresh(self) -> Path:
        """Make an empty folder for an index to be built in, under a name no searcher has ever opened."""
        folder = self.path / f"v{VERSION}-{time.time_ns()}"
        folder.mkdir(parents=True)
        return folder

    def use(self, folder: Path) -> None:
        """Make a folder the one in use and drop every other; who still reads an old one keeps its open files."""
        written = self._pointer.with_suffix(".new")
        written.write_text(folder.name, encoding="ascii")
        written.replace(self._pointer)
        for other in self.path.glob("v*-[0-9]*"):
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def doubt(self) -> None:
        """Have every process open the index anew: this one found it broken, which others may not see for long."""
        with suppress(OSError):
            self._doubt.touch()

    def doubted(self) -> int:
        """Return when somebody last found it broken, in nanoseconds; 0: nobody did."""
        try:
            return self._doubt.stat().st_mtime_ns
        except OSError:
            return 0

    def size(self) -> int:
        """Return the bytes of the index in use."""
        current = self.current()
        return sum(found.stat().st_size for found in current.iterdir() if found.is_file()) if current else 0

    @contextmanager
    def alone(self, name: str, *, wait: bool = False) -> Iterator[bool]:
        """Hold a lock over processes and threads; say whether it was free. A killed process lets go of it."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / f"{name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
