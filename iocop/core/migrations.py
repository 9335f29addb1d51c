"""Where the database's schema stands, and the way to where the code wants it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from iocop.core.db import db
from iocop.core.outbox import enrol_listeners
from iocop.core.settings import ROOT

FOLDER = ROOT / "migrations"


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(FOLDER)))
    return made


def head() -> str:
    """Return the newest revision the code knows."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def stands_at() -> str | None:
    """Return the database's revision; None for an empty one."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(revision: str = "head") -> None:
    """Bring the database to a revision; one killed half-way is completed by the next call."""
    command.upgrade(config(), revision)
    if revision == "head":
        enrol_listeners()


def downgrade(revision: str) -> None:
    command.downgrade(config(), revision)
