"""The site as it is shipped, in processes of its own, with an election of the test's database."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from iocop.members import services as members
from tests.bench.servers import ROOT, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iocop.core.settings import Settings
    from iocop.members.models import Member

PATIENCE = 90.0
"""Seconds a start may take on a busy machine."""
BYTES = {"Content-Type": "application/octet-stream"}


class Answer(NamedTuple):
    """What the site said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Line:
    """One kept connection to the site, which is opened anew when it breaks; of one thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask once.

        Raises:
            OSError, http.client.HTTPException: no answer; whether it was heard is not known.
        """
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def insist(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask until there is an answer that settles it, as the booth does, but without its patience."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.ask(method, path, body, **headers)
            except (OSError, http.client.HTTPException):
                answer = Answer(0, {}, b"")
            if answer.status not in {0, 429, 500, 502, 503, 504}:
                return answer
            if time.monotonic() > end:
                raise TimeoutError(f"{method} {path}: {answer.status} {answer.body[:200]!r}")
            time.sleep(0.05)

    def cast(self, election_id: int, wire: bytes) -> Answer:
        return self.insist("POST", f"/elections/{election_id}/ballots", wire, **BYTES)


class Served:
    """A running gunicorn."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def line(self) -> Line:
        return Line(self.port)

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        found = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(one) for one in found.split()]

    def kill_a_worker(self) -> None:
        """End one web worker as a power cut would; the others go on, and it is replaced."""
        workers = self.workers()
        if workers:
            os.kill(workers[0], signal.SIGKILL)


@contextmanager
def served(app: Flask, folder: Path, *options: str, **environment: str) -> Iterator[Served]:
    """Serve the test's own database by two web workers of the shipped settings until the body ends.

    Args:
        folder: for what gunicorn says, in `gunicorn.log`.
        options: of gunicorn, as an operator would add them.
    """
    settings: Settings = app.extensions["settings"]
    port = free_port()
    told = {
        "IOCOP_DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database, "IOCOP_WORKERS": "2",
        "IOCOP_BIND": f"127.0.0.1:{port}", "IOCOP_BASE_URL": settings.base_url, "IOCOP_LOG_LEVEL": "INFO",
        "IOCOP_BALLOT_BOX_URL": settings.ballot_box_url,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *options, "app:app"]
    log = folder / "gunicorn.log"
    with (
        log.open("ab") as said,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | told | environment, stdout=said, stderr=said
        ) as process,
    ):
        try:
            site = Served(process, port, log)
            first = site.line()
            first.insist("GET", "/healthz")
            first.close()
            yield site
        finally:
            process.send_signal(signal.SIGTERM)  # to this process alone; it ends its own


def await_answer(line: Line, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server that was just begun answers."""
    end = time.monotonic() + PATIENCE
    answered = False
    while not answered:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)
        with suppress(OSError, http.client.HTTPException):
            answered = line.ask("GET", "/healthz").status == 200
    line.close()


def cookie_of(app: Flask, member: Member) -> str:
    """Return the cookie of a session of the member, as the sign-in page would give it."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    session = {"_user_id": members.open_session(member.id, device="tests")}
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(session)}"
