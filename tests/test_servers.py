"""The private servers start, lend clean databases and leave nothing behind."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import redis
from sqlalchemy import create_engine, text

from tests.servers import PostgresServer, RedisServer, ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with PostgresServer() as server:
        yield server


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        rows = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return rows


@pytest.mark.postgresql
def test_each_database_is_a_migrated_copy_of_its_own(postgres: PostgresServer) -> None:
    migrated: list[str] = []

    def migrate(url: str) -> None:
        migrated.append(url)
        run(url, "CREATE TABLE member (name text)")

    with postgres.fresh_database(migrate) as one, postgres.fresh_database(migrate) as two:
        run(one, "INSERT INTO member VALUES ('alice')")

        assert run(one, "SELECT name FROM member") == [("alice",)]
        assert run(two, "SELECT name FROM member") == []

    assert len(migrated) == 1
    assert one != two


@pytest.mark.postgresql
def test_a_database_is_dropped_although_a_session_is_open(postgres: PostgresServer) -> None:
    with postgres.fresh_database() as url:
        engine = create_engine(url)
        left_open = engine.connect()

    names = run(postgres.url("postgres"), "SELECT datname FROM pg_database")
    assert (url.rsplit("/", 1)[1],) not in names
    left_open.invalidate()
    engine.dispose()


@pytest.mark.postgresql
def test_postgres_does_not_run_with_roots_rights(postgres: PostgresServer) -> None:
    owner = Path(f"/proc/{postgres.process.pid}").stat().st_uid

    assert owner != 0
    assert owner == postgres.folder.stat().st_uid


def test_redis_answers_and_can_be_emptied() -> None:
    with RedisServer() as server, redis.Redis.from_url(server.url) as client:
        client.set("key", "value")

        assert server.empty() == server.url
        assert client.get("key") is None
        folder = server.folder

    assert server.process.returncode == 0
    assert not folder.exists()


def test_a_server_that_cannot_start_says_why() -> None:
    with RedisServer() as server:
        second = RedisServer()
        second.port = server.port

        with pytest.raises(ServerError, match="Address already in use"), second:
            pass

    assert not second.folder.exists()


def test_a_server_dies_with_tests_that_are_killed() -> None:
    script = (
        "import os; from tests.servers import RedisServer; server = RedisServer().__enter__();"
        "print(server.port, server.folder, flush=True); os.abort()"
    )
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    port, folder = killed.stdout.split()
    shutil.rmtree(folder)

    assert killed.returncode == -signal.SIGABRT
    assert _falls_silent(int(port))


def _falls_silent(port: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.02)
    return False
