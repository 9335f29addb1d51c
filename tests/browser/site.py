"""The demo community, filled once and served as a newcomer's first command would: gunicorn and one worker."""

from __future__ import annotations

import email
import email.policy
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "iocop.core.cli"]
PATIENCE = 40.0
"""Seconds a start, a stop or a mail may take on a busy machine."""


class SiteError(RuntimeError):
    """The site did not start, or a mail did not come; the message says what was there instead."""


@dataclass(frozen=True)
class Site:
    """A running site; *address* has no slash at its end, *folder* is its data folder."""

    address: str
    folder: Path

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the site's database, past the site."""
        with closing(sqlite3.connect(f"file:{self.folder / 'iocop.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(statement, values).fetchall()

    def value(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row, which must be there."""
        return self.rows(statement, *values)[0][0]

    def link_mailed_to(self, recipient: str) -> str:
        """Return the first address of this site in the newest mail to somebody; waits until one came."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for letter in self._letters():
                if recipient in str(letter["To"]):
                    return _first_link(letter, self.address)
            time.sleep(0.1)
        raise SiteError(f"no mail to {recipient}")

    def _letters(self) -> Iterator[EmailMessage]:
        for path in sorted((self.folder / "mail").glob("*.eml"), reverse=True):
            yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


@contextmanager
def demo_site(folder: Path) -> Iterator[Site]:
    """Fill the demo community into an empty folder and serve it until the body ends."""
    port = _free_port()
    site = Site(f"http://127.0.0.1:{port}", folder)
    own = {
        "IOCOP_DEMO": "1", "IOCOP_DATA_DIR": str(folder), "IOCOP_BIND": f"127.0.0.1:{port}",
        "IOCOP_BASE_URL": site.address, "IOCOP_LOG_LEVEL": "ERROR", "DATABASE_URL": "",
    }  # fmt: skip
    environment = os.environ | own
    subprocess.run([*COMMAND, "demo"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    with subprocess.Popen([*COMMAND, "serve"], cwd=ROOT, env=environment) as process:
        try:
            _await_answer(f"{site.address}/healthz", process)
            yield site
        finally:
            process.send_signal(signal.SIGTERM)  # to this process alone; it ends its own


def _await_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise SiteError(f"{address} does not answer") from error
            time.sleep(0.1)
        else:
            return


def _first_link(letter: EmailMessage, address: str) -> str:
    part = letter.get_body(("plain",))
    text = str(part.get_content()) if part else ""
    found = re.search(rf"{re.escape(address)}/\S+", text)
    if found is None:
        raise SiteError(f"no link in {text!r}")
    return found[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
