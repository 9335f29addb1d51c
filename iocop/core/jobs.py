"""Periodic and long jobs with Huey: SQLite storage embedded, Redis storage when the site grows.

A job killed half-way is not run again by the library, so every job here can be started anew from the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iocop.core.sparing import without

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask import Flask
    from huey.api import Huey

    from iocop.core.settings import Settings


@dataclass(frozen=True)
class Periodic:
    """Work that is due at certain minutes; *hour* and *minute* as in crontab(5), in UTC."""

    name: str
    work: Callable[[], object]
    minute: str
    hour: str


_periodic: dict[str, Periodic] = {}


def periodic(minute: str = "*", hour: str = "*") -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Have the worker run the decorated function at these times, inside an application context."""

    def register(work: Callable[[], object]) -> Callable[[], object]:
        name = f"{work.__module__}.{work.__qualname__}"
        _periodic[name] = Periodic(name, work, minute, hour)
        return work

    return register


def periodic_jobs() -> dict[str, Periodic]:
    return _periodic


def make_queue(settings: Settings) -> Huey:
    """Return the queue of long jobs, on Redis where an address is set."""
    from huey import RedisHuey, SqliteHuey  # web workers never load the library

    if settings.redis_url:
        return RedisHuey("iocop", url=settings.redis_url)
    return SqliteHuey("iocop", filename=str(settings.folder("jobs") / "jobs.db"))


def without_clients(settings: Settings) -> AbstractContextManager[None]:
    """Have the library, if it is loaded in the body, leave out the databases' clients this site does without: 17 MB."""
    return without("psycopg", *([] if settings.redis_url else ["redis"]))


def bind(app: Flask, queue: Huey) -> None:
    """Give the queue every periodic job; called by the worker, which alone runs them."""
    from huey import crontab

    for job in _periodic.values():

        def run(job: Periodic = job) -> None:
            with app.app_context():
                job.work()

        queue.periodic_task(crontab(minute=job.minute, hour=job.hour), name=job.name)(run)
