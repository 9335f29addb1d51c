"""A site is backed up while it lives, and restored elsewhere, whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select

from iocop.core import backup
from iocop.core.db import db
from iocop.core.storage import storage
from iocop.members.models import Member
from tests.apart import Apart, command
from tests.factories import make_member
from tests.servers import PostgresServer


def iocop(*words: str, data_dir: Path, url: str) -> str:
    """Run the command line as an operator would, for a site of its own."""
    environment = {"IOCOP_DATA_DIR": str(data_dir), "DATABASE_URL": url}
    log = data_dir.with_suffix(".log")
    with Apart(command, *words, environment=environment, log=log) as process:
        assert process.wait() == 0, log.read_text()
    return log.read_text()


@pytest.fixture
def empty_url(app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if db.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.fresh_database() as url:
        yield url


def test_a_backup_is_restored_elsewhere_with_members_and_attachments(
    app: Flask, tmp_path: Path, empty_url: str
) -> None:
    member = make_member(name="Inês Falcão")
    key = storage().put(b"trend log")
    db.session.rollback()

    count = backup.backup(tmp_path / "copy")
    verified = iocop("verify", str(tmp_path / "copy"), data_dir=tmp_path / "elsewhere", url=empty_url)
    iocop("restore", str(tmp_path / "copy"), data_dir=tmp_path / "elsewhere", url=empty_url)

    assert count >= 2
    assert verified.startswith("Whole: made ")
    assert (tmp_path / "elsewhere" / "attachments" / key).read_bytes() == b"trend log"
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        names = connection.execute(select(Member.name).where(Member.id == member.id)).scalars().all()
    engine.dispose()
    assert names == ["Inês Falcão"]


def test_a_changed_backup_is_refused(app: Flask, tmp_path: Path) -> None:
    backup.backup(tmp_path / "copy")
    (tmp_path / "copy" / backup.DATABASE).write_bytes(b"something else")

    with pytest.raises(backup.BackupError, match="missing or changed, such as database"):
        backup.verify(tmp_path / "copy")


def test_a_backup_never_overwrites(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")

    with pytest.raises(backup.BackupError, match="not empty"):
        backup.backup(tmp_path)
    with pytest.raises(backup.BackupError, match="no whole backup"):
        backup.verify(tmp_path)


def test_a_site_that_stands_is_not_restored_over(app: Flask, tmp_path: Path) -> None:
    backup.backup(tmp_path / "copy")

    with pytest.raises(backup.BackupError, match="not empty: restore into a new one"):
        backup.restore(tmp_path / "copy")
