"""Events and a listener for tests of the outbox, and what a process that is killed does with them."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from iocop.core.db import act, db
from iocop.core.events import Event, after, emit
from iocop.core.models import SiteSetting

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class BellRang(Event):
    bell_id: int


@dataclass(frozen=True)
class BellFell(Event):
    bell_ids: tuple[int, ...]


def hear(happened: BellRang) -> None:
    """Write down what was heard; idempotent, as every listener."""
    with act() as session:
        session.merge(SiteSetting(key=f"heard {happened.bell_id}", value=1))


def killed(_: BellRang) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


killed.__qualname__ = hear.__qualname__  # the same listener to the outbox


def heard() -> list[str]:
    rows = db.session.scalars(select(SiteSetting.key).where(SiteSetting.key.like("heard %")))
    return sorted(key.removeprefix("heard ") for key in rows)


def run(job: str, folder: Path, url: str) -> None:
    """Be a process of a site that enrols, delivers, or rings a bell and is killed: at once, or while it tells."""
    from iocop import create_app
    from iocop.core import outbox
    from iocop.core.settings import Settings

    app = create_app(Settings(data_dir=folder, database_url=url, log_level="CRITICAL"))
    after(BellRang)(hear)
    with app.app_context():
        if job == "enrol":
            outbox.enrol_listeners()
        elif job == "deliver":
            outbox.release_all()
            outbox.deliver_all()
        else:
            with act():
                emit(BellRang(None, bell_id=1))
            if job == "die telling":
                after(BellRang)(killed)
                outbox.deliver_all()
            os.kill(os.getpid(), signal.SIGKILL)
