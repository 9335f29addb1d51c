"""Backup of a live site into a folder, and restore from one: database, attachments, ballots, and what proves them whole.

The search index is not in it: it is built anew from the database. Keys are not in it either, so that a stolen backup does
not open what they seal: they are kept apart, and a backup names each with a fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy.engine import make_url

from iocop.core import clock
from iocop.core.db import db

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from iocop.core.settings import Settings

DATABASE = "database"
ATTACHMENTS = "attachments"
MANIFEST = "manifest.json"
BALLOTS = "ballots"
"""The folder of sealed ballots, a database an election; in a cluster of their own they are its operator's to back up."""
KEYS = "keys"
"""The folder of keys that features made, which a backup leaves out."""


class BackupError(RuntimeError):
    """A backup or a restore that cannot be: the message says why and the mend."""


def backup(folder: Path) -> int:
    """Copy the site into an empty folder while members go on writing; return how many files were copied.

    The database is one consistent state; attachments are copied after it, so every one it names is there (files are
    written before the row that names them, and never changed), and ballots too: a box ahead of the board is caught
    up with.

    Raises:
        BackupError: the folder holds something, or the database's own tool failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty: name a new folder for each backup")
    url = make_url(_settings().database)
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), folder / DATABASE)
    else:
        _run(["pg_dump", "--format=custom", f"--file={folder / DATABASE}", _libpq(url)])
    attachments = _settings().folder(ATTACHMENTS)
    if not _settings().storage_url:
        shutil.copytree(attachments, folder / ATTACHMENTS, copy_function=_copy_what_stands)
    _copy_ballots(_settings().folder(BALLOTS), folder / BALLOTS)
    manifest = {
        "made": clock.now().isoformat(),
        "revision": _revision(),
        "backend": url.get_backend_name(),
        "keys": key_fingerprints(),
        "files": {str(path.relative_to(folder)): _sha256(path) for path in _files(folder)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return len(manifest["files"])  # type: ignore[arg-type]


def key_fingerprints() -> dict[str, str]:
    """Return the fingerprints of this site's keys by file: what has to be kept elsewhere than a backup."""
    folder = _settings().folder(KEYS)
    return {f"{KEYS}/{path.name}": _sha256(path) for path in _files(folder)}


def missing_keys(folder: Path) -> list[str]:
    """Return the keys a backup names that this site has not, or has another of."""
    here = key_fingerprints()
    named: dict[str, str] = verify(folder).get("keys", {})  # type: ignore[assignment]
    return [name for name, fingerprint in named.items() if here.get(name) != fingerprint]


def _revision() -> str | None:
    from iocop.core.migrations import stands_at  # alembic, only when somebody asks

    return stands_at()


def verify(folder: Path) -> dict[str, object]:
    """Return a backup's manifest after every file was found to be as it was written.

    Raises:
        BackupError: no manifest, or a file is missing or was changed.
    """
    try:
        manifest: dict[str, object] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} holds no whole backup: {MANIFEST} cannot be read") from error
    found = {str(path.relative_to(folder)): _sha256(path) for path in _files(folder)}
    wrong = sorted(set(dict(manifest["files"]).items()) ^ set(found.items()))  # type: ignore[call-overload]
    if wrong:
        raise BackupError(
            f"{len({name for name, _ in wrong})} files are missing or changed, such as {wrong[0][0]}"
        )
    return manifest


def restore(folder: Path) -> None:
    """Put a backup in place of an empty site; start it afterwards, and rebuild the search index.

    Raises:
        BackupError: the backup is not whole, is of another database, or the site holds members already.
    """
    manifest = verify(folder)
    url = make_url(_settings().database)
    if manifest["backend"] != url.get_backend_name():
        raise BackupError(
            f"the backup is of {manifest['backend']}, DATABASE_URL names {url.get_backend_name()}"
        )
    if _revision() is not None:
        raise BackupError("the database is not empty: restore into a new one, then switch DATABASE_URL to it")
    db.engine.dispose()
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(folder / DATABASE, Path(url.database or ""))
    else:
        _run(
            ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_libpq(url)}", str(folder / DATABASE)]
        )
    if (folder / ATTACHMENTS).is_dir():
        shutil.copytree(folder / ATTACHMENTS, _settings().folder(ATTACHMENTS), dirs_exist_ok=True)
    if (folder / BALLOTS).is_dir():
        _copy_ballots(folder / BALLOTS, _settings().folder(BALLOTS))


def _copy_what_stands(source: str, target: str) -> None:
    """Copy a file, unless it was removed since its folder was looked into."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def _copy_ballots(source: Path, target: Path) -> None:
    """Copy each election's box page by page, so that the copy tells as little of the order as the box."""
    for box in sorted(source.glob("*.sqlite")):
        target.mkdir(exist_ok=True, mode=0o700)
        _copy_sqlite(box, target / box.name)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)  # in one step: what is written between two would begin it anew, again and again
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError(f"{source} is damaged: PRAGMA integrity_check does not say ok")


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- no shell, our own words
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is not installed: install PostgreSQL's client programs") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{command[0]} failed: {error.stderr.strip()[-300:]}") from error


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
