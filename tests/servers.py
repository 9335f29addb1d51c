"""Private PostgreSQL and Redis servers: on loopback, in a temporary folder, gone with the tests.

Only Debian's packages are needed; a server that already runs on the machine is not touched.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

import psycopg
import redis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PATIENCE = 30  # seconds a server gets to answer, and to stop


class ServerError(RuntimeError):
    """A server's program is missing, or the server did not start; the message says which and why."""


class _Server:
    """One server process in a folder of its own; a context manager that stops it by its process id."""

    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    user: ClassVar[str | None] = None  # whom root steps down to, for servers that refuse to run as root

    def __init__(self) -> None:
        self.port = _free_port()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="iocop-server-"))
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self.folder)

    def _start(self) -> None:
        if user := self._lesser_user:
            shutil.chown(self.folder, user, user)
        self.prepare()
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                self._as_user(self.command()), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            self._await_answer()
        except BaseException:
            self._stop()
            raise

    def _await_answer(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise ServerError((self.folder / "log").read_text(errors="replace"))
            time.sleep(0.02)

    def _stop(self) -> None:
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def _lesser_user(self) -> str | None:
        return self.user if os.geteuid() == 0 else None

    def _as_user(self, command: Sequence[str | Path]) -> list[str | Path]:
        """Make *command* end with us even if we are killed, and leave root's rights behind where it must."""
        wrapper = [
            _program("setpriv", "util-linux"),
            "--pdeathsig",
            self.stop_signal.name.removeprefix("SIG"),
        ]
        if user := self._lesser_user:
            wrapper += [f"--reuid={user}", f"--regid={user}", "--init-groups"]
        return [*wrapper, *command]

    def prepare(self) -> None:
        """Make what the server needs before its first start."""

    def command(self) -> Sequence[str | Path]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError


class PostgresServer(_Server):
    """The newest PostgreSQL of the machine, quick and careless about power cuts.

    `with PostgresServer() as server, server.fresh_database(migrate) as url: ...`
    """

    stop_signal = signal.SIGINT  # "fast": does not wait for open sessions
    user = "postgres"

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count(1)
        self._templates: dict[Callable[[str], object], str] = {}

    def prepare(self) -> None:
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        command = self._as_user([_postgres_bin() / "initdb", "--pgdata", self.folder / "data", *options])
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def command(self) -> Sequence[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "100",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [_postgres_bin() / "postgres", "-D", self.folder / "data", "-p", str(self.port), *options]

    def answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """Return the SQLAlchemy address of one database, over loopback."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def fresh_database(self, migrate: Callable[[str], object] | None = None) -> Iterator[str]:
        """Lend the address of a new database, dropped at the end even if sessions are left open.

        *migrate* gets an address and fills that database; it runs once a server, later databases are copies,
        so it must leave no session open.
        """
        template = "template1" if migrate is None else self._template(migrate)
        name = self._create(template)
        try:
            yield self.url(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self, migrate: Callable[[str], object]) -> str:
        if migrate not in self._templates:
            name = self._create("template1")
            migrate(self.url(name))
            self._templates[migrate] = name
        return self._templates[migrate]

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _execute(self, statement: str) -> None:
        address = {"host": str(self.folder), "port": self.port, "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**address, autocommit=True) as connection:  # type: ignore[arg-type]
            connection.execute(statement.encode())


class RedisServer(_Server):
    """A Redis that keeps nothing on disk."""

    def command(self) -> Sequence[str | Path]:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        return [_program("redis-server", "redis-server"), *options, "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return bool(
                    client.info("server")["process_id"] == self.process.pid
                )  # not another's on this port
        except redis.ConnectionError:
            return False

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def empty(self) -> str:
        """Forget everything; return the address."""
        with redis.Redis(port=self.port) as client:
            client.flushall()
        return self.url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ServerError(f"{name} is missing; Debian has it in the package {package}")
    return found


def _postgres_bin() -> Path:
    """Return the folder of the newest PostgreSQL's programs; Debian keeps them off the path."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3])
    )
    return versions[-1].parent if versions else Path(_program("initdb", "postgresql")).parent
