"""How fast a generated dump is imported: `python -m tests.bench.import_speed [POSTS] [--database URL]`.

Prints posts (questions and answers) a second over the whole command, survey and start of the program included; CPU
seconds of the command and the processes it begins; the most memory all of them held, what they share counted once;
and, apart, how long the index takes to take in what was written.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import click

from iocop import create_app
from iocop.core import clock, migrations, outbox
from iocop.core.db import act, db
from iocop.core.settings import Settings
from iocop.spaces.models import Space
from tests.bench.servers import Server
from tests.imports.generate import write_dump

AIM = 2_000  # posts a second
MOST = 300  # MiB
LOOK = 0.5  # seconds between two looks at the memory


class Measured(NamedTuple):
    wall: float  # seconds
    cpu: float  # seconds
    memory: float  # MiB


@click.command()
@click.argument("posts", default=100_000)
@click.option("--database", default="", help="SQLAlchemy address; by default, SQLite in a folder of its own.")
@click.option("--index/--no-index", default=True, help="Have the worker's part done and timed as well.")
def main(posts: int, database: str, *, index: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_dump(folder / "dump", posts=posts)
        settings = Settings(data_dir=folder / "data", database_url=database, log_level="ERROR")
        settings.data_dir.mkdir()
        app = create_app(settings)
        with app.app_context():
            _found(settings)
            measured = _measured(settings, folder / "dump")
            speed = posts / measured.wall
            click.echo(f"{posts:,} posts in {measured.wall:.1f} s: {speed:,.0f} posts/s (aim {AIM:,})")
            click.echo(f"CPU {measured.cpu:.1f} s, most memory {measured.memory:.0f} MiB (at most {MOST})")
            if index:
                click.echo(f"index lag {_index_lag():.1f} s")
    sys.exit(0 if speed >= AIM and measured.memory <= MOST else 1)


def _found(settings: Settings) -> None:
    migrations.upgrade()
    with act() as session:
        session.add(Space(slug="commons", name="Commons", audience="public", created_at=clock.now()))
    outbox.enrol_listeners()
    db.session.remove()
    db.engine.dispose()


def _measured(settings: Settings, dump: Path) -> Measured:
    environment = os.environ | {"IOCOP_DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database}
    command = [sys.executable, "-m", "iocop.core.cli", "import", "stackexchange", str(dump)]
    begun, most = time.perf_counter(), 0.0
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
        most = max(most, Server(process, 0).memory_mb())
        time.sleep(LOOK)
    process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        raise click.ClickException("the import failed")
    return Measured(time.perf_counter() - begun, ended[2].ru_utime + ended[2].ru_stime, most)


def _index_lag() -> float:
    begun = time.perf_counter()
    while outbox.deliver_all():
        pass
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
